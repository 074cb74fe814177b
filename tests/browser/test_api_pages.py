"""The interface describes itself in a page that needs no network."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect


@pytest.mark.browser
def test_the_pages_of_the_api_list_its_documents(page: Page) -> None:
    page.goto("/api/v1/docs/")

    expect(page.get_by_role("heading", name="Kitwright")).to_be_visible(timeout=60_000)
    expect(page.get_by_role("link", name="sales-orders", exact=True)).to_be_visible()
