"""Finds a Chromium for the tests marked `browser`, and says loudly where there is none."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

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
