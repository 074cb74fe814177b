"""Each invariant of posting finds a fault that was seeded past all services, and sound books have none."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal

import pytest
from django.db import connection

from assembly import posting_invariants as of_assembly
from assembly.services.undo import undo_posted_assembly
from backoffice import integrity
from inventory.models import Item
from sales import posting_invariants as of_sales
from sales.models import SalesDocumentType
from sales.services.handing_on import call_off
from sales.services.undo import undo_shipment
from tests.posting import post_assembly, ship, ship_and_invoice, stock
from tests.support import assemble, change, day, line_of, plan, sell, sell_kit

SHIPPED = "sales_salesshipmentline"
ENTRY = "inventory_itemledgerentry"
VALUE = "inventory_valueentry"
POSTED = "assembly_postedassembly"
POSTED_LINE = "assembly_postedassemblyline"
LINK = "assembly_postedassembletoorderlink"

#: The first of the house's postings: four kits for the first shipment, with its entries.
FIRST = "posted_assembly_id = 'PA-000001'"
OUTPUT = f"(SELECT entry_no FROM {ENTRY} WHERE document_no = 'PA-000001' AND entry_type = 'assembly_output')"
ATO_SALE = f"(SELECT MIN(entry_no) FROM {ENTRY} WHERE document_no = 'SS-000001' AND assemble_to_order)"


def answered(key: str, **numbers: str) -> str:
    """Return what keeps an answer of a posting that was asked for under a key."""
    answer: dict[str, object] = {"shipment": None, "invoice": None, "posted_assembly_orders": [], **numbers}
    body = json.dumps(answer, separators=(",", ":"))
    return (
        "INSERT INTO backoffice_idempotencyrecord (user_id, key, request_hash, status, headers, body)"
        f" VALUES (1, '{key}', '', 200, '{{}}', '{body}')"
    )


TWICE_ACKNOWLEDGED = "; ".join(answered(key, shipment="SS-000001") for key in ("one", "two"))
#: By invariant: what breaks it.
FAULTS: dict[str, list[str]] = {
    "I13": [
        "UPDATE sales_salesline SET quantity_shipped = quantity_shipped - 1, quantity_invoiced = 0, qty_to_invoice = 0",
        "UPDATE sales_salesinvoiceline SET quantity = quantity + 1",
        f"UPDATE {SHIPPED} SET quantity_invoiced = 0",
        f"DELETE FROM {SHIPPED} WHERE undoes_id IS NOT NULL",
    ],
    "I14": [
        f"UPDATE {POSTED} SET quantity = quantity + 1, quantity_base = quantity_base + 1",
        f"UPDATE {POSTED} SET reversed = NOT reversed",
        "UPDATE assembly_assemblydocument SET assembled_quantity_base = assembled_quantity_base + 1",
    ],
    "I15": [
        f"DELETE FROM {LINK} WHERE {FIRST}",
        f"UPDATE {SHIPPED} SET assemble_to_order_quantity = 0 WHERE undoes_id IS NULL",
        f"UPDATE {SHIPPED} SET assemble_to_order_quantity_base = assemble_to_order_quantity_base + 1",
    ],
    "I16": [
        f"DELETE FROM {LINK} WHERE {FIRST}",
        f"UPDATE {LINK} SET quantity = quantity + 1",
        f"UPDATE {POSTED} SET assemble_to_order = NOT assemble_to_order",
    ],
    "I17": [
        f"UPDATE {POSTED} SET quantity_base = quantity_base + 1",
        f"UPDATE {POSTED_LINE} SET quantity_base = quantity_base + 1 WHERE type = 'item'",
        f"UPDATE {POSTED_LINE} SET quantity_base = quantity_base + 1 WHERE type = 'resource'",
        f"DELETE FROM {ENTRY} WHERE entry_type = 'assembly_consumption' AND reversal_of_id IS NULL",
        f"DELETE FROM {ENTRY} WHERE entry_type = 'assembly_output' AND reversal_of_id IS NOT NULL",
        "DELETE FROM inventory_capacityledgerentry",
        "UPDATE inventory_resourceledgerentry SET order_line_no = 1",
    ],
    "I18": [
        f"UPDATE {SHIPPED} SET quantity_base = quantity_base + 1",
        f"DELETE FROM {ENTRY} WHERE entry_type = 'sale' AND reversal_of_id IS NOT NULL",
        f"UPDATE {ENTRY} SET document_line_no = 1 WHERE entry_type = 'sale'",
    ],
    "I19": [
        f"UPDATE inventory_itemapplication SET quantity = quantity - 1 WHERE inbound_entry_id = {OUTPUT}",
        f"UPDATE {ENTRY} SET applies_to_entry_id = NULL WHERE entry_type = 'sale'",
        f"UPDATE {ENTRY} SET assemble_to_order = false WHERE entry_type = 'sale'",
    ],
    "I20": [
        f"UPDATE {VALUE} SET cost_amount = cost_amount + 0.01 WHERE item_ledger_entry_id = {OUTPUT}",
        f"DELETE FROM {VALUE} WHERE order_no <> '' AND cost_amount < 0",
        "UPDATE inventory_capacityledgerentry SET overhead_cost = overhead_cost + 1",
        "UPDATE inventory_ordercosting SET indirect_cost_percent = 7",
        "UPDATE inventory_ordercosting SET non_inventory_cost = 1",
    ],
    "I21": [
        f"UPDATE {VALUE} SET cost_amount = cost_amount - 0.01 WHERE item_ledger_entry_id = {ATO_SALE}",
        f"UPDATE {VALUE} SET cost_amount = cost_amount * 2 WHERE item_ledger_entry_id = {OUTPUT}",
    ],
    "I25": [
        "UPDATE sales_salesline SET quantity_shipped_base = 1 WHERE blanket_line_id IS NOT NULL",
        "DELETE FROM sales_salesline WHERE blanket_line_id IS NOT NULL",
    ],
    "I26a": [
        "UPDATE backoffice_numberseries SET last_no = last_no + 1 WHERE code = 'posted_assembly_order'",
        f"UPDATE {POSTED} SET no = 'PA-000099' WHERE no = 'PA-000001'",
        f"DELETE FROM {POSTED} WHERE no = 'PA-000001'",
    ],
    "I26s": [
        "UPDATE backoffice_numberseries SET last_no = last_no + 1 WHERE code = 'sales_shipment'",
        "DELETE FROM sales_salesinvoice",
        "UPDATE sales_salesshipment SET no = 'SS-000099' WHERE no = 'SS-000001'",
    ],
    "I28a": [
        f"DELETE FROM {POSTED} WHERE no = 'PA-000001'",
        f"DELETE FROM {POSTED_LINE} WHERE type = 'resource'",
        "UPDATE inventory_capacityledgerentry SET document_no = 'PA-000099'",
        f"UPDATE {ENTRY} SET order_no = 'AO-000099' WHERE entry_type = 'assembly_consumption'",
    ],
    "I28s": [
        f"DELETE FROM {SHIPPED} WHERE shipment_id = 'SS-000001'",
        f"UPDATE {ENTRY} SET document_no = 'SS-000099' WHERE entry_type = 'sale'",
    ],
    "I31a": ["DELETE FROM backoffice_auditentry WHERE kind = 'posted_assembly' AND document_id = 'PA-000001'"],
    "I31s": [
        "DELETE FROM backoffice_auditentry WHERE kind = 'sales_shipment' AND document_id = 'SS-000001'",
        "UPDATE backoffice_auditentry SET document_id = 'SI-000099' WHERE kind = 'sales_invoice'",
    ],
    "I31k": [answered("one", shipment="SS-000099"), answered("two", invoice="SI-000099"), TWICE_ACKNOWLEDGED],
    "I33p": [f"UPDATE {POSTED} SET posting_date = posting_date + 1 WHERE assemble_to_order"],
    "S08": [
        f"UPDATE {SHIPPED} SET quantity_base = quantity_base - 1 WHERE undoes_id IS NOT NULL",
        f"UPDATE {SHIPPED} SET correction = false WHERE undoes_id IS NULL",
        f"DELETE FROM {SHIPPED} WHERE undoes_id IS NOT NULL",
    ],
    "S09": ["UPDATE sales_salesdocument SET status = 'closed'"],
}


@pytest.fixture
def books(kit: Item) -> None:
    """An order shipped in parts, one of them undone; another one closed; assembly to stock, once undone."""
    Item.objects.filter(no="K").update(indirect_cost_percent=5, overhead_rate=1)
    kit.refresh_from_db()
    stock("A", 100, posting_date=day(-9))
    stock(kit, 3, posting_date=day(-9))
    line = change(sell_kit(kit, 10, qty_to_assemble_to_order=7), qty_to_ship=4)
    ship_and_invoice(line.document)
    change(line_of(line.document), qty_to_ship=4)
    undone = ship(line.document)
    assert undone.shipment is not None
    undo_shipment(no=undone.shipment.no)
    ship_and_invoice(sell_kit(kit, 1).document)
    to_stock = plan(assemble(kit, 5), quantity_to_assemble=2)
    first = post_assembly(to_stock)
    undo_posted_assembly(no=first.no, recreate=True)
    post_assembly(to_stock)
    agreed = line_of(sell({"no": kit.no, "quantity": 6}, document_type=SalesDocumentType.BLANKET_ORDER))
    ship(call_off(no=agreed.document.no, called={agreed.line_no: Decimal(2)}))


@pytest.fixture
def without_guards(books: None) -> Iterator[None]:
    """Switch triggers, foreign keys and checks off, as only a database administrator can."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET session_replication_role = replica")
        cursor.execute(
            "SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname) FROM pg_constraint"
            " WHERE connamespace = 'public'::regnamespace AND contype = 'c'"
        )
        for (statement,) in cursor.fetchall():
            cursor.execute(statement)
    yield
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = DEFAULT")


def test_every_invariant_has_its_fault() -> None:
    modules = {of_sales.__name__, of_assembly.__name__}
    own = {id for id, one in integrity.invariants().items() if one.sql.__module__ in modules}

    assert own == FAULTS.keys()


@pytest.mark.usefixtures("books")
def test_sound_books_break_none() -> None:
    assert integrity.violations() == []


@pytest.mark.breaks_integrity
@pytest.mark.usefixtures("without_guards")
@pytest.mark.parametrize(("id", "fault"), [(id, fault) for id, faults in FAULTS.items() for fault in faults])
def test_a_seeded_fault_is_found(id: str, fault: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(fault)
        assert cursor.rowcount > 0

    assert id in {violation.id for violation in integrity.violations()}
