"""What is blocked is neither entered anew nor posted any more (DM-10). Undoing what was posted stays possible."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from backoffice.exceptions import Blocked, DomainError
from inventory.models import Item, ItemVariant, Resource


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """What a row uses of the master data. field: where the row names it; variant_field: where its variant.

    called: what an item is to this row, for the refusal.
    """

    field: str
    variant_field: str
    item: Item | None = None
    variant_code: str = ""
    resource: Resource | None = None
    called: str = "Item"


def refusals_of_blocked(uses: Collection[Use]) -> list[DomainError]:
    """Return a refusal for each item, variant and resource among the uses that is blocked, in their order.

    `sales_blocked` is none of them: it bars new sales lines only. One statement where a variant is used, else none.
    """
    blocked = _blocked_variants({(use.item.no, use.variant_code) for use in uses if use.item and use.variant_code})
    errors: list[DomainError] = []
    for use in uses:
        if use.item is not None and use.item.blocked:
            errors.append(Blocked(field=use.field, what=use.called, key=use.item.no))
        elif use.item is not None and (use.item.no, use.variant_code) in blocked:
            variant = f"Variant {use.variant_code} of {use.called.lower()}"
            errors.append(Blocked(field=use.variant_field, what=variant, key=use.item.no))
        elif use.resource is not None and use.resource.blocked:
            errors.append(Blocked(field=use.field, what="Resource", key=use.resource.no))
    return errors


def _blocked_variants(named: Collection[tuple[str, str]]) -> set[tuple[str, str]]:
    if not named:
        return set()
    rows = ItemVariant.objects.filter(item__in={item for item, _ in named}, blocked=True)
    return set(rows.values_list("item_id", "code"))
