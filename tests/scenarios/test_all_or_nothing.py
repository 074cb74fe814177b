"""A refusal that comes late, after much has been written, leaves nothing behind: services are one transaction each."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from backoffice.exceptions import Blocked, DomainError
from inventory.models import Item
from sales.models import SalesLine
from tests.factories import make_item
from tests.support import (
    add_component,
    assembly_of,
    change,
    change_header,
    day,
    line_of,
    refresh_lines,
    release,
    sell,
    shipped,
    state,
)

pytestmark = pytest.mark.django_db(transaction=True)


def _block(no: str) -> None:
    Item.objects.filter(no=no).update(blocked=True)


def _enter_with_a_blocked_component(kit: Item, line: SalesLine) -> Callable[[], object]:
    _block("A")
    return lambda: sell({"no": "K", "quantity": 1}, {"no": "K", "quantity": 2})


def _move_where_one_line_has_no_variant_any_more(kit: Item, line: SalesLine) -> Callable[[], object]:
    kit.variants.update(blocked=True)
    return lambda: change(line, variant="RED", quantity=12, shipment_date=day(30))


def _release_what_has_no_components(kit: Item, line: SalesLine) -> Callable[[], object]:
    bare = line_of(sell({"no": "K", "quantity": 5}, {"no": make_item("BARE").no, "quantity": 1}), 20000)
    change(bare, qty_to_assemble_to_order=1)
    add_component(assembly_of(change(bare, qty_to_ship=1)), type="text", description="Words")
    return lambda: release(bare.document)


def _refresh_with_a_blocked_component(kit: Item, line: SalesLine) -> Callable[[], object]:
    _block("A")
    return lambda: refresh_lines(assembly_of(line))


def _split_below_what_is_assembled(kit: Item, line: SalesLine) -> Callable[[], object]:
    part = shipped(line, 4, assembled=4)
    return lambda: change(part, qty_to_assemble_to_order=3, shipment_date=day(30))


def _save_in_a_shell_with_a_blocked_variant(kit: Item, line: SalesLine) -> Callable[[], object]:
    kit.variants.update(blocked=True)
    line.variant_code = "RED"
    return line.save


@pytest.mark.parametrize(
    "arrange",
    [
        _enter_with_a_blocked_component,
        _move_where_one_line_has_no_variant_any_more,
        _release_what_has_no_components,
        _refresh_with_a_blocked_component,
        _split_below_what_is_assembled,
        _save_in_a_shell_with_a_blocked_variant,
    ],
)
def test_what_is_refused_late_leaves_nothing(
    kit: Item, arrange: Callable[[Item, SalesLine], Callable[[], object]]
) -> None:
    line = line_of(sell({"no": "K", "quantity": 10}))
    act = arrange(kit, line)
    before = state()

    with pytest.raises(DomainError):
        act()

    assert state() == before


def test_a_refused_line_takes_the_whole_request_with_it(kit: Item) -> None:
    document = sell({"no": "K", "quantity": 10})
    make_item("OLD", blocked=True)
    before = state()

    with pytest.raises(Blocked):
        sell({"no": "K", "quantity": 10}, {"no": "OLD", "quantity": 1})
    assert state() == before
    change_header(document, note="Still at work")
