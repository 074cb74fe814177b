"""The pages of items, masters, purchases and customers in a browser: by keyboard, in both themes, at any width."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from backoffice.models import User
from backoffice.rights import Role
from inventory.models import Item, ItemLedgerEntry, PurchaseLine
from inventory.services.adjusting import post_adjustments
from inventory.services.boms import create_boms
from inventory.services.items import create_items
from inventory.services.masters import create_bin, create_location, create_resource
from inventory.services.purchasing import create_purchase_order
from sales.services.customers import create_customer

pytestmark = pytest.mark.browser

ITEMS, ORDERS = "/inventory/items/", "/inventory/purchase-orders/"
PAGES = [
    ITEMS,
    f"{ITEMS}new/",
    f"{ITEMS}KIT/",
    f"{ITEMS}KIT/sales/",
    f"{ITEMS}KIT/replenishment/",
    f"{ITEMS}KIT/units/",
    f"{ITEMS}KIT/variants/",
    f"{ITEMS}KIT/bom/",
    f"{ITEMS}KIT/substitutes/",
    f"{ITEMS}PART/where-used/",
    f"{ITEMS}KIT/cost-shares/",
    f"{ITEMS}PART/stock/",
    f"{ITEMS}KIT/history/",
    "/inventory/resources/",
    "/inventory/resources/BENCH/",
    "/inventory/locations/",
    "/inventory/locations/WHITE/",
    "/inventory/units-of-measure/",
    "/inventory/setup/",
    ORDERS,
    f"{ORDERS}P1/",
    f"{ORDERS}P1/receive/",
    "/inventory/adjustments/new/",
    "/inventory/ledger-entries/",
    "/sales/customers/",
    "/sales/customers/C1/",
]


@pytest.fixture
def _house(live_server: LiveServer) -> None:
    """KIT of two PARTs and a bench, PART in stock and on order, a location with bins, a customer."""
    create_resource({"no": "BENCH", "name": "Bench"})
    create_location({"code": "WHITE", "name": "White"})
    create_bin("WHITE", {"code": "A"})
    create_items(
        [
            {"no": "PART", "description": "Power supply", "unit_cost": Decimal(30), "variants": [{"code": "RED"}]},
            {"no": "SPARE", "description": "Spare"},
            {"no": "KIT", "description": "Computer", "variants": [{"code": "RED"}]},
        ]
    )
    bench = {"type": "resource", "no": "BENCH", "quantity_per": Decimal(1)}
    create_boms({"KIT": [{"no": "PART", "quantity_per": Decimal(2)}, bench]})
    post_adjustments([{"entry_type": "positive_adjustment", "item": "PART", "quantity": Decimal(5)}])
    create_purchase_order({"no": "P1", "lines": [{"item": "PART", "quantity": Decimal(10)}]})
    create_customer(values={"no": "C1", "name": "Acme"})


@pytest.fixture
def session(_house: None, live_server: LiveServer) -> Any:
    """Return the cookie of somebody who may do everything."""
    everything = [Role.PLANNER, Role.CLERK]
    client = Client()
    client.force_login(User.objects.create_user("paula", first_name="Paula", roles=everything, is_superuser=True))
    name = settings.SESSION_COOKIE_NAME
    return {"name": name, "value": client.cookies[name].value, "url": live_server.url}


@pytest.fixture
def signed_in(page: Page, session: Any) -> Page:
    """Return a page whose person is signed in."""
    page.context.add_cookies([session])
    return page


@pytest.fixture
def examined(chromium: Browser, live_server: LiveServer, session: Any) -> Iterator[Page]:
    """Return a page where axe may bring its own styles, which the content security policy would report."""
    context = chromium.new_context(base_url=live_server.url, bypass_csp=True)
    context.add_cookies([session])
    yield context.new_page()
    context.close()


def is_saved(page: Page) -> None:
    expect(page.locator("#save-state")).to_contain_text("Saved ")


# --- By keyboard alone


def test_components_are_entered_by_keyboard(signed_in: Page) -> None:
    signed_in.goto(f"{ITEMS}KIT/bom/")
    signed_in.locator("#bom-10000 [name=no]").focus()
    signed_in.keyboard.press("Control+Insert")
    signed_in.keyboard.type("SPARE")
    expect(signed_in.locator(".options [role=option]:visible")).to_have_count(1)
    signed_in.keyboard.press("Enter")
    signed_in.keyboard.type("3")
    signed_in.keyboard.press("Enter")

    is_saved(signed_in)
    expect(signed_in.locator("#bom-30000 [name=description]")).to_have_value("Spare")
    assert [line.no for line in Item.objects.get(pk="KIT").bom_lines.all()] == ["PART", "BENCH", "SPARE"]


def test_cycle_is_shown_at_its_cell(signed_in: Page) -> None:
    signed_in.goto(f"{ITEMS}KIT/bom/")
    cell = signed_in.locator("#bom-10000 [name=no]")
    cell.fill("KIT")
    signed_in.keyboard.press("Escape")
    cell.fill("KIT")
    signed_in.locator("#bom-20000 [name=quantity_per]").focus()

    expect(signed_in.locator("#bom-10000-no-error")).to_contain_text("KIT would contain itself")
    expect(cell).to_have_attribute("aria-invalid", "true")
    expect(cell).to_have_value("KIT")


def test_component_of_a_resource_line_is_looked_up_among_resources(signed_in: Page) -> None:
    signed_in.goto(f"{ITEMS}KIT/bom/")
    signed_in.locator("#bom-new-0 [name=type]").select_option("resource")
    signed_in.locator("#bom-new-0 [name=no]").press_sequentially("B")

    expect(signed_in.locator(".options [role=option]:visible")).to_have_text(["BENCHBench"])


def test_policy_changes_the_badge_beside_the_title(signed_in: Page) -> None:
    signed_in.goto(f"{ITEMS}KIT/replenishment/")
    signed_in.get_by_label("Assembly policy").select_option("assemble_to_order")

    is_saved(signed_in)
    expect(signed_in.locator("#item-status")).to_contain_text("Assemble to order")


def test_list_is_searched_and_opened_by_keyboard(signed_in: Page) -> None:
    signed_in.goto("/")
    signed_in.keyboard.press("g")
    signed_in.keyboard.press("i")
    signed_in.wait_for_url(f"**{ITEMS}")
    signed_in.keyboard.press("/")
    signed_in.keyboard.type("comp")
    expect(signed_in.locator("#rows tbody tr")).to_have_count(1)

    signed_in.locator("#rows tbody a").focus()
    signed_in.keyboard.press("Enter")

    signed_in.wait_for_url(f"**{ITEMS}KIT/")


def test_item_is_created_by_keyboard(signed_in: Page) -> None:
    signed_in.goto(f"{ITEMS}new/")
    signed_in.get_by_label("No.").focus()
    signed_in.keyboard.type("NEW")
    signed_in.keyboard.press("Control+Enter")

    signed_in.wait_for_url(f"**{ITEMS}NEW/")
    assert Item.objects.filter(pk="NEW").exists()


def test_line_is_ordered_and_received(signed_in: Page) -> None:
    signed_in.goto(f"{ORDERS}P1/")
    signed_in.locator("#line-new-0 [name=item]").fill("SPARE")
    signed_in.locator("#line-new-0 [name=quantity]").fill("4")
    signed_in.locator("#line-10000 [name=quantity]").focus()
    is_saved(signed_in)
    expect(signed_in.locator("#totals")).to_contain_text("2 lines, cost 300.00")

    signed_in.get_by_role("link", name="Receive").click()
    signed_in.locator("[name=quantity_20000]").fill("")
    signed_in.keyboard.press("Control+Enter")

    expect(signed_in.locator(".notice")).to_contain_text("posted for P1")
    assert list(PurchaseLine.objects.order_by("line_no").values_list("quantity_received", flat=True)) == [10, 0]
    assert ItemLedgerEntry.objects.filter(item="PART", quantity=10).exists()


def test_new_bin_is_offered_above_at_once(signed_in: Page) -> None:
    signed_in.goto("/inventory/locations/WHITE/")
    signed_in.locator("#bin-new-0 [name=code]").fill("B")
    signed_in.locator("#card [name=name]").focus()
    is_saved(signed_in)

    signed_in.get_by_label("To-assembly bin").select_option("B")

    expect(signed_in.get_by_label("To-assembly bin")).to_have_value("B")


# --- Accessibility and reflow


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_have_no_known_barrier(examined: Page, scheme: Any) -> None:
    examined.emulate_media(color_scheme=scheme)
    found = {}
    for path in PAGES:
        response = examined.goto(path)
        assert response is not None
        assert response.status == 200, path
        found[path] = barriers(examined)

    assert found == {path: [] for path in PAGES}


@pytest.mark.parametrize("window", [(1440, 900), (834, 1112), (320, 640)], ids=str)
def test_only_tables_scroll_sideways(signed_in: Page, window: tuple[int, int]) -> None:
    signed_in.set_viewport_size({"width": window[0], "height": window[1]})
    too_wide = {}
    for path in PAGES:
        signed_in.goto(path)
        too_wide[path] = signed_in.evaluate("Math.max(0, document.documentElement.scrollWidth - innerWidth)")

    assert too_wide == dict.fromkeys(PAGES, 0)


def barriers(page: Page) -> list[tuple[str, list[str]]]:
    """Return what axe finds."""
    found = Axe().run(page).response["violations"]
    return [(violation["id"], [node["html"] for node in violation["nodes"]]) for violation in found]
