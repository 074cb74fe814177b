"""The answer to what sales asks about lines that are made to order."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from django.db.models import OuterRef, Subquery

from assembly.consistency import require_consistent
from assembly.locks import LockedLink, lock_assembly_lines, lock_links
from assembly.models import AssembleToOrderLink, PostedAssembleToOrderLink
from assembly.posting import Assembling, AssemblyPosting, check
from assembly.revision import Revision
from assembly.services import linked
from inventory.locks import StockKey
from inventory.lookups import current_setup
from inventory.models import StockBalance
from inventory.rounding import ZERO
from inventory.services.cost_adjustment import adjust_costs
from inventory.services.ledger import PostedEntry
from sales.made_to_order import LinesT, MadeGoods, Making
from sales.models import SalesDocument, SalesLine, SalesShipmentLine


class AssembleToOrder:
    """Assembly as the supplier of sales lines (`sales.made_to_order.MadeToOrderSupplier`)."""

    def annotate_lines(self, lines: LinesT) -> LinesT:
        """Add `assembly_type` and `assembly_no` of the linked assembly document."""
        link = AssembleToOrderLink.objects.filter(sales_line=OuterRef("pk"))
        return lines.annotate(
            assembly_type=Subquery(link.values("assembly__document_type")),
            assembly_no=Subquery(link.values("assembly__no")),
        )

    def prepare(self, lines: Collection[SalesLine]) -> Making:
        """Lock the assembly orders behind the lines, and check that what they assemble can be posted (PST-20).

        Lines of which nothing is to be assembled now are left out. Raises: NothingToPost.
        """
        links = lock_links([line.pk for line in lines])
        to_make = [line for line in lines if _assembles(line, links)]
        rows = lock_assembly_lines([links[line.pk].assembly for line in to_make])
        setup = current_setup() if to_make else None
        postings: dict[int, AssemblyPosting] = {}
        for line in to_make:
            assert setup is not None
            document = links[line.pk].assembly
            require_consistent(line, document)
            revision = Revision(document, rows[document.pk], setup=setup)
            postings[line.pk] = AssemblyPosting(revision=revision, qty_to_ship=line.qty_to_ship)
            check(postings[line.pk])
        return _AssemblingToOrder(postings)

    def close(self, document: SalesDocument) -> None:
        """Close the assembly orders of an order that is done (PST-27)."""
        linked.close_linked(document)


def _assembles(line: SalesLine, links: Mapping[int, LockedLink]) -> bool:
    return line.pk in links and links[line.pk].assembly.quantity_to_assemble > ZERO


class _AssemblingToOrder:
    """The assembly of one sales posting (`sales.made_to_order.Making`). Postings are kept by sales line id."""

    def __init__(self, postings: Mapping[int, AssemblyPosting]) -> None:
        self.postings = postings
        self.assembling = Assembling(list(postings.values()))
        self.consumed: Sequence[PostedEntry] = ()

    @property
    def stock_keys(self) -> set[StockKey]:
        """The balances of all components and outputs."""
        return self.assembling.stock_keys

    def make(self, balances: Mapping[StockKey, StockBalance]) -> dict[int, MadeGoods]:
        """Consume components and resources of all lines, and tell what comes out of it, by sales line id."""
        self.consumed = self.assembling.consume(balances)
        return {
            line_id: MadeGoods(
                quantity=posting.revision.document.quantity_to_assemble,
                quantity_base=posting.revision.document.quantity_to_assemble_base,
                output=posting.output(),
            )
            for line_id, posting in self.postings.items()
        }

    def record(self, shipment_lines: Mapping[int, SalesShipmentLine]) -> list[str]:
        """Write the posted orders and which shipment line each of them went into (DM-55)."""
        posted = self.assembling.record(close=False)
        PostedAssembleToOrderLink.objects.bulk_create(
            PostedAssembleToOrderLink(
                posted_assembly=document,
                shipment_line=shipment_lines[line_id],
                quantity=document.quantity,
                quantity_base=document.quantity_base,
            )
            for line_id, document in zip(self.postings, posted, strict=True)
        )
        return [document.no for document in posted]

    def settle(self, entries: Sequence[PostedEntry]) -> None:
        """Let costs flow on: an order assembled in parts shares its cost out anew over all of them."""
        orders = [posting.revision.document.no for posting in self.postings.values()]
        adjust_costs(entries=entries, orders=orders)
