"""The HTML of entries: names, states, escaping."""

from __future__ import annotations

from decimal import Decimal
from html.parser import HTMLParser

from django.template import Context, Template

from backoffice.exceptions import Invalid
from backoffice.pages import kinds
from backoffice.pages.entries import Entry, Field, Sheet

SHEET = Sheet(
    Field(name="no", label="No.", kind=kinds.CODE, required=True, help="Its key"),
    Field(name="quantity", label="Quantity", kind=kinds.QUANTITY, stop=True),
    Field(name="policy", label="Policy", kind=kinds.CHOICE, choices=(("a", "First"), ("b", "Second"))),
    Field(name="note", label="Note", kind=kinds.LONG_TEXT),
    Field(name="blocked", label="Blocked", kind=kinds.FLAG),
)
ROW = {"no": '"><script>', "quantity": Decimal("1250.50000"), "policy": "b", "note": "\nline", "blocked": True}


def drawn(tag: str, entry: Entry) -> str:
    return Template("{% load entries %}" + tag).render(Context({"entry": entry, "csrf_token": "token"}))


class Attributes(HTMLParser):
    """Collects the attributes of the first tag of a name."""

    def __init__(self, html: str, tag: str) -> None:
        super().__init__()
        self.tag = tag
        self.found: dict[str, str | None] = {}
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == self.tag and not self.found and dict(attrs).get("type") != "hidden":
            self.found = dict(attrs)


def test_value_is_escaped() -> None:
    html = drawn('{% cell entry "no" %}', Entry(sheet=SHEET, key="line-1", row=ROW, url="/x/"))

    assert "<script>" not in html
    assert Attributes(html, "input").found["value"] == '"><script>'


def test_cell_names_itself_aloud() -> None:
    html = drawn('{% cell entry "quantity" %}', Entry(sheet=SHEET, key="line-1", row=ROW, url="/x/", name="line 1"))

    found = Attributes(html, "input").found
    assert found["aria-label"] == "Quantity, line 1"
    assert found["form"] == "line-1-form"
    assert found["value"] == "1250.5"
    assert "data-stop" in found
    assert "aria-invalid" not in found


def test_refused_cell_points_to_its_message() -> None:
    refusal = Invalid(field="quantity", detail="Too <many>.")
    entry = Entry(sheet=SHEET, key="line-1", row=ROW, url="/x/", posted={"quantity": "x"}, refusals=[refusal])

    found = Attributes(drawn('{% cell entry "quantity" %}', entry), "input").found
    note = drawn("{% entry_note entry %}", entry)

    assert found["aria-invalid"] == "true"
    assert found["aria-describedby"] == "line-1-quantity-error"
    assert (found["value"], found["data-saved"]) == ("x", "1250.5")
    assert 'id="line-1-quantity-error"' in note
    assert "Too &lt;many&gt;." in note


def test_locked_field_says_why() -> None:
    entry = Entry(sheet=SHEET, key="line-1", row=ROW, url="/x/", locked={"quantity": "Set by the sales line."})

    html = drawn('{% cell entry "quantity" %}', entry)

    assert "readonly" in Attributes(html, "input").found
    assert '<span class="hidden" id="line-1-quantity-lock">Set by the sales line.</span>' in html


def test_entry_that_is_only_read_has_no_controls() -> None:
    entry = Entry(sheet=SHEET, key="line-1", row=ROW)

    assert drawn('{% cell entry "quantity" %}', entry) == '<td class="num">1,250.5</td>'
    assert "Second" in drawn('{% field entry "policy" %}', entry)
    assert drawn("{% entry_form entry %}{% delete_button entry %}", entry) == ""


def test_text_of_several_lines_keeps_its_first_break() -> None:
    html = drawn('{% field entry "note" %}', Entry(sheet=SHEET, key="k", row=ROW, url="/x/"))

    assert ">\n\nline</textarea>" in html


def test_choice_that_is_no_longer_offered_stays_chosen() -> None:
    html = drawn('{% field entry "policy" %}', Entry(sheet=SHEET, key="k", row={**ROW, "policy": "z"}, url="/x/"))

    assert '<option value="z" selected>z</option>' in html


def test_empty_box_is_told_without_scripts() -> None:
    html = drawn('{% field entry "blocked" %}', Entry(sheet=SHEET, key="k", row=ROW, url="/x/"))

    assert html.index('value="false"') < html.index('type="checkbox"')
    assert "checked" in Attributes(html, "input").found


def test_labelled_field_has_label_and_help() -> None:
    html = drawn('{% field entry "no" %}', Entry(sheet=SHEET, key="k", row=ROW, url="/x/"))

    found = Attributes(html, "input").found
    assert '<label for="k-no">' in html
    assert (found["aria-required"], found["aria-describedby"]) == ("true", "k-no-help")
    assert "aria-label" not in found
