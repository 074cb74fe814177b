"""The refusals: one small class per rule, carrying figures rather than prose.

Everything a service refuses is a `DomainError`; the edge (API handler, page view) turns it into words and a
status. Programming errors (assertions, unexpected database errors) do not belong here.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar, Self

from backoffice.decimals import plain


def figure(value: Any) -> Any:
    """Return a refusal's parameter as JSON can carry it exactly: decimals and dates become strings."""
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, date):
        return value.isoformat()
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, Mapping):
        return {str(key): figure(item) for key, item in value.items()}
    if isinstance(value, (Sequence, set, frozenset)):
        return [figure(item) for item in value]
    return str(value)


class DomainError(Exception):
    """A business rule refused the request. Nothing has been written.

    `field` is the path of the request's field at fault ("quantity", "lines[0].quantity"), None for the whole
    document. `params` are the figures behind the refusal; they fill `template` and stand in the API's answer.
    """

    code: ClassVar[str] = "refused"
    http_status: ClassVar[int] = 409
    template: ClassVar[str] = "The request breaks a business rule."

    def __init__(self, *, field: str | None = None, **params: Any) -> None:
        self.field = field
        self.params = params
        super().__init__(self.detail)

    @property
    def figures(self) -> dict[str, Any]:
        """Return the parameters as JSON values."""
        return {name: figure(value) for name, value in self.params.items()}

    @property
    def detail(self) -> str:
        """Return the refusal in words."""
        return self.template.format(**{name: _spoken(value) for name, value in self.params.items()})

    def at(self, prefix: str) -> Self:
        """Return a copy whose field lies below: "quantity" at "lines[0]" is "lines[0].quantity"."""
        moved = copy.copy(self)
        moved.field = f"{prefix}.{self.field}" if self.field else prefix
        return moved

    def __copy__(self) -> Self:
        return type(self)(field=self.field, **self.params)

    def __str__(self) -> str:
        return self.detail


def _spoken(value: Any) -> str:
    shown = figure(value)
    return ", ".join(str(item) for item in shown) if isinstance(shown, list) else str(shown)


class Refusals(Exception):
    """Several refusals of one request, reported together. Never empty; the first decides the status."""

    def __init__(self, errors: Sequence[DomainError]) -> None:
        assert errors, "Refusals() needs at least one refusal"
        self.errors = list(errors)
        super().__init__("; ".join(error.detail for error in self.errors))

    @property
    def http_status(self) -> int:
        """Return the status of the first refusal."""
        return self.errors[0].http_status


def raise_all(errors: Sequence[DomainError]) -> None:
    """Raise what was collected: nothing, the one refusal itself, or all of them as `Refusals`."""
    if len(errors) == 1:
        raise errors[0]
    if errors:
        raise Refusals(errors)


# --- Refusals of one field
# -------------------------------------------------------------------------------------------


class FieldError(DomainError):
    """A field of the request cannot be taken as it is (400)."""

    code = "invalid"
    http_status = 400
    template = "The value cannot be taken."


class Invalid(FieldError):
    """The value is not of the field's kind or out of its bounds. Give the reason as `detail=`."""

    code = "invalid"
    template = "{detail}"


class OutOfRange(FieldError):
    """A number is larger than the database can hold."""

    code = "out_of_range"
    template = "A number is out of range."


@contextmanager
def numbers_of(field: str) -> Iterator[None]:
    """Say of a number that comes out too large which field it came from."""
    try:
        yield
    except OutOfRange as refusal:
        raise OutOfRange(field=refusal.field or field) from None


class Required(FieldError):
    """The field must be given."""

    code = "required"
    template = "This field is required."


class NotFound(FieldError):
    """A field names something that does not exist. Params: what, key."""

    code = "not_found"
    template = "{what} {key} does not exist."


class UnknownField(FieldError):
    """The request names a field that there is not."""

    code = "unknown_field"
    template = "There is no such field."


class ReadOnlyField(FieldError):
    """The request names a field that is computed and cannot be written."""

    code = "read_only_field"
    template = "This field is read-only."


class NeverRenamed(ReadOnlyField):
    """The request gives another number, code or line number to what has one (ERR-47)."""

    template = "It names its row for good and is never changed."


# --- Refusals of the state
# -------------------------------------------------------------------------------------------


class AlreadyExists(DomainError):
    """Something with this business key is there already. Params: what, key."""

    code = "already_exists"
    template = "{what} {key} already exists."


class InUse(DomainError):
    """Something else refers to it, so it cannot be deleted. Params: what ("Item KIT-01"), used_by (words)."""

    code = "in_use"
    template = "{what} is used by {used_by} and cannot be deleted."


class Vanished(DomainError):
    """Something that the request refers to was deleted while the request was at work."""

    code = "not_found"
    template = "Something this refers to was deleted meanwhile."


class Blocked(DomainError):
    """A master record is blocked. Params: what, key."""

    code = "blocked"
    template = "{what} {key} is blocked."


class StaleRevision(DomainError):
    """The document has changed since the caller read it. Params: expected, current (revisions)."""

    code = "stale_revision"
    http_status = 412
    template = "The document was changed meanwhile (revision {current}, not {expected}). Read it again."


class Forbidden(DomainError):
    """The user's roles do not include the right. Params: right."""

    code = "forbidden"
    http_status = 403
    template = "Your roles do not allow this ({right})."


# --- Not now
# ---------------------------------------------------------------------------------------------------------


class NotNow(DomainError):
    """The same request may succeed a moment later; `retry_after` says in how many seconds to try."""

    http_status = 503
    retry_after: ClassVar[int] = 1


class Busy(NotNow):
    """A lock could not be had in time, or two transactions stood in each other's way more than once."""

    code = "busy"
    template = "Someone else is changing the same records. Try again in a moment."


class Unavailable(NotNow):
    """The database cannot be reached or gave up."""

    code = "unavailable"
    template = "The service is not available at the moment. Try again."
