"""The bases of the contract's views: masters, documents, a document's lines, ledgers.

A view parses, calls one service, and shows what is there afterwards. It holds no rule. Rights, the
transaction, idempotency and preview are the edge's (`backoffice.api.edge`).
"""

from __future__ import annotations

import builtins
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar, cast
from urllib.parse import quote

from django.core.exceptions import ImproperlyConfigured
from django.db.models import Model, QuerySet
from django.http import Http404
from rest_framework import status
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer, Field, ListSerializer, Serializer
from rest_framework.viewsets import GenericViewSet

from backoffice.api.edge import ContractView
from backoffice.api.filters import Filter, StrictFilterBackend
from backoffice.api.ordering import SortKey, sort_keys
from backoffice.api.pagination import KeysetPagination
from backoffice.api.parameters import EXPAND, FIELDS, ORDERING, names_in
from backoffice.api.serializers import StrictSerializer
from backoffice.codes import text_fault
from backoffice.exceptions import Invalid
from backoffice.middleware import key_of
from backoffice.notices import Notice


class ResourceViewSet(ContractView, GenericViewSet[Any]):
    """Lists and shows one kind of thing, addressed by its business key.

    Declare `serializer_class` (the answer), `get_queryset()`, `rights`, and what of `filters`, `orderings`,
    `search` the list offers. `nested` names the lists of the answer ("lines") that a list shows on `?expand=`
    only; in `get_queryset()` ask `self.shows("lines")` before prefetching them.
    """

    lookup_field = "no"
    pagination_class: type[BasePagination] | None = KeysetPagination
    filter_backends = (StrictFilterBackend,)
    #: What create, change and actions take. None: nothing is taken.
    input_class: ClassVar[type[StrictSerializer] | None] = None
    nested: ClassVar[Sequence[str]] = ()
    filters: ClassVar[Mapping[str, str | Filter]] = {}
    #: Filters that hold unless the client filters by the same name: {"status": "open,released"}.
    filter_defaults: ClassVar[Mapping[str, str]] = {}
    #: Names that `ordering` knows beside the filters' own.
    orderings: ClassVar[Mapping[str, str]] = {}
    default_ordering: ClassVar[Sequence[str]] = ()
    #: A unique column that closes every order.
    last_ordering: ClassVar[str] = "pk"
    #: ORM paths that `search` looks in.
    search: ClassVar[Sequence[str]] = ()
    #: Parameters of the list that the view reads itself.
    list_parameters: ClassVar[frozenset[str]] = frozenset()

    # --- Reading
    # -----------------------------------------------------------------------------------------------------

    @property
    def key(self) -> str:
        """Return the business key in the address. Raises Http404 for what no key can be."""
        return self.key_in_path(self.lookup_url_kwarg or self.lookup_field)

    def key_in_path(self, name: str) -> str:
        """Return a key in the address by its name."""
        key = key_of(self.request._request, str(self.kwargs[name]))
        if text_fault(key):
            raise Http404
        return key

    def read_one(self, key: object) -> Any:
        """Return the thing with the key as the answer shows it. Raises Http404."""
        found = self.get_queryset().filter(**{self.lookup_field: key}).first()
        if found is None:
            raise Http404
        return found

    def get_object(self) -> Any:
        """Return the thing in the address."""
        return self.read_one(self.key)

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Answer with one page."""
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        if page is None:
            raise ImproperlyConfigured(f"{type(self).__name__} needs a pagination_class")
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Answer with one thing."""
        return self.show(self.get_object())

    def sort_keys(self, model: type[Model]) -> builtins.list[SortKey]:
        """Return the order of the list."""
        known = {
            **{name: one if isinstance(one, str) else one.path for name, one in self.filters.items()},
            **self.orderings,
        }
        asked = names_in(self.request.query_params, ORDERING) or self.default_ordering
        return sort_keys(model, asked, {name: path for name, path in known.items() if path}, self.last_ordering)

    # --- Shape
    # -------------------------------------------------------------------------------------------------------

    @property
    def is_list(self) -> bool:
        """Say whether the request asks for a list of things."""
        return getattr(self, "action", None) == "list"

    def shows(self, name: str) -> bool:
        """Say whether the answer shows this member, so that it has to be loaded."""
        wanted = names_in(self.request.query_params, FIELDS)
        if wanted and name not in wanted:
            return False
        return not self.is_list or name not in self.nested or name in self._expanded(wanted)

    def _expanded(self, wanted: Iterable[str]) -> set[str]:
        expanded = names_in(self.request.query_params, EXPAND)
        for name in expanded:
            if name not in self.nested:
                raise Invalid(field=EXPAND, detail=f"There is no list {name} to expand.")
        return {*expanded, *wanted}

    def get_serializer(self, *args: Any, **kwargs: Any) -> BaseSerializer[Any]:
        """Return the answer's serializer with the fields that the request wants."""
        serializer = super().get_serializer(*args, **kwargs)
        child = serializer.child if isinstance(serializer, ListSerializer) else serializer
        self._prune(child)
        return serializer

    def _prune(self, serializer: Field[Any, Any, Any, Any] | None) -> None:
        if not isinstance(serializer, Serializer) or getattr(self, "swagger_fake_view", False):
            return
        names = list(serializer.fields)
        for name in names_in(self.request.query_params, FIELDS):
            if name not in names:
                raise Invalid(field=FIELDS, detail=f"There is no field {name}.")
        for name in names:
            if not self.shows(name):
                serializer.fields.pop(name)

    # --- Answering a write
    # -------------------------------------------------------------------------------------------

    def values(self, *, partial: bool = False, input_class: type[StrictSerializer] | None = None) -> dict[str, Any]:
        """Return the request's parsed values; with `partial` only what was given. Raises ValidationError."""
        return cast("dict[str, Any]", self._parsed(many=False, partial=partial, input_class=input_class))

    def list_of_values(self, *, input_class: type[StrictSerializer] | None = None) -> builtins.list[dict[str, Any]]:
        """Return the parsed values of a request whose body is a list."""
        return cast("builtins.list[dict[str, Any]]", self._parsed(many=True, partial=False, input_class=input_class))

    def _parsed(self, *, many: bool, partial: bool, input_class: type[StrictSerializer] | None) -> Any:
        taken = input_class or self.input_class
        assert taken is not None, f"{type(self).__name__}.{self.action_name()} declares no input_class"
        serializer = taken(data=self.request.data, many=many, partial=partial, context={"view": self})
        serializer.is_valid(raise_exception=True)
        return serializer.validated_data

    def warn(self, notices: Iterable[Notice]) -> None:
        """Add warnings to the answer of this write."""
        self._notices: builtins.list[Notice] = [*getattr(self, "_notices", []), *notices]

    def show(
        self, found: Any, *, status: int = status.HTTP_200_OK, headers: Mapping[str, str] | None = None
    ) -> Response:
        """Answer with one thing as it was read, its ETag, and the warnings."""
        body = dict(self.get_serializer(found).data)
        if notices := getattr(self, "_notices", []):
            body["warnings"] = [notice.as_json() for notice in notices]
        response = Response(body, status=status, headers=dict(headers or {}))
        if (tag := self.tag_of(found)) is not None:
            response["ETag"] = tag
        return response

    def show_again(self, key: object | None = None, *, status: int = status.HTTP_200_OK) -> Response:
        """Read the thing anew (by the address unless a key is given) and answer with it, after a write."""
        return self.show(self.read_one(self.key if key is None else key), status=status)

    def tag_of(self, found: Any) -> str | None:
        """Return the entity tag of a thing, None where it has no revision."""
        rev = getattr(found, "rev", None)
        return None if rev is None else f'"{rev}"'

    def key_after(self, result: Any) -> object:
        """Return the key of what a service returned: a row, or the key itself."""
        return getattr(result, self.lookup_field) if isinstance(result, Model) else result


class Creates(ResourceViewSet):
    """POST to the list makes one."""

    def create_one(self, values: dict[str, Any]) -> Any:
        """Call the service; return the new row or its key."""
        raise NotImplementedError

    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Make one and answer with it: 201, Location."""
        key = self.key_after(self.create_one(self.values()))
        response = self.show_again(key, status=status.HTTP_201_CREATED)
        response["Location"] = self.location_of(key)
        return response

    def location_of(self, key: object) -> str:
        """Return the address of the thing with the key."""
        return f"{quote(self.request.path)}{quote(str(key), safe='')}/"


class Updates(ResourceViewSet):
    """PATCH changes one."""

    def update_one(self, key: str, values: dict[str, Any]) -> Any:
        """Call the service with `self.expected_rev`; return the row, its key (perhaps a new one), or None."""
        raise NotImplementedError

    def partial_update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Change what was given and answer with the thing."""
        result = self.update_one(self.key, self.values(partial=True))
        return self.show_again(None if result is None else self.key_after(result))


class Deletes(ResourceViewSet):
    """DELETE removes one."""

    def delete_one(self, key: str) -> None:
        """Call the service with `self.expected_rev`. It raises Http404 or a refusal."""
        raise NotImplementedError

    def destroy(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Remove one and answer with nothing."""
        self.delete_one(self.key)
        return Response(status=status.HTTP_204_NO_CONTENT)


class EditableViewSet(Creates, Updates, Deletes):
    """A master or a document: list, show, POST, PATCH, DELETE."""


class LineViewSet(EditableViewSet):
    """The lines of a document: `/sales-orders/{no}/lines/{line_no}/`.

    Declare `get_documents()` and `get_lines(document)` beside what every resource declares. The hooks find
    the document in `self.document_key`; the ETag is the document's.
    """

    lookup_field = "line_no"
    lookup_value_regex = "[0-9]{1,9}"
    #: The name of the document's key in the address, and its column.
    document_field: ClassVar[str] = "no"
    default_ordering = ("line_no",)
    filters: ClassVar[Mapping[str, str | Filter]] = {"line_no": "line_no"}

    def get_documents(self) -> QuerySet[Any, Any]:
        """Return the documents whose lines these are."""
        raise NotImplementedError

    def get_lines(self, document: Any) -> QuerySet[Any, Any]:
        """Return the lines of one document."""
        raise NotImplementedError

    @property
    def document_key(self) -> str:
        """Return the document's key in the address."""
        return self.key_in_path(self.document_field)

    @property
    def line_no(self) -> int:
        """Return the line number in the address."""
        return int(self.kwargs["line_no"])

    def read_document(self) -> Any:
        """Return the document in the address. Raises Http404."""
        document = self.get_documents().filter(**{self.document_field: self.document_key}).first()
        if document is None:
            raise Http404
        return document

    def get_queryset(self) -> QuerySet[Any, Any]:
        """Return the document's lines, and remember the document as it was read just before them."""
        if getattr(self, "swagger_fake_view", False):
            return self.get_lines(self.get_documents().model(pk=0))
        self.document = self.read_document()
        return self.get_lines(self.document)

    def tag_of(self, found: Any) -> str | None:
        """Return the entity tag of the document."""
        return super().tag_of(self.document)

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Answer with one page of the lines and the document's tag."""
        response = super().list(request, *args, **kwargs)
        if (tag := self.tag_of(None)) is not None:
            response["ETag"] = tag
        return response
