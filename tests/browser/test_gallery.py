"""The scripts and the stylesheet, tried on the gallery: saving, refusals, conflicts, keys, themes, accessibility."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from backoffice.models import User
from backoffice.pages import navigation
from backoffice.rights import Role
from tests.browser.gallery import store

pytestmark = pytest.mark.browser

GALLERY = "/gallery/"
KIT_B = "#line-20000"


@pytest.fixture(autouse=True)
def _gallery(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Serve the gallery's addresses and templates, and an order with three lines."""
    templates = copy.deepcopy(settings.TEMPLATES)
    templates[0]["DIRS"].append(Path(__file__).parent / "gallery/templates")
    settings.TEMPLATES = templates
    settings.ROOT_URLCONF = "tests.browser.gallery.urls"
    # Several floors register their places; here there are two.
    monkeypatch.setattr(navigation, "_entries", {})
    entry = navigation.Entry
    navigation.register(entry(label="Home", url_name="home", icon="home", key="h", order=0))
    navigation.register(entry(label="Items", url_name="gallery-list", icon="box", key="i", order=1))
    store.reset()


@pytest.fixture
def session(live_server: LiveServer) -> dict[str, str]:
    """Return the cookie of a clerk who is signed in."""
    clerk = User.objects.create_user("alice", first_name="Alice", last_name="Clerk", roles=[Role.CLERK])
    client = Client()
    client.force_login(clerk)
    name = settings.SESSION_COOKIE_NAME
    return {"name": name, "value": client.cookies[name].value, "url": live_server.url}


@pytest.fixture
def order(page: Page, session: dict[str, str]) -> Page:
    """Open the order."""
    page.context.add_cookies([session])  # type: ignore[list-item]  # a TypedDict whose url is not required
    page.goto(GALLERY)
    return page


@pytest.fixture
def examined(chromium: Browser, live_server: LiveServer, session: dict[str, str]) -> Iterator[Page]:
    """Open the order where axe may bring its own styles, which the content security policy would report."""
    context = chromium.new_context(base_url=live_server.url, bypass_csp=True)
    context.add_cookies([session])  # type: ignore[list-item]  # as above
    opened = context.new_page()
    opened.goto(GALLERY)
    yield opened
    context.close()


@pytest.fixture
def without_scripts(chromium: Browser, live_server: LiveServer, session: dict[str, str]) -> Iterator[Page]:
    """Open the order in a browser that runs no script."""
    context = chromium.new_context(base_url=live_server.url, java_script_enabled=False)
    context.add_cookies([session])  # type: ignore[list-item]  # as above
    opened = context.new_page()
    opened.goto(GALLERY)
    yield opened
    context.close()


def cell(page: Page, line: str, name: str) -> Locator:
    return page.locator(f"{line} [name={name}]:not([data-twin])")


def options(page: Page) -> Locator:
    return page.locator(".options [role=option]:visible")


def is_saved(page: Page) -> None:
    expect(page.locator("#save-state")).to_contain_text("Saved ")


# --- Saving a line


def test_line_is_saved_when_the_focus_leaves_it(order: Page) -> None:
    cell(order, KIT_B, "quantity").fill("9")
    order.keyboard.press("Tab")
    assert store.order.received == []

    order.keyboard.press("ArrowDown")

    is_saved(order)
    assert store.order.received == [{"quantity": "9", "was.quantity": "7"}]
    expect(order.locator(f"{KIT_B} [data-live=amount]")).to_have_text("8,091.00")
    expect(order.locator("#totals")).to_contain_text("8,327.37")


def test_focus_stays_where_the_person_went(order: Page) -> None:
    cell(order, KIT_B, "quantity").fill("9")
    order.keyboard.press("Enter")

    is_saved(order)
    expect(cell(order, "#line-30000", "item")).to_be_focused()


def test_what_is_typed_during_a_save_stays(order: Page) -> None:
    store.gate.clear()
    cell(order, KIT_B, "quantity").fill("9")
    order.keyboard.press("ArrowDown")
    expect(order.locator("#save-state")).to_have_text("Saving")
    order.keyboard.press("ArrowUp")
    order.keyboard.type("11")

    store.gate.set()

    is_saved(order)
    expect(cell(order, KIT_B, "quantity")).to_have_value("11")
    expect(cell(order, KIT_B, "quantity")).to_be_focused()

    order.keyboard.press("ArrowDown")
    expect(order.locator(f"{KIT_B} [data-live=amount]")).to_have_text("9,889.00")
    assert store.order.received[-1] == {"quantity": "11", "was.quantity": "9"}


def test_saves_run_one_after_another(order: Page) -> None:
    for line in ("10000", "20000", "30000"):
        cell(order, f"#line-{line}", "quantity").fill("8")
    cell(order, "#line-10000", "item").focus()

    is_saved(order)
    assert [line.quantity for line in store.order.lines.values()] == [8, 8, 8]
    assert store.order.rev == 7


def test_flag_and_date_are_saved(order: Page) -> None:
    cell(order, KIT_B, "reserve").check()
    cell(order, KIT_B, "shipment_date").fill("2027-01-31")
    cell(order, "#line-30000", "item").focus()

    is_saved(order)
    assert store.order.received == [
        {
            "shipment_date": "2027-01-31",
            "was.shipment_date": "2026-12-03",
            "reserve": "true",
            "was.reserve": "false",
        }
    ]


# --- Refusals


def test_refused_value_stays_with_its_message(order: Page) -> None:
    assemble = cell(order, KIT_B, "assemble")
    assemble.fill("50")
    order.keyboard.press("ArrowDown")

    message = order.locator("#line-20000-assemble-error")
    expect(message).to_contain_text("Cannot assemble 50: the line has 7.")
    expect(assemble).to_have_value("50")
    expect(assemble).to_have_attribute("aria-invalid", "true")
    expect(assemble).to_have_attribute("aria-describedby", "line-20000-assemble-error")
    expect(order.locator("#save-state")).to_contain_text("Not saved")
    assert store.order.lines[20000].assemble == 5


def test_refused_line_is_not_sent_again_until_it_is_changed(order: Page) -> None:
    cell(order, KIT_B, "assemble").fill("50")
    order.keyboard.press("ArrowDown")
    expect(order.locator("#line-20000-assemble-error")).to_be_visible()

    order.keyboard.press("ArrowUp")
    order.keyboard.press("ArrowDown")
    order.wait_for_timeout(200)
    assert len(store.order.received) == 1

    order.keyboard.press("ArrowUp")
    order.keyboard.type("6")
    order.keyboard.press("ArrowDown")
    is_saved(order)
    expect(order.locator("#line-20000-assemble-error")).to_have_count(0)
    assert store.order.lines[20000].assemble == 6


def test_escape_takes_back_what_was_refused(order: Page) -> None:
    cell(order, KIT_B, "assemble").fill("50")
    order.keyboard.press("ArrowDown")
    expect(order.locator("#line-20000-assemble-error")).to_be_visible()

    order.keyboard.press("ArrowUp")
    order.keyboard.press("Escape")

    expect(cell(order, KIT_B, "assemble")).to_have_value("5")
    expect(order.locator("#line-20000-assemble-error")).to_have_count(0)


def test_button_on_the_whole_waits_until_everything_is_saved(order: Page) -> None:
    cell(order, KIT_B, "quantity").fill("9")
    order.keyboard.press("Control+Enter")

    expect(order.locator(".notice")).to_contain_text("released")
    assert store.order.lines[20000].quantity == 9


def test_button_on_the_whole_does_nothing_while_something_is_refused(order: Page) -> None:
    cell(order, KIT_B, "assemble").fill("50")
    order.keyboard.press("Control+Enter")

    expect(order.locator("#line-20000-assemble-error")).to_be_visible()
    expect(cell(order, KIT_B, "assemble")).to_be_focused()
    assert not store.order.released


def test_lost_network_keeps_the_text_and_offers_to_try_again(order: Page) -> None:
    order.context.set_offline(True)
    cell(order, KIT_B, "quantity").fill("9")
    order.keyboard.press("ArrowDown")
    expect(order.locator(KIT_B)).to_contain_text("the server did not answer")
    expect(cell(order, KIT_B, "quantity")).to_have_value("9")

    order.context.set_offline(False)
    order.get_by_role("button", name="Try again").click()

    is_saved(order)
    assert store.order.lines[20000].quantity == 9


# --- Two people


def test_conflict_shows_both_sides_and_saves_mine_when_told_to(order: Page) -> None:
    store.order.change_line(20000, {"quantity": 11})
    cell(order, KIT_B, "quantity").fill("12")
    order.keyboard.press("ArrowDown")

    expect(order.locator(KIT_B)).to_contain_text("Quantity: now 11, you typed 12.")
    expect(cell(order, KIT_B, "quantity")).to_have_value("12")
    assert store.order.lines[20000].quantity == 11

    order.get_by_role("button", name="Save mine").click()
    is_saved(order)
    assert store.order.lines[20000].quantity == 12
    expect(order.locator(f"{KIT_B} [data-note]")).to_have_count(0)


def test_conflict_gives_way_when_told_to(order: Page) -> None:
    store.order.change_line(20000, {"quantity": 11})
    cell(order, KIT_B, "quantity").fill("12")
    order.keyboard.press("ArrowDown")

    order.get_by_role("button", name="Take theirs").click()

    expect(cell(order, KIT_B, "quantity")).to_have_value("11")
    expect(order.locator(f"{KIT_B} [data-note]")).to_have_count(0)
    assert len(store.order.received) == 1


def test_different_fields_of_one_line_merge(order: Page) -> None:
    store.order.change_line(20000, {"quantity": 11})
    cell(order, KIT_B, "description").fill("Mine")
    order.keyboard.press("ArrowDown")

    is_saved(order)
    expect(cell(order, KIT_B, "quantity")).to_have_value("11")
    assert store.order.lines[20000].quantity == 11
    assert store.order.lines[20000].description == "Mine"


# --- Lines by keyboard


def test_lines_are_entered_without_a_mouse(order: Page) -> None:
    cell(order, KIT_B, "item").focus()
    order.keyboard.press("Control+Insert")
    for item, quantity in (("80001", "3"), ("80005", "4")):
        order.keyboard.type(item)
        order.keyboard.press("Enter")
        order.keyboard.type(quantity)
        order.keyboard.press("Enter")

    expect(order.locator("#line-50000")).to_be_visible()
    is_saved(order)
    assert [(line.item, str(line.quantity)) for line in store.order.lines.values()][3:] == [
        ("80001", "3"),
        ("80005", "4"),
    ]
    expect(order.locator("tbody[data-new]")).to_have_count(1)
    expect(cell(order, "tbody[data-new]", "item")).to_be_focused()


def test_line_is_deleted_and_the_focus_goes_to_the_next(order: Page) -> None:
    cell(order, "#line-10000", "quantity").focus()
    order.keyboard.press("Control+Delete")

    expect(order.locator("#line-10000")).to_have_count(0)
    expect(cell(order, KIT_B, "quantity")).to_be_focused()
    expect(order.locator("#totals")).to_contain_text("2 lines")


def test_value_is_copied_from_the_line_above(order: Page) -> None:
    cell(order, "#line-30000", "unit_price").focus()
    order.keyboard.press("F8")

    expect(cell(order, "#line-30000", "unit_price")).to_have_value("899.00")


def test_tab_goes_through_every_control(order: Page) -> None:
    cell(order, KIT_B, "item").focus()
    visited = []
    for _ in range(7):
        visited.append(order.evaluate("document.activeElement.name"))
        order.keyboard.press("Tab")
        if order.evaluate("document.activeElement.type") == "date":
            visited.append("shipment_date")
            cell(order, KIT_B, "reserve").focus()

    assert visited[:6] == ["item", "description", "quantity", "assemble", "unit_price", "shipment_date"]


# --- Combobox


def test_option_is_chosen_by_keyboard(order: Page) -> None:
    item = cell(order, "#line-new-0", "item")
    item.focus()
    order.keyboard.type("graph")
    expect(options(order)).to_have_count(2)
    expect(item).to_have_attribute("aria-expanded", "true")

    order.keyboard.press("ArrowDown")
    order.keyboard.press("ArrowDown")
    chosen = order.locator(f"#{item.get_attribute('aria-activedescendant')}")
    expect(chosen).to_have_attribute("aria-selected", "true")
    order.keyboard.press("Enter")

    expect(item).to_have_value("80014")
    expect(item).to_have_attribute("aria-expanded", "false")
    expect(cell(order, "#line-new-0", "quantity")).to_be_focused()


def test_escape_closes_the_options_and_keeps_the_text(order: Page) -> None:
    item = cell(order, "#line-new-0", "item")
    item.focus()
    order.keyboard.type("graph")
    expect(options(order)).to_have_count(2)

    order.keyboard.press("Escape")

    expect(options(order)).to_have_count(0)
    expect(item).to_have_value("graph")


def test_option_is_chosen_by_mouse(order: Page) -> None:
    item = cell(order, "#line-new-0", "item")
    item.focus()
    order.keyboard.type("memory")
    options(order).filter(has_text="80210").click()

    expect(item).to_have_value("80210")
    expect(item).to_be_focused()


# --- Header fields


def test_header_field_is_saved_when_it_was_changed(order: Page) -> None:
    order.get_by_label("External document no.").fill("PO-7")
    order.keyboard.press("Tab")

    is_saved(order)
    assert store.order.received == [{"external_document_no": "PO-7", "was.external_document_no": ""}]


def test_header_field_is_refused_in_its_place(order: Page) -> None:
    order.get_by_label("Location").select_option("GONE")

    expect(order.locator("#header-location-error")).to_have_text("Location GONE does not exist.")
    expect(order.get_by_label("Location")).to_have_attribute("aria-invalid", "true")
    assert store.order.location == "WHITE"


# --- Without scripts


def test_line_is_saved_and_refused_without_scripts(without_scripts: Page) -> None:
    cell(without_scripts, KIT_B, "quantity").fill("9")
    without_scripts.locator(KIT_B).get_by_role("button", name="Save").click()
    assert store.order.lines[20000].quantity == 9

    cell(without_scripts, KIT_B, "assemble").fill("50")
    without_scripts.locator(KIT_B).get_by_role("button", name="Save").click()
    expect(without_scripts.locator("#line-20000-assemble-error")).to_be_visible()
    expect(cell(without_scripts, KIT_B, "assemble")).to_have_value("50")


def test_line_is_added_and_deleted_without_scripts(without_scripts: Page) -> None:
    cell(without_scripts, "#line-new-0", "item").fill("80001")
    cell(without_scripts, "#line-new-0", "quantity").fill("3")
    without_scripts.locator("#line-new-0").get_by_role("button", name="Save").click()
    assert [line.item for line in store.order.lines.values()] == ["80203", "KIT-B", "KIT-A", "80001"]

    without_scripts.locator("#line-40000").get_by_role("button", name="Delete").click()
    assert len(store.order.lines) == 3


# --- Keys, menus, questions, theme


def test_keys_lead_through_the_pages(order: Page) -> None:
    order.keyboard.press("g")
    order.keyboard.press("i")
    order.wait_for_url("**/gallery/list/")

    order.keyboard.press("/")
    order.keyboard.type("kit")

    expect(order.locator("tbody tr")).to_have_count(2)
    order.wait_for_url("**/list/?q=kit&type=")


def test_letters_do_nothing_in_a_field(order: Page) -> None:
    order.get_by_label("External document no.").focus()
    order.keyboard.type("gi?")

    expect(order.get_by_label("External document no.")).to_have_value("gi?")
    assert order.url.endswith(GALLERY)


def test_sheet_lists_the_keys_of_the_page_and_switches_letters_off(order: Page) -> None:
    order.keyboard.press("?")
    sheet = order.get_by_role("dialog", name="Keys of this page")
    expect(sheet).to_contain_text("Go to items")
    expect(sheet).to_contain_text("Release")

    sheet.get_by_role("checkbox").uncheck()
    order.keyboard.press("Escape")
    order.keyboard.press("g")
    order.keyboard.press("i")
    order.keyboard.press("?")

    expect(sheet).to_be_hidden()
    assert order.url.endswith(GALLERY)


def test_question_is_asked_before_a_deletion(order: Page) -> None:
    order.locator("summary[aria-label=More]").click()
    order.get_by_role("button", name="Delete order").click()
    dialog = order.locator("#confirm")
    expect(dialog).to_contain_text("Delete order SO-001043 with its lines?")

    order.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    assert not store.order.released

    order.locator("summary[aria-label=More]").click()
    order.get_by_role("button", name="Delete order").click()
    dialog.get_by_role("button", name="Delete").click()
    expect(order.locator(".notice")).to_be_visible()


def test_theme_is_chosen_without_loading_and_stays(order: Page) -> None:
    order.locator("summary", has_text="Alice Clerk").click()
    order.get_by_role("button", name="Dark").click()
    expect(order.locator("html")).to_have_attribute("data-theme", "dark")

    order.reload()

    expect(order.locator("html")).to_have_attribute("data-theme", "dark")
    background = order.evaluate("getComputedStyle(document.querySelector('main')).backgroundColor")
    assert background == "rgb(22, 26, 32)"


def test_navigation_is_narrowed_and_stays_so(order: Page) -> None:
    order.get_by_role("button", name="Narrow").click()
    order.reload()

    assert order.locator("#navigation").bounding_box()["width"] < 60  # type: ignore[index]


# --- Accessibility and reflow

PAGES = [GALLERY, "/gallery/list/", "/", "/sign-in/"]
WINDOWS = [(1440, 900), (834, 1112), (320, 640)]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_have_no_known_barrier(examined: Page, scheme: Any) -> None:
    examined.emulate_media(color_scheme=scheme)
    found = {}
    for path in PAGES:
        if path == "/sign-in/":
            examined.context.clear_cookies()
        examined.goto(path)
        found[path] = barriers(examined)

    assert found == {path: [] for path in PAGES}


def test_refused_line_and_open_dialog_have_no_known_barrier(examined: Page) -> None:
    cell(examined, KIT_B, "assemble").fill("50")
    examined.keyboard.press("ArrowDown")
    expect(examined.locator("#line-20000-assemble-error")).to_be_visible()
    assert barriers(examined) == []

    examined.locator("h1").click()
    examined.keyboard.press("?")
    expect(examined.locator("#keys-sheet")).to_be_visible()
    assert barriers(examined) == []


@pytest.mark.parametrize("window", WINDOWS, ids=str)
def test_only_tables_scroll_sideways(order: Page, window: tuple[int, int]) -> None:
    order.set_viewport_size({"width": window[0], "height": window[1]})
    too_wide = {}
    for path in PAGES[:3]:
        order.goto(path)
        too_wide[path] = order.evaluate("Math.max(0, document.documentElement.scrollWidth - innerWidth)")

    assert too_wide == dict.fromkeys(PAGES[:3], 0)


def barriers(page: Page) -> list[tuple[str, list[str]]]:
    """Return what axe finds."""
    found = Axe().run(page).response["violations"]
    return [(violation["id"], [node["html"] for node in violation["nodes"]]) for violation in found]
