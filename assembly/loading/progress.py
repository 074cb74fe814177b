"""A progress bar on stderr, drawn only where somebody looks at it."""

from __future__ import annotations

from types import TracebackType
from typing import Self, TextIO

WIDTH = 30


class Progress:
    """Counts steps up to a total and shows them; to what is no terminal it writes one line at the end."""

    def __init__(self, stream: TextIO, *, total: int, label: str) -> None:
        self.stream, self.total, self.label = stream, max(total, 1), label
        self.done = 0
        self._live = stream.isatty()

    def __enter__(self) -> Self:
        self._draw("")
        return self

    def advance(self, steps: int, what: str) -> None:
        """Count steps as done and say what they were."""
        self.done = min(self.done + steps, self.total)
        self._draw(what)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._live:
            self.stream.write("\n")
        elif kind is None:
            self.stream.write(f"{self.label}: done.\n")
        self.stream.flush()

    def _draw(self, what: str) -> None:
        if not self._live:
            return
        filled = WIDTH * self.done // self.total
        percent = 100 * self.done // self.total
        self.stream.write(f"\r{self.label} [{'#' * filled}{'.' * (WIDTH - filled)}] {percent:3d} % {what:<16}")
        self.stream.flush()
