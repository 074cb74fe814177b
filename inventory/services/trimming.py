"""Let the lots and serial numbers of document rows follow quantities that shrink (RES-12)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from backoffice.changes import Snapshot, delete_rows, snapshot, write_changes
from inventory.models import TrackedSource, TrackingLine
from inventory.rounding import ZERO
from inventory.services.tracking import load


def trim(kind: TrackedSource, quantities: Mapping[int, Decimal]) -> None:
    """Leave numbers for no more than these quantities (base units, by row id): what was entered last goes first.

    What has been posted of a number stays. A serial number goes whole. The caller locks the documents. One statement,
    two more at most where something goes, none for no rows.
    """
    gone: list[TrackingLine] = []
    shrunk: list[tuple[TrackingLine, Snapshot]] = []
    for source_id, lines in load(kind, quantities).items():
        _trim_row(lines, quantities[source_id], gone, shrunk)
    if gone:
        delete_rows(TrackingLine, [line.pk for line in gone])
    write_changes(TrackingLine, shrunk)


def _trim_row(
    lines: Sequence[TrackingLine],
    quantity: Decimal,
    gone: list[TrackingLine],
    shrunk: list[tuple[TrackingLine, Snapshot]],
) -> None:
    beyond = sum((line.quantity for line in lines), ZERO) - quantity
    for line in reversed(lines):
        if beyond <= ZERO:
            return
        taken = line.open_quantity if line.serial_no else min(line.open_quantity, beyond)
        beyond -= taken
        if taken == line.quantity:
            gone.append(line)
        else:
            before = snapshot(line)
            line.quantity -= taken
            line.quantity_to_handle = min(line.quantity_to_handle, line.open_quantity)
            shrunk.append((line, before))
