"""A document with lines over the API: what the contract promises of every document."""

from __future__ import annotations

from decimal import Decimal

import pytest

from backoffice.audit import history
from tests.backoffice.conftest import Api
from tests.backoffice.example import Line, Paper


def test_a_document_is_entered_with_its_lines(api: Api) -> None:
    answer = api.post("papers/", {"no": "P1", "due_date": "2031-03-04", "lines": [{"quantity": "7.50"}]})

    assert answer.status_code == 201
    assert answer["Location"] == "/api/v1/papers/P1/"
    assert {name: answer.body[name] for name in ("no", "status", "note", "due_date")} == {
        "no": "P1",
        "status": "open",
        "note": "",
        "due_date": "2031-03-04",
    }
    assert answer.body["lines"] == [{"line_no": 10000, "quantity": "7.5", "doubled": "15"}]
    assert answer["ETag"] == f'"{Paper.objects.get(no="P1").rev}"'
    assert answer["Content-Type"] == "application/json"


def test_a_number_is_drawn_unless_one_is_given(api: Api) -> None:
    first, second = (api.post("papers/").body["no"] for _ in range(2))

    assert first.startswith("SO-")
    assert int(second[3:]) == int(first[3:]) + 1


def test_a_warning_stands_in_the_answer_of_the_write_only(api: Api) -> None:
    answer = api.post("papers/", {"no": "P1"})

    assert answer.body["warnings"] == [{"code": "no_lines", "detail": "No lines.", "line_no": None, "lines": "0"}]
    assert "warnings" not in api.get("papers/P1/").body


def test_a_key_that_is_taken_is_refused(api: Api) -> None:
    api.post("papers/", {"no": "P1"})

    answer = api.post("papers/", {"no": "P1"})

    assert (answer.status_code, answer.body["code"]) == (409, "already_exists")
    assert answer.body["errors"] == [
        {
            "field": "no",
            "code": "already_exists",
            "detail": "Paper P1 already exists.",
            "what": "Paper",
            "key": "P1",
        }
    ]


def test_refusals_of_several_lines_come_together_with_their_figures(api: Api) -> None:
    answer = api.post("papers/", {"lines": [{"quantity": "1001"}, {"quantity": "1"}, {"quantity": "2000.5"}]})

    assert (answer.status_code, answer["Content-Type"]) == (409, "application/problem+json")
    assert [(one["field"], one["code"], one["quantity"]) for one in answer.body["errors"]] == [
        ("lines[0].quantity", "exceeds_quantity", "1001"),
        ("lines[2].quantity", "exceeds_quantity", "2000.5"),
    ]
    assert (answer.body["maximum"], answer.body["title"]) == ("1000", "Conflict")
    assert not Paper.objects.exists()


def test_every_stray_member_is_refused_by_name(api: Api) -> None:
    body = {"nmae": "x", "status": "open", "lines": [{"quantity": "1", "doubled": "2", "qty": 1}]}

    answer = api.post("papers/", body)

    assert answer.status_code == 400
    assert {(one["field"], one["code"]) for one in answer.body["errors"]} == {
        ("nmae", "unknown_field"),
        ("status", "read_only_field"),
        ("lines[0].doubled", "read_only_field"),
        ("lines[0].qty", "unknown_field"),
    }
    assert not Paper.objects.exists()


def test_stray_and_faulty_members_are_reported_together(api: Api) -> None:
    answer = api.post("papers/", {"nmae": "x", "lines": [{"quantity": "1"}, {"quantity": "NaN"}, {}]})

    assert {(one["field"], one["code"]) for one in answer.body["errors"]} == {
        ("nmae", "unknown_field"),
        ("lines[1].quantity", "invalid"),
        ("lines[2].quantity", "required"),
    }


def test_a_change_needs_no_tag_and_counts_the_revision_up(api: Api) -> None:
    before = api.post("papers/", {"no": "P1"})["ETag"]

    answer = api.patch("papers/P1/", {"note": "hello"})

    assert (answer.status_code, answer.body["note"]) == (200, "hello")
    assert int(answer["ETag"].strip('"')) == int(before.strip('"')) + 1


@pytest.mark.parametrize("stale", ['"1"', 'W/"2"', '"x"', "2"])
def test_a_stale_tag_gets_412_and_changes_nothing(api: Api, stale: str) -> None:
    api.post("papers/", {"no": "P1"})
    fresh = api.patch("papers/P1/", {"note": "first"})["ETag"]
    assert fresh == '"2"'

    answer = api.patch("papers/P1/", {"note": "second"}, if_match=stale)

    assert (answer.status_code, answer.body["code"]) == (412, "stale_revision")
    assert Paper.objects.get(no="P1").note == "first"


@pytest.mark.parametrize("tag", ['"2"', "*"])
def test_a_fresh_tag_is_taken(api: Api, tag: str) -> None:
    api.post("papers/", {"no": "P1"})
    api.patch("papers/P1/", {"note": "first"})

    assert api.patch("papers/P1/", {"note": "second"}, if_match=tag).status_code == 200


def test_a_line_carries_the_tag_of_its_document(api: Api) -> None:
    api.post("papers/", {"no": "P1"})

    made = api.post("papers/P1/lines/", {"quantity": "3"}, if_match='"1"')
    changed = api.patch("papers/P1/lines/10000/", {"quantity": 4}, if_match=made["ETag"])
    stale = api.patch("papers/P1/lines/10000/", {"quantity": 5}, if_match=made["ETag"])

    assert (made.status_code, made.body) == (201, {"line_no": 10000, "quantity": "3", "doubled": "6"})
    assert made["Location"] == "/api/v1/papers/P1/lines/10000/"
    assert (made["ETag"], changed["ETag"]) == ('"2"', '"3"')
    assert (changed.status_code, changed.body["doubled"]) == (200, "8")
    assert stale.status_code == 412
    assert api.get("papers/P1/")["ETag"] == api.get("papers/P1/lines/")["ETag"] == '"3"'


def test_a_line_is_deleted_and_then_is_not_there(api: Api) -> None:
    api.post("papers/", {"no": "P1", "lines": [{"quantity": 1}, {"quantity": 2}]})

    answer = api.delete("papers/P1/lines/10000/")

    assert (answer.status_code, answer.content) == (204, b"")
    assert api.get("papers/P1/lines/10000/").status_code == 404
    assert [line["line_no"] for line in api.get("papers/P1/lines/").body["results"]] == [20000]


@pytest.mark.parametrize(
    "path",
    ["papers/P2/", "papers/P2/lines/", "papers/P1/lines/7/", "papers/P1/lines/x/", "nothing/", "papers/%00/"],
)
def test_what_is_not_there_is_a_problem_too(api: Api, path: str) -> None:
    api.post("papers/", {"no": "P1"})

    answer = api.get(path)

    assert (answer.status_code, answer.body["code"]) == (404, "not_found")
    assert answer["Content-Type"] == "application/problem+json"


def test_a_deleted_document_that_others_refer_to_is_kept(api: Api) -> None:
    api.post("papers/", {"no": "P1", "lines": [{"quantity": 1}]})

    answer = api.delete("papers/P1/?force=1")

    assert (answer.status_code, answer.body["code"]) == (409, "in_use")
    assert Line.objects.count() == 1


@pytest.mark.parametrize("key", ["A/B", "50%", "A/50%/B", "%2F", "Ä Ö/ß", "a+b"])
def test_a_key_may_hold_a_slash(api: Api, key: str) -> None:
    from urllib.parse import quote

    api.post("papers/", {"no": key, "lines": [{"quantity": 1}]})
    address = f"papers/{quote(key, safe='')}/"

    assert api.get(address).body["no"] == key
    assert api.post("papers/", {"no": f"{key}x"})["Location"] == f"/api/v1/papers/{quote(key + 'x', safe='')}/"
    assert api.patch(f"{address}lines/10000/", {"quantity": "2"}).body["quantity"] == "2"


def test_an_action_takes_no_member(api: Api) -> None:
    api.post("papers/", {"no": "P1"})

    assert api.post("papers/P1/close/", {"why": "x"}).body["code"] == "unknown_field"
    assert api.post("papers/P1/close/").body["status"] == "closed"
    again = api.post("papers/P1/close/")
    assert (again.status_code, again.body["code"], again.body["no"]) == (409, "document_closed", "P1")


def test_a_preview_answers_and_keeps_nothing(api: Api) -> None:
    api.post("papers/", {"no": "P1"})

    answer = api.post("papers/P1/close/?preview=true", idempotency_key="k")

    assert answer.body["status"] == "closed"
    assert Paper.objects.get(no="P1").status == "open"
    assert api.post("papers/P1/close/", idempotency_key="k").body["status"] == "closed"
    assert api.post("papers/P1/close/?preview=maybe").body["code"] == "invalid"


def test_a_bug_undoes_the_work_and_tells_only_the_request(api: Api) -> None:
    api.post("papers/", {"no": "P1", "note": "before"})

    answer = api.post("papers/P1/spoil/", x_request_id="request-4711")

    assert (answer.status_code, answer.body["code"]) == (500, "internal_error")
    assert answer.body["instance"] == "urn:kitwright:request:request-4711"
    assert "secret" not in answer.content.decode()
    assert Paper.objects.get(no="P1").note == "before"


def test_the_trail_tells_who_changed_what_by_which_way(api: Api) -> None:
    api.post("papers/", {"no": "P1", "lines": [{"quantity": "1"}]})
    api.patch("papers/P1/lines/10000/", {"quantity": "2.50"}, x_request_id="request-4711")

    entry = history("paper", Paper.objects.get(no="P1").pk)[0]

    assert api.user is not None
    assert (entry.actor_id, entry.actor_name, entry.channel) == (api.user.pk, "clara", "api")
    assert (entry.request_id, entry.action, entry.line_no) == ("request-4711", "changed", 10000)
    assert entry.changes == {"quantity": ["1", "2.5"], "doubled": ["2", "5"]}


def test_quantities_are_strings_and_exact(api: Api) -> None:
    quantity = "0.00001"

    answer = api.send("POST", "papers/", raw=b'{"no": "P1", "lines": [{"quantity": 0.00001}]}')

    assert answer.body["lines"][0]["quantity"] == quantity
    assert Line.objects.get().quantity == Decimal(quantity)
