"""What a business key and a text may look like: item numbers, location codes, descriptions.

A key is refused rather than repaired: trimming or normalising it silently would let two spellings of one key
meet.
"""

from __future__ import annotations

import re
import unicodedata

from django.core.exceptions import ValidationError

from backoffice.exceptions import Invalid

CODE_MAX_LENGTH = 20  # item, customer, resource and document numbers, location, bin, unit and variant codes
DESCRIPTION_MAX_LENGTH = 100

#: Marks that turn the direction of reading: two different keys could look the same.
_BIDI_CONTROLS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
#: Control characters and lone surrogates; line feed, carriage return and tab are text.
_NOT_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


def code_fault(value: str, *, max_length: int = CODE_MAX_LENGTH) -> str | None:
    """Return what is wrong with a business key, or None. "" is no key."""
    if not value:
        return "A code may not be empty."
    if len(value) > max_length:
        return f"A code has at most {max_length} characters."
    if value != value.strip():
        return "A code may not begin or end with a blank."
    if not value.isprintable() or _BIDI_CONTROLS.intersection(value):
        return "A code may hold printable characters only."
    if not unicodedata.is_normalized("NFC", value):
        return "A code must be in Unicode normal form C."
    return None


def text_fault(value: str, *, max_length: int | None = DESCRIPTION_MAX_LENGTH) -> str | None:
    """Return what is wrong with a free text, or None. "" is a text."""
    if max_length is not None and len(value) > max_length:
        return f"At most {max_length} characters."
    if _NOT_TEXT.search(value):
        return "Control characters are not allowed."
    return None


def clean_code(value: str, *, field: str, max_length: int = CODE_MAX_LENGTH) -> str:
    """Return the key unchanged, or raise Invalid naming the field."""
    if fault := code_fault(value, max_length=max_length):
        raise Invalid(field=field, detail=fault)
    return value


def validate_code(value: str) -> None:
    """Validate a key in a model field or a form."""
    if fault := code_fault(value):
        raise ValidationError(fault, code="invalid")


def validate_text(value: str) -> None:
    """Validate a free text of any length in a model field or a form."""
    if fault := text_fault(value, max_length=None):
        raise ValidationError(fault, code="invalid")
