"""The promise: when a quantity of an item can leave a location, what decides it, and how it could be earlier.

Read only. One statement for the bill of materials, one for stock and plan of everything in it at all locations, and
three more for the substitutes of what the date waits for: however deep the bill, however many the lines.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from django.db.models import Q

from assembly.own_plan import NOTHING_OWN, OwnPlan
from assembly.scheduling import Schedule, Scheduler, Supplies, Supply
from backoffice.decimals import plain
from backoffice.exceptions import Invalid
from inventory.availability.reading import load_nets
from inventory.bom_graph import Article, BomGraph, ItemKey, load_bom_graph
from inventory.models import ItemSubstitute, Setup
from inventory.rounding import ONE, ZERO, round_to

#: What lies at each location: supplies by item and variant.
Places = Mapping[str, Supplies]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part of the quantity and the day on which it can leave; None: not with what is known."""

    quantity: Decimal
    earliest_date: dt.date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Alternative:
    """A way to be earlier. kind: "split" has `parts`, "location" a `location`, "substitute" what replaces what."""

    kind: str
    earliest_date: dt.date
    parts: tuple[Part, ...] = ()
    location: str | None = None
    component: ItemKey | None = None
    substitute: ItemKey | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """When a quantity can leave (PRM-04), base units. `missing`: of the bottleneck, where there is no date."""

    item: ItemKey
    location: str
    quantity: Decimal
    earliest_date: dt.date | None
    from_inventory: Decimal
    to_assemble: Decimal
    #: The component that the date waits for; None where it waits for nothing but the work.
    bottleneck: ItemKey | None
    bottleneck_date: dt.date | None
    missing: Decimal
    alternatives: tuple[Alternative, ...] = ()


def promise(*, item: ItemKey, location: str, quantity: Decimal, setup: Setup, own: OwnPlan = NOTHING_OWN) -> Promise:
    """Promise a quantity of an inventory item, base units, > 0. Raises: Invalid for what is not kept in stock.

    own: what is in the plan for this very quantity already, as for a line that is stored (PRM-07).
    """
    graph = own.in_graph(load_bom_graph({item.item_id, *own.items}), item.item_id)
    if not graph.articles[item.item_id].is_inventoriable:
        raise Invalid(field="item", detail=f"{item.item_id} is not kept in inventory: there is nothing to wait for.")
    places = load_places(graph, today=setup.today, own=own)
    scheduler = Scheduler(
        graph=graph,
        root=item,
        supplies=places.get(location) or Supplies({}, today=setup.today),
        today=setup.today,
        default_safety_days=setup.default_safety_lead_time_days,
    )
    found = promise_from(scheduler, location=location, quantity=quantity)
    if found.earliest_date == setup.today:
        return found
    alternatives = [
        *_splits(scheduler, found),
        *_other_locations(scheduler, found, places),
        *_substitutes(scheduler, found),
    ]
    return replace(found, alternatives=tuple(sorted(alternatives, key=lambda way: way.earliest_date)))


def load_places(graph: BomGraph, *, today: dt.date, own: OwnPlan = NOTHING_OWN) -> Places:
    """Return what may be taken of everything in the graph, by location. One statement."""
    places = load_nets(graph.articles)
    own.give_back(places)
    return {location: Supplies(nets, today=today) for location, nets in places.items()}


def promise_from(scheduler: Scheduler, *, location: str, quantity: Decimal) -> Promise:
    """PRM-04, PRM-05: the first day, the split, and the component that decides. Pure."""
    date = scheduler.earliest(quantity)
    schedule = scheduler.schedule(quantity, date or scheduler.horizon())
    lacking = schedule.missing_of(scheduler.root)
    can_be_assembled = scheduler.graph.articles[scheduler.root.item_id].can_be_assembled
    bottleneck = _short(scheduler, schedule) if date is None else _awaited(scheduler, schedule, quantity, date)
    return Promise(
        item=scheduler.root,
        location=location,
        quantity=quantity,
        earliest_date=date,
        from_inventory=quantity - lacking,
        to_assemble=lacking if can_be_assembled else ZERO,
        bottleneck=bottleneck,
        bottleneck_date=None if date is None or bottleneck is None else _arrival(scheduler, schedule, bottleneck),
        missing=schedule.missing_of(bottleneck or scheduler.root) if date is None else ZERO,
    )


def _short(scheduler: Scheduler, schedule: Schedule) -> ItemKey | None:
    """Return the first component, in the order of the tree, that is not to be had however long one waits."""
    late = set(schedule.late)
    return next((key for key in scheduler.graph.in_tree_order(scheduler.root) if key in late), None)


def _awaited(scheduler: Scheduler, schedule: Schedule, quantity: Decimal, date: dt.date) -> ItemKey | None:
    """Return the first component, in the order of the tree, one day of whose receipts would cost the date."""
    for key in scheduler.graph.in_tree_order(scheduler.root):
        if _arrives_just_in_time(scheduler.supply(key), schedule.needed.get(key, ())):
            later = scheduler.supplies.with_supply(key, scheduler.supply(key).a_day_later())
            if not scheduler.at_place(later).holds(quantity, date):
                return key
    return None


def _arrives_just_in_time(supply: Supply, needed: Iterable[tuple[int, Decimal]]) -> bool:
    wanted_on = {day for day, _ in needed}
    return any(day in wanted_on for day in supply.days[1:])


def _arrival(scheduler: Scheduler, schedule: Schedule, key: ItemKey) -> dt.date:
    wanted_on = {day for day, _ in schedule.needed[key]}
    return dt.date.fromordinal(max(day for day in scheduler.supply(key).days[1:] if day in wanted_on))


# -- earlier --------------------------------------------------------------------------------------------------


def _splits(scheduler: Scheduler, found: Promise) -> list[Alternative]:
    """Return what could leave at once, and what could leave as soon as it can be assembled; the rest when it can.

    Of a whole number whole numbers.
    """
    ways: list[Alternative] = []
    is_whole = found.quantity == found.quantity.to_integral_value()
    step = ONE if is_whole else scheduler.graph.articles[found.item.item_id].base_precision
    now = min(_whole_steps(scheduler.supply(found.item).until(scheduler.today.toordinal()), step), found.quantity)
    if ZERO < now < found.quantity:
        ways.append(_split(now, scheduler.today, found))
    least = now + step
    soonest = scheduler.earliest(least, before=found.earliest_date) if least < found.quantity else None
    if soonest is not None and soonest > scheduler.today:
        first = scheduler.most(soonest, below=found.quantity, step=step)
        ways.append(_split(first, soonest, found))
    return ways


def _whole_steps(quantity: Decimal, step: Decimal) -> Decimal:
    rounded = round_to(quantity, step)
    return rounded if rounded <= quantity else rounded - step


def _split(first: Decimal, date: dt.date, found: Promise) -> Alternative:
    rest = Part(quantity=found.quantity - first, earliest_date=found.earliest_date)
    return Alternative(kind="split", earliest_date=date, parts=(Part(quantity=first, earliest_date=date), rest))


def _other_locations(scheduler: Scheduler, found: Promise, places: Places) -> list[Alternative]:
    ways = []
    for location in sorted(places.keys() - {found.location}):
        date = scheduler.at_place(places[location]).earliest(found.quantity, before=found.earliest_date)
        if date is not None:
            ways.append(Alternative(kind="location", earliest_date=date, location=location))
    return ways


def _substitutes(scheduler: Scheduler, found: Promise) -> list[Alternative]:
    """Return the substitutes of the bottleneck with which all of it could leave earlier. Three statements."""
    if found.bottleneck is None:
        return []
    candidates = _substitutes_of(found.bottleneck)
    if not candidates:
        return []
    graph = load_bom_graph({key.item_id for key in candidates})
    supplies = load_places(graph, today=scheduler.today).get(found.location) or Supplies({}, today=scheduler.today)
    ways = []
    for substitute in candidates:
        if not graph.articles[substitute.item_id].is_inventoriable:
            continue
        changed = Scheduler(
            graph=_exchanged(scheduler.graph, graph, found.bottleneck, substitute),
            root=scheduler.root,
            supplies=scheduler.supplies.joined(supplies),
            today=scheduler.today,
            default_safety_days=scheduler.default_safety_days,
        )
        date = changed.earliest(found.quantity, before=found.earliest_date)
        if date is not None:
            ways.append(
                Alternative(kind="substitute", earliest_date=date, component=found.bottleneck, substitute=substitute)
            )
    return ways


def _substitutes_of(key: ItemKey) -> list[ItemKey]:
    """Return what may take a component's place: an interchangeable substitute goes both ways (DM-18)."""
    rows = ItemSubstitute.objects.filter(
        Q(item=key.item_id, variant_code=key.variant_code)
        | Q(interchangeable=True, substitute=key.item_id, substitute_variant_code=key.variant_code)
    ).order_by("pk")
    found = {}
    for row in rows:
        ends = (ItemKey(row.item_id, row.variant_code), ItemKey(row.substitute_id, row.substitute_variant_code))
        found[ends[1] if ends[0] == key else ends[0]] = True
    return list(found)


def _exchanged(graph: BomGraph, others: BomGraph, component: ItemKey, substitute: ItemKey) -> BomGraph:
    """Return the graph with the substitute wherever the component was, with what the substitute is made of."""
    articles: dict[str, Article] = {**others.articles, **graph.articles}
    for no, article in graph.articles.items():
        parts = [replace(part, key=substitute) if part.key == component else part for part in article.parts]
        articles[no] = replace(article, parts=parts)
    return BomGraph(articles)


# -- words ----------------------------------------------------------------------------------------------------


def reason(found: Promise) -> str:
    """Say in words why the promise is as it is."""
    if found.earliest_date is None:
        short = found.bottleneck.item_id if found.bottleneck else found.item.item_id
        return f"{plain(found.missing)} of {short} are missing, and nothing that is known brings them."
    if not found.to_assemble:
        return f"All of it is in inventory on {found.earliest_date}."
    parts = [f"{plain(found.from_inventory)} from inventory, "] if found.from_inventory else []
    parts.append(f"{plain(found.to_assemble)} to assemble")
    if found.bottleneck is not None:
        parts.append(f"; the assembly waits for {found.bottleneck.item_id}, expected on {found.bottleneck_date}")
    return "".join(parts) + "."
