"""The addresses of inventory's pages."""

from __future__ import annotations

from django.urls import path

from backoffice.pages import converters
from inventory.views import (
    adjusting,
    availability,
    cost_shares,
    item_grids,
    item_reading,
    items,
    ledger,
    locations,
    lookups,
    purchasing,
    receiving,
    reservations,
    resources,
    setup,
    tracing,
    units,
)
from inventory.views.item_grids import GridViews

__all__ = ["converters", "urlpatterns"]  # imported for the path converter that it registers


def _grid(segment: str, name: str, views: GridViews) -> list:  # type: ignore[type-arg]  # django-stubs
    return [
        path(f"items/<key:no>/{segment}/", views.page, name=name),
        path(f"items/<key:no>/{segment}/<int:key>/", views.row, name=f"{name}-row"),
        path(f"items/<key:no>/{segment}/<int:key>/delete/", views.deletion, name=f"{name}-row-delete"),
    ]


urlpatterns = [
    # Options of comboboxes
    path("lookups/items/", lookups.item_lookup, name="item-lookup"),
    path("lookups/components/", lookups.component_lookup, name="component-lookup"),
    path("lookups/resources/", lookups.resource_lookup, name="resource-lookup"),
    path("lookups/units/", lookups.unit_lookup, name="unit-lookup"),
    path("lookups/item-units/", lookups.item_unit_lookup, name="item-unit-lookup"),
    path("lookups/variants/", lookups.variant_lookup, name="variant-lookup"),
    path("lookups/locations/", lookups.location_lookup, name="location-lookup"),
    path("lookups/bins/", lookups.bin_lookup, name="bin-lookup"),
    # Items
    path("items/", items.list_items, name="items"),
    path("items/new/", items.new_item, name="item-new"),
    path("items/<key:no>/", items.general, name="item"),
    path("items/<key:no>/sales/", items.sales, name="item-sales"),
    path("items/<key:no>/replenishment/", items.replenishment, name="item-replenishment"),
    *_grid("units", "item-units", item_grids.units),
    *_grid("variants", "item-variants", item_grids.variants),
    *_grid("bom", "item-bom", item_grids.bom),
    *_grid("substitutes", "item-substitutes", item_grids.item_substitutes),
    path("items/<key:no>/cost-shares/", cost_shares.cost_shares, name="item-cost-shares"),
    path("items/<key:no>/where-used/", item_reading.where_used, name="item-where-used"),
    path("items/<key:no>/stock/", item_reading.stock, name="item-stock"),
    path("items/<key:no>/availability/", availability.availability, name="item-availability"),
    path("items/<key:no>/history/", item_reading.history, name="item-history"),
    path("items/<key:no>/delete/", items.delete_item, name="item-delete"),
    # Resources
    path("resources/", resources.list_resources, name="resources"),
    path("resources/new/", resources.PAGES.new_page, name="resource-new"),
    path("resources/<key:key>/", resources.PAGES.card_page, name="resource"),
    path("resources/<key:key>/delete/", resources.PAGES.deletion, name="resource-delete"),
    # Locations and bins
    path("locations/", locations.list_locations, name="locations"),
    path("locations/new/", locations.PAGES.new_page, name="location-new"),
    path("locations/<key:key>/", locations.PAGES.card_page, name="location"),
    path("locations/<key:key>/delete/", locations.PAGES.deletion, name="location-delete"),
    path("locations/<key:key>/bins/", locations.save_bin, name="location-bins"),
    path("locations/<key:key>/bins/<int:pk>/", locations.save_bin, name="location-bin"),
    path("locations/<key:key>/bins/<int:pk>/delete/", locations.delete_bin, name="location-bin-delete"),
    # Units of measure and settings
    path("units-of-measure/", units.list_units, name="units"),
    path("units-of-measure/<slug:key>/", units.save_unit, name="unit"),
    path("units-of-measure/<slug:key>/delete/", units.delete_unit, name="unit-delete"),
    path("setup/", setup.setup, name="setup"),
    # Purchase orders
    path("purchase-orders/", purchasing.list_orders, name="purchase-orders"),
    path("purchase-orders/new/", purchasing.new_order, name="purchase-order-new"),
    path("purchase-orders/<key:no>/", purchasing.show_order, name="purchase-order"),
    path("purchase-orders/<key:no>/delete/", purchasing.delete_order, name="purchase-order-delete"),
    path("purchase-orders/<key:no>/lines/", purchasing.save_line, name="purchase-order-lines"),
    path("purchase-orders/<key:no>/lines/<int:line_no>/", purchasing.save_line, name="purchase-order-line"),
    path(
        "purchase-orders/<key:no>/lines/<int:line_no>/delete/",
        purchasing.delete_line,
        name="purchase-order-line-delete",
    ),
    path("purchase-orders/<key:no>/receive/", receiving.receive, name="purchase-order-receive"),
    # Stock
    path("reservations/", reservations.list_reservations, name="reservation-list"),
    path("reservations/<slug:kind>/<key:no>/<int:line_no>/", reservations.show, name="reservations"),
    path(
        "reservations/<slug:kind>/<key:no>/<int:line_no>/<int:entry_no>/cancel/",
        reservations.cancel,
        name="reservation-cancel",
    ),
    path("adjustments/new/", adjusting.new_adjustment, name="adjustment-new"),
    path("ledger-entries/", ledger.list_entries, name="ledger-entries"),
    path("ledger-entries/of/<key:no>/", ledger.entries_of, name="document-entries"),
    path("trace/", tracing.trace_number, name="trace"),
]
