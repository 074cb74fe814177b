"""Whatever is ordered: parts come to the whole, undoing leads back, and a preview is the posting (Hypothesis)."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from assembly.models import AssemblyDocument, PostedAssembly
from assembly.services.posting import post_assembly_order
from assembly.services.undo import undo_posted_assembly
from sales.models import SalesLine, SalesShipment
from sales.services.posting import post_sales_order
from sales.services.undo import undo_shipment
from tests.hypothesis_profiles import is_long
from tests.posting import invoice, post_assembly, ship
from tests.previews import previewed, shown
from tests.scenarios.kits_on_the_shelf import (
    Goods,
    Story,
    assert_same,
    in_the_books,
    on_the_documents,
    on_the_shelf,
    statuses,
    stories,
    taken_back,
    to_do,
)
from tests.support import assemble, change, fresh, line_of, plan, sell_kit

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("house")]

many = settings(
    max_examples=2_000 if is_long() else 25,
    deadline=None,
    derandomize=not is_long(),
    # Stories are short; making one shorter takes minutes.
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def ordered(story: Story) -> SalesLine:
    """Enter the order of the story."""
    return sell_kit(story.prepare(), str(story.quantity), qty_to_assemble_to_order=str(story.assembled))


def planned(story: Story) -> AssemblyDocument:
    """Enter the same as an order to stock."""
    return assemble(story.prepare(), str(story.quantity))


def everything() -> Goods:
    return {**on_the_shelf(), **in_the_books(), **on_the_documents()}


@many
@given(story=stories(), is_invoiced_at_once=st.booleans())
def test_shipped_in_parts_is_shipped_at_once(story: Story, is_invoiced_at_once: bool) -> None:
    with taken_back():
        line = ordered(story)
        post_sales_order(no=line.document.no, ship=True, invoice=True)
        whole, ended = everything(), statuses()

    with taken_back():
        line = ordered(story)
        for part in story.parts:
            change(line_of(line.document), qty_to_ship=str(part))
            post_sales_order(no=line.document.no, ship=True, invoice=is_invoiced_at_once)
        if not is_invoiced_at_once:
            invoice(line.document)

        assert_same(without_keys(everything()), without_keys(whole), rounding=story.rounding)
        assert statuses() == ended == {"closed"}


@many
@given(story=stories())
def test_assembled_in_parts_is_assembled_at_once(story: Story) -> None:
    with taken_back():
        post_assembly(planned(story))
        whole, ended = everything(), statuses()

    with taken_back():
        order = planned(story)
        for part in story.parts:
            plan(order, quantity_to_assemble=str(part))
            post_assembly(order)

        assert_same(without_keys(everything()), without_keys(whole), rounding=story.rounding)
        assert statuses() == ended == {"closed"}


@many
@given(story=stories(), data=st.data())
def test_shipped_and_undone_is_not_shipped(story: Story, data: st.DataObject) -> None:
    with taken_back():
        line = ordered(story)
        shelf, documents, next_step = on_the_shelf(), on_the_documents(), to_do()
        for part in story.parts:
            change(line_of(line.document), qty_to_ship=str(part))
            ship(line.document)

        for no in data.draw(st.permutations(list(SalesShipment.objects.values_list("no", flat=True)))):
            undo_shipment(no=no)

        assert (on_the_shelf(), on_the_documents(), to_do()) == (shelf, documents, next_step)
        assert all(total == 0 for *_, total in in_the_books()["work"])


@many
@given(story=stories(), data=st.data())
def test_assembled_and_undone_is_not_assembled(story: Story, data: st.DataObject) -> None:
    with taken_back():
        order = planned(story)
        shelf, documents, next_step = on_the_shelf(), on_the_documents(), to_do()
        for part in story.parts:
            plan(order, quantity_to_assemble=str(part))
            post_assembly(order)

        for no in data.draw(st.permutations(list(PostedAssembly.objects.values_list("no", flat=True)))):
            undo_posted_assembly(no=no, recreate=True)

        assert (on_the_shelf(), on_the_documents(), to_do()) == (shelf, documents, next_step)
        assert fresh(order).status == "open"


@many
@given(story=stories())
def test_each_part_undone_leads_back_to_the_part_before(story: Story) -> None:
    with taken_back():
        line = ordered(story)
        steps = []
        for part in story.parts:
            change(line_of(line.document), qty_to_ship=str(part))
            steps.append((on_the_shelf(), on_the_documents()))
            ship(line.document)

        for no in SalesShipment.objects.order_by("-no").values_list("no", flat=True):
            undo_shipment(no=no)

            assert (on_the_shelf(), on_the_documents()) == steps.pop()


@many
@given(story=stories(), is_invoiced=st.booleans())
def test_the_preview_of_a_shipment_is_the_shipment(story: Story, is_invoiced: bool) -> None:
    with taken_back():
        no = ordered(story).document.no
        for part in story.parts:
            change(line_of_order(no), qty_to_ship=str(part))

            preview = previewed(lambda: post_sales_order(no=no, ship=True, invoice=is_invoiced))

            assert preview == shown(post_sales_order(no=no, ship=True, invoice=is_invoiced))


@many
@given(story=stories())
def test_the_preview_of_an_assembly_is_the_assembly(story: Story) -> None:
    with taken_back():
        order = planned(story)
        for part in story.parts:
            plan(order, quantity_to_assemble=str(part))

            preview = previewed(lambda: post_assembly_order(no=order.no))

            assert preview == shown(post_assembly_order(no=order.no))


def line_of_order(no: str) -> SalesLine:
    """Return the first line of an order."""
    return SalesLine.objects.select_related("document", "item").get(document__no=no)


def without_keys(goods: Goods) -> Goods:
    """Leave out what names rows by the numbers that were drawn for them."""
    named = {"assembly": 1, "plan": 0, "reserved": 0}
    return {name: [row[named.get(name, 0) :] for row in rows] for name, rows in goods.items()}
