"""The rule book and whoever cites it: every id that is cited exists, once, and is accounted for in the index."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
RULES = ROOT / "docs" / "rules"
PREFIXES = "DM|LNK|QTY|QEX|EDT|AVL|BOMT|PRM|PLN|RES|PST|UND|BLK|PRC|WHS|ERR|CNF|WRN|TRP|RPT"
CITATION = re.compile(rf"\b(?:{PREFIXES})-\d+[a-z]?\b")
DEFINITION = re.compile(rf"\*\*((?:{PREFIXES})-\d+[a-z]?)\*\*")
RANGE = re.compile(rf"((?:{PREFIXES})-\d+)(?: to ((?:{PREFIXES})-\d+))?")
#: Where rules are cited. The tests of the rule book itself cite none.
CITING = ("backoffice", "inventory", "sales", "assembly", "config", "tests", "docs", "templates")
SUFFIXES = {".py", ".md", ".html", ".sql", ".js", ".css", ".yaml"}
STATES = {"yes", "not yet", "with the rules they belong to", "with the rules they name"}


def definitions() -> Counter[str]:
    """Each rule id with the number of places that state it."""
    return Counter(
        rule
        for page in sorted(RULES.glob("[0-9]*.md"))
        for rule in DEFINITION.findall(page.read_text(encoding="utf-8"))
    )


def citing_files() -> list[Path]:
    return [
        path
        for top in CITING
        for path in sorted((ROOT / top).rglob("*"))
        if path.is_file() and path.suffix in SUFFIXES and "vendor" not in path.parts
    ]


def split(rule: str) -> tuple[str, int]:
    """("BLK", 14) of BLK-14 and of BLK-14b."""
    prefix, number = rule.split("-")
    return prefix, int(number.rstrip("abcdefghijklmnopqrstuvwxyz"))


def index_rows() -> list[tuple[str, str]]:
    """(rules, state) of each row of the index's table of what is in the product."""
    text = (RULES / "README.md").read_text(encoding="utf-8")
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line.startswith("|")]
    return [(row[0], row[2]) for row in rows if len(row) == 3 and RANGE.match(row[0])]


def index_ranges() -> list[tuple[str, int, int]]:
    """(prefix, first, last) of every range in the index."""
    ranges = []
    for rules, _state in index_rows():
        for first, last in RANGE.findall(rules):
            prefix, low = split(first)
            ranges.append((prefix, low, split(last or first)[1]))
    return ranges


def test_every_cited_rule_is_in_the_rule_book() -> None:
    known = definitions()

    unknown = [
        f"{path.relative_to(ROOT)}: {rule}"
        for path in citing_files()
        for rule in sorted(set(CITATION.findall(path.read_text(encoding="utf-8"))))
        if rule not in known
    ]

    assert unknown == []


def test_every_rule_is_stated_once() -> None:
    assert [rule for rule, count in definitions().items() if count > 1] == []


def test_the_index_accounts_for_every_rule_once() -> None:
    ranges = index_ranges()
    rows_of = {
        rule: sum(prefix == name and low <= number <= high for name, low, high in ranges)
        for rule in definitions()
        for prefix, number in [split(rule)]
    }

    assert {rule: rows for rule, rows in rows_of.items() if rows != 1} == {}


def test_the_index_ranges_begin_and_end_with_rules_that_exist() -> None:
    known = {split(rule) for rule in definitions()}

    ends = {end for prefix, low, high in index_ranges() for end in ((prefix, low), (prefix, high))}

    assert sorted(ends - known) == []


def test_the_index_says_of_every_row_whether_it_is_in_the_product() -> None:
    assert {state for _rules, state in index_rows()} <= STATES


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('"""Default quantity (LNK-04), see BLK-14b."""', ["LNK-04", "BLK-14b"]),
        ("order SO-000001, item KIT-01, UND-20/UND-21", ["UND-20", "UND-21"]),
        ("XLNK-04 and LNK-x are none", []),
    ],
)
def test_a_citation_is_recognised(text: str, found: list[str]) -> None:
    assert CITATION.findall(text) == found
