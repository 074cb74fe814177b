"""Finds a Chromium for the tests marked `browser`, and says loudly where there is none."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page
    from pytest_django.live_server_helper import LiveServer

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_PLACES = (
    (Path.home() / ".cache/ms-playwright", "chromium-*/chrome-linux*/chrome"),
    (Path.home() / "Library/Caches/ms-playwright", "chromium-*/chrome-mac*/*.app/Contents/MacOS/*"),
    (Path("/Applications"), "Google Chrome.app/Contents/MacOS/Google Chrome"),
)


def executable() -> str | None:
    """Return the Chromium to drive: KITWRIGHT_CHROMIUM, else on the path, else fetched by Playwright."""
    given = os.environ.get("KITWRIGHT_CHROMIUM")
    on_path = (shutil.which(name) for name in ((given,) if given else _NAMES))
    fetched = (str(path) for root, pattern in _PLACES for path in sorted(root.glob(pattern), reverse=True))
    return next((path for path in (*on_path, *fetched) if path), None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip the browser tests where there is no browser. They come last in any case: they are the slowest."""
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)
    if executable() is None:
        for item in items:
            if item.get_closest_marker("browser"):
                item.add_marker(pytest.mark.skip(reason="no Chromium found"))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say it in the summary too, where nobody overlooks it."""
    if executable() is None:
        terminalreporter.section("THE BROWSER TESTS DID NOT RUN", red=True, bold=True)
        terminalreporter.line("No Chromium was found. Install one (apt-get install chromium), or name it in")
        terminalreporter.line("KITWRIGHT_CHROMIUM, and run the suite again.")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Return one headless Chromium for the session."""
    from playwright.sync_api import sync_playwright

    # Playwright's loop runs in this thread, and Django takes any loop for a sign that we are asynchronous.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        # Without its own sandbox: it cannot build one as root, and it only visits us.
        browser = playwright.chromium.launch(executable_path=executable(), args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: Browser, live_server: LiveServer) -> Iterator[Page]:
    """Return a fresh page, signed out, whose relative addresses are the live server's.

    Anything that the browser reports as an error, a breach of the content security policy above all, fails
    the test at its end.
    """
    context = chromium.new_context(base_url=live_server.url)
    context.set_default_timeout(10_000)
    opened = context.new_page()
    errors: list[str] = []
    opened.on("pageerror", lambda error: errors.append(str(error)))
    opened.on(
        "console", lambda said: errors.append(said.text) if "Content Security Policy" in said.text else None
    )
    yield opened
    context.close()
    assert errors == []
