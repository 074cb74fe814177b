"""Drawing numbers."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from backoffice import numbers
from backoffice.models import NumberSeries
from backoffice.series import SERIES
from tests.backoffice.test_idempotency import together


def test_every_series_is_there(db: None) -> None:
    stored = {series.code: (series.prefix, series.gapless, series.digits) for series in NumberSeries.objects.all()}

    assert stored == {series.code: (series.prefix, series.gapless, series.digits) for series in SERIES}
    assert {prefix for prefix, _, _ in stored.values()} == {
        *("SQ-", "SO-", "BO-", "AQ-", "AO-", "AB-", "PO-"),
        *("SS-", "SI-", "PA-", "PR-"),
    }


def number(no: str) -> int:
    return int(no.rpartition("-")[2])


def test_numbers_ascend_in_one_statement(db: None) -> None:
    with CaptureQueriesContext(connection) as captured:
        drawn = numbers.draw("purchase_order", 3)

    assert len(captured) == 1
    assert [no[:3] for no in drawn] == ["PO-"] * 3
    assert [number(no) - number(drawn[0]) for no in drawn] == [0, 1, 2]
    assert len(drawn[0]) == len("PO-000001")


def test_a_number_past_its_digits_grows(db: None) -> None:
    NumberSeries.objects.filter(code="purchase_order").update(digits=1)
    numbers.draw("purchase_order", 12)

    assert number(numbers.draw("purchase_order")[0]) > 10


@pytest.mark.parametrize("series", ["nothing", "sales_shipment"])
def test_a_series_that_is_none_of_open_documents_is_a_bug(db: None, series: str) -> None:
    with pytest.raises(LookupError):
        numbers.draw(series)


def test_a_number_given_by_hand_is_never_drawn(db: None) -> None:
    last = number(numbers.draw("purchase_order")[0])

    numbers.note_given("purchase_order", f"PO-{last + 3:06}")
    assert number(numbers.draw("purchase_order")[0]) == last + 4

    numbers.note_given("purchase_order", f"PO-{last + 100_000:06}")
    assert number(numbers.draw("purchase_order")[0]) == last + 100_001


@pytest.mark.parametrize(
    "no", ["PO-1", "PO-000000", "SO-999999", "PO-99999x", "X", "", "PO-", "PO-" + "9" * 18, "PO--00001", "PO-٣٣٣٣٣٣"]
)
def test_a_number_of_another_pattern_moves_nothing(db: None, no: str) -> None:
    last = number(numbers.draw("purchase_order")[0])

    with CaptureQueriesContext(connection) as captured:
        numbers.note_given("purchase_order", no)

    assert len(captured) == 1
    assert number(numbers.draw("purchase_order")[0]) == last + 1


@pytest.mark.breaks_integrity  # the numbers are drawn for no document
def test_posted_documents_leave_no_gap(db: None) -> None:
    with transaction.atomic():
        numbers.draw_gapless("sales_shipment")
        transaction.set_rollback(True)

    assert [numbers.draw_gapless("sales_shipment") for _ in range(2)] == ["SS-000001", "SS-000002"]
    assert numbers.draw_gapless_each({"sales_shipment": 3, "posted_assembly_order": 1, "sales_invoice": 0}) == {
        "sales_shipment": ["SS-000003", "SS-000004", "SS-000005"],
        "posted_assembly_order": ["PA-000001"],
        "sales_invoice": [],
    }
    with pytest.raises(LookupError):
        numbers.draw_gapless("sales_order")


def test_two_series_cannot_share_a_prefix(db: None) -> None:
    with pytest.raises(IntegrityError, match="numberseries_prefix_unique"), transaction.atomic():
        NumberSeries.objects.filter(code="sales_order").update(prefix="SQ-")


@pytest.mark.breaks_integrity
@pytest.mark.concurrency
def test_rivals_draw_every_gapless_number_once(transactional_db: None) -> None:
    def post(_: int) -> str:
        with transaction.atomic():
            return numbers.draw_gapless("sales_invoice")

    drawn = [no for _ in range(5) for no in together(8, post)]

    assert sorted(drawn) == [f"SI-{i:06}" for i in range(1, 41)]


@pytest.mark.concurrency
def test_rivals_draw_and_give_without_meeting(transactional_db: None) -> None:
    def work(i: int) -> list[str]:
        if i % 2:
            return numbers.draw("sales_order", 20)
        numbers.note_given("sales_order", f"SO-{i * 15:06}")
        return []

    drawn = [no for nos in together(8, work) for no in nos]

    assert len(set(drawn)) == len(drawn) == 80
