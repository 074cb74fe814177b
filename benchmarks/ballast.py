"""Rows in bulk: copies of what went through the services, made by SQL.

A copy of n is the row with its id moved by n spans and its numbers given a suffix, in every table that the original
has rows in. So what holds of the originals holds of the copies; `require_integrity` looks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db import connection, models

from assembly.models import AssembleToOrderLink, AssemblyDocument, AssemblyLine
from backoffice import integrity
from inventory.models import (
    BomLine,
    Item,
    ItemLedgerEntry,
    ItemUnit,
    PlannedMovement,
    PurchaseLine,
    PurchaseOrder,
    Reservation,
    StockBalance,
    ValueEntry,
)
from sales.models import SalesDocument, SalesLine

#: No id of an original reaches it.
SPAN = 1_000_000


def moved(column: str) -> str:
    """Return the SQL of a copy's id, or of its reference to another copied row; null stays null."""
    return f"row.{column} + copy.n * {SPAN}"


def renamed(column: str) -> str:
    """Return the SQL of a copy's business key; null stays null, and blank blank."""
    return f"CASE WHEN row.{column} = '' THEN '' ELSE row.{column} || '-' || copy.n END"


def later(column: str, *, over_days: int) -> str:
    """Return the SQL of a copy's day: copies spread over so many days, those of one row set keep their distance."""
    return f"row.{column} + (copy.n %% {over_days})::int"


def copy_rows(model: type[models.Model], columns: Mapping[str, str], *, copies: int) -> None:
    """Copy every row of a table so many times; `columns`: by name the SQL of those that differ. Ids follow."""
    names = [str(field.column) for field in model._meta.concrete_fields]
    values = [columns.get(name, f"row.{name}") for name in names]
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({', '.join(names)}) SELECT {', '.join(values)} "
            f"FROM {table} row, generate_series(1, %s) AS copy(n)",
            [copies],
        )
        key = model._meta.pk
        if isinstance(key, models.AutoField | models.BigAutoField):
            cursor.execute(
                f"SELECT setval(pg_get_serial_sequence(%s, %s), max({key.column})) FROM {table}", [table, key.column]
            )


def copy_documents(*, copies: int, over_days: int = 1, items: bool = False) -> None:
    """Copy all sales, assembly and purchase orders with their plan and reservations; nothing may be posted of them.

    over_days: the copies are spread over so many days. items: each copy is of the items' copy of its number.
    """
    ids = {"id": moved("id")}
    of_item = {"item_id": renamed("item_id")} if items else {}

    def rows(model: type[models.Model], *references: str, days: Sequence[str] = (), **others: str) -> None:
        changed = {column: moved(column) for column in references}
        changed |= {column: later(column, over_days=over_days) for column in days}
        copy_rows(model, ids | changed | others, copies=copies)

    dates = ("due_date", "starting_date", "ending_date")
    rows(SalesDocument, days=["shipment_date"], no=renamed("no"))
    rows(SalesLine, "document_id", days=["shipment_date"], **of_item)
    rows(AssemblyDocument, days=dates, no=renamed("no"), **of_item)
    rows(AssemblyLine, "document_id", days=["due_date"], **of_item)
    rows(AssembleToOrderLink, "assembly_id", "sales_line_id")
    rows(PurchaseOrder, no=renamed("no"))
    rows(PurchaseLine, "order_id", days=["expected_receipt_date"], **of_item)
    rows(PlannedMovement, "source_id", days=["due_date"], document_no=renamed("document_no"), **of_item)
    ends = {column: moved(column) for column in ("entry_no", "demand_id", "supply_id")}
    copy_rows(Reservation, ends, copies=copies)


def copy_items(*, copies: int) -> None:
    """Copy all items with their bills of materials and the stock that was adjusted; the numbers get a suffix."""
    of_item, ids = {"item_id": renamed("item_id")}, {"id": moved("id")}
    entry = {"entry_no": moved("entry_no")}
    copy_rows(Item, {"no": renamed("no")}, copies=copies)
    copy_rows(ItemUnit, ids | of_item, copies=copies)
    copy_rows(BomLine, ids | of_item | {"parent_id": renamed("parent_id")}, copies=copies)
    copy_rows(StockBalance, ids | of_item, copies=copies)
    copy_rows(ItemLedgerEntry, entry | of_item, copies=copies)
    copy_rows(ValueEntry, entry | of_item | {"item_ledger_entry_id": moved("item_ledger_entry_id")}, copies=copies)


def settle() -> None:
    """Let the server know what it holds, and start afresh: plans of empty tables are not to be measured."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    connection.close()


def require_integrity() -> None:
    """Check every invariant. Raises: AssertionError with what breaks one."""
    broken: Sequence[str] = [str(violation) for violation in integrity.violations()]
    assert not broken, "\n".join(broken[:20])
