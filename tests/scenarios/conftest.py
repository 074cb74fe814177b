"""The house and its kits."""

from __future__ import annotations

from tests.support_stories import house, kit, rich_kit, stock_kit

__all__ = ["house", "kit", "rich_kit", "stock_kit"]
