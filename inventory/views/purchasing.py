"""Purchase orders: the list, a new one, the page with its line grid."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html

from backoffice.pages import formats
from backoffice.pages.attempts import NO_ATTEMPT, Attempt, attempt
from backoffice.pages.decorators import by_script, page
from backoffice.pages.entries import Entry
from backoffice.pages.grids import Computed, Grid, answer_deletion, answer_line
from backoffice.pages.history import history_of, labels_of
from backoffice.pages.lists import answer_list
from backoffice.rights import Right, has_right
from backoffice.templatetags.kitwright import icon
from inventory import querysets
from inventory.locks import lock_purchase_lines, lock_purchase_order
from inventory.models import PurchaseLine, PurchaseOrder
from inventory.rounding import ZERO, amount
from inventory.services import purchasing
from inventory.views import sheets
from inventory.views.filters import PurchaseOrderFilters

SORTS = {
    "-no": ("-no",),
    "no": ("no",),
    "order_date": ("order_date", "no"),
    "-order_date": ("-order_date", "-no"),
    "vendor_name": ("vendor_name", "no"),
    "-vendor_name": ("-vendor_name", "-no"),
}
COSTS = frozenset({"unit_cost"})
FRAGMENTS = "inventory/purchase/_fragments.html"


@page(right=Right.VIEW_PURCHASES, methods=("GET",))
def list_orders(request: HttpRequest) -> HttpResponse:
    """The list of purchase orders, newest first."""
    may_edit = has_right(request.user, Right.PURCHASE)
    return answer_list(
        request,
        querysets.purchase_order_list(),
        filters=PurchaseOrderFilters,
        sorts=SORTS,
        rows_template="inventory/purchase/_rows.html",
        context={
            "title": "Purchase orders",
            "search_label": "Number or vendor",
            "new_url": reverse("purchase-order-new") if may_edit else "",
            "new_label": "New purchase order",
        },
    )


@page(right=Right.PURCHASE)
def new_order(request: HttpRequest) -> HttpResponse:
    """Create an order; its lines are entered on its page."""
    sheet, tried = sheets.NEW_PURCHASE_ORDER, NO_ATTEMPT
    if request.method == "POST":
        tried = attempt(
            request,
            Right.PURCHASE,
            lambda: purchasing.create_purchase_order(sheet.new(request.POST)),
            key="order",
        )
        if tried.done:
            return redirect("purchase-order", tried.result.no)
    context = {
        "title": "New purchase order",
        "crumbs": [("Purchase orders", reverse("purchase-orders"))],
        "entry": Entry(sheet=sheet, key="order", row={}, url=reverse("purchase-order-new"), **tried.state_of("order")),
        "groups": [("", [*sheet.fields])],
        "submit_label": "Create purchase order",
        "cancel_url": reverse("purchase-orders"),
    }
    return render(request, "partials/new_page.html", context, status=tried.status)


@page(right=Right.VIEW_PURCHASES)
def show_order(request: HttpRequest, no: str) -> HttpResponse:
    """GET the order; POST changes fields of its header."""
    if request.method != "POST":
        return show(request, no, NO_ATTEMPT)

    def write() -> PurchaseOrder:
        order = lock_purchase_order(no)
        return purchasing.change_purchase_order(no, sheets.PURCHASE_HEADER.changes(request.POST, order))

    tried = attempt(request, Right.PURCHASE, write, key="header")
    if tried.done and not by_script(request):
        return redirect(request.path)
    return show(request, no, tried)


@page(right=Right.PURCHASE, methods=("POST",))
def delete_order(request: HttpRequest, no: str) -> HttpResponse:
    """Delete an order of which nothing has arrived."""
    order_of(no)
    tried = attempt(request, Right.PURCHASE, lambda: purchasing.delete_purchase_order(no))
    if not tried.done:
        return show(request, no, tried)
    messages.success(request, f"Purchase order {no} deleted.")
    return redirect("purchase-orders")


@page(right=Right.PURCHASE, methods=("POST",))
def save_line(request: HttpRequest, no: str, line_no: int | None = None) -> HttpResponse:
    """Add a line, or change one."""
    sheet = _line_sheet(request)

    def write() -> PurchaseLine:
        if line_no is None:
            return purchasing.add_purchase_line(no, sheet.new(request.POST))
        lines = lock_purchase_lines(lock_purchase_order(no))
        current = next((line for line in lines if line.line_no == line_no), None)
        return purchasing.change_purchase_line(no, line_no, sheet.changes(request.POST, current or {}))

    return _answer_line(request, no, line_no, write, answer_line)


@page(right=Right.PURCHASE, methods=("POST",))
def delete_line(request: HttpRequest, no: str, line_no: int) -> HttpResponse:
    """Delete a line of which nothing has arrived."""
    return _answer_line(request, no, line_no, lambda: purchasing.delete_purchase_line(no, line_no), answer_deletion)


def order_of(no: str) -> PurchaseOrder:
    """Return the order. Raises Http404."""
    order = PurchaseOrder.objects.filter(no=no).first()
    if order is None:
        raise Http404(f"There is no purchase order {no}.")
    return order


# --- The page ---------------------------------------------------------------------------------------------------------


#: Why a field of a closed order cannot be changed, by name.
_ARRIVED = {
    name: "All has arrived. Only the unit cost can still change."
    for name in sheets.PURCHASE_LINE.fields
    if name != purchasing.LATE_FIELD
}


def _line_sheet(request: HttpRequest) -> Any:
    hidden = frozenset() if has_right(request.user, Right.SEE_COSTS) else COSTS
    return sheets.PURCHASE_LINE.without(hidden)


def _item_link(line: PurchaseLine) -> str:
    label = f"Card of {line.item_id}"
    url = reverse("item", args=[line.item_id])
    return format_html('<a href="{}" title="{}">{}</a>', url, label, icon("external-link", label=label))


def _grid(request: HttpRequest, order: PurchaseOrder) -> Grid:
    is_open, may_edit = order.is_open, has_right(request.user, Right.PURCHASE)
    # Of a closed order only the cost may change: who sees no costs changes nothing.
    may_edit = may_edit and (is_open or has_right(request.user, Right.SEE_COSTS))
    return Grid(
        key="line",
        label="Line",
        sheet=_line_sheet(request),
        url=reverse("purchase-order-lines", args=[order.no]) if may_edit else "",
        key_of=lambda line: str(line.line_no),
        name_of=lambda line: f"line {line.line_no}, {line.item_id}",
        mark_of=lambda line: str(line.line_no),
        locked_of=lambda line: {} if is_open else _ARRIVED,
        can_add=is_open,
        can_delete=is_open,
        computed=[
            Computed(
                name="received",
                label="Received",
                show=lambda line: formats.quantity(line.quantity_received) if line.quantity_received else "",
                css="num",
            ),
            Computed(
                name="reserved",
                label="Reserved",
                show=lambda line: formats.quantity(line.reserved_quantity) if line.reserved_quantity else "",
                css="num",
            ),
            Computed(name="link", label="Card", show=_item_link, css="fit"),
        ],
    )


def _answer_line(
    request: HttpRequest, no: str, line_no: int | None, write: Callable[[], Any], answer: Callable[..., HttpResponse]
) -> HttpResponse:
    key = "line-new-0" if line_no is None else f"line-{line_no}"
    order_of(no)
    tried = attempt(request, Right.PURCHASE, write, key=key)
    order = order_of(no)
    saved: int | None = tried.result.line_no if tried.result else line_no
    return answer(
        request,
        tried,
        grid=lambda: _grid(request, order),
        reload=lambda: querysets.purchase_lines().filter(order=order, line_no=saved).first() if saved else None,
        show_page=lambda refused: show(request, no, refused),
        page_url=reverse("purchase-order", args=[no]),
        fragments=FRAGMENTS,
        context=lambda: _totals(request, order),
    )


def _totals(request: HttpRequest, order: PurchaseOrder) -> Mapping[str, Any]:
    """Return what stands below the lines, and the state of the order that they may have changed."""
    lines = PurchaseLine.objects.filter(order=order).values_list("quantity", "quantity_received", "unit_cost")
    return _shown_totals(request, order, list(lines))


def _shown_totals(request: HttpRequest, order: PurchaseOrder, lines: list[Any]) -> Mapping[str, Any]:
    sees_costs = has_right(request.user, Right.SEE_COSTS)
    outstanding = any(quantity > received for quantity, received, _ in lines)
    may_receive = order.is_open and outstanding and has_right(request.user, Right.PURCHASE)
    return {
        "order": order,
        "line_count": len(lines),
        "total": sum((amount(quantity * cost) for quantity, _, cost in lines), ZERO) if sees_costs else None,
        "receive_url": reverse("purchase-order-receive", args=[order.no]) if may_receive else "",
    }


def show(request: HttpRequest, no: str, tried: Attempt) -> HttpResponse:
    """Return the page, or to a script the header alone."""
    order = order_of(no)
    may_edit = order.is_open and has_right(request.user, Right.PURCHASE)
    url = reverse("purchase-order", args=[no]) if may_edit else ""
    form: dict[str, Any] = {
        "entry": Entry(sheet=sheets.PURCHASE_HEADER, key="header", row=order, url=url, **tried.state_of("header")),
        "groups": [("", [*sheets.PURCHASE_HEADER.fields])],
        "label": "Order",
    }
    if by_script(request) and tried.key == "header":
        return render(request, "partials/entry_section.html", form, status=tried.status)
    lines = list(querysets.purchase_lines().filter(order=order).order_by("line_no"))
    figures = [(line.quantity, line.quantity_received, line.unit_cost) for line in lines]
    context = {
        "title": f"{order.no} {order.vendor_name}".strip(),
        "crumbs": [("Purchase orders", reverse("purchase-orders"))],
        "delete_url": reverse("purchase-order-delete", args=[no]) if may_edit else "",
        "what": f"purchase order {no}",
        "refusals": () if tried.key else tried.refusals,
        "history": history_of("purchase_order", order.pk, _labels(request)),
        **form,
        **_grid(request, order).context(lines, tried),
        **_shown_totals(request, order, figures),
    }
    return render(request, "inventory/purchase/show.html", context, status=tried.status)


def _labels(request: HttpRequest) -> Mapping[str, str]:
    labels = labels_of(PurchaseLine, PurchaseOrder)
    hidden = frozenset() if has_right(request.user, Right.SEE_COSTS) else COSTS
    return {column: label for column, label in labels.items() if column not in hidden}
