"""The answer to what sales asks about lines that are made to order."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from django.db.models import OuterRef, Subquery

from assembly.consistency import require_consistent
from assembly.line_abilities import load_abilities
from assembly.locks import LockedLink, lock_assembly_lines, lock_links
from assembly.models import AssembleToOrderLink, PostedAssembleToOrderLink
from assembly.posting import SERIES, Assembling, AssemblyPosting, check, choose_numbers, refuse_blocked
from assembly.revision import Revision
from assembly.services import linked
from assembly.undoing import AssemblyUndo, Undoing
from assembly.views import document_kinds, promise_places
from backoffice.changes import insert_rows, snapshot, write_changes
from inventory.locks import StockKey
from inventory.lookups import current_setup
from inventory.models import Setup, TrackedSource, ValueEntry
from inventory.querysets import tracking_of
from inventory.rounding import ZERO
from inventory.services.cost_adjustment import adjust_costs
from inventory.services.ledger import EntryPosting, PostedEntry
from inventory.services.tracking import TrackingValues, assign
from sales.made_to_order import Addresses, LinesT, Made, MadeGoods, Making, MakingAbilities, ShipmentLinesT, Unmaking
from sales.models import SalesDocument, SalesLine, SalesShipmentLine


class AssembleToOrder:
    """Assembly as the supplier of sales lines (`sales.made_to_order.MadeToOrderSupplier`)."""

    def abilities(self, lines: Collection[SalesLine]) -> MakingAbilities:
        """Load the components of the linked documents (AVL-23)."""
        return load_abilities(lines)

    def annotate_lines(self, lines: LinesT) -> LinesT:
        """Add `assembly_type` and `assembly_no` of the linked assembly document."""
        link = AssembleToOrderLink.objects.filter(sales_line=OuterRef("pk"))
        made_for = AssembleToOrderLink.objects.filter(sales_line=OuterRef(OuterRef("pk")))
        return lines.annotate(
            assembly_type=Subquery(link.values("assembly__document_type")),
            assembly_no=Subquery(link.values("assembly__no")),
            made_tracking=tracking_of(TrackedSource.ASSEMBLY_DOCUMENT, Subquery(made_for.values("assembly"))),
        )

    def annotate_shipment_lines(self, lines: ShipmentLinesT) -> ShipmentLinesT:
        """Add `posted_assembly_no`, of what was assembled for the line (PST-51)."""
        link = PostedAssembleToOrderLink.objects.filter(shipment_line=OuterRef("pk"))
        return lines.annotate(posted_assembly_no=Subquery(link.values("posted_assembly")))

    def addresses(self, assembly_type: str, assembly_no: str) -> Addresses | None:
        """Return the page and the panel of the assembly document, where its kind has pages."""
        kind = document_kinds.BY_TYPE.get(assembly_type)
        if kind is None:
            return None
        return Addresses(page=kind.url(assembly_no), panel=kind.url(assembly_no, "panel"))

    def promise_address(self, document: SalesDocument, line_no: int | None) -> str:
        """Return where the promise of a line is told, or of one that is not entered yet."""
        return promise_places.url_of(document, line_no)

    def assign_numbers(self, line: SalesLine, rows: Sequence[TrackingValues]) -> bool:
        """Assign lots and serial numbers to the output of the line's assembly document (RES-20)."""
        link = lock_links([line.pk]).get(line.pk)
        if link is None:
            return False
        document = link.assembly
        assign(TrackedSource.ASSEMBLY_DOCUMENT, document.pk, rows, item=document.item, most=document.quantity_base)
        return True

    def prepare(self, lines: Collection[SalesLine], *, setup: Setup) -> Making:
        """Lock the assembly orders behind the lines, and check that what they assemble can be posted (PST-20).

        Lines of which nothing is to be assembled now are left out. Raises: NothingToPost, Blocked, TrackingRequired.
        """
        links = lock_links([line.pk for line in lines])
        to_make = [line for line in lines if _assembles(line, links)]
        rows = lock_assembly_lines([links[line.pk].assembly for line in to_make])
        postings: dict[int, AssemblyPosting] = {}
        for line in to_make:
            document = links[line.pk].assembly
            require_consistent(line, document)
            revision = Revision(document, rows[document.pk], setup=setup)
            postings[line.pk] = AssemblyPosting(revision=revision, sales_line=line)
            check(postings[line.pk])
        refuse_blocked(list(postings.values()))
        choose_numbers(list(postings.values()))
        return _AssemblingToOrder(postings, {line_id: links[line_id] for line_id in postings})

    def close(self, document: SalesDocument) -> None:
        """Close the assembly orders of an order that is done (PST-27)."""
        linked.close_linked(document)

    def prepare_undo(self, shipment_lines: Collection[SalesShipmentLine], lines: Collection[SalesLine]) -> Unmaking:
        """Lock the posted orders behind the shipment lines and the orders that they came from, and check them.

        Raises: AlreadyReversed, LinesChanged.
        """
        undos = _load_undos(shipment_lines, lines)
        unmaking = _UndoingAssembledToOrder(undos)
        unmaking.undoing.check()
        return unmaking


def _assembles(line: SalesLine, links: Mapping[int, LockedLink]) -> bool:
    return line.pk in links and links[line.pk].assembly.quantity_to_assemble > ZERO


class _AssemblingToOrder:
    """The assembly of one sales posting (`sales.made_to_order.Making`). Postings are kept by sales line id."""

    def __init__(self, postings: Mapping[int, AssemblyPosting], links: Mapping[int, LockedLink]) -> None:
        self.postings, self.links = postings, links
        self.assembling = Assembling(list(postings.values()))

    @property
    def stock_keys(self) -> set[StockKey]:
        """The balances of all components and outputs."""
        return self.assembling.stock_keys

    @property
    def series(self) -> Mapping[str, int]:
        """The numbers of the posted assembly orders."""
        return self.assembling.series

    def make(self, numbers: Mapping[str, Sequence[str]]) -> dict[int, MadeGoods]:
        """Say what is consumed and put out for each line, by sales line id."""
        self.assembling.start(numbers[SERIES])
        return {
            line_id: MadeGoods(
                quantity=posting.revision.document.quantity_to_assemble,
                quantity_base=posting.revision.document.quantity_to_assemble_base,
                postings=posting.entries(),
                outputs=len(posting.put_out),
            )
            for line_id, posting in self.postings.items()
        }

    def record(self, shipment_lines: Mapping[int, SalesShipmentLine]) -> Made:
        """Write the posted orders and which shipment line each of them went into (DM-55); the pairs agree (PST-27)."""
        movements = self.assembling.record(close=False)
        posted = {line_id: p.posted for line_id, p in self.postings.items() if p.posted is not None}
        links = (
            PostedAssembleToOrderLink(
                posted_assembly=document,
                shipment_line=shipment_lines[line_id],
                quantity=document.quantity,
                quantity_base=document.quantity_base,
            )
            for line_id, document in posted.items()
        )
        insert_rows(PostedAssembleToOrderLink, links)
        self._follow_lines()
        return Made(numbers=[document.no for document in posted.values()], movements=movements)

    def _follow_lines(self) -> None:
        """Note what quantity to ship the next quantity to assemble was taken from (QTY-23), and check the pairs."""
        befores = [(link, snapshot(link)) for link in self.links.values()]
        for line_id, posting in self.postings.items():
            assert posting.sales_line is not None
            self.links[line_id].qty_to_ship = posting.sales_line.qty_to_ship
            require_consistent(posting.sales_line, posting.revision.document)
        write_changes(AssembleToOrderLink, befores)

    def settle(self, entries: Sequence[PostedEntry]) -> Sequence[ValueEntry]:
        """Let costs flow on: an order assembled in parts shares its cost out anew over all of them."""
        return adjust_costs(entries=entries, orders=self.assembling.assembled_before)


def _load_undos(shipment_lines: Collection[SalesShipmentLine], lines: Collection[SalesLine]) -> dict[int, AssemblyUndo]:
    """Return what was assembled for shipment lines, by shipment line id; the order only where it is still linked."""
    order_lines = {line.pk: line for line in lines}
    links = lock_links(order_lines)
    rows = lock_assembly_lines([link.assembly for link in links.values()])
    setup = current_setup()
    revisions = {
        line_id: Revision(link.assembly, rows[link.assembly_id], setup=setup) for line_id, link in links.items()
    }
    posted_links = (
        PostedAssembleToOrderLink.objects.filter(shipment_line__in=[row.pk for row in shipment_lines])
        .select_related("posted_assembly", "shipment_line")
        .prefetch_related("posted_assembly__lines")
        .order_by("posted_assembly")
        .select_for_update(of=("posted_assembly",), no_key=True)
    )
    undos: dict[int, AssemblyUndo] = {}
    for link in posted_links:
        line = order_lines[link.shipment_line.order_line_id]
        revision = revisions.get(line.pk)
        if revision is not None and revision.document.no != link.posted_assembly.order_no:
            revision = None  # the line was taken off its assembly and put on another one since (UND-07)
        undos[link.shipment_line_id] = AssemblyUndo(
            posted=link.posted_assembly,
            lines=sorted(link.posted_assembly.lines.all(), key=lambda row: row.line_no),
            revision=revision,
            qty_to_ship=line.qty_to_ship,
        )
    return undos


class _UndoingAssembledToOrder:
    """The undoing of one shipment's assembly (`sales.made_to_order.Unmaking`). Undos are kept by shipment line id."""

    def __init__(self, undos: Mapping[int, AssemblyUndo]) -> None:
        self.undos = undos
        self.undoing = Undoing(list(undos.values()))

    @property
    def stock_keys(self) -> set[StockKey]:
        """The balances of all components and outputs."""
        return self.undoing.stock_keys

    def reversals(self, shipment_line: SalesShipmentLine, sold: Mapping[int, int]) -> list[EntryPosting]:
        """Take back output and components of one shipment line."""
        undo = self.undos.get(shipment_line.pk)
        return [] if undo is None else self.undoing.reversals(undo, sold)

    def record(self) -> None:
        """Count on the assembly orders what is to be assembled again."""
        self.undoing.record()

    def settle(self, entries: Sequence[PostedEntry]) -> None:
        """Let costs flow on: what else the orders put out may cost something else now."""
        adjust_costs(entries=entries, orders={undo.posted.order_no for undo in self.undos.values()})
