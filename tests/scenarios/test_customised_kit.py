"""A planner customises a kit and the clerk goes on editing the line: it stays, and scales (TRP-07, TRP-08)."""

from __future__ import annotations

from assembly.services import lines as assembly_lines
from inventory.models import Item
from sales.models import SalesDocumentType
from sales.services.handing_on import call_off, make_order_of_quote
from tests.factories import make_item, make_location, make_substitute
from tests.support import (
    add_component,
    address,
    assembly_of,
    change,
    change_header,
    component,
    customise,
    d,
    day,
    fields,
    line_of,
    recipe,
    refresh_lines,
    release,
    remove_component,
    reopen,
    reserved_for,
    sell,
    sell_kit,
)


def test_a_customised_kit_survives_the_clerk(rich_kit: Item) -> None:
    make_location("BLUE")
    make_substitute(Item.objects.get(no="XA"), make_item("XC", unit_cost=d(4)))
    line = sell_kit(rich_kit, 10)
    kit = assembly_of(line)

    assembly_lines.substitute(**address(kit), line_no=component(kit, "XA").line_no, substitute="XC")
    customise(component(kit, "XC"), quantity_per="2.5", position="P1")
    customise(component(kit, "XB"), quantity_per="0.35")
    remove_component(component(kit, "XR"))
    add_component(kit, no=make_item("XN").no, quantity_per="0.1")
    add_component(kit, type="text", description="Red ribbon")
    custom = [
        ("XC", d("2.5"), 25, 25),
        ("XB", d("0.35"), 4, 4),
        ("XS", d("0.5"), d("0.5"), d("0.5")),
        ("Handle with care", 0, 0, 0),
        ("XN", d("0.1"), 1, 1),
        ("Red ribbon", 0, 0, 0),
    ]
    assert recipe(kit) == custom

    line = change(line, shipment_date=day(20), location="BLUE")
    change_header(line.document, posting_date=day(2), note="Soon")
    release(line.document)
    reopen(line.document)
    assert recipe(kit) == custom

    line = change(line, quantity=12)
    assert [row[:3] for row in recipe(kit)] == [
        ("XC", d("2.5"), 30),
        ("XB", d("0.35"), 5),
        ("XS", d("0.5"), d("0.5")),
        ("Handle with care", 0, 0),
        ("XN", d("0.1"), d("1.2")),
        ("Red ribbon", 0, 0),
    ]

    line = change(line, unit_of_measure="BOX", quantity=2)
    assert [row[:3] for row in recipe(kit)] == [
        ("XC", 15, 30),
        ("XB", d("2.1"), 5),
        ("XS", d("0.5"), d("0.5")),
        ("Handle with care", 0, 0),
        ("XN", d("0.6"), d("1.2")),
        ("Red ribbon", 0, 0),
    ]

    line = change(line, unit_of_measure="PCS", quantity=10)
    assert recipe(kit) == custom
    assert fields(component(kit, "XC"), "position", "location_id") == ("P1", "BLUE")
    assert reserved_for(line) == 10

    refresh_lines(kit)
    assert [row[0] for row in recipe(kit)] == ["XA", "XB", "XR", "XS", "Handle with care"]


def test_what_a_quote_does_not_ask_for_the_bill_of_materials_does_not_bring_back(kit: Item) -> None:
    """BLK-11: all components taken off a quote stay off; only a blanket order without any takes the BOM (BLK-12)."""
    quote = line_of(sell({"no": "K", "quantity": 10}, document_type=SalesDocumentType.QUOTE))
    blanket = line_of(sell({"no": "K", "quantity": 10}, document_type=SalesDocumentType.BLANKET_ORDER))
    for line in (quote, blanket):
        for no, *_ in recipe(assembly_of(line)):
            remove_component(component(assembly_of(line), no))

    ordered = make_order_of_quote(no=quote.document.no)
    called_off = call_off(no=blanket.document.no, called={10000: d(4)})

    assert recipe(assembly_of(line_of(ordered))) == []
    assert [row[0] for row in recipe(assembly_of(line_of(called_off)))] == ["A", "R"]
