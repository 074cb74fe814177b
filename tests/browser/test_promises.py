"""The promise of a sales line in a real browser: opened by its chip, taken over by a key, asked before it is saved."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from backoffice.rights import Role
from inventory.models import Item
from sales.models import SalesDocument, SalesDocumentType
from sales.services.lines import delete_lines
from tests.browser.documents import (
    SignIn,
    barriers,
    cell,
    clerk_page,
    focused,
    is_saved,
    sideways,
    sign_in,
    without_scripts,
)
from tests.factories import make_item, make_substitute
from tests.support import line_of, sell
from tests.support_stock import expect as expect_receipt
from tests.support_stock import put_in_stock
from tests.support_stories import house, kit

__all__ = ["clerk_page", "house", "kit", "sign_in", "without_scripts"]

pytestmark = pytest.mark.browser

FIRST = "#line-10000"
NEW = "#line-new-0"
CHIP = "#promise-10000-chip"


@pytest.fixture
def order(kit: Item) -> SalesDocument:
    """Ten K, of which 4 lie there, none assembled to order; components come in a month, or a substitute lies there."""
    part = Item.objects.get(no="A")
    put_in_stock(kit, 4)
    expect_receipt(part, 12, 30)
    better = make_item("A2")
    put_in_stock(better, 100)
    make_substitute(part, better)
    return sell({"no": "K", "quantity": 10, "qty_to_assemble_to_order": 0})


def opened(page: Page, order: SalesDocument) -> Page:
    page.goto(f"/sales/orders/{order.no}/")
    return page


def dialog_of(page: Page) -> Locator:
    return page.locator("dialog[data-modal][open]")


def test_missing_quantity_is_taken_over_by_keyboard_alone(clerk_page: Page, order: SalesDocument) -> None:
    page, keys = opened(clerk_page, order), clerk_page.keyboard
    expect(page.locator(CHIP)).to_have_text("Short 6")
    cell(page, FIRST, "qty_to_assemble_to_order").focus()
    keys.press("Tab")
    expect(page.locator(CHIP)).to_be_focused()
    keys.press("Enter")

    expect(dialog_of(page)).to_contain_text("6 PCS of K are missing from stock")
    expect(dialog_of(page)).to_contain_text("A2 in place of A")
    keys.press("Enter")  # pressed twice by mistake, it only closes: the focus begins where nothing is changed
    expect(dialog_of(page)).to_have_count(0)
    assert line_of(order).qty_to_assemble_to_order == 0
    keys.press("Enter")
    expect(dialog_of(page)).to_be_visible()
    keys.press("=")

    expect(page.locator(f"{FIRST} [data-live=assembly]")).to_contain_text("stock 4")
    expect(page.locator(FIRST)).to_contain_text("these from stock, 6 to assemble")
    expect(page.locator(CHIP)).to_contain_text("Expected 02 Apr 2031")
    expect(dialog_of(page)).to_have_count(0)
    assert line_of(order).qty_to_assemble_to_order == 6


def test_escape_leads_back_to_the_chip_though_it_was_drawn_anew(clerk_page: Page, order: SalesDocument) -> None:
    page = opened(clerk_page, order)
    cell(page, FIRST, "quantity").fill("12")
    page.locator(CHIP).click()

    # What was typed is saved first: the dialog tells of twelve.
    expect(dialog_of(page)).to_contain_text("12 PCS at MAIN")
    assert line_of(order).quantity == 12
    expect(page.locator(CHIP)).not_to_contain_text("Not checked")
    page.keyboard.press("Escape")

    expect(dialog_of(page)).to_have_count(0)
    assert focused(page) == CHIP.removeprefix("#")


def test_line_that_somebody_has_deleted_says_so(clerk_page: Page, order: SalesDocument) -> None:
    page = opened(clerk_page, order)
    page.locator(CHIP).click()
    expect(dialog_of(page)).to_be_visible()
    delete_lines(document_type=SalesDocumentType.ORDER, no=order.no, line_nos=[10000])
    dialog_of(page).get_by_role("button", name="Assemble the missing 6").click()

    expect(page.locator(FIRST)).to_contain_text("somebody deleted this meanwhile")


def test_new_line_is_asked_about_and_not_saved(clerk_page: Page, order: SalesDocument) -> None:
    page = opened(clerk_page, order)
    cell(page, NEW, "no").fill("K")
    cell(page, NEW, "quantity").fill("8")
    page.get_by_role("button", name="What there is for the new line").first.click()

    expect(dialog_of(page)).to_contain_text("8 PCS at MAIN")
    expect(dialog_of(page)).to_contain_text("Able to assemble")
    page.wait_for_timeout(300)
    assert order.lines.count() == 1
    page.keyboard.press("Escape")
    expect(page.locator(f"{NEW}-ask")).to_be_focused()
    expect(cell(page, NEW, "quantity")).to_have_value("8")
    assert order.lines.count() == 1

    cell(page, FIRST, "no").focus()
    is_saved(page)
    assert line_of(order, 20000).quantity == 8
    expect(page.locator("#promise-20000-chip")).to_be_visible()


def test_promise_is_a_page_without_scripts(without_scripts: Page, order: SalesDocument) -> None:
    page = without_scripts
    page.goto(f"/assembly/promises/sales_order/{order.no}/10000/")
    page.get_by_role("button", name="Assemble the missing 6").click()

    expect(page.locator(".notice")).to_contain_text("these from stock, 6 to assemble")
    assert line_of(order).qty_to_assemble_to_order == 6


# --- Accessibility and reflow


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_dialogs_have_no_known_barrier(
    chromium: Browser, live_server: LiveServer, sign_in: SignIn, order: SalesDocument, scheme: Any
) -> None:
    context = chromium.new_context(base_url=live_server.url, bypass_csp=True, color_scheme=scheme)
    page = opened(sign_in(context.new_page(), Role.CLERK), order)
    page.locator(CHIP).click()
    expect(dialog_of(page)).to_be_visible()
    found = {"promise": barriers(page)}
    page.keyboard.press("Escape")
    page.locator(f"{NEW}-ask").click()
    expect(dialog_of(page)).to_contain_text("required")
    found["refused"] = barriers(page)
    page.keyboard.press("Escape")
    cell(page, NEW, "no").fill("K")
    cell(page, NEW, "quantity").fill("8")
    page.locator(f"{NEW}-ask").click()
    expect(dialog_of(page)).to_contain_text("Able to assemble")
    found["new line"] = barriers(page)
    page.goto(f"/assembly/promises/sales_order/{order.no}/10000/")
    found["page"] = barriers(page)
    context.close()
    assert not any(found.values()), found


@pytest.mark.parametrize("window", [(1440, 900), (834, 1112), (320, 640)], ids=str)
def test_dialogs_fit_their_window(clerk_page: Page, order: SalesDocument, window: tuple[int, int]) -> None:
    clerk_page.set_viewport_size({"width": window[0], "height": window[1]})
    page = opened(clerk_page, order)
    page.locator(CHIP).click()
    expect(dialog_of(page)).to_be_visible()
    assert sideways(page) == 0
    page.keyboard.press("Escape")
    cell(page, NEW, "no").fill("K")
    cell(page, NEW, "quantity").fill("8")
    page.locator(f"{NEW}-ask").click()
    expect(dialog_of(page)).to_contain_text("Components")
    assert sideways(page) == 0
    assert dialog_of(page).evaluate("dialog => dialog.scrollWidth - dialog.clientWidth") == 0
