"""What the chip of a sales line opens, and what is told of a line that is not entered yet."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from inventory.models import Item
from sales.models import SalesDocument, SalesDocumentType
from tests.factories import make_item, make_location, make_substitute
from tests.support import day, line_of, release, sell, state
from tests.support_pages import BY_SCRIPT, save, statements_of
from tests.support_stock import expect, put_in_stock


def promise_url(document: SalesDocument, line_no: int = 10000) -> str:
    return f"/assembly/promises/{document.document_type}/{document.no}/{line_no}/"


def new_line_url(document: SalesDocument) -> str:
    return f"/assembly/promises/{document.document_type}/{document.no}/new-line/"


def words(html: str) -> str:
    return re.sub(r" ([.,])", r"\1", " ".join(re.sub(r"<[^>]+>", " ", html).split()))


def opened(client: Client, document: SalesDocument, line_no: int = 10000) -> str:
    response = client.post(promise_url(document, line_no), **BY_SCRIPT)
    assert response.status_code == 200
    return response.content.decode()


def asked(client: Client, document: SalesDocument, **typed: str) -> str:
    response = client.get(new_line_url(document), {"type": "item", **typed}, **BY_SCRIPT)
    assert response.status_code == 200
    return response.content.decode()


@pytest.fixture
def desks(kit: Item) -> SalesDocument:
    """Ten K, of which 4 lie there, none assembled to order; of A, of which each takes 2, 12 are expected in a month."""
    put_in_stock(kit, 4)
    expect(Item.objects.get(no="A"), 12, 30)
    return sell({"no": "K", "quantity": 10, "qty_to_assemble_to_order": 0})


def test_the_chip_leads_to_it(clerk: Client, desks: SalesDocument) -> None:
    chips = clerk.get(f"/sales/orders/{desks.no}/promises/", **BY_SCRIPT).content.decode()

    assert f'method="post" action="{promise_url(desks)}" hx-post="{promise_url(desks)}"' in chips
    assert 'id="promise-10000-chip"' in chips


def test_it_tells_what_is_there_what_decides_and_what_would_be_earlier(clerk: Client, desks: SalesDocument) -> None:
    make_location("BLUE")
    put_in_stock(Item.objects.get(no="K"), 10, location="BLUE")
    better = make_item("A2")
    put_in_stock(better, 100)
    make_substitute(Item.objects.get(no="A"), better)

    told = words(opened(clerk, desks))

    assert "Promise of line 10000, K" in told
    assert "Wanted 10 PCS at MAIN, 13 Mar 2031" in told
    assert "Short 6" in told
    assert "All of it 02 Apr 2031 From stock 4 PCS To assemble 6 PCS Decided by A, expected 02 Apr 2031" in told
    assert "In two parts: 4 on 03 Mar 2031, 6 on 02 Apr 2031" in told
    assert "All from BLUE: 03 Mar 2031" in told
    assert "A2 in place of A: 03 Mar 2031" in told


def test_what_is_missing_is_named_and_taken_over_in_one_step(clerk: Client, desks: SalesDocument) -> None:
    dialog = opened(clerk, desks)
    assert "6 PCS of K are missing from stock on 13 Mar 2031." in words(dialog)
    assert 'data-of="line-10000"' in dialog
    form = re.search(r'action="([^"]+)">[^<]*<input[^>]*><button[^>]*data-act="apply" data-key="="', dialog)
    assert form
    assert "Assemble the missing 6" in words(dialog)

    answer = save(clerk, form[1]).content.decode()

    assert line_of(desks).qty_to_assemble_to_order == 6
    assert "these from stock, 6 to assemble" in answer
    after = opened(clerk, desks)
    assert "missing from stock" not in after
    assert "Assembled to order 6 Free on the day 4 Able to assemble by then 0 of 6" in words(after)


def test_what_was_mixed_before_keeps_what_is_assembled(clerk: Client, desks: SalesDocument) -> None:
    save(clerk, f"/sales/orders/{desks.no}/lines/10000/", qty_to_assemble_to_order="2")

    assert "Assemble the missing 4" in words(opened(clerk, desks))
    save(clerk, f"/sales/orders/{desks.no}/lines/10000/mix/")

    assert line_of(desks).qty_to_assemble_to_order == 6


def test_only_who_may_enter_is_offered_to_assemble(clerk: Client, auditor: Client, desks: SalesDocument) -> None:
    assert "Assemble the missing" not in opened(auditor, desks)
    purchased = sell({"no": "A", "quantity": 50})
    assert "are missing from stock" in opened(clerk, purchased)
    assert "Assemble the missing" not in opened(clerk, purchased)  # nothing is made of A


def test_without_scripts_it_is_a_page(clerk: Client, desks: SalesDocument) -> None:
    page = clerk.get(promise_url(desks)).content.decode()

    assert "<h1>Promise of line 10000, K</h1>" in page
    assert f'href="/sales/orders/{desks.no}/"' in page
    assert "<dialog class" in page  # the frame's own
    assert "data-modal" not in page


def test_what_promises_nothing_has_none(clerk: Client, worker: Client, kit: Item) -> None:
    order = sell({"no": "K", "quantity": 1}, {"type": "comment", "description": "Hi"})
    blanket = sell({"no": "K", "quantity": 1}, document_type=SalesDocumentType.BLANKET_ORDER)

    for url in (promise_url(order, 20000), promise_url(order, 30000), promise_url(blanket), new_line_url(blanket)):
        assert clerk.get(url).status_code == 404
    assert clerk.get(promise_url(order).replace("sales_order", "letter")).status_code == 404
    assert worker.get(promise_url(order)).status_code == 403
    assert worker.get(new_line_url(order)).status_code == 403


def test_quotes_are_promised_too(clerk: Client, kit: Item) -> None:
    quote = sell({"no": "K", "quantity": 1}, document_type=SalesDocumentType.QUOTE)

    assert "Not with what is known" in opened(clerk, quote)


@pytest.mark.parametrize("lines", [1, 20])
def test_one_promise_costs_the_same_however_many_lines(clerk: Client, kit: Item, lines: int) -> None:
    make_substitute(Item.objects.get(no="A"), make_item("A2"))
    expect(Item.objects.get(no="A"), 500, 30)
    order = sell(*[{"no": "K", "quantity": 10}] * lines)

    assert statements_of(lambda: clerk.post(promise_url(order), **BY_SCRIPT)) == 17


# --- A line that is not entered yet


def test_a_new_line_tells_the_figures_before_it_is_saved(clerk: Client, desks: SalesDocument) -> None:
    put_in_stock(Item.objects.get(no="A"), 5)
    before = state()

    told = words(asked(clerk, desks, no="K", quantity="8", of="line-new-3"))

    assert "What there is for K" in told
    assert "8 PCS at MAIN, 13 Mar 2031" in told
    assert "On hand, not reserved 4" in told
    assert "Gross requirement until then 10 0 reserved" in told
    assert "Expected to be free -6" in told
    assert "Able to assemble 2.5 of 8 PCS" in told
    assert "A Least 16 5 0 0 0 13 Mar 2031 2.5 02 Apr 2031" in told
    assert state() == before
    page = clerk.get(f"/sales/orders/{desks.no}/").content.decode()
    assert f'hx-get="{new_line_url(desks)}?of=line-new-0"' in page
    assert f'hx-get="{new_line_url(desks)}?of=line-new-__n__"' in page


def test_place_and_day_of_a_new_line_are_its_own_or_those_of_the_order(clerk: Client, desks: SalesDocument) -> None:
    make_location("BLUE")
    typed: dict[str, Any] = {"no": "A", "quantity": "1"}

    assert "1 PCS at MAIN, 13 Mar 2031" in words(asked(clerk, desks, **typed))
    moved = asked(clerk, desks, **typed, location="BLUE", shipment_date=day(40).isoformat())
    assert "1 PCS at BLUE, 12 Apr 2031" in words(moved)
    assert 'data-of="line-new-3"' in asked(clerk, desks, **typed, of="line-new-3")
    assert "data-of" not in asked(clerk, desks, **typed, of='"><script>')


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({}, "No.: "),
        ({"no": "NONE", "quantity": "1"}, "No.: Item NONE does not exist"),
        ({"no": "K"}, "Quantity: "),
        ({"no": "K", "quantity": "0"}, "Quantity: The quantity must be greater than zero."),
        ({"no": "K", "quantity": "x"}, "Quantity: "),
        ({"no": "K", "quantity": "1", "shipment_date": "soon"}, "Shipment date: "),
        ({"no": "R", "quantity": "1", "type": "resource"}, "Type: Only of items"),
    ],
)
def test_what_is_typed_wrong_is_said_in_the_dialog(
    clerk: Client, desks: SalesDocument, typed: dict[str, str], told: str
) -> None:
    assert told in words(asked(clerk, desks, **typed))


def test_who_only_looks_is_offered_no_new_line(auditor: Client, clerk: Client, kit: Item) -> None:
    order = sell({"no": "K", "quantity": 1})
    release(order)

    assert "-ask" not in auditor.get(f"/sales/orders/{order.no}/").content.decode()


@pytest.mark.parametrize("lines", [1, 20])
def test_a_question_costs_the_same_however_many_lines(clerk: Client, kit: Item, lines: int) -> None:
    order = sell(*[{"no": "K", "quantity": 10}] * lines)
    typed = {"type": "item", "no": "K", "quantity": "8"}

    assert statements_of(lambda: clerk.get(new_line_url(order), typed, **BY_SCRIPT)) == 13
