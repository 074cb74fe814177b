"""What the demo company has and sells: a maker of personal computers. Data only; `demo` loads it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

Values = dict[str, Any]

#: The location that keeps bins; MAIN, the default location, keeps none.
WHITE: Final = "WHITE"
WHITE_BINS: Final = {
    "PICK-01": "Shelf 1",
    "PICK-02": "Shelf 2",
    "ASM-IN": "Components at the bench",
    "ASM-OUT": "Finished at the bench",
    "DOCK": "Shipping dock",
}
WHITE_SETTINGS: Final[Values] = {
    "default_bin": "PICK-01",
    "to_assembly_bin": "ASM-IN",
    "from_assembly_bin": "ASM-OUT",
    "asm_to_order_shpt_bin": "DOCK",
}

RESOURCE: Final[Values] = {
    "no": "LINA",
    "name": "Lina, assembly bench",
    "unit_cost": Decimal(50),
    "unit_price": Decimal(95),
}


def _component(no: str, description: str, cost: str, price: str, **more: Any) -> Values:
    costs = {"unit_cost": Decimal(cost), "unit_price": Decimal(price)}
    return {"no": no, "description": description, "reordering_policy": "lot_for_lot", **costs, **more}


COMPONENTS: Final[tuple[Values, ...]] = (
    _component("80001", "Mainboard with processor, 4 cores", "145", "230"),
    _component("80005", "Mainboard with processor, 8 cores", "260", "410"),
    _component("80011", "Hard disk 2 TB", "48", "85"),
    _component("80014", "Solid-state disk 1 TB", "62", "110", safety_stock_quantity=Decimal(25)),
    _component("80203", "Graphics card, entry level", "95", "160"),
    _component("80209", "Power supply 450 W", "38", "70"),
    _component("80210", "Power supply 750 W, silent", "74", "125", lead_time_days=3),
)

KITS: Final[tuple[Values, ...]] = (
    {
        "no": "KIT-A",
        "description": "Basic PC",
        "replenishment_system": "assembly",
        "assembly_policy": "assemble_to_stock",
        "reordering_policy": "lot_for_lot",
        "unit_cost": Decimal(281),
        "unit_price": Decimal(490),
    },
    {
        "no": "KIT-B",
        "description": "Pro PC",
        "replenishment_system": "assembly",
        "assembly_policy": "assemble_to_order",
        "unit_cost": Decimal(446),
        "unit_price": Decimal(890),
    },
)


def _bom(*components: str) -> list[Values]:
    items = [{"type": "item", "no": no, "quantity_per": Decimal(1)} for no in components]
    return [*items, {"type": "resource", "no": RESOURCE["no"], "quantity_per": Decimal(1)}]


BOMS: Final[dict[str, list[Values]]] = {
    "KIT-A": _bom("80001", "80011", "80209"),
    "KIT-B": [
        *_bom("80005", "80014", "80210"),
        {"type": "text", "description": "Burn in for one hour before packing"},
    ],
}
#: Items and what may stand in for them.
SUBSTITUTES: Final = {"80210": "80209", "80014": "80011"}

CUSTOMERS: Final[tuple[Values, ...]] = (
    {
        "no": "C10000",
        "name": "Harbour Design Studio",
        "address": "4 Quay Lane\nPort Aldwyn",
        "email": "it@harbour.example",
    },
    {
        "no": "C20000",
        "name": "Northside School",
        "address": "17 Hill Road\nNorthside",
        "email": "office@northside.example",
        "shipping_advice": "complete",
    },
    {"no": "C30000", "name": "Meadow Clinic", "address": "2 Meadow Street\nElmford", "location": WHITE},
    {"no": "C40000", "name": "Quick Print", "address": "88 Market Square\nElmford"},
    {"no": "C50000", "name": "Old Mill Hotel", "address": "1 Mill Way\nStonebrook", "blocked": True},
)

#: (item, quantity) at MAIN.
STOCK_AT_MAIN: Final = (
    ("80001", 20),
    ("80005", 20),
    ("80011", 20),
    ("80014", 20),
    ("80203", 20),
    ("80209", 20),
    ("KIT-A", 10),
)
#: (item, bin, quantity) at WHITE.
STOCK_AT_WHITE: Final = (
    ("80005", "ASM-IN", 6),
    ("80014", "ASM-IN", 6),
    ("80210", "ASM-IN", 6),
    ("80001", "PICK-01", 10),
    ("80209", "PICK-02", 10),
)
#: The purchase order: (item, quantity, days until it comes).
EXPECTED: Final = (("80210", 20, 5), ("80001", 30, 9), ("80209", 30, 9))
