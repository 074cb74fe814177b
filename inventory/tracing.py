"""Lots and serial numbers through the ledger: which moved with a document, where one came from, where it went.

Each question costs a fixed number of statements, whatever the number of levels and entries. Nothing is decided here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection
from django.db.models import Q, Sum

from inventory.models import ItemLedgerEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedNumber:
    """What moved of a lot or serial number. quantity: base units, > 0."""

    item_no: str
    lot_no: str
    serial_no: str
    quantity: Decimal

    @property
    def number(self) -> str:
        """What it is looked up by: the serial number stands for less than the lot."""
        return self.serial_no or self.lot_no


def numbers_of_document(no: str) -> Mapping[int, Sequence[MovedNumber]]:
    """Return what a posted document moved of which number, by its line number; undone or not. One statement."""
    rows = (
        ItemLedgerEntry.objects.filter(document_no=no, reversal_of__isnull=True)
        .exclude(lot_no="", serial_no="")
        .order_by("document_line_no", "lot_no", "serial_no")
        .values_list("document_line_no", "item_id", "lot_no", "serial_no")
        .annotate(moved=Sum("quantity"))
    )
    found: defaultdict[int, list[MovedNumber]] = defaultdict(list)
    for line_no, item_no, lot_no, serial_no, moved in rows:
        found[line_no].append(MovedNumber(item_no=item_no, lot_no=lot_no, serial_no=serial_no, quantity=abs(moved)))
    return found


# --- Where a number came from and where it went


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One entry on the way. depth: 0 for those of the number itself. party: who stands behind its document.

    again: it stands further up too, with what follows from it.
    """

    entry: ItemLedgerEntry
    depth: int
    party: str = ""
    again: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """Both directions of a number. is_cut: there is more than is told."""

    origins: Sequence[Step]
    uses: Sequence[Step]
    items: Sequence[str]
    is_cut: bool = False


#: More steps in one direction than anybody reads; beyond it the trace says that it was cut.
MOST_STEPS = 2000

_TRACE = """
WITH RECURSIVE step (parent, entry_no) AS (
    SELECT 0::bigint, unnest(%s::bigint[])
    UNION
    SELECT step.entry_no, next.entry_no
    FROM step
    JOIN inventory_itemledgerentry here ON here.entry_no = step.entry_no
    CROSS JOIN LATERAL ({next}) next
)
SELECT parent, entry_no FROM step LIMIT %s
"""
#: What left was taken from what had come in; what was put out was made of what its posting consumed; what came back
#: had left before.
_BACK = """
    SELECT application.inbound_entry_id AS entry_no FROM inventory_itemapplication application
    WHERE here.quantity < 0 AND application.outbound_entry_id = here.entry_no
    UNION ALL
    SELECT used.entry_no FROM inventory_itemledgerentry used
    WHERE here.quantity > 0 AND here.entry_type = 'assembly_output' AND here.reversal_of_id IS NULL
        AND used.document_no = here.document_no AND used.document_type = here.document_type
        AND used.entry_type = 'assembly_consumption' AND used.reversal_of_id IS NULL
    UNION ALL
    SELECT here.reversal_of_id WHERE here.quantity > 0 AND here.reversal_of_id IS NOT NULL
"""
#: What came in left again; what was consumed went into what its posting put out, unless it was undone; what was
#: undone came back.
_FORTH = """
    SELECT application.outbound_entry_id AS entry_no FROM inventory_itemapplication application
    WHERE here.quantity > 0 AND application.inbound_entry_id = here.entry_no
    UNION ALL
    SELECT made.entry_no FROM inventory_itemledgerentry made
    WHERE here.quantity < 0 AND here.entry_type = 'assembly_consumption' AND here.reversal_of_id IS NULL
        AND made.document_no = here.document_no AND made.document_type = here.document_type
        AND made.entry_type = 'assembly_output' AND made.reversal_of_id IS NULL
        AND NOT EXISTS (SELECT FROM inventory_itemledgerentry undo WHERE undo.reversal_of_id = here.entry_no)
    UNION ALL
    SELECT undo.entry_no FROM inventory_itemledgerentry undo
    WHERE here.quantity < 0 AND undo.reversal_of_id = here.entry_no
"""

#: Who stands behind posted documents: by document type, from numbers to names. The floors that own them register.
Parties = Callable[[Collection[str]], Mapping[str, str]]
_parties: dict[str, Parties] = {}


def register_parties(document_type: str, parties: Parties) -> None:
    """Say who stands behind the documents of a type: the customer of a shipment. One statement for many numbers."""
    _parties[document_type] = parties


def trace(number: str, *, item_no: str = "") -> Trace | None:
    """Return where a lot or serial number came from and where it went, over all levels; None if it never moved.

    A posting that put out several numbers at once says of each that it was made of all that was consumed: nobody
    noted which part went into which. Statements: four, and one for each kind of document that names somebody.
    """
    arrivals = ItemLedgerEntry.objects.filter(
        Q(lot_no=number) | Q(serial_no=number), quantity__gt=0, reversal_of__isnull=True
    )
    if item_no:
        arrivals = arrivals.filter(item=item_no)
    start = dict(arrivals.order_by("entry_no").values_list("entry_no", "item_id"))
    if not start:
        return None
    back, forth = _walk(_BACK, list(start)), _walk(_FORTH, list(start))
    numbers = {entry_no for _, entry_no in [*back, *forth]}
    entries = ItemLedgerEntry.objects.select_related("item", "reversed_by").in_bulk(numbers)
    parties = _parties_of(entries.values())
    return Trace(
        origins=_steps(back, entries, parties),
        uses=_steps(forth, entries, parties),
        items=sorted(set(start.values())),
        is_cut=max(len(back), len(forth)) > MOST_STEPS,
    )


def similar_numbers(text: str, *, most: int = 20) -> list[tuple[str, str, str]]:
    """Return item, lot and serial number of what moved and holds the text in a number. One statement."""
    rows = ItemLedgerEntry.objects.filter(Q(lot_no__icontains=text) | Q(serial_no__icontains=text))
    columns = ("item_id", "lot_no", "serial_no")
    return list(rows.order_by(*columns).values_list(*columns).distinct()[:most])


def _walk(following: str, start: list[int]) -> list[tuple[int, int]]:
    """Return the steps from an entry to the next one, each once, so that it ends also where goods went in circles."""
    with connection.cursor() as cursor:
        cursor.execute(_TRACE.format(next=following), [start, MOST_STEPS + 1])
        rows: list[tuple[int, int]] = cursor.fetchall()
    return rows


def _steps(
    walked: Sequence[tuple[int, int]], entries: Mapping[int, ItemLedgerEntry], parties: Mapping[tuple[str, str], str]
) -> list[Step]:
    """Return the steps as they are told: each entry below the one that led to it, in posting order."""
    following: defaultdict[int, list[int]] = defaultdict(list)
    for parent, entry_no in walked[:MOST_STEPS]:
        following[parent].append(entry_no)
    told: list[Step] = []
    seen: set[int] = set()
    waiting = [(entry_no, 0) for entry_no in sorted(following[0], reverse=True)]
    while waiting:
        entry_no, depth = waiting.pop()
        entry, again = entries[entry_no], entry_no in seen
        party = parties.get((entry.document_type, entry.document_no), "")
        told.append(Step(entry=entry, depth=depth, party=party, again=again))
        if not again:
            seen.add(entry_no)
            waiting += [(following_no, depth + 1) for following_no in sorted(following[entry_no], reverse=True)]
    return told


def _parties_of(entries: Iterable[ItemLedgerEntry]) -> Mapping[tuple[str, str], str]:
    wanted: defaultdict[str, set[str]] = defaultdict(set)
    for entry in entries:
        if entry.document_no:
            wanted[entry.document_type].add(entry.document_no)
    found: dict[tuple[str, str], str] = {}
    for document_type, parties in _parties.items():
        names = parties(wanted[document_type]) if document_type in wanted else {}
        found |= {(document_type, no): name for no, name in names.items()}
    return found
