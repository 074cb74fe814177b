"""The page of a background job in a real browser: it follows the worker by itself, and stops asking at the end."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from assembly.services.batch_posting import queue_batch
from backoffice import acting
from backoffice.models import User
from backoffice.worker import Worker
from inventory.models import Item
from tests.browser.documents import barriers, examined, planner_page, sideways, sign_in
from tests.support import assemble, assembled
from tests.support_stories import house, stock_kit

__all__ = ["examined", "house", "planner_page", "sign_in", "stock_kit"]

pytestmark = pytest.mark.browser


def test_the_page_follows_the_job(planner_page: Page, examined: Page, stock_kit: Item) -> None:
    page = planner_page
    assembled(assemble(stock_kit, 3), 1)
    with acting.acting_as(User.objects.get(), acting.PAGE):
        job = queue_batch(nos=["AO-000001", "NONE"])
    page.goto(f"/jobs/{job.pk}/")
    expect(page.locator("#job")).to_contain_text("0 of 2 done")

    Worker().work_off()

    expect(page.locator("#job")).to_contain_text("2 of 2 done, 1 refused")
    expect(page.locator("#job")).to_contain_text("Posted as PA-000002")
    assert page.locator("#job").get_attribute("hx-get") is None
    page.set_viewport_size({"width": 360, "height": 740})
    assert sideways(page) <= 0
    examined.goto(f"/jobs/{job.pk}/")
    assert barriers(examined) == []
