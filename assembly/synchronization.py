"""Keep assembly documents in step with the sales lines that they are made for (LNK-10 to LNK-20).

One function, `synchronize`, takes the changed lines of a sales document, derives what the assembly document
of each should be and writes only the differences: as many statements for a hundred lines as for one. No
difference, no write: what was customised on the components is touched by nothing but a real change (TRP-07).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection
from django.db.models import Q, prefetch_related_objects

from assembly import storage
from assembly.consistency import require_consistent
from assembly.exceptions import ExceedsOutstanding, Reserved
from assembly.handing_on import HandedOn, hand_on_numbers, load_handed_on
from assembly.locks import LockedLink, lock_assembly_lines, lock_links
from assembly.models import AssembleToOrderLink, AssemblyDocument, AssemblyDocumentType
from assembly.quantities import min_quantity_to_assemble
from assembly.revision import Revision
from backoffice.changes import delete_rows, insert_rows, snapshot, write_changes
from inventory.lookups import BomRow, UnitFacts, current_setup, load_boms
from inventory.models import ItemVariant, MovementSource, PlannedMovement, Setup, TrackedSource
from inventory.rounding import ZERO
from inventory.services.reserving import NewLink, OrderToOrder, bind_new_links, bind_order_to_order
from inventory.services.tracking import require_covered
from sales.models import SalesDocumentType, SalesLine
from sales.signals import HandingOn

#: An assembly document is of the kind of its sales document (DM-01).
ASSEMBLY_TYPE_OF: Mapping[str, AssemblyDocumentType] = {
    SalesDocumentType.QUOTE: AssemblyDocumentType.QUOTE,
    SalesDocumentType.BLANKET_ORDER: AssemblyDocumentType.BLANKET_ORDER,
    SalesDocumentType.ORDER: AssemblyDocumentType.ORDER,
}


@dataclass(slots=True, kw_only=True)
class _Pair:
    """A sales line, the revision of its assembly document, and the link that stands between them, if any."""

    line: SalesLine
    revision: Revision
    link: LockedLink | None
    #: Whether the document is new or differs in more than bin and reservation.
    in_substance: bool = True


def synchronize(
    lines: Sequence[SalesLine],
    *,
    setup: Setup | None = None,
    new: bool = False,
    handing_on: HandingOn | None = None,
) -> None:
    """Make the assembly document of each line what the line says it should be.

    1. Look which lines have a link, under lock. 2. Dissolve the links of lines that assemble nothing any more.
    3. Derive and store the documents of lines that differ or have none yet. 4. Link and reserve them.
    5. Check every pair (LNK-13).

    lines: stored, their demand published. `new`: none of them existed before, which saves looking.
    `handing_on`: lines that were made from others take their components along, customised as they are (BLK-15).
    Raises: Blocked (item, variant or component), BelowAssembledQuantity, AlreadyAssembled,
    QuantityRoundsToZero, DueDateConflict, ExceedsOutstanding, Reserved. Locks: the assembly documents by id, then
    their lines; the sales document is locked by the caller.
    """
    assert connection.in_atomic_block, "synchronize() needs an open transaction"
    prefetch_related_objects(lines, "document", "item", "location")
    links = {} if new else lock_links([line.pk for line in lines])
    dissolve([line for line in lines if line.pk in links and not _wants_assembly(line)], links)
    to_make = [line for line in lines if _wants_assembly(line) and line.pk not in links]
    to_change = [line for line in lines if _wants_assembly(line) and line.pk in links and _calls(line, links[line.pk])]
    if not to_make and not to_change:
        return
    pairs = _pair(to_make, to_change, links, setup or current_setup())
    handed_on = load_handed_on(handing_on)
    _derive(pairs, handed_on)
    _require_tracked_covered(pairs)
    # The dates of the components follow from the line's: nobody asked for them, so late reservations give way.
    storage.store([pair.revision for pair in pairs], keep_late=False)
    hand_on_numbers(handed_on.values())
    _link(pairs)
    _reserve(pairs, new=new)
    for pair in pairs:
        require_consistent(pair.line, pair.revision.document)


def dissolve(lines: Sequence[SalesLine], links: Mapping[int, LockedLink] | None = None) -> None:
    """Take the assembly documents off these lines, with their links and reservations (LNK-20).

    Works on released and partly assembled documents too: what has been posted stays (TRP-20).
    """
    if not lines:
        return
    links = lock_links([line.pk for line in lines]) if links is None else links
    gone = [links[line.pk] for line in lines if line.pk in links]
    if not gone:
        return
    documents = [link.assembly for link in gone]
    rows = lock_assembly_lines(documents)
    delete_rows(AssembleToOrderLink, [link.pk for link in gone])
    storage.delete(documents, [row for of_document in rows.values() for row in of_document])


# -- what is to be done ---------------------------------------------------------------------------------------


def _wants_assembly(line: SalesLine) -> bool:
    """LNK-01, LNK-10: an inventory item of which something is assembled to order."""
    allowed = line.item is not None and line.item.is_inventoriable
    return allowed and line.qty_to_assemble_to_order_base > ZERO


def _calls(line: SalesLine, link: LockedLink) -> bool:
    return _differs(line, link) or _ships_otherwise(line, link)


def _ships_otherwise(line: SalesLine, link: LockedLink) -> bool:
    """QTY-23: the quantity to ship is another than the one the quantity to assemble was taken from.

    Or it is the same by chance, but of a smaller line, so that stock covers less of it than it did (QTY-22).
    """
    least = min_quantity_to_assemble(
        qty_to_ship=line.qty_to_ship,
        outstanding=line.outstanding_quantity,
        remaining=link.assembly.remaining_quantity,
    )
    return link.qty_to_ship != line.qty_to_ship or link.assembly.quantity_to_assemble < least


def _differs(line: SalesLine, link: LockedLink) -> bool:
    """LNK-11: whether the assembly document is not what the line says."""
    document = link.assembly
    if document.is_order:
        out_of_step = link.reserved_base != document.remaining_quantity_base
    else:
        out_of_step = line.quantity_shipped_base != document.assembled_quantity_base
    return out_of_step or line.bin_code != document.bin_code or _differs_in_substance(line, document)


def _differs_in_substance(line: SalesLine, document: AssemblyDocument) -> bool:
    """Whether more than the bin or the reservation differs, which opens a released document (LNK-10.5)."""
    of_line = (
        line.item_id,
        line.variant_code,
        line.location_id,
        line.unit_of_measure_id,
        line.qty_per_unit_of_measure,
        line.shipment_date,
        line.qty_to_assemble_to_order,
        line.qty_to_assemble_to_order_base,
    )
    of_document = (
        document.item_id,
        document.variant_code,
        document.location_id,
        document.unit_of_measure_id,
        document.qty_per_unit_of_measure,
        document.due_date,
        document.quantity,
        document.quantity_base,
    )
    return of_line != of_document


# -- what it should be ----------------------------------------------------------------------------------------


def _pair(
    to_make: Sequence[SalesLine],
    to_change: Sequence[SalesLine],
    links: Mapping[int, LockedLink],
    setup: Setup,
) -> list[_Pair]:
    rows = lock_assembly_lines([links[line.pk].assembly for line in to_change])
    pairs = [_Pair(line=line, revision=_new_revision(line, setup), link=None) for line in to_make]
    for line in to_change:
        link = links[line.pk]
        revision = Revision(link.assembly, rows.get(link.assembly_id, []), setup=setup)
        in_substance = _differs_in_substance(line, link.assembly)
        pairs.append(_Pair(line=line, revision=revision, link=link, in_substance=in_substance))
    return pairs


def _new_revision(line: SalesLine, setup: Setup) -> Revision:
    document = AssemblyDocument(
        document_type=ASSEMBLY_TYPE_OF[line.document.document_type], posting_date=line.document.posting_date
    )
    return Revision(document, [], setup=setup)


def _derive(pairs: Sequence[_Pair], handed_on: Mapping[int, HandedOn]) -> None:
    boms = load_boms({pair.line.item_id or "" for pair in pairs if _needs_bom(pair)})
    variants = _load_variants(pairs)
    for pair in pairs:
        line = pair.line
        variant = variants.get((line.item_id or "", line.variant_code))
        if pair.in_substance:
            _derive_document(pair, boms.get(line.item_id or "", []), variant)
        if (source := handed_on.get(line.pk)) is not None:
            source.hand_on(pair.revision)
        if not line.document.is_order:
            # What the call-offs of a blanket line have shipped counts as assembled, from stock or not (BLK-21).
            pair.revision.take_progress(line.quantity_shipped, line.quantity_shipped_base)
        pair.revision.document.bin_code = line.bin_code  # follows on a released document too (WHS-04)
        if pair.in_substance or (pair.link is not None and _ships_otherwise(line, pair.link)):
            _derive_quantity_to_assemble(pair)


def _needs_bom(pair: _Pair) -> bool:
    document = pair.revision.document
    return pair.link is None or document.item_id != pair.line.item_id or not document.quantity


def _load_variants(pairs: Sequence[_Pair]) -> dict[tuple[str, str], ItemVariant]:
    named = [
        pair.line
        for pair in pairs
        if pair.line.variant_code and (pair.link is None or pair.link.assembly.variant_code != pair.line.variant_code)
    ]
    if not named:
        return {}
    rows = ItemVariant.objects.filter(item__in=[line.item_id for line in named])
    return {(row.item_id, row.code): row for row in rows}


def _derive_document(pair: _Pair, bom: Sequence[BomRow], variant: ItemVariant | None) -> None:
    """LNK-12: item, location, variant, unit, due date, posting date, quantity, each only where it differs."""
    line, revision, document = pair.line, pair.revision, pair.revision.document
    assert line.item is not None
    assert line.location is not None
    assert line.shipment_date is not None
    revision.reopen_if_released()
    unit = UnitFacts(
        code=line.unit_of_measure_id or "",
        factor=line.qty_per_unit_of_measure,
        precision=line.qty_rounding_precision,
    )
    another_item = document.item_id != line.item_id
    if another_item:
        revision.take_item(line.item, variant, unit, line.qty_rounding_precision_base)
    elif document.variant_code != line.variant_code:
        revision.take_variant(variant)
    if document.location_id != line.location_id:
        revision.take_location(line.location)
    if (document.unit_of_measure_id, document.qty_per_unit_of_measure) != (unit.code, unit.factor):
        revision.take_unit(unit)
    if another_item or document.due_date != line.shipment_date:
        revision.take_due_date(line.shipment_date)
    document.posting_date = line.document.posting_date
    _derive_quantity(pair, bom, replace=another_item and not revision.is_new)


def _derive_quantity(pair: _Pair, bom: Sequence[BomRow], *, replace: bool) -> None:
    line, revision, document = pair.line, pair.revision, pair.revision.document
    wanted = (line.qty_to_assemble_to_order, line.qty_to_assemble_to_order_base)
    if (document.quantity, document.quantity_base) != wanted:
        revision.take_quantity(line.qty_to_assemble_to_order, bom)
    if replace:
        revision.replace_lines(bom)


def _derive_quantity_to_assemble(pair: _Pair) -> None:
    revision = pair.revision
    revision.take_quantity_to_assemble(revision.default_quantity_to_assemble(pair.line.qty_to_ship))


def _require_tracked_covered(pairs: Sequence[_Pair]) -> None:
    """RES-20, ERR-22: no less is assembled than has lots or serial numbers assigned. Those of another item go."""
    require_covered(
        TrackedSource.ASSEMBLY_DOCUMENT,
        {
            pair.revision.document.pk: pair.revision.document.quantity_base
            for pair in pairs
            if id(pair.revision.document) in pair.revision.tracked
            and pair.revision.before["item_id"] == pair.revision.document.item_id
        },
    )


# -- link and reservation -------------------------------------------------------------------------------------


def _link(pairs: Sequence[_Pair]) -> None:
    made = [pair for pair in pairs if pair.link is None]
    if made:
        links = (
            AssembleToOrderLink(
                assembly=pair.revision.document, sales_line=pair.line, qty_to_ship=pair.line.qty_to_ship
            )
            for pair in made
        )
        insert_rows(AssembleToOrderLink, links)
    steered = []
    for pair in pairs:
        if pair.link is not None:
            before = snapshot(pair.link)
            pair.link.qty_to_ship = pair.line.qty_to_ship
            steered.append((pair.link, before))
    write_changes(AssembleToOrderLink, steered)


def _reserve(pairs: Sequence[_Pair], *, new: bool) -> None:
    """RES-01: what remains to be assembled is reserved for the line, for orders alone."""
    orders = [
        pair for pair in pairs if pair.revision.document.is_order and pair.revision.document.remaining_quantity_base
    ]
    if not orders:
        return
    if new:
        bind_new_links([_new_link(pair) for pair in orders])
        return
    movements = _movements(orders)
    bindings = []
    for pair in orders:
        remaining = pair.revision.document.remaining_quantity_base
        _require_outstanding(pair, remaining)
        wanted = movements[MovementSource.SALES_ORDER_LINE, pair.line.pk]
        made = movements[MovementSource.ASSEMBLY_ORDER, pair.revision.document.pk]
        beyond_link = wanted.reserved_quantity - made.reserved_quantity
        if beyond_link + remaining > abs(wanted.quantity):
            raise Reserved(field="qty_to_assemble_to_order", reserved=beyond_link)
        bindings.append(OrderToOrder(demand=wanted.pk, supply=made.pk, quantity=remaining))
    bind_order_to_order(bindings)


def _require_outstanding(pair: _Pair, remaining: Decimal) -> None:
    """No more is left to be assembled than is left to be shipped; a line that is shipped whole has no demand at all."""
    if remaining > pair.line.outstanding_quantity_base:
        raise ExceedsOutstanding(
            field="qty_to_assemble_to_order",
            value=pair.revision.document.quantity,
            assembled=pair.revision.document.assembled_quantity,
            outstanding=pair.line.outstanding_quantity,
        )


def _new_link(pair: _Pair) -> NewLink:
    document = pair.revision.document
    return NewLink(sales_line=pair.line.pk, assembly_order=document.pk, quantity=document.remaining_quantity_base)


def _movements(pairs: Sequence[_Pair]) -> dict[tuple[str, int], PlannedMovement]:
    demand = Q(source_kind=MovementSource.SALES_ORDER_LINE, source_id__in=[pair.line.pk for pair in pairs])
    supply = Q(
        source_kind=MovementSource.ASSEMBLY_ORDER,
        source_id__in=[pair.revision.document.pk for pair in pairs],
    )
    rows = PlannedMovement.objects.filter(demand | supply).order_by("pk")
    return {(row.source_kind, row.source_id): row for row in rows}
