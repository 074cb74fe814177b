"""Enter, edit and delete assembly documents, and what is done to a whole one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from assembly import exceptions, storage
from assembly.header_entry import HeaderEntry, HeaderMasters
from assembly.locks import lock_assembly_lines, lock_for_edit
from assembly.models import AssembleToOrderLink, AssemblyDocument, AssemblyDocumentType, AssemblyStatus
from assembly.revision import Revision
from assembly.unit_costs import rolled_up_unit_cost
from backoffice import numbers
from backoffice.exceptions import AlreadyExists, Invalid, Required
from backoffice.transactions import act, check_revision
from inventory.lookups import current_setup, load_boms, load_items, load_locations
from inventory.models import Bin, CostingMethod, OrderCosting, Setup, TrackedSource
from inventory.rounding import ZERO
from inventory.services import tracking

#: What a request says of a header: contract field names, parsed values.
HeaderValues = Mapping[str, Any]


@act
def create_assembly_order(*, values: HeaderValues) -> AssemblyDocument:
    """Enter an assembly order to stock, with the lines of its item's bill of materials.

    Location defaults to the setup's, the unit to the item's base unit; dates to those that go with the date that is
    given (LNK-60), or to the work date.
    Raises: Required, NotFound, Blocked, Invalid, QuantityRoundsToZero, DueDateConflict, AlreadyExists.
    """
    if not values.get("item"):
        raise Required(field="item")
    setup = current_setup()
    document = AssemblyDocument(document_type=AssemblyDocumentType.ORDER, posting_date=setup.today)
    document.no = _given_number(values.get("no"))
    revision = Revision(document, [], setup=setup)
    given = {name: value for name, value in values.items() if value is not None}
    defaults: dict[str, Any] = {"location": setup.default_location_id, "quantity": ZERO}
    if not given.keys() & {"starting_date", "ending_date"}:
        defaults["due_date"] = setup.today
    entered = {**defaults, **given}
    HeaderEntry(revision, masters=_masters(entered, None, setup), link=None).apply(_columns(entered))
    storage.store([revision])
    _assign_numbers(document, values)
    return document


@act
def edit_assembly_document(
    *, document_type: AssemblyDocumentType, no: str, values: HeaderValues, expected_rev: int | None = None
) -> AssemblyDocument:
    """Change header fields; the lines follow (LNK-61). What the sales line decides is locked (EDT section 4.1).

    Raises: StaleRevision, DocumentReleased, DocumentClosed, FieldLockedByLink, ExceedsRemainingQuantity,
    QuantityToAssembleOutOfRange, DueDateConflict, PostingDateAfterSalesOrder, AlreadyAssembled, Reserved, Invalid.
    Locks: the sales document of a linked one, the document, its lines.
    """
    revision, link = open_revision(document_type, no, expected_rev)
    masters = _masters(values, revision.document, revision.setup)
    HeaderEntry(revision, masters=masters, link=link).apply(_columns(values))
    storage.store([revision])
    _assign_numbers(revision.document, values)
    return revision.document


def _columns(values: HeaderValues) -> dict[str, Any]:
    """Return what the values say of the document itself; its lots and serial numbers are rows of their own."""
    return {name: value for name, value in values.items() if name != "tracking"}


def _assign_numbers(document: AssemblyDocument, values: HeaderValues) -> None:
    """Assign lots and serial numbers to what is assembled, where the values name them (RES-20)."""
    if values.get("tracking") is not None:
        rows = values["tracking"]
        tracking.assign(
            TrackedSource.ASSEMBLY_DOCUMENT, document.pk, rows, item=document.item, most=document.quantity_base
        )


@act
def delete_assembly_document(*, document_type: AssemblyDocumentType, no: str, expected_rev: int | None = None) -> None:
    """Delete a document that no sales line is linked to, with its lines and reservations (DM-32).

    Raises: StaleRevision, LinkedToSalesOrder. Locks: as edit_assembly_document.
    """
    revision, link = open_revision(document_type, no, expected_rev)
    require_not_linked(revision.document, link)
    storage.delete([revision.document], revision.lines)


@act
def refresh_lines(*, document_type: AssemblyDocumentType, no: str, expected_rev: int | None = None) -> AssemblyDocument:
    """Put the bill of materials in place of all lines, customised or not (LNK-63). Also on linked documents.

    Raises: StaleRevision, DocumentReleased, DocumentClosed, Blocked. Locks: as edit_assembly_document.
    """
    revision, _ = open_revision(document_type, no, expected_rev)
    require_open(revision.document)
    bom = load_boms([revision.document.item_id])[revision.document.item_id]
    revision.replace_lines(bom if revision.document.quantity else [])
    storage.store([revision])
    return revision.document


@act
def update_unit_cost(
    *, document_type: AssemblyDocumentType, no: str, expected_rev: int | None = None
) -> AssemblyDocument:
    """Take the lines' cost with overhead on top as the unit cost (PRC-04).

    Raises: StaleRevision, DocumentClosed, Invalid (a standard cost item, or no quantity).
    """
    revision, _ = open_revision(document_type, no, expected_rev)
    document = revision.document
    if document.item.costing_method == CostingMethod.STANDARD:
        raise Invalid(field="unit_cost", detail=f"{document.item_id} has a standard cost; nothing else is accepted.")
    if not document.quantity:
        raise Invalid(field="quantity", detail="Without a quantity there is no cost of one unit.")
    revision.take_unit_cost(rolled_up_unit_cost(revision))
    storage.store([revision])
    return document


def require_open(document: AssemblyDocument) -> None:
    """Refuse to change a document that is released or closed (ERR-03)."""
    if document.status == AssemblyStatus.CLOSED:
        raise exceptions.DocumentClosed(document=document.no)
    if document.status == AssemblyStatus.RELEASED:
        raise exceptions.DocumentReleased(document=document.no)


def require_not_linked(document: AssemblyDocument, link: AssembleToOrderLink | None) -> None:
    """Refuse what only the sales line may do to its assembly document (ERR-02)."""
    if link is not None:
        raise exceptions.LinkedToSalesOrder(
            document=document.no,
            sales_document=link.sales_line.document.no,
            line_no=link.sales_line.line_no,
        )


def open_revision(
    document_type: AssemblyDocumentType, no: str, expected_rev: int | None
) -> tuple[Revision, AssembleToOrderLink | None]:
    """Lock a document with its lines to change them; return it with its link, if it has one.

    Raises: Http404, StaleRevision, DocumentClosed. Locks: the sales document of a linked one, the document, lines.
    """
    document, link = lock_for_edit(document_type, no)
    check_revision(document, expected_rev)
    if document.status == AssemblyStatus.CLOSED:
        raise exceptions.DocumentClosed(document=document.no)
    lines = lock_assembly_lines([document])[document.pk]
    return Revision(document, lines, setup=current_setup()), link


def _given_number(no: str | None) -> str:
    """Take a number that the client gives; without one the series gives it when the document is stored.

    The number of an order that was posted and deleted stays used: its ledger entries name it (DM-31, ERR-01).
    """
    if not no:
        return ""
    taken = AssemblyDocument.objects.filter(document_type=AssemblyDocumentType.ORDER, no=no)
    if taken.exists() or OrderCosting.objects.filter(order_no=no).exists():
        raise AlreadyExists(field="no", what="Assembly order", key=no)
    numbers.note_given(AssemblyDocumentType.ORDER, no)
    return no


def _masters(values: HeaderValues, document: AssemblyDocument | None, setup: Setup) -> HeaderMasters:
    item_no = str(values.get("item") or (document.item_id if document else ""))
    needs_item = document is None or values.keys() & {"item", "variant", "unit_of_measure"}
    new_item = document is None or values.get("item", document.item_id) != document.item_id
    starts = document is not None and not document.quantity
    locations = {row.code: row for row in [setup.default_location] if row is not None}
    if document is not None:
        locations[document.location_id] = document.location
    asked = {values.get("location")} - locations.keys()
    return HeaderMasters(
        items=load_items([item_no], variants=True) if needs_item else {},
        bom=load_boms([item_no])[item_no] if new_item or starts else [],
        locations=locations | load_locations(asked),
        bins=(
            set(Bin.objects.filter(code=values["bin"]).values_list("location_id", flat=True))
            if values.get("bin")
            else set()
        ),
    )
