"""What a sales line and its assembly document always agree on (LNK-13)."""

from __future__ import annotations

from assembly.exceptions import LinkInconsistent
from assembly.models import AssemblyDocument
from sales.models import SalesLine


def disagreements(line: SalesLine, document: AssemblyDocument) -> list[str]:
    """Return what the pair disagrees on, in words; empty where all is well."""
    pairs = {
        "item": (line.item_id, document.item_id),
        "variant": (line.variant_code, document.variant_code),
        "location": (line.location_id, document.location_id),
        "bin": (line.bin_code, document.bin_code),
        "unit of measure": (line.unit_of_measure_id, document.unit_of_measure_id),
        "shipment date and due date": (line.shipment_date, document.due_date),
        "quantity": (line.qty_to_assemble_to_order, document.quantity),
        "base quantity": (line.qty_to_assemble_to_order_base, document.quantity_base),
    }
    found = [
        f"{name}: {of_line} and {of_document}"
        for name, (of_line, of_document) in pairs.items()
        if of_line != of_document
    ]
    if document.remaining_quantity_base > line.outstanding_quantity_base:
        found.append(
            f"remaining {document.remaining_quantity_base} exceeds outstanding {line.outstanding_quantity_base}"
        )
    return found


def require_consistent(line: SalesLine, document: AssemblyDocument) -> None:
    """Raise LinkInconsistent where the pair disagrees. It would be a mistake of ours, so it is no refusal."""
    found = disagreements(line, document)
    if found:
        raise LinkInconsistent(f"{document.no} and sales line {line}: " + "; ".join(found))
