"""What the components allow, on assembly documents and their lines, and at `/assembly-orders/{no}/availability/`."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from assembly import availability, late_dates
from assembly.ability import LineAbility
from assembly.api.figures import ComponentFiguresOut, FiguresOut
from assembly.availability import OrderAvailability
from assembly.models import AssemblyLine
from backoffice.api import fields
from backoffice.api.views import LineViewSet, ResourceViewSet
from backoffice.decimals import plain
from inventory.availability.outlook import Figures

#: Members of a document that follow from its components. A list of documents shows them on request.
ABILITY = ("able_to_assemble", "earliest_date")
#: Edits that look at what there is (AVL-16, AVL-21).
_LOOKS = frozenset(
    {"item", "variant", "location", "unit_of_measure", "quantity", "due_date", "starting_date", "ending_date"}
)
_LINE_LOOKS = frozenset({"type", "no", "variant", "location", "unit_of_measure", "due_date", "quantity_per"})


class ComponentAvailabilityOut(ComponentFiguresOut):
    """The figures of one component at the line's due date, in the line's unit, its own demand left out."""

    reserved_quantity = fields.QuantityField()
    avail_warning = fields.FlagField()
    substitution_available = fields.FlagField()


class OrderAvailabilityOut(FiguresOut):
    """What can be assembled, and the figures of the assembled item at the due date, in the order's unit."""

    current_quantity = fields.QuantityField()
    lines = ComponentAvailabilityOut(many=True)


class ShowsAbility(ResourceViewSet):
    """Shows with each assembly document what its components allow, and warns after an edit that looks at it."""

    #: Whether this request's edit looks at what there is, and whether it sets the date.
    looks = False
    dates = False

    def read_one(self, key: object) -> Any:
        """Return the document with what its components allow."""
        return self._completed([super().read_one(key)])[0]

    def paginate_queryset(self, queryset: QuerySet[Any, Any] | Any) -> Any:
        """Return the page's documents, with what their components allow where the answer shows it."""
        return self._completed(super().paginate_queryset(queryset))

    def values(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Return the parsed values; see whether they are such that the edit looks at what there is."""
        values = super().values(*args, **kwargs)
        self.looks = self.looks or bool(_LOOKS & values.keys()) or self.action == "refresh_lines"
        self.dates = self.dates or bool(late_dates.DATES & values.keys())
        return values

    def show(self, found: Any, **kwargs: Any) -> Response:
        """Answer with the document, and with the warnings that the edit deserves."""
        if self.looks:
            self._completed([found], always=True)
            self.warn(availability.notices(found))
        if self.dates:
            self.warn(late_dates.document_notices(found, found.lines.all()))
        return super().show(found, **kwargs)

    def _completed(self, documents: Any, *, always: bool = False) -> Any:
        missing = [document for document in documents if not hasattr(document, "ability")]
        if missing and (always or any(self.shows(name) for name in ("lines", *ABILITY))):
            availability.attach(missing)
        return documents


class ShowsOrderAvailability(ResourceViewSet):
    """`…/availability/`: all figures behind what can be assembled."""

    @extend_schema(responses=OrderAvailabilityOut)
    @action(detail=True, methods=["get"], url_path="availability")
    def availability(self, request: Request, no: str) -> Response:
        """Answer with the figures of the order and of its components."""
        _ = request, no
        document = self.get_queryset().filter(no=self.key).first()
        if document is None:
            raise Http404
        return Response(_figures(availability.order_availability(document)))


class ShowsAvailWarning(LineViewSet):
    """Shows with each assembly line whether it is short, and warns after an edit that looks at it."""

    looks = False
    dates = False

    def read_one(self, key: object) -> Any:
        """Return the line."""
        line = super().read_one(key)
        availability.attach_to_lines(self.document, [line])
        return line

    def paginate_queryset(self, queryset: QuerySet[Any, Any] | Any) -> Any:
        """Return the page's lines."""
        page = super().paginate_queryset(queryset)
        availability.attach_to_lines(self.document, page or [])
        return page

    def values(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Return the parsed values; see whether they are such that the edit looks at what there is."""
        values = super().values(*args, **kwargs)
        self.looks = self.looks or bool(_LINE_LOOKS & values.keys()) or self.action == "substitute"
        self.dates = self.dates or bool(late_dates.LINE_DATES & values.keys())
        return values

    def show(self, found: Any, **kwargs: Any) -> Response:
        """Answer with the line, and with a warning where it is short."""
        if self.looks:
            self.warn(availability.line_notices(self.document, [found]))
        if self.dates:
            self.warn(late_dates.line_notices([found]))
        return super().show(found, **kwargs)


def _figures(found: OrderAvailability) -> dict[str, Any]:
    ability, figures, unit = found.ability, found.figures, found.in_unit
    by_no = {line.line_no: line for line in availability.components(found.document)}
    return {
        "able_to_assemble": plain(ability.able_to_assemble),
        "earliest_date": ability.earliest_date,
        "current_quantity": plain(ability.remaining),
        **figures_in(unit, figures),
        "lines": [
            _line_figures(by_no[line.need.line_no], line, bottleneck=ability.is_bottleneck(line))
            for line in ability.lines
        ],
    }


def figures_in(unit: Callable[[Decimal], Decimal], figures: Figures) -> dict[str, str]:
    """Return the figures of an item as an answer shows them, in a unit."""
    quantities = (
        ("inventory", figures.available_inventory),
        ("gross_requirement", figures.gross_requirement),
        ("reserved_requirement", figures.reserved_requirement),
        ("scheduled_receipt", figures.scheduled_receipt),
        ("reserved_receipt", figures.reserved_receipt),
    )
    return {name: plain(unit(quantity)) for name, quantity in quantities}


def component_figures(line: AssemblyLine, able: LineAbility) -> dict[str, Any]:
    """Return what an answer says of one component, in the line's unit: of a line that is stored or in memory."""
    return {
        "line_no": line.line_no,
        "no": line.item_id,
        "variant": line.variant_code,
        "location": line.location_id,
        "unit_of_measure": line.unit_of_measure_id,
        "due_date": line.due_date,
        "lead_time_offset_days": line.lead_time_offset_days,
        "current_quantity": plain(able.in_unit(able.need.remaining_base)),
        **figures_in(able.in_unit, able.figures),
        "expected_available_inventory": plain(able.in_unit(able.expected_base)),
        "able_to_assemble": plain(able.able_to_assemble),
        "earliest_date": able.earliest_date,
    }


def _line_figures(line: Any, able: LineAbility, *, bottleneck: bool) -> dict[str, Any]:
    return {
        **component_figures(line, able),
        "reserved_quantity": plain(able.in_unit(line.reserved_base)),
        "bottleneck": bottleneck,
        "avail_warning": line.avail_warning,
        "substitution_available": line.substitution_available,
    }
