"""The question sales asks about lines that are made to order. Sales owns it; somebody above may answer.

Sales is usable alone: without a supplier nothing is made to order.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol, TypeVar

from django.contrib.postgres.fields import ArrayField
from django.db.models import CharField, JSONField, QuerySet, Value

from inventory.availability.reading import Outlooks
from inventory.locks import StockKey
from inventory.models import PlannedMovement, Setup, ValueEntry
from inventory.services.cost_adjustment import adjust_costs
from inventory.services.ledger import EntryPosting, PostedEntry
from inventory.services.tracking import TrackingValues
from sales.models import SalesDocument, SalesLine, SalesShipmentLine

LinesT = TypeVar("LinesT", bound="QuerySet[SalesLine, SalesLine]")
ShipmentLinesT = TypeVar("ShipmentLinesT", bound="QuerySet[SalesShipmentLine, SalesShipmentLine]")


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeGoods:
    """Goods made for one sales line by the posting at hand.

    quantity: the line's unit, > 0; quantity_base: base units. `postings`: what the making writes into the ledger; the
    last `outputs` of them bring the goods in, one for each lot or serial number.
    """

    quantity: Decimal
    quantity_base: Decimal
    postings: Sequence[EntryPosting]
    outputs: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """What was made: the posted documents' numbers, and what those who make bring and need now, to be published."""

    numbers: list[str]
    movements: list[PlannedMovement]


class Making(Protocol):
    """The making of goods for the lines of one posting, from the locks to the books."""

    @property
    def stock_keys(self) -> set[StockKey]:
        """The stock balances that it moves, to be locked with all others of the posting."""
        ...

    @property
    def series(self) -> Mapping[str, int]:
        """How many numbers of which gapless series it needs."""
        ...

    def make(self, numbers: Mapping[str, Sequence[str]]) -> dict[int, MadeGoods]:
        """Say what is made, by line id, with the numbers drawn for it. Nothing is made for lines that are absent."""
        ...

    def record(self, shipment_lines: Mapping[int, SalesShipmentLine]) -> Made:
        """Write what was made, for these shipment lines by order line id.

        The order lines that the making was prepared for carry what was posted and what ships next already.
        """
        ...

    def settle(self, entries: Sequence[PostedEntry]) -> Sequence[ValueEntry]:
        """Let the costs that follow from all the entries of the posting flow on; return the corrections."""
        ...


class Unmaking(Protocol):
    """The undoing of what was made for the shipment lines of one undo."""

    @property
    def stock_keys(self) -> set[StockKey]:
        """The stock balances that it moves, to be locked with all others."""
        ...

    def reversals(self, shipment_line: SalesShipmentLine, sold: Mapping[int, int]) -> list[EntryPosting]:
        """Return the ledger postings that take back what was made for a shipment line.

        `sold`: by the entry number of an output the place in the batch of the posting that brings its sale back.
        """
        ...

    def record(self) -> None:
        """Count on what the goods were made by that it is to be done again."""
        ...

    def settle(self, entries: Sequence[PostedEntry]) -> None:
        """Let the costs that follow from all the entries of the undo flow on."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Addresses:
    """Where the document that makes a line's goods is shown: its page, and the panel below the sales line."""

    page: str
    panel: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MakingAbility:
    """How much of what is still to be made for a line can be made in time. Quantities: the line's unit, >= 0."""

    remaining: Decimal
    able_to_assemble: Decimal
    #: When all of it could be delivered; None where nothing is missing, or where nothing is known of what is.
    earliest_date: dt.date | None
    #: Whether something that it is made of is short, so that less can be made (AVL-23).
    is_short: bool
    #: Whether of something that is short nothing is known that brings it: it has no say in the date (AVL-13).
    lacks_for_good: bool


class MakingAbilities(Protocol):
    """What can be made for some lines, once stock and plan of what it is made of are known."""

    @property
    def stock_keys(self) -> set[StockKey]:
        """What is to be known of."""
        ...

    def assess(self, outlooks: Outlooks, *, setup: Setup) -> Mapping[int, MakingAbility]:
        """Return it by line id; lines that nothing is made for are absent."""
        ...


class MadeToOrderSupplier(Protocol):
    """Who makes goods for sales lines."""

    def abilities(self, lines: Collection[SalesLine]) -> MakingAbilities:
        """Load what is made for these lines. As many statements for many lines as for one."""
        ...

    def annotate_lines(self, lines: LinesT) -> LinesT:
        """Add `assembly_type` and `assembly_no`, of the document that makes the line's goods; null where none does.

        And `made_tracking`: its lots and serial numbers, as `inventory.querysets.tracking_of` gives them.
        """
        ...

    def annotate_shipment_lines(self, lines: ShipmentLinesT) -> ShipmentLinesT:
        """Add `posted_assembly_no`, of what was posted to make the line's goods; null where nothing was made."""
        ...

    def addresses(self, assembly_type: str, assembly_no: str) -> Addresses | None:
        """Return where the document that `annotate_lines` names is shown; None where its kind has no pages."""
        ...

    def promise_address(self, document: SalesDocument, line_no: int | None) -> str:
        """Return where it is told when a line can leave; None: one that is not entered yet. "": nobody tells."""
        ...

    def assign_numbers(self, line: SalesLine, rows: Sequence[TrackingValues]) -> bool:
        """Assign lots and serial numbers to what is made for a line; False where nothing is made for it (RES-20)."""
        ...

    def prepare(self, lines: Collection[SalesLine], *, setup: Setup) -> Making:
        """Lock the documents behind the lines that are about to be shipped, and check that they can be posted."""
        ...

    def close(self, document: SalesDocument) -> None:
        """Close what was made for an order that is shipped and invoiced in full."""
        ...

    def prepare_undo(self, shipment_lines: Collection[SalesShipmentLine], lines: Collection[SalesLine]) -> Unmaking:
        """Lock what was made for these shipment lines of these order lines, and check that it can be undone."""
        ...


class _NothingMade:
    """The making of nothing."""

    def __init__(self) -> None:
        self.stock_keys: set[StockKey] = set()
        self.series: Mapping[str, int] = {}

    def make(self, numbers: Mapping[str, Sequence[str]]) -> dict[int, MadeGoods]:
        return {}

    def record(self, shipment_lines: Mapping[int, SalesShipmentLine]) -> Made:
        return Made(numbers=[], movements=[])

    def settle(self, entries: Sequence[PostedEntry]) -> Sequence[ValueEntry]:
        return adjust_costs(entries=entries)


class _NothingUnmade:
    """The undoing of nothing."""

    def __init__(self) -> None:
        self.stock_keys: set[StockKey] = set()

    def reversals(self, shipment_line: SalesShipmentLine, sold: Mapping[int, int]) -> list[EntryPosting]:
        return []

    def record(self) -> None:
        pass

    def settle(self, entries: Sequence[PostedEntry]) -> None:
        adjust_costs(entries=entries)


class _NoAbilities:
    """Of nothing that is made."""

    def __init__(self) -> None:
        self.stock_keys: set[StockKey] = set()

    def assess(self, outlooks: Outlooks, *, setup: Setup) -> Mapping[int, MakingAbility]:
        return {}


class _NoSupplier:
    def abilities(self, lines: Collection[SalesLine]) -> MakingAbilities:
        return _NoAbilities()

    def annotate_lines(self, lines: LinesT) -> LinesT:
        nothing = Value(None, output_field=CharField())
        no_numbers = Value([], output_field=ArrayField(JSONField()))
        return lines.annotate(assembly_type=nothing, assembly_no=nothing, made_tracking=no_numbers)

    def addresses(self, assembly_type: str, assembly_no: str) -> Addresses | None:
        return None

    def promise_address(self, document: SalesDocument, line_no: int | None) -> str:
        return ""

    def annotate_shipment_lines(self, lines: ShipmentLinesT) -> ShipmentLinesT:
        return lines.annotate(posted_assembly_no=Value(None, output_field=CharField()))

    def assign_numbers(self, line: SalesLine, rows: Sequence[TrackingValues]) -> bool:
        return False

    def prepare(self, lines: Collection[SalesLine], *, setup: Setup) -> Making:
        return _NothingMade()

    def close(self, document: SalesDocument) -> None:
        pass

    def prepare_undo(self, shipment_lines: Collection[SalesShipmentLine], lines: Collection[SalesLine]) -> Unmaking:
        return _NothingUnmade()


_supplier: MadeToOrderSupplier = _NoSupplier()


def register_supplier(supplier: MadeToOrderSupplier) -> None:
    """Name the one who answers, once, when the application starts."""
    global _supplier
    _supplier = supplier


def get_supplier() -> MadeToOrderSupplier:
    """Return the one who answers."""
    return _supplier
