"""The edge of every API view: rights, one transaction per request, idempotency, If-Match, preview."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponseBase
from rest_framework.exceptions import MethodNotAllowed
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backoffice.api import idempotency
from backoffice.api.parameters import flag
from backoffice.api.parsers import StrictJSONParser
from backoffice.api.schema import ContractSchema
from backoffice.exceptions import Invalid, StaleRevision
from backoffice.impact import impact_of
from backoffice.rights import Right, require_right
from backoffice.transactions import run_unit, settle_deletion

READ, WRITE = "read", "write"
PREVIEW = "preview"
#: The parameter that asks what a write would change, and changes nothing.
DRY_RUN = "dry_run"
_WRITES = frozenset({"create", "update", "partial_update", "destroy", "put", "patch", "delete"})
_REVISION = re.compile(r'"(\d{1,9})"', re.ASCII)


class RightsPermission(BasePermission):
    """Let in who holds the right that the view declares for the action. Runs no query."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Say False to the unknown (401), raise Forbidden for the known without the right.

        A method that the address does not have is said so (405) before anybody's rights are asked.
        """
        if not request.user.is_authenticated:
            return False
        assert isinstance(view, ContractView)
        if view.handler() is None:
            raise MethodNotAllowed(request.method or "")
        right = view.right_needed()
        if right is None:
            return False
        require_right(request.user, right)
        return True


class ContractView(APIView):
    """What all views of the contract share.

    Rights: `rights` maps an action to the right it needs. "read" stands for every GET and "write" for create,
    change and delete unless the action is named itself; any other action must be named. What is not declared
    is refused.

    Transactions: a handler of anything but GET runs as one unit (`run_unit`), so it just calls services and
    answers; an exception undoes all. A POST with Idempotency-Key is answered once. An action named in
    `previewable` that is asked with `?preview=true` does its work and then undoes it.
    """

    rights: ClassVar[Mapping[str, Right]] = {}
    previewable: ClassVar[frozenset[str]] = frozenset()
    #: Whether every write can be asked with `?dry_run=true` what it would change (see `backoffice.impact`).
    tells_impact: ClassVar[bool] = False
    parser_classes = (StrictJSONParser,)
    renderer_classes = (JSONRenderer,)
    permission_classes = (RightsPermission,)
    http_method_names = ("get", "head", "post", "put", "patch", "delete")
    schema = ContractSchema()

    def handler(self) -> Callable[..., Response] | None:
        """Return what answers the request's method, None where the address does not have it."""
        method = (self.request.method or "").lower()
        return getattr(self, method, None) if method in self.http_method_names else None

    def action_name(self) -> str:
        """Return the action of a viewset, or the method of a plain view."""
        return str(getattr(self, "action", None) or (self.request.method or "").lower())

    def right_needed(self) -> Right | None:
        """Return the right that the request needs, None where none is declared."""
        name = self.action_name()
        if name in self.rights:
            return self.rights[name]
        if self.request.method in SAFE_METHODS:
            return self.rights.get(READ)
        return self.rights.get(WRITE) if name in _WRITES else None

    @property
    def is_preview(self) -> bool:
        """Say whether the work is to be undone after it is done."""
        return self.action_name() in self.previewable and flag(self.request.query_params, PREVIEW)

    @property
    def is_dry_run(self) -> bool:
        """Say whether the request asks what it would change. Raises Invalid where that cannot be told."""
        asked = flag(self.request.query_params, DRY_RUN)
        if asked and not self.tells_impact:
            raise Invalid(field=DRY_RUN, detail="What this would change cannot be told beforehand.")
        return asked

    @property
    def expected_rev(self) -> int | None:
        """Return the revision that the client has seen (If-Match), None where it does not say.

        Raises StaleRevision for a tag that no revision of ours has: it cannot be the current one. Raises
        Invalid for a list of tags.
        """
        tag = self.request.headers.get("If-Match", "*").strip()
        if tag == "*":
            return None
        if "," in tag:
            raise Invalid(field="If-Match", detail="One tag is wanted.")
        match = _REVISION.fullmatch(tag)
        if match is None:
            raise StaleRevision(expected=tag, current="another")
        return int(match[1])

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Handle the request: DRF's own order of steps, with the handler run as a unit."""
        self.args, self.kwargs = args, kwargs
        self.request = self.initialize_request(request, *args, **kwargs)
        self.headers = self.default_response_headers
        try:
            self.initial(self.request, *args, **kwargs)
            handler = self.handler() or self.http_method_not_allowed
            response = self._run(lambda: handler(self.request, *args, **kwargs))
        except Exception as error:
            response = self.handle_exception(error)
        self.response = self.finalize_response(self.request, response, *args, **kwargs)
        return self.response

    def _run(self, work: Callable[[], Response]) -> Response:
        if self.request.method in SAFE_METHODS:
            return work()
        if self.is_preview:
            return run_unit(work, rollback=True)
        if self.is_dry_run:
            return run_unit(lambda: Response(impact_of(work).as_json()), rollback=True)
        return run_unit(self._once(self._settled(work)))

    def _once(self, work: Callable[[], Response]) -> Callable[[], Response]:
        key = idempotency.key_in(self.request) if self.request.method == "POST" else None
        if key is None:
            return work
        return lambda: idempotency.answer_once(self.request, key, work)

    def _settled(self, work: Callable[[], Response]) -> Callable[[], Response]:
        """Return the work with the foreign keys checked at its end where rows were deleted."""
        if self.request.method != "DELETE":
            return work

        def settled() -> Response:
            response = work()
            settle_deletion()
            return response

        return settled
