"""Lists over the API: paging, order, filters, shape."""

from __future__ import annotations

import base64
import json
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.backoffice.conftest import Api
from tests.backoffice.example import Line, Paper

FIRST, SECOND = date(2031, 3, 1), date(2031, 3, 2)


@pytest.fixture
def papers(api: Api) -> Api:
    """Seven papers: two share a date, two have none."""
    dates = [SECOND, FIRST, None, SECOND, date(2031, 3, 4), None, FIRST]
    for i, due_date in enumerate(dates, 1):
        paper = Paper.objects.create(no=f"P{i}", due_date=due_date, note=f"Note {i} of Seven")
        Line.objects.create(paper=paper, line_no=10000, quantity=i)
    return api


def walk(api: Api, query: str, limit: int = 2) -> list[str]:
    """Return the numbers of every page, one after the other."""
    found: list[str] = []
    path: str | None = f"papers/?limit={limit}&{query}"
    while path is not None:
        answer = api.get(path)
        assert answer.status_code == 200, answer.body
        assert len(answer.body["results"]) <= limit
        found += [row["no"] for row in answer.body["results"]]
        following = answer.body["next"]
        path = None if following is None else following.removeprefix("http://testserver/api/v1/")
    return found


@pytest.mark.parametrize("limit", [1, 2, 3, 7])
@pytest.mark.parametrize(
    ("ordering", "expected"),
    [
        ("no", ["P1", "P2", "P3", "P4", "P5", "P6", "P7"]),
        ("-no", ["P7", "P6", "P5", "P4", "P3", "P2", "P1"]),
        ("due_date,no", ["P2", "P7", "P1", "P4", "P5", "P3", "P6"]),
        ("due_date,-no", ["P7", "P2", "P4", "P1", "P5", "P6", "P3"]),
        ("-due_date,no", ["P3", "P6", "P5", "P1", "P4", "P2", "P7"]),
        ("status,-due_date", ["P6", "P3", "P5", "P4", "P1", "P7", "P2"]),
    ],
)
def test_pages_join_to_the_whole_list_in_any_order(papers: Api, ordering: str, expected: list[str], limit: int) -> None:
    assert walk(papers, f"ordering={ordering}", limit) == expected


def test_a_row_that_comes_meanwhile_moves_no_page(papers: Api) -> None:
    first = papers.get("papers/?limit=3&ordering=no").body
    Paper.objects.create(no="P0")

    second = papers.get(first["next"].removeprefix("http://testserver/api/v1/")).body

    assert [row["no"] for row in second["results"]] == ["P4", "P5", "P6"]


def test_the_count_comes_when_asked_for(papers: Api) -> None:
    assert papers.get("papers/?limit=1&count=true&no__in=P1,P2").body["count"] == 2
    assert "count" not in papers.get("papers/").body


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("no=P3", ["P3"]),
        ("no__in=P1,P9,P3", ["P1", "P3"]),
        ("no__gte=P6", ["P6", "P7"]),
        ("no__lte=P2", ["P1", "P2"]),
        ("no__gte=P2&no__lte=P3", ["P2", "P3"]),
        ("note__contains=3 of", ["P3"]),
        ("due_date=2031-03-01", ["P2", "P7"]),
        ("due_date__gte=2031-03-03", ["P5"]),
        ("due_date=", ["P3", "P6"]),
        ("rev__gte=2", ["P1", "P2", "P3", "P4", "P5", "P6", "P7"]),
        ("modified_at__gte=2999-01-01T00:00:00Z", []),
        ("has_lines=false", []),
        ("search=seven note 5", ["P5"]),
        ("search=", ["P1", "P2", "P3", "P4", "P5", "P6", "P7"]),
        ("status=open,closed", ["P1", "P2", "P3", "P4", "P5", "P6", "P7"]),
        ("status=closed", []),
    ],
)
def test_a_list_is_filtered(papers: Api, query: str, expected: list[str]) -> None:
    assert [row["no"] for row in papers.get(f"papers/?{query}").body["results"]] == expected


def test_a_default_filter_holds_until_the_client_says_otherwise(papers: Api) -> None:
    Paper.objects.filter(no="P1").update(status="closed")

    assert "P1" not in walk(papers, "")
    assert walk(papers, "status=closed") == ["P1"]
    assert walk(papers, "status__in=closed") == ["P1"]


@pytest.mark.parametrize(
    ("query", "code", "field"),
    [
        ("colour=red", "unknown_filter", "colour"),
        ("no__startswith=P", "unknown_filter", "no__startswith"),
        ("status__gte=open", "unknown_filter", "status__gte"),
        ("status=gone", "invalid", "status"),
        ("due_date=03/01/2031", "invalid", "due_date"),
        ("due_date__gte=", "invalid", "due_date__gte"),
        ("modified_at__gte=0750-06-10T13:16:03-16:19", "invalid", "modified_at__gte"),
        ("modified_at__gte=tomorrow", "invalid", "modified_at__gte"),
        ("rev=1.0", "invalid", "rev"),
        ("rev=%D9%A3", "invalid", "rev"),
        ("rev=99999999999999999999", "invalid", "rev"),
        ("has_lines=yes", "invalid", "has_lines"),
        ("no=a%00b", "invalid", "no"),
        ("no=a&no=b", "invalid", "no"),
        ("no__in=" + ",".join("x" * 1 for _ in range(101)), "invalid", "no__in"),
        ("limit=0", "invalid", "limit"),
        ("limit=1001", "invalid", "limit"),
        ("limit=x", "invalid", "limit"),
        ("count=1", "invalid", "count"),
        ("cursor=x", "invalid", "cursor"),
        ("cursor=%F0%9F%98%80", "invalid", "cursor"),
        ("ordering=colour", "invalid", "ordering"),
        ("ordering=no,-no", "invalid", "ordering"),
        ("fields=no,colour", "invalid", "fields"),
        ("expand=colour", "invalid", "expand"),
    ],
)
def test_a_parameter_that_is_not_understood_is_refused(papers: Api, query: str, code: str, field: str) -> None:
    answer = papers.get(f"papers/?{query}")

    assert (answer.status_code, answer.body["code"]) == (400, code)
    assert answer.body["errors"][0]["field"] == field


@pytest.mark.parametrize(
    "state",
    [
        {"o": "no", "v": ["a", "b"]},
        {"o": "no", "v": [None]},
        {"o": "no", "v": [1]},
        {"o": "no", "v": ["a\x00"]},
        {"o": "-no", "v": ["a"]},
        {"v": []},
        [],
        "x",
    ],
)
def test_a_cursor_that_was_tampered_with_is_refused(papers: Api, state: Any) -> None:
    cursor = base64.urlsafe_b64encode(json.dumps(state).encode()).decode()

    answer = papers.get(f"papers/?ordering=no&cursor={cursor}")

    assert (answer.status_code, answer.body["code"]) == (400, "invalid")


def test_lists_leave_the_lines_out_unless_expanded(papers: Api) -> None:
    plain = papers.get("papers/?no=P2").body["results"][0]
    expanded = papers.get("papers/?no=P2&expand=lines").body["results"][0]

    assert "lines" not in plain
    assert expanded["lines"] == [{"line_no": 10000, "quantity": "2", "doubled": "4"}]
    assert papers.get("papers/P2/").body["lines"] == expanded["lines"]


def test_fields_keeps_only_those(papers: Api) -> None:
    assert papers.get("papers/P2/?fields=no,note").body == {"no": "P2", "note": "Note 2 of Seven"}
    assert set(papers.get("papers/?fields=no,lines").body["results"][0]) == {"no", "lines"}


@pytest.mark.parametrize(("query", "statements"), [("", 2), ("&expand=lines", 3), ("&count=true", 3)])
def test_the_number_of_statements_does_not_grow_with_the_rows(papers: Api, query: str, statements: int) -> None:
    papers.get("papers/")  # notes the token's use for this hour

    for limit in (1, 7):
        with CaptureQueriesContext(connection) as captured:
            papers.get(f"papers/?limit={limit}{query}")
        assert len(captured) == statements  # the token, the page, and what was asked for
