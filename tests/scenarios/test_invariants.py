"""Each invariant of sales and assembly finds a fault that was seeded past all services, and a sound house has none."""

from __future__ import annotations

import pytest
from django.db import connection
from django.db.backends.utils import CursorWrapper

from assembly import invariants as of_assembly
from backoffice import integrity
from inventory.models import Item
from sales import invariants as of_sales
from tests.factories import make_item, make_location
from tests.support import assemble, change, quote_kit, sell_kit

LINE = "sales_salesline"
DOCUMENT = "assembly_assemblydocument"
COMPONENT = "assembly_assemblyline"
LINK = "assembly_assembletoorderlink"
PLAN = "inventory_plannedmovement"
OF_ORDER = "document_id IN (SELECT id FROM sales_salesdocument WHERE document_type = 'sales_order')"
LINKED_ORDER = f"document_type = 'assembly_order' AND id IN (SELECT assembly_id FROM {LINK})"


def numbered(kind: str, table: str) -> str:
    """Give all rows of the table a lot for more than they can be for."""
    return f"""INSERT INTO inventory_trackingline
        (source_kind, source_id, lot_no, serial_no, quantity, quantity_to_handle, quantity_handled)
        SELECT '{kind}', id, 'L', '', 1000, 0, 0 FROM {table}"""


#: By invariant: what breaks it.
FAULTS: dict[str, list[str]] = {
    "I04": [
        f"UPDATE {DOCUMENT} SET quantity_to_assemble = quantity + 1",
        f"UPDATE {DOCUMENT} SET assembled_quantity = quantity + 1, quantity_to_assemble = 0",
        f"UPDATE {DOCUMENT} SET quantity_base = quantity_base + 1",
    ],
    "I05": [
        f"UPDATE {COMPONENT} SET quantity_to_consume = quantity + 1",
        f"UPDATE {COMPONENT} SET quantity_per = quantity_per + 1 WHERE type = 'item'",
        f"UPDATE {COMPONENT} SET quantity_base = quantity_base + 1 WHERE type = 'item'",
    ],
    "I06": [
        f"""INSERT INTO {LINK} (assembly_id, sales_line_id, qty_to_ship)
            SELECT assembly_id, sales_line_id, qty_to_ship FROM {LINK}"""
    ],
    "I07": [
        f"UPDATE {DOCUMENT} SET due_date = due_date + 1 WHERE {LINKED_ORDER}",
        f"UPDATE {DOCUMENT} SET location_id = 'BLUE' WHERE {LINKED_ORDER}",
        f"UPDATE {DOCUMENT} SET variant_code = 'RED' WHERE {LINKED_ORDER}",
        f"UPDATE {DOCUMENT} SET bin_code = 'ODD' WHERE {LINKED_ORDER}",
        f"UPDATE {DOCUMENT} SET item_id = 'OTHER' WHERE {LINKED_ORDER}",
        f"UPDATE {DOCUMENT} SET unit_of_measure_id = 'HOUR' WHERE {LINKED_ORDER}",
        f"UPDATE {DOCUMENT} SET document_type = 'assembly_quote' WHERE {LINKED_ORDER}",
        f"UPDATE {LINE} SET qty_to_assemble_to_order = 6, qty_to_assemble_to_order_base = 6 WHERE {OF_ORDER}",
        f"ALTER TABLE {LINK} DISABLE TRIGGER ALL; UPDATE {LINK} SET sales_line_id = -1",
    ],
    "I08": [f"UPDATE {LINE} SET quantity_shipped = 5, quantity_shipped_base = 5, qty_to_ship = 0 WHERE {OF_ORDER}"],
    "I09": [
        f"UPDATE {DOCUMENT} SET quantity_to_assemble = 6, quantity_to_assemble_base = 6 WHERE {LINKED_ORDER}",
        f"UPDATE {LINE} SET qty_to_ship = 4 WHERE {OF_ORDER}",
    ],
    "I10": [f"DELETE FROM {LINK}"],
    "I11": [
        "DELETE FROM inventory_reservation",
        "UPDATE inventory_reservation SET quantity = quantity - 1",
        "UPDATE inventory_reservation SET is_order_to_order = false",
    ],
    "I12": [
        f"UPDATE {LINE} SET quantity_base = quantity_base + 1",
        f"UPDATE {LINE} SET qty_to_ship = quantity + 1",
        f"UPDATE {LINE} SET qty_to_invoice = quantity + 1",
        f"UPDATE {LINE} SET quantity_shipped = quantity + 1",
        f"UPDATE {LINE} SET qty_to_assemble_to_order_base = 0",
    ],
    "I29": [
        f"""UPDATE sales_salesdocument SET status = 'released' WHERE document_type = 'sales_order';
            UPDATE {LINE} SET shipment_date = shipment_date + 1 WHERE {OF_ORDER}"""
    ],
    "I33": [f"UPDATE {DOCUMENT} SET posting_date = posting_date + 1 WHERE {LINKED_ORDER}"],
    "S01": [
        f"DELETE FROM inventory_reservation; DELETE FROM {PLAN} WHERE source_kind = 'sales_order_line'",
        f"UPDATE {PLAN} SET quantity = quantity - 1 WHERE source_kind = 'sales_order_line'",
        f"UPDATE {PLAN} SET due_date = due_date + 1 WHERE source_kind = 'sales_order_line'",
        f"UPDATE {PLAN} SET source_id = -1 WHERE source_kind = 'sales_order_line'",
    ],
    "S02": [
        f"""UPDATE {PLAN} SET source_id = (SELECT l.id FROM {LINE} l JOIN sales_salesdocument d ON d.id = document_id
            WHERE document_type = 'sales_quote') WHERE source_kind = 'sales_order_line'"""
    ],
    "S03": [f"UPDATE {LINE} SET qty_to_assemble_to_order = 1, qty_to_assemble_to_order_base = 1"],
    "S04": ["UPDATE inventory_item SET type = 'service' WHERE no = 'K'"],
    "S05": [f"UPDATE {LINE} SET variant_code = 'GREEN'", f"UPDATE {LINE} SET bin_code = 'ODD'"],
    "S06": [f"UPDATE {LINE} SET line_amount = line_amount + 1"],
    "S07": [
        "UPDATE sales_salesdocument SET no = 'SO-900000' WHERE document_type = 'sales_order'",
    ],
    "S10": [numbered("sales_line", LINE)],
    "A01": [
        f"DELETE FROM inventory_reservation; DELETE FROM {PLAN} WHERE source_kind = 'assembly_order'",
        f"UPDATE {PLAN} SET quantity = quantity + 1 WHERE source_kind = 'assembly_order'",
        f"UPDATE {PLAN} SET source_id = -source_id WHERE source_kind = 'assembly_order'",
    ],
    "A02": [
        f"DELETE FROM {PLAN} WHERE source_kind = 'assembly_order_line'",
        f"UPDATE {PLAN} SET location_id = 'BLUE' WHERE source_kind = 'assembly_order_line'",
        f"UPDATE {PLAN} SET source_id = -source_id WHERE source_kind = 'assembly_order_line'",
        f"UPDATE {COMPONENT} SET type = 'text', item_id = NULL, quantity = 0, quantity_per = 0 WHERE type = 'item'",
    ],
    "A03": [
        "UPDATE inventory_reservation SET is_order_to_order = false",
        f"DELETE FROM {LINK}",
    ],
    "A04": [f"DELETE FROM {LINK}"],
    "A05": [
        f"UPDATE {COMPONENT} SET variant_code = 'GREEN' WHERE type = 'item'",
        f"UPDATE {DOCUMENT} SET bin_code = 'ODD'",
    ],
    "A06": [f"UPDATE {COMPONENT} SET cost_amount = cost_amount + 1", f"UPDATE {DOCUMENT} SET cost_amount = 0.01"],
    "A07": [f"UPDATE {COMPONENT} SET due_date = due_date + 1 WHERE type = 'item'"],
    "A08": [f"UPDATE {DOCUMENT} SET no = 'AO-900000' WHERE {LINKED_ORDER}"],
    "A09": [numbered("assembly_document", DOCUMENT), numbered("assembly_line", COMPONENT)],
}


@pytest.fixture
def sound_house(kit: Item) -> None:
    """An order of ten, seven assembled to order; a quote; an assembly order to stock."""
    make_location("BLUE")
    make_item("OTHER")
    change(sell_kit(kit, 10), qty_to_assemble_to_order=7)
    quote_kit(kit, 4)
    assemble(kit, 3)


def test_every_invariant_has_its_fault() -> None:
    modules = {of_sales.__name__, of_assembly.__name__}
    own = {id for id, one in integrity.invariants().items() if one.sql.__module__ in modules}

    assert own == FAULTS.keys()


@pytest.mark.usefixtures("sound_house")
def test_a_sound_house_breaks_none() -> None:
    assert integrity.violations() == []


@pytest.mark.breaks_integrity
@pytest.mark.usefixtures("sound_house")
@pytest.mark.parametrize(("id", "fault"), [(id, fault) for id, faults in FAULTS.items() for fault in faults])
def test_a_seeded_fault_is_found(id: str, fault: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        _drop_constraints_in_the_way(cursor)
        cursor.execute(fault)

    assert id in {violation.id for violation in integrity.violations()}


def _drop_constraints_in_the_way(cursor: CursorWrapper) -> None:
    """The database refuses most of these faults by itself; the invariants are the witness after it."""
    cursor.execute(
        "SELECT format('ALTER TABLE %%s DROP CONSTRAINT %%I', conrelid::regclass, conname) FROM pg_constraint"
        " WHERE connamespace = 'public'::regnamespace AND (contype = 'c' OR contype = 'u' AND conrelid = %s::regclass)",
        [LINK],
    )
    for (statement,) in cursor.fetchall():
        cursor.execute(statement)
