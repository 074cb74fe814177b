"""Calls the application as its web server does, but within this process."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import unquote, urlsplit

from django.core.wsgi import get_wsgi_application

_BASE = "/api/v1/"


class Refused(Exception):
    """The application answered with a refusal or a fault; the message holds the answer."""


class Caller:
    """One person's program: every middleware, the signing in by token and the end of the request are part of a call."""

    def __init__(self, token: str) -> None:
        self._application: Callable[..., Iterable[bytes]] = get_wsgi_application()
        self._token = token

    def get(self, path: str) -> Any:
        """GET; return the parsed answer. `path`: below the interface's base, or from the root with a slash."""
        return self.call("GET", path)

    def post(self, path: str, body: Any = None) -> Any:
        """POST; return the parsed answer."""
        return self.call("POST", path, body)

    def patch(self, path: str, body: Any) -> Any:
        """PATCH; return the parsed answer."""
        return self.call("PATCH", path, body)

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """Call and parse. Raises: Refused for any answer but a good one."""
        status, content = self.send(method, path, b"" if body is None else json.dumps(body).encode())
        if not status.startswith("2"):
            raise Refused(f"{method} {path}: {status} {content.decode(errors='replace')[:2000]}")
        return json.loads(content) if content else None

    def send(self, method: str, path: str, body: bytes = b"") -> tuple[str, bytes]:
        """Return status and content of one request, ended as a server ends it."""
        said: list[str] = []

        def start_response(status: str, headers: list[tuple[str, str]], exc_info: object = None) -> None:
            said.append(status)

        answer = self._application(self._environ(method, path, body), start_response)
        try:
            content = b"".join(answer)
        finally:
            close = getattr(answer, "close", None)
            if close is not None:
                close()
        return said[-1], content

    def _environ(self, method: str, path: str, body: bytes) -> dict[str, Any]:
        target = urlsplit(path if "://" in path or path.startswith("/") else _BASE + path)
        return {
            "REQUEST_METHOD": method,
            "SCRIPT_NAME": "",
            "PATH_INFO": unquote(target.path, "latin-1"),
            "RAW_URI": f"{target.path}?{target.query}",
            "QUERY_STRING": target.query,
            "CONTENT_TYPE": "application/json" if body else "",
            "CONTENT_LENGTH": str(len(body)),
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "HTTP_HOST": "localhost",
            "HTTP_AUTHORIZATION": f"Bearer {self._token}",
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(body),
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": False,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
        }
