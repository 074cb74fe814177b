"""Who may do what. Services authorise with `require_right`; views and templates only ask with `has_right`.

Deny by default: a right that no role of the user grants is refused. A superuser has every right.
Separation of duties: who manages people and setup (administrator) never posts, whatever other roles are held.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import TYPE_CHECKING

from django.db import models

from backoffice.exceptions import Forbidden

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from backoffice.models import User


class Role(models.TextChoices):
    """The six roles. A user may hold several; rights add up."""

    CLERK = "clerk", "Sales clerk"
    ASSEMBLY_WORKER = "assembly_worker", "Assembly worker"
    PLANNER = "planner", "Planner"
    INTEGRATOR = "integrator", "Integrator"
    AUDITOR = "auditor", "Auditor"
    ADMINISTRATOR = "administrator", "Administrator"


class Right(StrEnum):
    """One thing that somebody may do."""

    # Masters
    VIEW_MASTERS = "view_masters"  # items, variants, units, BOMs, substitutes, resources, locations, bins
    EDIT_ITEMS = "edit_items"  # items and resources: create, change, delete
    EDIT_BOM = "edit_bom"  # BOM lines and substitutes
    SEE_COSTS = "see_costs"  # unit cost, cost amounts, value entries
    VIEW_CUSTOMERS = "view_customers"
    EDIT_CUSTOMERS = "edit_customers"
    # Sales
    VIEW_SALES = "view_sales"
    ENTER_SALES = "enter_sales"  # headers and lines, delete, make order, copy
    RELEASE_SALES = "release_sales"
    REOPEN_SALES = "reopen_sales"
    POST_SALES = "post_sales"
    # Assembly
    VIEW_ASSEMBLY = "view_assembly"
    ENTER_ASSEMBLY = "enter_assembly"  # stand-alone orders: create, change dates and quantity, delete
    EDIT_ASSEMBLY_COMPONENTS = "edit_assembly_components"  # component lines, refresh, explode, substitute
    EDIT_ASSEMBLY_QUANTITIES = "edit_assembly_quantities"  # quantity to assemble, to consume
    RELEASE_ASSEMBLY = "release_assembly"  # release and reopen
    POST_ASSEMBLY = "post_assembly"  # stand-alone orders
    # Stock, purchase, planning
    VIEW_STOCK = "view_stock"  # availability, ledgers, posted documents
    ADJUST_STOCK = "adjust_stock"
    VIEW_PURCHASES = "view_purchases"
    PURCHASE = "purchase"  # purchase orders: enter, change, receive
    VIEW_RESERVATIONS = "view_reservations"
    RESERVE = "reserve"
    PLAN = "plan"  # planning suggestions and their acceptance
    PREVIEW_POSTING = "preview_posting"
    UNDO = "undo"  # undo a shipment or a posted assembly
    # The house
    VIEW_SETUP = "view_setup"
    EDIT_SETUP = "edit_setup"  # setup, units of measure, locations, bins
    VIEW_NUMBER_SERIES = "view_number_series"
    EDIT_NUMBER_SERIES = "edit_number_series"
    VIEW_USERS = "view_users"
    MANAGE_USERS = "manage_users"  # people, roles, tokens
    VIEW_AUDIT = "view_audit"  # the whole trail; a document's own history goes with the document


#: What changes stock or books for good. Never granted to a user who holds the administrator role.
POSTING_RIGHTS = frozenset(
    {
        Right.POST_SALES,
        Right.POST_ASSEMBLY,
        Right.UNDO,
        Right.ADJUST_STOCK,
        Right.PURCHASE,
        Right.PREVIEW_POSTING,
    }
)

_VIEW_ALL = frozenset(
    {
        Right.VIEW_MASTERS,
        Right.SEE_COSTS,
        Right.VIEW_CUSTOMERS,
        Right.VIEW_SALES,
        Right.VIEW_ASSEMBLY,
        Right.VIEW_STOCK,
        Right.VIEW_PURCHASES,
        Right.VIEW_RESERVATIONS,
        Right.VIEW_SETUP,
        Right.VIEW_NUMBER_SERIES,
        Right.VIEW_USERS,
        Right.VIEW_AUDIT,
    }
)

ROLE_RIGHTS: Mapping[Role, frozenset[Right]] = {
    Role.CLERK: frozenset(
        {
            Right.VIEW_MASTERS,
            Right.VIEW_CUSTOMERS,
            Right.EDIT_CUSTOMERS,
            Right.VIEW_SALES,
            Right.ENTER_SALES,
            Right.RELEASE_SALES,
            Right.REOPEN_SALES,
            Right.POST_SALES,
            Right.VIEW_ASSEMBLY,
            # Customising the kit is the clerk's work: the panel stands on the sales order's page.
            Right.EDIT_ASSEMBLY_COMPONENTS,
            Right.VIEW_STOCK,
            Right.VIEW_RESERVATIONS,
            Right.RESERVE,
            Right.PREVIEW_POSTING,
            Right.VIEW_SETUP,
            Right.VIEW_NUMBER_SERIES,
        }
    ),
    Role.ASSEMBLY_WORKER: frozenset(
        {
            Right.VIEW_MASTERS,
            Right.VIEW_ASSEMBLY,
            Right.EDIT_ASSEMBLY_COMPONENTS,
            Right.EDIT_ASSEMBLY_QUANTITIES,
            Right.POST_ASSEMBLY,
            Right.PREVIEW_POSTING,
            Right.VIEW_STOCK,
            Right.VIEW_RESERVATIONS,
        }
    ),
    Role.PLANNER: frozenset(
        {
            Right.VIEW_MASTERS,
            Right.EDIT_ITEMS,
            Right.EDIT_BOM,
            Right.SEE_COSTS,
            Right.VIEW_CUSTOMERS,
            Right.VIEW_SALES,
            Right.REOPEN_SALES,
            Right.POST_SALES,
            Right.VIEW_ASSEMBLY,
            Right.ENTER_ASSEMBLY,
            Right.EDIT_ASSEMBLY_COMPONENTS,
            Right.EDIT_ASSEMBLY_QUANTITIES,
            Right.RELEASE_ASSEMBLY,
            Right.POST_ASSEMBLY,
            Right.VIEW_STOCK,
            Right.ADJUST_STOCK,
            Right.VIEW_PURCHASES,
            Right.PURCHASE,
            Right.VIEW_RESERVATIONS,
            Right.RESERVE,
            Right.PLAN,
            Right.PREVIEW_POSTING,
            Right.UNDO,
            Right.VIEW_SETUP,
            Right.VIEW_NUMBER_SERIES,
        }
    ),
    Role.INTEGRATOR: frozenset(
        {
            Right.VIEW_MASTERS,
            Right.VIEW_CUSTOMERS,
            Right.EDIT_CUSTOMERS,
            Right.VIEW_SALES,
            Right.ENTER_SALES,
            Right.RELEASE_SALES,
            Right.REOPEN_SALES,
            Right.POST_SALES,
            Right.VIEW_ASSEMBLY,
            Right.VIEW_STOCK,
            Right.PREVIEW_POSTING,
        }
    ),
    Role.AUDITOR: _VIEW_ALL | {Right.PREVIEW_POSTING},
    Role.ADMINISTRATOR: _VIEW_ALL | {Right.EDIT_SETUP, Right.EDIT_NUMBER_SERIES, Right.MANAGE_USERS},
}

ALL_RIGHTS = frozenset(Right)


def rights_of(roles: list[str]) -> frozenset[Right]:
    """Return what the roles grant together. The administrator role takes all posting rights away."""
    granted = frozenset[Right]().union(*(ROLE_RIGHTS[Role(role)] for role in roles))
    return granted - POSTING_RIGHTS if Role.ADMINISTRATOR in roles else granted


def has_right(user: User | AnonymousUser | None, right: Right) -> bool:
    """Say whether the user may. Runs no query: roles are a column of the user."""
    if user is None or not user.is_authenticated or not user.is_active:
        return False
    return user.is_superuser or right in rights_of(user.roles)


def require_right(user: User | AnonymousUser | None, right: Right) -> None:
    """Raise Forbidden unless the user has the right."""
    if not has_right(user, right):
        raise Forbidden(right=right.value)
