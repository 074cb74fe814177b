"""The trace page: from a sold serial number to the lots of its components and back, over all levels."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from assembly.models import AssemblyDocument
from inventory import tracing
from inventory.models import Item
from sales.models import SalesDocument
from sales.services.undo import undo_shipment
from tests.factories import make_item, make_kit, make_stock_kit
from tests.posting import post_assembly, ship, stock
from tests.support import assemble, assembly_of, change, component, customise, d, line_of, plan, sell
from tests.support_pages import statements_of


def number(quantity: str | int, **given: str) -> dict[str, Any]:
    return {**given, "quantity": d(quantity)}


@pytest.fixture
def tracked(house: Any) -> None:
    """RAW by lot goes into SUB by lot, to stock; SUB goes into TOP by serial number, to order."""
    raw = make_item("RAW", item_tracking="lot")
    sub = make_stock_kit("SUB", item_tracking="lot", bom=[{"item": raw, "quantity_per": 2}])
    make_kit("TOP", item_tracking="serial", unit_price=d(100), bom=[{"item": sub, "quantity_per": 1}])


def sub_assembled(lot: str, raw_lot: str, quantity: int = 5) -> AssemblyDocument:
    """Put SUB of this lot together, of this lot of RAW."""
    order = assemble(Item.objects.get(no="SUB"), quantity)
    plan(order, tracking=[number(quantity, lot_no=lot)])
    customise(component(order, "RAW"), tracking=[number(2 * quantity, lot_no=raw_lot)])
    post_assembly(order)
    return order


def top_sold(serial: str, sub_lot: str) -> SalesDocument:
    """Sell one TOP with this serial number, made of this lot of SUB."""
    order = sell({"no": "TOP", "quantity": 1})
    line = change(line_of(order), tracking=[number(1, serial_no=serial)])
    customise(component(assembly_of(line), "SUB"), tracking=[number(1, lot_no=sub_lot)])
    ship(order)
    return order


@pytest.fixture
def sold(tracked: None) -> SalesDocument:
    stock("RAW", 10, 1, lot_no="R1")
    sub_assembled("S1", "R1")
    return top_sold("T1", "S1")


def told(steps: Any) -> list[tuple[int, str, str, str]]:
    return [(step.depth, step.entry.entry_type, step.entry.item_id, step.entry.document_no) for step in steps]


def test_sold_serial_leads_to_the_lots_of_its_components(sold: SalesDocument) -> None:
    found = tracing.trace("T1")

    assert found is not None
    assert told(found.origins) == [
        (0, "assembly_output", "TOP", "PA-000002"),
        (1, "assembly_consumption", "SUB", "PA-000002"),
        (2, "assembly_output", "SUB", "PA-000001"),
        (3, "assembly_consumption", "RAW", "PA-000001"),
        (4, "positive_adjustment", "RAW", ""),
    ]
    assert told(found.uses) == [(0, "assembly_output", "TOP", "PA-000002"), (1, "sale", "TOP", "SS-000001")]


def test_lot_leads_to_the_customer_who_has_it(sold: SalesDocument) -> None:
    found = tracing.trace("R1", item_no="RAW")

    assert found is not None
    assert told(found.uses)[-1] == (5, "sale", "TOP", "SS-000001")
    assert found.uses[-1].party.startswith("CUST")
    assert told(found.origins) == [(0, "positive_adjustment", "RAW", "")]


def test_what_was_undone_is_told_so(sold: SalesDocument) -> None:
    undo_shipment(no="SS-000001")

    found = tracing.trace("R1")

    assert found is not None
    undone = [step for step in found.uses if step.entry.item_id == "SUB" and hasattr(step.entry, "reversed_by")]
    assert [step.entry.document_no for step in undone] == ["PA-000002"]
    assert not any(step.entry.entry_type == "sale" for step in found.uses)


def test_unknown_number_is_none(tracked: None) -> None:
    assert tracing.trace("NONE") is None
    assert tracing.similar_numbers("NONE") == []


def test_long_way_is_cut_and_says_so(sold: SalesDocument, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tracing, "MOST_STEPS", 3)

    found = tracing.trace("T1")

    assert found is not None
    assert found.is_cut
    assert len(found.origins) == 3


# --- The page


def test_page_shows_both_ways(clerk: Client, sold: SalesDocument) -> None:
    page = clerk.get("/inventory/trace/?number=T1").content.decode()

    origins, _, uses = page.partition("Where it went")
    assert "?number=R1&amp;item=RAW" in origins
    assert 'href="/assembly/posted/PA-000001/"' in origins
    assert 'href="/sales/shipments/SS-000001/"' in uses
    assert "CUST" in uses


def test_page_offers_what_is_similar(clerk: Client, sold: SalesDocument) -> None:
    page = clerk.get("/inventory/trace/?number=T").content.decode()

    assert "has ever moved" in page
    assert "?number=T1&amp;item=TOP" in page


@pytest.mark.parametrize("query", ["", "?number=", "?number=%00", "?number=%25", "?item=RAW"])
def test_page_takes_any_question(clerk: Client, sold: SalesDocument, query: str) -> None:
    assert clerk.get(f"/inventory/trace/{query}").status_code == 200


def test_posted_documents_lead_to_the_trace(clerk: Client, sold: SalesDocument) -> None:
    for url in ("/sales/shipments/SS-000001/", "/assembly/posted/PA-000002/"):
        assert "/inventory/trace/?number=T1&amp;item=TOP" in clerk.get(url).content.decode()
    assert "/inventory/trace/?number=S1&amp;item=SUB" in clerk.get("/assembly/posted/PA-000002/").content.decode()


def test_trace_takes_the_same_statements_however_many_entries(clerk: Client, sold: SalesDocument) -> None:
    # Session, person; where it begins, both ways, the entries, the customers.
    assert statements_of(lambda: clerk.get("/inventory/trace/?number=R1")) == 7

    for index in range(2, 6):
        top_sold(f"T{index}", "S1")
    assert statements_of(lambda: clerk.get("/inventory/trace/?number=R1")) == 7
