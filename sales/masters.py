"""The master data that sales lines refer to, loaded for all lines of a request at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from backoffice.exceptions import Blocked, NotFound
from inventory.blocking import Use
from inventory.lookups import ItemFacts, load_items, load_locations, load_resources
from inventory.models import Bin, Location, Resource, Setup
from sales.models import SalesDocumentType, SalesLine, SalesLineType

#: What a request says of one line: contract field names, parsed values.
LineValues = Mapping[str, Any]


@dataclass(slots=True, kw_only=True)
class SalesMasters:
    """Items, resources, locations and bins by their keys. Looking up what does not exist refuses at the field."""

    setup: Setup
    items: dict[str, ItemFacts] = field(default_factory=dict)
    resources: dict[str, Resource] = field(default_factory=dict)
    locations: dict[str, Location] = field(default_factory=dict)
    bins: set[tuple[str, str]] = field(default_factory=set)
    blanket_lines: dict[tuple[str, int], SalesLine] = field(default_factory=dict)

    def item(self, no: str) -> ItemFacts:
        """Return an item that may be sold, or refuse with not_found or blocked."""
        facts = self.items.get(no)
        if facts is None:
            raise NotFound(field="no", what="Item", key=no)
        if facts.item.blocked or facts.item.sales_blocked:
            raise Blocked(field="no", what="Item", key=no)
        return facts

    def resource(self, no: str) -> Resource:
        """Return a resource that may be sold, or refuse with not_found or blocked."""
        resource = self.resources.get(no)
        if resource is None:
            raise NotFound(field="no", what="Resource", key=no)
        if resource.blocked:
            raise Blocked(field="no", what="Resource", key=no)
        return resource

    def location(self, code: str) -> Location:
        """Return a location, or refuse with not_found."""
        if code not in self.locations:
            raise NotFound(field="location", what="Location", key=code)
        return self.locations[code]

    def blanket_line(self, no: str, line_no: int) -> SalesLine:
        """Return a line of a blanket order, or refuse with not_found."""
        line = self.blanket_lines.get((no, line_no))
        if line is None:
            raise NotFound(field="blanket_order_no", what="Blanket order line", key=f"{no} {line_no}")
        return line

    def require_bin(self, location: Location, code: str) -> None:
        """Refuse a bin that the location does not have."""
        if code and (location.code, code) not in self.bins:
            raise NotFound(field="bin", what=f"Bin at location {location.code}", key=code)


def load_masters(
    *,
    setup: Setup,
    known: Sequence[Location | None],
    lines: Sequence[SalesLine],
    values: Sequence[LineValues],
) -> SalesMasters:
    """Load what these lines and values refer to; `known` are locations at hand. At most six statements."""
    locations = {location.code: location for location in known if location is not None}
    locations |= {line.location.code: line.location for line in lines if line.location is not None}
    asked = {entry.get("location") for entry in values} - locations.keys()
    return SalesMasters(
        setup=setup,
        items=load_items(_item_nos(lines, values), variants=_any_variant(lines, values)),
        resources=load_resources(_resource_nos(lines, values)),
        locations=locations | load_locations(asked),
        bins=_asked_bins(values),
        blanket_lines=_asked_blanket_lines(values),
    )


def _type_of(entry: LineValues) -> str:
    return str(entry.get("type") or SalesLineType.ITEM)


def _item_nos(lines: Sequence[SalesLine], values: Sequence[LineValues]) -> set[str]:
    # A number without a type on an existing line may be a resource's: looking it up among the items too is harmless.
    asked = {str(entry["no"]) for entry in values if entry.get("no") and _type_of(entry) == SalesLineType.ITEM}
    return asked | {line.item_id for line in lines if line.item_id}


def _resource_nos(lines: Sequence[SalesLine], values: Sequence[LineValues]) -> set[str]:
    known = {line.resource_id for line in lines if line.resource_id}
    # On a line that sells a resource a number without a type is another resource's.
    kinds = {SalesLineType.RESOURCE, None} if known else {SalesLineType.RESOURCE}
    return known | {str(entry["no"]) for entry in values if entry.get("no") and entry.get("type") in kinds}


def _any_variant(lines: Sequence[SalesLine], values: Sequence[LineValues]) -> bool:
    return any(entry.get("variant") for entry in values) or any(line.variant_code for line in lines)


def _asked_bins(values: Sequence[LineValues]) -> set[tuple[str, str]]:
    codes = {str(entry["bin"]) for entry in values if entry.get("bin")}
    if not codes:
        return set()
    return set(Bin.objects.filter(code__in=codes).values_list("location_id", "code"))


def uses_of(lines: Sequence[SalesLine]) -> list[Use]:
    """Return what the lines use that may be blocked."""
    return [
        Use(
            field=f"lines[{line.line_no}].no",
            variant_field=f"lines[{line.line_no}].variant",
            item=line.item,
            variant_code=line.variant_code,
            resource=line.resource,
        )
        for line in lines
    ]


def _asked_blanket_lines(values: Sequence[LineValues]) -> dict[tuple[str, int], SalesLine]:
    nos = {str(entry["blanket_order_no"]) for entry in values if entry.get("blanket_order_no")}
    if not nos:
        return {}
    rows = SalesLine.objects.filter(
        document__document_type=SalesDocumentType.BLANKET_ORDER, document__no__in=nos
    ).select_related("document")
    return {(row.document.no, row.line_no): row for row in rows}
