"""Many rows in one statement: inserted, and written where they differ."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.db import DataError, connection, transaction
from django.test.utils import CaptureQueriesContext

from backoffice.changes import insert_rows, snapshot, write_changes
from tests.backoffice.example import Line, Paper, Status, make_tables


@pytest.fixture(autouse=True)
def _tables(db: None) -> None:
    make_tables()


def papers(*numbers: str) -> list[Paper]:
    return [Paper(no=no, status=Status.CLOSED, due_date=dt.date(2031, 3, 1)) for no in numbers]


def test_rows_are_inserted_by_one_statement_with_their_keys_and_defaults() -> None:
    with CaptureQueriesContext(connection) as caught:
        made = insert_rows(Paper, papers("P1", "P2", "P3"))

    assert len(caught) == 1
    assert {(row.no, row.status, row.due_date, row.created_at) for row in Paper.objects.all()} == {
        (row.no, "closed", dt.date(2031, 3, 1), row.created_at) for row in made
    }
    assert [Paper.objects.get(pk=row.pk).no for row in made] == ["P1", "P2", "P3"]
    assert not any(row._state.adding for row in made)


def test_what_was_inserted_can_be_saved_again() -> None:
    [made] = insert_rows(Paper, papers("P1"))

    made.note = "x"
    made.save()

    assert Paper.objects.get().note == "x"


def test_no_rows_no_statement() -> None:
    with CaptureQueriesContext(connection) as caught:
        assert insert_rows(Paper, []) == []

    assert len(caught) == 0


def test_numbers_stay_exact() -> None:
    [paper] = insert_rows(Paper, papers("P1"))
    exact = Decimal("1234567890123.12345")

    insert_rows(Line, [Line(paper=paper, line_no=1, quantity=exact), Line(paper=paper, line_no=2, quantity=3)])

    assert [row.quantity for row in Line.objects.order_by("line_no")] == [exact, 3]


def test_a_key_that_is_given_is_kept() -> None:
    insert_rows(Paper, [Paper(pk=41, no="P1"), Paper(pk=40, no="P2")])

    assert {row.no: row.pk for row in Paper.objects.all()} == {"P1": 41, "P2": 40}


def test_a_text_that_is_too_long_is_refused_and_not_cut_off() -> None:
    [paper] = insert_rows(Paper, papers("P1"))
    before = snapshot(paper)
    paper.note = "x" * 101

    with pytest.raises(DataError), transaction.atomic():
        write_changes(Paper, [(paper, before)])
    with pytest.raises(DataError), transaction.atomic():
        insert_rows(Paper, papers("P" * 21))

    assert [(row.no, row.note) for row in Paper.objects.all()] == [("P1", "")]


def test_only_rows_that_differ_are_written() -> None:
    one, two = insert_rows(Paper, papers("P1", "P2"))
    before = snapshot(one), snapshot(two)
    two.note = "changed"

    written = write_changes(Paper, [(one, before[0]), (two, before[1])])

    assert written == [two]
    assert {row.no: (row.note, row.rev) for row in Paper.objects.all()} == {"P1": ("", one.rev), "P2": ("changed", 2)}
