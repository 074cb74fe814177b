"""Assembly documents as pages: the list, one document, a new one, and what is done to a whole one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django_filters import CharFilter, ChoiceFilter, DateFilter, FilterSet

from assembly import late_dates, reading
from assembly.field_rights import require_field_rights
from assembly.locks import lock_for_edit
from assembly.models import AssembleToOrderLink, AssemblyDocument, AssemblyLine, AssemblyStatus
from assembly.services import documents, release
from assembly.views import access, rows, sheets
from assembly.views.document_kinds import DocumentKind
from assembly.views.order_postings import postings_context
from backoffice.models import User
from backoffice.notices import Notice
from backoffice.pages.attempts import NO_ATTEMPT, Attempt, attempt
from backoffice.pages.decorators import by_script, page
from backoffice.pages.entries import Entry
from backoffice.pages.history import Act, history_of, labels_of
from backoffice.pages.lists import answer_list
from backoffice.pages.statuses import StatusFilter
from backoffice.rights import Right, has_right
from inventory.models import CostingMethod, TrackingLine

_SORTS = {
    "due_date": ("due_date", "no"),
    "-due_date": ("-due_date", "-no"),
    "no": ("no",),
    "-no": ("-no",),
    "item": ("item_id", "no"),
    "-item": ("-item_id", "-no"),
    "starting_date": ("starting_date", "no"),
    "-starting_date": ("-starting_date", "-no"),
}
#: Columns of the trail that nobody types and no page shows.
_MACHINERY = ("id", "document_id", "document_type", "rev", "created_at", "modified_at", "reserve", "qty_picked")
COSTS = ("unit_cost", "cost_amount", "indirect_cost_percent", "overhead_rate")
#: What the columns of the trail are called that people know.
LABELS = {
    name: label
    for name, label in labels_of(TrackingLine, AssemblyDocument, AssemblyLine).items()
    if name not in _MACHINERY and not name.endswith("_base") and not name.startswith(("qty_per_", "qty_rounding_"))
}


class AssemblyDocumentFilter(FilterSet):  # type: ignore[misc]  # django-filter has no types
    """What a list of assembly documents can be narrowed to."""

    q = CharFilter(method="search", label="Search")
    status = StatusFilter(choices=AssemblyStatus.choices)
    made_for = ChoiceFilter(
        method="by_purpose",
        label="Made for",
        choices=[("order", "A sales line"), ("stock", "Stock")],
        empty_label="All",
    )
    due_to = DateFilter(
        "due_date", "lte", label="Due by", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def search(
        self, queryset: QuerySet[reading.ShownDocument], name: str, value: str
    ) -> QuerySet[reading.ShownDocument]:
        """Keep those whose number, item, description or sales document holds the text."""
        return reading.matching(queryset, value)

    def by_purpose(
        self, queryset: QuerySet[reading.ShownDocument], name: str, value: str
    ) -> QuerySet[reading.ShownDocument]:
        """Keep those that are made for a sales line, or those to stock."""
        return reading.assembled_to_order(queryset, value == "order")


@page(right=Right.VIEW_ASSEMBLY, methods=("GET",))
def listing(request: HttpRequest, kind: DocumentKind) -> HttpResponse:
    """The documents of a kind."""
    may_enter = has_right(cast(User, request.user), Right.ENTER_ASSEMBLY)
    context = {
        "title": kind.plural,
        "kind": kind,
        "search_label": "Number, item or sales order",
        "new_url": kind.new_url if may_enter and kind.is_order else "",
        "new_label": f"New {kind.label.lower()}",
        "may_post": kind.is_order and has_right(request.user, Right.POST_ASSEMBLY),
    }
    return answer_list(
        request,
        reading.shown_documents(kind.document_type),
        filters=AssemblyDocumentFilter,
        sorts=_SORTS,
        rows_template="assembly/orders/_rows.html",
        context=context,
    )


# --- One document


@page(right=Right.VIEW_ASSEMBLY, methods=("GET",))
def show(request: HttpRequest, kind: DocumentKind, no: str) -> HttpResponse:
    """A document with its lines."""
    return show_document(request, kind, no)


def show_document(request: HttpRequest, kind: DocumentKind, no: str, tried: Attempt = NO_ATTEMPT) -> HttpResponse:
    """Answer with the whole page, after a refusal with what was typed and why it was refused."""
    document, user = load(kind, no), cast(User, request.user)
    place = rows.Place(kind=kind, document=document, user=user, in_panel=False)
    lines = reading.lines_on_page(document)
    link = reading.link_of(document)
    history = history_of("assembly_document", document.pk, _labels_for(user))
    context = {
        "title": f"{document.no} {document.item_id} {document.description}",
        "crumbs": [(kind.plural, kind.list_url)],
        "kind": kind,
        "history": history,
        "amended": _amended(history, link),
        "refusals": () if tried.key else tried.refusals,
        **header_context(kind, document, link, user, tried),
        **rows.section(place, lines, tried),
        **_offered(kind, document, link, user),
        **postings_context(kind, document, link, user),
        "section_refusals": (),  # the page says them above
    }
    return render(request, "assembly/orders/show.html", context, status=tried.status)


def _amended(history: Sequence[Act], link: AssembleToOrderLink | None) -> Act | None:
    """Return the last amendment of the sales order that changed the document, None where none did (EDT-25).

    What is made to stock has none: a reason there names the job that posted it.
    """
    return next((act for act in history if act.reason), None) if link else None


def load(kind: DocumentKind, no: str) -> reading.ShownDocument:
    """Return the document as it is shown. Raises Http404."""
    document = reading.shown_documents(kind.document_type).select_related("item").filter(no=no).first()
    if document is None:
        raise Http404(f"{kind.label} {no} does not exist.")
    return document


def header_context(
    kind: DocumentKind,
    document: reading.ShownDocument,
    link: AssembleToOrderLink | None,
    user: User,
    tried: Attempt = NO_ATTEMPT,
    notices: Sequence[Notice] = (),
) -> dict[str, Any]:
    """Return what the header is drawn from."""
    sales_url = ""
    if link is not None and has_right(user, Right.VIEW_SALES):
        sales_url = f"{reverse(kind.sales_slug, args=[link.sales_line.document.no])}#line-{link.sales_line.line_no}"
    return {
        "document": document,
        "header": rows.header_entry(kind, document, link, user, tried, notices),
        "link": link,
        "sales_url": sales_url,
        "reserved": reading.reserved_quantity(document),
        "see_costs": has_right(user, Right.SEE_COSTS),
    }


def _offered(
    kind: DocumentKind, document: AssemblyDocument, link: AssembleToOrderLink | None, user: User
) -> dict[str, Any]:
    """Return the acts that stand open, each with its address, "" where it does not."""
    status, is_closed = document.status, document.status == AssemblyStatus.CLOSED
    alone = kind.is_released_alone
    may_release, may_enter = has_right(user, Right.RELEASE_ASSEMBLY), has_right(user, Right.ENTER_ASSEMBLY)
    costed = may_enter and not is_closed and document.item.costing_method != CostingMethod.STANDARD
    offered = {
        "release_url": ("release", alone and may_release and status == AssemblyStatus.OPEN),
        "reopen_url": ("reopen", alone and may_release and status == AssemblyStatus.RELEASED),
        "cost_url": ("cost", costed and has_right(user, Right.SEE_COSTS)),
        "able_url": ("able-to-make", not is_closed),
        "costs_url": ("costs", kind.is_order and has_right(user, Right.SEE_COSTS)),
        "delete_url": ("delete", may_enter and not is_closed and link is None),
    }
    return {name: kind.url(document.no, act) if open_ else "" for name, (act, open_) in offered.items()}


def _labels_for(user: User) -> dict[str, str]:
    if has_right(user, Right.SEE_COSTS):
        return LABELS
    return {name: label for name, label in LABELS.items() if name not in COSTS}


@page(right=Right.VIEW_ASSEMBLY, methods=("POST",))
def save_header(request: HttpRequest, kind: DocumentKind, no: str) -> HttpResponse:
    """Change header fields; the lines follow, so they go with the answer."""
    user = cast(User, request.user)

    def write() -> tuple[set[int], set[str]]:
        document, _ = lock_for_edit(kind.document_type, no)
        values = access.header_sheet(user).changes(request.POST, document)
        require_field_rights(user, values, otherwise=Right.ENTER_ASSEMBLY)
        before = set(document.lines.values_list("line_no", flat=True))
        documents.edit_assembly_document(document_type=kind.document_type, no=no, values=values)
        return before, set(values)

    tried = attempt(request, Right.VIEW_ASSEMBLY, write, key=rows.HEADER_KEY)
    if not by_script(request):
        return HttpResponseRedirect(kind.url(no)) if tried.done else show_document(request, kind, no, tried)
    document = load(kind, no)
    notices = _late(document, *tried.result) if tried.done else ()
    context = header_context(kind, document, reading.link_of(document), user, tried, notices)
    if tried.done:
        context |= _changed_lines(rows.Place(kind=kind, document=document, user=user, in_panel=False), *tried.result)
    return render(request, "assembly/orders/_header.html", context, status=tried.status)


def _late(document: AssemblyDocument, before: set[int], changed: set[str]) -> Sequence[Notice]:
    """Return the warnings that new dates deserve (WRN-04)."""
    return late_dates.document_notices(document, document.lines.all()) if changed & late_dates.DATES else ()


def _changed_lines(place: rows.Place, before: set[int], changed: set[str]) -> dict[str, Any]:
    """Return the lines, where they changed: to be brought up to date, or to be replaced if others stand there now."""
    if not changed & sheets.CHANGES_LINES:
        return {}
    lines = list(reading.lines_on_page(place.document))
    context = rows.section(place, lines)
    context["with_parts"] = "updated" if {line.line_no for line in lines} == before else "replaced"
    return context


@page(right=Right.ENTER_ASSEMBLY)
def new(request: HttpRequest, kind: DocumentKind) -> HttpResponse:
    """A new order to stock: the lines come from the item's bill of materials."""
    tried = NO_ATTEMPT
    if request.method == "POST":
        tried = attempt(
            request,
            Right.ENTER_ASSEMBLY,
            lambda: documents.create_assembly_order(values=sheets.NEW_HEADER.new(request.POST)),
            key=rows.HEADER_KEY,
        )
        if tried.done:
            return HttpResponseRedirect(kind.url(tried.result.no))
    state = tried.state_of(rows.HEADER_KEY)
    context = {
        "title": f"New {kind.label.lower()}",
        "crumbs": [(kind.plural, kind.list_url)],
        "entry": Entry(sheet=sheets.NEW_HEADER, key=rows.HEADER_KEY, row={}, url=kind.new_url, **state),
        "groups": [("", tuple(sheets.NEW_HEADER.fields))],
        "intro": "For stock. What is assembled for a customer is made by the line of the sales order.",
        "submit_label": "Create",
        "cancel_url": kind.list_url,
    }
    return render(request, "partials/new_page.html", context, status=tried.status)


# --- What is done to a whole document


@page(right=Right.RELEASE_ASSEMBLY, methods=("POST",))
def release_document(request: HttpRequest, kind: DocumentKind, no: str) -> HttpResponse:
    """Release the document to the assembly department."""
    return _answer_act(
        request,
        kind,
        no,
        Right.RELEASE_ASSEMBLY,
        lambda: release.release(document_type=kind.document_type, no=no),
        "released",
    )


@page(right=Right.RELEASE_ASSEMBLY, methods=("POST",))
def reopen_document(request: HttpRequest, kind: DocumentKind, no: str) -> HttpResponse:
    """Open the document again."""
    return _answer_act(
        request,
        kind,
        no,
        Right.RELEASE_ASSEMBLY,
        lambda: release.reopen(document_type=kind.document_type, no=no),
        "reopened",
    )


@page(right=Right.SEE_COSTS, methods=("POST",))
def update_unit_cost(request: HttpRequest, kind: DocumentKind, no: str) -> HttpResponse:
    """Take the lines' cost as the unit cost."""
    return _answer_act(
        request,
        kind,
        no,
        Right.ENTER_ASSEMBLY,
        lambda: documents.update_unit_cost(document_type=kind.document_type, no=no),
        "costed anew",
    )


@page(right=Right.ENTER_ASSEMBLY, methods=("POST",))
def delete_document(request: HttpRequest, kind: DocumentKind, no: str) -> HttpResponse:
    """Delete a document that no sales line stands behind."""
    tried = attempt(
        request,
        Right.ENTER_ASSEMBLY,
        lambda: documents.delete_assembly_document(document_type=kind.document_type, no=no),
    )
    if not tried.done:
        return show_document(request, kind, no, tried)
    messages.success(request, f"{kind.label} {no} deleted.")
    return HttpResponseRedirect(kind.list_url)


def _answer_act(
    request: HttpRequest, kind: DocumentKind, no: str, right: Right, act: Callable[[], object], done: str
) -> HttpResponse:
    tried = attempt(request, right, act)
    if not tried.done:
        return show_document(request, kind, no, tried)
    messages.success(request, f"{kind.label} {no} {done}.")
    return HttpResponseRedirect(kind.url(no))
