"""The components of an assembly order on its page, and in the panel below a sales line."""

from __future__ import annotations

import pytest
from django.test import Client

from assembly.models import AssemblyDocument
from inventory.models import Item
from tests.assembly.pages.orders import line_url, url_of
from tests.factories import make_bom, make_item, make_kit, make_substitute
from tests.support import (
    assembly_of,
    quantities_of,
    recipe,
    release_assembly,
    sell_kit,
)
from tests.support_pages import BY_SCRIPT, save, statements_of


def test_kit_is_customised_on_the_page_and_in_the_panel(clerk: Client, linked: AssemblyDocument) -> None:
    panel = clerk.get(url_of(linked, "panel")).content.decode()
    assert f'action="{line_url(linked)}?in=panel"' in panel

    saved = save(clerk, f"{line_url(linked)}?in=panel", quantity_per="3")
    assert saved.status_code == 200
    assert 'data-live="quantity">21<' in saved.content.decode()

    save(clerk, f"{url_of(linked, 'lines')}?in=panel", type="text", description="Blue ribbon")
    save(clerk, url_of(linked, "lines"), no="A", quantity_per="1")
    save(clerk, f"{line_url(linked, 20000)}delete/")

    assert recipe(linked) == [("A", 3, 21, 21), ("Blue ribbon", 0, 0, 0), ("A", 1, 7, 7)]


def test_clerk_customises_and_leaves_the_consumption_to_others(clerk: Client, linked: AssemblyDocument) -> None:
    assert save(clerk, line_url(linked), quantity_to_consume="3").status_code == 403
    assert "You may look at this, not change it." in clerk.get(url_of(linked, "panel")).content.decode()


@pytest.mark.parametrize(
    ("typed", "status", "said"),
    [
        ({"quantity_per": "-1"}, 400, "cannot be negative"),
        ({"quantity_per": ""}, 400, "This field is required."),
        ({"quantity_to_consume": "99"}, 400, "more than the remaining quantity"),
        ({"no": "NONE"}, 400, "Item NONE does not exist."),
        ({"due_date": "2031-12-01"}, 409, "is needed by"),
        ({"resource_usage_type": "fixed"}, 400, "Only resources"),
        ({"lead_time_offset_days": "9999"}, 400, "At most 3650"),
    ],
)
def test_refused_component_shows_why_and_keeps_what_was_typed(
    worker: Client, linked: AssemblyDocument, typed: dict[str, str], status: int, said: str
) -> None:
    response = save(worker, line_url(linked), **typed)

    assert response.status_code == status
    assert said in response.content.decode()
    assert quantities_of(linked)["A"] == 14


def test_refused_new_component_stays_a_new_line(clerk: Client, linked: AssemblyDocument) -> None:
    response = save(clerk, url_of(linked, "lines"), no="NONE", quantity_per="1")

    assert response.status_code == 400
    page = response.content.decode()
    assert "data-new" in page
    assert 'value="NONE"' in page


def test_component_conflict_shows_both(clerk: Client, linked: AssemblyDocument) -> None:
    response = save(clerk, line_url(linked), quantity_per="3", **{"was.quantity_per": "1"})

    assert response.status_code == 412
    assert "now <strong>2</strong>, you typed <strong>3</strong>" in response.content.decode()


def test_released_order_keeps_its_components(worker: Client, linked: AssemblyDocument) -> None:
    release_assembly(linked)

    assert save(worker, line_url(linked), quantity_per="3").status_code == 409
    assert save(worker, line_url(linked), quantity_to_consume="13").status_code == 200
    page = worker.get(url_of(linked)).content.decode()
    assert "data-new-line" not in page
    assert "Refresh from BOM" not in page


def test_bill_of_materials_replaces_the_lines(clerk: Client, linked: AssemblyDocument) -> None:
    save(clerk, line_url(linked), quantity_per="3")

    response = save(clerk, f"{url_of(linked, 'refresh')}?in=panel")

    assert response.status_code == 200
    assert f'id="parts-{linked.pk}"' in response.content.decode()
    assert quantities_of(linked)["A"] == 14


def test_refused_refresh_is_told_in_the_section(clerk: Client, linked: AssemblyDocument) -> None:
    release_assembly(linked)

    response = save(clerk, url_of(linked, "refresh"))
    assert response.status_code == 409
    assert "is released" in response.content.decode().partition("data-note")[2]

    page = clerk.post(url_of(linked, "refresh"))
    assert page.status_code == 409
    assert "is released" in page.content.decode()


def test_substitute_takes_the_place(clerk: Client, linked: AssemblyDocument) -> None:
    make_substitute(Item.objects.get(no="A"), make_item("A2", description="Better A"), interchangeable=True)

    assert "Substitute component 10000, A" in clerk.get(url_of(linked, "panel")).content.decode()
    offered = clerk.get(line_url(linked, 10000, "substitute"), **BY_SCRIPT).content.decode()
    assert "<dialog" in offered
    assert "Better A" in offered
    assert "Better A" in clerk.get(line_url(linked, 10000, "substitute")).content.decode()

    done = save(clerk, line_url(linked, 10000, "substitute"), substitute="A2")
    assert done.status_code == 200
    assert quantities_of(linked)["A2"] == 14
    assert "<strong>A</strong>" in clerk.get(line_url(linked, 10000, "substitute"), **BY_SCRIPT).content.decode()

    for wrong in ("D", "", "\x00"):
        assert save(clerk, line_url(linked, 10000, "substitute"), substitute=wrong).status_code == 400


def test_component_is_exploded(clerk: Client, linked: AssemblyDocument) -> None:
    make_bom(Item.objects.get(no="A"), [{"item": make_item("A-1"), "quantity_per": 2}])

    assert save(clerk, line_url(linked, 10000, "explode")).status_code == 200
    assert quantities_of(linked)["A-1"] == 28


def test_saving_a_component_takes_the_same_statements_however_many(clerk: Client, kit: Item) -> None:
    small = assembly_of(sell_kit(kit, 10))
    big_kit = make_kit("BIG", bom=[{"item": make_item(f"P{n}"), "quantity_per": 1} for n in range(30)])
    big = assembly_of(sell_kit(big_kit, 10))

    assert statements_of(lambda: save(clerk, line_url(small), quantity_per="3")) == 21
    assert statements_of(lambda: save(clerk, line_url(big), quantity_per="3")) == 21


def test_panel_takes_the_same_statements_however_many_components(clerk: Client, kit: Item) -> None:
    small = assembly_of(sell_kit(kit, 10))
    big_kit = make_kit("BIG", bom=[{"item": make_item(f"P{n}"), "quantity_per": 1} for n in range(30)])
    big = assembly_of(sell_kit(big_kit, 10))

    # Session, person, document, lines.
    assert statements_of(lambda: clerk.get(url_of(small, "panel"))) == 4
    assert statements_of(lambda: clerk.get(url_of(big, "panel"))) == 4
