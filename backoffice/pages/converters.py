"""Business keys in addresses: `path("items/<key:no>/", …)`. Importing this module registers the converter."""

from __future__ import annotations

from urllib.parse import unquote

from django.urls import register_converter

from backoffice.codes import text_fault


class KeyConverter:
    """One segment of a path that stands for a business key, whatever the key holds.

    A slash would begin the next segment, "." and ".." would be walked by browsers and "new" leads to the page for a
    new record: as keys they are escaped once more than every address is.
    """

    regex = "[^/]+"

    def to_python(self, value: str) -> str:
        """Return the key that the segment stands for. ValueError, for "no such address", where it can be no key."""
        key = unquote(value)
        if fault := text_fault(key):
            raise ValueError(fault)
        return key

    def to_url(self, value: str) -> str:
        """Return the segment that stands for the key."""
        escaped = value.replace("%", "%25").replace("/", "%2F")
        return f"%{ord(escaped[0]):02X}{escaped[1:]}" if escaped in _RESERVED else escaped


_RESERVED = frozenset({".", "..", "new"})


register_converter(KeyConverter, "key")
