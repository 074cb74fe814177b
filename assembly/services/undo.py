"""Undo posted assembly orders to stock. What was assembled to order is undone with its shipment."""

from __future__ import annotations

from django.http import Http404

from assembly.exceptions import OutputNoLongerInInventory, Reserved, UndoTheShipment
from assembly.locks import lock_assembly_lines
from assembly.models import AssemblyDocument, AssemblyDocumentType, PostedAssembleToOrderLink, PostedAssembly
from assembly.recreating import recreated
from assembly.revision import Revision
from assembly.undoing import AssemblyUndo, Undoing
from backoffice.transactions import act
from inventory.locks import lock_stock
from inventory.lookups import current_setup
from inventory.models import ItemLedgerEntry
from inventory.rounding import ZERO
from inventory.services.cost_adjustment import adjust_costs
from inventory.services.ledger import post_entries


@act
def undo_posted_assembly(*, no: str, recreate: bool = False) -> PostedAssembly:
    """Take a posting back, whole: the output, the components, the resources (UND-20 to UND-24).

    An order that is still open has it to do again. A finished one, or one that was deleted, is brought back under its
    number with `recreate`, about what was undone and what stays assembled; without, it stays as it is.
    Raises: Http404, UndoTheShipment, AlreadyReversed, LinesChanged, OutputNoLongerInInventory, Reserved.
    Locks: all that was posted of the order, the order, its lines, all stock balances.
    """
    seen = PostedAssembly.objects.filter(no=no).first()
    if seen is None:
        raise Http404(f"There is no posted assembly order {no}.")
    _refuse_assembled_to_order(seen)
    posted = _lock_postings(seen)
    revision = _lock_order(seen.order_no)
    if revision is None and recreate and not posted.reversed:
        revision = recreated(posted, setup=current_setup())
    lines = list(posted.lines.order_by("line_no"))
    undo = AssemblyUndo(posted=posted, lines=lines, revision=revision, recreate=recreate)
    undoing = Undoing([undo])
    undoing.check()
    balances = lock_stock(undoing.stock_keys)
    _require_output_in_stock(undo)
    entries = post_entries(undoing.reversals(undo), balances=balances)
    undoing.record()
    adjust_costs(entries=entries, orders=[posted.order_no])
    posted.reversed = True
    return posted


def _refuse_assembled_to_order(posted: PostedAssembly) -> None:
    if posted.assemble_to_order:
        link = PostedAssembleToOrderLink.objects.select_related("shipment_line").get(posted_assembly=posted)
        raise UndoTheShipment(document=posted.no, shipment=link.shipment_line.shipment_id)


def _lock_postings(seen: PostedAssembly) -> PostedAssembly:
    """Lock all that was posted of the order, so that of two undos only one makes it anew; return the one in question.

    Nobody else locks what was posted to stock, so it may go before the order.
    """
    postings = PostedAssembly.objects.filter(order_no=seen.order_no).order_by("no")
    locked = {posted.no: posted for posted in postings.select_for_update(of=("self",), no_key=True)}
    return locked[seen.no]


def _lock_order(no: str) -> Revision | None:
    document = (
        AssemblyDocument.objects.filter(document_type=AssemblyDocumentType.ORDER, no=no)
        .select_related("item", "location")
        .select_for_update(of=("self",), no_key=True)
        .first()
    )
    if document is None:
        return None
    return Revision(document, lock_assembly_lines([document])[document.pk], setup=current_setup())


def _require_output_in_stock(undo: AssemblyUndo) -> None:
    """UND-20: all of the output is still there, and nobody has it reserved. The balances are locked."""
    rows = ItemLedgerEntry.objects.filter(pk__in=[entry.pk for entry in undo.outputs])
    for entry in rows:
        if entry.reserved_quantity:
            raise Reserved(reserved=entry.reserved_quantity)
        if entry.remaining_quantity != entry.quantity:
            raise OutputNoLongerInInventory(
                document=undo.posted.no,
                item=entry.item_id,
                quantity=entry.quantity,
                available=max(entry.remaining_quantity, ZERO),
            )
