"""A POST that is sent again is answered, not repeated."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from backoffice.models import IdempotencyRecord
from backoffice.rights import Role
from tests.backoffice.conftest import Api, person
from tests.backoffice.example import Paper


def test_the_same_request_gets_the_first_answer_again(api: Api) -> None:
    first = api.post("papers/", {"lines": [{"quantity": "1"}]}, idempotency_key="k1")

    again = api.send("POST", "papers/", raw=b'{ "lines": [ {"quantity":"1"} ] }', idempotency_key="k1")

    assert (again.status_code, again.body) == (201, first.body)
    assert (again["ETag"], again["Location"]) == (first["ETag"], first["Location"])
    assert again["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in first
    assert Paper.objects.count() == 1


@pytest.mark.parametrize(("path", "body"), [("papers/", {"note": "y"}), ("papers/?x=1", {"note": "x"})])
def test_another_request_under_the_same_key_is_refused(api: Api, path: str, body: dict[str, str]) -> None:
    api.post("papers/", {"note": "x"}, idempotency_key="k1")

    answer = api.post(path, body, idempotency_key="k1")

    assert (answer.status_code, answer.body["code"]) == (409, "idempotency_key_reused")
    assert Paper.objects.count() == 1


def test_a_refusal_is_not_kept(api: Api) -> None:
    api.post("papers/", {"no": "P1"})
    assert api.post("papers/", {"no": "P1"}, idempotency_key="k1").status_code == 409
    Paper.objects.all().delete()

    assert api.post("papers/", {"no": "P1"}, idempotency_key="k1").status_code == 201


def test_a_bug_is_not_kept(api: Api) -> None:
    api.post("papers/", {"no": "P1"})

    assert api.post("papers/P1/spoil/", idempotency_key="k1").status_code == 500
    assert not IdempotencyRecord.objects.exists()


def test_keys_belong_to_the_user(api: Api) -> None:
    other = Api(person("carl", Role.CLERK))

    first = api.post("papers/", {}, idempotency_key="k1")
    second = other.post("papers/", {}, idempotency_key="k1")

    assert first.body["no"] != second.body["no"]


def test_an_action_and_a_view_that_is_no_resource_replay_too(api: Api) -> None:
    api.post("papers/", {"no": "P1"})
    first = api.post("papers/P1/close/", idempotency_key="k1")

    again = api.post("papers/P1/close/", idempotency_key="k1")

    assert (again.status_code, again.body) == (200, first.body)
    planner = Api(person("paula", Role.PLANNER))
    assert planner.post("echo/", {"item": "X"}, idempotency_key="k").body == {"item": "X"}
    assert planner.post("echo/", {"item": "X"}, idempotency_key="k")["Idempotent-Replayed"] == "true"


@pytest.mark.parametrize("key", ["", "x" * 256, "\u00e9"])
def test_a_key_that_is_none_is_refused(api: Api, key: str) -> None:
    answer = api.post("papers/", {}, idempotency_key=key)

    assert (answer.status_code, answer.body["code"]) == (400, "invalid")


def test_a_key_runs_out_after_a_day(api: Api) -> None:
    api.post("papers/", {"note": "x"}, idempotency_key="k1")
    _age(timedelta(hours=24))

    answer = api.post("papers/", {"note": "other"}, idempotency_key="k1")

    assert answer.status_code == 201
    assert api.post("papers/", {"note": "other"}, idempotency_key="k1").body == answer.body
    assert IdempotencyRecord.objects.count() == 1


def test_old_keys_are_purged(api: Api, capsys: pytest.CaptureFixture[str]) -> None:
    api.post("papers/", {"note": "x"}, idempotency_key="old")
    _age(timedelta(hours=25))
    api.post("papers/", {"note": "x"}, idempotency_key="new")

    call_command("purge_idempotency_keys")

    assert capsys.readouterr().out == "1 deleted\n"
    assert [record.key for record in IdempotencyRecord.objects.all()] == ["new"]


def _age(by: timedelta) -> None:
    record = IdempotencyRecord.objects.get()
    IdempotencyRecord.objects.update(created_at=record.created_at - by)


def together(count: int, act: Callable[[int], Any]) -> list[Any]:
    """Run the act in that many threads at the same instant and return what each returned."""
    barrier = threading.Barrier(count)
    results: list[Any] = [None] * count

    def run(i: int) -> None:
        try:
            barrier.wait()
            results[i] = act(i)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(i,)) for i in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def storm(api: Api, *, key: str) -> list[Any]:
    """Send one request twelve times at once."""
    return together(12, lambda _: api.post("papers/", {"note": "x"}, idempotency_key=key))


@pytest.mark.concurrency
def test_of_equal_requests_at_once_one_is_done(committed_api: Api) -> None:
    for round_no in range(5):
        before = Paper.objects.count()

        answers = storm(committed_api, key=f"k{round_no}")

        assert Paper.objects.count() == before + 1
        assert Counter(answer.status_code for answer in answers) == {201: 12}
        assert len({answer.body["no"] for answer in answers}) == 1
        assert sum("Idempotent-Replayed" in answer for answer in answers) == 11


@pytest.mark.concurrency
def test_a_twin_of_a_refused_request_is_judged_anew(committed_api: Api) -> None:
    committed_api.post("papers/", {"no": "P1"})

    answers = together(6, lambda _: committed_api.post("papers/", {"no": "P1"}, idempotency_key="k"))

    assert {answer.status_code for answer in answers} == {409}
    assert {answer.body["code"] for answer in answers} == {"already_exists"}
    assert not IdempotencyRecord.objects.exists()
