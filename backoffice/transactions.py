"""The unit of work: one request, one transaction.

The edge (API view, page view, command) runs its work through `run_unit`. Services below it open blocks
of their own with `transaction.atomic(savepoint=False)` (or the `act` decorator), which join the unit and cost
nothing.
"""

from __future__ import annotations

import functools
import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
from typing import Any, ParamSpec, Protocol, TypeVar

from django.db import Error as DbError
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError, RestrictedError

from backoffice import acting
from backoffice.exceptions import StaleRevision
from backoffice.sqlstates import (
    FOREIGN_KEY_VIOLATION,
    in_use,
    is_worth_retrying,
    refusal_of,
    refusal_of_protected,
    sqlstate_of,
)

T = TypeVar("T")
P = ParamSpec("P")

#: How often a unit is run when PostgreSQL asks to try again (serialization failure, deadlock).
ATTEMPTS = 2
_PAUSE_SECONDS = (0.01, 0.2)

_NAME_THE_ACTOR = """
SELECT set_config('kitwright.actor_id', %s, true), set_config('kitwright.actor_name', %s, true),
       set_config('kitwright.channel', %s, true), set_config('kitwright.request_id', %s, true),
       set_config('kitwright.reason', %s, true)
"""


class HasRevision(Protocol):
    """A locked row of a versioned table."""

    rev: int


#: What the unit in hand has loaded once for everybody; None outside a unit.
_remembered: ContextVar[dict[str, Any] | None] = ContextVar("remembered", default=None)


class _RolledBack(Exception):
    """Carries nothing: leaves the transaction of a preview without keeping it."""


def run_unit(unit: Callable[[], T], *, rollback: bool = False) -> T:
    """Run the work in one durable transaction, audited under the acting user, and return what it returns.

    1. Tell the database who acts. 2. Do the work. 3. Commit, or with `rollback` (a preview) check what only a
    commit would check and keep nothing.

    The work is run again once after a deadlock or serialization failure, so it may have no effect outside the
    database. Raises: what the work raises; Busy (a lock could not be had in time); Unavailable; InUse (a
    deleted row is referenced) and the refusals registered for constraints. Anything else the database says is
    a bug and passes.
    """
    for attempt in range(1, ATTEMPTS + 1):
        try:
            return _run_once(unit, rollback=rollback)
        except (ProtectedError, RestrictedError) as error:
            raise refusal_of_protected(error) from error
        except DbError as error:
            if is_worth_retrying(error) and attempt < ATTEMPTS:
                # Jitter, lest both victims of a deadlock meet again at the same instant.
                time.sleep(random.uniform(*_PAUSE_SECONDS))
                continue
            if (refusal := refusal_of(error)) is not None:
                raise refusal from error
            raise
    raise AssertionError("unreachable: the last attempt returns or raises")


def _run_once(unit: Callable[[], T], *, rollback: bool) -> T:
    outcome: T
    token = _remembered.set({})
    try:
        with transaction.atomic(durable=True):
            name_the_actor()
            outcome = unit()
            if rollback:
                settle()
                raise _RolledBack
    except _RolledBack:
        pass
    finally:
        _remembered.reset(token)
    return outcome


def remembered(name: str, load: Callable[[], T]) -> T:
    """Return what the name stands for in the unit in hand, loaded the first time; outside a unit it is loaded.

    For what everybody reads and hardly anybody writes, such as the settings: one reading also keeps a unit from seeing
    two states of them. Whoever writes it says so by `forget`, and nobody changes the object that is returned.
    """
    known = _remembered.get()
    if known is None:
        return load()
    if name not in known:
        known[name] = load()
    found: T = known[name]
    return found


def forget(name: str) -> None:
    """Let it be loaded anew: it has been written."""
    known = _remembered.get()
    if known is not None:
        known.pop(name, None)


def name_the_actor() -> None:
    """Tell the audit triggers who acts, for the rest of the transaction. One statement."""
    who = acting.current()
    actor_id = "" if who.actor_id is None else str(who.actor_id)
    with connection.cursor() as cursor:
        cursor.execute(_NAME_THE_ACTOR, [actor_id, who.actor_name, who.channel, who.request_id, who.reason])


@contextmanager
def because(reason: str) -> Iterator[None]:
    """Let the audit triggers write the reason beside what the block changes. Two statements."""
    token = acting.begin(replace(acting.current(), reason=reason))
    try:
        name_the_actor()
        yield
    finally:
        acting.end(token)
    # Not after a refusal: the transaction is undone, and what it was told with it.
    name_the_actor()


def settle() -> None:
    """Check the deferred foreign keys now rather than at commit. One statement."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")


def settle_deletion() -> None:
    """Check the deferred foreign keys after deleting rows. Raises InUse when something refers to them."""
    try:
        settle()
    except IntegrityError as error:
        if sqlstate_of(error) == FOREIGN_KEY_VIOLATION:
            raise in_use(error) from error
        raise


def act(service: Callable[P, T]) -> Callable[P, T]:
    """Make a service atomic: it joins the unit that is open, or opens its own, and leaves no savepoint.

    A refusal raised inside spoils the whole unit; a batch that goes on after a refusal needs a savepoint of
    its own (`transaction.atomic()`) around each part.
    """

    @functools.wraps(service)
    def atomic_service(*args: P.args, **kwargs: P.kwargs) -> T:
        with transaction.atomic(savepoint=False):
            return service(*args, **kwargs)

    return atomic_service


def check_revision(row: HasRevision, expected_rev: int | None) -> None:
    """Raise StaleRevision when the caller has seen another revision. The caller holds the row lock.

    None: the caller did not say, so the write is taken on the current state.
    """
    assert connection.in_atomic_block, "check_revision() means something only under the row lock"
    if expected_rev is not None and row.rev != expected_rev:
        raise StaleRevision(expected=expected_rev, current=row.rev)
