"""What holds of sales documents at every commit (docs/rules; the numbers of reliability by I, sales' own by S)."""

from __future__ import annotations

from backoffice.integrity import invariant
from sales import posting_invariants  # noqa: F401  # what was posted has its own sentences; they register here


@invariant("I12", "Sales line: shipped, to ship and to assemble within the quantity; base = round(quantity x factor).")
def line_quantities_within_quantity() -> str:
    return """
        SELECT id, quantity, quantity_base, qty_to_assemble_to_order, qty_to_ship, quantity_shipped FROM sales_salesline
        WHERE NOT (
            quantity_shipped BETWEEN 0 AND quantity
            AND qty_to_ship BETWEEN 0 AND quantity - quantity_shipped
            AND qty_to_assemble_to_order BETWEEN 0 AND quantity
            AND qty_to_assemble_to_order_base BETWEEN 0 AND quantity_base
            AND quantity_invoiced BETWEEN 0 AND quantity_shipped
            AND qty_to_invoice BETWEEN 0 AND quantity_shipped - quantity_invoiced + qty_to_ship
        )
        OR quantity_base <> round(quantity * qty_per_unit_of_measure / qty_rounding_precision_base)
            * qty_rounding_precision_base
        OR (quantity = 0) <> (quantity_base = 0)
        OR (qty_to_assemble_to_order = 0) <> (qty_to_assemble_to_order_base = 0)
    """


@invariant("S01", "The plan holds exactly what is outstanding of order lines of inventory items.")
def demand_is_published() -> str:
    return """
        WITH wanted AS (
            SELECT l.id, d.no::text AS document_no, l.line_no, l.item_id::text AS item, l.variant_code::text AS variant,
                   l.location_id::text AS location, l.shipment_date AS due,
                   l.quantity_shipped_base - l.quantity_base AS quantity
            FROM sales_salesline l
            JOIN sales_salesdocument d ON d.id = l.document_id
            JOIN inventory_item i ON i.no = l.item_id
            WHERE d.document_type = 'sales_order' AND i.type = 'inventory' AND l.location_id IS NOT NULL
              AND l.quantity_base <> l.quantity_shipped_base
        ), planned AS (
            SELECT source_id AS id, document_no::text, line_no, item_id::text AS item, variant_code::text AS variant,
                   location_id::text AS location, due_date AS due, quantity
            FROM inventory_plannedmovement WHERE source_kind = 'sales_order_line'
        )
        SELECT 'missing' AS fault, w.* FROM (SELECT * FROM wanted EXCEPT SELECT * FROM planned) w
        UNION ALL
        SELECT 'orphaned', p.* FROM (SELECT * FROM planned EXCEPT SELECT * FROM wanted) p
    """


@invariant("S02", "Quotes and blanket orders plan nothing and reserve nothing (BLK-02).")
def only_orders_plan() -> str:
    return """
        SELECT m.id, d.no, l.line_no FROM inventory_plannedmovement m
        JOIN sales_salesline l ON l.id = m.source_id
        JOIN sales_salesdocument d ON d.id = l.document_id
        WHERE m.source_kind = 'sales_order_line' AND d.document_type <> 'sales_order'
    """


@invariant("S03", "On quotes and blanket orders all is assembled to order or nothing (BLK-01).")
def whole_on_quotes_and_blanket_orders() -> str:
    return """
        SELECT l.id, d.no, l.line_no, l.quantity, l.qty_to_assemble_to_order FROM sales_salesline l
        JOIN sales_salesdocument d ON d.id = l.document_id
        WHERE d.document_type <> 'sales_order' AND l.qty_to_assemble_to_order NOT IN (0, l.quantity)
    """


@invariant("S04", "Only inventory items are assembled to order (LNK-01).")
def only_inventory_items_are_assembled() -> str:
    return """
        SELECT l.id, l.item_id FROM sales_salesline l LEFT JOIN inventory_item i ON i.no = l.item_id
        WHERE l.qty_to_assemble_to_order > 0 AND i.type IS DISTINCT FROM 'inventory'
    """


@invariant("S05", "Variants and bins of sales lines exist.")
def codes_of_lines_exist() -> str:
    return """
        SELECT l.id, 'variant' AS field, l.variant_code AS code FROM sales_salesline l
        WHERE l.variant_code <> '' AND NOT EXISTS (
            SELECT 1 FROM inventory_itemvariant v WHERE v.item_id = l.item_id AND v.code = l.variant_code)
        UNION ALL
        SELECT l.id, 'bin', l.bin_code FROM sales_salesline l
        WHERE l.bin_code <> '' AND NOT EXISTS (
            SELECT 1 FROM inventory_bin b WHERE b.location_id = l.location_id AND b.code = l.bin_code)
    """


@invariant("S06", "The amount of a sales line = round(quantity x price x (100 - discount) / 100, 2).")
def line_amounts_are_right() -> str:
    return """
        SELECT id, line_amount, quantity, unit_price, line_discount_percent FROM sales_salesline
        WHERE line_amount <> round(quantity * unit_price * (100 - line_discount_percent) / 100, 2)
    """


@invariant("S07", "No number of a sales document will be drawn again.")
def numbers_are_used_up() -> str:
    return """
        SELECT d.document_type, d.no, n.last FROM sales_salesdocument d
        JOIN LATERAL (
            SELECT prefix, coalesce(pg_sequence_last_value(sequence_name::regclass), 0) AS last
            FROM backoffice_numberseries WHERE code = d.document_type
        ) n ON starts_with(d.no, n.prefix)
        WHERE d.no = '' OR CASE WHEN substr(d.no, length(n.prefix) + 1) ~ '^[0-9]{6,17}$'
                                THEN substr(d.no, length(n.prefix) + 1)::bigint > n.last END
    """


@invariant("I29", "Since a sales order was released, nobody changed what is sold on it, how much, from where and when.")
def released_orders_stand_still() -> str:
    return """
        SELECT a.id, d.no, a.line_no, a.action, a.changes
        FROM sales_salesdocument d
        CROSS JOIN LATERAL (
            SELECT MAX(r.id) AS id FROM backoffice_auditentry r
            WHERE r.kind = 'sales_document' AND r.document_id = d.id::text AND r.line_no IS NULL
              AND r.changes #>> '{status,1}' = 'released'
        ) released
        JOIN backoffice_auditentry a
          ON a.kind = 'sales_document' AND a.document_id = d.id::text AND a.object_table = 'sales_salesline'
         AND a.id > released.id
        WHERE d.document_type = 'sales_order' AND d.status = 'released'
          AND (a.action <> 'changed' OR a.changes ?| ARRAY['type', 'item_id', 'resource_id', 'variant_code',
               'location_id', 'unit_of_measure_id', 'quantity', 'shipment_date'])
    """


@invariant("S10", "Lots and serial numbers of a sales line are for no more than leaves from stock (RES-12).")
def numbers_of_lines_within_the_part_from_stock() -> str:
    return """
        SELECT l.id, l.quantity_base - l.qty_to_assemble_to_order_base AS from_stock, SUM(t.quantity) AS tracked
        FROM inventory_trackingline t JOIN sales_salesline l ON l.id = t.source_id
        WHERE t.source_kind = 'sales_line' GROUP BY l.id
        HAVING SUM(t.quantity) > l.quantity_base - l.qty_to_assemble_to_order_base
    """
