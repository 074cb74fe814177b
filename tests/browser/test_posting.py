"""Posting, undo, numbers and trace in a real browser: by keyboard, in both themes, in every window, without scripts."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from assembly.models import PostedAssembly
from backoffice.models import Job
from backoffice.rights import Role
from inventory.models import Item
from sales.models import SalesDocument, SalesShipment, SalesStatus
from tests.browser.documents import (
    barriers,
    cell,
    clerk_page,
    examined,
    is_saved,
    planner_page,
    sideways,
    sign_in,
    without_scripts,
)
from tests.factories import make_item, make_kit
from tests.posting import nothing_posted, post_assembly, ship_and_invoice, stock
from tests.support import assemble, line_of, release, sell
from tests.support_stories import house, kit, stock_kit

__all__ = ["clerk_page", "examined", "house", "kit", "planner_page", "sign_in", "stock_kit", "without_scripts"]

pytestmark = pytest.mark.browser

FIRST = "#line-10000"


@pytest.fixture
def order(kit: Item) -> SalesDocument:
    """An order of three K, assembled to order, for which there are components."""
    stock("A", 100, 5)
    return sell({"no": "K", "quantity": 3})


def opened(page: Page, path: str) -> Page:
    page.goto(path)
    return page


def dialog_of(page: Page) -> Locator:
    return page.locator("dialog[data-modal][open]")


def asked_to_post(page: Page) -> Locator:
    """Press the key that opens the dialog, and return it."""
    page.keyboard.press("F9")
    expect(dialog_of(page)).to_be_visible()
    return dialog_of(page)


def test_order_is_entered_released_previewed_and_posted_by_keyboard_alone(clerk_page: Page, kit: Item) -> None:
    stock("A", 100, 5)
    page, keys = clerk_page, clerk_page.keyboard
    page.goto("/sales/orders/new/")
    page.locator("#header-customer").focus()
    keys.type("CUST")
    keys.press("Control+Enter")
    page.wait_for_url("**/sales/orders/SO-*/*")
    keys.type("K")
    keys.press("Enter")
    keys.type("3")
    keys.press("Enter")
    is_saved(page)
    keys.press("Control+Enter")
    expect(page.locator(".notice")).to_contain_text("released")
    order = SalesDocument.objects.get()

    # One piece less than was proposed, typed and not yet saved when the dialog is asked for.
    cell(page, FIRST, "qty_to_ship").fill("2")
    asked_to_post(page)
    assert line_of(order).qty_to_ship == 2

    keys.press("Enter")
    expect(dialog_of(page)).to_contain_text("What would be posted")
    expect(dialog_of(page)).to_contain_text("shipment SS-000001, assembly PA-000001")
    assert nothing_posted()

    keys.press("Control+Enter")
    expect(page.locator(".notice")).to_contain_text("Posted: shipment SS-000001, assembly PA-000001.")
    assert SalesShipment.objects.count() == 1
    expect(page.locator(f"{FIRST} [data-live=shipped]")).to_have_text("2")


def test_shipment_is_undone_after_a_question(planner_page: Page, order: SalesDocument) -> None:
    release(order)
    page = opened(planner_page, f"/sales/orders/{order.no}/")
    asked_to_post(page).get_by_role("button", name="Post", exact=True).click()
    page.locator(".notice").get_by_role("link", name="SS-000001").click()

    page.get_by_role("button", name="Undo shipment").click()
    page.locator("#confirm").get_by_role("button", name="Cancel").click()
    expect(page.locator(".page-title .badge")).to_contain_text("Shipped")
    page.get_by_role("button", name="Undo shipment").click()
    page.locator("#confirm").get_by_role("button", name="Undo").click()

    expect(page.locator(".page-title .badge")).to_contain_text("Undone")
    assert line_of(order).quantity_shipped == 0
    page.get_by_role("link", name="PA-000001").first.click()
    expect(page.locator(".page-title .badge").first).to_contain_text("Undone")
    page.get_by_role("link", name="Show entries").click()
    expect(page.locator("main")).to_contain_text("Resource ledger")


def test_chosen_line_is_undone(planner_page: Page, kit: Item) -> None:
    stock("A", 100, 5)
    order = sell({"no": "A", "quantity": 1}, {"no": "A", "quantity": 2})
    ship_and_invoice(sell({"no": "A", "quantity": 1}))
    page = opened(planner_page, f"/sales/orders/{order.no}/")
    asked_to_post(page).get_by_role("button", name="Post", exact=True).click()
    page.locator(".notice").get_by_role("link", name="SS-000002").click()

    page.get_by_label("Undo line 20000, A").check()
    page.get_by_role("button", name="Undo chosen lines").click()
    page.locator("#confirm").get_by_role("button", name="Undo").click()

    expect(page.locator(".page-title .badge")).to_contain_text("Partly undone")
    assert (line_of(order).quantity_shipped, line_of(order, 20000).quantity_shipped) == (1, 0)


def test_refusal_stands_in_the_dialog_and_what_was_typed_stays(clerk_page: Page, kit: Item) -> None:
    order = sell({"no": "K", "quantity": 3})
    page = opened(clerk_page, f"/sales/orders/{order.no}/")
    dialog = asked_to_post(page)
    dialog.get_by_label("Posting date").fill("2031-03-09")

    dialog.get_by_role("button", name="Post", exact=True).click()

    expect(dialog).to_contain_text("A at MAIN: 6 required, 0 available.")
    expect(dialog.get_by_label("Posting date")).to_have_value("2031-03-09")
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    assert nothing_posted()


def test_server_that_fails_loses_nothing(clerk_page: Page, order: SalesDocument) -> None:
    page = opened(clerk_page, f"/sales/orders/{order.no}/")
    dialog = asked_to_post(page)
    dialog.get_by_label("Posting date").fill("2031-03-09")
    page.route("**/post/", lambda route: route.abort())

    dialog.get_by_role("button", name="Post", exact=True).click()

    expect(page.locator(".notice")).to_contain_text("did not answer")
    expect(dialog.get_by_label("Posting date")).to_have_value("2031-03-09")
    page.unroute("**/post/")
    dialog.get_by_role("button", name="Post", exact=True).click()
    expect(page.locator(".notice")).to_contain_text("Posted: shipment")


def test_doubled_click_posts_once(clerk_page: Page, order: SalesDocument) -> None:
    page = opened(clerk_page, f"/sales/orders/{order.no}/")
    asked_to_post(page).get_by_role("button", name="Post", exact=True).dblclick()

    expect(page.locator(".notice")).to_contain_text("Posted: shipment SS-000001")
    assert SalesShipment.objects.count() == 1


def test_order_is_posted_without_scripts(without_scripts: Page, order: SalesDocument) -> None:
    page = opened(without_scripts, f"/sales/orders/{order.no}/")
    page.get_by_role("button", name="Post…").click()
    page.get_by_label("Post", exact=True).select_option("both")
    page.get_by_role("button", name="Preview").click()
    expect(page.locator("main")).to_contain_text("invoice SI-000001")
    assert nothing_posted()

    page.get_by_role("button", name="Post", exact=True).click()
    expect(page.locator(".notice")).to_contain_text("invoice SI-000001")
    order.refresh_from_db()
    assert order.status == SalesStatus.CLOSED


def test_assembly_order_is_posted_and_undone(planner_page: Page, stock_kit: Item) -> None:
    stock("D", 100, 2)
    order = assemble(stock_kit, 4)
    page = opened(planner_page, f"/assembly/orders/{order.no}/")
    asked_to_post(page)
    page.keyboard.press("Control+Enter")
    page.locator(".notice").get_by_role("link", name="PA-000001").click()

    page.get_by_role("button", name="Undo and bring the order back").click()
    page.locator("#confirm").get_by_role("button", name="Undo").click()

    expect(page.locator(".page-title .badge")).to_contain_text("Undone")
    page.get_by_role("link", name=order.no).first.click()
    expect(page.locator("#header-quantity")).to_have_value("4")


def test_chosen_orders_are_posted_together(planner_page: Page, stock_kit: Item, kit: Item) -> None:
    first, second = assemble(stock_kit, 1), assemble(stock_kit, 2)
    sell({"no": "K", "quantity": 1})
    page = opened(planner_page, "/assembly/orders/")
    expect(page.locator("[name=nos]")).to_have_count(2)  # what is made for a sales line is posted with its shipment

    for order in (first, second):
        page.get_by_label(f"Post {order.no}").check()
    page.get_by_role("button", name="Post chosen").click()
    page.locator("#confirm").get_by_role("button", name="Post").click()

    page.wait_for_url("**/jobs/*/")
    assert Job.objects.get().payload["nos"] == [first.no, second.no]


def test_serial_numbers_are_assigned_and_traced(clerk_page: Page, house: Any) -> None:
    make_kit("SER", item_tracking="serial", bom=[{"item": make_item("C"), "quantity_per": 2}])
    order = sell({"no": "SER", "quantity": 1, "qty_to_assemble_to_order": 0})
    stock("SER", 1, 1, serial_no="S-77")
    page = opened(clerk_page, f"/sales/orders/{order.no}/")

    page.get_by_role("button", name="Lots and serial numbers of line 10000, SER").click()
    dialog_of(page).get_by_label("More serial numbers").fill("S-77")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".notice")).to_contain_text("Numbers of line 10000, SER saved.")

    asked_to_post(page)
    page.keyboard.press("Control+Enter")
    page.locator(".notice").get_by_role("link", name="SS-000001").click()
    page.get_by_role("link", name="S-77").click()
    expect(page.locator("h1")).to_have_text("Trace S-77")
    expect(page.locator("table.trace").last).to_contain_text("CUST")


# --- Accessibility and reflow


@pytest.fixture
def posted(kit: Item, stock_kit: Item) -> dict[str, str]:
    """Posted documents of every kind, and their pages."""
    stock("A", 100, 5)
    stock("D", 100, 2)
    ship_and_invoice(sell({"no": "K", "quantity": 3}))
    post_assembly(assemble(stock_kit, 2))
    assert PostedAssembly.objects.count() == 2
    return {
        "shipments": "/sales/shipments/",
        "shipment": "/sales/shipments/SS-000001/",
        "invoices": "/sales/invoices/",
        "invoice": "/sales/invoices/SI-000001/",
        "assemblies": "/assembly/posted/",
        "assembly": "/assembly/posted/PA-000001/",
        "to stock": "/assembly/posted/PA-000002/",
        "entries": "/inventory/ledger-entries/of/PA-000001/",
        "trace": "/inventory/trace/?number=none",
    }


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_have_no_known_barrier(examined: Page, posted: dict[str, str], scheme: Any) -> None:
    examined.emulate_media(color_scheme=scheme)
    found = {}
    for name, path in posted.items():
        examined.goto(path)
        found[name] = barriers(examined)
    assert not any(found.values()), found


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_dialogs_have_no_known_barrier(
    chromium: Any, live_server: Any, sign_in: Any, order: SalesDocument, scheme: Any
) -> None:
    make_kit("SER", item_tracking="serial", bom=[{"item": Item.objects.get(no="A"), "quantity_per": 2}])
    numbered = sell({"no": "SER", "quantity": 1})
    context = chromium.new_context(base_url=live_server.url, bypass_csp=True, color_scheme=scheme)
    page = sign_in(context.new_page(), Role.CLERK)
    page.goto(f"/sales/orders/{order.no}/")
    asked_to_post(page)
    page.keyboard.press("Enter")
    expect(dialog_of(page)).to_contain_text("What would be posted")
    found = {"posting": barriers(page)}
    page.goto(f"/sales/orders/{numbered.no}/")
    page.get_by_role("button", name="Lots and serial numbers").click()
    expect(dialog_of(page)).to_be_visible()
    dialog_of(page).get_by_label("More serial numbers").fill("1 2 3")
    page.keyboard.press("Control+Enter")
    expect(dialog_of(page).locator(".note.danger")).to_be_visible()
    found["tracking"] = barriers(page)
    context.close()
    assert not any(found.values()), found


@pytest.mark.parametrize("window", [(1440, 900), (834, 1112), (320, 640)], ids=str)
def test_only_tables_scroll_sideways(planner_page: Page, posted: dict[str, str], window: tuple[int, int]) -> None:
    planner_page.set_viewport_size({"width": window[0], "height": window[1]})
    wide = {}
    for name, path in posted.items():
        planner_page.goto(path)
        wide[name] = sideways(planner_page)
    assert not any(wide.values()), wide
