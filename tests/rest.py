"""A client of the API, and the people it acts for."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from backoffice.models import ApiToken, User
from backoffice.rights import Role


class Api:
    """Talks to /api/v1/ as one user: `api.post("papers/", {...}, idempotency_key="k")`."""

    def __init__(self, user: User | None) -> None:
        self.user = user
        self.headers = {} if user is None else {"Authorization": f"Bearer {ApiToken.issue(user)}"}

    def send(self, method: str, path: str, body: Any = None, *, raw: bytes | None = None, **headers: str) -> Any:
        """Return the response; its `body` is the parsed answer. Underscores of header names become hyphens."""
        data = raw if raw is not None else b"" if body is None else json.dumps(body).encode()
        return self._send(method, path, data, headers)

    def _send(self, method: str, path: str, data: bytes, headers: Mapping[str, str]) -> Any:
        address = f"/api/v1/{path}"
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        client = Client(raise_request_exception=False)
        response: Any = client.generic(
            method,
            address,
            data,
            content_type="application/json" if data else "",
            headers={**self.headers, **named},
            # As a server does; the test client itself hands over the decoded path only.
            RAW_URI=address,
        )
        response.body = _parsed(response)
        return response

    def get(self, path: str, **headers: str) -> Any:
        """GET."""
        return self._send("GET", path, b"", headers)

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        """POST."""
        return self._send("POST", path, b"" if body is None else json.dumps(body).encode(), headers)

    def patch(self, path: str, body: Any, **headers: str) -> Any:
        """PATCH."""
        return self._send("PATCH", path, json.dumps(body).encode(), headers)

    def delete(self, path: str, **headers: str) -> Any:
        """DELETE."""
        return self._send("DELETE", path, b"", headers)


def _parsed(response: HttpResponse) -> Any:
    if not response.content or "json" not in response.headers.get("Content-Type", ""):
        return None
    return json.loads(response.content)


def person(username: str, *roles: Role, **values: Any) -> User:
    """Make somebody with the roles."""
    user: User = User.objects.create_user(username, roles=list(roles), **values)
    return user


def errors_of(response: Any) -> list[tuple[str | None, str]]:
    """Return the refusal's faults: (field, code) of each."""
    return [(error["field"], error["code"]) for error in response.body["errors"]]


@contextmanager
def counted() -> Iterator[list[str]]:
    """Yield a list that holds, after the block, the SQL statements that ran in it, those of transactions too."""
    statements: list[str] = []
    with CaptureQueriesContext(connection) as queries:
        yield statements
    statements += [query["sql"] for query in queries.captured_queries]
