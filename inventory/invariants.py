"""What holds in inventory at every commit. Ids I01 to I33 are those of the whole product; N… are inventory's own."""

from __future__ import annotations

from backoffice.integrity import invariant


@invariant("I01", "On hand is the sum of the ledger, for every item, variant and location.")
def on_hand_is_the_sum_of_the_ledger() -> str:
    return """
        SELECT item_id, variant_code, location_id, b.quantity AS on_hand, e.quantity AS in_ledger
        FROM inventory_stockbalance b
        FULL JOIN (
            SELECT item_id, variant_code, location_id, SUM(quantity) AS quantity
            FROM inventory_itemledgerentry JOIN inventory_item ON no = item_id AND type = 'inventory' GROUP BY 1, 2, 3
        ) e USING (item_id, variant_code, location_id)
        WHERE COALESCE(b.quantity, 0) <> COALESCE(e.quantity, 0)
    """


@invariant("I02", "On hand is never negative and always a number.")
def on_hand_is_not_negative() -> str:
    return """
        SELECT item_id, variant_code, location_id, quantity
        FROM inventory_stockbalance WHERE quantity < 0 OR quantity = 'NaN'
    """


@invariant("I03", "The running sum of the ledger never falls below zero, at no entry.")
def running_sum_is_never_negative() -> str:
    return """
        SELECT entry_no, running FROM (
            SELECT entry_no, SUM(quantity) OVER (
                PARTITION BY item_id, variant_code, location_id ORDER BY entry_no
            ) AS running
            FROM inventory_itemledgerentry JOIN inventory_item ON no = item_id AND type = 'inventory'
        ) entries WHERE running < 0
    """


@invariant("I22", "No inbound entry is over-applied, and every outbound entry is applied in full.")
def applications_balance() -> str:
    return """
        SELECT e.entry_no, e.quantity, COALESCE(SUM(a.quantity), 0) AS applied
        FROM inventory_itemledgerentry e
        JOIN inventory_item i ON i.no = e.item_id AND i.type = 'inventory'
        LEFT JOIN inventory_itemapplication a
               ON a.inbound_entry_id = e.entry_no AND e.quantity > 0
               OR a.outbound_entry_id = e.entry_no AND e.quantity < 0
        GROUP BY e.entry_no, e.quantity
        HAVING e.quantity > 0 AND COALESCE(SUM(a.quantity), 0) > e.quantity
            OR e.quantity < 0 AND COALESCE(SUM(a.quantity), 0) <> -e.quantity
    """


@invariant("I23", "Reservations exceed neither their demand, nor their supply, nor what is on hand.")
def reservations_stay_within_both_sides() -> str:
    return """
        SELECT 'demand' AS side, m.id, SUM(r.quantity) AS reserved, -m.quantity AS there_is
        FROM inventory_reservation r JOIN inventory_plannedmovement m ON m.id = r.demand_id
        GROUP BY m.id HAVING SUM(r.quantity) > -m.quantity
        UNION ALL
        SELECT 'supply', m.id, SUM(r.quantity), m.quantity
        FROM inventory_reservation r JOIN inventory_plannedmovement m ON m.id = r.supply_id
        GROUP BY m.id HAVING SUM(r.quantity) > m.quantity
        UNION ALL
        SELECT 'stock', e.entry_no, SUM(r.quantity), e.remaining_quantity
        FROM inventory_reservation r JOIN inventory_itemledgerentry e ON e.entry_no = r.supply_entry_id
        GROUP BY e.entry_no HAVING SUM(r.quantity) > e.remaining_quantity
    """


@invariant("I24", "Reservations are positive and join demand and supply of one item, variant and location.")
def reservations_join_like_with_like() -> str:
    return """
        SELECT r.entry_no, r.quantity, d.item_id AS demanded, COALESCE(s.item_id, e.item_id) AS supplied
        FROM inventory_reservation r
        JOIN inventory_plannedmovement d ON d.id = r.demand_id
        LEFT JOIN inventory_plannedmovement s ON s.id = r.supply_id
        LEFT JOIN inventory_itemledgerentry e ON e.entry_no = r.supply_entry_id
        WHERE r.quantity <= 0 OR r.quantity = 'NaN' OR d.quantity >= 0 OR s.quantity <= 0
           OR (d.item_id, d.variant_code, d.location_id)
              IS DISTINCT FROM (COALESCE(s.item_id, e.item_id), COALESCE(s.variant_code, e.variant_code),
                                COALESCE(s.location_id, e.location_id))
    """


@invariant("I26r", "Purchase receipts are numbered without a gap.")
def receipts_have_no_gap() -> str:
    return """
        SELECT s.last_no, COUNT(DISTINCT e.document_no) AS receipts
        FROM backoffice_numberseries s
        LEFT JOIN inventory_itemledgerentry e ON e.document_type = 'purchase_receipt'
        WHERE s.code = 'purchase_receipt'
        GROUP BY s.last_no HAVING COUNT(DISTINCT e.document_no) <> s.last_no
    """


@invariant("I27", "A reversing entry mirrors one earlier entry exactly, and is never reversed itself.")
def reversals_mirror() -> str:
    return """
        SELECT r.entry_no, r.reversal_of_id
        FROM inventory_itemledgerentry r JOIN inventory_itemledgerentry o ON o.entry_no = r.reversal_of_id
        WHERE (r.item_id, r.variant_code, r.location_id, r.lot_no, r.serial_no, r.quantity)
              IS DISTINCT FROM (o.item_id, o.variant_code, o.location_id, o.lot_no, o.serial_no, -o.quantity)
           OR o.reversal_of_id IS NOT NULL OR r.entry_no <= o.entry_no
    """


@invariant("I30", "No bill of materials contains its own parent, at no depth.")
def no_bom_contains_itself() -> str:
    return """
        WITH RECURSIVE below (root, item) AS (
            SELECT parent_id, item_id FROM inventory_bomline WHERE item_id IS NOT NULL
            UNION
            SELECT below.root, line.item_id
            FROM below JOIN inventory_bomline line ON line.parent_id = below.item
            WHERE line.item_id IS NOT NULL
        )
        SELECT root FROM below WHERE root = item
    """


@invariant("N01", "What remains of an inbound entry is its quantity less what was applied of it; outbound, nothing.")
def remaining_is_what_was_not_applied() -> str:
    return """
        SELECT e.entry_no, e.remaining_quantity, GREATEST(e.quantity, 0) - COALESCE(a.quantity, 0) AS should_be
        FROM inventory_itemledgerentry e
        JOIN inventory_item i ON i.no = e.item_id AND i.type = 'inventory'
        LEFT JOIN (
            SELECT inbound_entry_id, SUM(quantity) AS quantity FROM inventory_itemapplication GROUP BY 1
        ) a ON a.inbound_entry_id = e.entry_no
        WHERE e.remaining_quantity <> GREATEST(e.quantity, 0) - COALESCE(a.quantity, 0)
    """


@invariant("N02", "Applications join entries of one item, variant and location, the earlier with the later.")
def applications_join_like_with_like() -> str:
    return """
        SELECT a.id, o.entry_no AS outbound, i.entry_no AS inbound
        FROM inventory_itemapplication a
        JOIN inventory_itemledgerentry o ON o.entry_no = a.outbound_entry_id
        JOIN inventory_itemledgerentry i ON i.entry_no = a.inbound_entry_id
        WHERE o.quantity >= 0 OR i.quantity <= 0 OR i.entry_no >= o.entry_no
           OR (o.item_id, o.variant_code, o.location_id) <> (i.item_id, i.variant_code, i.location_id)
    """


@invariant("N03", "Every reserved quantity that is stored is the sum of its reservations.")
def reserved_counters_are_the_sums() -> str:
    return """
        SELECT 'movement' AS counter, m.id::text AS key, m.reserved_quantity AS stored, r.quantity AS should_be
        FROM inventory_plannedmovement m
        LEFT JOIN (
            SELECT movement_id, SUM(quantity) AS quantity FROM (
                SELECT demand_id AS movement_id, quantity FROM inventory_reservation
                UNION ALL SELECT supply_id, quantity FROM inventory_reservation WHERE supply_id IS NOT NULL
            ) sides GROUP BY 1
        ) r ON r.movement_id = m.id
        WHERE m.reserved_quantity <> COALESCE(r.quantity, 0)
        UNION ALL
        SELECT 'entry', e.entry_no::text, e.reserved_quantity, r.quantity
        FROM inventory_itemledgerentry e
        LEFT JOIN (
            SELECT supply_entry_id, SUM(quantity) AS quantity FROM inventory_reservation GROUP BY 1
        ) r ON r.supply_entry_id = e.entry_no
        WHERE e.reserved_quantity <> COALESCE(r.quantity, 0)
        UNION ALL
        SELECT 'balance', b.id::text, b.reserved_quantity, e.quantity
        FROM inventory_stockbalance b
        LEFT JOIN (
            SELECT item_id, variant_code, location_id, SUM(reserved_quantity) AS quantity
            FROM inventory_itemledgerentry GROUP BY 1, 2, 3
        ) e USING (item_id, variant_code, location_id)
        WHERE b.reserved_quantity <> COALESCE(e.quantity, 0)
    """


@invariant("N04", "The plan holds what is still to come of every open purchase line, and nothing else of purchases.")
def plan_is_what_purchase_lines_say() -> str:
    return """
        SELECT l.id AS line, m.id AS movement, l.outstanding, m.quantity AS planned
        FROM (
            SELECT line.*, o.no AS document_no, line.quantity_base - line.quantity_received_base AS outstanding
            FROM inventory_purchaseline line JOIN inventory_purchaseorder o ON o.id = line.order_id
            WHERE line.quantity_base > line.quantity_received_base
        ) l
        FULL JOIN (
            SELECT * FROM inventory_plannedmovement WHERE source_kind = 'purchase_order_line'
        ) m ON m.source_id = l.id
        WHERE (l.document_no, l.line_no, l.item_id, l.variant_code, l.location_id, l.expected_receipt_date,
               l.outstanding)
              IS DISTINCT FROM
              (m.document_no, m.line_no, m.item_id, m.variant_code, m.location_id, m.due_date, m.quantity)
    """


@invariant("N05", "What a purchase line has received is what its receipts brought in.")
def received_is_what_was_posted() -> str:
    return """
        SELECT l.id AS line, l.quantity_received_base AS received, COALESCE(SUM(e.quantity), 0) AS posted
        FROM inventory_purchaseline l
        JOIN inventory_purchaseorder o ON o.id = l.order_id
        LEFT JOIN inventory_itemledgerentry e
               ON e.entry_type = 'purchase' AND e.order_no = o.no AND e.order_line_no = l.line_no
        GROUP BY l.id HAVING l.quantity_received_base <> COALESCE(SUM(e.quantity), 0)
    """


@invariant("N06", "Every item has its base unit with factor 1, and its sales unit.")
def items_have_their_units() -> str:
    return """
        SELECT i.no FROM inventory_item i
        LEFT JOIN inventory_itemunit b ON b.item_id = i.no AND b.unit_of_measure_id = i.base_unit_of_measure_id
        LEFT JOIN inventory_itemunit s ON s.item_id = i.no AND s.unit_of_measure_id = i.sales_unit_of_measure_id
        WHERE b.qty_per_unit_of_measure IS DISTINCT FROM 1 OR s.id IS NULL
    """


@invariant("N07", "Every variant and every unit that a row of inventory names is one of its item's.")
def named_variants_and_units_exist() -> str:
    named = """
        SELECT 'bom line' AS what, id AS key, item_id, variant_code, unit_of_measure_id
        FROM inventory_bomline WHERE item_id IS NOT NULL
        UNION ALL SELECT 'purchase line', id, item_id, variant_code, unit_of_measure_id FROM inventory_purchaseline
        UNION ALL SELECT 'ledger entry', entry_no, item_id, variant_code, NULL FROM inventory_itemledgerentry
        UNION ALL SELECT 'planned movement', id, item_id, variant_code, NULL FROM inventory_plannedmovement
        UNION ALL SELECT 'substitute', id, substitute_id, substitute_variant_code, NULL FROM inventory_itemsubstitute
        UNION ALL SELECT 'substituted', id, item_id, variant_code, NULL FROM inventory_itemsubstitute
    """
    return f"""
        SELECT n.what, n.key, n.item_id, n.variant_code, n.unit_of_measure_id
        FROM ({named}) n
        LEFT JOIN inventory_itemvariant v ON v.item_id = n.item_id AND v.code = n.variant_code
        LEFT JOIN inventory_itemunit u
               ON u.item_id = n.item_id AND u.unit_of_measure_id = n.unit_of_measure_id
        WHERE n.variant_code <> '' AND v.id IS NULL OR n.unit_of_measure_id IS NOT NULL AND u.id IS NULL
    """


@invariant("N08", "Every bin that a location or a warehouse entry names is one of the location's.")
def named_bins_exist() -> str:
    return """
        SELECT n.location_id, n.code FROM (
            SELECT code AS location_id, UNNEST(
                ARRAY[to_assembly_bin, from_assembly_bin, asm_to_order_shpt_bin, default_bin]
            ) AS code FROM inventory_location
            UNION SELECT location_id, bin_code FROM inventory_warehouseentry
        ) n
        LEFT JOIN inventory_bin b ON b.location_id = n.location_id AND b.code = n.code
        WHERE n.code <> '' AND b.id IS NULL
    """


@invariant("N09", "The bin movements of an entry add up to it, and no bin holds less than nothing.")
def bin_movements_balance() -> str:
    return """
        SELECT e.entry_no::text AS key, e.quantity, SUM(w.quantity) AS in_bins
        FROM inventory_warehouseentry w JOIN inventory_itemledgerentry e ON e.entry_no = w.item_ledger_entry_id
        GROUP BY e.entry_no HAVING SUM(w.quantity) <> e.quantity
        UNION ALL
        SELECT location_id || ' ' || bin_code || ' ' || item_id, 0, SUM(quantity)
        FROM inventory_warehouseentry GROUP BY location_id, bin_code, item_id, variant_code
        HAVING SUM(quantity) < 0
    """


@invariant("N10", "Every entry of goods has a value, and an item that is used up at FIFO or LIFO is worth nothing.")
def values_follow_the_goods() -> str:
    return """
        SELECT e.entry_no::text AS key, NULL::numeric AS cost FROM inventory_itemledgerentry e
        JOIN inventory_item i ON i.no = e.item_id AND i.type = 'inventory'
        WHERE NOT EXISTS (SELECT 1 FROM inventory_valueentry v WHERE v.item_ledger_entry_id = e.entry_no)
        UNION ALL
        SELECT v.item_id, SUM(v.cost_amount)
        FROM inventory_valueentry v JOIN inventory_item i ON i.no = v.item_id
        WHERE i.costing_method IN ('fifo', 'lifo')
          AND NOT EXISTS (SELECT 1 FROM inventory_stockbalance b WHERE b.item_id = i.no AND b.quantity <> 0)
        GROUP BY v.item_id HAVING SUM(v.cost_amount) <> 0
    """


@invariant("N11", "A closed purchase order has arrived in full, and one that has arrived in full is closed.")
def purchase_status_follows_the_lines() -> str:
    return """
        SELECT o.no, o.status, BOOL_AND(l.quantity = l.quantity_received) AS complete
        FROM inventory_purchaseorder o LEFT JOIN inventory_purchaseline l ON l.order_id = o.id
        GROUP BY o.no, o.status
        HAVING (o.status = 'closed') <> COALESCE(BOOL_AND(l.quantity = l.quantity_received), false)
    """


@invariant("N12", "What is not kept in inventory has entries that tell its use, and neither stock nor value (PST-04).")
def other_items_move_no_stock() -> str:
    return """
        SELECT e.entry_no, e.item_id, e.entry_type FROM inventory_itemledgerentry e
        JOIN inventory_item i ON i.no = e.item_id AND i.type <> 'inventory'
        WHERE e.entry_type <> 'assembly_consumption' OR e.remaining_quantity <> 0
           OR e.lot_no <> '' OR e.serial_no <> ''
           OR EXISTS (
                SELECT FROM inventory_itemapplication a WHERE e.entry_no IN (a.inbound_entry_id, a.outbound_entry_id))
           OR EXISTS (SELECT FROM inventory_valueentry v WHERE v.item_ledger_entry_id = e.entry_no)
           OR EXISTS (SELECT FROM inventory_warehouseentry w WHERE w.item_ledger_entry_id = e.entry_no)
           OR EXISTS (SELECT FROM inventory_stockbalance b WHERE b.item_id = e.item_id AND b.quantity <> 0)
    """
