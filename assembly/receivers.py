"""How assembly reacts to the facts of sales. Thin: each receiver hands over to one function.

Connected once, in `AssemblyConfig.ready`. They run inside the sender's transaction; what they refuse undoes it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models.signals import post_delete, post_save

from assembly.services import linked
from assembly.synchronization import dissolve, synchronize
from inventory.models import Setup
from inventory.services.auto_reserving import reserve_always
from sales import signals
from sales.demand import publish_demand, withdraw_demand
from sales.models import SalesDocument, SalesLine


def on_sales_line_saved(*, instance: SalesLine, raw: bool = False, **_: Any) -> None:
    """A line was saved by itself: by the admin, a shell, a fixture (raw: as it stands, with what goes with it)."""
    if not raw:
        demand = publish_demand([instance])
        synchronize([instance])
        reserve_always(demand)


def on_sales_line_deleted(*, instance: SalesLine, **_: Any) -> None:
    """A line was deleted by itself."""
    dissolve([instance])
    withdraw_demand([instance])


def on_sales_lines_saved(
    *, lines: Sequence[SalesLine], setup: Setup, new: bool, handing_on: signals.HandingOn | None, **_: Any
) -> None:
    """Lines of one document were written in bulk."""
    synchronize(lines, setup=setup, new=new, handing_on=handing_on)


def on_sales_lines_deleting(*, lines: Sequence[SalesLine], **_: Any) -> None:
    """Lines of one document are about to be deleted in bulk."""
    dissolve(lines)


def on_sales_document_released(*, document: SalesDocument, **_: Any) -> None:
    """The assembly documents are released with it (LNK-43)."""
    linked.release_linked(document)


def on_sales_document_reopened(*, document: SalesDocument, **_: Any) -> None:
    """The assembly documents of quotes and blanket orders are reopened with it (LNK-43)."""
    linked.reopen_linked(document)


def on_sales_document_closed(*, document: SalesDocument, **_: Any) -> None:
    """The assembly documents are closed with it (BLK-10)."""
    linked.close_linked(document)


def on_sales_posting_date_changed(*, document: SalesDocument, **_: Any) -> None:
    """The assembly documents take the date (LNK-40)."""
    linked.take_posting_date(document)


def connect() -> None:
    """Connect the receivers, each once."""
    post_save.connect(on_sales_line_saved, sender=SalesLine, dispatch_uid="assembly.sales_line_saved")
    post_delete.connect(on_sales_line_deleted, sender=SalesLine, dispatch_uid="assembly.sales_line_deleted")
    signals.sales_lines_saved.connect(on_sales_lines_saved, dispatch_uid="assembly.sales_lines_saved")
    signals.sales_lines_deleting.connect(on_sales_lines_deleting, dispatch_uid="assembly.sales_lines_deleting")
    signals.sales_document_released.connect(on_sales_document_released, dispatch_uid="assembly.released")
    signals.sales_document_reopened.connect(on_sales_document_reopened, dispatch_uid="assembly.reopened")
    signals.sales_document_closed.connect(on_sales_document_closed, dispatch_uid="assembly.closed")
    signals.sales_posting_date_changed.connect(on_sales_posting_date_changed, dispatch_uid="assembly.posting_date")
