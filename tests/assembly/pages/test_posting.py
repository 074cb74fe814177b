"""Posting assembly orders from their pages, what was posted as pages, and its undo."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from assembly.models import AssemblyDocument, AssemblyStatus, PostedAssembly
from assembly.services.documents import delete_assembly_document
from inventory.models import Item
from tests.posting import nothing_posted, on_hand, post_assembly, ship, stock
from tests.support import address, assemble, assembly_of, fresh, line_of, plan, sell
from tests.support_pages import save, statements_of

POSTED = "/assembly/posted/"


@pytest.fixture
def order(stock_kit: Item) -> AssemblyDocument:
    """An order of four STK to stock, for which there are components."""
    stock("D", 1000, 2)
    return assemble(stock_kit, 4)


def post_url(order: AssemblyDocument) -> str:
    return f"/assembly/orders/{order.no}/post/"


def typed(client: Client, order: AssemblyDocument, act: str, **more: str) -> dict[str, str]:
    """Return what the form of the dialog sends."""
    page = client.get(post_url(order)).context
    return {"act": act, "form_token": page["form_token"], "order_rev": str(page["dialog"].rev), **more}


def test_preview_shows_the_entries_and_keeps_nothing(worker: Client, order: AssemblyDocument) -> None:
    page = save(worker, post_url(order), **typed(worker, order, "preview")).content.decode()

    assert "assembly PA-000001" in page
    assert "Assembly consumption" in page
    assert nothing_posted()
    assert on_hand("D") == 1000


def test_order_is_posted_in_parts_until_it_is_closed(worker: Client, order: AssemblyDocument) -> None:
    save(worker, f"/assembly/orders/{order.no}/header/", quantity_to_assemble="3")
    response = save(worker, post_url(order), **typed(worker, order, "post", posting_date="2031-03-05"))

    assert response["HX-Redirect"] == f"/assembly/orders/{order.no}/"
    assert on_hand("STK") == 3
    assert str(PostedAssembly.objects.get().posting_date) == "2031-03-05"
    page = worker.get(f"/assembly/orders/{order.no}/").content.decode()
    assert f'href="{POSTED}PA-000001/"' in page

    save(worker, post_url(order), **typed(worker, order, "post"))
    assert fresh(order).status == AssemblyStatus.CLOSED
    assert 'data-key="f9"' not in worker.get(f"/assembly/orders/{order.no}/").content.decode()


def test_refusal_stands_in_the_dialog(worker: Client, stock_kit: Item) -> None:
    order = assemble(stock_kit, 4)

    response = save(worker, post_url(order), **typed(worker, order, "post"))

    assert response.status_code == 409
    assert "D at MAIN: 12 required, 0 available." in response.content.decode()
    assert nothing_posted()


def test_what_is_made_for_a_sales_line_is_not_posted_here(worker: Client, kit: Item) -> None:
    order = assembly_of(line_of(sell({"no": "K", "quantity": 1})))

    assert 'data-key="f9"' not in worker.get(f"/assembly/orders/{order.no}/").content.decode()
    response = save(worker, post_url(order), **typed(worker, order, "post"))
    assert response.status_code == 409
    assert nothing_posted()


def test_list_is_narrowed_by_the_address(worker: Client, order: AssemblyDocument) -> None:
    post_assembly(order)

    for query in ("q=stk", "item=STK", "component=D", "from_date=2031-03-03", "reversed=false", "sort=-item"):
        assert "PA-000001" in worker.get(f"{POSTED}?{query}").content.decode(), query
    for query in ("q=nothing", "item=D", "component=STK", "from_date=2032-03-04", "reversed=true"):
        assert "PA-000001" not in worker.get(f"{POSTED}?{query}").content.decode(), query


def test_list_and_card_take_the_same_statements_however_many_rows(planner: Client, order: AssemblyDocument) -> None:
    plan(order, quantity_to_assemble=1)
    post_assembly(order)
    # Session, person; the list, or the document with numbers, lines and order.
    pinned = {POSTED: 3, f"{POSTED}PA-000001/": 6}
    assert {url: statements_of(lambda url=url: planner.get(url)) for url in pinned} == pinned  # type: ignore[misc]

    for _ in range(3):
        plan(order, quantity_to_assemble=1)
        post_assembly(order)
    assert {url: statements_of(lambda url=url: planner.get(url)) for url in pinned} == pinned  # type: ignore[misc]


def test_costs_are_kept_from_the_worker(worker: Client, planner: Client, order: AssemblyDocument) -> None:
    post_assembly(order)

    for url in (POSTED, f"{POSTED}PA-000001/"):
        assert "Cost" in planner.get(url).content.decode()
        assert "Cost" not in worker.get(url).content.decode()


def test_posting_is_undone_and_the_order_has_it_to_do_again(planner: Client, order: AssemblyDocument) -> None:
    plan(order, quantity_to_assemble=1)
    post_assembly(order)

    response = planner.post(f"{POSTED}PA-000001/undo/")

    assert response["Location"] == f"{POSTED}PA-000001/"
    page = planner.get(f"{POSTED}PA-000001/").content.decode()
    assert "Undone" in page
    assert "PA-000001/undo/" not in page
    assert fresh(order).assembled_quantity == 0


def test_finished_order_comes_back_where_that_is_wanted(planner: Client, order: AssemblyDocument) -> None:
    post_assembly(order)
    assert "bring the order back" in planner.get(f"{POSTED}PA-000001/").content.decode()

    planner.post(f"{POSTED}PA-000001/undo/", {"recreate": "true"})

    back = AssemblyDocument.objects.get(no=order.no)
    assert back.status != AssemblyStatus.CLOSED
    assert back.remaining_quantity == 4


def test_deleted_order_comes_back_where_that_is_wanted(planner: Client, order: AssemblyDocument) -> None:
    plan(order, quantity_to_assemble=1)
    post_assembly(order)
    delete_assembly_document(**address(order))
    assert f"Order {order.no} stays deleted" in planner.get(f"{POSTED}PA-000001/").content.decode()

    response = planner.post(f"{POSTED}PA-000001/undo/", {"recreate": "true"}, follow=True)

    assert "its order has it to do again." in response.content.decode()
    assert f'href="/assembly/orders/{order.no}/"' in response.content.decode()
    assert AssemblyDocument.objects.get(no=order.no).remaining_quantity == 1


def test_order_that_is_open_needs_no_bringing_back(planner: Client, order: AssemblyDocument) -> None:
    plan(order, quantity_to_assemble=1)
    post_assembly(order)

    page = planner.get(f"{POSTED}PA-000001/").content.decode()

    assert "has it to do again" in page
    assert "recreate" not in page


def test_refused_undo_says_why(planner: Client, order: AssemblyDocument) -> None:
    post_assembly(order)
    ship(sell({"no": "STK", "quantity": 4}))

    response = planner.post(f"{POSTED}PA-000001/undo/")

    assert response.status_code == 409
    assert "0 are still in inventory" in response.content.decode()


def test_what_was_shipped_is_undone_with_its_shipment(planner: Client, kit: Item) -> None:
    stock("A", 10, 5)
    order = sell({"no": "K", "quantity": 2})
    ship(order)

    page = planner.get(f"{POSTED}PA-000001/").content.decode()

    assert 'href="/sales/shipments/SS-000001/"' in page
    assert f'href="/sales/orders/{order.no}/"' in page
    assert "undo/" not in page
    assert planner.post(f"{POSTED}PA-000001/undo/").status_code == 409


def test_undo_is_not_for_everybody(worker: Client, order: AssemblyDocument) -> None:
    post_assembly(order)
    assert "undo/" not in worker.get(f"{POSTED}PA-000001/").content.decode()
    assert worker.post(f"{POSTED}PA-000001/undo/").status_code == 403


def test_unknown_document_is_not_found(worker: Client, house: Any) -> None:
    assert worker.get(f"{POSTED}NONE/").status_code == 404
