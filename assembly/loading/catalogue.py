"""Load a catalogue: what is not there yet is created, what is there stays as it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from assembly.loading.catalogue_files import Catalogue, check_references, location_code
from assembly.loading.csv_rows import Fault, Row, Table
from backoffice.exceptions import DomainError, Refusals
from backoffice.transactions import act
from inventory.models import BomLine, BomLineType, Item, ItemLedgerEntry, LedgerEntryType, Location, UnitOfMeasure
from inventory.services.adjusting import post_adjustments
from inventory.services.boms import create_boms
from inventory.services.items import create_items
from sales.models import Customer, SalesDocument, SalesDocumentType
from sales.services.customers import create_customer
from sales.services.documents import create_sales_document

#: Told after each part how many rows it was and what they were.
Advance = Callable[[int, str], None]


class CatalogueRefused(Exception):
    """The files have faults, and nothing of them was loaded."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = faults
        super().__init__("\n".join(str(fault) for fault in faults))


@dataclass(slots=True)
class Loaded:
    """How many records were new, by kind in words."""

    counts: dict[str, int] = field(default_factory=dict)


@act
def load_catalogue(catalogue: Catalogue, *, advance: Advance) -> Loaded:
    """Create the items, bills of materials, stock and orders that are not there yet, all or none.

    An item that exists keeps its card, one that has a bill of materials keeps it, one that has entries at a
    location keeps its stock, an order that exists stays as it is: loading twice changes nothing.

    Raises: CatalogueRefused, with every fault by file and line.
    """
    _refuse_faulty(catalogue)
    items = Item.objects.filter(no__in=catalogue.item_nos())
    known = dict(items.values_list("no", "base_unit_of_measure_id"))
    check_references(catalogue, known_units=known)
    _refuse_faulty(catalogue)
    loaded = Loaded()
    parts: list[tuple[str, Table, Callable[[Table, set[str]], int]]] = [
        ("items", catalogue.items, _load_items),
        ("bills of materials", catalogue.bom, _load_boms),
        ("stock", catalogue.stock, _load_stock),
        ("sales orders", catalogue.orders, _load_orders),
    ]
    for label, table, load in parts:
        loaded.counts[label] = load(table, set(known))
        advance(len(table.rows), label)
    return loaded


def _refuse_faulty(catalogue: Catalogue) -> None:
    if catalogue.faults:
        raise CatalogueRefused(catalogue.faults)


def _load_items(table: Table, known: set[str]) -> int:
    rows = [row for row in table.rows if row["no"] not in known]
    codes = {row["base_unit_of_measure"] for row in rows}
    UnitOfMeasure.objects.bulk_create(
        [UnitOfMeasure(code=code, description=code) for code in sorted(codes)], ignore_conflicts=True
    )
    _blaming(table, {"": rows}, lambda: create_items([_item_values(row) for row in rows]))
    return len(rows)


def _item_values(row: Row) -> dict[str, Any]:
    values = {name: value for name, value in row.values.items() if name not in ("color", "size", "description")}
    details = [part for part in (row["color"], row["size"]) if part and part not in row["description"]]
    return {**values, "description": ", ".join([row["description"], *details])}


def _load_boms(table: Table, known: set[str]) -> int:
    _ = known
    parents = {row["item"] for row in table.rows}
    have = set(BomLine.objects.filter(parent__in=parents).values_list("parent_id", flat=True))
    new: dict[str, list[Row]] = {}
    for row in table.rows:
        if row["item"] not in have:
            new.setdefault(row["item"], []).append(row)
    _blaming(table, new, lambda: create_boms({no: [_bom_values(row) for row in rows] for no, rows in new.items()}))
    return sum(len(rows) for rows in new.values())


def _bom_values(row: Row) -> dict[str, Any]:
    return {
        "type": BomLineType.ITEM,
        "no": row["component"],
        "quantity_per": row["quantity_per"],
        "unit_of_measure": row["unit_of_measure"],
    }


def _load_stock(table: Table, known: set[str]) -> int:
    _ = known
    names = {row["location"] for row in table.rows}
    _create_locations(table, names)
    have = set(
        ItemLedgerEntry.objects.filter(location__in=[location_code(name) for name in names])
        .values_list("item_id", "location_id")
        .distinct()
    )
    rows = [row for row in table.rows if row["quantity"] and (row["item"], location_code(row["location"])) not in have]
    adjustments = [
        {
            "entry_type": LedgerEntryType.POSITIVE_ADJUSTMENT,
            "item": row["item"],
            "location": location_code(row["location"]),
            "quantity": row["quantity"],
        }
        for row in rows
    ]
    paths = [f"[{index}]" for index in range(len(rows))]
    _blaming(table, {"": rows}, lambda: post_adjustments(adjustments, paths=paths))
    return len(rows)


def _create_locations(table: Table, names: set[str]) -> None:
    by_code: dict[str, str] = {}
    for row in table.rows:
        code, name = location_code(row["location"]), row["location"]
        if not code or by_code.setdefault(code, name) != name:
            table.blame(row.line, f"location: no code of its own can be made for {name!r}")
    if table.faults:
        raise CatalogueRefused(table.faults)
    Location.objects.bulk_create(
        [Location(code=location_code(name), name=name) for name in sorted(names)], ignore_conflicts=True
    )


def _load_orders(table: Table, known: set[str]) -> int:
    _ = known
    by_no: dict[str, list[Row]] = {}
    for row in table.rows:
        by_no.setdefault(row["order_no"], []).append(row)
    have = SalesDocument.objects.filter(document_type=SalesDocumentType.ORDER, no__in=by_no)
    new = {no: rows for no, rows in by_no.items() if no not in set(have.values_list("no", flat=True))}
    customers = {rows[0]["customer"] for rows in new.values()}
    for no in sorted(customers - set(Customer.objects.filter(no__in=customers).values_list("no", flat=True))):
        create_customer(values={"no": no, "name": f"Customer {no}"})
    for no, rows in new.items():
        _blaming(table, {"lines": rows}, partial(_create_order, no, rows))
    return len(new)


def _create_order(no: str, rows: list[Row]) -> None:
    first = rows[0]
    header = {name: first[name] for name in ("customer", "order_date", "shipment_date")}
    lines = [
        {
            "no": row["item"],
            "quantity": row["quantity"],
            "unit_price": row["unit_price"],
            "line_discount_percent": row["line_discount_percent"],
        }
        for row in rows
    ]
    create_sales_document(document_type=SalesDocumentType.ORDER, values={"no": no, **header}, lines=lines)


def _blaming(table: Table, rows: Mapping[str, list[Row]], load: Callable[[], object]) -> None:
    """Run a service; what it refuses becomes a fault of the line that it came from.

    `rows`: by what stands before the index in the path of a refusal's field: "lines" of "lines[3].quantity".
    """
    try:
        load()
    except (DomainError, Refusals) as error:
        for fault in error.errors if isinstance(error, Refusals) else [error]:
            table.blame(_line_of(rows, fault.field or ""), fault.detail)
        raise CatalogueRefused(table.faults) from error


def _line_of(rows: Mapping[str, list[Row]], path: str) -> int:
    """Return the line that a path speaks of; 1 where it names none."""
    before, _, rest = path.partition("[")
    index, known = rest.partition("]")[0], rows.get(before, [])
    return known[int(index)].line if index.isdigit() and int(index) < len(known) else 1
