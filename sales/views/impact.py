"""What a write would change beside the documents themselves: reservations, and when lines of orders can leave."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from backoffice.impact import Impact
from backoffice.pages import formats
from backoffice.pages.impact import touched_documents


@dataclass(frozen=True, slots=True, kw_only=True)
class ReservedChange:
    """A reservation now and then; "" where there is none. Each side: kind, number, line number."""

    item: str
    demand: Mapping[str, Any]
    supply: Mapping[str, Any]
    old: str
    new: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseChange:
    """When a line of an order can leave, now and then. tone, word: whether that is better or worse; "" for neither."""

    no: str
    line_no: str
    is_own: bool
    item: str
    old: str
    new: str
    tone: str = "neutral"
    word: str = ""


def context_of(told: Impact, *, no: str, with_costs: bool) -> dict[str, Any]:
    """Return what `sales/orders/_impact.html` is drawn from. no: the order that is written to."""
    promises = [_promise(row, no) for row in told.others.get("promises", [])]
    return {
        "documents": touched_documents(told, with_costs=with_costs),
        "reservations": [_reservation(row) for row in told.others.get("reservations", [])],
        "promises": sorted(promises, key=lambda each: not each.is_own),
    }


def _reservation(row: Mapping[str, Any]) -> ReservedChange:
    shown = row["after"] or row["before"]
    return ReservedChange(
        item=shown["item"],
        demand=shown["demand"],
        supply=shown["supply"],
        old=_reserved(row["before"]),
        new=_reserved(row["after"]),
    )


def _reserved(values: Mapping[str, Any] | None) -> str:
    if values is None:
        return ""
    return f"{formats.quantity(Decimal(values['quantity']))} for {_day(values['date'])}"


def _promise(row: Mapping[str, Any], own: str) -> PromiseChange:
    no, _, line_no = row["key"].rpartition(" ")
    before, after = row["before"], row["after"]
    tone, word = _verdict(before, after)
    return PromiseChange(
        no=no,
        line_no=line_no,
        is_own=no == own,
        item=(after or before)["item"],
        old=_promised(before),
        new=_promised(after),
        tone=tone,
        word=word,
    )


def _promised(values: Mapping[str, Any] | None) -> str:
    if values is None:
        return ""
    what = f"{formats.quantity(Decimal(values['quantity']))} for {_day(values['shipment_date'])}"
    if values["earliest_date"] is None:
        return f"{what}: no date known"
    return f"{what}: can leave {_day(values['earliest_date'])}"


def _verdict(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> tuple[str, str]:
    """Say whether a line can leave earlier or later than before; no date known is the latest."""
    if before is None or after is None:
        return "neutral", ""
    old, new = before["earliest_date"], after["earliest_date"]
    if old == new:
        return "neutral", ""
    if new is None or (old is not None and new > old):
        return "warning", "Later"
    return "success", "Earlier"


def _day(text: str | None) -> str:
    return "" if text is None else formats.day(dt.date.fromisoformat(text))
