"""The controls of entries as HTML. Plain functions, because a grid of 200 rows draws some thousands of them."""

from __future__ import annotations

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from backoffice.pages.entries import Entry, Field

_NOTHING = SafeString("")


def control_id(entry: Entry, name: str) -> str:
    """Return the id of the field's control, to which labels and messages refer."""
    return f"{entry.key}-{name}"


def error_id(entry: Entry, name: str) -> str:
    """Return the id of the field's message."""
    return f"{entry.key}-{name}-error"


def control(entry: Entry, name: str, *, labelled: bool) -> SafeString:
    """Return the control that edits the field. labelled: a <label> names it; otherwise it names itself aloud."""
    field = entry.sheet[name]
    draw = _CONTROLS[field.kind.control]
    attributes = _attributes(entry, field, labelled=labelled)
    drawn = draw(entry, field, attributes)
    if field.lookup:
        sent = format_html(' data-with="{}"', " ".join(field.lookup_with)) if field.lookup_with else _NOTHING
        drawn = format_html('<kit-combobox src="{}"{}>{}</kit-combobox>', reverse(field.lookup), sent, drawn)
    return drawn + _lock(entry, name)


def _attributes(entry: Entry, field: Field, *, labelled: bool) -> SafeString:
    """Return what every control carries: its id, name, form, name aloud, and its state."""
    name = field.name
    pairs = [("id", control_id(entry, name)), ("name", f"{entry.prefix}{name}"), ("form", entry.form_id)]
    if not labelled:
        pairs.append(("aria-label", f"{field.label}, {entry.name}" if entry.name else field.label))
    if entry.text(name) != entry.saved(name):
        pairs.append(("data-saved", entry.saved(name)))
    if described := _described_by(entry, field, labelled=labelled):
        pairs.append(("aria-describedby", described))
    if entry.refusals_of(name):
        pairs.append(("aria-invalid", "true"))
    if field.required:
        pairs.append(("aria-required", "true"))
    if field.stop:
        pairs.append(("data-stop", ""))
    return format_html_join(" ", '{}="{}"', pairs)


def _described_by(entry: Entry, field: Field, *, labelled: bool) -> str:
    ids = []
    if entry.help(field.name) and labelled:
        ids.append(f"{control_id(entry, field.name)}-help")
    if field.name in entry.locked:
        ids.append(f"{control_id(entry, field.name)}-lock")
    if entry.refusals_of(field.name):
        ids.append(error_id(entry, field.name))
    return " ".join(ids)


def _lock(entry: Entry, name: str) -> SafeString:
    if name not in entry.locked:
        return _NOTHING
    reason = entry.locked[name]
    return format_html('<span class="hidden" id="{}-lock">{}</span>', control_id(entry, name), reason)


def _input(entry: Entry, field: Field, attributes: SafeString) -> SafeString:
    return format_html(
        '<input type="{}" {} value="{}" autocomplete="off"{}{}>',
        "date" if field.kind.control == "date" else "text",
        attributes,
        entry.text(field.name),
        SafeString(' inputmode="decimal"') if field.kind.numeric else _NOTHING,
        _read_only(entry, field),
    )


def _read_only(entry: Entry, field: Field) -> SafeString:
    if field.name not in entry.locked:
        return _NOTHING
    return format_html(' readonly title="{}"', entry.locked[field.name])


def _textarea(entry: Entry, field: Field, attributes: SafeString) -> SafeString:
    # The line break after the tag is not part of the text; without it a text's own first one would be lost.
    return format_html(
        '<textarea {} rows="2"{}>\n{}</textarea>',
        attributes,
        _read_only(entry, field),
        entry.text(field.name),
    )


def _select(entry: Entry, field: Field, attributes: SafeString) -> SafeString:
    chosen = entry.text(field.name)
    known = {value for value, _ in field.choices}
    choices = [*field.choices] if chosen in known else [(chosen, chosen), *field.choices]
    options = format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        ((value, SafeString(" selected") if value == chosen else _NOTHING, label) for value, label in choices),
    )
    return format_html("<select {}{}>{}</select>", attributes, _disabled(entry, field), options)


def _checkbox(entry: Entry, field: Field, attributes: SafeString) -> SafeString:
    """The hidden twin says "false" for an empty box when no script speaks for it."""
    return format_html(
        '<input type="hidden" name="{}" value="false" form="{}" data-twin><input type="checkbox" value="true" {}{}{}>',
        f"{entry.prefix}{field.name}",
        entry.form_id,
        attributes,
        SafeString(" checked") if entry.text(field.name) == "true" else _NOTHING,
        _disabled(entry, field),
    )


def _disabled(entry: Entry, field: Field) -> SafeString:
    if field.name not in entry.locked:
        return _NOTHING
    return format_html(' disabled title="{}"', entry.locked[field.name])


_CONTROLS = {
    "text": _input,
    "date": _input,
    "textarea": _textarea,
    "select": _select,
    "checkbox": _checkbox,
}
