"""Entries on a page: cells of a line grid, fields of a form, and the form that saves them without a script."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from backoffice.pages.controls import control, control_id, error_id
from backoffice.pages.entries import Entry, Sheet
from backoffice.templatetags.kitwright import icon

register = template.Library()


@register.simple_tag
def column(sheet: Sheet, name: str, label: str = "") -> SafeString:
    """Draw the heading of a field's column."""
    field = sheet[name]
    return format_html(
        '<th scope="col" class="{} {}"{}>{}</th>',
        "num" if field.kind.numeric else "",
        field.size,
        format_html(' title="{}"', field.help) if field.help else "",
        label or field.label,
    )


@register.simple_tag
def cell(entry: Entry, name: str) -> SafeString:
    """Draw a field as a cell of the grid: a control, or only its text when the entry is read."""
    number = entry.sheet[name].kind.numeric
    if not entry.url:
        return format_html('<td class="{}">{}</td>', "num" if number else "", _shown(entry, name))
    state = " locked" if name in entry.locked else ""
    return format_html(
        '<td class="cell{}{}" data-part="{}">{}</td>',
        " num" if number else "",
        state,
        name,
        control(entry, name, labelled=False),
    )


@register.simple_tag
def field(entry: Entry, name: str) -> SafeString:
    """Draw a field of a form: label, control, help and message."""
    declared = entry.sheet[name]
    if not entry.url:
        return format_html(
            '<div class="field {}"><span class="label">{}</span><span class="value">{}</span></div>',
            declared.size,
            declared.label,
            _shown_in_form(entry, name),
        )
    return format_html(
        '<div class="field {}{}{}" data-part="{}"><label for="{}">{}{}</label>{}{}{}</div>',
        declared.size,
        " check" if declared.kind.control == "checkbox" else "",
        " locked" if name in entry.locked else "",
        name,
        control_id(entry, name),
        declared.label,
        _marks(entry, name),
        control(entry, name, labelled=True),
        _help(entry, name),
        _messages(entry, name),
    )


@register.simple_tag(takes_context=True)
def entry_form(context: template.Context, entry: Entry) -> SafeString:
    """Draw the form that the entry's controls belong to. Its button shows where there are no scripts."""
    if not entry.url:
        return SafeString("")
    return format_html(
        '<form id="{}" method="post" action="{}" class="entry-form">'
        '<input type="hidden" name="csrfmiddlewaretoken" value="{}"><input type="hidden" name="rev" value="{}">'
        '<button class="button no-script">Save</button></form>',
        entry.form_id,
        entry.url,
        context.get("csrf_token", ""),
        entry.rev,
    )


@register.simple_tag
def unit(entry: Entry) -> SafeString:
    """Return the attributes of the element that holds the entry: `<tbody {% unit entry %}>`."""
    pairs = [("id", entry.key)]
    if entry.url:
        pairs += [("data-unit", entry.form_id)]
    if entry.delete_url:
        pairs += [("data-delete", entry.delete_url)]
    if entry.is_stale:
        pairs += [("data-stale", "")]
    return format_html_join(" ", '{}="{}"', pairs)


@register.simple_tag
def delete_button(entry: Entry) -> SafeString:
    """Draw the button that deletes the entry: a plain POST, or the grid's own."""
    if not entry.delete_url:
        return SafeString("")
    return format_html(
        '<button class="icon-button" form="{}" formaction="{}" data-act="delete" tabindex="-1"'
        ' aria-label="Delete {}" title="Delete (Ctrl+Delete)">{}</button>',
        entry.form_id,
        entry.delete_url,
        entry.name or "line",
        icon("trash"),
    )


@register.inclusion_tag("partials/entry_note.html")
def entry_note(entry: Entry, *, in_form: bool = False) -> dict[str, Any]:
    """Say why the entry was refused, and offer both sides of a conflict.

    in_form: the fields say their own refusals, so only the rest is said here.
    """
    fields = [
        {"id": error_id(entry, name), "label": entry.sheet[name].label, "refusals": refusals}
        for name in entry.sheet.fields
        if not in_form and (refusals := entry.refusals_of(name))
    ]
    return {"entry": entry, "fields": fields, "general": entry.general_refusals, "conflicts": entry.conflicts}


def _shown(entry: Entry, name: str) -> str | SafeString:
    if entry.sheet[name].kind.control == "checkbox":
        yes = entry.saved(name) == "true"
        return icon("check", label="yes") if yes else SafeString('<span class="hidden">no</span>')
    return entry.written(name)


def _shown_in_form(entry: Entry, name: str) -> str | SafeString:
    """Return what stands below a label, where an empty place would leave a question open."""
    if entry.sheet[name].kind.control == "checkbox":
        return "Yes" if entry.saved(name) == "true" else "No"
    return _shown(entry, name)


def _marks(entry: Entry, name: str) -> SafeString:
    """Return what stands behind a label: required, locked."""
    marks = SafeString("")
    if entry.sheet[name].required:
        marks += SafeString('<span class="required" aria-hidden="true">*</span>')
    if name in entry.locked:
        marks += icon("lock")
    return marks


def _help(entry: Entry, name: str) -> SafeString:
    text = entry.help(name)
    return format_html('<p class="help" id="{}-help">{}</p>', control_id(entry, name), text) if text else SafeString("")


def _messages(entry: Entry, name: str) -> SafeString:
    refusals = entry.refusals_of(name)
    if not refusals:
        return SafeString("")
    details = " ".join(refusal.detail for refusal in refusals)
    return format_html('<p class="error" id="{}">{}{}</p>', error_id(entry, name), icon("alert-circle"), details)
