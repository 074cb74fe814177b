"""The pages of sales quotes: until when they stand, the order that is made of one, and copies of any document."""

from __future__ import annotations

import pytest
from django.test import Client

from inventory.models import Item
from sales.models import SalesDocument, SalesDocumentType, SalesStatus
from tests.support import assembly_of, component, customise, day, line_of, quantities_of, release, sell, statements
from tests.support_pages import save, statements_of

QUOTES = "/sales/quotes/"


def quote(*lines: object, **header: object) -> SalesDocument:
    return sell(*lines, document_type=SalesDocumentType.QUOTE, **header)  # type: ignore[arg-type]


def url_of(document: SalesDocument, *more: object) -> str:
    return f"{QUOTES}{document.no}/" + "".join(f"{part}/" for part in more)


def only(document_type: SalesDocumentType) -> SalesDocument:
    return SalesDocument.objects.get(document_type=document_type)


def test_quote_has_the_columns_of_an_offer_and_the_way_to_its_assembly(clerk: Client, kit: Item) -> None:
    offer = quote({"no": "K", "quantity": 10})
    assembly = assembly_of(line_of(offer))

    page = clerk.get(url_of(offer)).content.decode()

    assert f'data-panel-url="/assembly/quotes/{assembly.no}/panel/"' in page
    assert 'name="expiration_date"' in page
    assert "qty_to_ship" not in page
    assert "blanket_order_no" not in page


def test_quote_takes_the_same_statements_however_many_lines(clerk: Client, kit: Item) -> None:
    one = quote({"no": "K", "quantity": 1})
    many = quote(*[{"no": "K", "quantity": 1}] * 20)

    # Session, person, document, lines, history.
    assert statements_of(lambda: clerk.get(url_of(one))) == 5
    assert statements_of(lambda: clerk.get(url_of(many))) == 5


def test_list_takes_one_statement_and_says_what_expired_and_what_became_an_order(clerk: Client, kit: Item) -> None:
    quote({"no": "K", "quantity": 2}, expiration_date=day(5))
    few = statements_of(lambda: clerk.get(QUOTES))
    assert "Expired" not in clerk.get(QUOTES).content.decode()

    quote({"no": "K", "quantity": 2}, expiration_date=day(-1))
    made_of = quote({"no": "K", "quantity": 2})
    clerk.post(url_of(made_of, "order"), {"form_token": "one"})

    assert statements_of(lambda: clerk.get(QUOTES)) == few == 3
    page = clerk.get(f"{QUOTES}?status=closed&status=open").content.decode()
    assert page.count("Expired") == 1
    closed = clerk.get(f"{QUOTES}?status=closed").content.decode()
    order = only(SalesDocumentType.ORDER)
    assert f'<a href="/sales/orders/{order.no}/">{order.no}</a>' in closed


def test_expiry_date_is_typed_and_badged_even_on_a_released_quote(clerk: Client, kit: Item) -> None:
    offer = quote({"no": "K", "quantity": 1})
    release(offer)

    assert "Expired" not in clerk.get(url_of(offer)).content.decode()
    assert save(clerk, url_of(offer, "header"), expiration_date=day(-1).isoformat()).status_code == 200

    assert only(SalesDocumentType.QUOTE).expiration_date == day(-1)
    page = clerk.get(url_of(offer)).content.decode()
    assert "Expired" in page
    assert "Make an order of it all the same?" in page


def test_quote_becomes_an_order_with_its_customised_assembly(clerk: Client, kit: Item) -> None:
    offer = quote({"no": "K", "quantity": 10})
    customise(component(assembly_of(line_of(offer)), "A"), quantity_per=3)

    response = clerk.post(url_of(offer, "order"), {"form_token": "one"}, follow=True)

    order = only(SalesDocumentType.ORDER)
    assert response.redirect_chain == [(f"/sales/orders/{order.no}/", 302)]
    page = response.content.decode()
    assert f"Sales order {order.no} made of {offer.no}." in page
    assert f'Made of sales quote <a href="{url_of(offer)}">{offer.no}</a>' in page
    assert quantities_of(assembly_of(line_of(order))) == {"A": 30, "R": 10}
    closed = clerk.get(url_of(offer)).content.decode()
    assert f'Became sales order <a href="/sales/orders/{order.no}/">{order.no}</a>' in closed
    assert "Make order" not in closed
    assert f"{url_of(offer)}copy/" in closed


def test_order_is_made_once_however_often_the_form_is_sent(clerk: Client, kit: Item) -> None:
    offer = quote({"no": "K", "quantity": 10})

    clerk.post(url_of(offer, "order"), {"form_token": "one"})
    again = clerk.post(url_of(offer, "order"), {"form_token": "one"})

    assert again.status_code == 409
    assert "This form was sent before" in again.content.decode()
    assert only(SalesDocumentType.ORDER).quote_no == offer.no


def test_empty_quote_makes_no_order(clerk: Client, kit: Item) -> None:
    offer = quote()

    response = clerk.post(url_of(offer, "order"), {"form_token": "one"})

    assert response.status_code == 409
    assert "There is nothing to make an order of" in response.content.decode()
    assert only(SalesDocumentType.QUOTE).status == SalesStatus.OPEN


def test_auditor_makes_and_copies_nothing(auditor: Client, kit: Item) -> None:
    offer = quote({"no": "K", "quantity": 1})

    page = auditor.get(url_of(offer)).content.decode()

    assert "Make order" not in page
    assert "/copy/" not in page
    assert auditor.post(url_of(offer, "order")).status_code == 403
    assert auditor.get(url_of(offer, "copy")).status_code == 403


def test_part_of_a_line_is_refused_at_its_cell(clerk: Client, kit: Item) -> None:
    offer = quote({"no": "K", "quantity": 10})

    response = save(clerk, url_of(offer, "lines", 10000), qty_to_assemble_to_order="7")

    assert response.status_code == 409
    assert "must be 0 or the full quantity 10" in response.content.decode()


# --- Copies


@pytest.mark.parametrize(
    ("of", "to", "place"),
    [
        ("quotes", "sales_quote", "quotes"),
        ("quotes", "sales_order", "orders"),
        ("orders", "blanket_sales_order", "blanket-orders"),
        ("blanket-orders", "sales_order", "orders"),
    ],
)
def test_document_is_copied(clerk: Client, kit: Item, of: str, to: str, place: str) -> None:
    kinds = {
        "quotes": SalesDocumentType.QUOTE,
        "orders": SalesDocumentType.ORDER,
        "blanket-orders": SalesDocumentType.BLANKET_ORDER,
    }
    source = sell({"no": "K", "quantity": 10}, document_type=kinds[of])
    address = f"/sales/{of}/{source.no}/copy/"
    asked = clerk.get(address)
    assert asked.status_code == 200
    assert "form_token" in asked.content.decode()

    response = clerk.post(address, {"to": to, "form_token": "one"}, follow=True)

    made = SalesDocument.objects.exclude(pk=source.pk).get()
    assert (made.document_type, line_of(made).quantity) == (to, 10)
    assert response.redirect_chain == [(f"/sales/{place}/{made.no}/", 302)]
    assert f"{made.no} copied from {source.no}." in response.content.decode()


def test_refused_copy_says_why(clerk: Client, kit: Item) -> None:
    source = sell({"no": "K", "quantity": 10})
    Item.objects.filter(no="K").update(sales_blocked=True)

    response = clerk.post(f"/sales/orders/{source.no}/copy/", {"to": "sales_quote", "form_token": "one"})

    assert response.status_code == 409
    assert "K" in response.content.decode()
    assert SalesDocument.objects.count() == 1


def test_copy_of_a_quote_stands_without_a_date(clerk: Client, kit: Item) -> None:
    source = quote({"no": "K", "quantity": 1}, expiration_date=day(3))

    clerk.post(url_of(source, "copy"), {"to": "sales_quote", "form_token": "one"})

    assert SalesDocument.objects.exclude(pk=source.pk).get().expiration_date is None


def test_page_of_many_lines_makes_an_order_in_few_statements(clerk: Client, kit: Item) -> None:
    def cost_of(lines: int) -> int:
        offer = quote(*[{"no": "K", "quantity": 1}] * lines)
        with statements() as found:
            assert clerk.post(url_of(offer, "order"), {"form_token": str(lines)}).status_code == 302
        return len(found)

    assert cost_of(1) == cost_of(20)
