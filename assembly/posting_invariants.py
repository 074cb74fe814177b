"""What holds of what assembly has posted, at every commit (docs/rules, section 7)."""

from __future__ import annotations

from backoffice.integrity import invariant

# What an order has cost and put out, reversals counted, by order number.
_ORDER_COSTS = """
    SELECT c.order_no, c.indirect_cost_percent, c.overhead_rate,
           c.non_inventory_cost, COALESCE(n.cost, 0) AS not_stocked,
           COALESCE(m.material, 0) AS material, COALESCE(r.capacity, 0) AS capacity,
           COALESCE(o.direct, 0) AS direct, COALESCE(o.indirect, 0) AS indirect, COALESCE(q.put_out, 0) AS put_out
    FROM inventory_ordercosting c
    LEFT JOIN (
        SELECT e.order_no, -SUM(v.cost_amount) AS material
        FROM inventory_itemledgerentry e JOIN inventory_valueentry v ON v.item_ledger_entry_id = e.entry_no
        WHERE e.entry_type = 'assembly_consumption' GROUP BY 1
    ) m ON m.order_no = c.order_no
    LEFT JOIN (
        SELECT p.order_no, SUM(l.cost_amount) AS cost
        FROM assembly_postedassembly p JOIN assembly_postedassemblyline l ON l.posted_assembly_id = p.no
        JOIN inventory_item i ON i.no = l.item_id AND i.type <> 'inventory'
        WHERE NOT p.reversed GROUP BY 1
    ) n ON n.order_no = c.order_no
    LEFT JOIN (
        SELECT order_no, SUM(direct_cost + overhead_cost) AS capacity FROM inventory_capacityledgerentry GROUP BY 1
    ) r ON r.order_no = c.order_no
    LEFT JOIN (
        SELECT e.order_no, SUM(v.cost_amount) FILTER (WHERE v.entry_type = 'direct_cost') AS direct,
               SUM(v.cost_amount) FILTER (WHERE v.entry_type = 'indirect_cost') AS indirect
        FROM inventory_itemledgerentry e JOIN inventory_valueentry v ON v.item_ledger_entry_id = e.entry_no
        WHERE e.entry_type = 'assembly_output' GROUP BY 1
    ) o ON o.order_no = c.order_no
    LEFT JOIN (
        SELECT order_no, SUM(quantity) AS put_out FROM inventory_itemledgerentry
        WHERE entry_type = 'assembly_output' GROUP BY 1
    ) q ON q.order_no = c.order_no
"""


@invariant("I14", "An assembly order has assembled and consumed what its posted documents say, reversed ones left out.")
def progress_is_what_was_posted() -> str:
    return """
        SELECT a.no, 0 AS line_no, a.assembled_quantity AS counted, COALESCE(SUM(p.quantity), 0) AS posted
        FROM assembly_assemblydocument a
        LEFT JOIN assembly_postedassembly p ON p.order_no = a.no AND NOT p.reversed
        WHERE a.document_type = 'assembly_order'
        GROUP BY a.id
        HAVING (a.assembled_quantity, a.assembled_quantity_base)
            <> (COALESCE(SUM(p.quantity), 0), COALESCE(SUM(p.quantity_base), 0))
    """


@invariant("I15", "A shipment line with assembled goods has exactly one posted assembly, of the same quantity.")
def shipments_have_their_assembly() -> str:
    return """
        SELECT p.id, p.shipment_id, p.line_no, p.assemble_to_order_quantity, COUNT(a.no) AS assemblies
        FROM sales_salesshipmentline p
        LEFT JOIN assembly_postedassembletoorderlink k ON k.shipment_line_id = p.id
        LEFT JOIN assembly_postedassembly a ON a.no = k.posted_assembly_id
        WHERE p.undoes_id IS NULL
        GROUP BY p.id
        HAVING (p.assemble_to_order_quantity, p.assemble_to_order_quantity_base)
            <> (COALESCE(SUM(a.quantity), 0), COALESCE(SUM(a.quantity_base), 0))
            OR (p.assemble_to_order_quantity <> 0) <> (COUNT(a.no) = 1)
    """


@invariant("I16", "What was assembled to order went into exactly one shipment line, in full; nothing else into any.")
def assemblies_have_their_shipment() -> str:
    return """
        SELECT a.no, a.assemble_to_order, COUNT(p.id) AS shipments FROM assembly_postedassembly a
        LEFT JOIN assembly_postedassembletoorderlink k ON k.posted_assembly_id = a.no
        LEFT JOIN sales_salesshipmentline p ON p.id = k.shipment_line_id
        GROUP BY a.no
        HAVING COUNT(p.id) <> CASE WHEN a.assemble_to_order THEN 1 ELSE 0 END
            OR (a.assemble_to_order AND (MIN(k.quantity), MIN(k.quantity_base)) <> (a.quantity, a.quantity_base))
    """


@invariant("I17", "A posted assembly is what the ledgers say: output, components, resources; undone, nothing.")
def assemblies_are_in_the_ledgers() -> str:
    return """
        WITH moved AS (
            SELECT document_no, entry_type, order_line_no, SUM(quantity) AS net,
                   SUM(quantity) FILTER (WHERE reversal_of_id IS NULL) AS posted
            FROM inventory_itemledgerentry WHERE document_type = 'posted_assembly' GROUP BY 1, 2, 3
        ), used AS (
            SELECT r.document_no, r.order_line_no, SUM(r.quantity) AS net,
                   SUM(r.quantity) FILTER (WHERE r.reversal_of_id IS NULL) AS posted
            FROM inventory_resourceledgerentry r GROUP BY 1, 2
        ), capacity AS (
            SELECT c.document_no, c.order_line_no, SUM(c.quantity) AS net
            FROM inventory_capacityledgerentry c GROUP BY 1, 2
        )
        SELECT a.no, 0 AS line_no, a.quantity_base, m.posted, m.net FROM assembly_postedassembly a
        LEFT JOIN moved m ON m.document_no = a.no AND m.entry_type = 'assembly_output'
        WHERE (COALESCE(m.posted, 0), COALESCE(m.net, 0))
            <> (a.quantity_base, CASE WHEN a.reversed THEN 0 ELSE a.quantity_base END)
        UNION ALL
        SELECT a.no, l.line_no, l.quantity_base, m.posted, m.net FROM assembly_postedassemblyline l
        JOIN assembly_postedassembly a ON a.no = l.posted_assembly_id
        LEFT JOIN moved m ON m.document_no = a.no AND m.entry_type = 'assembly_consumption'
                         AND m.order_line_no = l.line_no
        WHERE l.item_id IS NOT NULL AND (COALESCE(m.posted, 0), COALESCE(m.net, 0))
            <> (-l.quantity_base, CASE WHEN a.reversed THEN 0 ELSE -l.quantity_base END)
        UNION ALL
        SELECT a.no, l.line_no, l.quantity_base, u.posted, u.net FROM assembly_postedassemblyline l
        JOIN assembly_postedassembly a ON a.no = l.posted_assembly_id
        LEFT JOIN used u ON u.document_no = a.no AND u.order_line_no = l.line_no
        LEFT JOIN capacity c ON c.document_no = a.no AND c.order_line_no = l.line_no
        WHERE l.resource_id IS NOT NULL
          AND (COALESCE(u.posted, 0), COALESCE(u.net, 0), COALESCE(c.net, 0))
            <> (l.quantity_base, CASE WHEN a.reversed THEN 0 ELSE l.quantity_base END,
                CASE WHEN a.reversed THEN 0 ELSE l.quantity_base END)
    """


@invariant("I19", "The sale of what was assembled to order consumed its own output in full, and no other did (PST-24).")
def sales_consumed_their_own_output() -> str:
    return """
        SELECT k.posted_assembly_id, o.entry_no, o.quantity, COALESCE(SUM(a.quantity), 0) AS sold
        FROM assembly_postedassembletoorderlink k
        JOIN sales_salesshipmentline p ON p.id = k.shipment_line_id
        JOIN inventory_itemledgerentry o ON o.document_no = k.posted_assembly_id AND o.document_type = 'posted_assembly'
             AND o.entry_type = 'assembly_output' AND o.reversal_of_id IS NULL
        LEFT JOIN (
            SELECT a.inbound_entry_id, a.quantity, s.document_no, s.document_line_no FROM inventory_itemapplication a
            JOIN inventory_itemledgerentry s ON s.entry_no = a.outbound_entry_id
            WHERE s.entry_type = 'sale' AND s.assemble_to_order AND s.applies_to_entry_id = a.inbound_entry_id
        ) a ON a.inbound_entry_id = o.entry_no AND a.document_no = p.shipment_id AND a.document_line_no = p.line_no
        GROUP BY k.posted_assembly_id, o.entry_no, o.quantity
        HAVING o.quantity <> COALESCE(SUM(a.quantity), 0)
    """


@invariant("I20", "What an assembly order put out cost what it consumed and used, its overhead on top (PST-40).")
def cost_in_is_cost_out() -> str:
    return f"""
        SELECT c.order_no, c.material, c.not_stocked, c.capacity, c.direct, c.indirect FROM ({_ORDER_COSTS}) c
        WHERE c.direct <> c.material + c.not_stocked + c.capacity OR c.non_inventory_cost <> c.not_stocked
           OR c.put_out <> 0 AND c.indirect
                <> round(c.direct * c.indirect_cost_percent / 100 + c.overhead_rate * c.put_out, 2)
           OR c.put_out = 0 AND c.indirect <> 0
    """


@invariant("I21", "Sales of what was assembled to order cost together what the output cost, each its share (PST-24).")
def sales_cost_what_their_output_cost() -> str:
    return """
        WITH cost AS (
            SELECT item_ledger_entry_id AS entry_no, SUM(cost_amount) AS amount FROM inventory_valueentry GROUP BY 1
        ), sold AS (
            SELECT s.applies_to_entry_id AS output, s.entry_no, -s.quantity AS quantity, -c.amount AS amount
            FROM inventory_itemledgerentry s JOIN cost c ON c.entry_no = s.entry_no
            WHERE s.entry_type = 'sale' AND s.assemble_to_order AND s.quantity < 0
        )
        SELECT o.entry_no AS output, NULL::bigint AS sale, c.amount AS cost, SUM(s.amount) AS cost_of_sales
        FROM sold s JOIN inventory_itemledgerentry o ON o.entry_no = s.output JOIN cost c ON c.entry_no = o.entry_no
        GROUP BY o.entry_no, c.amount HAVING SUM(s.amount) <> c.amount
        UNION ALL
        SELECT o.entry_no, s.entry_no, c.amount, s.amount
        FROM sold s JOIN inventory_itemledgerentry o ON o.entry_no = s.output JOIN cost c ON c.entry_no = o.entry_no
        WHERE abs(s.amount - c.amount * s.quantity / o.quantity) > 0.01
    """


@invariant("I26a", "Posted assembly orders are numbered without a gap.")
def posted_assemblies_have_no_gap() -> str:
    return """
        SELECT s.last_no, COUNT(p.no) AS documents FROM backoffice_numberseries s
        LEFT JOIN assembly_postedassembly p ON true
        WHERE s.code = 'posted_assembly_order'
        GROUP BY s.last_no
        HAVING s.last_no <> COUNT(p.no) OR s.last_no <> COALESCE(MAX(substring(p.no FROM '[0-9]+$')::bigint), 0)
    """


@invariant("I28a", "Every entry of an assembly, of goods or of resources, has its posted document and line.")
def entries_have_their_posted_assembly() -> str:
    return """
        SELECT e.ledger, e.entry_no, e.document_no, e.order_line_no FROM (
            SELECT 'item' AS ledger, entry_no, document_no, order_no, order_line_no FROM inventory_itemledgerentry
            WHERE document_type = 'posted_assembly' OR entry_type IN ('assembly_output', 'assembly_consumption')
            UNION ALL
            SELECT 'resource', entry_no, document_no, order_no, order_line_no FROM inventory_resourceledgerentry
            UNION ALL
            SELECT 'capacity', entry_no, document_no, order_no, order_line_no FROM inventory_capacityledgerentry
        ) e
        LEFT JOIN assembly_postedassembly a ON a.no = e.document_no AND a.order_no = e.order_no
        LEFT JOIN assembly_postedassemblyline l ON l.posted_assembly_id = a.no AND l.line_no = e.order_line_no
        WHERE a.no IS NULL OR e.order_line_no <> 0 AND l.id IS NULL
    """


@invariant("I33p", "What was assembled to order was posted no later than its shipment (PST-21).")
def posted_dates_in_order() -> str:
    return """
        SELECT a.no, a.posting_date, s.no AS shipment, s.posting_date AS shipped_on
        FROM assembly_postedassembletoorderlink k
        JOIN assembly_postedassembly a ON a.no = k.posted_assembly_id
        JOIN sales_salesshipmentline p ON p.id = k.shipment_line_id
        JOIN sales_salesshipment s ON s.no = p.shipment_id
        WHERE a.posting_date > s.posting_date
    """


@invariant("I31a", "Every posted assembly order stands in the audit trail.")
def posted_assemblies_are_audited() -> str:
    return """
        SELECT p.no FROM assembly_postedassembly p
        WHERE NOT EXISTS (
            SELECT FROM backoffice_auditentry a
            WHERE a.kind = 'posted_assembly' AND a.document_id = p.no AND a.action = 'created'
        )
    """
