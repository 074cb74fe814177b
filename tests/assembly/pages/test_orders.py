"""The pages of assembly orders: list, order, header, and what is done to a whole order."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from assembly.models import AssemblyDocument, AssemblyStatus
from backoffice.acting import acting_as
from backoffice.transactions import run_unit
from inventory.models import CostingMethod, Item
from sales.services.amending import amend_order
from tests.assembly.pages.orders import ORDERS, line_url, url_of
from tests.factories import make_item, make_kit
from tests.posting import post_assembly, stock
from tests.support import (
    assemble,
    assembly_of,
    change,
    component,
    d,
    day,
    fresh,
    line_of,
    plan,
    quantities_of,
    release,
    sell,
    sell_kit,
)
from tests.support_pages import BY_SCRIPT, save, statements_of

# --- The list


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["K", "STK"]),
        ("q=stk", ["STK"]),
        ("q=SO-", ["K"]),
        ("made_for=order", ["K"]),
        ("made_for=stock", ["STK"]),
        ("status=released", []),
        ("due_to=2031-03-12", ["STK"]),
        ("sort=-item", ["STK", "K"]),
    ],
)
def test_list_is_narrowed_by_the_address(
    worker: Client, kit: Item, stock_kit: Item, query: str, found: list[str]
) -> None:
    sell_kit(kit)
    assemble(stock_kit, due_date=day(9))

    rows = worker.get(f"{ORDERS}?{query}", **BY_SCRIPT).context
    listing = rows["listing"]

    assert sorted(row.item_id for row in listing.rows) == sorted(found)


def test_list_takes_one_statement_however_long(worker: Client, kit: Item) -> None:
    sell_kit(kit)
    few = statements_of(lambda: worker.get(ORDERS))
    sell(*[{"no": "K", "quantity": 1}] * 10)

    assert statements_of(lambda: worker.get(ORDERS)) == few == 3


# --- The order


def test_linked_order_says_what_follows_the_sales_line(planner: Client, linked: AssemblyDocument) -> None:
    page = planner.get(url_of(linked)).content.decode()

    no = linked.link.sales_line.document.no
    assert f'<a href="/sales/orders/{no}/#line-10000">{no}, line 10000</a>' in page
    for name in ("item", "variant", "location", "bin", "unit_of_measure", "quantity", "due_date"):
        assert f'id="header-{name}-lock">Follows {no}, line 10000. Change it there.' in page
    assert 'id="header-starting_date-lock"' not in page
    assert "5 to 7" in page


def test_worker_has_no_way_to_the_sales_order(worker: Client, linked: AssemblyDocument) -> None:
    assert "/sales/orders/" not in worker.get(url_of(linked)).content.decode()


def test_order_takes_the_same_statements_however_many_components(planner: Client, kit: Item) -> None:
    small = assemble(kit, 1)
    big = assemble(make_kit("BIG", bom=[{"item": make_item(f"P{n}"), "quantity_per": 1} for n in range(30)]), 1)

    # Session, person, document, link, lines, history, what was posted.
    assert statements_of(lambda: planner.get(url_of(small))) == 7
    assert statements_of(lambda: planner.get(url_of(big))) == 7


def test_costs_are_shown_to_those_who_may_see_them(planner: Client, worker: Client, linked: AssemblyDocument) -> None:
    assert "Unit cost" in planner.get(url_of(linked)).content.decode()
    page = worker.get(url_of(linked)).content.decode()
    assert "Unit cost" not in page
    assert "Cost" not in page.partition('id="history"')[0].partition("<main")[2]


def test_auditor_only_reads(auditor: Client, linked: AssemblyDocument) -> None:
    page = auditor.get(url_of(linked)).content.decode()

    assert "data-unit" not in page
    assert save(auditor, url_of(linked, "header"), quantity_to_assemble="5").status_code == 403
    assert save(auditor, line_url(linked), quantity_per="5").status_code == 403
    assert fresh(linked).quantity_to_assemble == 7


def test_it_says_why_the_sales_order_was_amended(worker: Client, kit: Item) -> None:
    order = release(sell_kit(kit, 3).document)
    amend_order(no=order.no, values={}, lines={10000: {"quantity": d(4)}}, reason="One more guest")

    page = worker.get(url_of(assembly_of(line_of(order)))).content.decode()

    assert "Changed by" in page
    assert "<strong>One more guest</strong>" in page


def test_a_job_that_posted_the_order_is_no_amendment_of_it(worker: Client, stock_kit: Item) -> None:
    stock("D", 30)
    order = plan(assemble(stock_kit, 5), quantity_to_assemble=2)
    with acting_as(None, reason="Post assembly orders"):
        run_unit(lambda: post_assembly(order))

    page = worker.get(url_of(order)).content.decode()

    assert order.no in page
    assert "Changed by" not in page


def test_history_tells_what_was_customised(clerk: Client, linked: AssemblyDocument) -> None:
    save(clerk, line_url(linked), quantity_per="3")

    history = clerk.get(url_of(linked)).content.decode().partition('id="history"')[2]

    assert "Line 10000 changed" in history
    assert "<del>2</del> <ins>3</ins>" in history


# --- The header


@pytest.mark.parametrize(
    ("typed", "status", "said"),
    [
        ({"quantity_to_assemble": "4"}, 409, "between 5 and 7"),
        ({"quantity_to_assemble": ""}, 400, "This field is required."),
        ({"quantity": "9"}, 409, "follows the sales line"),
        ({"due_date": "2031-01-01"}, 409, "follows the sales line"),
        ({"starting_date": "2031-12-01"}, 409, "would be after"),
        ({"posting_date": "2032-01-01"}, 409, "2031-03-03"),
        ({"unit_cost": "-1"}, 400, "cannot be negative"),
    ],
)
def test_refused_header_shows_why_and_keeps_what_was_typed(
    planner: Client, linked: AssemblyDocument, typed: dict[str, str], status: int, said: str
) -> None:
    response = save(planner, url_of(linked, "header"), **typed)

    assert response.status_code in {status, 400, 409}
    page = response.content.decode()
    assert said in page
    assert f'value="{next(iter(typed.values()))}"' in page
    assert fresh(linked).quantity_to_assemble == 7


def test_worker_says_what_is_assembled_next_and_plans_nothing(worker: Client, linked: AssemblyDocument) -> None:
    done = save(worker, url_of(linked, "header"), quantity_to_assemble="6")
    assert done.status_code == 200
    assert f'id="parts-{linked.pk}-10000"' in done.content.decode()
    assert component(linked, "A").quantity_to_consume == 12

    refused = save(worker, url_of(linked, "header"), starting_date="2031-03-04")
    assert refused.status_code == 403


def test_new_quantity_brings_the_lines_along_and_another_item_replaces_them(
    planner: Client, kit: Item, stock_kit: Item
) -> None:
    order = assemble(kit, 10)

    scaled = save(planner, url_of(order, "header"), quantity="12").content.decode()
    assert f'id="parts-{order.pk}-10000"' in scaled
    assert 'data-parts tabindex="-1"' not in scaled
    assert quantities_of(order)["A"] == 24

    replaced = save(planner, url_of(order, "header"), item="STK").content.decode()
    assert 'hx-swap-oob="true"' in replaced
    assert quantities_of(order) == {"D": 36}


def test_unit_cost_posted_by_somebody_who_may_not_see_it_is_not_taken(worker: Client, kit: Item) -> None:
    order = assemble(kit, 1)
    before = order.unit_cost

    save(worker, url_of(order, "header"), unit_cost="1")
    save(worker, line_url(order), unit_cost="1")

    assert fresh(order).unit_cost == before
    assert component(order, "A").unit_cost == 5


# --- A new order


def test_new_order_takes_its_lines_from_the_bill_of_materials(planner: Client, kit: Item) -> None:
    assert planner.get(f"{ORDERS}new/").status_code == 200

    response = planner.post(f"{ORDERS}new/", {"item": "K", "quantity": "4"})

    order = AssemblyDocument.objects.get()
    assert response["Location"] == url_of(order)
    assert quantities_of(order) == {"A": 8, "R": 4}


def test_refused_new_order_keeps_what_was_typed(planner: Client, kit: Item) -> None:
    response = planner.post(f"{ORDERS}new/", {"item": "NONE", "quantity": "4"})

    assert response.status_code == 400
    assert "Item NONE does not exist." in response.content.decode()
    assert 'value="4"' in response.content.decode()


def test_clerk_does_not_enter_orders_to_stock(clerk: Client, kit: Item) -> None:
    assert clerk.get(f"{ORDERS}new/").status_code == 403


# --- The whole order


def test_order_to_stock_is_released_reopened_costed_and_deleted(planner: Client, kit: Item) -> None:
    order = assemble(kit, 10)

    planner.post(url_of(order, "release"))
    assert fresh(order).status == AssemblyStatus.RELEASED
    planner.post(url_of(order, "reopen"))
    assert fresh(order).status == AssemblyStatus.OPEN
    planner.post(url_of(order, "unit-cost"))
    assert fresh(order).unit_cost == d(40)
    assert planner.post(url_of(order, "delete"))["Location"] == ORDERS
    assert not AssemblyDocument.objects.exists()


def test_linked_order_is_deleted_with_its_line_only(planner: Client, linked: AssemblyDocument) -> None:
    assert "Delete" not in planner.get(url_of(linked)).content.decode().partition('class="page-body"')[0]

    response = planner.post(url_of(linked, "delete"))

    assert response.status_code == 409
    assert "can only be handled there" in response.content.decode()


def test_standard_cost_is_not_updated(planner: Client, kit: Item) -> None:
    Item.objects.filter(no="K").update(costing_method=CostingMethod.STANDARD)
    order = assemble(kit, 10)

    assert "Update unit cost" not in planner.get(url_of(order)).content.decode()
    assert planner.post(url_of(order, "unit-cost")).status_code == 400


# --- Lookups


def test_lookups_offer_what_can_be_assembled_and_used(clerk: Client, kit: Item) -> None:
    make_item("SERV", type="service")

    def options_of(query: str) -> Any:
        return clerk.get(f"/assembly/lookups/{query}").content.decode()

    assert "assembled to order" in options_of("items/?q=k")
    assert "option" not in options_of("items/?q=serv")
    assert "option" not in options_of("numbers/?q=serv")
    assert "Resource R" in options_of("numbers/?q=r&type=resource")
    assert "option" not in options_of("numbers/?q=r&type=text")


def test_panel_of_the_line_follows_the_line(clerk: Client, kit: Item) -> None:
    line = sell_kit(kit, 10)
    change(line, quantity="4")

    assert 'data-live="quantity">8<' in clerk.get(url_of(assembly_of(line), "panel")).content.decode()


def test_panel_leads_to_the_history_of_the_order(clerk: Client, linked: AssemblyDocument) -> None:
    assert f'href="{url_of(linked)}#history"' in clerk.get(url_of(linked, "panel")).content.decode()
