"""Amend a released sales order in place: `/sales-orders/{no}/amend/`.

It stands here since it may name components, which sales knows nothing of.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, ClassVar, cast

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from assembly.api.serializers import AssemblyLineChangeIn
from assembly.field_rights import require_field_rights
from assembly.services.amending import amend_order
from backoffice.api import fields
from backoffice.exceptions import DomainError, Invalid, Refusals, raise_all
from backoffice.models import User
from backoffice.rights import Right, require_right
from sales.api.documents import SalesOrderViewSet
from sales.api.serializers import MAX_LINE_NO, SalesDocumentChangeIn, SalesDocumentOut, SalesLineIn
from sales.services.amending import REASON_MAX_LENGTH

#: What the amendment of an order takes beside the right that is asked for any change.
_RIGHTS = (Right.REOPEN_SALES, Right.RELEASE_SALES)
_PLACE = re.compile(r"lines\[(\d+)\](?:\.components\[(\d+)\])?")


class AmendedComponentIn(AssemblyLineChangeIn):
    """What to change of a component, by the number of its line in the assembly order."""

    line_no = fields.WholeNumberField(min_value=1, max_value=MAX_LINE_NO)


class AmendedLineIn(SalesLineIn):
    """What to change of a line, by its number, and of the components of its assembly order."""

    line_no = fields.WholeNumberField(min_value=1, max_value=MAX_LINE_NO)
    components = AmendedComponentIn(many=True, required=False)


class AmendmentIn(SalesDocumentChangeIn):
    """What to change of a released order, and why."""

    reason = fields.TextField(max_length=REASON_MAX_LENGTH)
    lines = AmendedLineIn(many=True, required=False)


class AmendSalesOrderView(SalesOrderViewSet):
    """One act: reopen, change, release."""

    rights: ClassVar = {**SalesOrderViewSet.rights, "amend": Right.ENTER_SALES}

    @extend_schema(request=AmendmentIn, responses=SalesDocumentOut)
    def amend(self, request: Request, no: str) -> Response:
        """Reopen a released order, change it and release it again as one act; answer with the order."""
        user = cast(User, request.user)
        for right in _RIGHTS:
            require_right(user, right)
        values = self.values(input_class=AmendmentIn)
        reason, rows = values.pop("reason"), values.pop("lines", [])
        components = {row["line_no"]: row.pop("components", []) for row in rows}
        for row in (row for given in components.values() for row in given):
            require_field_rights(user, row.keys() - {"line_no"}, otherwise=Right.EDIT_ASSEMBLY_COMPONENTS)
        with _told_by_place(rows, components):
            amend_order(
                no=self.key,
                values=values,
                lines=_by_number(rows, "lines"),
                components={
                    line_no: _by_number(given, f"lines[{line_no}].components")
                    for line_no, given in components.items()
                    if given
                },
                reason=reason,
                expected_rev=self.expected_rev,
            )
        return self.show_again()


def _by_number(rows: Sequence[Mapping[str, Any]], path: str) -> dict[int, dict[str, Any]]:
    """Return what is said of each line without its number. Raises Invalid where a line stands twice."""
    found: dict[int, dict[str, Any]] = {}
    for row in rows:
        line_no = row["line_no"]
        if line_no in found:
            raise Invalid(field=f"{path}[{line_no}].line_no", detail=f"Line {line_no} stands twice.")
        found[line_no] = {name: value for name, value in row.items() if name != "line_no"}
    return found


@contextmanager
def _told_by_place(
    rows: Sequence[Mapping[str, Any]], components: Mapping[int, Sequence[Mapping[str, Any]]]
) -> Iterator[None]:
    """Let refusals name rows by their place in the request: services know them by line number."""
    try:
        yield
    except DomainError as refusal:
        raise _placed(refusal, rows, components) from refusal
    except Refusals as several:
        raise_all([_placed(refusal, rows, components) for refusal in several.errors])


def _placed(
    refusal: DomainError,
    rows: Sequence[Mapping[str, Any]],
    components: Mapping[int, Sequence[Mapping[str, Any]]],
) -> DomainError:
    def place(found: re.Match[str]) -> str:
        line_no, part = int(found[1]), found[2]
        line = f"lines[{_index(rows, line_no)}]"
        return line if part is None else f"{line}.components[{_index(components[line_no], int(part))}]"

    placed = copy.copy(refusal)
    placed.field = _PLACE.sub(place, refusal.field) if refusal.field else None
    return placed


def _index(rows: Sequence[Mapping[str, Any]], line_no: int) -> int:
    """Return the place of the last row with this number: where one stands twice, the one too many."""
    return max(index for index, row in enumerate(rows) if row["line_no"] == line_no)
