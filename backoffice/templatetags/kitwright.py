"""What every template needs: numbers and dates, icons, badges, and the frame of the page."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal, cast

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from backoffice.models import User
from backoffice.pages import formats, navigation
from backoffice.pages.views import THEME_COOKIE, THEMES
from backoffice.rights import Right, has_right

register = template.Library()

#: Cookie with the person's choice of a narrow navigation, read here so that no page jumps.
NAVIGATION_COOKIE = "nav"
#: Icons of the tones, so that no meaning hangs on the colour alone.
_TONE_ICONS = {
    "neutral": "circle-dashed",
    "info": "circle-dashed",
    "progress": "progress-check",
    "success": "circle-check",
    "warning": "alert-triangle",
    "danger": "alert-circle",
}


@register.filter
def quantity(value: Decimal | Literal[""] | None, zero: str = "0") -> str:
    """Write a quantity. `|quantity:""` leaves zero blank, where the page reads better so."""
    if value is None or value == "":  # the template engine says "" for what is not there
        return ""
    return formats.quantity(value) if value else zero


@register.filter
def money(value: Decimal | Literal[""] | None) -> str:
    """Write an amount with two decimals."""
    return "" if value is None or value == "" else formats.money(value)


@register.filter
def price(value: Decimal | Literal[""] | None) -> str:
    """Write a unit price or cost."""
    return "" if value is None or value == "" else formats.price(value)


@register.filter
def day(value: date | Literal[""] | None) -> SafeString | str:
    """Write a date."""
    if not value:
        return ""
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), formats.day(value))


@register.filter
def moment(value: datetime | Literal[""] | None) -> SafeString | str:
    """Write an instant."""
    if not value:
        return ""
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), formats.moment(value))


@register.filter
def may(user: Any, right: str) -> bool:
    """Say whether the user has the right: `{% if user|may:"enter_sales" %}`. An unknown right is a fault."""
    return has_right(user, Right(right))


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """Draw an icon of the sprite. Without a label it is decoration and silent."""
    spoken = format_html('role="img" aria-label="{}"', label) if label else SafeString('aria-hidden="true"')
    return format_html('<svg class="icon" {}><use href="{}#{}"/></svg>', spoken, static("img/icons.svg"), name)


@register.simple_tag
def badge(choice: Any, tone: str = "") -> SafeString:
    """Draw a status: an enum member with `label` and `tone`, or a text with the tone given here."""
    shown = tone or getattr(choice, "tone", "neutral")
    label = getattr(choice, "label", choice)
    symbol = icon(getattr(choice, "icon", "") or _TONE_ICONS[shown])
    return format_html('<span class="badge {}">{}{}</span>', shown, symbol, label)


@register.simple_tag(takes_context=True)
def frame(context: template.Context) -> dict[str, Any]:
    """Return what the frame of the page shows: theme, navigation. Runs no query but the session's for its user.

    Without a request, as when the server failed, it is the frame of a stranger.
    """
    request = context.get("request")
    if request is None:
        return {"theme": "system", "themes": THEMES, "narrow": False, "links": (), "user": None}
    theme = request.COOKIES.get(THEME_COOKIE, "")
    user = getattr(request, "user", None)
    signed_in = user is not None and user.is_authenticated
    return {
        "theme": theme if theme in THEMES else "system",
        "themes": THEMES,
        "narrow": request.COOKIES.get(NAVIGATION_COOKIE) == "narrow",
        "links": navigation.links_for(cast(User, user), request.path) if signed_in else (),
        "user": user if signed_in else None,
    }
