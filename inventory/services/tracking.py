"""Assign lots and serial numbers to document rows, and choose from them what a posting takes (RES-20 to RES-23).

An incomplete list may be saved: what is missing is refused when it is posted.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection

from backoffice.changes import snapshot, write_changes
from backoffice.exceptions import Invalid
from inventory.exceptions import ExceedsQuantity, SerialNotUnique, TrackingRequired
from inventory.locks import StockKey
from inventory.models import Item, ItemLedgerEntry, ItemTracking, TrackedSource, TrackingLine
from inventory.rounding import ONE, ZERO

#: Kind and id of a document's row, lot and serial number.
Number = tuple[TrackedSource, int, str, str]
#: What a request says of one lot or serial number: contract field names, parsed values.
TrackingValues = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Portion:
    """What a posting takes of one number, or of an untracked item. quantity: base units, > 0."""

    quantity: Decimal
    lot_no: str = ""
    serial_no: str = ""
    line: TrackingLine | None = None


def load(kind: TrackedSource, source_ids: Collection[int]) -> dict[int, list[TrackingLine]]:
    """Return the tracking of document rows by id, in the order of entry. One statement, none for no rows."""
    found: defaultdict[int, list[TrackingLine]] = defaultdict(list)
    if source_ids:
        for line in TrackingLine.objects.filter(source_kind=kind, source_id__in=source_ids).order_by("pk"):
            found[line.source_id].append(line)
    return found


def numbers_in_stock(key: StockKey) -> set[tuple[str, str]]:
    """Return the lots and serial numbers of which something lies in stock. One statement."""
    entries = ItemLedgerEntry.objects.filter(
        item=key.item_id, variant_code=key.variant_code, location=key.location_id, remaining_quantity__gt=0
    )
    return set(entries.order_by().values_list("lot_no", "serial_no").distinct())


def assign(kind: TrackedSource, source_id: int, rows: Sequence[TrackingValues], *, item: Item, most: Decimal) -> None:
    """Put this list in place of a row's tracking; at most `most` base units in all. The caller locks the document.

    Numbers of which something has been posted stay. Raises: Invalid, TrackingRequired, SerialNotUnique,
    ExceedsQuantity, at `tracking`.
    """
    assert connection.in_atomic_block, "assign() needs an open transaction"
    known = {(line.lot_no, line.serial_no): line for line in load(kind, [source_id])[source_id]}
    befores = {line.pk: snapshot(line) for line in known.values()}
    wanted = [_line(kind, source_id, row, known, item, f"tracking[{index}]") for index, row in enumerate(rows)]
    _require_distinct(wanted, item)
    total = sum((line.quantity for line in wanted), ZERO)
    if total > most:
        raise ExceedsQuantity(field="tracking", value=total, quantity=most)
    kept = {(line.lot_no, line.serial_no) for line in wanted}
    gone = [line for numbers, line in known.items() if numbers not in kept]
    for line in gone:
        if line.quantity_handled:
            raise Invalid(field="tracking", detail=f"{line} has been posted and cannot be taken off.")
    TrackingLine.objects.filter(pk__in=[line.pk for line in gone]).delete()
    write_changes(TrackingLine, [(line, befores[line.pk]) for line in wanted if not line._state.adding])
    TrackingLine.objects.bulk_create(line for line in wanted if line._state.adding)


def _line(
    kind: TrackedSource,
    source_id: int,
    row: TrackingValues,
    known: Mapping[tuple[str, str], TrackingLine],
    item: Item,
    path: str,
) -> TrackingLine:
    lot_no, serial_no, quantity = row.get("lot_no") or "", row.get("serial_no") or "", row["quantity"]
    _require_numbers(item, lot_no, serial_no, quantity, path)
    line = known.get((lot_no, serial_no)) or TrackingLine(
        source_kind=kind, source_id=source_id, lot_no=lot_no, serial_no=serial_no
    )
    if quantity < line.quantity_handled:
        raise Invalid(field=f"{path}.quantity", detail=f"{line.quantity_handled} have been posted already.")
    line.quantity = quantity
    to_handle = row.get("quantity_to_handle")
    line.quantity_to_handle = line.open_quantity if to_handle is None else to_handle
    if not ZERO <= line.quantity_to_handle <= line.open_quantity:
        raise ExceedsQuantity(
            field=f"{path}.quantity_to_handle", value=line.quantity_to_handle, quantity=line.open_quantity
        )
    return line


def _require_numbers(item: Item, lot_no: str, serial_no: str, quantity: Decimal, path: str) -> None:
    if item.item_tracking == ItemTracking.NONE:
        raise Invalid(field=path, detail=f"{item.no} is not tracked by lot or serial number.")
    if quantity <= ZERO:
        raise Invalid(field=f"{path}.quantity", detail="The quantity must be greater than zero.")
    by_serial = item.item_tracking == ItemTracking.SERIAL
    if not (serial_no if by_serial else lot_no):
        raise TrackingRequired(field=path, item=item.no, tracking=item.item_tracking)
    if by_serial and quantity != ONE:
        raise SerialNotUnique(field=f"{path}.quantity", item=item.no, serial_no=serial_no)


def _require_distinct(lines: Sequence[TrackingLine], item: Item) -> None:
    seen: set[tuple[str, str]] = set()
    by_serial = item.item_tracking == ItemTracking.SERIAL
    for index, line in enumerate(lines):
        numbers = ("", line.serial_no) if by_serial else (line.lot_no, line.serial_no)
        if numbers in seen:
            if by_serial:
                raise SerialNotUnique(field=f"tracking[{index}]", item=item.no, serial_no=line.serial_no)
            raise Invalid(field=f"tracking[{index}]", detail=f"Lot {line.lot_no} stands twice.")
        seen.add(numbers)


def require_covered(kind: TrackedSource, quantities: Mapping[int, Decimal]) -> None:
    """Refuse quantities (base units, by row id) below what is tracked of the rows (RES-20, ERR-22). One statement."""
    for source_id, lines in load(kind, quantities).items():
        tracked = sum((line.quantity for line in lines), ZERO)
        if tracked > quantities[source_id]:
            raise ExceedsQuantity(field="tracking", value=tracked, quantity=quantities[source_id])


# -- posting --------------------------------------------------------------------------------------------------


def exactly(item: Item, lines: Sequence[TrackingLine], quantity: Decimal, *, field: str) -> list[Portion]:
    """Return what is posted of each number: quantities to handle that add up to `quantity` exactly (RES-21).

    Raises: TrackingRequired. An untracked item is one portion without numbers.
    """
    if item.item_tracking == ItemTracking.NONE or not quantity:
        return [Portion(quantity=quantity)] if quantity else []
    portions = _portions(lines)
    if sum((portion.quantity for portion in portions), ZERO) != quantity:
        raise TrackingRequired(field=field, item=item.no, tracking=item.item_tracking)
    return portions


def at_least(item: Item, lines: Sequence[TrackingLine], quantity: Decimal, *, field: str) -> list[Portion]:
    """Return what is consumed of each number, in the order of entry, until `quantity` is reached (RES-23).

    Raises: TrackingRequired, where the quantities to handle do not reach it.
    """
    if item.item_tracking == ItemTracking.NONE or not quantity:
        return [Portion(quantity=quantity)] if quantity else []
    taken: list[Portion] = []
    for portion in _portions(lines):
        part = min(portion.quantity, quantity)
        if part:
            taken.append(Portion(quantity=part, lot_no=portion.lot_no, serial_no=portion.serial_no, line=portion.line))
            quantity -= part
    if quantity:
        raise TrackingRequired(field=field, item=item.no, tracking=item.item_tracking)
    return taken


def _portions(lines: Sequence[TrackingLine]) -> list[Portion]:
    return [
        Portion(quantity=line.quantity_to_handle, lot_no=line.lot_no, serial_no=line.serial_no, line=line)
        for line in lines
        if line.quantity_to_handle
    ]


def count_handled(portions: Sequence[Portion], *, undone: bool = False) -> None:
    """Count what was posted of each number, or taken back; the rest is to be handled next. One statement."""
    lines = {portion.line.pk: portion.line for portion in portions if portion.line is not None}
    befores = [(line, snapshot(line)) for line in lines.values()]
    for portion in portions:
        if portion.line is not None:
            portion.line.quantity_handled += -portion.quantity if undone else portion.quantity
            portion.line.quantity_to_handle = portion.line.open_quantity
    write_changes(TrackingLine, befores)


# -- with the document rows ---------------------------------------------------------------------------------------


def copy(kind: TrackedSource, pairs: Mapping[int, int]) -> None:
    """Give rows the numbers of others: by the id of the new row that of the old one. Two statements, none for none."""
    by_old = load(kind, list(pairs.values()))
    copies = []
    for new, old in pairs.items():
        for line in by_old.get(old, []):
            values = {**snapshot(line), "source_id": new, "quantity_handled": ZERO, "quantity_to_handle": line.quantity}
            values.pop("id")
            copies.append(TrackingLine(**values))
    if copies:
        TrackingLine.objects.bulk_create(copies)


def restore(counted: Mapping[Number, Sequence[Decimal]]) -> None:
    """Assign numbers to rows that were made anew: of each what is handled and what is to be handled. One statement."""
    TrackingLine.objects.bulk_create(
        TrackingLine(
            source_kind=kind,
            source_id=source_id,
            lot_no=lot_no,
            serial_no=serial_no,
            quantity=handled + to_handle,
            quantity_handled=handled,
            quantity_to_handle=to_handle,
        )
        for (kind, source_id, lot_no, serial_no), (handled, to_handle) in counted.items()
    )


def forget(kind: TrackedSource, source_ids: Collection[int]) -> None:
    """Delete the tracking of rows that are deleted. One statement, none for none."""
    if source_ids:
        TrackingLine.objects.filter(source_kind=kind, source_id__in=source_ids).delete()
