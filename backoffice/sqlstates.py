"""What PostgreSQL's error codes mean here: the only place that knows them.

Most database errors are our bugs and stay what they are (500). Those below are the user's or the moment's.
"""

from __future__ import annotations

from collections.abc import Callable

from django.db import Error as DbError
from django.db import InterfaceError, OperationalError
from django.db.models import ProtectedError, RestrictedError

from backoffice.exceptions import Busy, DomainError, InUse, OutOfRange, Unavailable, Vanished

UNIQUE_VIOLATION, FOREIGN_KEY_VIOLATION = "23505", "23503"
CHECK_VIOLATION, EXCLUSION_VIOLATION = "23514", "23P01"
#: Serialization failure, deadlock: the same work may succeed when run again.
TRY_AGAIN = frozenset({"40001", "40P01"})
#: Lock timeout, lock not available.
LOCK_NOT_HAD = frozenset({"55P03"})
#: Numeric overflow, a value out of range, a character that the encoding does not have.
OUT_OF_RANGE = frozenset({"22003", "22008", "22021", "22P05"})
#: Statement timeout, resources, shutdown, connection.
_GONE = ("57014", "53", "57P", "08", "25006")

#: Refusals for constraints that a user can meet by a race or by a key that is taken: constraint name ->
#: refusal.
constraint_messages: dict[str, Callable[[], DomainError]] = {}


def register_constraint(name: str, refusal: Callable[[], DomainError]) -> None:
    """Say which refusal a violation of the named constraint is. Call from `AppConfig.ready`.

    The refusal cannot carry the row's figures: services refuse with figures first; this covers the race
    behind them.
    """
    constraint_messages[name] = refusal


def sqlstate_of(error: BaseException) -> str:
    """Return the five-character code behind a Django database error, "" where the server sent none."""
    return str(getattr(error.__cause__, "pgcode", None) or "")


def constraint_of(error: BaseException) -> str:
    """Return the name of the violated constraint, "" where there is none."""
    return str(getattr(getattr(error.__cause__, "diag", None), "constraint_name", None) or "")


def is_worth_retrying(error: DbError) -> bool:
    """Say whether running the same transaction again may succeed."""
    return sqlstate_of(error) in TRY_AGAIN


def refusal_of(error: DbError) -> DomainError | None:
    """Return the refusal that the error amounts to, or None for a bug of ours.

    An InterfaceError, which is no DatabaseError, comes of a connection that broke while it was in use.
    """
    state = sqlstate_of(error)
    if state in LOCK_NOT_HAD or state in TRY_AGAIN:
        return Busy()
    if state in OUT_OF_RANGE:
        return OutOfRange()
    if state.startswith(_GONE) or (not state and isinstance(error, (OperationalError, InterfaceError))):
        return Unavailable()
    if (refusal := constraint_messages.get(constraint_of(error))) is not None:
        return refusal()
    return _refusal_of_foreign_key(error) if state == FOREIGN_KEY_VIOLATION else None


def _refusal_of_foreign_key(error: DbError) -> DomainError:
    """Return InUse when the referenced row was to be deleted, Vanished when it is already gone."""
    diag = getattr(error.__cause__, "diag", None)
    detail = str(getattr(diag, "message_detail", None) or "")
    return in_use(error) if "still referenced" in detail else Vanished()


def in_use(error: DbError) -> InUse:
    """Return InUse naming what refers to the row that a foreign key keeps."""
    diag = getattr(error.__cause__, "diag", None)
    return InUse(what="This record", used_by=table_in_words(str(getattr(diag, "table_name", None) or "")))


def refusal_of_protected(error: ProtectedError | RestrictedError) -> InUse:
    """Return InUse for Django's own refusal to delete, naming what refers to the row."""
    rows = error.protected_objects if isinstance(error, ProtectedError) else error.restricted_objects
    kinds = sorted({str(row._meta.verbose_name_plural) for row in rows})
    return InUse(what="This record", used_by=" and ".join(kinds) or "other records")


def table_in_words(table: str) -> str:
    """Return "sales line" for "sales_salesline" where a model owns the table, "other records" otherwise."""
    from django.apps import apps  # late: this module is imported while the apps are still loading

    names = {model._meta.db_table: str(model._meta.verbose_name_plural) for model in apps.get_models()}
    return names.get(table, "other records")
