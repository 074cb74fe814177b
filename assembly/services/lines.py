"""Customise the kit: enter, edit, delete, substitute and explode the lines of an assembly document."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.http import Http404

from assembly import components, exceptions, storage
from assembly.line_entry import LineEntry, LineMasters
from assembly.models import AssemblyDocument, AssemblyDocumentType, AssemblyLine, AssemblyLineType
from assembly.revision import Revision
from assembly.services.documents import open_revision, require_open
from assembly.supply import withdraw_supply
from backoffice.exceptions import AlreadyExists, DomainError, Invalid, NotFound, raise_all
from backoffice.transactions import act
from inventory.lookups import load_boms, load_items, load_locations, load_resources
from inventory.models import Bin, ItemSubstitute, Location, MovementSource, PlannedMovement, TrackedSource
from inventory.services import tracking

#: What a request says of a line: contract field names, parsed values.
LineValues = Mapping[str, Any]


@act
def add_line(
    *, document_type: AssemblyDocumentType, no: str, values: LineValues, expected_rev: int | None = None
) -> AssemblyLine:
    """Enter a component, resource or text. Without a quantity per its quantity is 0 (EDT-11).

    Raises: StaleRevision, DocumentReleased (not for texts), DocumentClosed, Required, NotFound, Blocked,
    Invalid, AlreadyExists. Locks: the sales document of a linked one, the document, its lines.
    """
    revision, _ = open_revision(document_type, no, expected_rev)
    line = AssemblyLine(document=revision.document, line_no=_line_no(revision, values.get("line_no")))
    _apply(line, revision, values)
    revision.lines.append(line)
    storage.store([revision])
    _assign_numbers(line, values)
    return line


@act
def edit_line(
    *,
    document_type: AssemblyDocumentType,
    no: str,
    line_no: int,
    values: LineValues,
    expected_rev: int | None = None,
) -> AssemblyLine:
    """Change a line (EDT section 4.2). Locks: as add_line.

    Raises: as add_line, Http404, ExceedsRemainingQuantity, QuantityRoundsToZero, DueDateConflict,
    AlreadyAssembled, Reserved.
    """
    revision, _ = open_revision(document_type, no, expected_rev)
    (line,) = change_lines([Change(revision=revision, line_no=line_no, values=values)])
    return line


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What is to become of one line of a document under lock. path: what refusals name before the field, if any."""

    revision: Revision
    line_no: int
    values: LineValues
    path: str = ""


def change_lines(changes: Sequence[Change]) -> list[AssemblyLine]:
    """Change lines of documents under lock, however many at once; return them. Raises: as `edit_line`.

    Many lines cost as many statements as one, but for those that are given lots and serial numbers.
    """
    lines = [_line(change.revision, change.line_no) for change in changes]
    masters = _load_masters(list(zip(lines, changes, strict=True)))
    refusals: list[DomainError] = []
    for line, change, known in zip(lines, changes, masters, strict=True):
        try:
            _enter(line, change.revision, change.values, known)
        except DomainError as refusal:
            refusals.append(refusal.at(change.path) if change.path else refusal)
    raise_all(refusals)
    storage.store(list({id(change.revision): change.revision for change in changes}.values()))
    for line, change in zip(lines, changes, strict=True):
        _assign_numbers(line, change.values)
    return lines


def _assign_numbers(line: AssemblyLine, values: LineValues) -> None:
    """Assign lots and serial numbers to what is consumed, where the values name them (RES-23)."""
    if values.get("tracking") is None:
        return
    if line.item is None:
        raise Invalid(field="tracking", detail="Only items are tracked by lot or serial number.")
    rows = values["tracking"]
    tracking.assign(TrackedSource.ASSEMBLY_LINE, line.pk, rows, item=line.item, most=line.quantity_base)


@act
def delete_line(*, document_type: AssemblyDocumentType, no: str, line_no: int, expected_rev: int | None = None) -> None:
    """Delete a line with its reservations; texts also on a released document (DM-41).

    Raises: StaleRevision, Http404, DocumentReleased, DocumentClosed. Locks: as add_line.
    """
    revision, _ = open_revision(document_type, no, expected_rev)
    line = _line(revision, line_no)
    if not line.is_text:
        require_open(revision.document)
    revision.lines.remove(line)
    revision.removed.append(line)
    storage.store([revision])


@act
def substitute(
    *,
    document_type: AssemblyDocumentType,
    no: str,
    line_no: int,
    substitute: str,
    variant: str = "",
    expected_rev: int | None = None,
) -> AssemblyLine:
    """Put a substitute in the component's place: quantity per, location and due date stay (PRC-22).

    The component's reservations are given up. Raises: as edit_line; NotFound where it is no substitute.
    """
    revision, _ = open_revision(document_type, no, expected_rev)
    require_open(revision.document)
    line = _line(revision, line_no)
    _require_untouched_item(line)
    if not _is_substitute(line, substitute, variant):
        raise NotFound(field="substitute", what=f"Substitute of {line.no}", key=substitute)
    withdraw_supply([], [line.pk])
    facts = load_items([substitute], variants=True)[substitute]
    location, bin_code, due_date = line.location, line.bin_code, line.due_date
    unit_code = line.unit_of_measure_id if line.unit_of_measure_id in facts.units else ""
    components.fill_item(line, facts, facts.variant(variant), unit_code or "")
    line.location, line.bin_code, line.due_date = location, bin_code, due_date
    components.rescale(line, revision.document)
    storage.store([revision])
    return line


@act
def explode_line(
    *, document_type: AssemblyDocumentType, no: str, line_no: int, expected_rev: int | None = None
) -> AssemblyDocument:
    """Put a component's own components below it; it becomes a text line itself (PRC-21). One level.

    Raises: as edit_line; Invalid where it has no bill of materials or the line numbers leave no room.
    """
    revision, _ = open_revision(document_type, no, expected_rev)
    require_open(revision.document)
    parent = _line(revision, line_no)
    _require_untouched_item(parent)
    _require_unreserved(parent)
    assert parent.item_id is not None
    bom = load_boms([parent.item_id])[parent.item_id]
    if not bom:
        raise Invalid(detail=f"{parent.item_id} has no bill of materials.")
    numbers = _room_below(revision, parent, len(bom))
    factor = parent.quantity_per * parent.qty_per_unit_of_measure
    for row, number in zip(bom, numbers, strict=True):
        line = components.line_from_bom(row, revision.document, line_no=number)
        if not line.is_text:
            line.quantity_per = components.exploded_quantity_per(row.line.quantity_per, factor)
            components.rescale(line, revision.document)
        revision.lines.append(line)
    description = parent.description
    LineEntry(parent, document=revision.document, masters=LineMasters()).apply({"type": AssemblyLineType.TEXT})
    parent.description = description
    withdraw_supply([], [parent.pk])
    revision.lines.sort(key=lambda line: line.line_no)
    storage.store([revision])
    return revision.document


def _apply(line: AssemblyLine, revision: Revision, values: LineValues) -> None:
    (masters,) = _load_masters([(line, Change(revision=revision, line_no=line.line_no, values=values))])
    _enter(line, revision, values, masters)


def _enter(line: AssemblyLine, revision: Revision, values: LineValues, masters: LineMasters) -> None:
    LineEntry(line, document=revision.document, masters=masters).apply(
        {name: value for name, value in values.items() if name != "tracking"}
    )


def _load_masters(changes: Sequence[tuple[AssemblyLine, Change]]) -> list[LineMasters]:
    """Return what the values of each change refer to, loaded for all of them at once."""
    known: dict[str, Location] = {}
    for line, change in changes:
        known[change.revision.document.location_id] = change.revision.document.location
        if line.location is not None:
            known[line.location.code] = line.location
    asked = [change.values for _, change in changes]
    exchanging = [
        (line, change.values)
        for line, change in changes
        if change.values.keys() & {"no", "type", "variant", "unit_of_measure"}
    ]
    named = {str(values.get("no") or "") for _, values in exchanging}
    items = load_items(named | {line.item_id or "" for line, _ in exchanging}, variants=True) if exchanging else {}
    resources = load_resources(named) if exchanging else {}
    locations = known | load_locations({values.get("location") for values in asked} - known.keys())
    bins = _locations_by_bin({values["bin"] for values in asked if values.get("bin")})
    return [
        LineMasters(
            items=items, resources=resources, locations=locations, bins=bins.get(values.get("bin") or "", set())
        )
        for values in asked
    ]


def _locations_by_bin(codes: Collection[str]) -> dict[str, set[str]]:
    """Return the locations that have a bin of each code. One statement, none for no codes."""
    found: dict[str, set[str]] = {}
    if codes:
        for code, location in Bin.objects.filter(code__in=codes).values_list("code", "location_id"):
            found.setdefault(code, set()).add(location)
    return found


def _line(revision: Revision, line_no: int) -> AssemblyLine:
    for line in revision.lines:
        if line.line_no == line_no:
            return line
    raise Http404(f"{revision.document.no} has no line {line_no}.")


def _line_no(revision: Revision, given: int | None) -> int:
    taken = {line.line_no for line in revision.lines}
    if given in taken:
        raise AlreadyExists(field="line_no", what=f"Line of {revision.document.no}", key=given)
    return given or max(taken, default=0) + components.LINE_STEP


def _require_untouched_item(line: AssemblyLine) -> None:
    if line.type != AssemblyLineType.ITEM:
        raise Invalid(detail="Only an item line can be exchanged or exploded.")
    if line.consumed_quantity:
        raise exceptions.AlreadyAssembled(field_label="The component", quantity=line.consumed_quantity)


def _require_unreserved(line: AssemblyLine) -> None:
    movement = PlannedMovement.objects.filter(
        source_kind=MovementSource.ASSEMBLY_ORDER_LINE, source_id=line.pk, reserved_quantity__gt=0
    ).first()
    if movement is not None:
        raise exceptions.Reserved(reserved=movement.reserved_quantity)


def _is_substitute(line: AssemblyLine, substitute: str, variant: str) -> bool:
    direct = Q(
        item=line.item_id,
        variant_code=line.variant_code,
        substitute=substitute,
        substitute_variant_code=variant,
    )
    other_way = Q(
        item=substitute,
        variant_code=variant,
        substitute=line.item_id,
        substitute_variant_code=line.variant_code,
        interchangeable=True,
    )
    return ItemSubstitute.objects.filter(direct | other_way).exists()


def _room_below(revision: Revision, parent: AssemblyLine, count: int) -> list[int]:
    below = [line.line_no for line in revision.lines if line.line_no > parent.line_no]
    if not below:
        return [parent.line_no + components.LINE_STEP * (index + 1) for index in range(count)]
    step = (min(below) - parent.line_no) // (count + 1)
    if not step:
        raise Invalid(detail="There is not enough space between the lines.")
    return [parent.line_no + step * (index + 1) for index in range(count)]
