"""What a person typed becomes values, refusals or a conflict."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pytest

from backoffice.exceptions import Invalid, Refusals, Required
from backoffice.pages import kinds
from backoffice.pages.entries import ChangedMeanwhile, Conflict, Entry, Field, Sheet


@dataclass
class Line:
    item_id: str = "KIT-B"
    quantity: Decimal = Decimal("7.00000")
    shipment_date: date | None = date(2026, 12, 3)
    reserve: bool = False
    rev: int = 4


LINE = Sheet(
    Field(name="item", label="Item", kind=kinds.CODE, attr="item_id"),
    Field(name="quantity", label="Quantity", kind=kinds.QUANTITY),
    Field(name="shipment_date", label="Shipment date", kind=kinds.DAY),
    Field(name="reserve", label="Reserve", kind=kinds.FLAG),
)


def test_texts_are_those_of_the_controls() -> None:
    assert LINE.texts(Line()) == {
        "item": "KIT-B",
        "quantity": "7",
        "shipment_date": "2026-12-03",
        "reserve": "false",
    }


def test_only_changed_fields_become_values() -> None:
    posted = {"item": "KIT-B", "quantity": "9", "was.quantity": "7", "shipment_date": "", "reserve": "true"}

    changes = LINE.changes(posted, Line())

    assert changes == {"quantity": Decimal(9), "shipment_date": None, "reserve": True}


def test_new_entry_yields_what_was_filled_in() -> None:
    posted = {"item": " KIT-A ", "quantity": "", "shipment_date": "", "reserve": "false"}

    assert LINE.new(posted) == {"item": "KIT-A"}


def test_field_that_somebody_else_changed_is_a_conflict() -> None:
    with pytest.raises(ChangedMeanwhile):
        LINE.changes({"quantity": "9", "was.quantity": "5"}, Line())


def test_another_field_than_the_one_changed_meanwhile_is_taken() -> None:
    assert LINE.changes({"reserve": "true", "was.reserve": "false"}, Line(rev=9)) == {"reserve": True}


def test_both_typing_the_same_is_no_conflict() -> None:
    assert LINE.changes({"quantity": "7", "was.quantity": "5"}, Line()) == {}


def test_page_without_scripts_goes_by_the_revision() -> None:
    with pytest.raises(ChangedMeanwhile):
        LINE.changes({"quantity": "9", "rev": "3"}, Line())

    assert LINE.changes({"quantity": "9", "rev": "4"}, Line()) == {"quantity": Decimal(9)}


@pytest.mark.parametrize(
    "typed",
    ["abc", "NaN", "Infinity", "1e30", "1,250", "1.000001", "12345678901234", "\u0664\u0662", "7 8", "--7", "."],
)
def test_malformed_quantity_is_refused(typed: str) -> None:
    with pytest.raises(Refusals) as refused:
        LINE.new({"quantity": typed})

    assert [(error.field, error.code) for error in refused.value.errors] == [("quantity", "invalid")]


def test_all_malformed_fields_are_refused_at_once() -> None:
    with pytest.raises(Refusals) as refused:
        LINE.new({"item": "A\x00B", "quantity": "x", "shipment_date": "2026-13-01", "reserve": "true"})

    assert [error.field for error in refused.value.errors] == ["item", "quantity", "shipment_date"]


@pytest.mark.parametrize("typed", ["03.12.2026", "2026-02-30", "20261203", "2026-W49-4", "tomorrow"])
def test_malformed_date_is_refused(typed: str) -> None:
    with pytest.raises(Refusals):
        LINE.new({"shipment_date": typed})


def test_refused_text_is_shown_again_and_the_saved_one_is_known() -> None:
    refusal = Invalid(field="lines[0].quantity", detail="Too many.")

    entry = Entry(sheet=LINE, key="line-1", row=Line(), posted={"quantity": "99"}, refusals=[refusal])

    assert (entry.text("quantity"), entry.saved("quantity")) == ("99", "7")
    assert entry.refusals_of("quantity") == [refusal]
    assert entry.general_refusals == []


def test_refusal_of_no_field_is_general() -> None:
    refusal = Required(field="customer")

    entry = Entry(sheet=LINE, key="line-1", row=Line(), refusals=[refusal])

    assert entry.general_refusals == [refusal]


def test_conflict_shows_both_sides() -> None:
    refusal = ChangedMeanwhile()
    posted = {"quantity": "9", "was.quantity": "5", "reserve": "true", "was.reserve": "false"}

    entry = Entry(sheet=LINE, key="line-1", row=Line(), posted=posted, refusals=[refusal])

    assert entry.conflicts == [Conflict(label="Quantity", theirs="7", mine="9")]
    assert entry.general_refusals == []
