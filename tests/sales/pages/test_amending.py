"""Amending a released order: the impact of all that is typed first, then all of it as one act, with its reason."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from backoffice.models import AuditEntry
from inventory.models import Item
from sales.models import SalesDocument, SalesLine
from tests.support import assembly_of, day, line_of, release, reopen, sell
from tests.support_pages import statements_of
from tests.support_stock import put_in_stock

_REASON = "The customer called"


@pytest.fixture
def order(kit: Item) -> SalesDocument:
    """Four kits, two kits, an hour and a few words, released."""
    lines: list[dict[str, Any]] = [
        {"no": kit.no, "quantity": 4},
        {"no": kit.no, "quantity": 2},
        {"type": "resource", "no": "R", "quantity": 1},
        {"type": "comment", "description": "Thank you"},
    ]
    return release(sell(*lines))


def url_of(order: SalesDocument) -> str:
    return f"/sales/orders/{order.no}/amend/"


def page_of(client: Client, order: SalesDocument) -> str:
    return client.get(url_of(order)).content.decode()


def form_on(page: str) -> dict[str, str]:
    """Return what a browser sends of the page's form without a change."""
    fields = re.findall(r'<input [^>]*name="((?:header|lines)\.[^"]+|reason|order_rev)"[^>]*>', page)
    inputs = {name: re.search(rf'<input [^>]*name="{re.escape(name)}"[^>]*>', page) for name in fields}
    values = {name: re.search(r'value="([^"]*)"', found[0]) for name, found in inputs.items() if found}
    return {name: value[1] if value else "" for name, value in values.items()}


def post(client: Client, order: SalesDocument, act: str, **typed: str) -> tuple[int, str]:
    form = form_on(page_of(client, order)) | {"reason": _REASON, "act": act}
    form |= {name.replace("__", "."): text for name, text in typed.items()}
    response = client.post(url_of(order), form)
    return response.status_code, response.content.decode()


def words(html: str) -> str:
    """Return what is read, without tags, on one line."""
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def rows_below(page: str, heading: str) -> list[str]:
    """Return the rows of a table, each behind the row that stands above its group."""
    table = re.search(rf'<table class="data cards" aria-labelledby="{heading}">(.*?)</table>', page, re.DOTALL)
    found, group = [], ""
    for row in re.findall(r"<tr>(.*?)</tr>", table[1], re.DOTALL)[1:] if table else ():
        if 'scope="rowgroup"' in row:
            group = words(row)
        else:
            found.append(f"{group} {words(row)}".strip())
    return found


def test_the_order_offers_it_for_all_of_its_lines(clerk: Client, order: SalesDocument) -> None:
    shown = clerk.get(f"/sales/orders/{order.no}/").content.decode()
    assert f'href="{url_of(order)}"' in shown
    assert f'href="{url_of(order)}#line-10000-quantity"' in shown

    form = form_on(page_of(clerk, order))

    assert (form["lines.10000.quantity"], form["lines.20000.quantity"]) == ("4", "2")
    assert (form["lines.10000.location"], form["header.shipment_date"]) == ("MAIN", day(10).isoformat())
    assert not any(name.startswith("lines.40000") for name in form)


def test_an_open_order_does_not(clerk: Client, order: SalesDocument) -> None:
    reopen(order)
    assert url_of(order) not in clerk.get(f"/sales/orders/{order.no}/").content.decode()


def test_the_impact_is_told_in_words_and_nothing_is_done(clerk: Client, order: SalesDocument) -> None:
    before, assembly = AuditEntry.objects.count(), assembly_of(line_of(order))

    status, page = post(clerk, order, "preview", lines__10000__quantity="6", header__shipment_date=day(12).isoformat())

    documents = rows_below(page, "impact-heading")
    assert status == 200
    assert f"Sales order {order.no} 10000 K Quantity 4 6" in documents
    assert f"Sales order {order.no} Shipment date 13 Mar 2031 15 Mar 2031" in documents
    assert f"Assembly order {assembly.no} Quantity 4 6" in documents
    assert f"Assembly order {assembly.no} 10000 A Quantity 8 12" in documents
    assert f"K {order.no} line 10000 {assembly.no} 4 for 13 Mar 2031 6 for 15 Mar 2031" in rows_below(
        page, "impact-reservations"
    )
    assert f'href="/assembly/orders/{assembly.no}/"' in page
    assert not {"Status", "Rev", "Unit cost", "Cost amount"} & {word for row in documents for word in row.split("  ")}
    assert "quantity_base" not in page
    assert "Cost amount" not in page
    assert SalesLine.objects.get(document=order, line_no=10000).quantity == 4
    assert AuditEntry.objects.count() == before


def test_what_was_typed_stands_after_the_preview(clerk: Client, order: SalesDocument) -> None:
    _, page = post(clerk, order, "preview", lines__10000__quantity="6", reason="")
    form = form_on(page)
    assert (form["lines.10000.quantity"], form["lines.20000.quantity"], form["reason"]) == ("6", "2", "")


def test_what_others_can_be_promised_is_told(clerk: Client, order: SalesDocument, kit: Item) -> None:
    part = kit.bom_lines.exclude(item=None).get().item
    assert part is not None
    other = sell({"no": kit.no, "quantity": 1}, shipment_date=day(20))
    put_in_stock(part, 14)

    _, page = post(clerk, order, "preview", lines__10000__quantity="5")

    (theirs,) = [row for row in rows_below(page, "impact-promises") if other.no in row]
    assert theirs == (
        f"{other.no} another order 10000 K 1 for 23 Mar 2031: can leave 23 Mar 2031 1 for 23 Mar 2031: no date known"
        " Later"
    )


def test_it_is_done_as_one_act_with_its_reason(clerk: Client, worker: Client, order: SalesDocument) -> None:
    status, _ = post(clerk, order, "amend", lines__10000__quantity="6", lines__20000__qty_to_ship="1")

    first, second = line_of(order), line_of(order, 20000)
    assembly = assembly_of(first)
    assert status == 302
    assert (first.quantity, second.qty_to_ship, first.document.status) == (6, 1, "released")
    assert (assembly.quantity, assembly.status) == (6, "released")
    reasons = set(AuditEntry.objects.filter(reason=_REASON).values_list("kind", flat=True))
    assert reasons >= {"sales_document", "assembly_document"}
    assert len(set(AuditEntry.objects.exclude(reason="").values_list("request_id", flat=True))) == 1
    assert f"<strong>{_REASON}</strong>" in worker.get(f"/assembly/orders/{assembly.no}/").content.decode()


@pytest.mark.parametrize(
    ("given", "status", "told"),
    [
        ({"lines__10000__quantity": "x"}, 400, 'id="line-10000-quantity-error"'),
        ({"lines__20000__qty_to_ship": "9"}, 400, 'id="line-20000-qty_to_ship-error"'),
        ({"lines__10000__location": "NOWHERE"}, 400, 'id="line-10000-location-error"'),
        ({"header__shipment_date": "soon"}, 400, 'id="header-shipment_date-error"'),
        ({"order_rev": "0"}, 412, "Somebody else changed the order meanwhile"),
        ({"order_rev": ""}, 400, "does not say which state"),
    ],
)
@pytest.mark.parametrize("act", ["preview", "amend"])
def test_what_is_refused_changes_nothing_and_keeps_what_was_typed(
    clerk: Client, order: SalesDocument, given: dict[str, str], status: int, told: str, act: str
) -> None:
    kept = {"lines__20000__quantity": "3", **given}

    answered, page = post(clerk, order, act, **kept)

    assert answered == status
    assert told in page
    form = form_on(page)
    assert form["reason"] == _REASON
    typed = {name.replace("__", "."): text for name, text in kept.items() if name != "order_rev"}
    assert {name: form[name] for name in typed} == typed
    assert list(SalesLine.objects.filter(document=order).values_list("quantity", flat=True)) == [4, 2, 1, 0]


def test_a_reason_is_given_and_something_is_changed(clerk: Client, order: SalesDocument) -> None:
    status, page = post(clerk, order, "amend", lines__10000__quantity="6", reason=" ")
    assert (status, 'id="why-reason-error"' in page) == (400, True)
    status, page = post(clerk, order, "amend")
    assert (status, "Nothing is changed." in page) == (400, True)


def test_an_open_order_is_not_amended(clerk: Client, order: SalesDocument) -> None:
    reopen(order)
    status, page = post(clerk, order, "amend", lines__10000__quantity="6")
    assert status == 409
    assert form_on(page)["lines.10000.quantity"] == "6"


def test_others_may_not(worker: Client, planner: Client, order: SalesDocument) -> None:
    assert worker.get(url_of(order)).status_code == 403
    assert planner.get(url_of(order)).status_code == 403


def test_the_page_costs_the_same_for_many_lines(clerk: Client, kit: Item) -> None:
    def cost_of(lines: int) -> int:
        order = release(sell(*[{"no": kit.no, "quantity": 2}] * lines))
        return statements_of(lambda: clerk.get(url_of(order)))

    cost_of(1)
    assert cost_of(1) == cost_of(9)
