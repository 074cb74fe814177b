"""Enter, edit and delete sales documents: their headers, and all that goes with the whole document."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from backoffice import numbers
from backoffice.changes import changed_columns, delete_rows, snapshot
from backoffice.exceptions import AlreadyExists, Blocked, Invalid, NeverRenamed, NotFound, Required
from backoffice.transactions import act, check_revision
from inventory.lookups import current_setup, load_locations
from inventory.models import Location
from sales import exceptions, signals
from sales.locks import lock_document, lock_lines
from sales.masters import LineValues
from sales.models import Customer, SalesDocument, SalesDocumentType, SalesStatus
from sales.services import lines as line_services

#: What a request says of a header: contract field names, parsed values.
HeaderValues = Mapping[str, Any]

#: What may change while the document is released.
FREE_WHEN_RELEASED = frozenset(
    {
        "posting_date",
        "external_document_no",
        "note",
        "requested_delivery_date",
        "promised_delivery_date",
        "expiration_date",
    }
)
#: Header columns that a request sets as they are.
_PLAIN = (
    "order_date",
    "posting_date",
    "shipment_date",
    "requested_delivery_date",
    "promised_delivery_date",
    "expiration_date",
    "external_document_no",
    "shipping_advice",
    "note",
)
#: Dates that a document always has.
_DATES = ("order_date", "posting_date", "shipment_date")


@act
def create_sales_document(
    *, document_type: SalesDocumentType, values: HeaderValues, lines: Sequence[LineValues] = ()
) -> SalesDocument:
    """Enter a document with its lines; the assembly documents behind the lines exist when it returns.

    Dates default to the work date, location and shipping advice to the customer's, the location then to the
    setup's. Raises: Required, NotFound, Blocked, AlreadyExists and what lines refuse, at `lines[i].field`.
    Locks: none, all rows are new.
    """
    setup = current_setup()
    customer = _customer(values.get("customer"))
    document = SalesDocument(document_type=document_type, customer=customer)
    document.order_date = document.posting_date = document.shipment_date = setup.today
    document.location = customer.location or setup.default_location
    document.shipping_advice = customer.shipping_advice
    _take_header(document, values)
    document.no = _number(document_type, values.get("no"))
    document.save(force_insert=True)
    if lines:
        line_services.enter_lines(document, lines, setup=setup)
    return document


@act
def edit_sales_document(
    *,
    document_type: SalesDocumentType,
    no: str,
    values: HeaderValues,
    lines: Mapping[int, LineValues] | None = None,
    expected_rev: int | None = None,
) -> SalesDocument:
    """Change header fields, and with them lines, given by line number.

    A new shipment date moves all lines but those that are given one of their own (LNK-41); a location moves none of
    them. A new posting date goes on to the linked assembly documents (LNK-40).
    Raises: StaleRevision, Http404, DocumentReleased, DocumentClosed, NotFound, Required, Invalid, and what lines
    refuse, at `lines[line_no].field`. Locks: header, lines, assembly documents and their lines.
    """
    document = lock_document(document_type, no)
    check_revision(document, expected_rev)
    if values.get("no", no) != no:
        raise NeverRenamed(field="no")
    before = snapshot(document)
    _require_editable(document, values)
    if "customer" in values and values["customer"] != document.customer_id:
        document.customer = _customer(values["customer"])
    _take_header(document, values)
    changed = changed_columns(document, before)
    if changed:
        document.save(update_fields=changed)
    _change_lines(document, lines or {}, moved_to=document.shipment_date if "shipment_date" in changed else None)
    if "posting_date" in changed:
        signals.announce_posting_date_changed(document)
    return document


@act
def delete_sales_document(*, document_type: SalesDocumentType, no: str, expected_rev: int | None = None) -> None:
    """Delete a document of which nothing has been shipped, with its lines and their assembly (LNK-44).

    Raises: StaleRevision, AlreadyShipped, DocumentClosed. Locks: header, lines, assembly documents.
    """
    document = lock_document(document_type, no)
    check_revision(document, expected_rev)
    if document.status == SalesStatus.CLOSED:
        raise exceptions.DocumentClosed(document=document.no)
    rows = lock_lines(document)
    line_services.remove_lines(rows)
    delete_rows(SalesDocument, [document.pk])


def _number(document_type: SalesDocumentType, given: str | None) -> str:
    if not given:
        return numbers.draw(document_type)[0]
    if SalesDocument.objects.filter(document_type=document_type, no=given).exists():
        raise AlreadyExists(field="no", what=document_type.label, key=given)
    numbers.note_given(document_type, given)
    return given


def _customer(no: str | None) -> Customer:
    if not no:
        raise Required(field="customer")
    customer = Customer.objects.select_related("location").filter(no=no).first()
    if customer is None:
        raise NotFound(field="customer", what="Customer", key=no)
    if customer.blocked:
        raise Blocked(field="customer", what="Customer", key=no)
    return customer


def _take_header(document: SalesDocument, values: HeaderValues) -> None:
    for name in _PLAIN:
        if name in values:
            if values[name] is None and name in _DATES:
                raise Required(field=name)
            setattr(document, name, values[name])
    if document.expiration_date is not None and document.document_type != SalesDocumentType.QUOTE:
        raise Invalid(field="expiration_date", detail="Only quotes expire.")
    if "location" in values:
        document.location = _location(values["location"], document)


def _location(code: str | None, document: SalesDocument) -> Location | None:
    if not code:
        return None
    if document.location is not None and document.location.code == code:
        return document.location
    found = load_locations([code])
    if code not in found:
        raise NotFound(field="location", what="Location", key=code)
    return found[code]


def _require_editable(document: SalesDocument, values: HeaderValues) -> None:
    if document.status == SalesStatus.CLOSED:
        raise exceptions.DocumentClosed(document=document.no)
    locked = [name for name in values if name not in FREE_WHEN_RELEASED and _would_change(document, name, values)]
    if document.status == SalesStatus.RELEASED and locked:
        raise exceptions.DocumentReleased(field=locked[0], document=document.no)


def _would_change(document: SalesDocument, name: str, values: HeaderValues) -> bool:
    shown = {"customer": document.customer_id, "location": document.location_id}
    return bool(shown.get(name, getattr(document, name, None)) != values[name])


def _change_lines(document: SalesDocument, given: Mapping[int, LineValues], *, moved_to: dt.date | None) -> None:
    """Change the lines that are given, and move all of them where the document was moved."""
    if not given and moved_to is None:
        return
    line_services.refuse_renumbering(given)
    rows = line_services.lock_named(document, given, with_others=moved_to is not None)
    changes = {row.line_no: dict(given.get(row.line_no, {})) for row in rows}
    for row in rows:
        if moved_to is not None and row.shipment_date is not None:
            changes[row.line_no].setdefault("shipment_date", moved_to)
    line_services.change_lines(document, rows, changes, setup=current_setup(), path=bool(given))
