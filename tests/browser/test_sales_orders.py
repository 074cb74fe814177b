"""The sales order page in a real browser: by keyboard alone, with its panel, with two people, in every window."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from inventory.models import Item
from sales.models import SalesDocument, SalesStatus
from tests.browser.documents import (
    barriers,
    cell,
    clerk_page,
    examined,
    focused,
    is_saved,
    sideways,
    sign_in,
    without_scripts,
)
from tests.factories import make_item, make_substitute
from tests.support import assembly_of, change, component, has_assembly, line_of, sell, statements
from tests.support_stories import house, kit, rich_kit, stock_kit

__all__ = ["clerk_page", "examined", "house", "kit", "rich_kit", "sign_in", "stock_kit", "without_scripts"]

pytestmark = pytest.mark.browser

FIRST = "#line-10000"
SECOND = "#line-20000"


def opened(page: Page, order: SalesDocument) -> Page:
    page.goto(f"/sales/orders/{order.no}/")
    return page


def part(order: SalesDocument, line_no: int, component_no: int = 10000) -> str:
    """Return the selector of a component's line in the panel below a sales line."""
    return f"#parts-{assembly_of(line_of(order, line_no)).pk}-{component_no}"


def enter_lines(page: Page, *entries: tuple[str, str]) -> None:
    """Type items and quantities; the focus stands in the new line, and in the next one afterwards."""
    for no, quantity in entries:
        page.keyboard.type(no)
        page.keyboard.press("Enter")
        page.keyboard.type(quantity)
        page.keyboard.press("Enter")
    expect(page.locator(f"#line-{len(entries)}0000")).to_be_visible()
    is_saved(page)


def test_order_is_entered_customised_and_released_by_keyboard_alone(
    clerk_page: Page, kit: Item, stock_kit: Item
) -> None:
    page, keys = clerk_page, clerk_page.keyboard
    page.goto("/")
    keys.press("g")
    keys.press("o")
    page.wait_for_url("**/sales/orders/")
    keys.press("c")
    keys.press("n")
    page.wait_for_url("**/sales/orders/new/")

    while focused(page) != "header-customer":
        keys.press("Tab")
    keys.type("CUST")
    keys.press("Control+Enter")
    page.wait_for_url("**/sales/orders/SO-*/*")
    assert focused(page) == "line-new-0-no"

    enter_lines(page, ("K", "10"), ("STK", "4"), ("A", "6"))

    order = SalesDocument.objects.get()
    assert [(line.no, line.quantity) for line in order.lines.all()] == [("K", 10), ("STK", 4), ("A", 6)]

    for _ in range(3):
        keys.press("ArrowUp")
    expect(cell(page, FIRST, "no")).to_be_focused()
    for _ in range(4):
        keys.press("Tab")
    expect(cell(page, FIRST, "qty_to_assemble_to_order")).to_be_focused()
    keys.type("7")
    keys.press("F4")
    expect(cell(page, part(order, 10000), "quantity_per")).to_be_focused()
    is_saved(page)
    assert line_of(order).qty_to_assemble_to_order == 7
    expect(page.locator(f"{FIRST} [data-live=assembly]")).to_contain_text("stock 3")

    keys.type("3")
    keys.press("ArrowDown")
    expect(page.locator(f"{part(order, 10000)} [data-live=quantity]")).to_have_text("21")
    assert component(assembly_of(line_of(order)), "A").quantity_per == 3

    keys.press("F4")
    expect(cell(page, FIRST, "no")).to_be_focused()
    keys.press("Control+Enter")
    expect(page.locator(".notice")).to_contain_text("released")
    order.refresh_from_db()
    assert order.status == SalesStatus.RELEASED


def test_panel_follows_the_line_and_keeps_the_focus(clerk_page: Page, kit: Item) -> None:
    order = sell({"no": "K", "quantity": 10})
    page = opened(clerk_page, order)
    cell(page, FIRST, "quantity").focus()
    page.keyboard.press("F4")
    inner = part(order, 10000)
    expect(cell(page, inner, "quantity_per")).to_be_focused()

    cell(page, FIRST, "quantity").fill("12")
    cell(page, inner, "description").focus()

    expect(page.locator(f"{inner} [data-live=quantity]")).to_have_text("24")
    expect(cell(page, inner, "description")).to_be_focused()
    expect(page.locator(f"{FIRST} [data-panel-toggle]")).to_have_attribute("aria-expanded", "true")


def test_panel_goes_with_the_assembly_and_comes_again(clerk_page: Page, kit: Item) -> None:
    order = sell({"no": "K", "quantity": 10})
    page = opened(clerk_page, order)
    cell(page, FIRST, "quantity").focus()
    page.keyboard.press("F4")
    expect(page.locator(".panel .grid")).to_be_visible()

    cell(page, FIRST, "qty_to_assemble_to_order").fill("0")
    cell(page, "#line-new-0", "no").focus()

    expect(page.locator(f"{FIRST} [data-panel-toggle]")).to_have_count(0)
    expect(page.locator(".panel")).to_be_hidden()
    assert not has_assembly(line_of(order))

    cell(page, FIRST, "qty_to_assemble_to_order").fill("4")
    page.keyboard.press("Enter")
    cell(page, "#line-new-0", "no").focus()
    expect(page.locator(f"{FIRST} [data-panel-toggle]")).to_be_visible()
    cell(page, FIRST, "no").focus()
    page.keyboard.press("F4")
    expect(page.locator(f"{part(order, 10000)} [data-live=quantity]")).to_have_text("8")


def test_component_is_added_substituted_and_refreshed_in_the_panel(clerk_page: Page, kit: Item) -> None:
    make_substitute(Item.objects.get(no="A"), make_item("A2", description="Better A"))
    order = sell({"no": "K", "quantity": 10})
    page = opened(clerk_page, order)
    cell(page, FIRST, "quantity").focus()
    page.keyboard.press("F4")
    expect(cell(page, part(order, 10000), "quantity_per")).to_be_focused()

    page.keyboard.press("Control+Insert")
    page.keyboard.type("A2")
    page.keyboard.press("Enter")
    page.keyboard.type("1")
    page.keyboard.press("Enter")
    expect(page.locator(f"{part(order, 10000, 30000)} [data-live=quantity]")).to_have_text("10")

    page.get_by_role("link", name="Substitute component 10000, A").click()
    dialog = page.get_by_role("dialog", name="Substitutes for A")
    dialog.get_by_role("button", name="A2 Better A").click()
    expect(cell(page, part(order, 10000), "no")).to_have_value("A2")
    expect(dialog).to_have_count(0)

    page.get_by_role("button", name="Refresh from BOM").click()
    page.locator("#confirm").get_by_role("button", name="Refresh").click()
    expect(cell(page, part(order, 10000), "no")).to_have_value("A")
    expect(page.locator(part(order, 10000, 30000))).to_have_count(0)
    # The panel is at work as before.
    cell(page, part(order, 10000), "quantity_per").fill("5")
    cell(page, FIRST, "no").focus()
    is_saved(page)
    assert component(assembly_of(line_of(order)), "A").quantity_per == 5


def test_refused_component_stays_with_its_message_when_the_line_is_saved(clerk_page: Page, kit: Item) -> None:
    order = sell({"no": "K", "quantity": 10})
    page = opened(clerk_page, order)
    cell(page, FIRST, "quantity").focus()
    page.keyboard.press("F4")
    inner = part(order, 10000)
    expect(cell(page, inner, "quantity_per")).to_be_focused()

    page.keyboard.type("-1")
    page.keyboard.press("ArrowDown")
    expect(page.locator(inner)).to_contain_text("A quantity cannot be negative.")

    cell(page, FIRST, "quantity").fill("12")
    cell(page, "#line-new-0", "no").focus()
    expect(page.locator(f"{FIRST} [data-live=amount]").first).to_have_text("1,200.00")
    expect(cell(page, inner, "quantity_per")).to_have_value("-1")


def test_two_people_meet_at_one_line(clerk_page: Page, kit: Item) -> None:
    order = sell({"no": "K", "quantity": 10})
    page = opened(clerk_page, order)
    change(line_of(order), quantity="11", description="Theirs")

    cell(page, FIRST, "quantity").fill("12")
    cell(page, "#line-new-0", "no").focus()
    expect(page.locator(FIRST)).to_contain_text("Quantity: now 11, you typed 12.")

    page.get_by_role("button", name="Save mine").click()
    is_saved(page)
    assert line_of(order).quantity == 12
    expect(cell(page, FIRST, "description")).to_have_value("Theirs")


def test_new_shipment_date_moves_the_lines_and_keeps_what_is_typed(clerk_page: Page, kit: Item) -> None:
    order = sell({"no": "K", "quantity": 10})
    page = opened(clerk_page, order)

    page.get_by_label("Shipment date", exact=True).fill("2031-06-01")
    cell(page, FIRST, "quantity").fill("12")

    expect(cell(page, FIRST, "shipment_date")).to_have_value("2031-06-01")
    expect(cell(page, FIRST, "quantity")).to_have_value("12")


def test_lookup_goes_by_the_type_of_the_line(clerk_page: Page, kit: Item) -> None:
    page = opened(clerk_page, sell())
    cell(page, "#line-new-0", "type").select_option("resource")
    cell(page, "#line-new-0", "no").focus()
    page.keyboard.type("res")

    expect(page.locator(".options [role=option]:visible")).to_have_count(1)
    expect(page.locator(".options [role=option]:visible")).to_contain_text("HOUR")


def test_kit_is_exploded_after_a_question(clerk_page: Page, kit: Item) -> None:
    order = sell({"no": "K", "quantity": 2, "qty_to_assemble_to_order": 0})
    page = opened(clerk_page, order)

    page.get_by_role("button", name="Explode line 10000, K into its components").click()
    page.locator("#confirm").get_by_role("button", name="Explode").click()

    expect(page.locator("#line-20000")).to_be_visible()
    assert [line.no for line in order.lines.all()] == ["", "A", "R"]


def test_line_is_saved_without_scripts(without_scripts: Page, kit: Item) -> None:
    order = sell({"no": "K", "quantity": 10})
    page = opened(without_scripts, order)

    cell(page, FIRST, "quantity").fill("12")
    page.locator(FIRST).get_by_role("button", name="Save").click()

    assert line_of(order).quantity == 12
    cell(page, "#line-new-0", "no").fill("A")
    cell(page, "#line-new-0", "quantity").fill("3")
    page.locator("#line-new-0").get_by_role("button", name="Save").click()
    assert line_of(order, 20000).no == "A"


def test_page_of_many_lines_asks_the_database_no_more(clerk_page: Page, kit: Item) -> None:
    order = sell(*[{"no": "K", "quantity": 1}] * 40)
    with statements() as found:
        opened(clerk_page, order)

    assert len(found) < 8


# --- Accessibility and reflow


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_have_no_known_barrier(examined: Page, kit: Item, scheme: Any) -> None:
    order = sell({"no": "K", "quantity": 10, "qty_to_assemble_to_order": 7}, {"type": "comment", "description": "Hi"})
    examined.emulate_media(color_scheme=scheme)
    found = {}
    for path in ("/sales/orders/", "/sales/orders/new/", f"/sales/orders/{order.no}/"):
        examined.goto(path)
        found[path] = barriers(examined)
    examined.goto("/sales/orders/?q=nothing")
    found["empty"] = barriers(examined)
    assert not any(found.values()), found


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_open_panel_and_refused_line_have_no_known_barrier(
    chromium: Any, live_server: Any, sign_in: Any, kit: Item, scheme: Any
) -> None:
    from backoffice.rights import Role

    order = sell({"no": "K", "quantity": 10})
    context = chromium.new_context(base_url=live_server.url, bypass_csp=True, color_scheme=scheme)
    page = opened(sign_in(context.new_page(), Role.CLERK), order)
    cell(page, FIRST, "qty_to_assemble_to_order").fill("99")
    page.keyboard.press("F4")
    expect(page.locator(".panel .grid")).to_be_visible()
    expect(page.locator(f"{FIRST}-qty_to_assemble_to_order-error")).to_be_visible()

    assert barriers(page) == []
    context.close()


def test_what_is_needed_to_decide_stands_beside_the_acts_on_a_common_screen(clerk_page: Page, kit: Item) -> None:
    order = sell({"no": "K", "quantity": 80, "qty_to_assemble_to_order": 70, "unit_price": "1234.56"})
    clerk_page.set_viewport_size({"width": 1440, "height": 900})
    page = opened(clerk_page, order)
    expect(page.locator(f"{FIRST} .promise .badge")).to_be_visible()

    acts = page.locator(f"{FIRST} .row-actions").bounding_box()
    assert acts
    for name in ("amount", "qty_to_ship"):
        seen = page.locator(f"{FIRST} [data-live={name}], {FIRST} td:has([name$={name}])").first.bounding_box()
        assert seen
        assert seen["x"] + seen["width"] <= acts["x"], name


@pytest.mark.parametrize("window", [(1440, 900), (834, 1112), (720, 450), (320, 640)], ids=str)
def test_only_tables_scroll_sideways(clerk_page: Page, kit: Item, window: tuple[int, int]) -> None:
    order = sell({"no": "K", "quantity": 10})
    clerk_page.set_viewport_size({"width": window[0], "height": window[1]})
    page = opened(clerk_page, order)
    cell(page, FIRST, "quantity").focus()
    page.keyboard.press("F4")
    expect(page.locator(".panel .grid")).to_be_visible()

    assert sideways(page) == 0
    page.goto("/sales/orders/")
    assert sideways(page) == 0
