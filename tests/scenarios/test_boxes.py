"""Kits sold by the box: whole boxes, half boxes, and a first shipment of one (QEX-1, QEX-8)."""

from __future__ import annotations

from inventory.models import Item
from tests.support import assembly_of, change, d, fields, figures, recipe, reserved_for, sell_kit, shipped, to_consume


def test_three_boxes_one_shipped_first(rich_kit: Item) -> None:
    line = sell_kit(rich_kit, 3, unit_of_measure="BOX")
    kit = assembly_of(line)
    assert fields(kit, "quantity", "quantity_base") == (3, 18)
    assert [row[:3] for row in recipe(kit)][:4] == [
        ("XA", 12, 36),
        ("XB", d("1.8"), 6),
        ("XR", d("1.5"), d("4.5")),
        ("XS", d("0.5"), d("0.5")),
    ]

    line = change(line, qty_to_ship=1)
    assert to_consume(kit) == {"XA": 12, "XB": 2, "XR": d("1.5"), "XS": d("0.5")}

    line = shipped(line, 1, assembled=1)
    assert figures(line) == (3, 3, 2)
    assert to_consume(kit) == {"XA": 24, "XB": 4, "XR": 3, "XS": 0}
    assert reserved_for(line) == 12


def test_half_boxes(rich_kit: Item) -> None:
    line = sell_kit(rich_kit, 2, unit_of_measure="BOX", qty_to_assemble_to_order="1.5")
    kit = assembly_of(line)
    assert fields(kit, "quantity", "quantity_base") == (d("1.5"), 9)
    assert recipe(kit)[0][:3] == ("XA", 12, 18)

    line = change(line, qty_to_ship="0.5")
    assert fields(assembly_of(line), "quantity_to_assemble", "quantity_to_assemble_base") == (d("0.5"), 3)
    assert to_consume(kit)["XA"] == 6
