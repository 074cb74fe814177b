"""What holds of what sales has posted, at every commit (docs/rules, section 7)."""

from __future__ import annotations

from backoffice.integrity import invariant


@invariant("I13", "An order line has shipped and invoiced what its posted documents say, corrections counted.")
def progress_is_what_was_posted() -> str:
    return """
        SELECT l.id, d.no, l.line_no, l.quantity_shipped, s.quantity AS posted, l.quantity_invoiced, i.quantity
        FROM sales_salesline l
        JOIN sales_salesdocument d ON d.id = l.document_id AND d.document_type = 'sales_order'
        LEFT JOIN (
            SELECT order_line_id, SUM(quantity) AS quantity, SUM(quantity_base) AS quantity_base,
                   SUM(quantity_invoiced) AS invoiced
            FROM sales_salesshipmentline GROUP BY 1
        ) s ON s.order_line_id = l.id
        LEFT JOIN (
            SELECT order_line_id, SUM(quantity) AS quantity FROM sales_salesinvoiceline GROUP BY 1
        ) i ON i.order_line_id = l.id
        WHERE (l.quantity_shipped, l.quantity_shipped_base, l.quantity_invoiced, l.quantity_invoiced)
            <> (COALESCE(s.quantity, 0), COALESCE(s.quantity_base, 0), COALESCE(s.invoiced, 0), COALESCE(i.quantity, 0))
    """


@invariant("I18", "A shipment line of goods is what its sale entries took, a correction what they brought back.")
def shipments_are_in_the_ledger() -> str:
    return """
        SELECT p.id, p.shipment_id, p.line_no, p.quantity_base, e.quantity AS sold
        FROM sales_salesshipmentline p
        JOIN inventory_item i ON i.no = p.item_id AND i.type = 'inventory'
        LEFT JOIN (
            SELECT document_no, document_line_no, reversal_of_id IS NOT NULL AS undone, SUM(quantity) AS quantity
            FROM inventory_itemledgerentry WHERE document_type = 'sales_shipment' AND entry_type = 'sale'
            GROUP BY 1, 2, 3
        ) e ON e.document_no = p.shipment_id AND e.document_line_no = p.line_no
           AND e.undone = (p.undoes_id IS NOT NULL)
        WHERE -p.quantity_base <> COALESCE(e.quantity, 0)
    """


@invariant("I26s", "Shipments and invoices are numbered without a gap.")
def sales_documents_have_no_gap() -> str:
    return """
        SELECT s.code, s.last_no, p.documents, p.highest FROM backoffice_numberseries s
        JOIN (
            SELECT 'sales_shipment' AS code, COUNT(*) AS documents,
                   COALESCE(MAX(substring(no FROM '[0-9]+$')::bigint), 0) AS highest FROM sales_salesshipment
            UNION ALL
            SELECT 'sales_invoice', COUNT(*), COALESCE(MAX(substring(no FROM '[0-9]+$')::bigint), 0)
            FROM sales_salesinvoice
        ) p ON p.code = s.code
        WHERE s.last_no <> p.documents OR s.last_no <> p.highest
    """


@invariant("I28s", "Every sale entry belongs to a line of a shipment that exists.")
def sales_have_their_shipment() -> str:
    return """
        SELECT e.entry_no, e.document_no, e.document_line_no FROM inventory_itemledgerentry e
        WHERE e.document_type = 'sales_shipment' AND NOT EXISTS (
            SELECT 1 FROM sales_salesshipmentline p
            WHERE p.shipment_id = e.document_no AND p.line_no = e.document_line_no)
    """


@invariant("S08", "An undone shipment line and its correction cancel out, and nothing of it is invoiced (UND-03).")
def corrections_cancel_out() -> str:
    return """
        SELECT c.id, c.shipment_id, c.line_no, o.quantity, c.quantity AS correction
        FROM sales_salesshipmentline c JOIN sales_salesshipmentline o ON o.id = c.undoes_id
        WHERE (c.shipment_id, c.line_no, c.quantity, c.quantity_base, c.assemble_to_order_quantity_base)
            IS DISTINCT FROM (o.shipment_id, o.line_no, -o.quantity, -o.quantity_base,
                              -o.assemble_to_order_quantity_base)
           OR NOT o.correction OR o.quantity_invoiced <> 0 OR c.quantity_invoiced <> 0
        UNION ALL
        SELECT o.id, o.shipment_id, o.line_no, o.quantity, NULL FROM sales_salesshipmentline o
        WHERE o.correction AND o.undoes_id IS NULL
          AND NOT EXISTS (SELECT 1 FROM sales_salesshipmentline c WHERE c.undoes_id = o.id)
    """


@invariant("S09", "A sales order is closed when all of it is shipped and invoiced, and not before (PST-27).")
def closed_orders_are_done() -> str:
    return """
        SELECT d.no, d.status, BOOL_AND(l.quantity_invoiced = l.quantity AND l.quantity_shipped = l.quantity) AS done
        FROM sales_salesdocument d JOIN sales_salesline l ON l.document_id = d.id
        WHERE d.document_type = 'sales_order' AND d.status = 'closed'
        GROUP BY d.no, d.status
        HAVING NOT BOOL_AND(l.quantity_invoiced = l.quantity AND l.quantity_shipped = l.quantity)
    """


@invariant("I25", "A blanket line has shipped what its call-offs have shipped, and no more than was agreed.")
def blanket_lines_count_their_call_offs() -> str:
    return """
        SELECT b.id, d.no, b.line_no, b.quantity_base, b.quantity_shipped_base, SUM(o.quantity_shipped_base) AS shipped
        FROM sales_salesline b
        JOIN sales_salesdocument d ON d.id = b.document_id AND d.document_type = 'blanket_sales_order'
        LEFT JOIN sales_salesline o ON o.blanket_line_id = b.id
        GROUP BY b.id, d.no
        HAVING b.quantity_shipped_base <> COALESCE(SUM(o.quantity_shipped_base), 0)
            OR b.quantity_shipped_base > b.quantity_base
    """


@invariant("I31s", "Every shipment and invoice stands in the audit trail.")
def posted_sales_are_audited() -> str:
    return """
        SELECT p.kind, p.no FROM (
            SELECT 'sales_shipment' AS kind, no FROM sales_salesshipment
            UNION ALL SELECT 'sales_invoice', no FROM sales_salesinvoice
        ) p
        WHERE NOT EXISTS (
            SELECT FROM backoffice_auditentry a WHERE a.kind = p.kind AND a.document_id = p.no AND a.action = 'created'
        )
    """


@invariant("I31k", "What a posting was answered with under a key is there, and was posted under that key alone.")
def acknowledged_sales_are_posted() -> str:
    return """
        WITH answers AS MATERIALIZED (
            SELECT id, key, body::jsonb AS body FROM backoffice_idempotencyrecord
             WHERE status = 200 AND body LIKE '{"shipment":%' AND body LIKE '%"posted_assembly_orders":%'
        ), named AS (
            SELECT id, key, 'shipment' AS what, body ->> 'shipment' AS no FROM answers
            UNION ALL SELECT id, key, 'invoice', body ->> 'invoice' FROM answers
        )
        SELECT what, no, array_agg(key ORDER BY id) AS keys
        FROM named
        WHERE no IS NOT NULL
        GROUP BY what, no
        HAVING count(*) > 1
            OR NOT EXISTS (SELECT FROM sales_salesshipment s WHERE what = 'shipment' AND s.no = named.no)
           AND NOT EXISTS (SELECT FROM sales_salesinvoice i WHERE what = 'invoice' AND i.no = named.no)
    """
