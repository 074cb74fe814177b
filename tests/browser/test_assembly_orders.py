"""The assembly order page in a real browser: by keyboard alone, linked and to stock, in every window."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from assembly.models import AssemblyDocument, AssemblyStatus
from inventory.models import Item
from tests.browser.documents import barriers, cell, examined, is_saved, planner_page, sideways, sign_in
from tests.factories import make_item, make_substitute
from tests.support import assemble, assembly_of, component, fresh, quantities_of, sell_kit
from tests.support_stories import house, kit, rich_kit, stock_kit

__all__ = ["examined", "house", "kit", "planner_page", "rich_kit", "sign_in", "stock_kit"]

pytestmark = pytest.mark.browser


def opened(page: Page, order: AssemblyDocument) -> Page:
    page.goto(f"/assembly/orders/{order.no}/")
    return page


def part(order: AssemblyDocument, line_no: int = 10000) -> str:
    return f"#parts-{order.pk}-{line_no}"


def test_order_to_stock_is_entered_and_released_by_keyboard_alone(planner_page: Page, kit: Item) -> None:
    page, keys = planner_page, planner_page.keyboard
    page.goto("/assembly/orders/new/")
    page.get_by_label("Item").focus()
    keys.type("K")
    for _ in range(2):
        keys.press("Tab")
    keys.type("4")
    keys.press("Control+Enter")
    page.wait_for_url("**/assembly/orders/AO-*/")

    order = AssemblyDocument.objects.get()
    assert quantities_of(order) == {"A": 8, "R": 4}

    keys.press("Control+Insert")
    keys.type("A")
    keys.press("Enter")
    keys.type("1")
    keys.press("Enter")
    expect(page.locator(f"{part(order, 30000)} [data-live=quantity]")).to_have_text("4")
    keys.press("Control+Enter")
    expect(page.locator(".notice")).to_contain_text("released")
    assert fresh(order).status == AssemblyStatus.RELEASED


def test_new_quantity_scales_the_lines_where_they_stand(planner_page: Page, kit: Item) -> None:
    order = assemble(kit, 10)
    page = opened(planner_page, order)
    page.get_by_label("Quantity", exact=True).fill("12")
    page.keyboard.press("Tab")

    expect(page.locator(f"{part(order)} [data-live=quantity]")).to_have_text("24")
    is_saved(page)

    page.get_by_label("Quantity to assemble").fill("6")
    page.keyboard.press("Tab")
    expect(cell(page, part(order), "quantity_to_consume")).to_have_value("12")


def test_another_item_replaces_the_lines(planner_page: Page, kit: Item, stock_kit: Item) -> None:
    order = assemble(kit, 10)
    page = opened(planner_page, order)
    page.get_by_label("Item", exact=False).first.fill("STK")
    page.keyboard.press("Tab")

    expect(cell(page, part(order), "no")).to_have_value("D")
    expect(page.locator(part(order, 20000))).to_have_count(0)
    cell(page, part(order), "quantity_per").fill("4")
    cell(page, f"#parts-{order.pk}-new-0", "no").focus()
    is_saved(page)
    assert quantities_of(order) == {"D": 40}


def test_linked_order_leads_to_its_sales_line(planner_page: Page, kit: Item) -> None:
    line = sell_kit(kit, 10)
    page = opened(planner_page, assembly_of(line))
    expect(page.get_by_label("Quantity", exact=True)).to_have_attribute("readonly", "")
    expect(page.locator("#header")).to_contain_text("Exactly 10")

    page.get_by_role("link", name=f"{line.document.no}, line 10000").click()

    page.wait_for_url(f"**/sales/orders/{line.document.no}/#line-10000")


def test_quantity_out_of_bounds_is_refused_in_its_place(planner_page: Page, kit: Item) -> None:
    order = assembly_of(sell_kit(kit, 10))
    page = opened(planner_page, order)
    page.get_by_label("Quantity to assemble").fill("3")
    page.keyboard.press("Tab")

    expect(page.locator("#header-quantity_to_assemble-error")).to_contain_text("between 10 and 10")
    expect(page.get_by_label("Quantity to assemble")).to_have_value("3")


def test_substitute_by_keyboard(planner_page: Page, kit: Item) -> None:
    make_substitute(Item.objects.get(no="A"), make_item("A2", description="Better A"))
    order = assemble(kit, 10)
    page = opened(planner_page, order)
    page.get_by_role("link", name="Substitute component 10000, A").focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Substitutes for A")
    expect(dialog).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)

    page.keyboard.press("Enter")
    expect(dialog).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    expect(cell(page, part(order), "no")).to_have_value("A2")
    assert component(order, "A2").quantity == 20


# --- Accessibility and reflow


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_have_no_known_barrier(examined: Page, kit: Item, rich_kit: Item, scheme: Any) -> None:
    make_substitute(Item.objects.get(no="A"), make_item("A2", description="Better A"))
    linked, own = assembly_of(sell_kit(rich_kit, 10)), assemble(kit, 10)
    examined.emulate_media(color_scheme=scheme)
    found = {}
    paths = ("/assembly/orders/", "/assembly/orders/new/", f"/assembly/orders/{linked.no}/")
    for path in (*paths, f"/assembly/orders/{own.no}/able-to-make/", f"/assembly/orders/{own.no}/"):
        examined.goto(path)
        found[path] = barriers(examined)
    examined.get_by_role("link", name="Substitute component 10000, A").click()
    expect(examined.locator("dialog[data-modal]")).to_be_visible()
    found["dialog"] = barriers(examined)
    assert not any(found.values()), found


@pytest.mark.parametrize("window", [(1440, 900), (834, 1112), (720, 450), (320, 640)], ids=str)
def test_only_tables_scroll_sideways(planner_page: Page, kit: Item, window: tuple[int, int]) -> None:
    order = assembly_of(sell_kit(kit, 10))
    planner_page.set_viewport_size({"width": window[0], "height": window[1]})
    for path in ("/assembly/orders/", f"/assembly/orders/{order.no}/"):
        planner_page.goto(path)
        assert sideways(planner_page) == 0
