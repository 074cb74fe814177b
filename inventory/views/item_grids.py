"""The tabs of an item's card that are line grids: its bill of materials, units, variants and substitutes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html

from backoffice.pages.attempts import NO_ATTEMPT, Attempt, attempt
from backoffice.pages.decorators import page
from backoffice.pages.entries import Sheet
from backoffice.pages.grids import Computed, Grid, answer_deletion, answer_line
from backoffice.rights import Right, has_right
from backoffice.templatetags.kitwright import icon
from inventory import querysets
from inventory.locks import lock_bom_graph, lock_master
from inventory.models import BomLine, BomLineType, Item, ItemUnit
from inventory.services import boms, items, substitutes
from inventory.views import sheets
from inventory.views.item_card import STATUS_FRAGMENT, card_context, card_of

#: What stands in a row before anything is typed.
_BLANK_BOM_LINE = {"type": BomLineType.ITEM}
Act = Literal["save", "delete"]


@dataclass(frozen=True, slots=True, kw_only=True)
class GridTab:
    """A tab that is a grid of rows of an item.

    rows: the item's rows as they are shown. write: saves a row (key None: a new one) or deletes it, and returns the
    key of what was saved. Keys are line numbers or ids, as the address has them.
    """

    url_name: str
    heading: str
    hint: str
    right: Right
    rows: Callable[[Item], QuerySet[Any]]
    key_column: str
    grid: Callable[[Item, str], Grid]
    write: Callable[[str, int | None, Act, Mapping[str, str]], int | None]


# --- Bill of materials ------------------------------------------------------------------------------------------------


def _component_link(line: BomLine) -> str:
    if line.item_id:
        url, label = reverse("item", args=[line.item_id]), f"Card of {line.item_id}"
    elif line.resource_id:
        url, label = reverse("resource", args=[line.resource_id]), f"Card of {line.resource_id}"
    else:
        return ""
    has_bom = icon("sitemap", label="has a bill of materials") if getattr(line, "is_assembled", False) else ""
    return format_html('<a href="{}" title="{}">{}</a> {}', url, label, icon("external-link", label=label), has_bom)


def _bom_grid(item: Item, url: str) -> Grid:
    return Grid(
        key="bom",
        label="Component",
        sheet=sheets.BOM_LINE,
        url=url if item.is_inventoriable else "",
        key_of=lambda line: str(line.line_no),
        name_of=lambda line: f"line {line.line_no}, {line.no or line.description}",
        mark_of=lambda line: str(line.line_no),
        computed=[Computed(name="link", label="Card", show=_component_link, css="fit")],
        blank=_BLANK_BOM_LINE,
    )


def _write_bom(no: str, line_no: int | None, act: Act, posted: Mapping[str, str]) -> int | None:
    if act == "delete":
        assert line_no is not None, "a new line cannot be deleted"
        boms.delete_bom_line(no, line_no)
        return None
    if line_no is None:
        return boms.add_bom_line(no, sheets.BOM_LINE.changes(posted, _BLANK_BOM_LINE)).line_no
    # The graph before the item, as the service locks them.
    lock_bom_graph()
    lines = lock_master(Item, no).bom_lines.filter(line_no=line_no)
    return boms.change_bom_line(no, line_no, sheets.BOM_LINE.changes(posted, lines.first() or {})).line_no


# --- Units, variants, substitutes: lists that are written as a whole --------------------------------------------------


def _edited(
    rows: Sequence[Model], sheet: Sheet, key: int | None, act: Act, posted: Mapping[str, str]
) -> list[dict[str, Any]]:
    """Return the values of all rows as they are to be: one changed, added or left out."""
    values = []
    for row in rows:
        if row.pk != key:
            values.append(_values_of(row, sheet))
        elif act == "save":
            values.append({**_values_of(row, sheet), **sheet.changes(posted, row)})
    if key is None:
        values.append({**sheet.new(posted)})
    return values


def _values_of(row: Model, sheet: Sheet) -> dict[str, Any]:
    return {name: field.value_of(row) for name, field in sheet.fields.items()}


def _write_units(no: str, key: int | None, act: Act, posted: Mapping[str, str]) -> int | None:
    item = lock_master(Item, no)
    values = _edited(list(item.units.all()), sheets.ITEM_UNIT, key, act, posted)
    items.change_item(no, {"units_of_measure": values})
    return key or item.units.values_list("pk", flat=True).get(unit_of_measure=values[-1]["code"])


def _write_variants(no: str, key: int | None, act: Act, posted: Mapping[str, str]) -> int | None:
    item = lock_master(Item, no)
    values = _edited(list(item.variants.all()), sheets.ITEM_VARIANT, key, act, posted)
    items.change_item(no, {"variants": values})
    return key or item.variants.values_list("pk", flat=True).get(code=values[-1]["code"])


def _write_substitutes(no: str, key: int | None, act: Act, posted: Mapping[str, str]) -> int | None:
    before = list(lock_master(Item, no).substitutes.all())
    written = substitutes.replace_substitutes(no, _edited(before, sheets.SUBSTITUTE, key, act, posted))
    known = {row.pk for row in before}
    return next((row.pk for row in written if row.pk not in known), key)


def _unit_grid(item: Item, url: str) -> Grid:
    def locked(unit: ItemUnit) -> Mapping[str, str]:
        if unit.unit_of_measure_id != item.base_unit_of_measure_id:
            return {}
        return {
            "code": "The base unit is chosen on the tab General.",
            "qty_per_unit_of_measure": "The base unit counts 1.",
        }

    return _pk_grid("unit", "Unit", sheets.ITEM_UNIT, url, "unit_of_measure_id", locked_of=locked)


def _variant_grid(_: Item, url: str) -> Grid:
    return _pk_grid("variant", "Variant", sheets.ITEM_VARIANT, url, "code")


def _substitute_grid(_: Item, url: str) -> Grid:
    return _pk_grid("substitute", "Substitute", sheets.SUBSTITUTE, url, "substitute_id")


def _pk_grid(key: str, label: str, sheet: Sheet, url: str, named_by: str, **more: Any) -> Grid:
    return Grid(
        key=key,
        label=label,
        sheet=sheet,
        url=url,
        key_of=lambda row: str(row.pk),
        name_of=lambda row: f"{label.lower()} {getattr(row, named_by)}",
        **more,
    )


# --- The tabs ---------------------------------------------------------------------------------------------------------

BOM = GridTab(
    url_name="item-bom",
    heading="Bill of materials",
    hint="For one base unit. The first component makes a purchased item an assembled one.",
    right=Right.EDIT_BOM,
    rows=querysets.bom_of,
    key_column="line_no",
    grid=_bom_grid,
    write=_write_bom,
)
UNITS = GridTab(
    url_name="item-units",
    heading="Units of measure",
    hint="What the item is bought, sold and assembled in.",
    right=Right.EDIT_ITEMS,
    rows=lambda item: item.units.all(),
    key_column="pk",
    grid=_unit_grid,
    write=_write_units,
)
VARIANTS = GridTab(
    url_name="item-variants",
    heading="Variants",
    hint="Versions that are stocked and sold by themselves and share the bill of materials.",
    right=Right.EDIT_ITEMS,
    rows=lambda item: item.variants.all(),
    key_column="pk",
    grid=_variant_grid,
    write=_write_variants,
)
SUBSTITUTES = GridTab(
    url_name="item-substitutes",
    heading="Substitutes",
    hint="Items that may take this one's place in an assembly order.",
    right=Right.EDIT_BOM,
    rows=lambda item: item.substitutes.all(),
    key_column="pk",
    grid=_substitute_grid,
    write=_write_substitutes,
)


@dataclass(frozen=True, slots=True)
class GridViews:
    """The three addresses of a grid's tab: the page, one row, its deletion."""

    tab: GridTab

    @property
    def page(self) -> Callable[..., HttpResponse]:
        """GET the tab; POST a new row."""
        return page(right=Right.VIEW_MASTERS)(self._page)

    @property
    def row(self) -> Callable[..., HttpResponse]:
        """POST a changed row."""
        return page(right=Right.VIEW_MASTERS, methods=("POST",))(self._row)

    @property
    def deletion(self) -> Callable[..., HttpResponse]:
        """POST to delete a row."""
        return page(right=Right.VIEW_MASTERS, methods=("POST",))(self._delete)

    def _page(self, request: HttpRequest, no: str) -> HttpResponse:
        if request.method == "POST":
            return self._answer(request, no, None, "save")
        return self._show(request, no, NO_ATTEMPT)

    def _row(self, request: HttpRequest, no: str, key: int) -> HttpResponse:
        return self._answer(request, no, key, "save")

    def _delete(self, request: HttpRequest, no: str, key: int) -> HttpResponse:
        return self._answer(request, no, key, "delete")

    def _answer(self, request: HttpRequest, no: str, key: int | None, act: Act) -> HttpResponse:
        tried = attempt(
            request,
            self.tab.right,
            lambda: self.tab.write(no, key, act, request.POST),
            key=self._unit_key(no, key),
        )
        item = card_of(no)
        saved = tried.result or key
        answer = answer_deletion if act == "delete" else answer_line
        return answer(
            request,
            tried,
            grid=lambda: self._grid(request, item),
            reload=lambda: self.tab.rows(item).filter(**{self.tab.key_column: saved}).first() if saved else None,
            show_page=lambda refused: self._show(request, no, refused),
            page_url=reverse(self.tab.url_name, args=[no]),
            fragments=STATUS_FRAGMENT,
            context=lambda: {"item": item},
        )

    def _unit_key(self, no: str, key: int | None) -> str:
        grid = self.tab.grid(Item(no=no), "")
        return grid.new_key if key is None else grid.unit_key(key)

    def _grid(self, request: HttpRequest, item: Item) -> Grid:
        may_edit = has_right(request.user, self.tab.right)
        return self.tab.grid(item, reverse(self.tab.url_name, args=[item.no]) if may_edit else "")

    def _show(self, request: HttpRequest, no: str, tried: Attempt) -> HttpResponse:
        item = card_of(no)
        grid = self._grid(request, item)
        context = card_context(
            request,
            item,
            self.tab.url_name,
            heading=self.tab.heading,
            hint=self.tab.hint,
            **grid.context(self.tab.rows(item), tried),
        )
        return render(request, "inventory/item/grid.html", context, status=tried.status)


bom, units, variants, item_substitutes = (GridViews(tab) for tab in (BOM, UNITS, VARIANTS, SUBSTITUTES))
