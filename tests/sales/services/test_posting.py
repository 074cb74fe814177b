"""Post sales orders: what is refused, and what is left on the order afterwards (section 7.2)."""

from __future__ import annotations

import pytest

from assembly.exceptions import NothingToPost as NothingToAssemble
from inventory.exceptions import NotEnoughInventory
from inventory.models import DefaultQuantityToShip, Item
from sales.exceptions import DocumentClosed, NothingToPost, ShipmentIncomplete
from sales.models import SalesDocument, SalesInvoice, SalesShipment, ShippingAdvice
from sales.services.reserving import reserve_line
from tests.factories import make_item, make_kit, make_location, make_resource
from tests.posting import (
    OUT,
    OUTPUT,
    SALE,
    invoice,
    last_entry,
    moved,
    nothing_posted,
    on_hand,
    ship,
    ship_and_invoice,
    shipment_lines,
    stock,
)
from tests.support import (
    assembly_of,
    change,
    change_header,
    component,
    customise,
    d,
    day,
    fields,
    line_of,
    plan,
    refused,
    reserved_for,
    sell,
    sell_kit,
    settle_setup,
)

pytestmark = pytest.mark.usefixtures("house")


def again(document: SalesDocument) -> SalesDocument:
    """Return the order as it stands now."""
    return SalesDocument.objects.get(pk=document.pk)


# -- what is posted --------------------------------------------------------------------------------------------


def test_lines_are_posted_in_their_order_each_with_all_that_belongs_to_it(kit: Item) -> None:
    part = make_item("P")
    stock("A", 8)
    stock(part, 5)
    order = sell(
        {"no": "K", "quantity": 2, "line_no": 20000},
        {"no": "P", "quantity": 1, "line_no": 30000},
        {"no": "K", "quantity": 1, "line_no": 10000},
    )
    before = last_entry()

    posted = ship(order)

    assert moved(since=before) == [
        (OUT, "A", -2),
        (OUTPUT, "K", 1),
        (SALE, "K", -1),
        (OUT, "A", -4),
        (OUTPUT, "K", 2),
        (SALE, "K", -2),
        (SALE, "P", -1),
    ]
    assert posted.posted_assembly_orders == ["PA-000001", "PA-000002"]
    assert [row.entry.document_no for row in posted.entries][:3] == ["PA-000001", "PA-000001", "SS-000001"]


def test_services_and_resources_are_shipped_without_touching_the_stock() -> None:
    make_item("SRV", type="service")
    make_resource("MAN")
    order = sell({"no": "SRV", "quantity": 2}, {"type": "resource", "no": "MAN", "quantity": 3})

    posted = ship_and_invoice(order)

    assert posted.entries == []
    assert shipment_lines(posted) == [("SRV", 2, 2, 0), ("MAN", 3, 3, 0)]
    assert again(order).status == "closed"


def test_comments_go_with_shipment_and_invoice() -> None:
    stock(make_item("P"), 1)
    order = sell({"type": "comment", "description": "Handle with care"}, {"no": "P", "quantity": 1})

    posted = ship_and_invoice(order)

    assert posted.shipment is not None
    assert posted.invoice is not None
    for document in (posted.shipment, posted.invoice):
        assert [line.description for line in document.lines.order_by("line_no")] == ["Handle with care", "Item P"]


def test_amounts_of_parts_add_up_to_the_amount_of_the_line() -> None:
    stock(make_item("P"), 3)
    order = sell({"no": "P", "quantity": 3, "unit_price": "3.34", "line_discount_percent": "10"})
    line = line_of(order)
    for _ in range(3):
        change(line_of(order), qty_to_ship=1)
        ship_and_invoice(order)

    amounts = [row.lines.get().line_amount for row in SalesInvoice.objects.order_by("no")]
    assert (sum(amounts), amounts) == (line.line_amount, [d("3.01"), d("3.00"), d("3.01")])


def test_the_numbers_have_no_gap_even_where_a_posting_fails(kit: Item) -> None:
    stock("A", 2)
    ship_and_invoice(sell_kit(kit, 1).document)
    with refused(NotEnoughInventory):
        ship_and_invoice(sell_kit(kit, 1).document)
    stock("A", 2)

    posted = ship_and_invoice(sell_kit(kit, 1).document)

    assert posted.shipment is not None
    assert posted.invoice is not None
    assert (posted.shipment.no, posted.invoice.no, posted.posted_assembly_orders) == (
        "SS-000002",
        "SI-000002",
        ["PA-000002"],
    )


# -- afterwards ------------------------------------------------------------------------------------------------


def test_the_next_shipment_is_proposed_anew_also_of_lines_left_out_of_this_one(kit: Item) -> None:
    """PST-27: what was set to nothing for this time is asked for again, and its assembly with it."""
    stock("A", 40)
    order = sell({"no": "K", "quantity": 2}, {"no": "K", "quantity": 5})
    left_out = change(line_of(order, 20000), qty_to_ship=0)
    assert assembly_of(left_out).quantity_to_assemble == 0

    ship(order)

    assert fields(line_of(order, 20000), "qty_to_ship", "qty_to_invoice", "quantity_shipped") == (5, 5, 0)
    assert assembly_of(left_out).quantity_to_assemble == 5
    assert reserved_for(left_out) == 5


def test_an_invoice_alone_proposes_nothing_anew() -> None:
    stock(make_item("P"), 9)
    order = sell({"no": "P", "quantity": 4}, {"no": "P", "quantity": 5})
    change(line_of(order, 20000), qty_to_ship=0)
    change(line_of(order), qty_to_ship=3)
    ship(order)
    change(line_of(order, 20000), qty_to_ship=2)

    invoice(order)

    assert fields(line_of(order, 20000), "qty_to_ship", "quantity_invoiced") == (2, 0)
    assert fields(line_of(order), "quantity_shipped", "quantity_invoiced") == (3, 3)


def test_with_a_blank_default_nothing_is_proposed(kit: Item) -> None:
    """QTY-25: neither to ship nor to assemble."""
    settle_setup(default_quantity_to_ship=DefaultQuantityToShip.BLANK)
    stock("A", 20)
    line = change(sell_kit(kit, 10), qty_to_ship=4)

    ship(line.document)

    assert fields(line_of(line.document), "qty_to_ship", "qty_to_invoice") == (0, 4)
    assert fields(assembly_of(line), "assembled_quantity", "quantity_to_assemble") == (4, 0)


def test_posting_releases_the_order_and_leaves_the_assembly_order_as_it_is(kit: Item) -> None:
    stock("A", 20)
    line = change(sell_kit(kit, 10), qty_to_ship=4)

    ship(line.document)

    assert (again(line.document).status, assembly_of(line).status) == ("released", "open")


def test_what_is_consumed_is_what_the_lines_say(kit: Item) -> None:
    stock("A", 20)
    line = sell_kit(kit, 4)
    customise(component(assembly_of(line), "A"), quantity_to_consume=5)
    customise(component(assembly_of(line), "R"), quantity_to_consume=0)

    ship(line.document)

    assert (on_hand("A"), moved("A")[1:]) == (15, [(OUT, "A", -5)])
    assert fields(component(assembly_of(line), "A"), "consumed_quantity", "quantity_to_consume") == (5, 0)


# -- dates -----------------------------------------------------------------------------------------------------


def test_what_is_made_to_order_takes_the_cost_of_its_lines_as_its_unit_cost() -> None:
    bom = [
        {"item": make_item("P", unit_cost=5), "quantity_per": 2},
        {"resource": make_resource("H", unit_cost=22), "quantity_per": 1},
    ]
    stock("P", 14)
    kit = make_kit("M", unit_cost=50, indirect_cost_percent=10, overhead_rate=1, bom=bom)
    at_standard = make_kit("STD", costing_method="standard", standard_cost=9, unit_cost=9, bom=bom[1:])
    lines = [sell_kit(kit, 7), sell_kit(at_standard, 1)]

    for line in lines:
        ship(line.document)

    made, standard = (assembly_of(line) for line in lines)
    assert (made.unit_cost, made.cost_amount) == (d("36.2"), d("253.4"))
    assert standard.unit_cost == 9


def test_each_assembly_keeps_its_own_earlier_date(kit: Item) -> None:
    """PST-21: not the date of the last one, as in the reference system."""
    stock("A", 20, posting_date=day(-9))
    order = sell({"no": "K", "quantity": 1}, {"no": "K", "quantity": 1}, posting_date=day(0))
    plan(assembly_of(line_of(order)), posting_date=day(-3))

    posted = ship(order)

    dates = [row.entry.posting_date for row in posted.entries]
    assert dates == [day(-3), day(-3), day(0), day(0), day(0), day(0)]


def test_a_posting_date_that_is_given_becomes_the_order_s_and_its_assembly_s(kit: Item) -> None:
    stock("A", 20)
    line = sell_kit(kit, 1)

    posted = ship(line.document, on=day(4))

    assert {row.entry.posting_date for row in posted.entries} == {day(4)}
    assert (again(line.document).posting_date, assembly_of(line).posting_date) == (day(4), day(4))


# -- refusals: nothing moves -----------------------------------------------------------------------------------


def test_nothing_to_post() -> None:
    stock(make_item("P"), 1)
    order = sell({"no": "P", "quantity": 1})

    with refused(NothingToPost):
        invoice(sell({"no": "P", "quantity": 1, "qty_to_invoice": 0}))
    change(line_of(order), qty_to_ship=0)
    with refused(NothingToPost):
        ship(order)
    assert nothing_posted()


def test_a_closed_order_is_not_posted_again() -> None:
    stock(make_item("P"), 9)
    order = sell({"no": "P", "quantity": 1})
    ship_and_invoice(order)

    with refused(DocumentClosed):
        ship(order)


def test_a_missing_component_refuses_the_whole_shipment_with_its_figures(kit: Item) -> None:
    stock(make_item("P"), 5)
    stock("A", 7)
    order = sell({"no": "P", "quantity": 1}, {"no": "K", "quantity": 6})

    with refused(NotEnoughInventory) as caught:
        ship_and_invoice(order)

    assert caught.value.params == {"item": "A", "location": "MAIN", "available": 7, "required": 12}
    assert nothing_posted()


def test_the_shortage_of_several_lines_is_told_as_one(kit: Item) -> None:
    """What both assemblies need of the component stands in the refusal, not what the second one lacks."""
    stock("A", 7)
    order = sell({"no": "K", "quantity": 3}, {"no": "K", "quantity": 2})

    with refused(NotEnoughInventory) as caught:
        ship(order)

    assert (caught.value.params["available"], caught.value.params["required"]) == (7, 10)


def test_the_part_from_stock_has_to_be_there_too(kit: Item) -> None:
    stock("A", 20)
    stock(kit, 2)
    line = sell_kit(kit, 10, qty_to_assemble_to_order=7)

    with refused(NotEnoughInventory) as caught:
        ship(line.document)

    # What comes out of the assembly is spoken for.
    assert caught.value.params["item"] == "K"
    assert caught.value.params["required"] - caught.value.params["available"] == 1


def test_what_is_reserved_for_others_is_not_consumed(kit: Item) -> None:
    """PST-31: a line assembled in full asks for no kit from stock, but its components are asked for."""
    stock("A", 10)
    other = sell({"no": "A", "quantity": 8})
    reserve_line(no=other.no, line_no=10000)
    with refused(NotEnoughInventory) as caught:
        ship(sell_kit(kit, 2).document)

    assert (caught.value.params["available"], caught.value.params["required"]) == (2, 4)


def test_an_assembly_that_uses_nothing_cannot_be_posted(kit: Item) -> None:
    stock("A", 20)
    line = sell_kit(kit, 2)
    for name in ("A", "R"):
        customise(component(assembly_of(line), name), quantity_to_consume=0)

    with refused(NothingToAssemble):
        ship(line.document)
    assert nothing_posted()


def test_a_kit_without_components_is_not_assembled() -> None:
    make_kit("EMPTY")
    with refused(NothingToAssemble):
        ship(sell({"no": "EMPTY", "quantity": 1}))


def test_a_customer_who_wants_all_at_once_gets_all_or_nothing(kit: Item) -> None:
    stock("A", 40)
    order = sell({"no": "K", "quantity": 5}, {"no": "K", "quantity": 2})
    change_header(order, shipping_advice=ShippingAdvice.COMPLETE)
    change(line_of(order), qty_to_ship=4)

    with refused(ShipmentIncomplete) as caught:
        ship(order)
    assert (caught.value.params["required"], caught.value.params["quantity"]) == (5, 4)

    change(line_of(order), qty_to_ship=5)
    ship(order)
    assert SalesShipment.objects.count() == 1


def test_goods_of_one_location_do_not_leave_from_another(kit: Item) -> None:
    make_location("BLUE")
    stock("A", 20, location="BLUE")

    line = sell_kit(kit, 1)

    with refused(NotEnoughInventory) as caught:
        ship(line.document)

    assert (caught.value.params["location"], caught.value.params["available"]) == ("MAIN", 0)
    assert assembly_of(line).assembled_quantity == 0
