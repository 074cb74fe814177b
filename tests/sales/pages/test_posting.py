"""Posting sales orders from their pages, what was posted as pages, and its undo."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from assembly.models import PostedAssembly
from inventory.models import Item, ItemLedgerEntry
from sales.models import SalesDocument, SalesInvoice, SalesShipment
from tests.posting import nothing_posted, ship, ship_and_invoice, stock
from tests.support import day, line_of, sell
from tests.support_pages import save, statements_of

SHIPMENTS, INVOICES = "/sales/shipments/", "/sales/invoices/"


@pytest.fixture
def order(kit: Item) -> SalesDocument:
    """An order of three K, assembled to order, for which there are components."""
    stock("A", 100, 5)
    return sell({"no": "K", "quantity": 3})


def post_url(order: SalesDocument) -> str:
    return f"/sales/orders/{order.no}/post/"


def typed(client: Client, order: SalesDocument, act: str, **more: str) -> dict[str, str]:
    """Return what the form of the dialog sends."""
    page = client.get(post_url(order)).context
    return {
        "act": act,
        "form_token": page["form_token"],
        "order_rev": str(page["dialog"].rev),
        "what": "both",
        "posting_date": day(0).isoformat(),
        **more,
    }


# --- The dialog


def test_order_leads_to_its_posting(clerk: Client, order: SalesDocument) -> None:
    page = clerk.get(f"/sales/orders/{order.no}/").content.decode()

    assert f'hx-post="{post_url(order)}"' in page
    assert 'data-key="f9"' in page


def test_dialog_asks_a_script_and_is_a_page_without(clerk: Client, order: SalesDocument) -> None:
    dialog = save(clerk, post_url(order)).content.decode()
    page = clerk.get(post_url(order)).content.decode()

    assert dialog.lstrip().startswith("<dialog")
    assert "<html" in page
    assert 'value="ship" selected' in page


def test_preview_shows_the_entries_and_keeps_nothing(planner: Client, order: SalesDocument) -> None:
    response = save(planner, post_url(order), **typed(planner, order, "preview"))

    assert response.status_code == 200
    page = response.content.decode()
    assert not page.lstrip().startswith("<dialog")
    for told in ("shipment SS-000001", "invoice SI-000001", "assembly PA-000001", "Assembly output", "Value entries"):
        assert told in page
    assert nothing_posted()
    assert ItemLedgerEntry.objects.count() == 1
    # What was typed is still there.
    assert 'value="both" selected' in page


def test_preview_keeps_costs_from_those_who_may_not_see_them(clerk: Client, order: SalesDocument) -> None:
    page = save(clerk, post_url(order), **typed(clerk, order, "preview")).content.decode()

    assert "Value entries" not in page
    assert "Capacity" not in page
    assert "Cost" not in page


def test_posting_tells_what_was_posted_and_leads_there(clerk: Client, order: SalesDocument) -> None:
    response = save(clerk, post_url(order), **typed(clerk, order, "post"))

    assert response["HX-Redirect"] == f"/sales/orders/{order.no}/"
    page = clerk.get(f"/sales/orders/{order.no}/").content.decode()
    for url in (f"{SHIPMENTS}SS-000001/", f"{INVOICES}SI-000001/", "/assembly/posted/PA-000001/"):
        assert f'href="{url}"' in page
    assert SalesShipment.objects.count() == SalesInvoice.objects.count() == PostedAssembly.objects.count() == 1


def test_form_sent_twice_posts_once(clerk: Client, order: SalesDocument) -> None:
    form = typed(clerk, order, "post", what="ship")

    assert clerk.post(post_url(order), form)["Location"] == f"/sales/orders/{order.no}/"
    again = clerk.post(post_url(order), form)

    assert again.status_code == 409
    assert "sent before" in again.content.decode()
    assert SalesShipment.objects.count() == 1


def test_refusal_stands_in_the_dialog_with_what_was_typed(clerk: Client, kit: Item) -> None:
    order = sell({"no": "K", "quantity": 3})

    response = save(clerk, post_url(order), **typed(clerk, order, "post", posting_date="2031-03-09"))

    assert response.status_code == 409
    page = response.content.decode()
    assert "A at MAIN: 6 required, 0 available." in page
    assert 'value="2031-03-09"' in page
    assert nothing_posted()


def test_malformed_date_is_refused_at_its_field(clerk: Client, order: SalesDocument) -> None:
    response = save(clerk, post_url(order), **typed(clerk, order, "preview", posting_date="31.12.2031"))

    assert response.status_code == 400
    assert 'id="posting-posting_date-error"' in response.content.decode()


def test_order_that_changed_meanwhile_is_not_posted(clerk: Client, order: SalesDocument) -> None:
    form = typed(clerk, order, "post")
    save(clerk, f"/sales/orders/{order.no}/lines/10000/", qty_to_ship="1")

    response = save(clerk, post_url(order), **form)

    assert response.status_code == 412
    assert "was changed since you looked at it" in response.content.decode()
    assert nothing_posted()


def test_auditor_looks_and_does_not_post(auditor: Client, order: SalesDocument) -> None:
    form = typed(auditor, order, "preview")
    page = save(auditor, post_url(order), **form).content.decode()

    assert "What would be posted" in page
    assert 'value="post"' not in page
    assert save(auditor, post_url(order), **{**form, "act": "post"}).status_code == 403
    assert nothing_posted()


def test_unknown_order_is_not_posted(clerk: Client, house: Any) -> None:
    assert clerk.get("/sales/orders/NONE/post/").status_code == 404


def test_what_is_posted_next_can_be_typed(clerk: Client, order: SalesDocument) -> None:
    url = f"/sales/orders/{order.no}/lines/10000/"

    assert save(clerk, url, qty_to_ship="2").status_code == 200
    assert save(clerk, url, qty_to_invoice="1").status_code == 200

    line = line_of(order)
    assert (line.qty_to_ship, line.qty_to_invoice) == (2, 1)
    refused = save(clerk, url, qty_to_invoice="3")
    assert refused.status_code == 400
    assert "3 is more than" in refused.content.decode()


@pytest.mark.parametrize("act", ["preview", "post"])
def test_posting_takes_the_same_statements_however_many_lines(clerk: Client, kit: Item, act: str) -> None:
    stock("A", 1000, 5)

    def cost_of(lines: int) -> int:
        order = sell(*[{"no": "A", "quantity": 1}] * lines)
        form = typed(clerk, order, act, what="ship")
        return statements_of(lambda: save(clerk, post_url(order), **form))

    assert cost_of(1) == cost_of(20)


# --- What was posted


def test_lists_are_narrowed_by_the_address(clerk: Client, order: SalesDocument) -> None:
    ship_and_invoice(order)

    for url, number in ((SHIPMENTS, "SS-000001"), (INVOICES, "SI-000001")):
        for query in (
            "q=cust",
            "customer=CUST",
            "item=K",
            "from_date=2031-03-03",
            "to_date=2031-03-03",
            "sort=-customer",
        ):
            assert number in clerk.get(f"{url}?{query}").content.decode(), query
        for query in ("q=nobody", "customer=C9", "item=A", "from_date=2031-03-04", "to_date=2031-03-02"):
            assert number not in clerk.get(f"{url}?{query}").content.decode(), query


def test_lists_and_cards_take_the_same_statements_however_many_rows(clerk: Client, kit: Item) -> None:
    stock("A", 1000, 5)

    def post(lines: int) -> None:
        ship_and_invoice(sell(*[{"no": "A", "quantity": 1}] * lines))

    # Session, person; the list, or the document with lines, order, its documents, and the numbers of a shipment.
    pinned = {SHIPMENTS: 3, INVOICES: 3, f"{SHIPMENTS}%s/": 7, f"{INVOICES}%s/": 6}

    def asked(number: int) -> dict[str, int]:
        found = {}
        for url in pinned:
            series = "SS" if url.startswith(SHIPMENTS) else "SI"
            address = url.replace("%s", f"{series}-{number:06d}")
            found[url] = statements_of(lambda address=address: clerk.get(address))  # type: ignore[misc]
        return found

    post(1)
    assert asked(1) == pinned
    for _ in range(4):
        post(1)
    post(20)
    assert asked(6) == pinned


def test_shipment_shows_where_it_came_from(clerk: Client, order: SalesDocument) -> None:
    ship(order)

    page = clerk.get(f"{SHIPMENTS}SS-000001/").content.decode()

    assert f'href="/sales/orders/{order.no}/"' in page
    assert 'href="/assembly/posted/PA-000001/"' in page
    assert 'href="/inventory/ledger-entries/of/SS-000001/"' in page
    assert "delivery-note.pdf" in page
    assert "Undo" not in page  # a clerk may not


def test_invoice_shows_lines_and_total(clerk: Client, order: SalesDocument) -> None:
    ship_and_invoice(order)

    page = clerk.get(f"{INVOICES}SI-000001/").content.decode()

    assert "300.00" in page
    assert f'href="{SHIPMENTS}SS-000001/"' in page
    assert "invoice.pdf" in page


def test_unknown_documents_are_not_found(clerk: Client, house: Any) -> None:
    for url in (f"{SHIPMENTS}NONE/", f"{INVOICES}NONE/", "/inventory/ledger-entries/of/NONE/"):
        assert clerk.get(url).status_code == 404


# --- Undo


def test_shipment_is_undone_as_a_whole(planner: Client, order: SalesDocument) -> None:
    ship(order)
    assert "Undo shipment" in planner.get(f"{SHIPMENTS}SS-000001/").content.decode()

    response = planner.post(f"{SHIPMENTS}SS-000001/undo/", {"scope": "all"})

    assert response["Location"] == f"{SHIPMENTS}SS-000001/"
    page = planner.get(f"{SHIPMENTS}SS-000001/").content.decode()
    assert "Undone" in page
    assert "Correction" in page
    assert "Undo shipment" not in page
    assert line_of(order).quantity_shipped == 0
    assert PostedAssembly.objects.get().reversed


def test_chosen_lines_are_undone(planner: Client, kit: Item) -> None:
    stock("A", 100, 5)
    order = sell({"no": "A", "quantity": 1}, {"no": "A", "quantity": 2})
    ship(order)

    none = planner.post(f"{SHIPMENTS}SS-000001/undo/", {"scope": "lines"})
    assert none.status_code == 400
    assert "Choose the lines to undo." in none.content.decode()

    planner.post(f"{SHIPMENTS}SS-000001/undo/", {"scope": "lines", "line_no": ["20000"]})
    assert (line_of(order).quantity_shipped, line_of(order, 20000).quantity_shipped) == (1, 0)
    assert "Partly undone" in planner.get(SHIPMENTS).content.decode()


def test_refused_undo_says_why_and_keeps_what_was_chosen(planner: Client, order: SalesDocument) -> None:
    ship_and_invoice(order)

    response = planner.post(f"{SHIPMENTS}SS-000001/undo/", {"scope": "lines", "line_no": ["10000"]})

    assert response.status_code == 409
    assert "have been invoiced already" in response.content.decode()


def test_undo_is_not_for_everybody(clerk: Client, order: SalesDocument) -> None:
    ship(order)
    assert clerk.post(f"{SHIPMENTS}SS-000001/undo/", {"scope": "all"}).status_code == 403
    assert line_of(order).quantity_shipped == 3


def test_entries_of_a_document_are_shown_in_every_ledger(planner: Client, order: SalesDocument) -> None:
    ship(order)

    page = planner.get("/inventory/ledger-entries/of/PA-000001/").content.decode()

    for ledger in ("Item ledger", "Resource ledger", "Capacity ledger", "Value entries"):
        assert ledger in page
