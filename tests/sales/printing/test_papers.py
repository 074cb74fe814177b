"""The delivery note and the invoice: what stands on them, and what never does."""

from __future__ import annotations

from functools import partial

import pytest
from django.test import Client

from inventory.models import Item, LedgerEntryType
from inventory.services.adjusting import post_adjustments
from sales.models import Customer, SalesInvoice, SalesShipment
from sales.services.posting import post_sales_order
from sales.services.undo import undo_shipment
from tests.factories import make_item
from tests.printed import printed
from tests.support import finished, sell, sell_kit, shipped
from tests.support_pages import statements_of

IN = {"entry_type": LedgerEntryType.POSITIVE_ADJUSTMENT}


def note_url(no: str) -> str:
    return f"/sales/shipments/{no}/delivery-note.pdf"


def invoice_url(no: str) -> str:
    return f"/sales/invoices/{no}/invoice.pdf"


@pytest.fixture
def address(house: object) -> None:
    """Where the customer lives."""
    Customer.objects.filter(pk="CUST").update(name="Café Łódź", address="1 Main Street\n12345 Town")


def test_a_delivery_note_says_what_left(clerk: Client, kit: Item, address: None) -> None:
    line = shipped(sell_kit(kit, 10, unit_price="99.99"), 4, assembled="4")
    shipment = SalesShipment.objects.get()

    text = printed(clerk.get(note_url(shipment.no)))

    assert f"Delivery note {shipment.no}" in text
    assert "Café Łódź 1 Main Street 12345 Town" in text
    assert f"Order {line.document.no}" in text
    assert "Shipped 03 Mar 2031" in text
    assert "K Kit 4 PCS" in text
    assert "99.99" not in text
    assert "cost" not in text.lower()


def test_papers_and_pages_keep_who_and_where_the_customer_was(clerk: Client, kit: Item, address: None) -> None:
    finished(sell_kit(kit, 2))
    shipment, invoice = SalesShipment.objects.get(), SalesInvoice.objects.get()
    Customer.objects.filter(pk="CUST").update(name="Somebody Else", address="9 Other Street")

    for url in (note_url(shipment.no), invoice_url(invoice.no)):
        text = printed(clerk.get(url))
        assert "Café Łódź 1 Main Street 12345 Town" in text
        assert "Somebody Else" not in text
    for url in ("/sales/shipments/", "/sales/invoices/", "/sales/shipments/?q=łódź", "/sales/invoices/?q=łódź"):
        assert "Café Łódź" in clerk.get(url).content.decode()
    for url in (f"/sales/shipments/{shipment.no}/", f"/sales/invoices/{invoice.no}/"):
        page = clerk.get(url).content.decode()
        assert "1 Main Street<br>12345 Town" in page
        assert "Somebody Else" not in page


def test_what_was_undone_did_not_leave(clerk: Client, kit: Item) -> None:
    shipped(sell_kit(kit, 10), 4, assembled="4")
    shipment = SalesShipment.objects.get()
    undo_shipment(no=shipment.no)

    assert "The whole shipment was undone." in printed(clerk.get(note_url(shipment.no)))


def test_an_invoice_adds_up(clerk: Client, kit: Item, address: None) -> None:
    finished(sell_kit(kit, 3, unit_price="33.335", line_discount_percent="10"))
    document = SalesInvoice.objects.get()
    line = document.lines.get()

    text = printed(clerk.get(invoice_url(document.no)))

    assert f"Invoice {document.no}" in text
    assert "Café Łódź" in text
    assert f"K Kit 3 PCS 33.335 10 {line.line_amount}" in text
    assert f"Total {line.line_amount}" in text
    assert "cost" not in text.lower()


def test_a_comment_is_printed_and_what_was_not_invoiced_is_not(clerk: Client, kit: Item) -> None:
    other = make_item("LATER")
    document = sell(
        {"no": kit.no, "quantity": 1},
        {"type": "comment", "description": "With our thanks"},
        {"no": other.no, "quantity": 1, "qty_to_ship": 0},
    )
    line = document.lines.get(line_no=10000)
    shipped(line, 1, assembled="1")
    post_sales_order(no=document.no, ship=False, invoice=True)

    for url in (note_url(SalesShipment.objects.get().no), invoice_url(SalesInvoice.objects.get().no)):
        text = printed(clerk.get(url))
        assert "With our thanks" in text
        assert "LATER" not in text


def test_statements_do_not_grow_with_lines(clerk: Client, house: object) -> None:
    counts = []
    for lines in (1, 12):
        items = [make_item(f"I{lines}-{n}") for n in range(lines)]
        document = sell(*({"no": item.no, "quantity": 1} for item in items))
        for line in document.lines.order_by("line_no"):
            post_adjustments([{**IN, "item": line.item_id, "location": line.location_id, "quantity": line.quantity}])
        posted = post_sales_order(no=document.no, ship=True, invoice=True)
        assert posted.shipment is not None
        assert posted.invoice is not None
        urls = (note_url(posted.shipment.no), invoice_url(posted.invoice.no))
        counts.append([statements_of(partial(clerk.get, url)) for url in urls])

    assert counts == [[5, 4], [5, 4]]


def test_strangers_and_unknown_numbers_get_nothing(clerk: Client, worker: Client, house: object) -> None:
    for url in (note_url("NONE"), invoice_url("NONE")):
        assert clerk.get(url).status_code == 404
        assert Client().get(url).status_code == 302
