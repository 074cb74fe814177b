"""Costs are shown to, and taken from, those who may see them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from rest_framework import serializers
from rest_framework.fields import Field

from backoffice.exceptions import Forbidden
from backoffice.rights import Right, has_right


class HidesCosts(serializers.Serializer[Any]):
    """Mix into an answer and into an input: `cost_fields` need Right.SEE_COSTS.

    An answer leaves them out for users without the right; an input that carries one is refused with `forbidden`.
    Runs no query. Stands before the serializer's other bases.
    """

    cost_fields: ClassVar[frozenset[str]] = frozenset()

    def get_fields(self) -> dict[str, Field[Any, Any, Any, Any]]:
        """Return the fields that the user may see; an input keeps all, so that it knows what it refuses."""
        fields = super().get_fields()
        if self._is_input() or self._sees_costs():
            return fields
        return {name: field for name, field in fields.items() if name not in self.cost_fields}

    def to_internal_value(self, data: Any) -> Any:
        """Return the parsed values. Raises Forbidden where a cost is sent without the right."""
        if isinstance(data, Mapping) and not self._sees_costs():
            sent = [name for name in data if name in self.cost_fields]
            if sent:
                raise Forbidden(field=str(sent[0]), right=Right.SEE_COSTS.value)
        return super().to_internal_value(data)

    def _is_input(self) -> bool:
        return hasattr(self.root, "initial_data")

    def _sees_costs(self) -> bool:
        view = self.context.get("view")
        if view is None or getattr(view, "swagger_fake_view", False):
            return True
        return has_right(view.request.user, Right.SEE_COSTS)
