"""What the documents say about settings and dependencies is what the code declares."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

from config.settings.environment import VARIABLES, Variable

ROOT = Path(__file__).resolve().parents[2]


def _row(variable: Variable) -> str:
    default = {None: "", "": "(empty)"}.get(variable.default, f"`{variable.default}`")
    return f"| `{variable.name}` | {default} | {variable.meaning} |"


def _table_under(heading: str, text: str) -> set[str]:
    section = text.split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]
    return set(re.findall(r"^\| `([^`]+)`", section, flags=re.MULTILINE))


def _named(requirements: list[Any]) -> set[str]:
    texts = (text for text in requirements if isinstance(text, str))
    return {found[0] for text in texts if (found := re.match(r"[a-zA-Z0-9-]+", text))}


def test_every_variable_stands_in_the_table_of_settings() -> None:
    text = (ROOT / "docs/settings.md").read_text()

    assert [line for line in text.splitlines() if re.match(r"\| `[A-Z]", line)] == [
        _row(variable) for variable in VARIABLES.values()
    ]


def test_every_dependency_has_its_reason() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    text = (ROOT / "docs/dependencies.md").read_text()

    assert _table_under("run", text) == _named(project["project"]["dependencies"])
    for group, requirements in project["dependency-groups"].items():
        assert _table_under(group, text) == _named(requirements), group
