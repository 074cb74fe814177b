"""Sales headers: what they bring along, what they hand on to their lines and assemblies (LNK-40 to LNK-44)."""

from __future__ import annotations

from typing import Any

import pytest

from assembly.exceptions import NothingToRelease as NothingToAssemble
from assembly.models import AssemblyDocument
from backoffice.exceptions import AlreadyExists, Blocked, NeverRenamed, NotFound, Required, StaleRevision
from inventory.exceptions import Missing
from inventory.models import Item, PlannedMovement, Reservation, Setup
from sales import exceptions
from sales.models import Customer, SalesDocument, SalesDocumentType, SalesLine
from sales.services import documents as sales_documents
from tests.factories import make_customer, make_item, make_location
from tests.support import (
    TODAY,
    add_component,
    add_sales_line,
    assembly_of,
    change,
    change_header,
    component,
    customise,
    day,
    delete_document,
    fields,
    finished,
    fresh,
    has_assembly,
    line_of,
    plan,
    quantities_of,
    refused,
    release,
    release_assembly,
    reopen,
    sell,
    sell_kit,
    settle_setup,
    shipped,
)

# -- entering -------------------------------------------------------------------------------------------------


def test_a_document_takes_dates_from_the_work_date_and_the_rest_from_its_customer(house: Setup) -> None:
    make_location("BLUE")
    make_customer("BLUES", location_id="BLUE", shipping_advice="complete")

    document = sales_documents.create_sales_document(
        document_type=SalesDocumentType.ORDER, values={"customer": "BLUES"}
    )

    assert fields(document, "order_date", "posting_date", "shipment_date") == (TODAY, TODAY, TODAY)
    assert fields(document, "location_id", "shipping_advice", "status") == ("BLUE", "complete", "open")


def test_without_a_location_of_the_customer_the_setups_counts(house: Setup) -> None:
    assert sell().location_id == "MAIN"


def test_lines_take_location_and_date_of_their_document_unless_they_say(kit: Item) -> None:
    make_location("BLUE")
    document = sell({"no": "K", "quantity": 1}, {"no": "K", "quantity": 1, "location": "MAIN"}, location="BLUE")

    assert fields(line_of(document, 10000), "location_id", "shipment_date") == ("BLUE", day(10))
    assert line_of(document, 20000).location_id == "MAIN"


def test_documents_are_numbered_in_series_of_their_kind(house: Setup) -> None:
    first, second = sell(), sell()
    quote = sell(document_type=SalesDocumentType.QUOTE)
    blanket = sell(document_type=SalesDocumentType.BLANKET_ORDER)

    assert int(second.no[3:]) == int(first.no[3:]) + 1
    assert (first.no[:3], quote.no[:3], blanket.no[:3]) == ("SO-", "SQ-", "BO-")


def test_a_number_given_by_hand_is_used_once_and_never_drawn_again(house: Setup) -> None:
    first = sell()
    ahead = f"SO-{int(first.no[3:]) + 1:06}"

    assert sell(no=ahead).no == ahead
    assert sell().no > ahead
    with refused(AlreadyExists, field="no"):
        sell(no=ahead)


@pytest.mark.parametrize(
    ("values", "refusal", "field"),
    [
        ({"customer": None}, Required, "customer"),
        ({"customer": "NOBODY"}, NotFound, "customer"),
        ({"customer": "BAD"}, Blocked, "customer"),
        ({"location": "NOWHERE"}, NotFound, "location"),
        ({"shipment_date": None}, Required, "shipment_date"),
        ({"posting_date": None}, Required, "posting_date"),
    ],
)
def test_a_header_that_cannot_be_is_refused(
    house: Setup, values: dict[str, Any], refusal: type[Exception], field: str
) -> None:
    make_customer("BAD", blocked=True)

    with refused(refusal, field=field):
        sell(**values)


# -- editing --------------------------------------------------------------------------------------------------


def test_another_posting_date_goes_on_over_one_set_by_hand(kit: Item) -> None:
    """LNK-40, TRP-39."""
    line = sell_kit(kit, 10)
    document = assembly_of(line)
    release_assembly(document)
    plan(document, posting_date=day(-2))

    change_header(line.document, posting_date=day(4))

    assert fields(fresh(document), "posting_date", "status") == (day(4), "released")


def test_another_shipment_date_goes_to_all_lines(kit: Item) -> None:
    """LNK-41: also to a line that had a date of its own; customised components stay."""
    document = sell(
        {"no": "K", "quantity": 1},
        {"no": "K", "quantity": 2, "shipment_date": day(3)},
        {"type": "comment", "description": "Thank you"},
    )
    second = assembly_of(line_of(document, 20000))
    customise(component(second, "A"), quantity_per=5)

    change_header(document, shipment_date=day(30))

    assert {line.shipment_date for line in document.lines.exclude(type="comment")} == {day(30)}
    assert {row.due_date for row in AssemblyDocument.objects.all()} == {day(30)}
    assert quantities_of(second)["A"] == 10
    assert set(PlannedMovement.objects.values_list("due_date", flat=True)) == {day(30)}


def test_another_location_moves_no_line_and_is_that_of_later_ones(kit: Item) -> None:
    make_location("BLUE")
    line = sell_kit(kit, 10)

    change_header(line.document, location="BLUE")

    assert line_of(line.document).location_id == "MAIN"
    assert add_sales_line(line.document, no="K", quantity=1).location_id == "BLUE"


def test_another_customer_leaves_lines_and_assemblies_as_they_are(kit: Item) -> None:
    """LNK-42, TRP-48."""
    make_customer("OTHER")
    line = sell_kit(kit, 10)
    document = assembly_of(line)
    customise(component(document, "A"), quantity_per=3)
    add_component(document, type="text", description="Ribbon")

    change_header(line.document, customer="OTHER")

    assert quantities_of(document) == {"A": 30, "R": 10}
    assert document.lines.count() == 3


def test_a_number_is_never_changed(house: Setup) -> None:
    document = sell()

    with refused(NeverRenamed, field="no"):
        change_header(document, no="SO-9")


@pytest.mark.parametrize("values", [{"shipment_date": day(1)}, {"customer": "OTHER"}, {"location": None}])
def test_a_released_header_refuses_what_needs_it_open(kit: Item, values: dict[str, Any]) -> None:
    make_customer("OTHER")
    document = release(sell_kit(kit, 10).document)

    with refused(exceptions.DocumentReleased, field=next(iter(values))):
        change_header(document, **values)


def test_a_released_header_takes_notes_and_posting_dates(kit: Item) -> None:
    line = sell_kit(kit, 10)
    document = release(line.document)

    change_header(document, note="Ring twice", posting_date=day(2), shipment_date=document.shipment_date)

    assert fields(assembly_of(line), "posting_date", "status") == (day(2), "released")


def test_a_document_that_is_not_there(house: Setup) -> None:
    with refused(Missing):
        sales_documents.edit_sales_document(document_type=SalesDocumentType.ORDER, no="SO-0", values={})
    with refused(Missing):
        sales_documents.delete_sales_document(document_type=SalesDocumentType.ORDER, no="SO-0")


def test_a_stale_revision_is_refused(house: Setup) -> None:
    stale: Any = {"document_type": SalesDocumentType.ORDER, "no": sell().no, "expected_rev": 99}

    with refused(StaleRevision):
        sales_documents.edit_sales_document(**stale, values={"note": "x"})
    with refused(StaleRevision):
        sales_documents.delete_sales_document(**stale)


def test_a_closed_document_is_history(kit: Item) -> None:
    line = finished(sell_kit(kit, 10))
    assert line.document.status == "closed"

    with refused(exceptions.DocumentClosed):
        change_header(line.document, note="x")
    with refused(exceptions.DocumentClosed):
        change(line, quantity=2)
    with refused(exceptions.DocumentClosed):
        delete_document(line.document)
    with refused(exceptions.DocumentClosed):
        release(line.document)
    with refused(exceptions.DocumentClosed):
        reopen(line.document)


# -- release and reopen ---------------------------------------------------------------------------------------


def test_releasing_an_order_releases_its_assembly_orders_and_reopening_leaves_them(kit: Item) -> None:
    """LNK-43, TRP-25."""
    document = sell({"no": "K", "quantity": 5}, {"no": "K", "quantity": 2})
    first, second = (assembly_of(line_of(document, no)) for no in (10000, 20000))

    release(document)
    assert {fresh(first).status, fresh(second).status} == {"released"}

    reopen(document)
    assert {fresh(first).status, fresh(second).status} == {"released"}

    change(line_of(document, 10000), quantity=9)
    assert (fresh(first).status, fresh(second).status) == ("open", "released")

    release(document)
    assert {fresh(first).status, fresh(second).status} == {"released"}


@pytest.mark.parametrize("document_type", [SalesDocumentType.QUOTE, SalesDocumentType.BLANKET_ORDER])
def test_reopening_a_quote_or_blanket_order_reopens_its_assembly(kit: Item, document_type: SalesDocumentType) -> None:
    document = sell({"no": "K", "quantity": 5}, document_type=document_type)
    made_for = assembly_of(line_of(document))

    release(document)
    assert fresh(made_for).status == "released"
    reopen(document)
    assert fresh(made_for).status == "open"


def test_releasing_twice_and_reopening_twice_do_nothing(kit: Item) -> None:
    document = release(sell_kit(kit, 10).document)
    rev = SalesDocument.objects.get(pk=document.pk).rev

    assert release(document).rev == rev
    reopen(document)
    assert reopen(document).status == "open"


@pytest.mark.parametrize(
    "lines",
    [[], [{"type": "comment", "description": "Words"}], [{"no": "K", "quantity": 0}]],
)
def test_nothing_to_release(kit: Item, lines: list[dict[str, Any]]) -> None:
    document = sell(*lines)

    with refused(exceptions.NothingToRelease):
        release(document)


def test_an_assembly_without_components_hinders_the_release(house: Setup) -> None:
    """EDT-20: and then nothing is released."""
    line = change(sell_kit(make_item("BOUGHT"), 4), qty_to_assemble_to_order=4)
    add_component(assembly_of(line), type="text", description="Words are nothing to assemble")

    with refused(NothingToAssemble):
        release(line.document)
    assert SalesDocument.objects.get().status == "open"


# -- deletion -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("document_type", list(SalesDocumentType))
def test_deleting_a_document_leaves_nothing_of_it(kit: Item, document_type: SalesDocumentType) -> None:
    document = sell({"no": "K", "quantity": 5}, {"no": "K", "quantity": 2}, document_type=document_type)
    release(document)

    delete_document(document)

    for model in (SalesDocument, SalesLine, AssemblyDocument, PlannedMovement, Reservation):
        assert not model.objects.exists()


def test_a_shipped_document_is_not_deleted(kit: Item) -> None:
    line = shipped(sell_kit(kit, 10), 4, assembled=4)

    with refused(exceptions.AlreadyShipped):
        delete_document(line.document)


def test_a_policy_of_the_setup_is_read_when_a_document_is_entered(kit: Item) -> None:
    settle_setup(default_location_id=None)
    Customer.objects.update(location=None)
    document = sell()

    with refused(Required, field="location"):
        add_sales_line(document, no="K", quantity=1)
    assert has_assembly(add_sales_line(document, no="K", quantity=1, location="MAIN"))
