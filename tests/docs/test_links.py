"""Links inside the documents lead somewhere, and every document can be reached by one."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote

ROOT = Path(__file__).resolve().parents[2]
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"^#+ +(.*)$", re.MULTILINE)
ABSOLUTE = re.compile(r"^[a-z]+:")


def pages() -> list[Path]:
    return [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]


def links(page: Path) -> list[str]:
    """The relative link targets of a page, code blocks left out."""
    text = FENCE.sub("", page.read_text(encoding="utf-8"))
    return [target for target in LINK.findall(text) if not ABSOLUTE.match(target)]


def slugs(page: Path) -> set[str]:
    """The anchors that a page's headings give: lower case, punctuation dropped, a dash for each space."""
    headings = HEADING.findall(FENCE.sub("", page.read_text(encoding="utf-8")))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


def is_dead(page: Path, target: str) -> bool:
    name, _, anchor = unquote(target).partition("#")
    linked = (page.parent / name).resolve() if name else page
    if not linked.exists():
        return True
    return bool(anchor) and linked.suffix == ".md" and anchor not in slugs(linked)


def test_links_between_documents_resolve() -> None:
    dead = [
        f"{page.relative_to(ROOT)}: {target}" for page in pages() for target in links(page) if is_dead(page, target)
    ]

    assert dead == []


def test_every_document_is_reachable_from_the_readme() -> None:
    reached: set[Path] = set()
    to_visit = [ROOT / "README.md"]
    while to_visit:
        page = to_visit.pop()
        if page in reached or not page.is_file():
            continue
        reached.add(page)
        if page.suffix == ".md":
            to_visit += [(page.parent / target.partition("#")[0]).resolve() for target in links(page)]

    assert [
        str(page.relative_to(ROOT)) for page in pages() if page not in reached and page.name != "CHANGELOG.md"
    ] == []


def test_decisions_are_numbered_without_gaps_and_tagged() -> None:
    decisions = sorted((ROOT / "docs" / "adr").glob("[0-9]*.md"))

    assert [int(page.name[:4]) for page in decisions] == list(range(1, len(decisions) + 1))
    assert [
        page.name for page in decisions if not re.search(r"^Tags: \S", page.read_text(encoding="utf-8"), re.MULTILINE)
    ] == []
