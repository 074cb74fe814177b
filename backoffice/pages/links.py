"""Addresses of documents by their kind and number, for pages that show documents of the floors above.

The app that owns the pages of a kind registers them when it starts (`AppConfig.ready`).
"""

from __future__ import annotations

from collections.abc import Callable

_addresses: dict[str, Callable[[str], str]] = {}


def register(kind: str, address: Callable[[str], str]) -> None:
    """Say where documents of this kind are shown: `register("sales_order", lambda no: reverse(…))`."""
    _addresses[kind] = address


def url_of(kind: str, no: str) -> str:
    """Return where the document is shown, "" where nobody shows its kind."""
    address = _addresses.get(kind)
    return address(no) if address and no else ""
