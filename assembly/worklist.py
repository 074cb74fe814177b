"""What the assembly department works from: released orders in the order in which to start them, with their state.

A page costs two statements, whatever the number of open orders: one reads the orders with what lacks in stock for
them, the other what is planned to come of that.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, cast

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    Case,
    CharField,
    DecimalField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    TextChoices,
    When,
)
from django.db.models.functions import Cast, Coalesce, Greatest, JSONObject
from django.utils import timezone

from assembly.models import AssemblyDocument, AssemblyDocumentType, AssemblyLine, AssemblyStatus
from backoffice.models import AuditEntry
from inventory.availability.outlook import DayFlow
from inventory.availability.reading import Outlooks, load_outlooks
from inventory.locks import StockKey
from inventory.models import ItemType, MovementSource, PlannedMovement, Reservation, Setup, StockBalance
from inventory.rounding import ZERO, from_base

_QUANTITY: DecimalField[Any, Any] = DecimalField(max_digits=18, decimal_places=5)


class WorkState(TextChoices):
    """How far an order is, and whether it can be started."""

    WAITING_FOR_COMPONENTS = "waiting_for_components", "Waiting for components"
    READY = "ready", "Ready"
    IN_PROGRESS = "in_progress", "In progress"
    ASSEMBLED = "assembled", "Assembled"

    @property
    def tone(self) -> str:
        """How its badge looks."""
        return _TONES[self.value]


_TONES = {"waiting_for_components": "warning", "ready": "info", "in_progress": "progress", "assembled": "success"}

#: Everything that is not assembled yet: what the list shows unless asked for something else.
TO_DO = "to_do"

if TYPE_CHECKING:

    class WorkOrder(AssemblyDocument):
        """An order as `worklist` reads it."""

        #: Its component lines that lack something in stock.
        lacking: list[dict[str, str]]
        work_date: dt.date | None
        #: Its last amendment as it was read.
        amended: dict[str, str] | None
        customer_no: str | None
        customer_name: str | None
        sales_type: str | None
        sales_no: str | None
        sales_line_no: int | None
        #: Set by `attach_missing`.
        missing_components: list[MissingComponent]
        #: Set by `complete`.
        work_state: WorkState
        amendment: Amendment | None

        class Meta:
            abstract = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Amendment:
    """Why an order was changed after it had been released, by whom and when (EDT-25)."""

    reason: str
    by: str
    at: dt.datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingComponent:
    """What lacks in stock for an order, in the line's unit, and when all of it will be there, if that is known."""

    line_no: int
    item: str
    variant: str
    missing_quantity: Decimal
    expected_date: dt.date | None


def released_to_do() -> QuerySet[AssemblyDocument]:
    """Return the released orders of which something is left to assemble, to be counted."""
    return _released().filter(assembled_quantity__lt=F("quantity"))


def _released() -> QuerySet[AssemblyDocument]:
    return AssemblyDocument.objects.filter(
        document_type=AssemblyDocumentType.ORDER, status=AssemblyStatus.RELEASED, quantity__gt=0
    )


def worklist() -> QuerySet[WorkOrder]:
    """Return all released orders that assemble something; narrow it down by `in_state`."""
    link = "link__sales_line__document"
    orders = _released().annotate(
        lacking=ArraySubquery(_as_json(_lacking())),
        work_date=Subquery(Setup.objects.filter(pk=1).order_by().values("work_date")),
        amended=Case(When(link__isnull=False, then=Subquery(_last_amendment()))),
        customer_no=F(f"{link}__customer_id"),
        customer_name=F(f"{link}__customer__name"),
        sales_type=F(f"{link}__document_type"),
        sales_no=F(f"{link}__no"),
        sales_line_no=F("link__sales_line__line_no"),
    )
    return cast("QuerySet[WorkOrder]", orders)


def in_state(orders: QuerySet[WorkOrder], state: str) -> QuerySet[WorkOrder]:
    """Return those of the orders that are in a state, or everything that is to do."""
    done = Q(assembled_quantity__gte=F("quantity"))
    if state == WorkState.ASSEMBLED:
        return orders.filter(done)
    # Spelled as the condition of the index that keeps the open work in order.
    to_do = orders.filter(assembled_quantity__lt=F("quantity"))
    if state == TO_DO:
        return to_do
    if state == WorkState.IN_PROGRESS:
        return to_do.filter(assembled_quantity__gt=0)
    lacks = Exists(_lacking())
    return to_do.filter(lacks if state == WorkState.WAITING_FOR_COMPONENTS else ~lacks, assembled_quantity=0)


def using_resource(orders: QuerySet[WorkOrder], resource: str) -> QuerySet[WorkOrder]:
    """Return those of the orders that a person or machine works on."""
    return orders.filter(Exists(AssemblyLine.objects.filter(document=OuterRef("pk"), resource=resource)))


def state_of(order: WorkOrder) -> WorkState:
    """Return how far an order is. What has been started is in progress, whatever lacks for the rest of it."""
    if order.assembled_quantity >= order.quantity:
        return WorkState.ASSEMBLED
    if order.assembled_quantity:
        return WorkState.IN_PROGRESS
    return WorkState.WAITING_FOR_COMPONENTS if order.lacking else WorkState.READY


def attach_missing(orders: Sequence[WorkOrder]) -> None:
    """Set `missing_components` on orders: what lacks in stock, and when it is there (AVL-10). One statement."""
    outlooks = load_outlooks({_key(line) for order in orders for line in order.lacking})
    for order in orders:
        today = order.work_date or timezone.localdate()
        open_lines: Iterable[dict[str, str]] = order.lacking if order.remaining_quantity else ()
        order.missing_components = [_missing(line, outlooks, today) for line in open_lines]


def complete(orders: Sequence[WorkOrder]) -> None:
    """Set `missing_components`, `work_state` and `amendment` on the orders of a page. One statement."""
    attach_missing(orders)
    for order in orders:
        order.work_state = state_of(order)
        order.amendment = amendment_of(order)


def amendment_of(order: WorkOrder) -> Amendment | None:
    """Return the last amendment of the sales order that changed an order; None where none did."""
    told = order.amended
    if told is None:
        return None
    return Amendment(reason=told["reason"], by=told["by"], at=dt.datetime.fromisoformat(told["at"]))


def _last_amendment() -> QuerySet[AuditEntry, Any]:
    """Return why an order was last changed; of what is made for a sales line only an amendment says why."""
    entries = AuditEntry.objects.filter(kind="assembly_document", document_id=Cast(OuterRef("pk"), CharField()))
    told = JSONObject(reason="reason", by="actor_name", at="at")
    return entries.exclude(reason="").order_by("-id").values_list(told, flat=True)[:1]


def _lacking() -> QuerySet[AssemblyLine]:
    """Return an order's component lines that ask for more than lies there free or reserved for them."""
    balance = StockBalance.objects.filter(
        item=OuterRef("item_id"), variant_code=OuterRef("variant_code"), location=OuterRef("location_id")
    )
    free = balance.order_by().values(free=F("quantity") - F("reserved_quantity"))
    own = (
        Reservation.objects.filter(
            demand__source_kind=MovementSource.ASSEMBLY_ORDER_LINE,
            demand__source_id=OuterRef("pk"),
            supply_entry__isnull=False,
        )
        .order_by()
        .values("demand")
        .annotate(total=Sum("quantity"))
        .values("total")
    )
    remaining = ExpressionWrapper(F("quantity_base") - F("consumed_quantity_base"), output_field=_QUANTITY)
    return (
        AssemblyLine.objects.filter(document=OuterRef("pk"), item__type=ItemType.INVENTORY)
        .annotate(
            remaining_base=remaining,
            free_base=Coalesce(Subquery(free), ZERO, output_field=_QUANTITY),
            own_base=Coalesce(Subquery(own), ZERO, output_field=_QUANTITY),
        )
        .filter(remaining_base__gt=Greatest(F("free_base") + F("own_base"), ZERO, output_field=_QUANTITY))
        .order_by("line_no")
    )


def _as_json(lines: QuerySet[AssemblyLine]) -> QuerySet[AssemblyLine, Any]:
    """Return the lines as objects of texts: a number of JSON would become a float."""
    planned = PlannedMovement.objects.filter(source_kind=MovementSource.ASSEMBLY_ORDER_LINE, source_id=OuterRef("pk"))
    columns = {
        "line_no": "line_no",
        "item": "item_id",
        "variant": "variant_code",
        "location": "location_id",
        "due_date": "due_date",
        "factor": "qty_per_unit_of_measure",
        "remaining": "remaining_base",
        "free": "free_base",
        "own": "own_base",
        "reserved": "reserved_base",
    }
    texts = {name: Cast(F(column), CharField()) for name, column in columns.items()}
    reserved = Coalesce(Subquery(planned.order_by().values("reserved_quantity")), ZERO, output_field=_QUANTITY)
    return lines.annotate(reserved_base=reserved).values_list(JSONObject(**texts), flat=True)


def _key(line: dict[str, str]) -> StockKey:
    return StockKey(line["item"], line["variant"], line["location"])


def _missing(line: dict[str, str], outlooks: Outlooks, today: dt.date) -> MissingComponent:
    remaining = Decimal(line["remaining"])
    own = DayFlow(
        date=dt.date.fromisoformat(line["due_date"]),
        gross_requirement=remaining,
        reserved_requirement=Decimal(line["reserved"]),
    )
    outlook = outlooks.of(_key(line)).without_demand(own)
    lacking = remaining - Decimal(line["free"]) - Decimal(line["own"])
    return MissingComponent(
        line_no=int(line["line_no"]),
        item=line["item"],
        variant=line["variant"],
        missing_quantity=from_base(lacking, factor=Decimal(line["factor"])),
        expected_date=outlook.earliest_date(needed=remaining, start=today),
    )
