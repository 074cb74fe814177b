"""The pages of the gallery, built as docs/pages.md says. Not behind `run_unit`: there is no database to write to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from backoffice.exceptions import DomainError, Refusals
from backoffice.pages import kinds, lookups
from backoffice.pages.decorators import by_script
from backoffice.pages.entries import Entry, Field, Sheet
from backoffice.pages.writing import Outcome
from tests.browser.gallery import store

HEADER = Sheet(
    Field(name="customer", label="Customer", kind=kinds.CODE, lookup="gallery-lookup", required=True),
    Field(
        name="location",
        label="Location",
        kind=kinds.CHOICE,
        choices=(("", ""), ("WHITE", "White Warehouse"), ("EAST", "East"), ("GONE", "Closed")),
    ),
    Field(name="shipment_date", label="Shipment date", kind=kinds.DAY),
    Field(name="external_document_no", label="External document no.", help="The customer's own number"),
    Field(name="note", label="Note", kind=kinds.LONG_TEXT, size="wide"),
)
LINE = Sheet(
    Field(name="item", label="Item", kind=kinds.CODE, lookup="gallery-lookup", stop=True, size="m"),
    Field(name="description", label="Description"),
    Field(name="quantity", label="Quantity", kind=kinds.QUANTITY, stop=True, size="s"),
    Field(name="assemble", label="Assemble", kind=kinds.QUANTITY, size="s"),
    Field(name="unit_price", label="Unit price", kind=kinds.PRICE, size="s"),
    Field(name="shipment_date", label="Shipment date", kind=kinds.DAY, size="m"),
    Field(name="reserve", label="Reserve", kind=kinds.FLAG, size="s"),
)


def attempt(write: Callable[[], Any]) -> Outcome[Any]:
    try:
        return Outcome(result=write())
    except Refusals as several:
        return Outcome(refusals=several.errors)
    except DomainError as refusal:
        return Outcome(refusals=(refusal,))


def header_entry(**state: Any) -> Entry:
    url = "" if store.order.released else reverse("gallery-header")
    return Entry(sheet=HEADER, key="header", row=store.order, url=url, **state)


def line_entry(line: store.Line, **state: Any) -> Entry:
    url = reverse("gallery-line", args=[line.line_no])
    return Entry(
        sheet=LINE,
        key=f"line-{line.line_no}",
        name=f"line {line.line_no}, {line.item}",
        row=line,
        url="" if store.order.released else url,
        delete_url=url + "delete/",
        locked={"assemble": "Follows from the quantity."} if line.item == "80203" else {},
        **state,
    )


def new_entry(key: str = "line-new-0", **state: Any) -> Entry:
    url = "" if store.order.released else reverse("gallery-lines")
    return Entry(sheet=LINE, key=key, name="new line", row={}, url=url, **state)


def page(request: HttpRequest, *, status: int = 200, **entries: Entry) -> HttpResponse:
    lines = {f"line_{line.line_no}": line_entry(line) for line in store.order.lines.values()}
    context = {
        "title": "SO-001043 Acme Ltd",
        "crumbs": [("Sales orders", reverse("gallery-list"))],
        "order": store.order,
        "sheet": LINE,
        "header": entries.pop("header", None) or header_entry(),
        "new": entries.pop("new", None) or new_entry(),
        "template": new_entry("line-new-__n__"),
        "lines": [entries.get(key, entry) for key, entry in lines.items()],
        "promise": store.Promise.EXPECTED,
    }
    return render(request, "gallery/order.html", context, status=status)


def show(request: HttpRequest) -> HttpResponse:
    return page(request)


def save_header(request: HttpRequest) -> HttpResponse:
    store.order.received.append(request.POST.dict())
    outcome = attempt(lambda: store.order.change(HEADER.changes(request.POST, store.order)))
    entry = header_entry(posted=request.POST, refusals=outcome.refusals)
    if by_script(request):
        return render(request, "gallery/_header.html", {"header": entry, "order": store.order}, status=outcome.status)
    return redirect("gallery") if outcome.done else page(request, status=outcome.status, header=entry)


def save_line(request: HttpRequest, line_no: int | None = None) -> HttpResponse:
    store.order.received.append(request.POST.dict())
    store.gate.wait(10)
    current: object = store.order.lines[line_no] if line_no else {}
    outcome = attempt(lambda: store.order.change_line(line_no, LINE.changes(request.POST, current)))
    state = {"posted": request.POST, "refusals": outcome.refusals}
    line = outcome.result if outcome.done else store.order.lines.get(line_no or 0)
    entry = line_entry(line, **state) if line else new_entry(request.POST.get("key", "line-new-0"), **state)
    if by_script(request):
        context = {"entry": entry, "line": line, "order": store.order, "with_totals": True}
        return render(request, "gallery/_line.html", context, status=outcome.status)
    if outcome.done:
        return redirect("gallery")
    return page(request, status=outcome.status, **{f"line_{line_no}" if line_no else "new": entry})


def delete_line(request: HttpRequest, line_no: int) -> HttpResponse:
    if line_no == 10000 and len(store.order.lines) == 1:
        refusal = DomainError()
        entry = line_entry(store.order.lines[line_no], refusals=(refusal,))
        return render(request, "gallery/_line.html", {"entry": entry, "line": entry.row}, status=409)
    del store.order.lines[line_no]
    if by_script(request):
        return render(request, "gallery/_totals.html", {"order": store.order, "swapped": True})
    return redirect("gallery")


def release(request: HttpRequest) -> HttpResponse:
    store.order.released = True
    messages.success(request, "Order SO-001043 released.")
    return redirect("gallery")


def listing(request: HttpRequest) -> HttpResponse:
    query = request.GET.get("q", "")
    rows = [(no, name) for no, name in store.ITEMS.items() if query.lower() in (no + name).lower()]
    context = {"title": "Items", "rows": rows, "q": query, "promises": list(store.Promise)}
    template = "gallery/_rows.html" if by_script(request) else "gallery/list.html"
    return render(request, template, context)


def lookup(request: HttpRequest) -> HttpResponse:
    typed = lookups.typed_text(request).lower()
    found = [(no, name) for no, name in store.ITEMS.items() if typed in (no + name).lower()]
    return lookups.options(request, (lookups.Option(no, name, "12 free") for no, name in found))
