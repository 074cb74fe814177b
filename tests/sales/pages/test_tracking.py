"""Lots and serial numbers, assigned from the pages of sales orders and assembly orders."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from assembly.models import AssemblyDocument
from inventory.models import Item, TrackedSource, TrackingLine
from sales.models import SalesDocument
from tests.factories import make_item, make_kit, make_stock_kit
from tests.posting import ship, stock
from tests.support import assemble, assembly_of, component, line_of, release, sell
from tests.support_pages import save, statements_of


@pytest.fixture
def tracked(house: Any) -> Item:
    """TOP by serial number, made to order of SUB by lot."""
    sub = make_stock_kit(
        "SUB", item_tracking="lot", bom=[{"item": make_item("RAW", item_tracking="lot"), "quantity_per": 1}]
    )
    return make_kit("TOP", item_tracking="serial", bom=[{"item": sub, "quantity_per": 1}])


@pytest.fixture
def order(tracked: Item) -> SalesDocument:
    return sell({"no": "TOP", "quantity": 3})


def url_of(order: SalesDocument, line_no: int = 10000) -> str:
    return f"/sales/orders/{order.no}/lines/{line_no}/tracking/"


def typed(client: Client, url: str, **more: str) -> dict[str, str]:
    return {"act": "save", "order_rev": str(client.get(url).context["dialog"].rev), **more}


def numbers(kind: TrackedSource) -> list[tuple[Any, ...]]:
    rows = TrackingLine.objects.filter(source_kind=kind).order_by("pk")
    return [(row.lot_no, row.serial_no, row.quantity, row.quantity_to_handle) for row in rows]


def test_line_leads_to_its_numbers(clerk: Client, order: SalesDocument) -> None:
    sell({"no": "TOP", "quantity": 1})

    assert f'hx-post="{url_of(order)}"' in clerk.get(f"/sales/orders/{order.no}/").content.decode()
    dialog = save(clerk, url_of(order)).content.decode()
    assert dialog.lstrip().startswith("<dialog")
    assert "0 of 3" in dialog
    assert "<html" in clerk.get(url_of(order)).content.decode()


def test_untracked_line_has_none(clerk: Client, kit: Item) -> None:
    order = sell({"no": "K", "quantity": 1})
    assert "/tracking/" not in clerk.get(f"/sales/orders/{order.no}/").content.decode()
    assert clerk.get(url_of(order)).status_code == 404
    assert clerk.get(url_of(order, 777)).status_code == 404


def test_serial_numbers_are_pieces_and_can_be_pasted(clerk: Client, order: SalesDocument) -> None:
    form = typed(clerk, url_of(order), serial_no_0="T1", more="T2\nT3")

    response = save(clerk, url_of(order), **form)

    assert response["HX-Refresh"] == "true"
    assert numbers(TrackedSource.ASSEMBLY_DOCUMENT) == [("", "T1", 1, 1), ("", "T2", 1, 1), ("", "T3", 1, 1)]


def test_number_is_taken_off_and_held_back(clerk: Client, order: SalesDocument) -> None:
    save(clerk, url_of(order), **typed(clerk, url_of(order), more="T1 T2"))

    form = typed(clerk, url_of(order), serial_no_1="T2", quantity_1="1", quantity_to_handle_1="0")
    assert clerk.post(url_of(order), form)["Location"] == f"/sales/orders/{order.no}/#line-10000"

    assert numbers(TrackedSource.ASSEMBLY_DOCUMENT) == [("", "T2", 1, 0)]


@pytest.mark.parametrize(
    ("values", "field", "said"),
    [
        ({"more": "T1 T2 T3 T4"}, "", "4 is more than 3"),
        ({"serial_no_0": "T1", "serial_no_2": "T1"}, "serial_no_2", "only once in stock"),
        ({"serial_no_3": "T1", "quantity_3": "2"}, "quantity_3", "stands for one piece"),
        ({"quantity_1": "1"}, "serial_no_1", "number is required"),
        ({"serial_no_0": "T1", "quantity_0": "x"}, "quantity_0", "is not a number"),
        ({"serial_no_0": "T1", "quantity_to_handle_0": "2"}, "quantity_to_handle_0", "2 is more than"),
    ],
)
def test_refusal_stands_at_its_field(
    clerk: Client, order: SalesDocument, values: dict[str, str], field: str, said: str
) -> None:
    response = save(clerk, url_of(order), **typed(clerk, url_of(order), **values))

    assert response.status_code in {400, 409}
    page = response.content.decode()
    assert said in page
    assert not field or f'id="numbers-{field}-error"' in page
    assert all(f'value="{text}"' in page or text in page for text in values.values())
    assert not TrackingLine.objects.exists()


def test_somebody_else_was_faster(clerk: Client, order: SalesDocument) -> None:
    form = typed(clerk, url_of(order), serial_no_0="T1")
    save(clerk, f"/sales/orders/{order.no}/lines/10000/", description="Other")

    response = save(clerk, url_of(order), **form)

    assert response.status_code == 412
    assert 'value="T1"' in response.content.decode()


def test_somebody_else_assigned_numbers_first(clerk: Client, order: SalesDocument) -> None:
    form = typed(clerk, url_of(order), serial_no_0="T1")
    save(clerk, url_of(order), **typed(clerk, url_of(order), more="T2 T3"))

    response = save(clerk, url_of(order), **form)

    assert response.status_code == 412
    assert [row[1] for row in numbers(TrackedSource.ASSEMBLY_DOCUMENT)] == ["T2", "T3"]


def test_history_tells_of_numbers(clerk: Client, worker: Client, order: SalesDocument) -> None:
    save(clerk, url_of(order), **typed(clerk, url_of(order), serial_no_0="T1"))
    save(clerk, url_of(order), **typed(clerk, url_of(order), serial_no_0="T1", quantity_to_handle_0="0"))
    save(clerk, url_of(order), **typed(clerk, url_of(order), serial_no_0=""))

    page = clerk.get(f"/sales/orders/{order.no}/").content.decode()
    assert "Serial no. T1 added to line 10000" in page
    assert "Serial no. T1 of line 10000 changed" in page
    assert "Serial no. T1 taken off line 10000" in page
    page = worker.get(f"/assembly/orders/{assembly_of(line_of(order)).no}/").content.decode()
    assert "Serial no. T1 added" in page


def test_numbers_can_be_assigned_when_released_and_are_posted(
    clerk: Client, worker: Client, order: SalesDocument
) -> None:
    release(order)
    stock("SUB", 10, 1, lot_no="S1")
    save(clerk, url_of(order), **typed(clerk, url_of(order), more="T1 T2 T3"))
    assembly = assembly_of(line_of(order))
    url = f"/assembly/orders/{assembly.no}/lines/{component(assembly, 'SUB').line_no}/tracking/"

    assert f'hx-post="{url}"' in worker.get(f"/assembly/orders/{assembly.no}/").content.decode()
    save(worker, url, **typed(worker, url, lot_no_0="S1", quantity_0="3"))
    ship(order)

    page = clerk.get("/sales/shipments/SS-000001/").content.decode()
    assert all(serial in page for serial in ("T1", "T2", "T3"))


def test_output_of_an_assembly_order_to_stock(worker: Client, clerk: Client, tracked: Item) -> None:
    order: AssemblyDocument = assemble(Item.objects.get(no="SUB"), 5)
    url = f"/assembly/orders/{order.no}/tracking/"

    assert f'hx-post="{url}"' in worker.get(f"/assembly/orders/{order.no}/").content.decode()
    save(worker, url, **typed(worker, url, lot_no_0="S1", quantity_0="5"))

    assert numbers(TrackedSource.ASSEMBLY_DOCUMENT) == [("S1", "", 5, 5)]
    assert clerk.get(url).status_code == 403


def test_dialog_takes_the_same_statements_however_many_numbers(clerk: Client, tracked: Item) -> None:
    def cost_of(quantity: int) -> int:
        order = sell({"no": "TOP", "quantity": quantity})
        form = typed(clerk, url_of(order), more=" ".join(f"{order.no}-{n}" for n in range(quantity)))
        assert save(clerk, url_of(order), **form).status_code == 200
        return statements_of(lambda: clerk.get(url_of(order)))

    assert cost_of(1) == cost_of(30)
