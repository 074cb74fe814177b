"""What holds of assembly documents and their links at every commit (docs/rules; assembly's own numbers by A)."""

from __future__ import annotations

from assembly import posting_invariants  # noqa: F401  # what was posted has its own sentences; they register here
from backoffice.integrity import invariant

_PAIRS = """
    FROM assembly_assembletoorderlink k
    JOIN assembly_assemblydocument a ON a.id = k.assembly_id
    JOIN sales_salesline s ON s.id = k.sales_line_id
    JOIN sales_salesdocument d ON d.id = s.document_id
"""


@invariant("I04", "Assembly document: 0 <= assembled <= quantity, 0 <= to assemble <= remaining; base in step.")
def document_quantities_in_bounds() -> str:
    return """
        SELECT id, no, quantity, assembled_quantity, quantity_to_assemble FROM assembly_assemblydocument
        WHERE NOT (
            assembled_quantity BETWEEN 0 AND quantity
            AND quantity_to_assemble BETWEEN 0 AND quantity - assembled_quantity
            AND assembled_quantity_base BETWEEN 0 AND quantity_base
            AND quantity_to_assemble_base BETWEEN 0 AND quantity_base - assembled_quantity_base
        )
        OR quantity_base <> round(quantity * qty_per_unit_of_measure / qty_rounding_precision_base)
            * qty_rounding_precision_base
    """


@invariant(
    "I05", "Assembly line: numbers not negative, to consume within remaining, quantity as its quantity per says."
)
def line_quantities_in_bounds() -> str:
    # Consumed may stand above the quantity after that was lowered (QTY-15); then nothing is to be consumed.
    # An order that an undo brought back asks for what was consumed indeed, whatever its quantity per says (UND-21).
    return """
        SELECT l.id, l.quantity_per, l.quantity, l.consumed_quantity, l.quantity_to_consume FROM assembly_assemblyline l
        JOIN assembly_assemblydocument a ON a.id = l.document_id
        WHERE l.quantity_per < 0 OR l.consumed_quantity < 0
           OR l.quantity_to_consume NOT BETWEEN 0 AND greatest(l.quantity - l.consumed_quantity, 0)
           OR l.quantity_to_consume_base NOT BETWEEN 0 AND greatest(l.quantity_base - l.consumed_quantity_base, 0)
           OR l.quantity_base <> round(l.quantity * l.qty_per_unit_of_measure / l.qty_rounding_precision_base)
                * l.qty_rounding_precision_base
           OR l.quantity <> CASE
                WHEN l.resource_usage_type = 'fixed' THEN l.quantity_per
                WHEN l.qty_rounding_precision = 0 THEN round(l.quantity_per * a.quantity, 5)
                ELSE ceil(round(l.quantity_per * a.quantity, 5) / l.qty_rounding_precision) * l.qty_rounding_precision
              END AND NOT EXISTS (
                SELECT FROM assembly_postedassembly p
                WHERE p.order_no = a.no AND p.reversed AND NOT p.assemble_to_order)
    """


@invariant("I06", "A sales line has at most one assembly document, and the document one line.")
def links_are_one_to_one() -> str:
    return """
        SELECT 'assembly' AS side, assembly_id AS id FROM assembly_assembletoorderlink
        GROUP BY assembly_id HAVING count(*) > 1
        UNION ALL
        SELECT 'sales line', sales_line_id FROM assembly_assembletoorderlink
        GROUP BY sales_line_id HAVING count(*) > 1
    """


@invariant("I07", "A linked pair agrees on kind, item, variant, location, bin, unit, date and quantity (LNK-13).")
def linked_pairs_agree() -> str:
    return f"""
        SELECT a.no, d.no AS sales_no, s.line_no {_PAIRS}
        WHERE s.qty_to_assemble_to_order = 0 OR (
            a.document_type::text, a.item_id, a.variant_code, a.location_id, a.bin_code, a.unit_of_measure_id,
            a.qty_per_unit_of_measure, a.due_date, a.quantity, a.quantity_base
        ) IS DISTINCT FROM (
            replace(d.document_type, 'sales', 'assembly'), s.item_id, s.variant_code, s.location_id, s.bin_code,
            s.unit_of_measure_id, s.qty_per_unit_of_measure, s.shipment_date, s.qty_to_assemble_to_order,
            s.qty_to_assemble_to_order_base
        )
        UNION ALL
        SELECT 'link ' || k.id, NULL, NULL FROM assembly_assembletoorderlink k
        WHERE NOT EXISTS (SELECT 1 FROM sales_salesline s WHERE s.id = k.sales_line_id)
           OR NOT EXISTS (SELECT 1 FROM assembly_assemblydocument a WHERE a.id = k.assembly_id)
    """


@invariant("I08", "What remains to be assembled for a line is at most what is outstanding of it.")
def remaining_within_outstanding() -> str:
    return f"""
        SELECT a.no, d.no AS sales_no, s.line_no {_PAIRS}
        WHERE a.quantity - a.assembled_quantity > s.quantity - s.quantity_shipped
           OR a.quantity_base - a.assembled_quantity_base > s.quantity_base - s.quantity_shipped_base
    """


@invariant(
    "I09", "A linked order's quantity to assemble lies within its bounds; a quote's is the whole (QTY-20, QTY-22)."
)
def quantity_to_assemble_within_bounds() -> str:
    return f"""
        SELECT a.no, a.quantity_to_assemble, s.qty_to_ship, s.line_no {_PAIRS}
        WHERE a.document_type <> 'assembly_quote' AND a.quantity_to_assemble NOT BETWEEN
            greatest(
                s.qty_to_ship - ((s.quantity - s.quantity_shipped) - (a.quantity - a.assembled_quantity)), 0
            ) AND least(s.qty_to_ship, a.quantity - a.assembled_quantity)
           OR a.document_type = 'assembly_quote' AND a.quantity_to_assemble <> a.quantity
    """


@invariant("I10", "An open line that assembles to order has an assembly document.")
def assembled_lines_are_linked() -> str:
    return """
        SELECT d.no, s.line_no FROM sales_salesline s JOIN sales_salesdocument d ON d.id = s.document_id
        WHERE d.status <> 'closed' AND s.qty_to_assemble_to_order > 0 AND s.quantity_shipped < s.quantity
          AND NOT EXISTS (SELECT 1 FROM assembly_assembletoorderlink k WHERE k.sales_line_id = s.id)
    """


@invariant("I11", "What remains of a linked assembly order is reserved for its line, in full and by one reservation.")
def remaining_is_reserved() -> str:
    return f"""
        SELECT a.no, a.quantity_base - a.assembled_quantity_base AS remaining, r.quantity AS reserved {_PAIRS}
        LEFT JOIN inventory_plannedmovement supply
            ON supply.source_kind = 'assembly_order' AND supply.source_id = a.id
        LEFT JOIN inventory_plannedmovement demand
            ON demand.source_kind = 'sales_order_line' AND demand.source_id = s.id
        LEFT JOIN inventory_reservation r
            ON r.supply_id = supply.id AND r.demand_id = demand.id AND r.is_order_to_order
        WHERE a.document_type = 'assembly_order'
          AND coalesce(r.quantity, 0) <> a.quantity_base - a.assembled_quantity_base
    """


@invariant("I33", "A linked assembly is posted no later than its sale (LNK-40).")
def posting_dates_in_order() -> str:
    return f"SELECT a.no, a.posting_date, d.posting_date AS sales_date {_PAIRS} WHERE a.posting_date > d.posting_date"


@invariant("A01", "The plan holds exactly what remains of assembly orders that are not closed.")
def supply_is_published() -> str:
    return """
        WITH wanted AS (
            SELECT id, no::text AS document_no, item_id::text AS item, variant_code::text AS variant,
                   location_id::text AS location, due_date AS due, quantity_base - assembled_quantity_base AS quantity
            FROM assembly_assemblydocument
            WHERE document_type = 'assembly_order' AND status <> 'closed' AND quantity_base <> assembled_quantity_base
        ), planned AS (
            SELECT source_id AS id, document_no::text, item_id::text AS item, variant_code::text AS variant,
                   location_id::text AS location, due_date AS due, quantity
            FROM inventory_plannedmovement WHERE source_kind = 'assembly_order'
        )
        SELECT 'missing' AS fault, w.* FROM (SELECT * FROM wanted EXCEPT SELECT * FROM planned) w
        UNION ALL
        SELECT 'orphaned', p.* FROM (SELECT * FROM planned EXCEPT SELECT * FROM wanted) p
    """


@invariant(
    "A02", "The plan holds exactly what remains of the item lines of assembly orders with something to assemble."
)
def needs_are_published() -> str:
    return """
        WITH wanted AS (
            SELECT l.id, a.no::text AS document_no, l.line_no, l.item_id::text AS item, l.variant_code::text AS variant,
                   l.location_id::text AS location, l.due_date AS due,
                   l.consumed_quantity_base - l.quantity_base AS quantity
            FROM assembly_assemblyline l
            JOIN assembly_assemblydocument a ON a.id = l.document_id
            JOIN inventory_item i ON i.no = l.item_id
            WHERE a.document_type = 'assembly_order' AND a.status <> 'closed' AND i.type = 'inventory'
              AND l.quantity_base > l.consumed_quantity_base AND a.quantity > a.assembled_quantity
        ), planned AS (
            SELECT source_id AS id, document_no::text, line_no, item_id::text AS item, variant_code::text AS variant,
                   location_id::text AS location, due_date AS due, quantity
            FROM inventory_plannedmovement WHERE source_kind = 'assembly_order_line'
        )
        SELECT 'missing' AS fault, w.* FROM (SELECT * FROM wanted EXCEPT SELECT * FROM planned) w
        UNION ALL
        SELECT 'orphaned', p.* FROM (SELECT * FROM planned EXCEPT SELECT * FROM wanted) p
    """


@invariant("A03", "Order-to-order reservations join linked pairs and nothing else (RES-01).")
def order_to_order_only_on_links() -> str:
    return """
        SELECT r.entry_no FROM inventory_reservation r
        JOIN inventory_plannedmovement demand ON demand.id = r.demand_id
        LEFT JOIN inventory_plannedmovement supply ON supply.id = r.supply_id
        WHERE r.is_order_to_order <> EXISTS (
            SELECT 1 FROM assembly_assembletoorderlink k
            WHERE demand.source_kind = 'sales_order_line' AND k.sales_line_id = demand.source_id
              AND supply.source_kind = 'assembly_order' AND k.assembly_id = supply.source_id
        )
    """


@invariant("A04", "Assembly quotes and blanket assembly orders are linked (EDT-24).")
def quotes_and_blanket_orders_are_linked() -> str:
    return """
        SELECT a.document_type, a.no FROM assembly_assemblydocument a
        WHERE a.document_type <> 'assembly_order' AND a.status <> 'closed'
          AND NOT EXISTS (SELECT 1 FROM assembly_assembletoorderlink k WHERE k.assembly_id = a.id)
    """


@invariant("A05", "Variants and bins of assembly documents and lines exist.")
def codes_of_documents_exist() -> str:
    return """
        WITH named AS (
            SELECT 'document' AS kind, id, item_id, variant_code, location_id, bin_code FROM assembly_assemblydocument
            UNION ALL
            SELECT 'line', id, item_id, variant_code, location_id, bin_code FROM assembly_assemblyline
        )
        SELECT kind, id, variant_code, bin_code FROM named n
        WHERE variant_code <> '' AND NOT EXISTS (
                SELECT 1 FROM inventory_itemvariant v WHERE v.item_id = n.item_id AND v.code = n.variant_code)
           OR bin_code <> '' AND NOT EXISTS (
                SELECT 1 FROM inventory_bin b WHERE b.location_id = n.location_id AND b.code = n.bin_code)
    """


@invariant("A06", "Cost amounts = round(quantity x unit cost, 2) (QTY-31).")
def cost_amounts_are_right() -> str:
    return """
        SELECT 'document' AS kind, id, quantity, unit_cost, cost_amount FROM assembly_assemblydocument
        WHERE cost_amount <> round(quantity * unit_cost, 2)
        UNION ALL
        SELECT 'line', id, quantity, unit_cost, cost_amount FROM assembly_assemblyline
        WHERE cost_amount <> round(quantity * unit_cost, 2)
    """


@invariant("A07", "No component is due later than the start less its offset (LNK-60).")
def components_are_due_in_time() -> str:
    return """
        SELECT l.id, a.no, l.due_date, a.starting_date FROM assembly_assemblyline l
        JOIN assembly_assemblydocument a ON a.id = l.document_id
        WHERE l.type = 'item' AND l.due_date > a.starting_date - l.lead_time_offset_days
    """


@invariant("A08", "No number of an assembly document will be drawn again.")
def numbers_are_used_up() -> str:
    return """
        SELECT a.document_type, a.no, n.last FROM assembly_assemblydocument a
        JOIN LATERAL (
            SELECT prefix, coalesce(pg_sequence_last_value(sequence_name::regclass), 0) AS last
            FROM backoffice_numberseries WHERE code = a.document_type
        ) n ON starts_with(a.no, n.prefix)
        WHERE a.no = '' OR CASE WHEN substr(a.no, length(n.prefix) + 1) ~ '^[0-9]{6,17}$'
                                THEN substr(a.no, length(n.prefix) + 1)::bigint > n.last END
    """


@invariant("A09", "Lots and serial numbers are for no more than is assembled, or is consumed of a component (RES-12).")
def numbers_within_quantities() -> str:
    # More may be consumed than a line is for (TRP-12): then nothing is open of its numbers.
    return """
        SELECT 'document' AS kind, a.id, a.quantity_base, SUM(t.quantity) AS tracked
        FROM inventory_trackingline t JOIN assembly_assemblydocument a ON a.id = t.source_id
        WHERE t.source_kind = 'assembly_document' GROUP BY a.id HAVING SUM(t.quantity) > a.quantity_base
        UNION ALL
        SELECT 'line', l.id, l.quantity_base, SUM(t.quantity)
        FROM inventory_trackingline t JOIN assembly_assemblyline l ON l.id = t.source_id
        WHERE t.source_kind = 'assembly_line' GROUP BY l.id
        HAVING SUM(t.quantity) > GREATEST(l.quantity_base, SUM(t.quantity_handled))
    """
