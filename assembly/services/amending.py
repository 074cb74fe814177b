"""Amend a released sales order together with what is assembled for its lines, as one act."""

from __future__ import annotations

from collections.abc import Mapping

from assembly.exceptions import NoAssemblyDocument
from assembly.locks import lock_assembly_lines, lock_links
from assembly.revision import Revision
from assembly.services.lines import Change, LineValues, change_lines
from backoffice.exceptions import Invalid
from backoffice.transactions import act
from inventory.lookups import current_setup
from sales.locks import lock_document
from sales.masters import LineValues as SalesLineValues
from sales.models import SalesDocument, SalesDocumentType
from sales.services.amending import amendment
from sales.services.documents import HeaderValues, edit_sales_document
from sales.services.lines import lock_named

_ORDER = SalesDocumentType.ORDER
#: By the line numbers of the sales order, then by those of its assembly order.
Components = Mapping[int, Mapping[int, LineValues]]


@act
def amend_order(
    *,
    no: str,
    values: HeaderValues,
    lines: Mapping[int, SalesLineValues],
    components: Components,
    reason: str,
    expected_rev: int | None = None,
) -> SalesDocument:
    """Change a released order, its lines and the components of their assembly orders; all stay released (EDT-25).

    The sales order and its lines first: the components are those that follow from them, and what is stated of a
    component stands over that. Raises: as `sales.services.amending.amend_order`; NoAssemblyDocument and what
    components refuse, at `lines[line_no].components[line_no].field`. Locks: header, lines, assembly, its lines.
    """
    if not values and not lines and not components:
        raise Invalid(detail="Nothing is changed.")
    with amendment(no=no, reason=reason, expected_rev=expected_rev):
        edit_sales_document(document_type=_ORDER, no=no, values=values, lines=lines)
        _change_components(no, components)
    return lock_document(_ORDER, no)


def _change_components(no: str, components: Components) -> None:
    """Open the assembly orders whose components change, and change these. They are released with the order."""
    if not components:
        return
    sold = lock_named(lock_document(_ORDER, no), components)
    links = lock_links([line.pk for line in sold])
    for line in sold:
        if line.pk not in links:
            field = f"lines[{line.line_no}].components"
            raise NoAssemblyDocument(field=field, sales_document=no, line_no=line.line_no)
    parts = lock_assembly_lines([link.assembly for link in links.values()])
    changes: list[Change] = []
    setup = current_setup()
    for line in sold:
        assembly = links[line.pk].assembly
        revision = Revision(assembly, parts[assembly.pk], setup=setup)
        revision.reopen_if_released()
        changes += [
            Change(revision=revision, line_no=part, values=given, path=f"lines[{line.line_no}].components[{part}]")
            for part, given in components[line.line_no].items()
        ]
    change_lines(changes)
