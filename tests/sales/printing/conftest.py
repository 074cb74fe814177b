"""The house, its kits, and people who are signed in."""

from __future__ import annotations

from tests.support_pages import auditor, clerk, planner, worker
from tests.support_stories import house, kit, rich_kit, stock_kit

__all__ = ["auditor", "clerk", "house", "kit", "planner", "rich_kit", "stock_kit", "worker"]
