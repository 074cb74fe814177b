"""The history of a document as its page shows it."""

from __future__ import annotations

import pytest
from pytest_django import DjangoAssertNumQueries

from backoffice.models import AuditEntry
from backoffice.pages.history import Change, FieldChange, history_of

LABELS = {"quantity": "Quantity", "blocked": "Blocked", "description": "Description"}


def happened(**values: object) -> None:
    AuditEntry.objects.create(
        **{
            "kind": "paper",
            "document_id": "7",
            "object_table": "paper",
            "object_pk": "7",
            "action": "changed",
            "actor_id": 1,
            "actor_name": "alice",
            "channel": "page",
            "request_id": "r1",
            **values,
        }
    )


@pytest.mark.django_db
def test_one_request_is_one_act_newest_first(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    happened(action="created")
    happened(action="created", line_no=10000)
    happened(request_id="r2", actor_name="bob", actor_id=2, channel="api", changes={"quantity": ["7.00000", "9.50000"]})

    with django_assert_num_queries(1):
        acts = history_of("paper", 7, LABELS)

    assert [(act.who, act.channel) for act in acts] == [("bob", "by the API"), ("alice", "on a page")]
    assert acts[0].changes == [
        Change(what="Document changed", fields=[FieldChange(label="Quantity", old="7", new="9.5")])
    ]
    assert acts[1].changes == [Change(what="Document created"), Change(what="Line 10000 created")]


@pytest.mark.django_db
def test_values_are_written_as_people_do() -> None:
    happened(line_no=20000, changes={"blocked": ["true", "false"], "description": [None, "100"]})

    ((change,),) = [act.changes for act in history_of("paper", 7, LABELS)]

    assert change.what == "Line 20000 changed"
    assert [(field.old, field.new) for field in change.fields] == [("yes", "no"), ("", "100")]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("action", "line_no", "quantity", "what", "told"),
    [
        ("created", 10000, [None, "5"], "Lot no. L1 added to line 10000", [("", "5")]),
        ("created", None, [None, "0"], "Lot no. L1 added", []),
        ("changed", 10000, ["5", "3"], "Lot no. L1 of line 10000 changed", [("5", "3")]),
        ("deleted", 10000, ["3", None], "Lot no. L1 taken off line 10000", []),
    ],
)
def test_what_hangs_on_a_line_is_called_by_its_name(
    action: str, line_no: int | None, quantity: list[str | None], what: str, told: list[tuple[str, str]]
) -> None:
    happened(action=action, line_no=line_no, changes={"lot_no": ["L1", "L1"], "quantity": quantity})

    ((change,),) = [act.changes for act in history_of("paper", 7, {**LABELS, "lot_no": "Lot no."})]

    assert change.what == what
    assert change.is_new == (action == "created" and bool(told))
    assert [(field.old, field.new) for field in change.fields] == told


@pytest.mark.django_db
def test_columns_without_a_label_are_the_machinerys() -> None:
    happened(changes={"rev": ["1", "2"], "quantity": ["1.00000", "2.00000"]})
    happened(request_id="r2", changes={"rev": ["2", "3"]})

    (act,) = history_of("paper", 7, LABELS)

    assert act.changes == [Change(what="Document changed", fields=[FieldChange(label="Quantity", old="1", new="2")])]


@pytest.mark.django_db
def test_other_documents_are_left_out() -> None:
    happened(document_id="8")

    assert history_of("paper", 7, LABELS) == []
