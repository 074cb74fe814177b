"""Printed documents: A4 pages with a heading, facts, tables and page numbers, as PDF.

An app says what stands on its documents (`Paper`); how that looks is decided here alone. The same paper always gives
the same bytes: no instant and no random id is written into the file.
"""

from __future__ import annotations

import io
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import segno
from django.http import HttpResponse
from django.utils.http import content_disposition_header
from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import registerFont, registerFontFamily
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, LongTable, PageTemplate, Paragraph, Spacer, Table

CONTENT_TYPE = "application/pdf"
#: Stands where there is nothing, so that nobody thinks it was forgotten.
BLANK = "-"

_FONTS = Path(__file__).parent / "fonts"
_PLAIN, _BOLD = "DejaVuSans", "DejaVuSans-Bold"
_INK, _FAINT, _RULE, _SHADE = HexColor(0x1A1A1A), HexColor(0x5A5A5A), HexColor(0xB5B5B5), HexColor(0xF0F0F0)
_MARGIN, _FOOT = 16 * mm, 18 * mm
_WIDTH, _HEIGHT = A4[0] - 2 * _MARGIN, A4[1] - _MARGIN - _FOOT
_CODE_SIZE = 24 * mm

_TEXT = ParagraphStyle("text", fontName=_PLAIN, fontSize=8.5, leading=11, textColor=_INK)
_NUMBER = ParagraphStyle("number", _TEXT, alignment=TA_RIGHT)
_HEAD = ParagraphStyle("head", _TEXT, fontName=_BOLD, fontSize=7, leading=10)
_HEAD_NUMBER = ParagraphStyle("head number", _HEAD, alignment=TA_RIGHT)
_KIND = ParagraphStyle("kind", _TEXT, fontSize=11, leading=15, textColor=_FAINT)
_TITLE = ParagraphStyle("title", _TEXT, fontName=_BOLD, fontSize=18, leading=24)
_LABEL = ParagraphStyle("label", _TEXT, fontSize=7, leading=9, textColor=_FAINT)
_SECTION = ParagraphStyle("section", _TEXT, fontName=_BOLD, fontSize=10, leading=14, spaceBefore=10, spaceAfter=4)
_STRONG = ParagraphStyle("strong", _TEXT, fontName=_BOLD)
_TOTAL = ParagraphStyle("total", _NUMBER, fontName=_BOLD, fontSize=10, leading=14)


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of a table. width: its share of the page's width, against the others. tick: a box to be ticked."""

    label: str
    width: int
    number: bool = False
    tick: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One table with its heading; `empty` stands in its place where it has no rows."""

    columns: Sequence[Column]
    rows: Sequence[Sequence[str]]
    heading: str = ""
    empty: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """What stands on one document. All values are texts as they are printed."""

    kind: str
    no: str
    #: What the code beside the number says when it is scanned; "" leaves it out.
    code: str = ""
    address: str = ""
    facts: Sequence[tuple[str, str]] = ()
    sections: Sequence[Section] = ()
    #: Label and amount below the last table.
    total: tuple[str, str] | None = None
    notes: Sequence[str] = ()


def print_paper(paper: Paper) -> bytes:
    """Return the document as PDF. No statement; the same paper gives the same bytes.

    One at a time in each process: reportlab keeps its parser, and what it has drawn of a font, in one place for all
    threads. A page takes a few hundredths of a second.
    """
    with _one_at_a_time:
        _load_fonts()
        return _drawn(paper)


def _drawn(paper: Paper) -> bytes:
    output = io.BytesIO()
    document = BaseDocTemplate(
        output,
        pagesize=A4,
        title=f"{paper.kind} {paper.no}",
        author="Kitwright",
        leftMargin=_MARGIN,
        rightMargin=_MARGIN,
        topMargin=_MARGIN,
        bottomMargin=_FOOT,
        invariant=1,
    )
    frame = Frame(_MARGIN, _FOOT, _WIDTH, _HEIGHT, 0, 0, 0, 0)
    document.addPageTemplates(PageTemplate(frames=[frame]))
    document.build(_story(paper), canvasmaker=partial(_NumberedCanvas, foot=f"{paper.kind} {paper.no}"))
    return output.getvalue()


def answer_paper(paper: Paper, *, name: str) -> HttpResponse:
    """Answer with the document, to be looked at in the browser and saved as `<name>-<no>.pdf`."""
    response = HttpResponse(print_paper(paper), content_type=CONTENT_TYPE)
    disposition = content_disposition_header(as_attachment=False, filename=f"{name}-{paper.no}.pdf")
    response["Content-Disposition"] = disposition or "inline"
    return response


_one_at_a_time = threading.Lock()


@cache
def _load_fonts() -> None:
    for name in (_PLAIN, _BOLD):
        registerFont(TTFont(name, _FONTS / f"{name}.ttf"))
    registerFontFamily(_PLAIN, normal=_PLAIN, bold=_BOLD, italic=_PLAIN, boldItalic=_BOLD)


# --- What stands on the page


def _story(paper: Paper) -> list[Flowable]:
    story: list[Flowable] = [_heading(paper), Spacer(0, 4 * mm)]
    if paper.address:
        story += [_words(paper.address, _TEXT), Spacer(0, 5 * mm)]
    if paper.facts:
        story += [_facts(paper.facts), Spacer(0, 3 * mm)]
    for section in paper.sections:
        if section.heading:
            story.append(_words(section.heading, _SECTION))
        story.append(_table(section) if section.rows else _words(section.empty, _TEXT))
    if paper.total:
        label, amount = paper.total
        story += [Spacer(0, 3 * mm), _words(f"{label}  {amount}", _TOTAL)]
    for note in paper.notes:
        story += [Spacer(0, 4 * mm), _words(note, _TEXT)]
    return story


def _heading(paper: Paper) -> Table:
    """The kind and the number, and at the right the number as a code."""
    words = [_words(paper.kind, _KIND), _words(paper.no, _TITLE)]
    code = _Code(paper.code) if paper.code else ""
    table = Table([[words, code]], colWidths=[_WIDTH - _CODE_SIZE, _CODE_SIZE])
    table.setStyle([("VALIGN", (0, 0), (-1, -1), "TOP"), *_NO_PADDING])
    return table


def _facts(facts: Sequence[tuple[str, str]], across: int = 4) -> Table:
    """Labels with their values below, so many beside each other."""
    cells: list[Any] = [[_words(label, _LABEL), _words(value or BLANK, _STRONG)] for label, value in facts]
    cells += [""] * (-len(cells) % across)
    rows = [cells[start : start + across] for start in range(0, len(cells), across)]
    table = Table(rows, colWidths=[_WIDTH / across] * across)
    padding = [("BOTTOMPADDING", (0, 0), (-1, -1), 5), ("RIGHTPADDING", (0, 0), (-1, -1), 6)]
    table.setStyle([("VALIGN", (0, 0), (-1, -1), "TOP"), *_NO_PADDING, *padding])
    return table


def _table(section: Section) -> Table:
    """The rows below their headings, which stand again on each page."""
    columns = section.columns
    whole = sum(column.width for column in columns)
    head = [_words(column.label, _HEAD_NUMBER if column.number else _HEAD) for column in columns]
    widths = [_WIDTH * column.width / whole for column in columns]
    rows = [[_cell(column, text) for column, text in zip(columns, row, strict=True)] for row in section.rows]
    table = _Rows([head, *rows], colWidths=widths, repeatRows=1)
    table.setStyle(
        [
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("BACKGROUND", (0, 0), (-1, 0), _SHADE),
            ("LINEBELOW", (0, 0), (-1, -1), 0.4, _RULE),
            *[(side, (0, 0), (-1, -1), 3) for side in ("TOPPADDING", "BOTTOMPADDING", "LEFTPADDING", "RIGHTPADDING")],
        ]
    )
    return table


def _cell(column: Column, text: str) -> Flowable:
    if column.tick:
        return _Box()
    return _words(text, _NUMBER if column.number else _TEXT)


def _words(text: str, style: ParagraphStyle) -> Paragraph:
    """Words as somebody typed them: nothing in them is markup, line breaks stay."""
    return Paragraph("<br/>".join(escape(line) for line in text.splitlines()), style)


_NO_PADDING = [(side, (0, 0), (-1, -1), 0) for side in ("TOPPADDING", "BOTTOMPADDING", "LEFTPADDING", "RIGHTPADDING")]


class _Rows(LongTable):
    """A table that goes on with the next page between two rows; within a row only where that is longer than a page."""

    _rowHeights: list[float]

    def split(self, availWidth: float, availHeight: float) -> list[Flowable]:
        """Return what fits and the rest; nothing where the whole is to begin on the next page."""
        self.splitInRow = 0
        parts: list[Flowable] = super().split(availWidth, availHeight)
        if parts or sum(self._rowHeights[:2]) <= _HEIGHT:
            return parts
        self.splitInRow = 1
        return list(super().split(availWidth, availHeight))


class _Code(Flowable):
    """A QR code, drawn as squares; error correction M stands a fold or a stain."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.rows = [list(row) for row in segno.make(text, error="m", micro=False).matrix]
        self.width = self.height = _CODE_SIZE

    def draw(self) -> None:
        """Draw the dark squares. The page around it is the quiet zone."""
        step = self.width / len(self.rows)
        path = self.canv.beginPath()
        for down, row in enumerate(self.rows):
            for across, dark in enumerate(row):
                if dark:
                    path.rect(across * step, self.height - (down + 1) * step, step, step)
        self.canv.drawPath(path, stroke=0, fill=1)


class _Box(Flowable):
    """A box to be ticked by hand."""

    def __init__(self) -> None:
        super().__init__()
        self.width = self.height = 3.2 * mm

    def draw(self) -> None:
        """Draw it."""
        self.canv.setLineWidth(0.7)
        self.canv.rect(0, 0, self.width, self.height)


class _NumberedCanvas(Canvas):
    """Writes "Page 1 of 3" when it is known how many there are: pages are kept until the last one is drawn."""

    def __init__(self, *args: Any, foot: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self._foot = foot
        self._kept: list[dict[str, Any]] = []

    def showPage(self) -> None:
        """Keep the page."""
        self._kept.append(dict(self.__dict__))
        self._startPage()  # type: ignore[attr-defined]  # as reportlab's own recipe does it

    def save(self) -> None:
        """Write every page with its number, then the file."""
        for number, page in enumerate(self._kept, start=1):
            self.__dict__.update(page)
            self._draw_foot(number, len(self._kept))
            super().showPage()
        super().save()

    def _draw_foot(self, number: int, count: int) -> None:
        self.setStrokeColor(_RULE)
        self.setLineWidth(0.4)
        self.line(_MARGIN, _FOOT - 4 * mm, A4[0] - _MARGIN, _FOOT - 4 * mm)
        self.setFillColor(_FAINT)
        self.setFont(_PLAIN, 7.5)
        self.drawString(_MARGIN, _FOOT - 8 * mm, self._foot)
        self.drawRightString(A4[0] - _MARGIN, _FOOT - 8 * mm, f"Page {number} of {count}")
