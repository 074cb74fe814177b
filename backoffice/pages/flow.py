"""Where a document stands among those that it came from and those that came of it, as a strip of links."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from backoffice.pages.links import url_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One stage of the strip: the documents of a kind, each with its number and address ("" without a page)."""

    label: str
    documents: Sequence[tuple[str, str]]
    current: bool = False


def stage(label: str, kind: str, numbers: Iterable[str | None], *, current: bool = False) -> Stage:
    """Return a stage of documents of a kind; numbers that are not there are left out."""
    return Stage(label=label, documents=[(no, url_of(kind, no)) for no in numbers if no], current=current)


def strip(*stages: Stage) -> list[Stage]:
    """Return the stages that have a document."""
    return [one for one in stages if one.documents]
