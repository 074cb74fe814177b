"""Where documents of any floor are shown."""

from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from backoffice.pages.links import url_of

register = template.Library()


@register.simple_tag
def document_link(kind: str, no: str) -> SafeString | str:
    """Draw a document's number: a link where its kind has a page."""
    url = url_of(kind, no)
    return format_html('<a href="{}">{}</a>', url, no) if url else no
