"""The four files of a catalogue: their columns, and what must hold within and between them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from assembly.loading import csv_rows
from assembly.loading.csv_rows import Fault, Reader, Table, read_table
from backoffice.codes import CODE_MAX_LENGTH
from inventory.models import AssemblyPolicy, ReplenishmentSystem
from inventory.services.boms import find_cycle

#: How long a word of a location's name may stay where the whole name is too long for a code.
_SHORT_WORD = 6

ITEM_COLUMNS: dict[str, Reader] = {
    "no": csv_rows.code,
    "description": csv_rows.text,
    "base_unit_of_measure": csv_rows.code,
    "replenishment_system": csv_rows.one_of(*ReplenishmentSystem.values),
    "assembly_policy": csv_rows.one_of(*AssemblyPolicy.values),
    "unit_cost": csv_rows.decimal,
    "unit_price": csv_rows.decimal,
    "safety_stock_quantity": csv_rows.decimal,
    "reorder_point": csv_rows.decimal,
    "lead_time_days": csv_rows.whole,
    "color": csv_rows.text,
    "size": csv_rows.text,
}
BOM_COLUMNS: dict[str, Reader] = {
    "item": csv_rows.code,
    "component": csv_rows.code,
    "quantity_per": csv_rows.positive,
    "unit_of_measure": csv_rows.code,
}
STOCK_COLUMNS: dict[str, Reader] = {
    "item": csv_rows.code,
    "location": csv_rows.text,
    "shelf": csv_rows.text,
    "bin": csv_rows.text,
    "quantity": csv_rows.decimal,
}
ORDER_COLUMNS: dict[str, Reader] = {
    "order_no": csv_rows.code,
    "customer": csv_rows.code,
    "order_date": csv_rows.date,
    "shipment_date": csv_rows.date,
    "item": csv_rows.code,
    "quantity": csv_rows.positive,
    "unit_price": csv_rows.decimal,
    "line_discount_percent": csv_rows.percent,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """What the files of a directory say."""

    items: Table
    bom: Table
    stock: Table
    orders: Table

    @property
    def tables(self) -> tuple[Table, Table, Table, Table]:
        """Return the four files in the order in which they build on each other."""
        return (self.items, self.bom, self.stock, self.orders)

    @property
    def faults(self) -> list[Fault]:
        """Return what is wrong, file by file."""
        return [fault for table in self.tables for fault in table.faults]

    @property
    def row_count(self) -> int:
        """Return how many rows there are in all."""
        return sum(len(table.rows) for table in self.tables)

    def item_nos(self) -> set[str]:
        """Return every item that the files name."""
        nos = {row["no"] for row in self.items.rows}
        nos |= {row[column] for row in self.bom.rows for column in ("item", "component")}
        return nos | {row["item"] for table in (self.stock, self.orders) for row in table.rows}


def read_catalogue(directory: Path) -> Catalogue:
    """Read and check the files of a directory; what is not there counts as empty."""
    catalogue = Catalogue(
        items=read_table(directory / "items.csv", ITEM_COLUMNS),
        bom=read_table(directory / "bom.csv", BOM_COLUMNS),
        stock=read_table(directory / "stock.csv", STOCK_COLUMNS),
        orders=read_table(directory / "sales_orders.csv", ORDER_COLUMNS),
    )
    _check_items(catalogue.items)
    _refuse_repeats(catalogue.bom, "item", "component")
    _check_headers(catalogue.orders)
    return catalogue


def check_references(catalogue: Catalogue, *, known_units: dict[str, str]) -> None:
    """Note what names an item that neither the files nor the database have. `known_units`: base unit by item."""
    units = known_units | {row["no"]: row["base_unit_of_measure"] for row in catalogue.items.rows}
    for table, column in ((catalogue.bom, "item"), (catalogue.stock, "item"), (catalogue.orders, "item")):
        for row in table.rows:
            if row[column] not in units:
                table.blame(row.line, f"{column}: there is no item {row[column]}")
    for row in catalogue.bom.rows:
        if row["component"] not in units:
            catalogue.bom.blame(row.line, f"component: there is no item {row['component']}")
        elif row["unit_of_measure"] != units[row["component"]]:
            catalogue.bom.blame(row.line, f"unit_of_measure: {row['component']} is not counted in it")
    _check_cycle(catalogue.bom)


def location_code(name: str) -> str:
    """Return the code for a location's name: upper case, words joined by hyphens, shortened where too long."""
    words = re.findall(r"[A-Z0-9]+", name.upper())
    code = "-".join(words)
    if len(code) > CODE_MAX_LENGTH:
        code = "-".join(word[:_SHORT_WORD] for word in words)
    return code[:CODE_MAX_LENGTH]


def _check_items(table: Table) -> None:
    _refuse_repeats(table, "no")
    for row in table.rows:
        if (
            row["assembly_policy"] == AssemblyPolicy.ASSEMBLE_TO_ORDER
            and row["replenishment_system"] != ReplenishmentSystem.ASSEMBLY
        ):
            table.blame(row.line, "assembly_policy: assemble to order needs the replenishment system assembly")


def _check_headers(table: Table) -> None:
    """The lines of an order say the same of its header."""
    headers: dict[str, tuple[object, ...]] = {}
    for row in table.rows:
        header = (row["customer"], row["order_date"], row["shipment_date"])
        if headers.setdefault(row["order_no"], header) != header:
            table.blame(row.line, f"order_no: {row['order_no']} has another customer or date further up")


def _refuse_repeats(table: Table, *columns: str) -> None:
    first: dict[tuple[str, ...], int] = {}
    for row in table.rows:
        key = tuple(row[column] for column in columns)
        if key in first:
            table.blame(row.line, f"{' and '.join(columns)}: {' '.join(key)} stands in line {first[key]} already")
        first.setdefault(key, row.line)


def _check_cycle(table: Table) -> None:
    edges: dict[str, set[str]] = {}
    for row in table.rows:
        edges.setdefault(row["item"], set()).add(row["component"])
    if item := find_cycle(edges):
        line = next(_lines_within(table, edges, item))
        table.blame(line, f"item: {item} contains itself")


def _lines_within(table: Table, edges: dict[str, set[str]], item: str) -> Iterator[int]:
    """Yield the lines of the item whose component leads back to it."""
    for row in table.rows:
        if row["item"] == item and item in _below(edges, row["component"]):
            yield row.line


def _below(edges: dict[str, set[str]], component: str) -> set[str]:
    found, left = {component}, [component]
    while left:
        for each in edges.get(left.pop(), ()):
            if each not in found:
                found.add(each)
                left.append(each)
    return found
