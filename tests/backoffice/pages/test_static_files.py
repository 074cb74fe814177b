"""The files that every page loads: their sums, their size, and that no page needs more than is here."""

from __future__ import annotations

import gzip
import hashlib
import re
from pathlib import Path

import pytest
from django.conf import settings

STATIC = Path(settings.BASE_DIR) / "static"
TEMPLATES = Path(settings.BASE_DIR) / "templates"


def size_of(*paths: Path) -> int:
    return sum(len(gzip.compress(path.read_bytes(), 9)) for path in paths)


def test_vendored_files_are_the_ones_that_were_looked_at() -> None:
    table = (STATIC / "vendor/README.md").read_text()
    sums = dict(re.findall(r"^\| `(\S+)` \|.*`([0-9a-f]{64})` \|$", table, re.MULTILINE))
    scripts = {str(path.relative_to(STATIC / "vendor")) for path in (STATIC / "vendor").rglob("*.js")}

    assert sums.keys() == scripts
    for name, expected in sums.items():
        assert hashlib.sha256((STATIC / "vendor" / name).read_bytes()).hexdigest() == expected, name


@pytest.mark.parametrize("path", [*STATIC.rglob("*.js"), *STATIC.rglob("*.css")], ids=lambda path: path.name)
def test_no_file_refers_to_a_source_map(path: Path) -> None:
    assert "sourceMappingURL" not in path.read_text()


def test_first_view_stays_small() -> None:
    assert size_of(*STATIC.rglob("*.css")) <= 20_000
    assert size_of(*STATIC.rglob("*.js")) <= 40_000


@pytest.mark.parametrize("path", sorted(TEMPLATES.rglob("*.html")), ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_templates_hold_no_inline_script_or_style(path: Path) -> None:
    text = path.read_text()

    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=|javascript:", text), path


@pytest.mark.parametrize("path", sorted(TEMPLATES.rglob("*.html")), ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_templates_open_with_what_they_need(path: Path) -> None:
    beginning = path.read_text().split("{% endcomment %}")[0]

    assert re.match(r"({% extends \"[^\"]+\" %}\s*)?{% comment %}", beginning), path


def test_every_icon_that_is_used_is_drawn() -> None:
    drawn = set(re.findall(r'<symbol id="([^"]+)"', (STATIC / "img/icons.svg").read_text()))
    used = {name for path in TEMPLATES.rglob("*.html") for name in re.findall(r'{% icon "([^"]+)"', path.read_text())}

    assert used <= drawn
