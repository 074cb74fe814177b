"""Kinds made of other kinds: bounds, and what blank means."""

from __future__ import annotations

from decimal import Decimal

import pytest

from backoffice.exceptions import DomainError, Required
from backoffice.pages import kinds
from backoffice.pages.entries import Field, Sheet


def test_texts_have_a_length() -> None:
    assert kinds.text(3).read("abc ") == "abc"
    with pytest.raises(DomainError, match="At most 3 characters"):
        kinds.text(3).read("abcd")


def test_whole_numbers_have_a_bound() -> None:
    assert kinds.whole(7).read("7") == 7
    assert kinds.whole(7).read("") is None
    with pytest.raises(DomainError, match="At most 7"):
        kinds.whole(7).read("8")


def test_what_blank_means() -> None:
    assert kinds.or_zero(kinds.QUANTITY).read("") == Decimal(0)
    assert kinds.or_zero(kinds.whole(7)).read("") == 0
    with pytest.raises(Required):
        kinds.filled(kinds.DAY).read(" ")


def test_zero_may_be_shown_as_blank() -> None:
    kind = kinds.blank_zero(kinds.QUANTITY)

    assert (kind.show(Decimal(0)), kind.show(Decimal("1.50")), kind.written(Decimal(0))) == ("", "1.5", "")


@pytest.mark.parametrize("typed", ["a\x07b", "x" * 21, "\u202eabc", "e\u0301"])
def test_new_keys_are_strict(typed: str) -> None:
    with pytest.raises(DomainError):
        kinds.KEY.read(typed)


def test_choice_is_one_of_the_choices() -> None:
    sheet = Sheet(Field(name="type", label="Type", kind=kinds.CHOICE, choices=[("a", "A")]))

    assert sheet.new({"type": "a"}) == {"type": "a"}
    with pytest.raises(Exception, match="not among the choices"):
        sheet.new({"type": "b"})


def test_sheet_without_some_fields_ignores_them() -> None:
    sheet = Sheet(Field(name="a", label="A"), Field(name="cost", label="Cost")).without({"cost"})

    assert sheet.new({"a": "1", "cost": "2"}) == {"a": "1"}
