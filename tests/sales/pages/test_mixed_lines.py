"""Lines of orders that take from stock and assemble: the proposal, and what is said of their bin."""

from __future__ import annotations

from typing import Any

from django.test import Client

from inventory.models import Bin, Item, LedgerEntryType, Location
from inventory.services.adjusting import post_adjustments
from tests.support import d, line_of, release, sell
from tests.support_pages import save, statements_of


def stock(item: str, quantity: int) -> None:
    row = {"entry_type": LedgerEntryType.POSITIVE_ADJUSTMENT, "item": item, "location": "MAIN"}
    post_adjustments([{**row, "quantity": d(quantity)}])


def bins() -> None:
    Bin.objects.create(location=Location.objects.get(code="MAIN"), code="ATO")
    Bin.objects.create(location=Location.objects.get(code="MAIN"), code="PICK")
    Location.objects.filter(code="MAIN").update(bin_mandatory=True, from_assembly_bin="ATO", default_bin="PICK")


def url_of(document: Any, *more: object) -> str:
    return f"/sales/orders/{document.no}/" + "".join(f"{part}/" for part in more)


def test_one_key_takes_what_is_free_and_assembles_the_rest(clerk: Client, kit: Item) -> None:
    stock("K", 4)
    order = sell({"no": "K", "quantity": 10}, {"no": "A", "quantity": 1})
    page = clerk.get(url_of(order)).content.decode()
    assert page.count('data-act="apply"') == 1  # nothing is made of A

    response = save(clerk, url_of(order, "lines", 10000, "mix"))

    assert response.status_code == 200
    answer = response.content.decode()
    assert "4 of K are free on 2031-03-13: these from stock, 6 to assemble." in answer
    assert "stock 4" in answer
    assert line_of(order).qty_to_assemble_to_order == 6


def test_plain_form_takes_what_is_free_too(clerk: Client, kit: Item) -> None:
    order = sell({"no": "K", "quantity": 10})

    page = clerk.post(url_of(order, "lines", 10000, "mix"), follow=True).content.decode()

    assert "Nothing of K is free on 2031-03-13: 10 to assemble." in page


def test_refused_proposal_stands_at_the_line(clerk: Client, kit: Item) -> None:
    order = sell({"type": "resource", "no": "R", "quantity": 1})

    response = save(clerk, url_of(order, "lines", 10000, "mix"))

    assert response.status_code == 400
    assert "Only inventory items can be assembled to order" in response.content.decode()


def test_proposal_costs_the_same_however_many_lines(clerk: Client, kit: Item) -> None:
    def cost_of(lines: int) -> int:
        stock("K", 4)
        order = sell(*[{"no": "K", "quantity": 10}] * lines)
        return statements_of(lambda: save(clerk, url_of(order, "lines", 10000, "mix")))

    assert cost_of(1) == cost_of(20) == 29


def test_quotes_and_auditors_are_offered_none(clerk: Client, auditor: Client, kit: Item) -> None:
    order = sell({"no": "K", "quantity": 10})

    assert 'data-act="apply"' not in auditor.get(url_of(order)).content.decode()
    assert save(auditor, url_of(order, "lines", 10000, "mix")).status_code == 403
    assert save(auditor, url_of(order, "lines", 10000, "split")).status_code == 403


def test_bin_of_a_mixed_line_wants_a_look_and_the_line_is_split(clerk: Client, kit: Item) -> None:
    bins()
    order = sell({"no": "K", "quantity": 10}, {"no": "A", "quantity": 1})
    assert "wants a look" not in clerk.get(url_of(order)).content.decode()

    answer = save(clerk, url_of(order, "lines", 10000), qty_to_assemble_to_order="7").content.decode()
    assert "7 assembled to order and 3 from stock leave from bin ATO: its bin wants a look." in answer
    assert "Split into two lines" in clerk.get(url_of(order)).content.decode()

    done = clerk.post(url_of(order, "lines", 10000, "split"))

    assert done["Location"] == f"{url_of(order)}#line-10000"
    assert [(line.line_no, line.quantity, line.bin_code) for line in order.lines.all()] == [
        (10000, 7, "ATO"),
        (15000, 3, "PICK"),
        (20000, 1, "PICK"),
    ]
    assert "wants a look" not in clerk.get(url_of(order)).content.decode()


def test_released_order_says_it_and_offers_no_split(clerk: Client, kit: Item) -> None:
    bins()
    order = sell({"no": "K", "quantity": 10, "qty_to_assemble_to_order": 7})
    release(order)

    page = clerk.get(url_of(order)).content.decode()
    assert "wants a look" in page
    assert "Split into two lines" not in page

    refused = clerk.post(url_of(order, "lines", 10000, "split"))
    assert refused.status_code == 409
    assert "is released" in refused.content.decode()


def test_location_without_bins_says_nothing(clerk: Client, kit: Item) -> None:
    order = sell({"no": "K", "quantity": 10, "qty_to_assemble_to_order": 7})

    assert "wants a look" not in clerk.get(url_of(order)).content.decode()
