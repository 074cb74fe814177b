"""Amending a released order in a real browser: by keyboard alone, and for everybody."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from backoffice.rights import Role
from inventory.models import Item
from sales.models import SalesDocument
from tests.browser.documents import barriers, clerk_page, focused, sideways, sign_in
from tests.support import assembly_of, day, line_of, release, sell
from tests.support_stories import house, kit

__all__ = ["clerk_page", "house", "kit", "sign_in"]

pytestmark = pytest.mark.browser


@pytest.fixture
def order(kit: Item) -> SalesDocument:
    """Four kits and two, released."""
    return release(sell({"no": kit.no, "quantity": 4}, {"no": kit.no, "quantity": 2}))


def test_by_keyboard_alone(clerk_page: Page, order: SalesDocument) -> None:
    page = clerk_page
    page.goto(f"/sales/orders/{order.no}/")

    page.keyboard.press("a")
    quantity = page.locator("#line-10000-quantity")
    quantity.focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("6")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="What would change")).to_be_in_viewport()
    assert line_of(order).quantity == 4

    page.locator("#why-reason").focus()
    page.keyboard.type("Two more guests")
    page.keyboard.press("Control+Enter")

    expect(page.get_by_text(f"Sales order {order.no} amended.")).to_be_visible()
    assert (line_of(order).quantity, assembly_of(line_of(order)).status) == (6, "released")


def test_the_icon_of_a_line_leads_into_its_quantity(clerk_page: Page, order: SalesDocument) -> None:
    clerk_page.goto(f"/sales/orders/{order.no}/")
    clerk_page.get_by_role("link", name="Amend line 20000, K").click()
    expect(clerk_page.locator("#line-20000-quantity")).to_be_visible()
    assert focused(clerk_page) == "line-20000-quantity"


def test_what_was_typed_stands_beside_its_refusal(clerk_page: Page, order: SalesDocument) -> None:
    page = clerk_page
    page.goto(f"/sales/orders/{order.no}/amend/")
    page.locator("#header-shipment_date").fill(day(12).isoformat())
    page.locator("#line-20000-qty_to_ship").fill("9")
    page.locator("#why-reason").fill("More guests")
    page.keyboard.press("Control+Enter")

    expect(page.locator("#line-20000-qty_to_ship-error")).to_be_visible()
    expect(page.locator("#line-20000-qty_to_ship")).to_have_value("9")
    expect(page.locator("#header-shipment_date")).to_have_value(day(12).isoformat())
    expect(page.locator("#why-reason")).to_have_value("More guests")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_has_no_known_barrier(
    chromium: Any, live_server: Any, sign_in: Any, order: SalesDocument, scheme: Any
) -> None:
    context = chromium.new_context(base_url=live_server.url, bypass_csp=True, color_scheme=scheme)
    page = sign_in(context.new_page(), Role.CLERK)
    page.goto(f"/sales/orders/{order.no}/amend/")
    found = {"form": barriers(page)}
    page.locator("#line-10000-quantity").fill("6")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Reservations")).to_be_visible()
    found["impact"] = barriers(page)
    page.locator("#line-10000-qty_to_ship").fill("99")
    page.keyboard.press("Enter")
    expect(page.locator("#line-10000-qty_to_ship-error")).to_be_visible()
    found["refused"] = barriers(page)
    assert not any(found.values()), found
    context.close()


@pytest.mark.parametrize("window", [(1440, 900), (834, 1112), (320, 640)], ids=str)
def test_only_tables_scroll_sideways(clerk_page: Page, order: SalesDocument, window: tuple[int, int]) -> None:
    clerk_page.set_viewport_size({"width": window[0], "height": window[1]})
    clerk_page.goto(f"/sales/orders/{order.no}/amend/")
    clerk_page.locator("#line-10000-quantity").fill("6")
    clerk_page.keyboard.press("Enter")
    expect(clerk_page.get_by_role("heading", name="What would change")).to_be_visible()
    assert sideways(clerk_page) == 0
