"""What a service tells beside its result: taken, but look at it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from backoffice.exceptions import figure


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A warning: the write was taken and deserves attention. `figures` are what the words rest on."""

    code: str
    detail: str
    line_no: int | None = None
    figures: Mapping[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Return the warning as the contract shows it."""
        figures = {name: figure(value) for name, value in self.figures.items()}
        return {"code": self.code, "detail": self.detail, "line_no": self.line_no, **figures}
