"""Strict fields: what is not exactly of the kind is refused, and what goes out has one spelling.

Each raises DRF's ValidationError with one of the contract's codes; `problems` turns it into the answer.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from backoffice.codes import CODE_MAX_LENGTH, DESCRIPTION_MAX_LENGTH, code_fault, text_fault
from backoffice.decimals import plain

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

MAX_WHOLE_DIGITS = 13
EARLIEST, LATEST = date(1900, 1, 1), date(2999, 12, 31)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_INTEGER = re.compile(r"-?\d{1,18}", re.ASCII)
_DECIMALS = {
    places: re.compile(rf"-?\d{{1,{MAX_WHOLE_DIGITS}}}(\.\d{{1,{places}}})?", re.ASCII) for places in range(1, 6)
}


def decimal_of(value: object, *, places: int) -> Decimal | None:
    """Return the decimal that a JSON string or number spells, or None. Nothing is rounded, NaN is none."""
    if isinstance(value, bool) or not isinstance(value, (str, int, Decimal)):
        return None
    if isinstance(value, Decimal):
        # Looked at before it is written out: 1e999999999 would be a gigabyte of zeros.
        exponent = value.as_tuple().exponent
        if not isinstance(exponent, int) or exponent < -places or value.adjusted() >= MAX_WHOLE_DIGITS:
            return None
        value = f"{value:f}"
    text = str(value)
    return Decimal(text) if _DECIMALS[places].fullmatch(text) else None


def date_of(value: object) -> date | None:
    """Return the date that a YYYY-MM-DD string spells, or None."""
    if not isinstance(value, str) or not _DATE.fullmatch(value):
        return None
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return None
    return day if EARLIEST <= day <= LATEST else None


def integer_of(value: object) -> int | None:
    """Return the integer that a JSON integer or a string of ASCII digits spells, or None."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value if abs(value) < 10**18 else None
    return int(value) if isinstance(value, str) and _INTEGER.fullmatch(value) else None


class _StrictDecimalField(serializers.Field[Decimal, Any, str, Any]):
    places = 5
    default_error_messages: ClassVar[dict[str, str | _StrPromise]] = {
        "invalid": "A decimal number is wanted, up to {whole} digits before and {places} after the point.",
        "below_minimum": "The smallest value is {minimum}.",
        "above_maximum": "The largest value is {maximum}.",
    }

    def __init__(
        self, *, min_value: Decimal | int | None = None, max_value: Decimal | int | None = None, **kwargs: Any
    ) -> None:
        self.min_value = None if min_value is None else Decimal(min_value)
        self.max_value = None if max_value is None else Decimal(max_value)
        super().__init__(**kwargs)

    def to_internal_value(self, data: Any) -> Decimal:
        """Return the exact decimal, or refuse it."""
        value = decimal_of(data, places=self.places)
        if value is None:
            self.fail("invalid", whole=MAX_WHOLE_DIGITS, places=self.places)
        if self.min_value is not None and value < self.min_value:
            self.fail("below_minimum", minimum=plain(self.min_value))
        if self.max_value is not None and value > self.max_value:
            self.fail("above_maximum", maximum=plain(self.max_value))
        return value

    def to_representation(self, value: Decimal) -> str:
        """Return the plain spelling: no exponent, no trailing zeros."""
        return plain(Decimal(value))


@extend_schema_field({"type": "string", "format": "decimal", "examples": ["7.5"]})
class QuantityField(_StrictDecimalField):
    """A quantity, up to 5 decimals. Its sign is the service's business unless `min_value` says otherwise."""


@extend_schema_field({"type": "string", "format": "decimal", "examples": ["12.34567"]})
class UnitAmountField(_StrictDecimalField):
    """A unit price or unit cost, up to 5 decimals."""


@extend_schema_field({"type": "string", "format": "decimal", "examples": ["15"]})
class PercentField(_StrictDecimalField):
    """A percentage, up to 5 decimals: 15 is 15 %."""


@extend_schema_field({"type": "string", "format": "decimal", "examples": ["99.9"]})
class AmountField(_StrictDecimalField):
    """An amount of money, up to 2 decimals."""

    places = 2


@extend_schema_field({"type": "integer"})
class WholeNumberField(serializers.Field[int, Any, int, Any]):
    """A whole number: a JSON integer or ASCII digits; 1.0 and true are none."""

    default_error_messages: ClassVar[dict[str, str | _StrPromise]] = {
        "invalid": "A whole number is wanted.",
        "out_of_bounds": "The number must be between {minimum} and {maximum}.",
    }

    def __init__(self, *, min_value: int = -(2**31), max_value: int = 2**31 - 1, **kwargs: Any) -> None:
        self.min_value, self.max_value = min_value, max_value
        super().__init__(**kwargs)

    def to_internal_value(self, data: Any) -> int:
        """Return the number, or refuse it."""
        value = integer_of(data)
        if value is None:
            self.fail("invalid")
        if not self.min_value <= value <= self.max_value:
            self.fail("out_of_bounds", minimum=self.min_value, maximum=self.max_value)
        return value

    def to_representation(self, value: int) -> int:
        """Return the number."""
        return int(value)


@extend_schema_field({"type": "boolean"})
class FlagField(serializers.Field[bool, Any, bool, Any]):
    """True or false, in no other spelling."""

    default_error_messages: ClassVar[dict[str, str | _StrPromise]] = {"invalid": "true or false is wanted."}

    def to_internal_value(self, data: Any) -> bool:
        """Return the truth value, or refuse it."""
        if not isinstance(data, bool):
            self.fail("invalid")
        return data

    def to_representation(self, value: bool) -> bool:
        """Return the truth value."""
        return bool(value)


@extend_schema_field({"type": "string", "format": "date"})
class DateField(serializers.Field[date, Any, str, Any]):
    """A date, YYYY-MM-DD."""

    default_error_messages: ClassVar[dict[str, str | _StrPromise]] = {
        "invalid": "A date is wanted, YYYY-MM-DD, between {earliest} and {latest}."
    }

    def to_internal_value(self, data: Any) -> date:
        """Return the date, or refuse it."""
        day = date_of(data)
        if day is None:
            self.fail("invalid", earliest=EARLIEST, latest=LATEST)
        return day

    def to_representation(self, value: date) -> str:
        """Return the date, YYYY-MM-DD."""
        return value.isoformat()


@extend_schema_field({"type": "string", "format": "date-time"})
class InstantField(serializers.Field[datetime, Any, str, Any]):
    """An instant, in UTC. For answers only."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs["read_only"] = True
        super().__init__(**kwargs)

    def to_internal_value(self, data: Any) -> datetime:
        """Is never called: the field is read-only."""
        raise NotImplementedError

    def to_representation(self, value: datetime) -> str:
        """Return the instant as ISO 8601 ending in Z."""
        return value.isoformat().replace("+00:00", "Z")


class _StrictTextField(serializers.Field[str, Any, str, Any]):
    default_error_messages: ClassVar[dict[str, str | _StrPromise]] = {
        "invalid": "A text is wanted.",
        "required": "This field may not be empty.",
    }

    def __init__(self, *, max_length: int, allow_blank: bool, **kwargs: Any) -> None:
        self.max_length, self.allow_blank = max_length, allow_blank
        super().__init__(**kwargs)

    def fault(self, value: str) -> str | None:
        """Return what is wrong with a text that is not empty, or None."""
        raise NotImplementedError

    def to_internal_value(self, data: Any) -> str:
        """Return the text unchanged, or refuse it."""
        if not isinstance(data, str):
            self.fail("invalid")
        if not data and not self.allow_blank:
            self.fail("required")
        if data and (fault := self.fault(data)):
            raise serializers.ValidationError(fault, code="invalid")
        return data

    def to_representation(self, value: str) -> str:
        """Return the text."""
        return str(value)


@extend_schema_field({"type": "string"})
class CodeField(_StrictTextField):
    """A business key, with `allow_blank` perhaps none (""). Printable, NFC, trimmed; never repaired."""

    def __init__(self, *, max_length: int = CODE_MAX_LENGTH, allow_blank: bool = False, **kwargs: Any) -> None:
        super().__init__(max_length=max_length, allow_blank=allow_blank, **kwargs)

    def fault(self, value: str) -> str | None:
        """Return what is wrong with the key."""
        return code_fault(value, max_length=self.max_length)


@extend_schema_field({"type": "string"})
class TextField(_StrictTextField):
    """A free text, empty unless told otherwise; blanks at its ends are kept."""

    def __init__(self, *, max_length: int = DESCRIPTION_MAX_LENGTH, allow_blank: bool = True, **kwargs: Any) -> None:
        super().__init__(max_length=max_length, allow_blank=allow_blank, **kwargs)

    def fault(self, value: str) -> str | None:
        """Return what is wrong with the text."""
        return text_fault(value, max_length=self.max_length)


class ChoiceField(serializers.ChoiceField):
    """One of a fixed set of words. A number or truth value is none of them."""

    def to_internal_value(self, data: Any) -> Any:
        """Return the word, or refuse it."""
        if not isinstance(data, str):
            self.fail("invalid_choice", input=data)
        return super().to_internal_value(data)
