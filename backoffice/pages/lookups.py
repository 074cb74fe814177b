"""Answers to the combobox: the options that match what was typed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

#: More options than this are not read, only scrolled past.
OPTION_LIMIT = 20


@dataclass(frozen=True, slots=True)
class Option:
    """One choice: the key that is entered, the name beside it, and a short note (stock, place)."""

    value: str
    label: str = ""
    note: str = ""


def typed_text(request: HttpRequest) -> str:
    """Return what was typed so far. A NUL cannot be searched for and finds nothing."""
    text = request.GET.get("q", "").strip()
    return "" if "\x00" in text else text


def options(request: HttpRequest, found: Iterable[Option]) -> HttpResponse:
    """Answer with the options as a listbox, at most OPTION_LIMIT of them."""
    shown = [option for option, _ in zip(found, range(OPTION_LIMIT), strict=False)]
    return render(request, "partials/options.html", {"options": shown})
