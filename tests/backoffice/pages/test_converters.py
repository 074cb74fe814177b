"""Business keys in addresses."""

from __future__ import annotations

from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backoffice.pages.converters import KeyConverter

KEYS = st.text(st.characters(exclude_categories=["C", "Z"], include_characters=" "), min_size=1)


@given(KEYS)
def test_every_key_comes_back_from_its_segment(key: str) -> None:
    segment = KeyConverter().to_url(key)

    assert "/" not in segment
    assert KeyConverter().to_python(segment) == key


@pytest.mark.parametrize("key", [".", "..", "new", "a/b", "%2F", "50%"])
def test_keys_that_mean_something_else_in_an_address_are_escaped(key: str) -> None:
    segment = KeyConverter().to_url(key)

    assert segment != key
    assert unquote(segment) == key


def test_plain_keys_stand_as_they_are() -> None:
    assert KeyConverter().to_url("KIT-B 1.5") == "KIT-B 1.5"
