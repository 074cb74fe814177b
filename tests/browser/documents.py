"""What the browser tests of document pages share: people at a browser, cells of grids, and what axe finds."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from backoffice.models import User
from backoffice.rights import Role

SignIn = Callable[[Page, Role], Page]


@pytest.fixture
def sign_in(live_server: LiveServer) -> SignIn:
    """Return what signs somebody of a role in at a browser's page."""

    def at(opened: Page, role: Role) -> Page:
        person, _ = User.objects.get_or_create(username=role.value, defaults={"roles": [role]})
        client = Client()
        client.force_login(person)
        name = settings.SESSION_COOKIE_NAME
        cookie = {"name": name, "value": client.cookies[name].value, "url": live_server.url}
        opened.context.add_cookies([cookie])  # type: ignore[list-item]  # a TypedDict whose url is not required
        return opened

    return at


@pytest.fixture
def clerk_page(page: Page, sign_in: SignIn) -> Page:
    """A browser at which a clerk is signed in."""
    return sign_in(page, Role.CLERK)


@pytest.fixture
def planner_page(page: Page, sign_in: SignIn) -> Page:
    """A browser at which a planner is signed in."""
    return sign_in(page, Role.PLANNER)


@pytest.fixture
def examined(chromium: Browser, live_server: LiveServer, sign_in: SignIn) -> Iterator[Page]:
    """A planner's browser where axe may bring its own styles, which the content security policy would report."""
    context = chromium.new_context(base_url=live_server.url, bypass_csp=True)
    yield sign_in(context.new_page(), Role.PLANNER)
    context.close()


@pytest.fixture
def without_scripts(chromium: Browser, live_server: LiveServer, sign_in: SignIn) -> Iterator[Page]:
    """A clerk's browser that runs no script."""
    context = chromium.new_context(base_url=live_server.url, java_script_enabled=False)
    yield sign_in(context.new_page(), Role.CLERK)
    context.close()


def cell(page: Page, line: str, name: str) -> Locator:
    """Return the control of a field of a line, which is given by its selector."""
    return page.locator(f"{line} > tr:first-child [name={name}]:not([data-twin])")


def is_saved(page: Page) -> None:
    """Wait until the page says that everything is saved."""
    expect(page.locator("#save-state")).to_contain_text("Saved ")


def focused(page: Page) -> str:
    """Return the id of what has the focus."""
    found: str = page.evaluate("document.activeElement.id")
    return found


def barriers(page: Page) -> list[tuple[str, list[str]]]:
    """Return what axe finds."""
    found = Axe().run(page).response["violations"]
    return [(violation["id"], [node["html"][:200] for node in violation["nodes"]]) for violation in found]


def sideways(page: Page) -> int:
    """Return by how many pixels the page, not a table in it, is too wide."""
    wide: int = page.evaluate("Math.max(0, document.documentElement.scrollWidth - innerWidth)")
    return wide
