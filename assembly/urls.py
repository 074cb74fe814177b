"""Addresses of the pages of assembly. Each kind of document has the same ones."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

import backoffice.pages.converters  # noqa: F401 - registers <key:…>
from assembly.views import batch_posting, costs, lookups, order_lines, order_tree, orders, planning, promises, worklist
from assembly.views.document_kinds import KINDS, DocumentKind


def _document_urls(kind: DocumentKind) -> list[URLPattern]:
    own, slug, one = {"kind": kind}, kind.slug, f"{kind.segment}/<key:no>/"
    line = f"{one}lines/<int:line_no>/"
    return [
        path(f"{kind.segment}/", orders.listing, own, name=f"{slug}s"),
        *([path(f"{kind.segment}/new/", orders.new, own, name=f"{slug}-new")] if kind.is_order else []),
        path(one, orders.show, own, name=slug),
        path(f"{one}header/", orders.save_header, own, name=f"{slug}-header"),
        path(f"{one}release/", orders.release_document, own, name=f"{slug}-release"),
        path(f"{one}reopen/", orders.reopen_document, own, name=f"{slug}-reopen"),
        path(f"{one}unit-cost/", orders.update_unit_cost, own, name=f"{slug}-cost"),
        path(f"{one}delete/", orders.delete_document, own, name=f"{slug}-delete"),
        path(f"{one}able-to-make/", order_tree.show, own, name=f"{slug}-able-to-make"),
        path(f"{one}panel/", order_lines.panel, own, name=f"{slug}-panel"),
        path(f"{one}refresh/", order_lines.refresh_lines, own, name=f"{slug}-refresh"),
        path(f"{one}lines/", order_lines.add_line, own, name=f"{slug}-lines"),
        path(line, order_lines.save_line, own, name=f"{slug}-line"),
        path(f"{line}delete/", order_lines.delete_line, own, name=f"{slug}-line-delete"),
        path(f"{line}substitute/", order_lines.substitute, own, name=f"{slug}-line-substitute"),
        path(f"{line}explode/", order_lines.explode_line, own, name=f"{slug}-line-explode"),
    ]


urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("assembly.printing.urls")),
    path("worklist/", worklist.show, name="assembly-worklist"),
    path("planning/", planning.show, name="planning"),
    path("planning/accept/", planning.accept, name="planning-accept"),
    path("promises/<slug:document_type>/<key:no>/new-line/", promises.show_new_line, name="new-line-promise"),
    path("promises/<slug:document_type>/<key:no>/<int:line_no>/", promises.show_line, name="line-promise"),
    path("orders/post-batch/", batch_posting.queue, name="assembly-order-post-batch"),
    path("orders/<key:no>/costs/", costs.show, name="assembly-order-costs"),
    path("", include("assembly.urls_posted")),
    *(url for kind in KINDS for url in _document_urls(kind)),
    path("lookups/items/", lookups.items, name="assembly-item-lookup"),
    path("lookups/numbers/", lookups.numbers, name="assembly-no-lookup"),
]
