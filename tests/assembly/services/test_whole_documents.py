"""An assembly document as a whole: released, reopened, its lines brought back, deleted (EDT-20, LNK-61)."""

from __future__ import annotations

import pytest

from assembly import exceptions
from assembly.models import AssemblyDocument
from assembly.services import documents as assembly_documents
from inventory.models import Item, PlannedMovement, Setup
from tests.factories import make_stock_kit
from tests.support import (
    add_component,
    address,
    assemble,
    assembled,
    assembly_of,
    component,
    customise,
    fields,
    fresh,
    plan,
    recipe,
    refused,
    release_assembly,
    reopen_assembly,
    sell_kit,
    shipped,
)


def test_release_and_reopen_are_repeatable_and_leave_the_sales_order_alone(kit: Item) -> None:
    line = sell_kit(kit, 10)
    document = assembly_of(line)

    release_assembly(document)
    rev = release_assembly(document).rev
    assert fresh(document).rev == rev
    line.document.refresh_from_db()
    assert line.document.status == "open"
    reopen_assembly(document)
    assert reopen_assembly(document).status == "open"


def test_an_assembly_without_components_is_not_released(house: Setup) -> None:
    document = assemble(make_stock_kit("BARE"), 5)
    add_component(document, type="text", description="Words")

    with refused(exceptions.NothingToRelease):
        release_assembly(document)


@pytest.mark.parametrize("linked", [False, True])
def test_refreshing_brings_the_bill_back(kit: Item, linked: bool) -> None:
    document = assembly_of(sell_kit(kit, 10)) if linked else assemble(kit, 10)
    customise(component(document, "A"), quantity_per=3)
    add_component(document, type="text", description="Ribbon")

    assembly_documents.refresh_lines(**address(document))

    assert recipe(document) == [("A", 2, 20, 20), ("R", 1, 10, 10)]


def test_a_released_document_is_not_refreshed(kit: Item) -> None:
    document = assemble(kit, 10)
    release_assembly(document)

    with refused(exceptions.DocumentReleased):
        assembly_documents.refresh_lines(**address(document))


def test_lines_made_anew_on_a_partly_assembled_order_count_what_was_consumed(kit: Item) -> None:
    """QTY-19, TRP-46."""
    document = assembly_of(shipped(sell_kit(kit, 10), 4, assembled=4))

    assembly_documents.refresh_lines(**address(document))

    assert fields(component(document, "A"), "quantity", "consumed_quantity", "remaining_quantity") == (20, 8, 12)
    assert component(document, "A").quantity_to_consume == 12


def test_a_document_to_stock_is_deleted_with_all_it_planned(kit: Item) -> None:
    document = assemble(kit, 10)
    release_assembly(document)

    assembly_documents.delete_assembly_document(**address(document))

    assert not AssemblyDocument.objects.exists()
    assert not PlannedMovement.objects.exists()


def test_a_linked_document_is_not_deleted_by_itself(kit: Item) -> None:
    document = assembly_of(sell_kit(kit, 10))

    with refused(exceptions.LinkedToSalesOrder):
        assembly_documents.delete_assembly_document(**address(document))


@pytest.mark.parametrize(("name", "value"), [("item", "STK"), ("unit_of_measure", "BOX")])
def test_what_was_assembled_fixes_item_and_unit(masters: Item, name: str, value: str) -> None:
    document = assembled(assemble(masters, 10), 4)

    with refused(exceptions.AlreadyAssembled, field=name):
        plan(document, **{name: value})
    with refused(exceptions.BelowAssembledQuantity, field="quantity"):
        plan(document, quantity=3)
    assert plan(document, quantity=4).remaining_quantity == 0
