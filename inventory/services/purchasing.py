"""Purchase orders: what a vendor was asked for, and what of it has arrived.

Every act that changes a line publishes what is still to come of it as planned supply, in the same transaction.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from backoffice import numbers
from backoffice.exceptions import AlreadyExists, DomainError, Invalid, NeverRenamed, raise_all
from backoffice.transactions import act, check_revision
from inventory.exceptions import AlreadyReceived, DocumentClosed, Missing
from inventory.locks import lock_purchase_lines, lock_purchase_order
from inventory.lookups import current_setup
from inventory.models import MovementSource, PlannedMovement, PurchaseLine, PurchaseOrder, PurchaseStatus
from inventory.services import planning
from inventory.services.entering import StockMasters
from inventory.services.late_costs import value_received_anew
from inventory.services.purchase_lines import enter_cost, enter_line

#: What a client may say of an order or a line: contract field names, parsed values.
Values = Mapping[str, Any]

SERIES = "purchase_order"
#: All that may still be said of a line when everything has arrived.
LATE_FIELD = "unit_cost"
LINE_NO_STEP = 10_000
_LINE_FIELDS = (
    "item",
    "variant_code",
    "description",
    "location",
    "unit_of_measure",
    "qty_per_unit_of_measure",
    "quantity",
    "quantity_base",
    "unit_cost",
    "expected_receipt_date",
)


@act
def create_purchase_order(values: Values) -> PurchaseOrder:
    """Create an order with its lines, numbered from the series unless it brings its number.

    Raises: AlreadyExists, and for lines Required, Invalid, NotFound, Blocked, QuantityRoundsToZero at
    "lines[index].field", every faulty line at once.
    """
    setup = current_setup()
    order = PurchaseOrder(
        no=_number(values.get("no")),
        vendor_name=values.get("vendor_name", ""),
        order_date=values.get("order_date") or setup.today,
    )
    rows: Sequence[Values] = values.get("lines", [])
    numbered = _number_lines(rows)
    lines = [PurchaseLine(order=order, line_no=line_no) for line_no in numbered]
    _enter_lines(lines, rows, masters=StockMasters.load(rows, setup=setup), below="lines")
    order.save(force_insert=True)
    PurchaseLine.objects.bulk_create(lines)
    publish_supply(order, lines, new=True)
    return order


@act
def change_purchase_order(no: str, values: Values, *, expected_rev: int | None = None) -> PurchaseOrder:
    """Change fields of the header. Raises: Missing, StaleRevision, DocumentClosed, Invalid. Locks: the header."""
    order = _lock_open(no, expected_rev)
    if values.get("no", no) != no:
        raise NeverRenamed(field="no")
    for name in ("vendor_name", "order_date"):
        if name in values:
            setattr(order, name, values[name])
    order.save(update_fields=["vendor_name", "order_date"])
    return order


@act
def delete_purchase_order(no: str, *, expected_rev: int | None = None) -> None:
    """Delete an order of which nothing has arrived; reservations from it are given up.

    Raises: Missing, StaleRevision, AlreadyReceived. Locks: the header, its lines.
    """
    order = lock_purchase_order(no)
    check_revision(order, expected_rev)
    lines = lock_purchase_lines(order)
    raise_all([error for line in lines for error in _received(line)])
    withdraw_supply(lines)
    PurchaseLine.objects.filter(order=order).delete()
    order.delete()


@act
def add_purchase_line(no: str, values: Values, *, expected_rev: int | None = None) -> PurchaseLine:
    """Add a line, numbered after the highest unless `line_no` is given. Raises as for a line of a new order."""
    order = _lock_open(no, expected_rev)
    taken = {line.line_no for line in lock_purchase_lines(order)}
    line_no = values.get("line_no") or max(taken, default=0) + LINE_NO_STEP
    if line_no in taken:
        raise AlreadyExists(field="line_no", what=f"Line of {no}", key=line_no)
    line = PurchaseLine(order=order, line_no=line_no)
    _enter_lines([line], [values], masters=StockMasters.load([values]))
    line.save(force_insert=True)
    publish_supply(order, [line], new=True)
    return line


@act
def change_purchase_line(no: str, line_no: int, values: Values, *, expected_rev: int | None = None) -> PurchaseLine:
    """Change fields of a line. What has arrived of it, and what is reserved of it, is respected.

    Another unit cost is that of what has arrived too, with all that was made of it (PST-46): also on a closed order,
    where it is the only thing that may change, because invoices come late.
    Raises: Missing, StaleRevision, DocumentClosed, Invalid, NotFound, Blocked, BelowReceivedQuantity,
    AlreadyReceived, Reserved, DateConflictWithReservation. Locks: the header, its lines, the costs.
    """
    is_cost_alone = values.keys() == {LATE_FIELD}
    order = _lock_open(no, expected_rev, is_late=is_cost_alone)
    line = _line_of(order, lock_purchase_lines(order), line_no)
    cost_before = line.unit_cost
    if values.get("line_no", line_no) != line_no:
        raise NeverRenamed(field="line_no")
    if is_cost_alone:
        enter_cost(line, values[LATE_FIELD])
    else:
        _enter_lines([line], [values], masters=StockMasters.load([{"item": line.item_id, **values}]))
    line.save(update_fields=_LINE_FIELDS)
    publish_supply(order, [line])
    close_if_received(order)
    if line.quantity_received and line.unit_cost != cost_before:
        value_received_anew(line)
    return line


@act
def delete_purchase_line(no: str, line_no: int, *, expected_rev: int | None = None) -> None:
    """Delete a line of which nothing has arrived; reservations from it are given up.

    Raises: Missing, StaleRevision, DocumentClosed, AlreadyReceived. Locks: the header, its lines.
    """
    order = _lock_open(no, expected_rev)
    line = _line_of(order, lock_purchase_lines(order), line_no)
    raise_all(_received(line))
    withdraw_supply([line])
    line.delete()
    close_if_received(order)


def publish_supply(order: PurchaseOrder, lines: Sequence[PurchaseLine], *, new: bool = False) -> None:
    """Bring the plan in line with what is still to come of these lines. `new`: none was published before."""
    movements = [
        PlannedMovement(
            source_kind=MovementSource.PURCHASE_ORDER_LINE,
            source_id=line.pk,
            document_no=order.no,
            line_no=line.line_no,
            item_id=line.item_id,
            variant_code=line.variant_code,
            location_id=line.location_id,
            due_date=line.expected_receipt_date,
            quantity=line.outstanding_quantity_base,
        )
        for line in lines
    ]
    planning.publish(movements, new=new)


def withdraw_supply(lines: Sequence[PurchaseLine]) -> None:
    """Take what these lines would have brought out of the plan."""
    planning.withdraw(MovementSource.PURCHASE_ORDER_LINE, [line.pk for line in lines])


def close_if_received(order: PurchaseOrder) -> None:
    """Close the order once all its lines, and at least one, have arrived in full. The caller holds its lock."""
    lines = PurchaseLine.objects.filter(order=order).values_list("quantity", "quantity_received")
    outstanding = [quantity != received for quantity, received in lines]
    if outstanding and not any(outstanding):
        order.status = PurchaseStatus.CLOSED
        order.save(update_fields=["status"])


def lock_open_purchase_order(no: str, expected_rev: int | None) -> PurchaseOrder:
    """Lock a header that may still change. Raises: Missing, StaleRevision, DocumentClosed."""
    return _lock_open(no, expected_rev)


def _lock_open(no: str, expected_rev: int | None, *, is_late: bool = False) -> PurchaseOrder:
    order = lock_purchase_order(no)
    check_revision(order, expected_rev)
    if order.status == PurchaseStatus.CLOSED and not is_late:
        raise DocumentClosed(document=order.no)
    return order


def _line_of(order: PurchaseOrder, lines: Sequence[PurchaseLine], line_no: int) -> PurchaseLine:
    for line in lines:
        if line.line_no == line_no:
            return line
    raise Missing(what=f"Line of {order.no}", key=line_no)


def _received(line: PurchaseLine) -> list[DomainError]:
    if not line.quantity_received:
        return []
    return [AlreadyReceived(line_no=line.line_no, quantity=line.quantity_received)]


def _number(given: str | None) -> str:
    if not given:
        return numbers.draw(SERIES)[0]
    if PurchaseOrder.objects.filter(no=given).exists():
        raise AlreadyExists(field="no", what="Purchase order", key=given)
    numbers.note_given(SERIES, given)
    return given


def _number_lines(rows: Sequence[Values]) -> list[int]:
    """Return the lines' numbers in the order given; refuse one that stands twice."""
    highest = max((row.get("line_no") or 0 for row in rows), default=0)
    line_nos: list[int] = []
    errors: list[DomainError] = []
    for index, row in enumerate(rows):
        line_no: int = row.get("line_no") or 0
        if not line_no:
            line_no = highest = highest + LINE_NO_STEP
        if line_no in line_nos:
            errors.append(Invalid(field=f"lines[{index}].line_no", detail=f"Line {line_no} stands twice."))
        line_nos.append(line_no)
    raise_all(errors)
    return line_nos


def _enter_lines(
    lines: Sequence[PurchaseLine], rows: Sequence[Values], *, masters: StockMasters, below: str = ""
) -> None:
    """Apply values to lines in memory. Raises the faults of all of them."""
    errors: list[DomainError] = []
    for index, (line, values) in enumerate(zip(lines, rows, strict=True)):
        try:
            enter_line(line, values, masters)
        except DomainError as error:
            errors.append(error.at(f"{below}[{index}]") if below else error)
    raise_all(errors)
