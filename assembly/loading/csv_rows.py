"""Strict reading of CSV files: every fault is named by file and line, and a file with faults gives no rows."""

from __future__ import annotations

import csv
import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from backoffice.codes import code_fault, text_fault

#: Reads one cell; raises ValueError with the reason in words.
Reader = Callable[[str], Any]

MAX_CELL = 10_000
_DECIMAL = re.compile(r"-?\d{1,13}(\.\d{1,5})?", re.ASCII)
_WHOLE = re.compile(r"\d{1,6}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What is wrong where. line: as an editor counts, the header is line 1."""

    file: str
    line: int
    reason: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.reason}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """The values of one line by column."""

    line: int
    values: Mapping[str, Any]

    def __getitem__(self, column: str) -> Any:
        return self.values[column]


@dataclass(slots=True)
class Table:
    """A file that has been read: its rows, and its faults."""

    file: str
    rows: list[Row] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def blame(self, line: int, reason: str) -> None:
        """Note a fault of a line."""
        self.faults.append(Fault(file=self.file, line=line, reason=reason))


def read_table(path: Path, columns: Mapping[str, Reader]) -> Table:
    """Read a CSV file that has exactly these columns, in any order. A file that is not there has no rows."""
    table = Table(path.name)
    if not path.exists():
        return table
    csv.field_size_limit(MAX_CELL)
    try:
        with path.open(encoding="utf-8-sig", newline="") as handle:
            reader = csv.reader(handle, strict=True)
            for line, cells in _lines(reader):
                if line == 1:
                    header = cells
                    if not _header_fits(table, header, columns):
                        return table
                else:
                    _read_row(table, line, dict(zip(header, cells, strict=False)), len(cells), columns)
    except UnicodeDecodeError:
        table.blame(1, "the file is not UTF-8")
    except csv.Error as error:
        table.blame(reader.line_num, f"the line is not CSV: {error}")
    return table


def _lines(reader: Any) -> Iterator[tuple[int, list[str]]]:
    """Yield (number of the line on which the row begins, cells); empty lines are passed over."""
    begins = 1
    for cells in reader:
        if cells:
            yield begins, cells
        begins = reader.line_num + 1


def _header_fits(table: Table, header: list[str], columns: Mapping[str, Reader]) -> bool:
    if len(set(header)) != len(header):
        table.blame(1, "a column stands twice")
    if missing := [name for name in columns if name not in header]:
        table.blame(1, f"missing column: {', '.join(missing)}")
    if unknown := [name for name in header if name not in columns]:
        table.blame(1, f"unknown column: {', '.join(unknown)}")
    return not table.faults


def _read_row(table: Table, line: int, cells: Mapping[str, str], count: int, columns: Mapping[str, Reader]) -> None:
    if count != len(columns):
        table.blame(line, f"{count} cells instead of {len(columns)}")
        return
    values: dict[str, Any] = {}
    for name, read in columns.items():
        try:
            values[name] = read(cells[name])
        except ValueError as error:
            table.blame(line, f"{name}: {error}")
    if len(values) == len(columns):
        table.rows.append(Row(line=line, values=values))


# --- Cells ------------------------------------------------------------------------------------------------------------


def code(cell: str) -> str:
    """Read a business key."""
    if fault := code_fault(cell):
        raise ValueError(fault)
    return cell


def text(cell: str) -> str:
    """Read a free text."""
    if fault := text_fault(cell):
        raise ValueError(fault)
    return cell


def decimal(cell: str) -> Decimal:
    """Read an exact decimal, 0 or more, with up to five places."""
    if not _DECIMAL.fullmatch(cell):
        raise ValueError(f"{cell!r} is no decimal number with up to five places")
    value = Decimal(cell)
    if value < 0:
        raise ValueError("the number must not be negative")
    return value


def positive(cell: str) -> Decimal:
    """Read an exact decimal above 0."""
    value = decimal(cell)
    if not value:
        raise ValueError("the number must be above zero")
    return value


def percent(cell: str) -> Decimal:
    """Read a percentage from 0 to 100."""
    value = decimal(cell)
    if value > 100:
        raise ValueError("the percentage must not exceed 100")
    return value


def whole(cell: str) -> int:
    """Read a whole number, 0 or more."""
    if not _WHOLE.fullmatch(cell):
        raise ValueError(f"{cell!r} is no whole number")
    return int(cell)


def date(cell: str) -> dt.date:
    """Read a date, YYYY-MM-DD."""
    try:
        return dt.date.fromisoformat(cell)
    except ValueError:
        raise ValueError(f"{cell!r} is no date, YYYY-MM-DD") from None


def one_of(*words: str) -> Reader:
    """Return a reader of one of these words."""

    def read(cell: str) -> str:
        if cell not in words:
            raise ValueError(f"{cell!r} is none of {', '.join(words)}")
        return cell

    return read
