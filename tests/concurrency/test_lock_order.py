"""Locks come before writes and in the house order, whichever side an act comes from (`inventory.locks`)."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from assembly import locks
from assembly.models import AssembleToOrderLink, AssemblyDocument, AssemblyDocumentType
from assembly.services import documents as assembly_documents
from backoffice.exceptions import Busy
from inventory.exceptions import Missing
from inventory.models import Item
from sales.models import SalesLine
from tests.concurrency.rivals import in_another_session, locked_tables
from tests.support import (
    add_component,
    add_sales_line,
    address,
    assemble,
    assembly_of,
    change,
    change_header,
    component,
    customise,
    day,
    delete_document,
    delete_line,
    plan,
    refresh_lines,
    release,
    release_assembly,
    remove_component,
    reopen,
    sell_kit,
    statements,
    writes,
)

HOUSE_ORDER = [
    "sales_salesdocument",
    "sales_salesline",
    "assembly_assembletoorderlink",
    "assembly_assemblydocument",
    "assembly_assemblyline",
]

ACTS: dict[str, Callable[[SalesLine], object]] = {
    "change the quantity": lambda line: change(line, quantity=12),
    "split": lambda line: change(line, qty_to_assemble_to_order=4),
    "take the assembly off": lambda line: change(line, qty_to_assemble_to_order=0),
    "ship less": lambda line: change(line, qty_to_ship=3),
    "add a line": lambda line: add_sales_line(line.document, no="K", quantity=1),
    "delete the line": delete_line,
    "move all lines": lambda line: change_header(line.document, shipment_date=day(20)),
    "post later": lambda line: change_header(line.document, posting_date=day(2)),
    "release": lambda line: release(line.document),
    "delete the order": lambda line: delete_document(line.document),
    "plan the assembly": lambda line: plan(assembly_of(line), starting_date=day(3)),
    "customise": lambda line: customise(component(assembly_of(line), "A"), quantity_per=3),
    "add a component": lambda line: add_component(assembly_of(line), type="text", description="Words"),
    "remove a component": lambda line: remove_component(component(assembly_of(line), "A")),
    "refresh": lambda line: refresh_lines(assembly_of(line)),
    "release the assembly": lambda line: release_assembly(assembly_of(line)),
}


@pytest.mark.parametrize("name", ACTS)
def test_the_sales_header_is_locked_before_anything_is_written(kit: Item, name: str) -> None:
    line = sell_kit(kit, 10)

    with statements() as sent:
        ACTS[name](line)

    first_write = sent.index(writes(sent)[0])
    locked_before = locked_tables(sent[:first_write])
    assert locked_before[:1] == ["sales_salesdocument"]
    in_order = [table for table in HOUSE_ORDER if table in locked_tables(sent)]
    assert [table for table in locked_tables(sent) if table in HOUSE_ORDER] == in_order


def test_reopening_locks_its_header_first(kit: Item) -> None:
    line = sell_kit(kit, 10)
    release(line.document)

    with statements() as sent:
        reopen(line.document)

    assert locked_tables(sent[: sent.index(writes(sent)[0])]) == ["sales_salesdocument"]


def test_a_document_to_stock_locks_no_sales_header(kit: Item) -> None:
    document = assemble(kit, 10)

    with statements() as sent:
        plan(document, quantity=12)

    assert locked_tables(sent)[0] == "assembly_assemblydocument"
    assert "sales_salesdocument" not in locked_tables(sent)


@pytest.mark.parametrize("act", [lambda: locks.lock_links([1]), lambda: locks.lock_assembly_lines([])])
@pytest.mark.django_db(transaction=True)
def test_nothing_is_locked_outside_a_transaction(act: Callable[[], object]) -> None:
    with pytest.raises(AssertionError, match="needs an open transaction"):
        act()


# -- a rival between looking and locking ----------------------------------------------------------------------


@pytest.fixture
def between_looking_and_locking(monkeypatch: pytest.MonkeyPatch) -> Callable[[list[Callable[[], object]]], None]:
    """Land rival acts, committed, after `lock_for_edit` has looked for the link and before it locks anything."""

    def arrange(acts: list[Callable[[], object]]) -> None:
        look = locks._sales_document_of

        def looked(document_type: AssemblyDocumentType, no: str) -> int | None:
            seen = look(document_type, no)
            if acts:
                with in_another_session(acts.pop(0)):
                    pass
            return seen

        monkeypatch.setattr(locks, "_sales_document_of", looked)

    return arrange


def _relink(document: AssemblyDocument, line: SalesLine) -> Callable[[], object]:
    return lambda: AssembleToOrderLink.objects.filter(assembly=document).update(sales_line=line)


@pytest.mark.concurrency
@pytest.mark.breaks_integrity
@pytest.mark.django_db(transaction=True)
def test_a_document_that_a_rival_relinks_is_locked_through_its_new_sales_order(
    kit: Item, between_looking_and_locking: Callable[[list[Callable[[], object]]], None]
) -> None:
    document = assembly_of(sell_kit(kit, 10))
    other = sell_kit(kit, 10, qty_to_assemble_to_order=0)
    between_looking_and_locking([_relink(document, other)])

    with statements() as sent:
        plan(document, note="Mine")

    headers = [sql for sql in sent if 'FOR NO KEY UPDATE OF "sales_salesdocument"' in sql]
    assert len(headers) == 2
    assert f'"id" = {other.document_id}' in headers[-1]
    document.refresh_from_db()
    assert document.note == "Mine"


@pytest.mark.concurrency
@pytest.mark.breaks_integrity
@pytest.mark.django_db(transaction=True)
def test_whoever_is_outrun_each_time_gives_up(
    kit: Item, between_looking_and_locking: Callable[[list[Callable[[], object]]], None]
) -> None:
    document = assembly_of(sell_kit(kit, 10))
    lines = [sell_kit(kit, 10, qty_to_assemble_to_order=0) for _ in range(3)]
    between_looking_and_locking([_relink(document, line) for line in lines])

    with pytest.raises(Busy):
        plan(document, note="Mine")
    document.refresh_from_db()
    assert document.note == ""


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_a_document_that_a_rival_deletes_with_its_line_is_missing(
    kit: Item, between_looking_and_locking: Callable[[list[Callable[[], object]]], None]
) -> None:
    line = sell_kit(kit, 10)
    document = assembly_of(line)
    between_looking_and_locking([lambda: delete_line(line)])

    with pytest.raises(Missing):
        assembly_documents.edit_assembly_document(**address(document), values={"note": "Mine"})
