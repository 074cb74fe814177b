"""The page of planning suggestions in a real browser: by keyboard alone, without scripts, in every window."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from assembly.models import AssemblyDocument
from backoffice.rights import Role
from inventory.models import Item, PurchaseOrder, ReorderingPolicy, Setup
from tests.browser.documents import SignIn, barriers, examined, focused, planner_page, sideways, sign_in
from tests.factories import make_item, make_stock_kit
from tests.support import day, sell
from tests.support_stories import house

__all__ = ["examined", "house", "planner_page", "sign_in"]

pytestmark = pytest.mark.browser

PLANNING = "/assembly/planning/"
CALCULATED = f"{PLANNING}?calculate=1"


@pytest.fixture(autouse=True)
def plant(house: Setup) -> Item:
    """Five DESK are wanted, each of 2 FRAME of 3 TUBE that are purchased; all lot for lot."""
    lot = {"reordering_policy": ReorderingPolicy.LOT_FOR_LOT}
    frame = make_stock_kit("FRAME", bom=[{"item": make_item("TUBE", **lot), "quantity_per": 3}], **lot)
    desk = make_stock_kit("DESK", bom=[{"item": frame, "quantity_per": 2}], **lot)
    sell({"no": "DESK", "quantity": 5}, shipment_date=day(20))
    return desk


def quantity_of(page: Page, item: str) -> Locator:
    return page.get_by_role("textbox", name=f"Quantity, {item} at MAIN")


def test_suggestions_are_calculated_changed_and_accepted_by_keyboard_alone(planner_page: Page) -> None:
    page, keys = planner_page, planner_page.keyboard
    page.goto("/")
    keys.press("g")
    keys.press("n")
    page.wait_for_url(f"**{PLANNING}")
    keys.press("Control+Enter")
    page.wait_for_url("**calculate=1*")

    while not focused(page).startswith("plan-quantity_"):
        keys.press("Tab")
    expect(quantity_of(page, "DESK")).to_be_focused()
    keys.press("Control+a")
    keys.type("7")
    quantity_of(page, "TUBE").evaluate("control => control.closest('tr').querySelector('[type=checkbox]').focus()")
    keys.press("Space")
    keys.press("Control+Enter")
    expect(page.locator("#confirm")).to_be_visible()
    keys.press("Tab")
    keys.press("Enter")

    expect(page.locator(".notice")).to_contain_text("Made: assembly orders AO-")
    made = AssemblyDocument.objects.order_by("no")
    assert [(order.item_id, order.quantity) for order in made] == [("DESK", 7), ("FRAME", 10)]
    assert not PurchaseOrder.objects.exists()
    # The seventh desk needs more frames, and the tubes were left for later.
    expect(quantity_of(page, "FRAME")).to_have_value("4")
    expect(quantity_of(page, "TUBE").first).to_be_visible()
    page.locator(".notice a").first.click()
    expect(page.locator("#header-quantity")).to_have_value("7")


def test_one_box_ticks_all(planner_page: Page) -> None:
    page = planner_page
    page.goto(CALCULATED)
    every, boxes = page.get_by_label("Tick all"), page.locator("tbody input[type=checkbox]")

    every.uncheck()
    expect(boxes.nth(2)).not_to_be_checked()
    boxes.nth(1).check()
    assert every.evaluate("box => box.indeterminate")
    boxes.nth(0).check()
    boxes.nth(2).check()
    expect(every).to_be_checked()


def test_refused_row_says_why_and_the_others_go_on(planner_page: Page) -> None:
    page = planner_page
    page.goto(CALCULATED)
    quantity_of(page, "TUBE").fill("0")
    page.get_by_role("button", name="Accept what is ticked").click()
    page.locator("#confirm").get_by_role("button", name="Make orders").click()

    expect(page.locator(".note-row")).to_contain_text("greater than zero")
    expect(quantity_of(page, "TUBE")).to_have_value("0")
    assert barriers_are_marked(page)
    assert not AssemblyDocument.objects.exists()

    page.get_by_role("button", name="Accept the other 2").click()
    page.locator("#confirm").get_by_role("button", name="Make orders").click()
    expect(page.locator(".notice")).to_contain_text("Made: assembly orders")
    assert AssemblyDocument.objects.count() == 2


def barriers_are_marked(page: Page) -> bool:
    """Say whether the refused control is told from the others to those who cannot see its colour."""
    return quantity_of(page, "TUBE").get_attribute("aria-invalid") == "true"


def test_suggestions_are_accepted_without_scripts(chromium: Browser, live_server: LiveServer, sign_in: SignIn) -> None:
    context = chromium.new_context(base_url=live_server.url, java_script_enabled=False)
    page = sign_in(context.new_page(), Role.PLANNER)
    page.goto(PLANNING)
    page.get_by_label("Items").fill("DESK")
    page.get_by_role("button", name="Calculate").click()
    page.get_by_role("button", name="Accept what is ticked").click()

    expect(page.locator(".notice")).to_contain_text("Made: assembly order AO-")
    expect(page.locator("main")).to_contain_text("Nothing is uncovered")
    context.close()
    assert [order.item_id for order in AssemblyDocument.objects.all()] == ["DESK"]


# --- Accessibility and reflow


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_have_no_known_barrier(examined: Page, scheme: Any) -> None:
    examined.emulate_media(color_scheme=scheme)
    found = {}
    for path in (PLANNING, CALCULATED, f"{CALCULATED}&location=NOWHERE", f"{CALCULATED}&ending_date=2031-03-04"):
        examined.goto(path)
        found[path] = barriers(examined)
    examined.goto(CALCULATED)
    quantity_of(examined, "TUBE").fill("none")
    examined.get_by_role("button", name="Accept what is ticked").click()
    examined.locator("#confirm").get_by_role("button", name="Make orders").click()
    expect(examined.locator(".note-row")).to_be_visible()
    found["refused"] = barriers(examined)
    assert not any(found.values()), found


@pytest.mark.parametrize("window", [(1440, 900), (834, 1112), (320, 640)], ids=str)
def test_only_tables_scroll_sideways(planner_page: Page, window: tuple[int, int]) -> None:
    planner_page.set_viewport_size({"width": window[0], "height": window[1]})
    for path in (PLANNING, CALCULATED):
        planner_page.goto(path)
        assert sideways(planner_page) == 0
