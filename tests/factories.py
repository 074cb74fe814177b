"""Masters for tests, made with factory-boy and always valid: each has what a service would have seen to.

Documents are not made here: tests enter them through the services (`tests.support`), which is the only way to
have them whole. A unit or location that is named is found or made, so two factories may name the same one.
"""

# factory-boy ships no complete types: its declarations cannot be checked here, what leaves the module is.
# mypy: disable-error-code="attr-defined, no-untyped-call, untyped-decorator"

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, TypeVar

import factory

from inventory.models import (
    AssemblyPolicy,
    Bin,
    BomLine,
    BomLineType,
    Item,
    ItemSubstitute,
    ItemUnit,
    ItemVariant,
    Location,
    ReplenishmentSystem,
    Resource,
    ResourceUsage,
    UnitOfMeasure,
)
from sales.models import Customer

LINE_STEP = 10000

T = TypeVar("T")


def unit(code: str) -> UnitOfMeasure:
    """Return the unit of this code, made where there is none."""
    return UnitOfMeasure.objects.get_or_create(code=code)[0]


class LocationFactory(factory.django.DjangoModelFactory[Location]):
    """A location without bins: `LocationFactory(code="BLUE")`; `bins=["A", "B"]` makes bins."""

    class Meta:
        model = Location
        django_get_or_create = ("code",)
        skip_postgeneration_save = True

    code = factory.Sequence(lambda n: f"LOC{n}")
    name = factory.LazyAttribute(lambda location: f"Location {location.code}")

    @factory.post_generation
    def bins(self, create: bool, codes: Iterable[str] | None, **_: Any) -> None:
        """Make the bins of these codes."""
        assert isinstance(self, Location)
        for code in codes or ():
            Bin.objects.get_or_create(location=self, code=code)


class ResourceFactory(factory.django.DjangoModelFactory[Resource]):
    """A person paid by the hour."""

    class Meta:
        model = Resource

    no = factory.Sequence(lambda n: f"R{n}")
    name = factory.LazyAttribute(lambda resource: f"Resource {resource.no}")
    base_unit_of_measure = factory.LazyFunction(lambda: unit("HOUR"))
    unit_cost = Decimal(30)


class CustomerFactory(factory.django.DjangoModelFactory[Customer]):
    """A customer who may buy."""

    class Meta:
        model = Customer
        django_get_or_create = ("no",)

    no = factory.Sequence(lambda n: f"CUST{n}")
    name = factory.LazyAttribute(lambda customer: f"Customer {customer.no}")


class ItemFactory(factory.django.DjangoModelFactory[Item]):
    """A purchased item counted in pieces, with its base unit among its units.

    `units={"BOX": 6}` adds units by their factors, `units={"PCS": (1, 1)}` gives factor and rounding precision;
    `variants=["RED"]` adds variants; `bom=[...]` a bill of materials as `make_bom` takes it.
    """

    class Meta:
        model = Item
        skip_postgeneration_save = True

    no = factory.Sequence(lambda n: f"ITEM{n}")
    description = factory.LazyAttribute(lambda item: f"Item {item.no}")
    base_unit_of_measure = factory.LazyFunction(lambda: unit("PCS"))
    sales_unit_of_measure = factory.LazyAttribute(lambda item: item.base_unit_of_measure)

    @factory.post_generation
    def units(self, create: bool, factors: Mapping[str, Any] | None, **_: Any) -> None:
        """Make the units of the item, the base unit always."""
        assert isinstance(self, Item)
        for code, value in {self.base_unit_of_measure_id: 1, **(factors or {})}.items():
            factor, precision = value if isinstance(value, tuple) else (value, 0)
            ItemUnit.objects.create(
                item=self,
                unit_of_measure=unit(code),
                qty_per_unit_of_measure=Decimal(factor),
                qty_rounding_precision=Decimal(precision),
            )

    @factory.post_generation
    def variants(self, create: bool, codes: Iterable[str] | None, **_: Any) -> None:
        """Make the variants of these codes."""
        assert isinstance(self, Item)
        for code in codes or ():
            ItemVariant.objects.create(item=self, code=code, description=f"{self.description} {code}")

    @factory.post_generation
    def bom(self, create: bool, rows: Iterable[Mapping[str, Any]] | None, **_: Any) -> None:
        """Make the bill of materials."""
        assert isinstance(self, Item)
        if rows:
            make_bom(self, rows)


class KitFactory(ItemFactory):
    """An item that is assembled to order."""

    no = factory.Sequence(lambda n: f"KIT{n}")
    replenishment_system = ReplenishmentSystem.ASSEMBLY
    assembly_policy = AssemblyPolicy.ASSEMBLE_TO_ORDER


class StockKitFactory(ItemFactory):
    """An item that is assembled to stock."""

    no = factory.Sequence(lambda n: f"STK{n}")
    replenishment_system = ReplenishmentSystem.ASSEMBLY


class SubstituteFactory(factory.django.DjangoModelFactory[ItemSubstitute]):
    """That `substitute` may take the place of `item`."""

    class Meta:
        model = ItemSubstitute


def make_location(code: str, **given: Any) -> Location:
    """Make a location; `bins=["A", "B"]` with bins."""
    return _made(LocationFactory, Location, {"code": code, **given})


def make_resource(no: str, **given: Any) -> Resource:
    """Make a resource."""
    return _made(ResourceFactory, Resource, {"no": no, **given})


def make_customer(no: str, **given: Any) -> Customer:
    """Make a customer."""
    return _made(CustomerFactory, Customer, {"no": no, **given})


def make_item(no: str, **given: Any) -> Item:
    """Make a purchased item, as `ItemFactory` says."""
    return _made(ItemFactory, Item, {"no": no, **given})


def make_kit(no: str, **given: Any) -> Item:
    """Make an item that is assembled to order."""
    return _made(KitFactory, Item, {"no": no, **given})


def make_stock_kit(no: str, **given: Any) -> Item:
    """Make an item that is assembled to stock."""
    return _made(StockKitFactory, Item, {"no": no, **given})


def make_substitute(item: Item, substitute: Item, **given: Any) -> ItemSubstitute:
    """Let one item take another one's place."""
    return _made(SubstituteFactory, ItemSubstitute, {"item": item, "substitute": substitute, **given})


def _made(maker: type[Any], model: type[T], given: Mapping[str, Any]) -> T:
    # What a factory's call returns is unknown to the type checker; here it learns it.
    made = maker(**given)
    assert isinstance(made, model)
    return made


def make_bom(parent: Item, rows: Iterable[Mapping[str, Any]]) -> list[BomLine]:
    """Make lines of a bill of materials: `{"item": C1, "quantity_per": 2}`, `{"resource": R}`, `{"text": "..."}`."""
    return [_bom_line(parent, (index + 1) * LINE_STEP, dict(row)) for index, row in enumerate(rows)]


def _bom_line(parent: Item, line_no: int, row: dict[str, Any]) -> BomLine:
    if "text" in row:
        return BomLine.objects.create(
            parent=parent, line_no=line_no, type=BomLineType.TEXT, description=row.pop("text"), **row
        )
    component: Item | Resource = row.get("item") or row["resource"]
    of_type: dict[str, Any] = {"type": BomLineType.ITEM, "description": ""}
    if isinstance(component, Resource):
        of_type = {"type": BomLineType.RESOURCE, "resource_usage_type": ResourceUsage.DIRECT}
    row["quantity_per"] = Decimal(str(row["quantity_per"]))
    row.setdefault("unit_of_measure", component.base_unit_of_measure)
    return BomLine.objects.create(**{"parent": parent, "line_no": line_no, **of_type, **row})
