"""Receiving a purchase order: how much of each line has arrived, and where it was put."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from backoffice.exceptions import DomainError, Refusals
from backoffice.pages import kinds
from backoffice.pages.attempts import NO_ATTEMPT, Attempt, attempt
from backoffice.pages.decorators import page
from backoffice.pages.entries import Entry, Field, Sheet
from backoffice.pages.formats import quantity
from backoffice.rights import Right
from inventory.models import PurchaseLine, PurchaseOrder
from inventory.services.receiving import receive_purchase_order
from inventory.views.purchasing import order_of, show

#: The fields of a line, as the service names them.
LINE_FIELDS = ("quantity", "bin", "lot_no", "serial_no")


@page(right=Right.PURCHASE)
def receive(request: HttpRequest, no: str) -> HttpResponse:
    """GET the lines of which something is outstanding; POST posts what has arrived."""
    order = order_of(no)
    lines = [line for line in order.lines.order_by("line_no") if line.outstanding_quantity]
    if not lines:
        return show(request, no, NO_ATTEMPT) if request.method == "GET" else redirect("purchase-order", no)
    sheet, tried = _sheet(lines), NO_ATTEMPT
    if request.method == "POST":
        tried = attempt(request, Right.PURCHASE, lambda: _receive(order, sheet, lines, request.POST), key="receipt")
        if tried.done:
            messages.success(request, f"Receipt {tried.result} posted for {no}.")
            return redirect("purchase-order", no)
        named = [str(values["line_no"]) for values in _line_values(_typed_in(sheet, request.POST), lines)]
        tried = replace(tried, refusals=[_at_field(refusal, named) for refusal in tried.refusals])
    return render(request, "inventory/purchase/receive.html", _context(order, sheet, lines, tried), status=tried.status)


def _sheet(lines: Sequence[PurchaseLine]) -> Sheet:
    """Return the fields of the form: one posting date, and for each line what has arrived of it."""
    fields = [Field(name="posting_date", label="Posting date", kind=kinds.DAY, help="Blank: the work date")]
    for line in lines:
        of_line = f"line {line.line_no}, {line.item_id}"
        fields += [
            Field(name=f"quantity_{line.line_no}", label=f"Quantity, {of_line}", kind=kinds.QUANTITY, stop=True),
            Field(name=f"bin_{line.line_no}", label=f"Bin, {of_line}", kind=kinds.CODE, lookup="bin-lookup"),
            Field(name=f"lot_no_{line.line_no}", label=f"Lot no., {of_line}", kind=kinds.text(50)),
            Field(name=f"serial_no_{line.line_no}", label=f"Serial no., {of_line}", kind=kinds.text(50)),
        ]
    return Sheet(*fields)


def _receive(order: PurchaseOrder, sheet: Sheet, lines: Sequence[PurchaseLine], posted: Mapping[str, str]) -> str:
    """Post the lines that have a quantity. The revision on the form keeps a form sent twice from posting twice."""
    typed = sheet.new(posted)
    values = {"posting_date": typed.get("posting_date"), "lines": _line_values(typed, lines)}
    seen = kinds.WHOLE.read(posted.get("order_rev", ""))
    return receive_purchase_order(order.no, values, expected_rev=seen)


def _line_values(typed: Mapping[str, Any], lines: Sequence[PurchaseLine]) -> list[dict[str, Any]]:
    rows = []
    for line in lines:
        values = {name: typed[f"{name}_{line.line_no}"] for name in LINE_FIELDS if typed.get(f"{name}_{line.line_no}")}
        if "quantity" in values:
            rows.append({"line_no": line.line_no, **values})
    return rows


def _typed_in(sheet: Sheet, posted: Mapping[str, str]) -> Mapping[str, Any]:
    """Return the values again, to know which lines a refusal counts; nothing where they were malformed."""
    with suppress(DomainError, Refusals):
        return sheet.new(posted)
    return {}


def _at_field(refusal: DomainError, line_nos: Sequence[str]) -> DomainError:
    """Return the refusal at the form's field: "lines[1].bin" of the service is "bin_20000" here."""
    for index, line_no in enumerate(line_nos):
        prefix = f"lines[{index}]."
        if refusal.field and refusal.field.startswith(prefix):
            moved = copy.copy(refusal)
            moved.field = f"{refusal.field.removeprefix(prefix)}_{line_no}"
            return moved
    return refusal


def _context(order: PurchaseOrder, sheet: Sheet, lines: Sequence[PurchaseLine], tried: Attempt) -> dict[str, Any]:
    outstanding = {f"quantity_{line.line_no}": line.outstanding_quantity for line in lines}
    entry = Entry(
        sheet=sheet,
        key="receipt",
        row=outstanding,
        url=reverse("purchase-order-receive", args=[order.no]),
        **tried.state_of("receipt"),
    )
    return {
        "title": f"Receive {order.no}",
        "crumbs": [
            ("Purchase orders", reverse("purchase-orders")),
            (order.no, reverse("purchase-order", args=[order.no])),
        ],
        "order": order,
        "entry": entry,
        "rows": [
            {
                "line": line,
                "outstanding": quantity(line.outstanding_quantity),
                "names": [f"{name}_{line.line_no}" for name in LINE_FIELDS],
            }
            for line in lines
        ],
        "cancel_url": reverse("purchase-order", args=[order.no]),
    }
