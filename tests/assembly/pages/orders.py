"""Where assembly orders stand: what the tests of their pages share."""

from __future__ import annotations

from assembly.models import AssemblyDocument

ORDERS = "/assembly/orders/"


def url_of(document: AssemblyDocument, *more: object) -> str:
    return f"{ORDERS}{document.no}/" + "".join(f"{part}/" for part in more)


def line_url(document: AssemblyDocument, line_no: int = 10000, *more: object) -> str:
    return url_of(document, "lines", line_no, *more)
