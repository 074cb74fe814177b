"""Amending a released order: reopened, changed and released again as one act, which keeps its reason."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.http import Http404

from assembly.exceptions import NoAssemblyDocument
from assembly.services.amending import amend_order as amend_with_components
from backoffice.exceptions import Invalid, NeverRenamed, NotFound, Refusals, Required, StaleRevision
from backoffice.models import AuditEntry
from inventory.models import Item
from sales import exceptions
from sales.models import SalesDocument
from sales.services.amending import amend_order
from tests.support import (
    assembly_of,
    component,
    d,
    day,
    fields,
    figures,
    has_assembly,
    line_of,
    refused,
    release,
    reserved_for,
    sell,
    statements,
)

pytestmark = pytest.mark.django_db

_REASON = "The customer called"


@pytest.fixture
def order(kit: Item) -> SalesDocument:
    """Ten kits and four, released."""
    return release(sell({"no": kit.no, "quantity": 10}, {"no": kit.no, "quantity": 4}))


def test_lines_and_header_are_changed_and_everything_is_released_again(order: SalesDocument) -> None:
    amended = amend_order(
        no=order.no,
        values={"shipment_date": day(12), "requested_delivery_date": day(13)},
        lines={10000: {"quantity": d(8), "qty_to_ship": d(2)}, 20000: {"shipment_date": day(20)}},
        reason=_REASON,
    )

    first, second = line_of(order), line_of(order, 20000)
    assert fields(amended, "status", "shipment_date", "requested_delivery_date") == ("released", day(12), day(13))
    assert figures(first) == (8, 8, 2)
    assert (first.shipment_date, second.shipment_date) == (day(12), day(20))
    assert fields(assembly_of(first), "status", "quantity", "due_date") == ("released", 8, day(12))
    assert fields(assembly_of(second), "status", "quantity", "due_date") == ("released", 4, day(20))
    assert reserved_for(first) == 8


def test_the_split_between_stock_and_assembly_moves(order: SalesDocument) -> None:
    amend_order(
        no=order.no,
        values={},
        lines={10000: {"qty_to_assemble_to_order": d(6)}, 20000: {"qty_to_assemble_to_order": d(0)}},
        reason=_REASON,
    )

    assert fields(assembly_of(line_of(order)), "status", "quantity") == ("released", 6)
    assert not has_assembly(line_of(order, 20000))


def test_components_are_changed_with_it(order: SalesDocument) -> None:
    part = component(assembly_of(line_of(order)), "A")
    before = part.quantity_per

    amend_with_components(
        no=order.no,
        values={},
        lines={10000: {"quantity": d(5)}},
        components={10000: {part.line_no: {"quantity_per": before + 1}}},
        reason=_REASON,
    )

    assembly = assembly_of(line_of(order))
    changed = component(assembly, "A")
    assert fields(assembly, "status", "quantity") == ("released", 5)
    assert fields(changed, "quantity_per", "quantity") == (before + 1, 5 * (before + 1))


def test_the_reason_stands_beside_all_that_changed_and_beside_nothing_else(order: SalesDocument) -> None:
    last = AuditEntry.objects.latest("pk").pk

    amend_order(no=order.no, values={"note": "Leave at the gate"}, lines={10000: {"quantity": d(8)}}, reason=_REASON)

    written = AuditEntry.objects.filter(pk__gt=last)
    assert set(written.values_list("reason", flat=True)) == {_REASON}
    assert set(written.values_list("kind", flat=True)) == {"sales_document", "assembly_document"}
    release_again = AuditEntry.objects.latest("pk").pk
    sell({"no": "K", "quantity": 1})
    assert set(AuditEntry.objects.filter(pk__gt=release_again).values_list("reason", flat=True)) == {""}


@pytest.mark.parametrize(
    ("given", "refusal", "field"),
    [
        ({"reason": " "}, Required, "reason"),
        ({"reason": "x" * 201}, Invalid, "reason"),
        ({"lines": {}}, Invalid, None),
        ({"expected_rev": 0}, StaleRevision, None),
        ({"lines": {10000: {"quantity": d(-1)}}}, Invalid, "lines[10000].quantity"),
        ({"lines": {10000: {"quantity": d(6), "location": "NOWHERE"}}}, NotFound, "lines[10000].location"),
        ({"lines": {10000: {"line_no": 11}}}, NeverRenamed, "line_no"),
        ({"lines": {30000: {"quantity": d(1)}}}, Http404, None),
        ({"values": {"shipment_date": None}}, Required, "shipment_date"),
    ],
)
def test_what_is_refused_changes_nothing(
    order: SalesDocument, given: dict[str, object], refusal: type[Exception], field: str | None
) -> None:
    asked = {"values": {}, "lines": {10000: {"quantity": d(6)}}, "reason": _REASON, **given}
    with refused(refusal, field=field):
        amend_order(no=order.no, **asked)  # type: ignore[arg-type]


def test_all_lines_that_are_refused_are_told(order: SalesDocument) -> None:
    with refused(Refusals) as caught:
        amend_order(
            no=order.no,
            values={},
            lines={10000: {"quantity": d(-1)}, 20000: {"qty_to_ship": d(99)}},
            reason=_REASON,
        )
    assert [error.field for error in caught.value.errors] == ["lines[10000].quantity", "lines[20000].qty_to_ship"]


def test_an_open_order_is_not_amended(kit: Item) -> None:
    order = sell({"no": kit.no, "quantity": 1})
    with refused(exceptions.NotReleased):
        amend_order(no=order.no, values={}, lines={10000: {"quantity": d(2)}}, reason=_REASON)


def test_a_component_that_is_refused_undoes_the_rest(order: SalesDocument) -> None:
    part = component(assembly_of(line_of(order)), "A").line_no
    with refused(NotFound, field=f"lines[10000].components[{part}].no"):
        amend_with_components(
            no=order.no,
            values={},
            lines={10000: {"quantity": d(5)}},
            components={10000: {part: {"no": "NONE"}}},
            reason=_REASON,
        )
    with refused(NoAssemblyDocument, field="lines[20000].components"):
        amend_with_components(
            no=order.no,
            values={},
            lines={20000: {"qty_to_assemble_to_order": d(0)}},
            components={20000: {part: {"quantity_per": d(1)}}},
            reason=_REASON,
        )


def test_many_lines_and_components_cost_as_many_statements_as_one(kit: Item) -> None:
    def amend(lines: int) -> int:
        order = release(sell(*[{"no": kit.no, "quantity": 10}] * lines))
        numbers = [10000 * (index + 1) for index in range(lines)]
        part = component(assembly_of(line_of(order)), "A").line_no
        with statements() as found:
            amend_with_components(
                no=order.no,
                values={"shipment_date": day(12)},
                lines={number: {"quantity": d(8)} for number in numbers},
                components={number: {part: {"quantity_per": Decimal(7)}} for number in numbers},
                reason=_REASON,
            )
        return len(found)

    amend(1)
    assert amend(6) == amend(2)
