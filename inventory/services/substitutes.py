"""Which items may take another one's place (DM-18)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from backoffice.exceptions import DomainError, Invalid, NotFound, Required, raise_all
from backoffice.transactions import act, check_revision
from inventory.locks import lock_master
from inventory.lookups import ItemFacts, load_items
from inventory.models import Item, ItemSubstitute

_Key = tuple[str, str, str]


@act
def replace_substitutes(
    item_no: str, rows: Sequence[Mapping[str, Any]], *, expected_rev: int | None = None
) -> list[ItemSubstitute]:
    """Make `rows` all the substitutes of the item and its variants, and return them.

    An interchangeable substitute goes both ways: whoever asks for substitutes of the other finds this item.

    Raises: NotFound, Required, Invalid, StaleRevision; every fault of every row at once. Locks: the item.
    """
    item = lock_master(Item, item_no)
    check_revision(item, expected_rev)
    wanted = _rows_to_be(item, rows)
    before = {_key(row): row for row in item.substitutes.all()}
    for key in wanted.keys() & before.keys():
        wanted[key].pk = before[key].pk
    gone = [row.pk for key, row in before.items() if key not in wanted]
    if gone:
        item.substitutes.filter(pk__in=gone).delete()
    changed = [
        row for key, row in wanted.items() if key in before and row.interchangeable != before[key].interchangeable
    ]
    if changed:
        ItemSubstitute.objects.bulk_update(changed, ["interchangeable"])
    ItemSubstitute.objects.bulk_create([row for key, row in wanted.items() if key not in before])
    return [wanted[key] for key in sorted(wanted)]


def _rows_to_be(item: Item, rows: Sequence[Mapping[str, Any]]) -> dict[_Key, ItemSubstitute]:
    facts = load_items({item.no, *(str(row.get("substitute") or "") for row in rows)}, variants=True)
    wanted: dict[_Key, ItemSubstitute] = {}
    errors: list[DomainError] = []
    for index, values in enumerate(rows):
        try:
            row = _row(item, values, facts)
        except DomainError as error:
            errors.append(error.at(f"[{index}]"))
            continue
        if _key(row) in wanted:
            errors.append(Invalid(field=f"[{index}].substitute", detail=f"{row.substitute_id} stands twice."))
        wanted[_key(row)] = row
    raise_all(errors)
    return wanted


def _row(item: Item, values: Mapping[str, Any], facts: Mapping[str, ItemFacts]) -> ItemSubstitute:
    if values.get("item") not in (None, "", item.no):
        raise Invalid(field="item", detail=f"These are the substitutes of {item.no}.")
    substitute = values.get("substitute")
    if not substitute:
        raise Required(field="substitute")
    if substitute not in facts:
        raise NotFound(field="substitute", what="Item", key=substitute)
    row = ItemSubstitute(
        item=item,
        variant_code=values.get("variant", ""),
        substitute=facts[substitute].item,
        substitute_variant_code=values.get("substitute_variant", ""),
        interchangeable=values.get("interchangeable", False),
    )
    facts[item.no].variant(row.variant_code)
    facts[substitute].variant(row.substitute_variant_code, at="substitute_variant")
    if (row.variant_code, item.no) == (row.substitute_variant_code, substitute):
        raise Invalid(field="substitute", detail="An item is no substitute for itself.")
    return row


def _key(row: ItemSubstitute) -> _Key:
    return (row.variant_code, row.substitute_id, row.substitute_variant_code)
