"""The pick list and the assembly order as papers. Statements: one a document, one its lines, one the BOM, whatever
their number.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from assembly import reading
from assembly.models import AssemblyDocumentType, AssemblyLineType
from assembly.printing import differences
from backoffice.decimals import plain
from backoffice.pages.formats import day, quantity
from backoffice.printing import BLANK, Column, Paper, Section

if TYPE_CHECKING:
    from assembly.reading import ShownDocument, ShownLine

_CHANGED = "Changed"

_PICK = (
    Column(label="", width=5, tick=True),
    Column(label="Location", width=13),
    Column(label="Bin", width=13),
    Column(label="Item", width=18),
    Column(label="Description", width=36),
    Column(label="To pick", width=13, number=True),
    Column(label="Unit", width=9),
    Column(label="From BOM", width=13),
)
_COMPONENTS = (
    Column(label="Pos.", width=9),
    Column(label="No.", width=20),
    Column(label="Description", width=30),
    Column(label="Per unit", width=12, number=True),
    Column(label="Quantity", width=13, number=True),
    Column(label="Used", width=11, number=True),
    Column(label="Now", width=12, number=True),
    Column(label="Unit", width=9),
    Column(label="Bin", width=11),
    Column(label="From BOM", width=15),
)


def pick_list(no: str) -> Paper | None:
    """Return what to fetch for the next posting of the order, by location and bin; None where there is no such order.

    What is to be consumed of each item in stock; resources, texts and goods without stock are not fetched.
    """
    document = _order(no)
    if document is None:
        return None
    lines = list(document.lines.all())
    bom = differences.bom_of(document)
    changed = differences.changed_lines(lines, bom, factor=document.qty_per_unit_of_measure)
    fetched = sorted((line for line in _shown(lines) if _is_fetched(line)), key=_place)
    return Paper(
        kind="Pick list",
        no=document.no,
        code=document.no,
        facts=_facts(document),
        sections=[
            Section(
                columns=_PICK,
                rows=[_pick_row(line, line.line_no in changed) for line in fetched],
                empty="There is nothing to pick.",
            )
        ],
        notes=_notes(document, differences.left_out(lines, bom)),
    )


def assembly_order(no: str) -> Paper | None:
    """Return the order with all of its lines, as it lies beside the work; None where there is no such order."""
    document = _order(no)
    if document is None:
        return None
    lines = list(document.lines.all())
    bom = differences.bom_of(document)
    changed = differences.changed_lines(lines, bom, factor=document.qty_per_unit_of_measure)
    return Paper(
        kind="Assembly order",
        no=document.no,
        code=document.no,
        facts=_facts(document),
        sections=[
            Section(
                columns=_COMPONENTS,
                rows=[_component_row(line, line.line_no in changed) for line in _shown(lines)],
                heading="Components and resources",
                empty="The order has no lines.",
            )
        ],
        notes=_notes(document, differences.left_out(lines, bom)),
    )


def _order(no: str) -> ShownDocument | None:
    return reading.with_lines(reading.shown_documents(AssemblyDocumentType.ORDER)).filter(no=no).first()


def _shown(lines: Sequence[object]) -> Sequence[ShownLine]:
    return lines  # type: ignore[return-value]  # read by reading.with_lines


def _facts(document: ShownDocument) -> list[tuple[str, str]]:
    item = " ".join(part for part in (document.item_id, document.variant_code, document.description) if part)
    made_for = f"{document.sales_no}, line {document.sales_line_no}" if document.sales_no else "Stock"
    unit = document.unit_of_measure_id
    return [
        ("Item", item),
        ("To assemble now", f"{quantity(document.quantity_to_assemble)} {unit}"),
        ("Ordered", f"{quantity(document.quantity)} {unit}"),
        ("Assembled so far", f"{quantity(document.assembled_quantity)} {unit}"),
        ("Made for", made_for),
        ("Location", document.location_id),
        ("Put into bin", document.bin_code),
        ("Status", str(document.status_choice.label)),
        ("Start", day(document.starting_date)),
        ("End", day(document.ending_date)),
        ("Due", day(document.due_date)),
    ]


def _notes(document: ShownDocument, missing: Sequence[str]) -> list[str]:
    numbers = _numbers(document.tracking)
    notes = (
        f"To put out: {numbers}" if numbers else "",
        f"Left out of the bill of materials: {', '.join(missing)}." if missing else "",
        document.note,
    )
    return [note for note in notes if note]


def _is_fetched(line: ShownLine) -> bool:
    return line.type == AssemblyLineType.ITEM and bool(line.quantity_to_consume) and line.item_type == "inventory"


def _place(line: ShownLine) -> tuple[str, bool, str, str, int]:
    """By location and bin; what lies in no bin comes last, where somebody has to ask."""
    return line.location_id or "", not line.bin_code, line.bin_code, line.no, line.line_no


def _pick_row(line: ShownLine, changed: bool) -> list[str]:
    return [
        "",
        line.location_id or BLANK,
        line.bin_code or BLANK,
        _number_of(line),
        _described(line),
        quantity(line.quantity_to_consume),
        line.unit_of_measure_id or "",
        _CHANGED if changed else "",
    ]


def _component_row(line: ShownLine, changed: bool) -> list[str]:
    if line.is_text:
        return [line.position, "", line.description, *[""] * 7]
    return [
        line.position,
        _number_of(line),
        _described(line),
        quantity(line.quantity_per),
        quantity(line.quantity),
        quantity(line.consumed_quantity),
        quantity(line.quantity_to_consume),
        line.unit_of_measure_id or "",
        line.bin_code,
        _CHANGED if changed else "",
    ]


def _number_of(line: ShownLine) -> str:
    return f"{line.no} {line.variant_code}".strip()


def _described(line: ShownLine) -> str:
    numbers = _numbers(line.tracking)
    return f"{line.description}\n{numbers}" if numbers else line.description


def _numbers(tracking: Sequence[dict[str, str]]) -> str:
    """The lots and serial numbers of the next posting, each lot with its quantity in base units."""
    return ", ".join(_one(row) for row in tracking if _to_handle(row) != "0")


def _one(row: dict[str, str]) -> str:
    name = " ".join(part for part in (row["lot_no"], row["serial_no"]) if part)
    return name if row["serial_no"] else f"{name}: {_to_handle(row)}"


def _to_handle(row: dict[str, str]) -> str:
    return plain(Decimal(row["quantity_to_handle"]))
