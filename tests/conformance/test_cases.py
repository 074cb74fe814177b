"""The conformance cases, run in process: run.py is the runner, the test client stands in for the network.

The same cases run against a live server with

    python tests/conformance/run.py --base-url http://127.0.0.1:8000/api/v1 --token TOKEN tests/conformance/*.yaml
"""

from __future__ import annotations

import importlib.util
import json
import types
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from backoffice.models import ApiToken, User

PLACE = Path(__file__).parent


def _runner() -> types.ModuleType:
    spec = importlib.util.spec_from_file_location("conformance_runner", PLACE / "run.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


runner = _runner()
CASES: list[dict[str, Any]] = runner.load(sorted(str(path) for path in PLACE.glob("*.yaml")))


class InProcess(runner.Api):  # type: ignore[name-defined]  # the runner is loaded by its path
    """The application itself, in the place of a server."""

    def __init__(self, token: str) -> None:
        super().__init__("/api/v1", token)
        self.client = Client(raise_request_exception=True)

    def call(
        self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None
    ) -> tuple[int, dict[str, str], Any]:
        """Return (status, headers, parsed body) of one request."""
        address = self.base + path
        answer = self.client.generic(
            method.upper(),
            address,
            b"" if body is None else json.dumps(body).encode(),
            content_type="application/json",
            headers={"Authorization": f"Bearer {self.token}", **(headers or {})},
            # As a server does; the test client itself hands over the decoded path only.
            RAW_URI=address,
        )
        return answer.status_code, dict(answer.headers), self._parse(answer.content)


@pytest.fixture
def api(db: None) -> InProcess:
    """Return the application as seen by somebody who may do everything."""
    user = User.objects.create_superuser("conformance")
    return InProcess(ApiToken.issue(user))


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["id"]))
def test_case(api: InProcess, case: dict[str, Any]) -> None:
    runner.Case(api, case, "T").run()
