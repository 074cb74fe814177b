"""What every printed document has: all letters, page numbers, headings on each page, the same bytes again."""

from __future__ import annotations

import hashlib
import threading

import segno
from django.conf import settings

from backoffice.printing import Column, Paper, Section, answer_paper, print_paper
from tests.printed import pages_of

COLUMNS = (
    Column(label="No.", width=2),
    Column(label="Description", width=5),
    Column(label="Quantity", width=2, number=True),
)


def paper(rows: int = 3, **given: object) -> Paper:
    made = [[f"ITEM-{row}", "Screw & washer <M4>", str(row)] for row in range(rows)]
    return Paper(**{"kind": "Test paper", "no": "TP-1", "sections": [Section(columns=COLUMNS, rows=made)], **given})  # type: ignore[arg-type]


def test_it_shows_what_was_said() -> None:
    (page,) = pages_of(
        print_paper(
            paper(
                code="TP-1",
                address="Ada & Co\n1 <Main> Street",
                facts=[("Due", "03 Mar 2031"), ("Bin", "")],
                total=("Total", "1,250.00"),
                notes=["Handle with care"],
            )
        )
    )

    for words in (
        "Test paper TP-1",
        "Ada & Co 1 <Main> Street",
        "Due 03 Mar 2031",
        "Bin -",
        "ITEM-2 Screw & washer <M4> 2",
        "Total 1,250.00",
        "Handle with care",
        "Page 1 of 1",
    ):
        assert words in page, page


def test_letters_of_many_languages_are_drawn_and_found_again() -> None:
    words = "Łódź Ñandú Größe Ελλάδα Київ ½ µ €"

    (page,) = pages_of(print_paper(paper(address=words)))

    assert words in page


def test_a_long_table_repeats_its_headings_and_counts_its_pages() -> None:
    pages = pages_of(print_paper(paper(rows=150)))

    assert len(pages) > 2
    for number, page in enumerate(pages, start=1):
        assert "No. Description Quantity" in page
        assert f"Test paper TP-1 Page {number} of {len(pages)}" in page
        assert page.count("No. Description Quantity") == 1
    assert sum(page.count("Screw & washer") for page in pages) == 150


def test_a_row_stays_together() -> None:
    rows = [[str(row), f"begin{row}\nmiddle\nend{row}", "1"] for row in range(60)]

    pages = pages_of(print_paper(Paper(kind="K", no="1", sections=[Section(columns=COLUMNS, rows=rows)])))

    assert len(pages) > 2
    for page in pages:
        assert page.count("begin") == page.count("middle") == page.count("end")


def test_an_empty_table_says_so() -> None:
    (page,) = pages_of(
        print_paper(Paper(kind="K", no="1", sections=[Section(columns=COLUMNS, rows=[], empty="Nothing.")]))
    )

    assert "Nothing." in page
    assert "Quantity" not in page


def test_the_same_paper_gives_the_same_bytes_also_from_threads() -> None:
    expected = print_paper(paper(rows=60, code="TP-1"))
    found: list[bytes] = []
    threads = [
        threading.Thread(target=lambda: found.append(print_paper(paper(rows=60, code="TP-1")))) for _ in range(6)
    ]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert found == [expected] * 6


def test_a_cell_that_is_longer_than_a_page_goes_on_with_the_next() -> None:
    words = "word " * 3000
    rows = [["1", words, "1"]]

    pages = pages_of(print_paper(Paper(kind="K", no="1", sections=[Section(columns=COLUMNS, rows=rows)])))

    assert sum(page.count("word") for page in pages) == 3000


def test_the_code_is_a_qr_code_of_the_number_with_room_for_a_stain() -> None:
    assert segno.make("AO-000001", error="m", micro=False).designator == "1-H"


def test_the_file_name_holds_whatever_a_number_holds() -> None:
    response = answer_paper(paper(no='A"/B'), name="note")

    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"].startswith("inline; filename=")
    assert response.content.startswith(b"%PDF-")


def test_the_fonts_are_those_that_were_released() -> None:
    fonts = settings.BASE_DIR / "backoffice/fonts"
    text = (fonts / "README.md").read_text()

    for font in fonts.glob("*.ttf"):
        assert f"| `{font.name}` | `{hashlib.sha256(font.read_bytes()).hexdigest()}` |" in text
