"""Quotes and blanket orders in a browser: from the first line to the order, by keys alone."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from backoffice.rights import Role
from inventory.models import Bin, Item, LedgerEntryType, Location
from inventory.services.adjusting import post_adjustments
from sales.models import SalesDocument, SalesDocumentType
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
from tests.support import assembly_of, component, customise, d, day, line_of, quantities_of, release, sell
from tests.support_stories import house, kit, stock_kit

__all__ = [
    "clerk_page",
    "examined",
    "house",
    "kit",
    "sign_in",
    "stock_kit",
    "without_scripts",
]

pytestmark = pytest.mark.browser

FIRST, SECOND, NEW = "#line-10000", "#line-20000", "#line-new-0"


def opened(page: Page, segment: str, document: SalesDocument) -> Page:
    page.goto(f"/sales/{segment}/{document.no}/")
    return page


def only_order() -> SalesDocument:
    return SalesDocument.objects.get(document_type=SalesDocumentType.ORDER)


def call_off(page: Page, line: str) -> Any:
    return page.locator(f"{line}-call_off")


def blanket(*lines: dict[str, Any]) -> SalesDocument:
    return sell(*lines, document_type=SalesDocumentType.BLANKET_ORDER)


def test_quote_is_entered_customised_and_becomes_an_order(clerk_page: Page, kit: Item) -> None:
    page, keys = clerk_page, clerk_page.keyboard
    page.goto("/")
    keys.press("g")
    keys.press("q")
    page.wait_for_url("**/sales/quotes/")
    keys.press("c")
    keys.press("n")
    page.wait_for_url("**/sales/quotes/new/")
    while focused(page) != "header-customer":
        keys.press("Tab")
    keys.type("CUST")
    keys.press("Control+Enter")
    page.wait_for_url("**/sales/quotes/SQ-*/*")

    page.get_by_label("Valid until").fill(day(30).isoformat())
    cell(page, NEW, "no").focus()
    keys.type("K")
    keys.press("Enter")
    keys.type("10")
    keys.press("Enter")
    expect(page.locator(f"{FIRST} [data-panel-toggle]")).to_be_visible()
    cell(page, FIRST, "quantity").focus()
    keys.press("F4")
    offer = SalesDocument.objects.get()
    made = assembly_of(line_of(offer))
    inner = f"#parts-{made.pk}-10000"
    expect(cell(page, inner, "quantity_per")).to_be_focused()
    keys.type("3")
    keys.press("ArrowDown")
    expect(page.locator(f"{inner} [data-live=quantity]")).to_have_text("30")
    is_saved(page)

    keys.press("Control+Enter")
    expect(page.locator(".notice")).to_contain_text("released")
    assert component(made, "A").quantity_per == 3


def test_expired_quote_becomes_an_order_after_a_question(clerk_page: Page, kit: Item) -> None:
    offer = sell({"no": "K", "quantity": 10}, document_type=SalesDocumentType.QUOTE, expiration_date=day(-1))
    customise(component(assembly_of(line_of(offer)), "A"), quantity_per=3)
    release(offer)
    page, keys = opened(clerk_page, "quotes", offer), clerk_page.keyboard
    expect(page.locator(".page-title")).to_contain_text("Expired")
    keys.press("Control+Enter")
    page.locator("#confirm").get_by_role("button", name="Make order").click()
    page.wait_for_url("**/sales/orders/SO-*/")

    order = only_order()
    assert quantities_of(assembly_of(line_of(order))) == {"A": 30, "R": 10}
    page.get_by_role("link", name=offer.no).click()
    page.wait_for_url(f"**/sales/quotes/{offer.no}/")
    expect(page.locator(".page-title")).to_contain_text("Closed")
    expect(page.get_by_role("link", name=order.no)).to_be_visible()


def test_three_lines_are_called_off_by_keys(clerk_page: Page, kit: Item, stock_kit: Item) -> None:
    agreed = blanket(*[{"no": no, "quantity": 100} for no in ("K", "STK", "A")])
    page, keys = opened(clerk_page, "blanket-orders", agreed), clerk_page.keyboard

    call_off(page, FIRST).focus()
    keys.type("30")
    keys.press("Enter")
    expect(call_off(page, SECOND)).to_be_focused()
    keys.type("20")
    keys.press("ArrowDown")
    expect(call_off(page, "#line-30000")).to_be_focused()
    keys.type("10")
    keys.press("Control+Enter")
    page.wait_for_url("**/sales/orders/SO-*/")

    order = only_order()
    assert [(line.no, line.quantity) for line in order.lines.all()] == [("K", 30), ("STK", 20), ("A", 10)]
    page.get_by_role("link", name=f"{agreed.no}, line 20000").click()
    page.wait_for_url(f"**/sales/blanket-orders/{agreed.no}/#line-20000")
    expect(call_off(page, FIRST)).to_have_value("")
    expect(page.locator(f"{FIRST} [data-live=left]")).to_have_text("70")
    expect(page.get_by_role("link", name=order.no)).to_have_count(3)


def test_refused_call_off_keeps_what_was_typed(clerk_page: Page, kit: Item) -> None:
    agreed = blanket({"no": "K", "quantity": 100}, {"no": "A", "quantity": 50})
    page = opened(clerk_page, "blanket-orders", agreed)

    call_off(page, FIRST).fill("101")
    call_off(page, SECOND).fill("7")
    page.get_by_role("button", name="Make order").click()

    expect(page.locator(f"{FIRST}-call_off-error")).to_contain_text("101 is more than the 100 that are left")
    expect(call_off(page, FIRST)).to_have_attribute("aria-invalid", "true")
    expect(call_off(page, SECOND)).to_have_value("7")
    call_off(page, FIRST).fill("100")
    page.get_by_role("button", name="Make order").click()
    page.wait_for_url("**/sales/orders/SO-*/")


def test_saving_a_line_leaves_what_is_to_be_called_off(clerk_page: Page, kit: Item) -> None:
    agreed = blanket({"no": "K", "quantity": 100})
    page = opened(clerk_page, "blanket-orders", agreed)

    call_off(page, FIRST).fill("30")
    cell(page, FIRST, "quantity").fill("90")
    cell(page, NEW, "no").focus()
    expect(page.locator(f"{FIRST} [data-live=left]")).to_have_text("90")
    expect(call_off(page, FIRST)).to_have_value("30")

    # A line that was just entered can be called off from without loading the page again.
    page.keyboard.type("A")
    page.keyboard.press("Enter")
    page.keyboard.type("5")
    page.keyboard.press("Enter")
    call_off(page, SECOND).fill("5")
    cell(page, FIRST, "quantity").fill("80")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/sales/orders/SO-*/")

    assert [(line.no, line.quantity) for line in only_order().lines.all()] == [("K", 30), ("A", 5)]
    assert line_of(agreed).quantity == 80


def test_quantities_are_called_off_without_scripts(without_scripts: Page, kit: Item) -> None:
    agreed = blanket({"no": "K", "quantity": 100})
    page = opened(without_scripts, "blanket-orders", agreed)

    call_off(page, FIRST).fill("30")
    page.get_by_role("button", name="Make order").click()

    page.wait_for_url("**/sales/orders/SO-*/")
    assert line_of(only_order()).quantity == 30


# --- Stock and assembly on one line


def stock(item: str, quantity: int) -> None:
    row = {"entry_type": LedgerEntryType.POSITIVE_ADJUSTMENT, "item": item, "location": "MAIN"}
    post_adjustments([{**row, "quantity": d(quantity)}])


def bins() -> None:
    for code in ("ATO", "PICK"):
        Bin.objects.create(location=Location.objects.get(code="MAIN"), code=code)
    Location.objects.filter(code="MAIN").update(bin_mandatory=True, from_assembly_bin="ATO", default_bin="PICK")


def test_one_key_takes_what_is_free_and_saves_what_was_typed(clerk_page: Page, kit: Item) -> None:
    stock("K", 4)
    order = sell({"no": "K", "quantity": 10})
    page = opened(clerk_page, "orders", order)

    cell(page, FIRST, "quantity").fill("12")
    cell(page, FIRST, "qty_to_assemble_to_order").focus()
    page.keyboard.press("=")

    expect(page.locator(FIRST)).to_contain_text("4 of K are free on 2031-03-13: these from stock, 8 to assemble.")
    expect(cell(page, FIRST, "qty_to_assemble_to_order")).to_have_value("8")
    expect(cell(page, FIRST, "qty_to_assemble_to_order")).to_be_focused()
    is_saved(page)
    line = line_of(order)
    assert (line.quantity, line.qty_to_assemble_to_order) == (12, 8)


def test_refused_line_is_not_balanced(clerk_page: Page, kit: Item) -> None:
    order = sell({"no": "K", "quantity": 10})
    page = opened(clerk_page, "orders", order)

    cell(page, FIRST, "quantity").fill("-1")
    cell(page, FIRST, "qty_to_assemble_to_order").focus()
    page.keyboard.press("=")

    expect(page.locator(FIRST)).to_contain_text("A quantity cannot be negative.")
    expect(cell(page, FIRST, "quantity")).to_have_value("-1")
    expect(page.locator("#save-state")).to_contain_text("Not saved")


def test_mixed_line_is_split_by_its_button(clerk_page: Page, kit: Item) -> None:
    bins()
    order = sell({"no": "K", "quantity": 10})
    page = opened(clerk_page, "orders", order)

    cell(page, FIRST, "qty_to_assemble_to_order").fill("7")
    page.keyboard.press("Enter")
    cell(page, NEW, "no").focus()
    page.get_by_role("button", name="Split line 10000, K into two lines").click()

    expect(cell(page, SECOND, "quantity")).to_have_value("3")
    assert [(line.quantity, line.bin_code) for line in order.lines.all()] == [(7, "ATO"), (3, "PICK")]


# --- Accessibility and reflow


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_have_no_known_barrier(examined: Page, kit: Item, scheme: Any) -> None:
    offer = sell({"no": "K", "quantity": 10}, document_type=SalesDocumentType.QUOTE, expiration_date=day(-1))
    agreed = blanket({"no": "K", "quantity": 10}, {"type": "comment", "description": "Hi"})
    examined.emulate_media(color_scheme=scheme)
    found = {}
    for path in (
        "/sales/quotes/",
        "/sales/quotes/new/",
        f"/sales/quotes/{offer.no}/",
        f"/sales/quotes/{offer.no}/copy/",
        "/sales/blanket-orders/",
        f"/sales/blanket-orders/{agreed.no}/",
        "/assembly/quotes/",
        f"/assembly/quotes/{assembly_of(line_of(offer)).no}/",
        f"/assembly/blanket-orders/{assembly_of(line_of(agreed)).no}/",
    ):
        examined.goto(path)
        found[path] = barriers(examined)
    assert not any(found.values()), found


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_refused_call_off_and_mixed_line_have_no_known_barrier(
    chromium: Any, live_server: Any, sign_in: Any, kit: Item, scheme: Any
) -> None:
    agreed = blanket({"no": "K", "quantity": 10})
    bins()
    order = sell({"no": "K", "quantity": 10, "qty_to_assemble_to_order": 7})
    context = chromium.new_context(base_url=live_server.url, bypass_csp=True, color_scheme=scheme)
    page = opened(sign_in(context.new_page(), Role.CLERK), "blanket-orders", agreed)
    call_off(page, FIRST).fill("99")
    page.get_by_role("button", name="Make order").click()
    expect(page.locator(f"{FIRST}-call_off-error")).to_be_visible()
    assert barriers(page) == []

    expect(opened(page, "orders", order).get_by_text("wants a look")).to_be_visible()
    assert barriers(page) == []
    context.close()


@pytest.mark.parametrize("window", [(1440, 900), (834, 1112), (320, 640)], ids=str)
def test_only_tables_scroll_sideways(clerk_page: Page, kit: Item, window: tuple[int, int]) -> None:
    offer = sell({"no": "K", "quantity": 10}, document_type=SalesDocumentType.QUOTE)
    agreed = blanket({"no": "K", "quantity": 10})
    release(agreed)
    clerk_page.set_viewport_size({"width": window[0], "height": window[1]})

    for segment, document in (("quotes", offer), ("blanket-orders", agreed)):
        assert sideways(opened(clerk_page, segment, document)) == 0
        clerk_page.goto(f"/sales/{segment}/")
        assert sideways(clerk_page) == 0
