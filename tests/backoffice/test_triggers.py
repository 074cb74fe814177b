"""What the database keeps by itself, whoever writes: trail, revisions, append-only tables."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from backoffice import acting, triggers
from backoffice.audit import done_by, history
from backoffice.models import ApiToken, AuditEntry, User
from backoffice.transactions import run_unit
from tests.backoffice.example import Line, Paper, make_tables, statements


def sql(text: str, *params: Any) -> list[Any]:
    """Run SQL as nobody in particular."""
    with connection.cursor() as cursor:
        cursor.execute(text, params or None)
        return list(cursor.fetchall()) if cursor.description else []


@pytest.fixture
def paper(db: None) -> Paper:
    """A paper of two lines."""
    make_tables()
    made = Paper.objects.create(no="P1")
    Line.objects.bulk_create(Line(paper=made, line_no=i * 10000, quantity=i) for i in (1, 2))
    return Paper.objects.get()


def rev() -> int:
    return Paper.objects.get(no="P1").rev


def trail(paper: Paper) -> list[tuple[str, int | None, dict[str, Any]]]:
    """Return the paper's history as (action, line, changes), oldest first."""
    return [(one.action, one.line_no, one.changes) for one in reversed(history("paper", paper.pk))]


# --- Revisions -------------------------------------------------------------------------------------------------------


def test_a_change_counts_up_once(paper: Paper) -> None:
    before = rev()

    Paper.objects.filter(pk=paper.pk).update(note="x")

    after = Paper.objects.get()
    assert after.rev == before + 1
    assert after.modified_at >= paper.modified_at
    assert after.created_at == paper.created_at


def test_a_save_that_changes_nothing_counts_nothing(paper: Paper) -> None:
    before = Paper.objects.get()

    Paper.objects.filter(pk=paper.pk).update(note=paper.note)
    before.save()

    assert (rev(), Paper.objects.get().modified_at) == (before.rev, before.modified_at)


def test_a_stale_instance_cannot_turn_the_revision_back(paper: Paper) -> None:
    stale = Paper.objects.get()
    Paper.objects.filter(pk=paper.pk).update(note="x")
    Paper.objects.filter(pk=paper.pk).update(note="y")

    stale.note = "z"
    stale.save()

    assert rev() == stale.rev + 3


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE example_line SET quantity = quantity + 1",
        "DELETE FROM example_line",
        "INSERT INTO example_line (paper_id, line_no, quantity) SELECT id, 30000, 1 FROM example_paper",
    ],
)
def test_a_statement_on_the_lines_counts_the_parent_up_once(paper: Paper, statement: str) -> None:
    before = rev()

    sql(statement)

    assert rev() == before + 1


def test_a_line_that_does_not_change_leaves_the_parent_alone(paper: Paper) -> None:
    other = Paper.objects.create(no="P2")
    Line.objects.create(paper=other, line_no=10000, quantity=9)
    other_rev = Paper.objects.get(no="P2").rev
    before = rev()

    sql("UPDATE example_line SET quantity = 9 WHERE quantity >= 2")

    assert rev() == before + 1
    assert Paper.objects.get(no="P2").rev == other_rev


def test_a_line_that_moves_counts_both_parents_up(paper: Paper) -> None:
    other = Paper.objects.create(no="P2")
    before = rev()

    Line.objects.filter(line_no=20000).update(paper=other)

    assert (rev(), Paper.objects.get(no="P2").rev) == (before + 1, 2)


# --- The trail -------------------------------------------------------------------------------------------------------


def test_the_trail_tells_each_row_once(paper: Paper) -> None:
    Line.objects.filter(line_no=10000).update(quantity="7.50")
    Paper.objects.filter(pk=paper.pk).update(note="x", due_date="2031-03-04")
    Line.objects.filter(line_no=20000).delete()

    assert trail(paper) == [
        ("created", None, {}),
        ("created", 10000, {}),
        ("created", 20000, {}),
        ("changed", 10000, {"quantity": ["1", "7.5"], "doubled": ["2", "15"]}),
        ("changed", None, {"note": ["", "x"], "due_date": [None, "2031-03-04"]}),
        (
            "deleted",
            20000,
            {
                "id": [str(Line.objects.get().pk + 1), None],
                "paper_id": [str(paper.pk), None],
                "line_no": ["20000", None],
                "quantity": ["2", None],
                "doubled": ["4", None],
            },
        ),
    ]


def test_a_change_of_the_revision_alone_is_no_event(paper: Paper) -> None:
    before = len(trail(paper))

    sql("UPDATE example_paper SET rev = rev + 1, modified_at = now()")
    sql("UPDATE example_line SET quantity = quantity")

    assert len(trail(paper)) == before


def test_a_moved_key_is_one_row_deleted_and_one_created(paper: Paper) -> None:
    sql("UPDATE example_line SET id = id + 1000 WHERE line_no = 20000")

    assert [(action, line) for action, line, _ in trail(paper)[-2:]] in (
        [("created", 20000), ("deleted", 20000)],
        [("deleted", 20000), ("created", 20000)],
    )


def test_the_trail_names_actor_way_in_and_reason(paper: Paper, clerk: User) -> None:
    with acting.acting_as(clerk, acting.PAGE, reason="wrong colour") as who:
        run_unit(lambda: Paper.objects.filter(pk=paper.pk).update(note="x"))

    entry = history("paper", paper.pk)[0]
    assert (entry.actor_id, entry.actor_name, entry.channel) == (clerk.pk, "clara", "page")
    assert (entry.request_id, entry.reason) == (who.request_id, "wrong colour")
    assert list(done_by(clerk.pk)) == [entry]


def test_what_nobody_did_names_nobody(paper: Paper) -> None:
    entry = history("paper", paper.pk)[0]

    assert (entry.actor_id, entry.actor_name, entry.channel, entry.request_id) == (None, "", "", "")


def test_a_rolled_back_change_leaves_no_trace(paper: Paper) -> None:
    before = len(trail(paper))

    run_unit(lambda: Paper.objects.filter(pk=paper.pk).update(note="x"), rollback=True)

    assert (len(trail(paper)), Paper.objects.get().note) == (before, "")


def test_secrets_are_not_written_down(clerk: User) -> None:
    token = ApiToken.issue(clerk)
    clerk.set_password("another pass phrase")
    clerk.save()
    ApiToken.objects.all().delete()

    entries = list(history("user", clerk.pk))
    assert [entry.changes.get("password") for entry in entries if entry.action == "changed"] == [["***"] * 2]
    assert ApiToken.digest_of(token) not in str([entry.changes for entry in entries])


def test_signing_in_is_no_event(clerk: User) -> None:
    before = history("user", clerk.pk).count()

    sql("UPDATE backoffice_user SET last_login = now()")

    assert history("user", clerk.pk).count() == before


@pytest.mark.parametrize(
    "statement", ["UPDATE backoffice_auditentry SET actor_name = 'x'", "DELETE FROM backoffice_auditentry"]
)
def test_the_trail_cannot_be_changed(paper: Paper, statement: str) -> None:
    before = AuditEntry.objects.count()

    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        sql(statement)

    assert AuditEntry.objects.count() == before


# --- Append-only -----------------------------------------------------------------------------------------------------


def test_an_append_only_table_changes_in_the_named_columns_only(paper: Paper) -> None:
    for statement in statements(triggers.append_only("example_line", ("quantity",)).sql):
        sql(statement)

    Line.objects.filter(line_no=10000).update(quantity=5)

    for forbidden in ("UPDATE example_line SET line_no = 7, quantity = 1", "DELETE FROM example_line"):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            sql(forbidden)
    assert list(Line.objects.order_by("line_no").values_list("line_no", "quantity")) == [(10000, 5), (20000, 2)]


def test_triggers_are_taken_off_again(paper: Paper) -> None:
    taken_off = triggers.child_bumps("example_line", "example_paper", "paper_id").reverse_sql
    for statement in statements(taken_off):
        sql(statement)
    before = rev()

    sql("UPDATE example_line SET quantity = 9")

    assert rev() == before
