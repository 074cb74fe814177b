"""The lines of a sales order on its page: entered, changed, refused, with scripts and without."""

from __future__ import annotations

import pytest
from django.test import Client

from inventory.models import Item
from tests.factories import make_resource
from tests.sales.pages.orders import fresh, line_url, url_of
from tests.support import change, d, line_of, sell
from tests.support_pages import save, statements_of

# --- Lines


def test_line_is_entered_with_item_and_quantity(clerk: Client, kit: Item) -> None:
    order = sell()

    response = save(clerk, url_of(order, "lines"), no="K", quantity="5")

    assert response.status_code == 200
    page = response.content.decode()
    assert 'id="line-10000"' in page
    assert 'id="totals"' in page
    assert "500.00" in page
    assert line_of(order).qty_to_assemble_to_order == 5


def test_refused_new_line_stays_a_new_line(clerk: Client, kit: Item) -> None:
    order = sell()

    first = save(clerk, url_of(order, "lines"), no="NONE", quantity="5")
    second = save(clerk, url_of(order, "lines"), no="NONE", quantity="5")

    assert first.status_code == 400
    page = first.content.decode()
    assert "Item NONE does not exist." in page
    assert 'value="NONE"' in page
    assert "data-new" in page
    assert page != second.content.decode()  # each under a key of its own


@pytest.mark.parametrize(
    ("typed", "status", "said"),
    [
        ({"quantity": "-1"}, 400, "A quantity cannot be negative."),
        ({"quantity": ""}, 400, "This field is required."),
        ({"quantity": "1e5"}, 400, "is not a number"),
        ({"quantity": "NaN"}, 400, "is not a number"),
        ({"qty_to_assemble_to_order": "11"}, 400, "11 is more than the line"),
        ({"qty_to_ship": "11"}, 400, "must lie between 0 and 10"),
        ({"location": "NOWHERE"}, 400, "Location NOWHERE does not exist."),
        ({"variant": "GREEN"}, 400, "GREEN"),
        ({"unit_of_measure": "CRATE"}, 400, "CRATE"),
        ({"line_discount_percent": "101"}, 400, "at most 100 percent"),
        ({"shipment_date": "31.12.2031"}, 400, "is not a date"),
        ({"no": "A"}, 409, "Set that to 0 first"),
        ({"type": "potato"}, 400, "not among the choices"),
        ({"description": "nul\x00"}, 400, "Control characters"),
        ({"description": "x" * 300}, 400, "At most 200"),
    ],
)
def test_refused_line_shows_why_and_keeps_what_was_typed(
    clerk: Client, kit: Item, typed: dict[str, str], status: int, said: str
) -> None:
    order = sell({"no": "K", "quantity": 10})

    response = save(clerk, line_url(order), **typed)

    assert response.status_code == status
    assert said in response.content.decode()
    ((name, text),) = typed.items()
    if text and "\x00" not in text and name != "type":
        assert f'value="{text}"' in response.content.decode()
    assert line_of(order).quantity == 10


def test_blank_discount_is_none(clerk: Client, kit: Item) -> None:
    order = sell({"no": "K", "quantity": 1, "line_discount_percent": 10})

    assert save(clerk, line_url(order), line_discount_percent="").status_code == 200
    assert line_of(order).line_discount_percent == 0


def test_line_conflict_shows_both(clerk: Client, kit: Item) -> None:
    order = sell({"no": "K", "quantity": 10})

    response = save(clerk, line_url(order), quantity="12", **{"was.quantity": "9"})

    assert response.status_code == 412
    assert "now <strong>10</strong>, you typed <strong>12</strong>" in response.content.decode()
    assert line_of(order).quantity == 10


def test_comment_and_resource_lines(clerk: Client, kit: Item) -> None:
    make_resource("R9", name="Nina", unit_price=d(80))
    order = sell()

    assert save(clerk, url_of(order, "lines"), type="comment", description="Hello").status_code == 200
    assert save(clerk, url_of(order, "lines"), type="resource", no="R", quantity="2").status_code == 200
    assert save(clerk, line_url(order, 20000), no="R9").status_code == 200

    assert line_of(order).description == "Hello"
    assert line_of(order, 20000).line_amount == 160


def test_line_is_deleted(clerk: Client, kit: Item) -> None:
    order = sell({"no": "K", "quantity": 1}, {"no": "A", "quantity": 1})

    response = save(clerk, f"{line_url(order)}delete/")

    assert response.status_code == 200
    assert "1 line" in response.content.decode()
    assert "data-unit" not in response.content.decode()
    assert [line.line_no for line in order.lines.all()] == [20000]


def test_line_that_is_gone_is_not_found(clerk: Client, kit: Item) -> None:
    order = sell({"no": "K", "quantity": 1})
    assert save(clerk, line_url(order, 777), quantity="2").status_code == 404


def test_kit_is_exploded_and_refused_while_it_is_assembled_to_order(clerk: Client, kit: Item) -> None:
    order = sell({"no": "K", "quantity": 2})

    refused = clerk.post(f"{line_url(order)}explode/")
    assert refused.status_code == 409
    assert "reserved" in refused.content.decode()

    change(line_of(order), qty_to_assemble_to_order=0)
    done = clerk.post(f"{line_url(order)}explode/")
    assert done["Location"] == f"{url_of(order)}#line-10000"
    assert [line.no for line in order.lines.all()] == ["", "A", "R"]


def test_saving_a_line_takes_the_same_statements_however_many_lines(clerk: Client, kit: Item) -> None:
    def cost_of(lines: int, **typed: str) -> int:
        order = sell(*[{"no": "K", "quantity": 10}] * lines)
        return statements_of(lambda: save(clerk, line_url(order), **typed))

    assert cost_of(1, quantity="12") == cost_of(20, quantity="12") == 27
    assert cost_of(1, description="Other") == cost_of(20, description="Other") == 16


def test_adding_a_line_takes_the_same_statements_however_many_lines(clerk: Client, kit: Item) -> None:
    def cost_of(lines: int) -> int:
        order = sell(*[{"no": "K", "quantity": 10}] * lines)
        return statements_of(lambda: save(clerk, url_of(order, "lines"), no="K", quantity="3"))

    assert cost_of(1) == cost_of(20) == 20


# --- Without scripts


def test_plain_form_saves_a_line_and_shows_a_refusal(clerk: Client, kit: Item) -> None:
    order = sell({"no": "K", "quantity": 10})
    rev = str(fresh(order).rev)

    done = clerk.post(line_url(order), {"quantity": "12", "rev": rev})
    assert done["Location"] == f"{url_of(order)}#line-10000"
    stale = clerk.post(line_url(order), {"quantity": "14", "rev": rev})
    assert stale.status_code == 412
    assert line_of(order).quantity == 12

    refused = clerk.post(line_url(order), {"qty_to_assemble_to_order": "99"})
    assert refused.status_code == 400
    page = refused.content.decode()
    assert "99 is more than the line" in page
    assert 'value="99"' in page
    assert 'id="header"' in page
