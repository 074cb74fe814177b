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


# --- Rows that hang on others ----------------------------------------------------------------------------------------


@pytest.fixture
def notes(paper: Paper) -> Paper:
    """Notes by colour, that hang on papers and on lines."""
    sql(
        "CREATE TABLE example_note (id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, source_kind text NOT NULL,"
        " source_id bigint NOT NULL, colour text NOT NULL, pages integer NOT NULL)"
    )
    owners = {
        "line": "SELECT id AS source_id, paper_id AS document_id, line_no FROM example_line",
        "paper": "SELECT id AS source_id, id AS document_id, NULL::int AS line_no FROM example_paper",
    }
    for source_kind, query in owners.items():
        operation = triggers.owned(
            "example_note",
            source_kind,
            source_kind=source_kind,
            owners=query,
            kind="paper",
            document_table="example_paper",
            naming=["colour"],
            ignore=["id"],
        )
        for statement in statements(operation.sql):
            sql(statement)
    return paper


def note(source_kind: str, source_id: int, **pages: int) -> None:
    """Hang notes of these colours on something, in one statement."""
    rows = [f"('{source_kind}', {source_id}, '{colour}', {count})" for colour, count in pages.items()]
    sql(f"INSERT INTO example_note (source_kind, source_id, colour, pages) VALUES {', '.join(rows)}")


def test_what_hangs_on_a_line_belongs_to_its_document(notes: Paper) -> None:
    line = Line.objects.get(line_no=20000)
    before, told = rev(), len(trail(notes))

    note("line", line.pk, red=3, blue=0)
    sql("UPDATE example_note SET pages = 4 WHERE colour = 'red'")
    sql("DELETE FROM example_note WHERE colour = 'blue'")

    assert rev() == before + 3
    assert trail(notes)[told:] == [
        ("created", 20000, {"colour": ["red", "red"], "pages": [None, "3"]}),
        ("created", 20000, {"colour": ["blue", "blue"], "pages": [None, "0"]}),
        ("changed", 20000, {"colour": ["red", "red"], "pages": ["3", "4"]}),
        ("deleted", 20000, {"colour": ["blue", "blue"], "pages": ["0", None]}),
    ]


def test_what_hangs_on_the_document_itself_has_no_line(notes: Paper) -> None:
    before = rev()

    note("paper", notes.pk, red=3)

    assert rev() == before + 1
    assert trail(notes)[-1] == ("created", None, {"colour": ["red", "red"], "pages": [None, "3"]})


def test_a_row_that_changes_its_name_tells_both(notes: Paper) -> None:
    note("paper", notes.pk, red=3)

    sql("UPDATE example_note SET colour = 'green'")

    assert trail(notes)[-1] == ("changed", None, {"colour": ["red", "green"]})


def test_what_does_not_change_or_hangs_on_nothing_is_no_event(notes: Paper) -> None:
    note("line", Line.objects.get(line_no=10000).pk, red=3)
    before, told = rev(), len(trail(notes))

    sql("UPDATE example_note SET pages = pages")
    note("line", 0, red=1)
    note("drawer", notes.pk, red=1)

    assert (rev(), len(trail(notes))) == (before, told)


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
