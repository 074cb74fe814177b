"""The base of what comes in: every member of the request is either taken or refused by name."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, ClassVar

from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail

from backoffice.exceptions import ReadOnlyField, Required, UnknownField


class StrictSerializer(serializers.Serializer[Any]):
    """An input: parses, decides nothing, queries nothing.

    A member that is no field is refused: `read_only_field` where the answer has it (`answer`,
    `read_only_names`), `unknown_field` otherwise. A row of a list is given whole, in a change too.
    All refusals of a request are collected.
    """

    #: The serializer of the answer: what it shows and this one does not take is read-only.
    answer: ClassVar[type[serializers.BaseSerializer[Any]] | None] = None
    #: Further names that are read-only.
    read_only_names: ClassVar[Collection[str]] = frozenset()

    def to_internal_value(self, data: Any) -> Any:
        """Return the parsed values, or refuse stray and missing members together with the faulty ones."""
        strays = self._strays(data) | self._missing(data) if isinstance(data, Mapping) else {}
        try:
            values = super().to_internal_value(data)
        except serializers.ValidationError as error:
            faults: Any = error.detail
            raise serializers.ValidationError({**strays, **faults}) from error
        if strays:
            raise serializers.ValidationError(strays)
        return values

    def _strays(self, data: Mapping[str, Any]) -> dict[str, Any]:
        taken = {name for name, field in self.fields.items() if not field.read_only}
        names = [name for name in data if name not in taken]
        if not names:
            return {}
        shown = self._read_only_names()
        return {name: [_detail(ReadOnlyField if name in shown else UnknownField)] for name in names}

    def _missing(self, data: Mapping[str, Any]) -> dict[str, Any]:
        # A change names what it changes of the thing itself; of the rows inside, it says all there is to say.
        if self.root is self or not getattr(self.root, "partial", False):
            return {}
        fields = self.fields.items()
        names = [name for name, field in fields if field.required and not field.read_only and name not in data]
        return {name: [_detail(Required)] for name in names}

    def _read_only_names(self) -> set[str]:
        shown = set(self.read_only_names) | {name for name, field in self.fields.items() if field.read_only}
        return shown if self.answer is None else shown | set(getattr(self.answer, "_declared_fields", ()))


def _detail(refusal: type[UnknownField] | type[ReadOnlyField] | type[Required]) -> ErrorDetail:
    return ErrorDetail(refusal.template, code=refusal.code)


class NothingIn(StrictSerializer):
    """The input of an action that takes no members."""
