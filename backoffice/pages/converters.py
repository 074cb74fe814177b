"""Business keys in addresses: `path("items/<key:no>/", …)`. Importing this module registers the converter."""

from __future__ import annotations

from urllib.parse import unquote

from django.urls import register_converter


class KeyConverter:
    """One segment of a path that stands for a business key, whatever the key holds.

    A slash would begin the next segment and "." and ".." would be walked by browsers, so they are escaped once
    more than every address is.
    """

    regex = "[^/]+"

    def to_python(self, value: str) -> str:
        """Return the key that the segment stands for."""
        return unquote(value)

    def to_url(self, value: str) -> str:
        """Return the segment that stands for the key."""
        escaped = value.replace("%", "%25").replace("/", "%2F")
        return escaped.replace(".", "%2E") if escaped in {".", ".."} else escaped


register_converter(KeyConverter, "key")
