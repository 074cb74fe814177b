"""The posted assembly order on paper: what was made, of what, and that it was undone."""

from __future__ import annotations

from typing import Any

from django.test import Client

from assembly.models import PostedAssembly
from assembly.services.undo import undo_posted_assembly
from inventory.models import Item
from tests.factories import make_bom, make_item, make_stock_kit
from tests.posting import post_assembly, ship, stock
from tests.printed import printed
from tests.support import assemble, component, customise, d, plan, sell
from tests.support_pages import statements_of


def url(no: str) -> str:
    return f"/assembly/posted/{no}/print.pdf"


def test_it_says_what_was_made_of_what(worker: Client, rich_kit: Item) -> None:
    stock("XA", 20, "88.88")
    stock("XB", 9)
    order = plan(assemble(rich_kit, 10, note="Tested"), quantity_to_assemble=4)
    posted = post_assembly(order)

    text = printed(worker.get(url(posted.no)))

    for words in (
        f"Posted assembly order {posted.no}",
        "Assembled 4 PCS",
        "Posted 03 Mar 2031",
        f"Order {order.no}",
        "Made for Stock",
        "XA Item XA 2 8 PCS MAIN",
        "XB Item XB 0.3 1 PCS MAIN",
        "XR Resource XR 0.25 1 HOUR",
        "Handle with care",
        "Tested",
    ):
        assert words in text, text
    assert "88.88" not in text
    assert "cost" not in text.lower()


def test_it_names_lots_and_serial_numbers(worker: Client, house: Any) -> None:
    raw = make_item("RAW", item_tracking="lot")
    kit = make_stock_kit("SER", item_tracking="serial", bom=[{"item": raw, "quantity_per": 2}])
    stock("RAW", 3, lot_no="R1")
    stock("RAW", 3, lot_no="R2")
    order = assemble(kit, 2)
    plan(order, tracking=[{"serial_no": no, "quantity": d(1)} for no in ("T1", "T2")])
    customise(
        component(order, "RAW"), tracking=[{"lot_no": no, "quantity": d(of)} for no, of in (("R1", 3), ("R2", 1))]
    )

    text = printed(worker.get(url(post_assembly(order).no)))

    assert "RAW Item RAW R1: 3, R2: 1 2 4 PCS" in text
    assert "Put out: T1, T2" in text


def test_what_was_undone_used_nothing(worker: Client, stock_kit: Item) -> None:
    stock("D", 30)
    posted = post_assembly(assemble(stock_kit, 4))
    undo_posted_assembly(no=posted.no)

    text = printed(worker.get(url(posted.no)))

    assert "Undone 4 PCS" in text
    assert "This assembly was undone" in text
    assert "Item D" not in text


def test_it_leads_from_its_page_and_names_its_shipment(worker: Client, kit: Item) -> None:
    stock("A", 10)
    order = sell({"no": "K", "quantity": 2})
    shipped = ship(order).shipment
    assert shipped is not None
    no = PostedAssembly.objects.get().no

    assert f'href="{url(no)}"' in worker.get(f"/assembly/posted/{no}/").content.decode()
    assert f"Made for {order.no} Shipment {shipped.no}" in printed(worker.get(url(no)))


def test_statements_do_not_grow_with_lines(worker: Client, house: Any) -> None:
    def posted_of(components: int) -> str:
        kit = make_stock_kit(f"K{components}")
        make_bom(kit, [{"item": make_item(f"C{components}-{n}"), "quantity_per": d(1)} for n in range(components)])
        for n in range(components):
            stock(f"C{components}-{n}", 1)
        return url(post_assembly(assemble(kit, 1)).no)

    counts = [statements_of(lambda address=address: worker.get(address)) for address in (posted_of(2), posted_of(30))]  # type: ignore[misc]

    # Session, person; the document, its lines, its numbers.
    assert counts == [5, 5]


def test_strangers_and_unknown_numbers_get_nothing(worker: Client, house: Any) -> None:
    assert Client().get(url("PA-000001")).status_code == 302
    assert worker.get(url("NONE")).status_code == 404
