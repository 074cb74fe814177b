"""Whatever is entered, changed, reserved and posted: the figures are those that the documents add up to.

200 states in the suite; KITWRIGHT_STATES asks for more.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction

from assembly import availability as assembly_availability
from assembly.models import AssemblyDocument
from assembly.reading import shown_documents
from assembly.services.posting import post_assembly_order
from backoffice.exceptions import DomainError, Refusals
from inventory.availability.questions import Place, figures_at
from inventory.models import Item, PlannedMovement, PurchaseOrder, Setup
from inventory.services.receiving import receive_purchase_order
from sales import availability as sales_availability
from sales.models import SalesDocument, SalesDocumentType, SalesLine
from sales.reading import shown_lines
from sales.services.posting import post_sales_order
from tests.assembly.availability.books import Books
from tests.factories import make_item, make_kit, make_location, make_stock_kit
from tests.support import assemble, change, day, line_of, plan, sell, settle_setup
from tests.support_stock import expect, put_in_stock, reserve_movement

STATES = int(os.environ.get("KITWRIGHT_STATES", "200"))
STEPS = 25


class World:
    """A small company in which something happens."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        settle_setup(
            default_safety_lead_time_days=self.chance.choice([0, 1, 3]),
            check_avail_period_days=self.chance.choice([None, 0, 4, 20]),
        )
        make_location("BLUE")
        parts = [make_item(f"P{index}", units={"BOX": 6}, variants=["RED"]) for index in range(3)]
        sub = make_stock_kit(
            "SUB",
            lead_time_days=2,
            bom=[{"item": parts[0], "quantity_per": 2}, {"item": parts[1], "quantity_per": "0.3"}],
        )
        kit = make_kit(
            "KIT",
            units={"PACK": 4},
            lead_time_days=1,
            safety_lead_time_days=self.chance.choice([None, 2]),
            bom=[
                {"item": sub, "quantity_per": 1, "lead_time_offset_days": 2},
                {
                    "item": parts[2],
                    "quantity_per": "0.5",
                    "unit_of_measure": parts[2].units.get(unit_of_measure="BOX").unit_of_measure,
                },
            ],
        )
        self.items = [*parts, sub, kit]
        self.kits = [sub, kit]

    def quantity(self) -> str:
        return str(self.chance.choice(["1", "2", "2.5", "4", "7", "12", "0.33333", "30"]))

    def days(self) -> int:
        return self.chance.randint(-2, 25)

    def location(self) -> str:
        return self.chance.choice(["MAIN", "MAIN", "MAIN", "BLUE"])

    # -- what may happen --------------------------------------------------------------------------------------

    def stock(self) -> None:
        put_in_stock(self.chance.choice(self.items), self.chance.choice([3, 20, 60]), location=self.location())

    def expect(self) -> None:
        expect(self.chance.choice(self.items), self.quantity(), self.days(), location=self.location())

    def sell(self) -> None:
        kind = self.chance.choice([SalesDocumentType.ORDER] * 4 + [SalesDocumentType.QUOTE])
        item = self.chance.choice(self.items)
        line = {"no": item.no, "quantity": self.quantity()}
        if item in self.kits and kind == SalesDocumentType.ORDER and self.chance.random() < 0.5:
            line["qty_to_assemble_to_order"] = self.quantity()
        if self.chance.random() < 0.2:
            line["unit_of_measure"] = "PACK" if item.no == "KIT" else "BOX"
        sell(line, document_type=kind, shipment_date=day(self.days()), location=self.location())

    def assemble(self) -> None:
        assemble(self.chance.choice(self.kits), self.quantity(), due_date=day(self.days()), location=self.location())

    def change_sale(self) -> None:
        line = self.chance.choice(list(SalesLine.objects.filter(document__document_type="sales_order")))
        given: dict[str, Any] = self.chance.choice(
            [
                {"quantity": self.quantity()},
                {"shipment_date": day(self.days())},
                {"qty_to_assemble_to_order": self.quantity()},
            ]
        )
        change(line_of(line.document, line.line_no), **given)

    def change_assembly(self) -> None:
        order = self.chance.choice(list(AssemblyDocument.objects.filter(link=None)))
        given: dict[str, Any] = self.chance.choice([{"quantity": self.quantity()}, {"due_date": day(self.days())}])
        plan(order, **given)

    def reserve(self) -> None:
        reserve_movement(self.chance.choice(list(PlannedMovement.objects.filter(quantity__lt=0))))

    def receive(self) -> None:
        receive_purchase_order(self.chance.choice(list(PurchaseOrder.objects.all())).no, {})

    def post_assembly(self) -> None:
        order = self.chance.choice(list(AssemblyDocument.objects.filter(link=None, status="open")))
        plan(order, quantity_to_assemble=1)
        post_assembly_order(no=order.no)

    def ship(self) -> None:
        order = self.chance.choice(list(SalesDocument.objects.filter(document_type="sales_order")))
        post_sales_order(no=order.no, ship=True, invoice=False)

    def happens(self) -> None:
        """Let one thing happen, if it may."""
        acts: list[Callable[[], None]] = [
            self.stock, self.stock, self.expect, self.expect, self.sell, self.sell, self.sell,
            self.assemble, self.assemble, self.change_sale, self.change_sale, self.change_assembly,
            self.reserve, self.reserve, self.receive, self.post_assembly, self.post_assembly, self.ship, self.ship,
        ]  # fmt: skip
        try:
            with transaction.atomic():
                self.chance.choice(acts)()
        except (DomainError, Refusals, IndexError):
            # It was refused, or there was nothing to do it to.
            pass


def figures_agree(books: Books, item: Item, location: str, days: int) -> None:
    place, date = (item.no, "", location), day(days)
    seen = figures_at(
        Place(item=item.no, location=location, variant=""),
        date=date,
        look_ahead_days=books.setup.check_avail_period_days,
    )
    due = [row for row in books.rows if row.place == place and row.date <= date]
    assert seen.on_hand == books.on_hand.get(place, 0)
    assert seen.reserved_on_hand == books.reserved_on_hand.get(place, 0)
    assert seen.scheduled_receipt == sum(row.quantity for row in due if row.quantity > 0)
    ahead = books.ahead(place, date)
    assert seen.gross_requirement - ahead == -sum(row.quantity for row in due if row.quantity < 0)
    assert seen.available == books.available(place, date) - ahead


def orders_agree(books: Books) -> None:
    documents = list(shown_documents())
    assembly_availability.attach(documents)
    for document in documents:
        able, date, short = books.order(document)
        lines = [line for line in document.lines.all() if line.type == "item"]
        assert (document.ability.able_to_assemble, document.ability.earliest_date) == (able, date)
        assert [getattr(line, "avail_warning") for line in lines] == short  # noqa: B009


def sales_agree(books: Books) -> None:
    for document in SalesDocument.objects.filter(document_type="sales_order"):
        lines = list(shown_lines().filter(document=document))
        sales_availability.attach(document, lines)
        for line in lines:
            seen = line.availability
            assert seen is not None
            available, on_hand, short = books.sales_line(line)
            assert (seen.available, seen.on_hand, bool(seen.missing)) == (available, on_hand, short)
            assert seen.warning == (short or seen.lacks_components)


@pytest.mark.parametrize("seed", range(max(1, STATES // STEPS)))
def test_the_figures_are_what_the_documents_add_up_to(house: Setup, seed: int) -> None:
    world = World(seed)
    for _ in range(STEPS):
        world.happens()

        books = Books()
        figures_agree(books, world.chance.choice(world.items), world.location(), world.days())
        orders_agree(books)
        sales_agree(books)
    assert books.rows
