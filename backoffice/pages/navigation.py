"""The entries of the navigation, registered by the apps that own the pages (in `AppConfig.ready`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse

from backoffice.rights import has_right

if TYPE_CHECKING:
    from backoffice.models import User
    from backoffice.rights import Right


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of the navigation.

    key: the letter that follows `g` ("o" is `g o`). order: entries stand by it. right: None shows it to everybody.
    """

    label: str
    url_name: str
    icon: str
    key: str
    order: int
    right: Right | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """An entry as one person sees it on one page."""

    label: str
    url: str
    icon: str
    keys: str
    current: bool


_entries: dict[str, Entry] = {}


def register(entry: Entry) -> None:
    """Add an entry. Registering the same address again replaces it; two entries may not share a key."""
    taken = {known.key: name for name, known in _entries.items() if name != entry.url_name}
    if entry.key in taken:
        raise ValueError(f"The key g {entry.key} already goes to {taken[entry.key]}.")
    _entries[entry.url_name] = entry


def links_for(user: User, path: str) -> Sequence[Link]:
    """Return the entries that the user may follow; the one whose address begins the path longest is current."""
    entries = sorted(_entries.values(), key=lambda entry: entry.order)
    visible = [
        (entry, reverse(entry.url_name)) for entry in entries if entry.right is None or has_right(user, entry.right)
    ]
    current = _closest([url for _, url in visible], path)
    return [
        Link(label=entry.label, url=url, icon=entry.icon, keys=f"g {entry.key}", current=url == current)
        for entry, url in visible
    ]


def _closest(urls: Sequence[str], path: str) -> str | None:
    matching = [url for url in urls if path == url or (url != "/" and path.startswith(url))]
    return max(matching, key=len, default=None)
