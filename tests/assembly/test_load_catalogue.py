"""`load_catalogue`: all of a sound catalogue, nothing of a faulty one, and nothing twice."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from assembly.loading.catalogue import CatalogueRefused, load_catalogue
from assembly.loading.catalogue_files import location_code, read_catalogue
from assembly.models import AssemblyDocument
from inventory.models import AssemblyPolicy, BomLine, Item, ItemLedgerEntry, Location, ReplenishmentSystem
from sales.models import SalesDocument, SalesLine

SAMPLE = Path("assembly/sample_data/adventureworks")
ITEMS = (
    "no,description,base_unit_of_measure,replenishment_system,assembly_policy,unit_cost,unit_price,"
    "safety_stock_quantity,reorder_point,lead_time_days,color,size\n"
)
BOM = "item,component,quantity_per,unit_of_measure\n"
STOCK = "item,location,shelf,bin,quantity\n"
ORDERS = "order_no,customer,order_date,shipment_date,item,quantity,unit_price,line_discount_percent\n"
KIT = "KIT,Kit,EA,assembly,assemble_to_order,5,9.5,0,0,1,Red,\n"
PART = "PART,Part,EA,purchase,assemble_to_stock,2,0,0,0,0,,\n"

Catalogue = Callable[..., Path]


@pytest.fixture
def catalogue(tmp_path: Path) -> Catalogue:
    """Write the four files of a small catalogue; give any of them another content."""

    def write(**files: str | bytes) -> Path:
        contents: dict[str, str | bytes] = {
            "items": ITEMS + KIT + PART,
            "bom": BOM + "KIT,PART,2,EA\n",
            "stock": STOCK + "PART,Tool Crib,A,1,40\n",
            "sales_orders": ORDERS + "SO9,C9,2030-06-01,2030-06-13,KIT,3,9.5,10\n",
            **files,
        }
        for name, content in contents.items():
            data = content.encode() if isinstance(content, str) else content
            (tmp_path / f"{name}.csv").write_bytes(data)
        return tmp_path

    return write


def load(directory: Path) -> dict[str, int]:
    """Load without the command around it."""
    return load_catalogue(read_catalogue(directory), advance=lambda rows, what: None).counts


def faults(directory: Path) -> list[str]:
    """Return what is wrong with a catalogue, in words."""
    with pytest.raises(CatalogueRefused) as caught, transaction.atomic():
        load(directory)
    return [str(fault) for fault in caught.value.faults]


@pytest.mark.django_db(transaction=True)
def test_sample_loads_as_a_whole_and_only_once(capsys: pytest.CaptureFixture[str]) -> None:
    for _ in range(2):
        call_command("load_catalogue", str(SAMPLE))

    said = capsys.readouterr().out.splitlines()
    assert said == [
        "New: 504 items, 2383 bills of materials, 1065 stock, 5 sales orders.",
        "New: 0 items, 0 bills of materials, 0 stock, 0 sales orders.",
    ]
    assert (Item.objects.count(), BomLine.objects.count()) == (504, 2383)
    assert Item.objects.filter(assembly_policy=AssemblyPolicy.ASSEMBLE_TO_ORDER).count() == 97
    assert (SalesDocument.objects.count(), SalesLine.objects.count()) == (5, 100)
    assert AssemblyDocument.objects.count() == 39


@pytest.mark.django_db
def test_small_catalogue_arrives_field_by_field(catalogue: Catalogue) -> None:
    assert load(catalogue()) == {"items": 2, "bills of materials": 1, "stock": 1, "sales orders": 1}

    kit = Item.objects.get(no="KIT")
    assert (kit.description, kit.unit_price, kit.base_unit_of_measure_id) == ("Kit, Red", 9.5, "EA")
    assert kit.replenishment_system == ReplenishmentSystem.ASSEMBLY
    assert Location.objects.get(code="TOOL-CRIB").name == "Tool Crib"
    assert ItemLedgerEntry.objects.get().quantity == 40
    line = SalesLine.objects.get()
    assert (line.unit_price, line.line_discount_percent, line.qty_to_assemble_to_order) == (9.5, 10, 3)
    assert AssemblyDocument.objects.get().lines.get().quantity == 6


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"items": ITEMS + KIT + PART + PART}, "items.csv:4: no: PART stands in line 3 already"),
        ({"items": ITEMS.replace("no,", "number,")}, "items.csv:1: missing column: no"),
        (
            {"items": ITEMS + KIT.replace(",5,", ",-5,") + PART},
            "items.csv:2: unit_cost: the number must not be negative",
        ),
        ({"items": ITEMS + KIT.replace(",5,", ",NaN,") + PART}, "items.csv:2: unit_cost: 'NaN' is no decimal number"),
        ({"items": ITEMS + KIT.replace("9.5", "9.123456") + PART}, "items.csv:2: unit_price: '9.123456' is no decimal"),
        ({"items": ITEMS + KIT.replace("assembly,", "purchase,") + PART}, "items.csv:2: assembly_policy: assemble to"),
        ({"items": ITEMS + KIT + "PART,Part\n"}, "items.csv:3: 2 cells instead of 12"),
        ({"items": ITEMS + KIT + PART.replace("Part", "Pa\x00rt")}, "items.csv:3:"),
        ({"items": b"\xff\xfe"}, "items.csv:1: the file is not UTF-8"),
        ({"items": ITEMS + '"KIT'}, "items.csv:2: the line is not CSV"),
        ({"bom": BOM + "KIT,GONE,2,EA\n"}, "bom.csv:2: component: there is no item GONE"),
        ({"bom": BOM + "KIT,PART,0,EA\n"}, "bom.csv:2: quantity_per: the number must be above zero"),
        ({"bom": BOM + "KIT,PART,2,OZ\n"}, "bom.csv:2: unit_of_measure: PART is not counted in it"),
        ({"bom": BOM + "KIT,PART,1,EA\nPART,KIT,1,EA\n"}, "bom.csv:"),
        ({"stock": STOCK + "GONE,Tool Crib,A,1,4\n"}, "stock.csv:2: item: there is no item GONE"),
        ({"stock": STOCK + "PART,!,A,1,4\n"}, "stock.csv:2: location: no code of its own can be made for '!'"),
        ({"stock": STOCK + "PART,Tool Crib,A,1,1\nPART,Tool  Crib,A,1,1\n"}, "stock.csv:3: location: no code"),
        ({"sales_orders": ORDERS + "SO9,C9,2030-06-31,2030-06-13,KIT,3,1,0\n"}, "sales_orders.csv:2: order_date:"),
        ({"sales_orders": ORDERS + "SO9,C9,2030-06-01,2030-06-13,KIT,3,1,101\n"}, "sales_orders.csv:2: line_discount"),
        (
            {"sales_orders": ORDERS + "S,C,2030-06-01,2030-06-13,KIT,3,1,0\nS,D,2030-06-01,2030-06-13,KIT,3,1,0\n"},
            "sales_orders.csv:3: order_no: S has another customer",
        ),
    ],
)
def test_faulty_row_is_named_by_file_and_line(catalogue: Catalogue, files: dict[str, Any], expected: str) -> None:
    found = faults(catalogue(**files))

    assert found[0].startswith(expected)
    assert not Item.objects.exists()


@pytest.mark.django_db
def test_every_fault_of_every_file_is_named_at_once(catalogue: Catalogue) -> None:
    found = faults(
        catalogue(
            items=ITEMS + KIT.replace(",5,", ",x,") + PART.replace(",2,", ",y,"),
            stock=STOCK + "PART,Tool Crib,A,1,z\n",
        )
    )

    assert [fault.partition(": ")[0] for fault in found][:3] == ["items.csv:2", "items.csv:3", "stock.csv:2"]


@pytest.mark.django_db(transaction=True)
def test_refusal_by_a_rule_names_the_line_too(catalogue: Catalogue) -> None:
    load(catalogue(sales_orders=ORDERS, bom=BOM, stock=STOCK))
    Item.objects.filter(no="PART").update(blocked=True)

    with pytest.raises(CommandError, match=r"stock\.csv:3: Item PART is blocked"):
        call_command(
            "load_catalogue", str(catalogue(stock=STOCK + "KIT,Crib,,0,1\nPART,Crib,,0,1\n")), stdout=io.StringIO()
        )
    assert not BomLine.objects.exists()
    assert not ItemLedgerEntry.objects.exists()


def test_command_wants_a_directory_with_a_catalogue(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="no directory"):
        call_command("load_catalogue", str(tmp_path / "gone"))
    with pytest.raises(CommandError, match="no catalogue"):
        call_command("load_catalogue", str(tmp_path))


@pytest.mark.parametrize(
    ("name", "code"),
    [("Tool Crib", "TOOL-CRIB"), ("Finished Goods Storage", "FINISH-GOODS-STORAG"), ("Paint", "PAINT"), ("!", "")],
)
def test_location_code_is_made_from_its_name(name: str, code: str) -> None:
    assert location_code(name) == code
