"""The pages of blanket sales orders: what is agreed, what is called off now, and the orders made of it."""

from __future__ import annotations

import pytest
from django.test import Client

from inventory.models import Item
from sales.models import SalesDocument, SalesDocumentType, SalesStatus
from sales.services import handing_on
from tests.support import assembly_of, d, line_of, release, sell, shipped
from tests.support_pages import save, statements_of

BLANKETS = "/sales/blanket-orders/"


def blanket(*lines: object, **header: object) -> SalesDocument:
    return sell(*lines, document_type=SalesDocumentType.BLANKET_ORDER, **header)  # type: ignore[arg-type]


def url_of(document: SalesDocument, *more: object) -> str:
    return f"{BLANKETS}{document.no}/" + "".join(f"{part}/" for part in more)


def orders() -> list[SalesDocument]:
    return list(SalesDocument.objects.filter(document_type=SalesDocumentType.ORDER).order_by("pk"))


def call_off(document: SalesDocument, quantity: int, line_no: int = 10000) -> SalesDocument:
    return handing_on.call_off(no=document.no, called={line_no: d(quantity)})


def make_order(client: Client, document: SalesDocument, token: str = "one", **typed: str) -> object:
    called = {f"call_off.{line_no.removeprefix('l')}": text for line_no, text in typed.items()}
    return client.post(url_of(document, "order"), {"form_token": token, **called})


def test_page_shows_what_is_agreed_and_an_empty_column_to_call_off(clerk: Client, kit: Item) -> None:
    agreed = blanket({"no": "K", "quantity": 100})
    assembly = assembly_of(line_of(agreed))

    page = clerk.get(url_of(agreed)).content.decode()

    assert f'data-panel-url="/assembly/blanket-orders/{assembly.no}/panel/"' in page
    assert "Agreed" in page
    assert 'name="call_off.10000" id="line-10000-call_off" form="call-off" value=""' in page
    assert "Nothing has been called off yet." in page
    assert "qty_to_ship" not in page


def test_figures_follow_orders_and_shipments(clerk: Client, kit: Item) -> None:
    agreed = blanket({"no": "K", "quantity": 100})
    shipped(line_of(call_off(agreed, 30)), 30, assembled=30)
    call_off(agreed, 25)

    page = clerk.get(url_of(agreed)).content.decode()

    for name, shown in {"on-orders": "25", "shipped": "30", "invoiced": "", "left": "45"}.items():
        assert f'<td class="num" data-live="{name}">{shown}</td>' in page
    first, second = orders()
    assert page.index(f'href="/sales/orders/{second.no}/#line-10000"') < page.index(
        f'href="/sales/orders/{first.no}/#line-10000"'
    )


def test_page_takes_the_same_statements_however_many_lines_and_call_offs(clerk: Client, kit: Item) -> None:
    one = blanket({"no": "K", "quantity": 10})
    many = blanket(*[{"no": "K", "quantity": 10}] * 20)
    for _ in range(3):
        call_off(many, 1)

    # Session, person, document, lines, history, call-offs.
    assert statements_of(lambda: clerk.get(url_of(one))) == 6
    assert statements_of(lambda: clerk.get(url_of(many))) == 6


def test_list_takes_one_statement(clerk: Client, kit: Item) -> None:
    agreed = blanket({"no": "K", "quantity": 10})

    assert statements_of(lambda: clerk.get(BLANKETS)) == 3
    assert agreed.no in clerk.get(BLANKETS).content.decode()


def test_typed_quantities_become_an_order(clerk: Client, kit: Item) -> None:
    agreed = blanket({"no": "K", "quantity": 100}, {"no": "A", "quantity": 50}, {"no": "A", "quantity": 9})

    response = make_order(clerk, agreed, l10000="30", l20000="", l30000="9")

    (order,) = orders()
    assert response["Location"] == f"/sales/orders/{order.no}/"  # type: ignore[index]
    assert [(line.no, line.quantity) for line in order.lines.all()] == [("K", 30), ("A", 9)]
    page = clerk.get(f"/sales/orders/{order.no}/").content.decode()
    assert f"Sales order {order.no} made of {agreed.no}." in page
    assert f'href="{url_of(agreed)}#line-10000"' in page
    assert clerk.get(url_of(agreed)).content.decode().count('value="" data-column="call_off"') == 3


@pytest.mark.parametrize(
    ("typed", "status", "said"),
    [
        ("101", 409, "101 is more than the 100 that are left of the agreement."),
        ("-1", 400, "A quantity cannot be negative."),
        ("many", 400, "is not a number"),
        ("1.000001", 400, "decimals"),
    ],
)
def test_refusal_stands_at_the_cell_and_what_was_typed_is_kept(
    clerk: Client, kit: Item, typed: str, status: int, said: str
) -> None:
    agreed = blanket({"no": "K", "quantity": 100}, {"no": "A", "quantity": 50})

    response = make_order(clerk, agreed, l10000=typed, l20000="7")

    assert response.status_code == status  # type: ignore[attr-defined]
    page = response.content.decode()  # type: ignore[attr-defined]
    row = page.partition('id="line-10000"')[2].partition('id="line-20000"')[0]
    assert f'value="{typed}"' in row
    assert 'aria-invalid="true" aria-describedby="line-10000-call_off-error"' in row
    assert said in row.partition('id="line-10000-call_off-error"')[2]
    assert 'value="7" data-column' in page.partition('id="line-20000"')[2]
    assert orders() == []


def test_all_malformed_quantities_are_told_at_once(clerk: Client, kit: Item) -> None:
    agreed = blanket({"no": "K", "quantity": 100}, {"no": "A", "quantity": 50})

    page = make_order(clerk, agreed, l10000="x", l20000="y").content.decode()  # type: ignore[attr-defined]

    assert 'id="line-10000-call_off-error"' in page
    assert 'id="line-20000-call_off-error"' in page


@pytest.mark.parametrize("typed", [{}, {"l10000": ""}, {"l10000": "0"}])
def test_nothing_typed_makes_no_order(clerk: Client, kit: Item, typed: dict[str, str]) -> None:
    agreed = blanket({"no": "K", "quantity": 100})

    response = make_order(clerk, agreed, **typed)

    assert response.status_code == 409  # type: ignore[attr-defined]
    assert "There is nothing to make an order of" in response.content.decode()  # type: ignore[attr-defined]


def test_line_that_is_gone_is_refused_above_the_page(clerk: Client, kit: Item) -> None:
    agreed = blanket({"no": "K", "quantity": 100})

    response = make_order(clerk, agreed, l77777="1", lnone="1", l9999999999="1")

    assert response.status_code == 400  # type: ignore[attr-defined]
    assert "77777 does not exist" in response.content.decode()  # type: ignore[attr-defined]


def test_form_is_done_once(clerk: Client, kit: Item) -> None:
    agreed = blanket({"no": "K", "quantity": 100})

    make_order(clerk, agreed, l10000="30")
    again = make_order(clerk, agreed, l10000="30")

    assert again.status_code == 409  # type: ignore[attr-defined]
    assert "This form was sent before" in again.content.decode()  # type: ignore[attr-defined]
    assert len(orders()) == 1


def test_auditor_calls_nothing_off(auditor: Client, kit: Item) -> None:
    agreed = blanket({"no": "K", "quantity": 100})

    assert "call_off.10000" not in auditor.get(url_of(agreed)).content.decode()
    assert make_order(auditor, agreed, l10000="1").status_code == 403  # type: ignore[attr-defined]


def test_words_have_no_quantity_to_call_off(clerk: Client, kit: Item) -> None:
    agreed = blanket({"type": "comment", "description": "Hello"})

    assert "call_off.10000" not in clerk.get(url_of(agreed)).content.decode()


def test_saved_and_new_lines_come_with_their_cell(clerk: Client, kit: Item) -> None:
    agreed = blanket({"no": "K", "quantity": 100})

    new = save(clerk, url_of(agreed, "lines"), no="A", quantity="5").content.decode()
    saved = save(clerk, url_of(agreed, "lines", 10000), quantity="90").content.decode()

    assert 'name="call_off.20000"' in new
    assert '<td class="num" data-live="left">90</td>' in saved


def test_assembly_is_released_with_the_blanket_order_alone(planner: Client, kit: Item) -> None:
    agreed = blanket({"no": "K", "quantity": 100})
    address = f"/assembly/blanket-orders/{assembly_of(line_of(agreed)).no}/"

    page = planner.get(address).content.decode()
    assert "Release" not in page.partition('class="page-actions"')[2].partition("</header>")[0]
    assert f'href="/sales/blanket-orders/{agreed.no}/#line-10000"' in page

    release(agreed)
    assert assembly_of(line_of(agreed)).status == SalesStatus.RELEASED
    assert "Reopen" not in planner.get(address).content.decode().partition("</header>")[0]


# --- References by hand, on order lines


def test_order_line_refers_to_a_blanket_line_by_hand(clerk: Client, kit: Item) -> None:
    agreed = blanket({"no": "K", "quantity": 100}, {"no": "K", "quantity": 50})
    order = sell({"no": "K", "quantity": 10})
    line = f"/sales/orders/{order.no}/lines/10000/"

    alone = save(clerk, line, blanket_order_no=agreed.no)
    assert alone.status_code == 400
    assert "This field is required." in alone.content.decode()

    both = save(clerk, line, blanket_order_no=agreed.no, blanket_order_line_no="10000")
    assert both.status_code == 200
    assert f'href="{url_of(agreed)}#line-10000"' in both.content.decode()
    # The other line of the same agreement: the number of the order stands already.
    other = save(clerk, line, blanket_order_line_no="20000", **{"was.blanket_order_line_no": "10000"})
    assert other.status_code == 200
    assert line_of(order).blanket_line == line_of(agreed, 20000)

    save(clerk, line, blanket_order_no="", blanket_order_line_no="")
    assert line_of(order).blanket_line is None


def test_wrong_reference_is_refused_at_its_cell(clerk: Client, kit: Item) -> None:
    agreed = blanket({"no": "A", "quantity": 100})
    order = sell({"no": "K", "quantity": 10})

    response = save(
        clerk, f"/sales/orders/{order.no}/lines/10000/", blanket_order_no=agreed.no, blanket_order_line_no="10000"
    )

    assert response.status_code == 400
    assert "That line is about A." in response.content.decode()
    assert 'id="line-10000-blanket_order_no-error"' in response.content.decode()


def test_line_with_orders_keeps_its_item(clerk: Client, kit: Item) -> None:
    agreed = blanket({"no": "A", "quantity": 100})
    call_off(agreed, 10)

    response = save(clerk, url_of(agreed, "lines", 10000), no="K")

    assert response.status_code == 409
    assert orders()[0].no in response.content.decode()
