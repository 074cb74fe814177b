"""A database that is gone is told as such, wherever it is noticed: at the token, at a read, within a unit."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import InterfaceError, OperationalError, connection

from backoffice.exceptions import Unavailable
from backoffice.transactions import run_unit
from tests.backoffice.conftest import Api


def raising(error: Exception) -> Any:
    def execute(*_: object) -> Any:
        raise error

    return execute


@pytest.mark.parametrize("error", [OperationalError("the database system is starting up"), InterfaceError("closed")])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_request_without_a_database_gets_503(api: Api, method: str, error: Exception) -> None:
    with connection.execute_wrapper(raising(error)):
        answer = api.send(method, "papers/", {} if method == "POST" else None)

    assert (answer.status_code, answer.body["code"]) == (503, "unavailable")
    assert int(answer.headers["Retry-After"]) >= 1


def test_a_connection_that_breaks_within_a_unit_is_no_bug(db: None) -> None:
    def unit() -> None:
        raise InterfaceError("connection already closed")

    with pytest.raises(Unavailable):
        run_unit(unit)
