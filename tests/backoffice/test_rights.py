"""The table of roles and rights, row by row."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction

from backoffice.exceptions import Forbidden
from backoffice.models import User
from backoffice.rights import POSTING_RIGHTS, ROLE_RIGHTS, Right, Role, has_right, require_right, rights_of

C, W, P, I, A, X = (  # noqa: E741 - the columns of the table
    Role.CLERK,
    Role.ASSEMBLY_WORKER,
    Role.PLANNER,
    Role.INTEGRATOR,
    Role.AUDITOR,
    Role.ADMINISTRATOR,
)

TABLE: dict[Right, set[Role]] = {
    # Customer: clerk and integrator enter, all others but the workshop read
    Right.VIEW_CUSTOMERS: {C, P, I, A, X},
    Right.EDIT_CUSTOMERS: {C, I},
    # Item and BOM: everybody reads, costs are for planner, auditor, administrator; the planner enters
    Right.VIEW_MASTERS: {C, W, P, I, A, X},
    Right.SEE_COSTS: {P, A, X},
    Right.EDIT_ITEMS: {P},
    Right.EDIT_BOM: {P},
    # Sales documents
    Right.VIEW_SALES: {C, P, I, A, X},
    Right.ENTER_SALES: {C, I},
    Right.RELEASE_SALES: {C, I},
    Right.REOPEN_SALES: {C, P, I},
    Right.POST_SALES: {C, P, I},
    # Assembly documents
    Right.VIEW_ASSEMBLY: {C, W, P, I, A, X},
    Right.ENTER_ASSEMBLY: {P},
    Right.EDIT_ASSEMBLY_COMPONENTS: {C, W, P},
    Right.EDIT_ASSEMBLY_QUANTITIES: {W, P},
    Right.RELEASE_ASSEMBLY: {P},
    Right.POST_ASSEMBLY: {W, P},
    Right.PREVIEW_POSTING: {C, W, P, I, A},
    Right.UNDO: {P},
    # Reservation, stock, purchase, planning
    Right.VIEW_RESERVATIONS: {C, W, P, A, X},
    Right.RESERVE: {C, P},
    Right.VIEW_STOCK: {C, W, P, I, A, X},
    Right.ADJUST_STOCK: {P},
    Right.VIEW_PURCHASES: {P, A, X},
    Right.PURCHASE: {P},
    Right.PLAN: {P},
    # Setup, number series, people, trail
    Right.VIEW_SETUP: {C, P, A, X},
    Right.EDIT_SETUP: {X},
    Right.VIEW_NUMBER_SERIES: {C, P, A, X},
    Right.EDIT_NUMBER_SERIES: {X},
    Right.VIEW_USERS: {A, X},
    Right.MANAGE_USERS: {X},
    Right.VIEW_AUDIT: {A, X},
}


def test_every_right_stands_in_the_table() -> None:
    assert set(TABLE) == set(Right)


@pytest.mark.parametrize("right", Right)
def test_the_table_holds_row_by_row(right: Right) -> None:
    assert {role for role in Role if right in ROLE_RIGHTS[role]} == TABLE[right]


def test_rights_of_several_roles_add_up() -> None:
    assert rights_of([C, W]) == ROLE_RIGHTS[C] | ROLE_RIGHTS[W]
    assert rights_of([]) == frozenset()


@pytest.mark.parametrize("role", [role for role in Role if role is not X])
def test_who_manages_people_never_posts(role: Role) -> None:
    assert not rights_of([role, X]) & POSTING_RIGHTS


def test_the_auditor_changes_nothing() -> None:
    assert all(right.value.startswith(("view_", "see_", "preview_")) for right in ROLE_RIGHTS[A])


def test_a_superuser_has_every_right_and_nobody_has_none() -> None:
    for right in Right:
        assert has_right(User(is_superuser=True), right)
        assert not has_right(User(is_superuser=True, is_active=False), right)
        assert not has_right(User(), right)
        assert not has_right(AnonymousUser(), right)
        assert not has_right(None, right)


def test_a_missing_right_is_refused_by_name() -> None:
    require_right(User(roles=[C]), Right.ENTER_SALES)

    with pytest.raises(Forbidden) as refusal:
        require_right(User(roles=[C]), Right.MANAGE_USERS)

    assert (refusal.value.http_status, refusal.value.params) == (403, {"right": "manage_users"})


def test_the_database_knows_the_roles_too(db: None) -> None:
    with pytest.raises(IntegrityError, match="user_roles_known"), transaction.atomic():
        User.objects.create(username="x", roles=["king"])
