"""Suggest supply for what demand finds uncovered, and make the orders of what is accepted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assembly import storage
from assembly.header_entry import HeaderEntry, HeaderMasters
from assembly.models import AssemblyDocument, AssemblyDocumentType
from assembly.netting import Plant, Suggestion
from assembly.revision import Revision
from backoffice.exceptions import DomainError, Invalid, NotFound, Refusals, raise_all
from backoffice.transactions import act
from inventory.availability.reading import load_all
from inventory.bom_graph import load_bom_graph
from inventory.lookups import current_setup, load_boms, load_items, load_locations
from inventory.models import (
    Item,
    ItemType,
    Location,
    PlannedMovement,
    ReorderingPolicy,
    ReplenishmentSystem,
    Setup,
    StockBalance,
)
from inventory.services.purchasing import create_purchase_order

#: A suggestion as a request names it: contract field names, parsed values.
Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptedSuggestions:
    """The numbers of the orders that were made."""

    assembly_orders: list[str]
    purchase_orders: list[str]


def suggest(*, items: Sequence[str] | None, location: str | None, ending_date: dt.date | None) -> list[Suggestion]:
    """Suggest supply for these items, or for all, at one location or at each; only items with a reordering policy.

    Demand after the ending date does not count. Writes nothing; six statements at most. Raises: NotFound.
    """
    setup = current_setup()
    if location and not Location.objects.filter(code=location).exists():
        raise NotFound(field="location", what="Location", key=location)
    planned = _planned(items)
    graph = load_bom_graph(planned)
    where: dict[str, Any] = {"item__in": list(planned), **({"location": location} if location else {})}
    outlooks = load_all(StockBalance.objects.filter(**where), PlannedMovement.objects.filter(**where))
    return Plant(
        items=planned,
        graph=graph,
        outlooks=outlooks.known,
        today=setup.today,
        ending_date=ending_date,
        default_safety_days=setup.default_safety_lead_time_days,
    ).suggest()


@act
def accept(suggestions: Sequence[Values]) -> AcceptedSuggestions:
    """Make an assembly order of each suggestion to assemble, and one purchase order of those to purchase (PLN-05).

    Raises: Required, NotFound, Invalid, Blocked and what the orders refuse, at "suggestions[index].field", all faulty
    ones at once. As many statements for many suggestions as for one.
    """
    setup = current_setup()
    systems = _systems(suggestions)
    to_assemble = [index for index, system in enumerate(systems) if system == ReplenishmentSystem.ASSEMBLY]
    to_purchase = [index for index, system in enumerate(systems) if system == ReplenishmentSystem.PURCHASE]
    return AcceptedSuggestions(
        assembly_orders=_assemble({index: suggestions[index] for index in to_assemble}, setup),
        purchase_orders=_purchase({index: suggestions[index] for index in to_purchase}),
    )


def _planned(nos: Sequence[str] | None) -> dict[str, Item]:
    items = Item.objects.exclude(reordering_policy=ReorderingPolicy.NONE).filter(type=ItemType.INVENTORY, blocked=False)
    if nos is None:
        return items.in_bulk()
    known = Item.objects.in_bulk(nos)
    for index, no in enumerate(nos):
        if no not in known:
            raise NotFound(field=f"items[{index}]", what="Item", key=no)
    return {
        no: item for no, item in known.items() if item.reordering_policy and item.is_inventoriable and not item.blocked
    }


def _systems(suggestions: Sequence[Values]) -> list[str]:
    """Return how each suggestion is to be replenished: as it says, or as the item does."""
    items = Item.objects.in_bulk({values["item"] for values in suggestions})
    refusals: list[DomainError] = []
    systems = []
    for index, values in enumerate(suggestions):
        item = items.get(values["item"])
        system = values.get("replenishment_system") or (item.replenishment_system if item else "")
        if item is None:
            refusals.append(NotFound(field=f"suggestions[{index}].item", what="Item", key=values["item"]))
        elif system == ReplenishmentSystem.TRANSFER:
            refusals.append(
                Invalid(
                    field=f"suggestions[{index}].replenishment_system",
                    detail="There are no transfer orders: assemble it or purchase it.",
                )
            )
        systems.append(system)
    raise_all(refusals)
    return systems


def _assemble(chosen: Mapping[int, Values], setup: Setup) -> list[str]:
    if not chosen:
        return []
    nos = {values["item"] for values in chosen.values()}
    items, boms = load_items(nos, variants=True), load_boms(nos)
    locations = load_locations({values.get("location") for values in chosen.values()})
    if setup.default_location is not None:
        locations[setup.default_location.code] = setup.default_location
    refusals: list[DomainError] = []
    revisions = []
    for index, values in chosen.items():
        document = AssemblyDocument(document_type=AssemblyDocumentType.ORDER, posting_date=setup.today)
        revision = Revision(document, [], setup=setup)
        masters = HeaderMasters(items=items, bom=boms[values["item"]], locations=locations)
        entered = {name: value for name, value in values.items() if name != "replenishment_system"}
        try:
            HeaderEntry(revision, masters=masters, link=None).apply(
                {"location": setup.default_location_id, "due_date": setup.today, **entered}
            )
        except DomainError as error:
            refusals.append(error.at(f"suggestions[{index}]"))
        revisions.append(revision)
    raise_all(refusals)
    storage.store(revisions)
    return [revision.document.no for revision in revisions]


def _purchase(chosen: Mapping[int, Values]) -> list[str]:
    if not chosen:
        return []
    lines = [
        {
            "expected_receipt_date": values.get("due_date"),
            **{name: values[name] for name in ("item", "variant", "location", "quantity") if name in values},
        }
        for values in chosen.values()
    ]
    try:
        return [create_purchase_order({"lines": lines}).no]
    except DomainError as error:
        raise _at_suggestion(error, list(chosen)) from error
    except Refusals as refusals:
        raise Refusals([_at_suggestion(error, list(chosen)) for error in refusals.errors]) from refusals


def _at_suggestion(error: DomainError, indexes: Sequence[int]) -> DomainError:
    """Say of which suggestion a refused line of the purchase order was made."""
    moved = error.at("suggestions")
    for place, index in enumerate(indexes):
        if moved.field and moved.field.startswith(f"suggestions.lines[{place}]"):
            moved.field = moved.field.replace(f"suggestions.lines[{place}]", f"suggestions[{index}]", 1)
            break
    if moved.field:
        moved.field = moved.field.replace("expected_receipt_date", "due_date")
    return moved
