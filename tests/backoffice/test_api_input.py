"""Input that is not exactly right is refused by name and changes nothing."""

from __future__ import annotations

import contextlib
import unicodedata
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rest_framework.exceptions import ValidationError

from backoffice.api import fields
from backoffice.api.parsers import parse_json
from backoffice.api.refusals import MalformedBody
from backoffice.decimals import plain
from tests.backoffice.conftest import Api
from tests.backoffice.example import Paper


@pytest.mark.parametrize(
    "raw",
    [
        b"{",
        b"{'a': 1}",
        b'{"a": 1, "a": 2}',
        b'{"a": NaN}',
        b'{"a": -Infinity}',
        b'{"note": "\\u0000"}',
        b'{"\\u0000": 1}',
        b'{"note": "\\ud800"}',
        b'{"note": "\x00"}',
        b'{"note": "\xff"}',
        '{"note": "x"}'.encode("utf-16"),
        b'\xef\xbb\xbf{"note": "x"}',
        b"[" * 100_000,
        b'{"a":' * 40 + b"1" + b"}" * 40,
        b'{"a": ' + b"9" * 5000 + b"}",
    ],
)
def test_a_malformed_body_is_refused(api: Api, raw: bytes) -> None:
    answer = api.send("POST", "papers/", raw=raw)

    assert (answer.status_code, answer.body["code"]) == (400, "malformed_body")
    assert not Paper.objects.exists()


@pytest.mark.parametrize("raw", [b"[]", b'"x"', b"7", b"null"])
def test_a_body_of_another_shape_is_refused(api: Api, raw: bytes) -> None:
    answer = api.send("POST", "papers/", raw=raw)

    assert (answer.status_code, answer.body["code"] in {"invalid", "required"}) == (400, True)


def test_a_body_that_is_too_long_gets_413(api: Api, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000

    answer = api.post("papers/", {"note": "x" * 1000})

    assert (answer.status_code, answer.body["code"], answer.body["limit"]) == (413, "body_too_large", 1000)


def test_an_empty_body_is_an_empty_object(api: Api) -> None:
    assert api.send("POST", "papers/", raw=b"  ").status_code == 201


@pytest.mark.parametrize("content_type", ["text/plain", "application/xml", "multipart/form-data; boundary=x"])
def test_another_media_type_gets_415(api: Api, content_type: str) -> None:
    answer = api.send("POST", "papers/", raw=b"x", Content_Type=content_type)

    assert (answer.status_code, answer.body["code"]) == (415, "unsupported_media_type")


def test_another_method_gets_405(api: Api) -> None:
    for method in ("PUT", "OPTIONS", "TRACE"):
        answer = api.send(method, "papers/")
        assert (answer.status_code, answer.body["code"]) == (405, "method_not_allowed")


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("no", "", "required"),
        ("no", None, "required"),
        ("no", " P", "invalid"),
        ("no", "P\n", "invalid"),
        ("no", "P\u202e1", "invalid"),
        ("no", "P\u200b1", "invalid"),
        ("no", unicodedata.normalize("NFD", "Ä"), "invalid"),
        ("no", "P" * 21, "invalid"),
        ("no", 7, "invalid"),
        ("no", ["P"], "invalid"),
        ("note", "x" * 101, "invalid"),
        ("note", "a\x07b", "invalid"),
        ("note", True, "invalid"),
        ("due_date", "2031-2-3", "invalid"),
        ("due_date", "2031-02-30", "invalid"),
        ("due_date", "0001-01-01", "invalid"),
        ("due_date", "٢٠٣١-٠٣-٠٤", "invalid"),
        ("due_date", "2031-03-04T00:00:00", "invalid"),
        ("due_date", 20310304, "invalid"),
        ("lines", {}, "invalid"),
        ("lines", None, "required"),
        ("lines", [1], "invalid"),
    ],
)
def test_a_faulty_member_is_refused(api: Api, name: str, value: Any, code: str) -> None:
    answer = api.post("papers/", {name: value})

    assert (answer.status_code, answer.body["code"]) == (400, code)
    assert answer.body["errors"][0]["field"].startswith(name)
    assert not Paper.objects.exists()


BAD_DECIMALS: list[object] = [
    "",
    " 1",
    "1_000",
    "1,5",
    "+1",
    ".5",
    "1.",
    "1e3",
    "NaN",
    "Infinity",
    "-Infinity",
    "٣",
    "0x10",
    "1.123456",
    "12345678901234",
    "1\n",
    None,
    True,
    [],
    {},
    1.5,  # a float never comes out of our parser, and never goes in
    10**13,
    Decimal("1e30"),
    Decimal("1e999999999"),
    Decimal("1e-999999999"),
    Decimal("0.000001"),
    Decimal("NaN"),
    Decimal("Infinity"),
]


@pytest.mark.parametrize("value", BAD_DECIMALS)
def test_what_is_no_decimal_is_refused(value: object) -> None:
    with pytest.raises(ValidationError):
        fields.QuantityField().run_validation(value)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("1", "1"),
        ("-0.00001", "-0.00001"),
        ("9999999999999.99999", "9999999999999.99999"),
        (7, "7"),
        (Decimal("7.50"), "7.5"),
        (Decimal("1e2"), "100"),
        ("007", "7"),
        ("-0", "0"),
        ("10.00", "10"),
    ],
)
def test_a_decimal_is_taken_exactly_and_shown_plainly(value: object, expected: str) -> None:
    field = fields.QuantityField()

    assert field.to_representation(field.run_validation(value)) == expected


def test_an_amount_has_two_decimals() -> None:
    assert fields.AmountField().run_validation("1.25") == Decimal("1.25")
    with pytest.raises(ValidationError):
        fields.AmountField().run_validation("1.255")


def test_bounds_are_told() -> None:
    with pytest.raises(ValidationError, match="smallest value is 0"):
        fields.QuantityField(min_value=0).run_validation("-1")
    with pytest.raises(ValidationError, match="largest value is 100"):
        fields.PercentField(max_value=100).run_validation("100.00001")
    with pytest.raises(ValidationError, match="between 1 and 9"):
        fields.WholeNumberField(min_value=1, max_value=9).run_validation("10")


@pytest.mark.parametrize("value", ["1.0", "٣", "", None, True, 1.0, Decimal(1), "1" * 19, 10**18])
def test_what_is_no_whole_number_is_refused(value: object) -> None:
    with pytest.raises(ValidationError):
        fields.WholeNumberField().run_validation(value)


@pytest.mark.parametrize("value", ["true", 1, 0, "", None])
def test_what_is_no_truth_value_is_refused(value: object) -> None:
    with pytest.raises(ValidationError):
        fields.FlagField().run_validation(value)


@pytest.mark.parametrize("value", [True, 1, "red", ""])
def test_what_is_no_choice_is_refused(value: object) -> None:
    with pytest.raises(ValidationError):
        fields.ChoiceField(choices=["open", "1", "True"]).run_validation(value)


@given(st.decimals(min_value=-(10**13) + 1, max_value=10**13 - 1, places=5))
def test_what_is_shown_is_read_back_as_the_same(value: Decimal) -> None:
    assert fields.QuantityField().run_validation(plain(value)) == value


@given(st.dates(min_value=fields.EARLIEST, max_value=fields.LATEST))
def test_a_date_is_read_back_as_the_same(day: date) -> None:
    field = fields.DateField()

    assert field.run_validation(field.to_representation(day)) == day


@given(st.binary(max_size=200))
def test_no_bytes_break_the_parser(raw: bytes) -> None:
    with contextlib.suppress(MalformedBody):
        parse_json(raw)


def test_numbers_never_become_floats() -> None:
    assert parse_json(b'{"a": [1, 2.50, 1e2]}') == {"a": [1, Decimal("2.50"), Decimal("1E+2")]}
    assert [type(number) for number in parse_json(b"[1, 2.5, 1e2]")] == [int, Decimal, Decimal]
