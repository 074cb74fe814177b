"""Refusals as data, keys as they may look."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from inspect import isclass

import pytest
from django.core.exceptions import ValidationError

from backoffice import codes, exceptions
from backoffice.api import refusals
from backoffice.api.problems import flatten, problem
from backoffice.exceptions import DomainError, Invalid, NotFound, Refusals, raise_all


class Short(DomainError):
    code = "not_enough_inventory"
    template = "{item}: {required} needed, {available} there, by {when} of {where}."


SHORT = Short(
    field="quantity",
    item="KIT",
    required=Decimal("10.50000"),
    available=Decimal("0.00"),
    when=date(2031, 3, 4),
    where=["A", "B"],
)


def test_figures_are_exact_and_plain() -> None:
    assert SHORT.figures == {
        "item": "KIT",
        "required": "10.5",
        "available": "0",
        "when": "2031-03-04",
        "where": ["A", "B"],
    }
    assert SHORT.detail == str(SHORT) == "KIT: 10.5 needed, 0 there, by 2031-03-04 of A, B."


def test_a_refusal_is_told_where_it_stands() -> None:
    moved = SHORT.at("lines[3]")

    assert (moved.field, SHORT.field) == ("lines[3].quantity", "quantity")
    assert moved.params == SHORT.params
    assert Short.at(SHORT, "a").at("b").field == "b.a.quantity"
    assert NotFound(what="Item", key="X").at("lines[0]").field == "lines[0]"


def test_several_refusals_are_raised_together_and_one_alone() -> None:
    raise_all([])
    with pytest.raises(Short):
        raise_all([SHORT])
    with pytest.raises(Refusals) as several:
        raise_all([Invalid(field="no", detail="Bad."), SHORT])
    assert several.value.http_status == 400
    assert str(several.value) == f"Bad.; {SHORT.detail}"


@pytest.mark.parametrize(
    "refusal",
    [one for module in (exceptions, refusals) for one in vars(module).values() if isclass(one)],
)
def test_every_refusal_has_a_code_a_status_and_words(refusal: type[object]) -> None:
    if not issubclass(refusal, DomainError):
        return
    assert refusal.code == refusal.code.lower().replace(" ", "_")
    assert refusal.http_status in {400, 403, 409, 412, 413, 503}
    assert refusal.template.endswith((".", "}"))
    assert refusal.__doc__


def test_a_figure_never_takes_the_place_of_a_standard_member() -> None:
    body = problem(409, "x", "Words.", type="mine", instance="mine", item="KIT")

    assert (body["type"], body["item"]) == ("urn:kitwright:problem:x", "KIT")


def test_errors_are_flattened_to_paths() -> None:
    from rest_framework.exceptions import ErrorDetail

    wrong = [ErrorDetail("Bad.", code="max_length")]
    nest = {"a": wrong, "lines": [{}, {"b": wrong, "non_field_errors": wrong}], "c": {2: {"d": wrong}}}

    assert [path for path, _, _ in flatten(nest)] == ["a", "lines[1].b", "lines[1]", "c[2].d"]
    assert {(code, detail) for _, code, detail in flatten(nest)} == {("invalid", "Bad.")}


@pytest.mark.parametrize("code", ["KIT-01", "A/B", "ä", "50 %", "x" * 20, "日本"])
def test_a_code_may_be_anything_printable(code: str) -> None:
    assert codes.clean_code(code, field="no") == code
    codes.validate_code(code)


@pytest.mark.parametrize(
    "code", ["", " A", "A ", "A\t", "A\x00", "A\u202eB", "A\u2066", "A\u0308", "x" * 21, "\u00a0A"]
)
def test_a_code_that_could_be_mistaken_is_refused(code: str) -> None:
    with pytest.raises(Invalid) as refusal:
        codes.clean_code(code, field="no")
    assert refusal.value.field == "no"
    with pytest.raises(ValidationError):
        codes.validate_code(code)


def test_a_text_holds_no_control_characters() -> None:
    codes.validate_text("two\nlines\tand more " * 20)
    for text in ("\x00", "a\x1bb", "\ud800"):
        with pytest.raises(ValidationError):
            codes.validate_text(text)
