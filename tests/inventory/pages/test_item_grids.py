"""The grids of an item's card: bill of materials, units, variants, substitutes."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from http import HTTPStatus
from typing import Any

from django.test import Client

from inventory.models import BomLine, Item, ItemSubstitute, ReplenishmentSystem
from inventory.services.boms import create_boms
from tests.inventory.conftest import post
from tests.support_pages import save


def url(no: str, tab: str, *more: object) -> str:
    return f"/inventory/items/{no}/{tab}/" + "".join(f"{part}/" for part in more)


def text_of(response: Any) -> str:
    return str(response.content.decode())


# --- Bill of materials


def test_first_component_makes_an_assembled_item(planner: Client, item: Item, make_item: Callable[..., Item]) -> None:
    parent = make_item("K")

    response = save(planner, url("K", "bom"), no="C1", quantity_per="2")

    assert response.status_code == HTTPStatus.OK
    row = text_of(response)
    assert 'id="bom-10000"' in row
    assert "data-new" not in row
    assert "Assemble to stock" in row  # the badge beside the title, out of band
    (line,) = parent.bom_lines.all()
    assert (line.item_id, line.quantity_per, line.unit_of_measure_id) == ("C1", 2, "PCS")
    parent.refresh_from_db()
    assert parent.replenishment_system == ReplenishmentSystem.ASSEMBLY


def test_cell_is_saved(planner: Client, kit: Item) -> None:
    save(planner, url("K", "bom", 10000), **{"quantity_per": "3.5", "was.quantity_per": "2"})

    assert kit.bom_lines.get().quantity_per == Decimal("3.5")


def test_resource_and_text_lines(planner: Client, kit: Item) -> None:
    planner.post("/inventory/resources/new/", {"no": "R1", "name": "Bench"})
    save(
        planner,
        url("K", "bom"),
        **{"type": "resource", "was.type": "item", "no": "R1", "quantity_per": "1", "resource_usage_type": "fixed"},
    )
    save(planner, url("K", "bom"), **{"type": "text", "was.type": "item", "description": "Burn in"})

    lines = list(kit.bom_lines.order_by("line_no").values_list("type", "resource_usage_type", "description"))
    assert lines[1:] == [("resource", "fixed", "Bench"), ("text", "", "Burn in")]


def test_cycle_is_refused_at_the_cell(planner: Client, kit: Item, make_item: Callable[..., Item]) -> None:
    make_item("TOP")
    create_boms({"TOP": [{"no": "K", "quantity_per": 1}]})

    new = save(planner, url("K", "bom"), no="TOP", quantity_per="1")
    changed = save(planner, url("K", "bom", 10000), **{"no": "K", "was.no": "C1"})

    assert (new.status_code, changed.status_code) == (HTTPStatus.CONFLICT, HTTPStatus.CONFLICT)
    assert re.search(r'id="bom-new-\w+-no-error".*would contain itself, through TOP', text_of(new))
    assert 'value="TOP"' in text_of(new)
    assert 'id="bom-10000-no-error"' in text_of(changed)
    assert [line.item_id for line in kit.bom_lines.all()] == ["C1"]


def test_refused_line_keeps_what_was_typed(planner: Client, kit: Item) -> None:
    response = save(planner, url("K", "bom", 10000), **{"quantity_per": "-1", "was.quantity_per": "2"})

    assert response.status_code == HTTPStatus.BAD_REQUEST
    assert 'value="-1"' in text_of(response)
    assert 'data-saved="2"' in text_of(response)
    assert kit.bom_lines.get().quantity_per == 2


def test_line_without_a_quantity_is_refused(planner: Client, kit: Item) -> None:
    new = save(planner, url("K", "bom"), no="C1")
    cleared = save(planner, url("K", "bom", 10000), **{"quantity_per": "", "was.quantity_per": "2"})

    assert (new.status_code, cleared.status_code) == (HTTPStatus.BAD_REQUEST, HTTPStatus.BAD_REQUEST)
    assert kit.bom_lines.count() == 1


def test_line_is_deleted(planner: Client, kit: Item) -> None:
    response = save(planner, url("K", "bom", 10000, "delete"))

    assert response.status_code == HTTPStatus.OK
    assert "<tbody" not in text_of(response)
    assert not BomLine.objects.exists()


def test_lines_without_a_script(planner: Client, kit: Item, make_item: Callable[..., Item]) -> None:
    make_item("C2")
    added = planner.post(url("K", "bom"), {"type": "item", "no": "C2", "quantity_per": "1"})
    refused = planner.post(url("K", "bom"), {"type": "item", "no": "NONE", "quantity_per": "1"})
    deleted = planner.post(url("K", "bom", 10000, "delete"))

    assert added["Location"] == deleted["Location"] == url("K", "bom")
    assert refused.status_code == HTTPStatus.BAD_REQUEST
    assert "<html" in text_of(refused)
    assert 'value="NONE"' in text_of(refused)
    assert [line.item_id for line in kit.bom_lines.all()] == ["C2"]


def test_clerk_reads_the_bill_and_changes_nothing(clerk: Client, kit: Item) -> None:
    page = text_of(clerk.get(url("K", "bom")))
    refused = save(clerk, url("K", "bom", 10000), quantity_per="9")

    assert "C1" in page
    assert "data-unit" not in page
    assert refused.status_code == HTTPStatus.FORBIDDEN
    assert kit.bom_lines.get().quantity_per == 2


def test_line_that_is_gone(planner: Client, kit: Item) -> None:
    response = save(planner, url("K", "bom", 70000), quantity_per="9")

    assert response.status_code == HTTPStatus.NOT_FOUND


# --- Units, variants, substitutes


def test_unit_is_added_changed_and_deleted(planner: Client, item: Item) -> None:
    planner_added = save(planner, url("C1", "units"), code="HOUR", qty_per_unit_of_measure="6")
    unit = item.units.get(unit_of_measure="HOUR")
    assert f'id="unit-{unit.pk}"' in text_of(planner_added)

    save(planner, url("C1", "units", unit.pk), **{"qty_per_unit_of_measure": "8", "was.qty_per_unit_of_measure": "6"})
    assert item.units.get(pk=unit.pk).qty_per_unit_of_measure == 8

    save(planner, url("C1", "units", unit.pk, "delete"))
    assert [row.unit_of_measure_id for row in item.units.all()] == ["PCS"]


def test_unit_that_there_is_not_is_refused_on_its_row(planner: Client, item: Item) -> None:
    response = save(planner, url("C1", "units"), code="CROWD", qty_per_unit_of_measure="6")

    assert response.status_code == HTTPStatus.BAD_REQUEST
    assert "CROWD does not exist" in text_of(response)
    assert item.units.count() == 1


def test_unit_twice_and_unit_without_a_code_are_refused(planner: Client, item: Item) -> None:
    twice = save(planner, url("C1", "units"), code="PCS", qty_per_unit_of_measure="1")
    blank = save(planner, url("C1", "units"), qty_per_unit_of_measure="2")

    assert (twice.status_code, blank.status_code) == (HTTPStatus.BAD_REQUEST, HTTPStatus.BAD_REQUEST)
    assert "PCS stands twice." in text_of(twice)
    assert item.units.count() == 1


def test_variant_is_added_and_blocked(planner: Client, item: Item) -> None:
    save(planner, url("C1", "variants"), code="RED", description="Red")
    variant = item.variants.get()
    save(planner, url("C1", "variants", variant.pk), **{"blocked": "true", "was.blocked": "false"})

    variant.refresh_from_db()
    assert (variant.code, variant.blocked) == ("RED", True)


def test_variant_in_use_stays(planner: Client, item: Item) -> None:
    save(planner, url("C1", "variants"), code="RED")
    variant = item.variants.get()
    post(item, 1, variant_code="RED")

    response = save(planner, url("C1", "variants", variant.pk, "delete"))

    assert response.status_code == HTTPStatus.CONFLICT
    assert f'id="variant-{variant.pk}"' in text_of(response)
    assert "is used by item ledger entries" in text_of(response)
    assert item.variants.exists()


def test_variant_without_a_code_is_refused(planner: Client, item: Item) -> None:
    response = save(planner, url("C1", "variants"), description="Nameless")

    assert response.status_code == HTTPStatus.BAD_REQUEST
    assert not item.variants.exists()


def test_substitute_is_added_changed_and_deleted(planner: Client, item: Item, make_item: Callable[..., Item]) -> None:
    make_item("C2")
    added = save(planner, url("C1", "substitutes"), substitute="C2")
    row = ItemSubstitute.objects.get()
    assert f'id="substitute-{row.pk}"' in text_of(added)

    save(planner, url("C1", "substitutes", row.pk), **{"interchangeable": "true", "was.interchangeable": "false"})
    row.refresh_from_db()
    assert row.interchangeable

    refused = save(planner, url("C1", "substitutes"), substitute="C1")
    assert refused.status_code == HTTPStatus.BAD_REQUEST
    assert "no substitute for itself" in text_of(refused)

    save(planner, url("C1", "substitutes", row.pk, "delete"))
    assert not ItemSubstitute.objects.exists()
