"""Reserving by hand in a real browser: what it is taken from is chosen by keyboard, and both sides tell of it."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page
from playwright.sync_api import expect as see

from inventory.models import Item, Reservation
from sales.models import SalesDocument
from tests.browser.documents import barriers, clerk_page, examined, sideways, sign_in
from tests.support import assembly_of, day, sell, sell_kit
from tests.support_stock import expect, movement_of, put_in_stock, reserve_movement
from tests.support_stories import house, kit

__all__ = ["clerk_page", "examined", "house", "kit", "sign_in"]

pytestmark = pytest.mark.browser


@pytest.fixture
def order(kit: Item) -> SalesDocument:
    """Five A are wanted; three lie there and four are expected."""
    part = Item.objects.get(no="A")
    put_in_stock(part, 3)
    order = sell({"no": "A", "quantity": 5}, shipment_date=day(10))
    expect(part, 4, 1)
    return order


def url_of(order: SalesDocument) -> str:
    return f"/inventory/reservations/sales_order_line/{order.no}/10000/"


def test_the_receipt_is_chosen_by_keyboard(clerk_page: Page, order: SalesDocument) -> None:
    page, keys = clerk_page, clerk_page.keyboard
    page.goto(url_of(order))
    page.get_by_label("Take from").focus()
    keys.press("ArrowDown")
    keys.press("ArrowDown")
    keys.press("Tab")
    keys.type("2")
    keys.press("Control+Enter")

    see(page.locator(".notice")).to_contain_text(f"Reserved for {order.no}, line 10000.")
    [row] = Reservation.objects.select_related("supply")
    assert row.quantity == 2
    assert row.supply is not None

    keys.press("g")
    keys.press("j")
    page.wait_for_url("**/inventory/reservations/")
    see(page.get_by_role("row", name=order.no)).to_contain_text(row.supply.document_no)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_have_no_known_barrier(examined: Page, kit: Item, order: SalesDocument, scheme: Any) -> None:
    assembly = assembly_of(sell_kit(kit, 2))
    reserve_movement(movement_of(order.no))
    examined.emulate_media(color_scheme=scheme)
    found = {}
    for path in ("/inventory/reservations/", url_of(order), f"/assembly/orders/{assembly.no}/costs/"):
        examined.goto(path)
        found[path] = barriers(examined)

    assert not any(found.values()), found


@pytest.mark.parametrize("width", [1440, 800, 360])
def test_only_tables_scroll_sideways(examined: Page, kit: Item, order: SalesDocument, width: int) -> None:
    assembly = assembly_of(sell_kit(kit, 2))
    examined.set_viewport_size({"width": width, "height": 800})
    for path in ("/inventory/reservations/", url_of(order), f"/assembly/orders/{assembly.no}/costs/"):
        examined.goto(path)
        assert sideways(examined) == 0
