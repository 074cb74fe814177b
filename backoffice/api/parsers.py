"""Reading a body: strict JSON, so that what two readers could take differently is refused."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import IO, Any, NoReturn

from django.conf import settings
from rest_framework.parsers import BaseParser

from backoffice.api.refusals import BodyTooLarge, MalformedBody

MAX_DEPTH = 32
#: What PostgreSQL's text cannot hold.
_NOT_STORABLE = re.compile("[\x00\ud800-\udfff]")


class StrictJSONParser(BaseParser):
    """UTF-8 JSON without duplicate keys, NaN, NUL, lone surrogates or deep nesting; decimals stay exact.

    An empty body is an empty object. Raises MalformedBody, BodyTooLarge.
    """

    media_type = "application/json"

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """Return the parsed value: integers as int, other numbers as Decimal."""
        limit = int(settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
        # One byte more than is taken tells a long body from a whole one, whatever Content-Length says.
        raw = stream.read(limit + 1)
        if len(raw) > limit:
            raise BodyTooLarge(limit=limit)
        return parse_json(raw)


def parse_json(raw: bytes) -> Any:
    """Return the value that the bytes spell. Raises MalformedBody."""
    try:
        text = raw.decode("utf-8")
        if not text.strip():
            return {}
        value = json.loads(text, object_pairs_hook=_object, parse_float=Decimal, parse_constant=_refuse_constant)
    except UnicodeDecodeError as error:
        raise MalformedBody(why="it is not UTF-8") from error
    except RecursionError as error:
        raise MalformedBody(why=f"it is nested deeper than {MAX_DEPTH} levels") from error
    except ValueError as error:
        # Not the decoder's own words for an integer of thousands of digits: they speak of Python.
        why = (
            f"{error.msg} at line {error.lineno}" if isinstance(error, json.JSONDecodeError) else "a number is too long"
        )
        raise MalformedBody(why=why) from error
    _check(value, depth=1, texts_too="\\u" in text)
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise MalformedBody(why="an object names a member twice")
    return members


def _refuse_constant(name: str) -> NoReturn:
    raise MalformedBody(why=f"{name} is not a number in JSON")


def _check(value: Any, *, depth: int, texts_too: bool) -> None:
    """Refuse deep nesting, and texts that cannot be stored (only an escape can spell them)."""
    if depth > MAX_DEPTH:
        raise MalformedBody(why=f"it is nested deeper than {MAX_DEPTH} levels")
    if isinstance(value, dict):
        for name, member in value.items():
            _check(name, depth=depth, texts_too=texts_too)
            _check(member, depth=depth + 1, texts_too=texts_too)
    elif isinstance(value, list):
        for member in value:
            _check(member, depth=depth + 1, texts_too=texts_too)
    elif texts_too and isinstance(value, str) and _NOT_STORABLE.search(value):
        raise MalformedBody(why="a text holds a NUL or half a character")
