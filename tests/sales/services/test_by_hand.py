"""Lines saved and deleted past the services, from a shell or the admin: the model signals keep assembly in step."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from django.core import serializers
from django.db import connection, transaction
from django.db.models import Model

from assembly.models import AssembleToOrderLink, AssemblyDocument, AssemblyLine
from assembly.synchronization import synchronize
from backoffice.exceptions import Blocked
from inventory.lookups import current_setup
from inventory.models import Item, PlannedMovement, Reservation
from sales.locks import lock_document, lock_lines
from sales.models import SalesDocument, SalesDocumentType, SalesLine
from sales.services.lines import change_lines
from tests.support import (
    assembly_of,
    change,
    component,
    customise,
    day,
    delete_document,
    fields,
    has_assembly,
    line_of,
    quantities_of,
    reserved_for,
    sell,
    sell_kit,
    state,
    statements,
    writes,
)


def test_a_line_saved_in_a_shell_changes_its_assembly(kit: Item) -> None:
    line = sell_kit(kit, 10)
    document = assembly_of(line)
    customise(component(document, "A"), quantity_per=3)

    line.quantity = line.quantity_base = line.qty_to_ship = line.qty_to_invoice = Decimal(12)
    line.qty_to_assemble_to_order = line.qty_to_assemble_to_order_base = Decimal(12)
    line.line_amount = Decimal(1200)
    line.shipment_date = day(20)
    line.save()

    assert fields(assembly_of(line), "pk", "quantity", "due_date") == (document.pk, 12, day(20))
    assert (quantities_of(document), reserved_for(line)) == ({"A": 36, "R": 12}, 12)


def test_saving_some_columns_is_enough(kit: Item) -> None:
    line = sell_kit(kit, 10)

    line.shipment_date = day(20)
    line.save(update_fields=["shipment_date"])

    assert assembly_of(line).due_date == day(20)


def test_a_line_made_in_a_shell_has_its_assembly(kit: Item) -> None:
    other = sell_kit(kit, 10)
    columns = {
        field.attname: getattr(other, field.attname)
        for field in SalesLine._meta.concrete_fields
        if field.attname not in ("id", "line_no")
    }

    line = SalesLine.objects.create(line_no=15000, **columns)

    assert assembly_of(line).quantity == 10
    assert reserved_for(line) == 10


def test_a_line_deleted_in_a_shell_leaves_nothing(kit: Item) -> None:
    line = sell_kit(kit, 10)

    line.delete()

    for model in (SalesLine, AssemblyDocument, AssemblyLine, AssembleToOrderLink, PlannedMovement, Reservation):
        assert not model.objects.exists()


def test_lines_deleted_by_a_query_leave_nothing(kit: Item) -> None:
    document = sell({"no": "K", "quantity": 1}, {"no": "K", "quantity": 2})

    document.lines.all().delete()

    assert not AssemblyDocument.objects.exists()
    assert not PlannedMovement.objects.exists()


def test_a_document_deleted_in_a_shell_leaves_nothing(kit: Item) -> None:
    document = sell({"no": "K", "quantity": 1}, {"no": "K", "quantity": 2})

    SalesDocument.objects.get(pk=document.pk).delete()

    assert not AssemblyDocument.objects.exists()
    assert not PlannedMovement.objects.exists()


def test_a_refusal_undoes_the_save(kit: Item) -> None:
    """A save and all that it causes are one: the blocked variant keeps the line as it was."""
    line = sell_kit(kit, 10)
    kit.variants.update(blocked=True)
    line.variant_code = "RED"

    with pytest.raises(Blocked), transaction.atomic():
        line.save()
    assert fields(line_of(line.document), "variant_code") == ("",)


def test_a_fixture_is_loaded_as_it_stands(kit: Item) -> None:
    """raw: the assembly comes with the fixture, so nothing is made for the line."""
    document = sell({"no": "K", "quantity": 10})
    customise(component(assembly_of(line_of(document)), "A"), quantity_per=3)
    models: list[type[Model]] = [SalesDocument, SalesLine, AssemblyDocument, AssemblyLine, AssembleToOrderLink]
    models += [PlannedMovement, Reservation]
    rows = [row for model in models for row in model._base_manager.order_by("pk")]
    fixture = serializers.serialize("json", rows)
    before = {name: rows for name, rows in state().items() if not name.startswith("backoffice")}
    SalesDocument.objects.get().delete()

    for loaded in serializers.deserialize("json", json.dumps(json.loads(fixture))):
        loaded.save()

    after = state()
    assert {name: after[name] for name in ("assembly_assemblyline", "assembly_assembletoorderlink")} == {
        name: before[name] for name in ("assembly_assemblyline", "assembly_assembletoorderlink")
    }
    assert has_assembly(line_of(document))
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


# -- once is enough -------------------------------------------------------------------------------------------


def test_what_is_in_step_is_not_written_again(rich_kit: Item, kit: Item) -> None:
    document = sell(
        {"no": "K", "quantity": 10, "qty_to_assemble_to_order": 7, "qty_to_ship": 5}, {"no": "KX", "quantity": 3}
    )
    customise(component(assembly_of(line_of(document, 20000)), "XA"), quantity_per=3)

    with statements() as sent, transaction.atomic():
        synchronize(list(SalesLine.objects.all()))

    assert writes(sent) == []


def test_saving_a_line_that_did_not_change_writes_the_line_alone(kit: Item) -> None:
    line = sell_kit(kit, 10)

    with statements() as sent:
        line.save()

    assert [sql.split()[1].strip('"') for sql in writes(sent)] == ["sales_salesline"]


def test_changing_nothing_writes_nothing(kit: Item) -> None:
    line = sell_kit(kit, 10)
    before = state()

    with statements() as sent:
        change(line, quantity=10, no="K", variant="", shipment_date=day(10))

    assert writes(sent) == []
    assert state() == before


def test_an_order_of_many_lines_takes_as_many_statements_as_one(kit: Item) -> None:
    def entered(count: int) -> int:
        with statements() as sent:
            sell(*[{"no": "K", "quantity": 5}] * count)
        return len(sent)

    entered(1)
    assert entered(1) == entered(10) == entered(40)


def test_changing_many_lines_takes_as_many_statements_as_one(kit: Item) -> None:
    def changed(count: int, quantity: int) -> int:
        document = sell(*[{"no": "K", "quantity": 5}] * count)
        with statements() as sent, transaction.atomic():
            locked = lock_document(SalesDocumentType.ORDER, document.no)
            rows = lock_lines(locked)
            changes = {row.line_no: {"quantity": Decimal(quantity)} for row in rows}
            change_lines(locked, rows, changes, setup=current_setup())
        return len(sent)

    assert changed(1, 7) == changed(10, 7) == changed(40, 7)


def test_deleting_many_lines_takes_as_many_statements_as_one(kit: Item) -> None:
    def deleted(count: int) -> int:
        document = sell(*[{"no": "K", "quantity": 5}] * count)
        with statements() as sent:
            delete_document(document)
        return len(sent)

    assert deleted(1) == deleted(10) == deleted(40)
