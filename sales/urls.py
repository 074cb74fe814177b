"""Addresses of the pages of sales. Each kind of document has the same ones."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

import backoffice.pages.converters  # noqa: F401 - registers <key:…>
from sales.views import amending, handing_on, lookups, order_lines, orders, promises
from sales.views.document_kinds import KINDS, DocumentKind


def _document_urls(kind: DocumentKind) -> list[URLPattern]:
    own, slug, one = {"kind": kind}, kind.slug, f"{kind.segment}/<key:no>/"
    line = f"{one}lines/<int:line_no>/"
    return [
        path(f"{kind.segment}/", orders.listing, own, name=f"{slug}s"),
        path(f"{kind.segment}/new/", orders.new, own, name=f"{slug}-new"),
        path(one, orders.show, own, name=slug),
        path(f"{one}header/", orders.save_header, own, name=f"{slug}-header"),
        path(f"{one}release/", orders.release_document, own, name=f"{slug}-release"),
        path(f"{one}reopen/", orders.reopen_document, own, name=f"{slug}-reopen"),
        path(f"{one}copy/", handing_on.copy, own, name=f"{slug}-copy"),
        *([] if kind.ships else [path(f"{one}order/", handing_on.make_order, own, name=f"{slug}-order")]),
        *([path(f"{one}promises/", promises.show, own, name=f"{slug}-promises")] if kind.promises else []),
        path(f"{one}delete/", orders.delete_document, own, name=f"{slug}-delete"),
        path(f"{one}lines/", order_lines.add_line, own, name=f"{slug}-lines"),
        path(line, order_lines.save_line, own, name=f"{slug}-line"),
        path(f"{line}delete/", order_lines.delete_line, own, name=f"{slug}-line-delete"),
        path(f"{line}explode/", order_lines.explode_line, own, name=f"{slug}-line-explode"),
        *(_order_urls(kind, one, line) if kind.ships else []),
    ]


def _order_urls(kind: DocumentKind, one: str, line: str) -> list[URLPattern]:
    """Only orders are released to be assembled and shipped, and only their lines take from stock."""
    own, slug = {"kind": kind}, kind.slug
    return [
        path(f"{one}amend/", amending.amend, own, name=f"{slug}-amend"),
        path(f"{line}mix/", order_lines.mix_line, own, name=f"{slug}-line-mix"),
        path(f"{line}split/", order_lines.split_line, own, name=f"{slug}-line-split"),
    ]


urlpatterns: list[URLPattern | URLResolver] = [
    path("customers/", include("sales.urls_customers")),
    path("", include("sales.printing.urls")),
    path("", include("sales.urls_posted")),
    *(url for kind in KINDS for url in _document_urls(kind)),
    path("lookups/customers/", lookups.customers, name="sales-customer-lookup"),
    path("lookups/numbers/", lookups.numbers, name="sales-no-lookup"),
    path("lookups/variants/", lookups.variants, name="sales-variant-lookup"),
    path("lookups/units/", lookups.units, name="sales-unit-lookup"),
    path("lookups/locations/", lookups.locations, name="sales-location-lookup"),
]
