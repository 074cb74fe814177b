"""One Chromium for the session, and a fresh page for each test."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

from tests.plugins.chromium import executable


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Return one headless Chromium for the session."""
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
    opened.on("console", lambda said: errors.append(said.text) if "Content Security Policy" in said.text else None)
    yield opened
    context.close()
    assert errors == []
