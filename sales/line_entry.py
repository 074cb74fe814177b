"""One sales line while a clerk's values are applied to it, in memory.

The order of the steps is that of the trigger table (LNK section 2.3): what the line sells, where, in which
unit, how much, how much of it is assembled to order, what ships next, dates, bin, price. Nothing is
written here; every refusal names its field.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from backoffice.exceptions import Blocked, Invalid, Required, numbers_of
from inventory.exceptions import QuantityRoundsToZero
from inventory.lookups import ItemFacts
from inventory.models import DefaultQuantityToShip, Setup
from inventory.rounding import ONE, QUANTITY_PRECISION, ZERO, base_quantity, fits
from sales import exceptions, quantities
from sales.blanket_reference import enter_blanket_reference
from sales.line_pricing import enter_price
from sales.masters import LineValues, SalesMasters
from sales.models import SalesDocument, SalesLine, SalesLineType, SalesStatus

#: What may change while the document is released (EDT-23).
FREE_WHEN_RELEASED = frozenset(
    {"qty_to_ship", "qty_to_invoice", "bin", "description", "qty_to_assemble_to_order", "tracking"}
)
#: What the edit of another field proposes anew: what the same request says of these stands over the proposal.
_PROPOSED = frozenset(
    {"qty_to_assemble_to_order", "qty_to_ship", "qty_to_invoice", "bin", "description", "unit_price", "unit_cost"}
)
#: What another item brings along.
_PROPOSED_BY_ITEM = frozenset({"no", "variant", "unit_of_measure"})


def proposed_qty_to_ship(line: SalesLine, setup: Setup) -> Decimal:
    """Return what the next shipment takes of a line unless somebody says otherwise (QTY-05)."""
    return quantities.default_qty_to_ship(
        outstanding=line.outstanding_quantity,
        starts_blank=setup.default_quantity_to_ship == DefaultQuantityToShip.BLANK,
        prepared_in_warehouse=line.location is not None and line.location.require_shipment,
    )


class LineEntry:
    """Applies values to one line. `line` is new or held under lock with `reserved_beyond_link`."""

    def __init__(self, line: SalesLine, *, document: SalesDocument, masters: SalesMasters) -> None:
        self.line, self.document, self.masters = line, document, masters
        self.is_new = line._state.adding
        self._old_quantity = line.quantity
        self._old_to_assemble = line.qty_to_assemble_to_order
        self._propose_assembly = False
        self._reprice = False

    # -- the act ------------------------------------------------------------------------------------------

    def apply(self, values: LineValues) -> SalesLine:
        """Apply the values in the order of the trigger table and return the line. Raises DomainError."""
        asked, values = values, self._drop_unchanged(values)
        self._require_open(values)
        if values:
            values |= self._stated(asked, _PROPOSED)
        if values.keys() & {"no", "type"}:
            values |= self._stated(asked, _PROPOSED_BY_ITEM)
        if values.get("qty_to_assemble_to_order") == ZERO and not self.is_new:
            self._enter_qty_to_assemble(ZERO)  # taken off first, it stands in the way of nothing else
        self._enter_what(values)
        self._enter_where(values)
        self._enter_how_much(values)
        self._enter_assembly(values)
        self._enter_next_posting(values)
        self._enter_date(values)
        self._enter_bin(values)
        enter_price(self.line, values, anew=self._reprice)
        enter_blanket_reference(self.line, values, document=self.document, masters=self.masters)
        if "description" in values:
            self.line.description = values["description"]
        return self.line

    def _drop_unchanged(self, values: LineValues) -> dict[str, Any]:
        """Leave out what the line says already: sending a field back unchanged is no edit."""
        if self.is_new:
            return dict(values)
        shown = {
            "type": self.line.type,
            "no": self.line.no,
            "variant": self.line.variant_code,
            "location": self.line.location_id,
            "bin": self.line.bin_code,
            "unit_of_measure": self.line.unit_of_measure_id,
        }
        missing = object()
        return {
            name: value for name, value in values.items() if shown.get(name, getattr(self.line, name, missing)) != value
        }

    @staticmethod
    def _stated(asked: LineValues, names: frozenset[str]) -> dict[str, Any]:
        return {name: asked[name] for name in names if name in asked}

    def _require_open(self, values: LineValues) -> None:
        if self.document.status == SalesStatus.CLOSED:
            raise exceptions.DocumentClosed(document=self.document.no)
        if self.document.status == SalesStatus.RELEASED and (self.is_new or values.keys() - FREE_WHEN_RELEASED):
            field = next(iter(values.keys() - FREE_WHEN_RELEASED), None)
            raise exceptions.DocumentReleased(field=field, document=self.document.no)

    # -- what ---------------------------------------------------------------------------------------------

    def _enter_what(self, values: LineValues) -> None:
        if not (self.is_new or "type" in values or "no" in values):
            return
        line = self.line
        if not self.is_new:
            self._require_free_to_change(sells_item=values.get("type", line.type) == SalesLineType.ITEM)
        line.type = values.get("type", line.type)
        if line.type == SalesLineType.COMMENT:
            self._become_comment(values)
            return
        no = values.get("no")
        if not no:
            raise Required(field="no")
        if line.type == SalesLineType.ITEM:
            self._become_item(self.masters.item(no))
        else:
            self._become_resource(no)
        self._reprice = self._propose_assembly = True

    def _require_free_to_change(self, *, sells_item: bool) -> None:
        """LNK section 2.3, ERR-19: nothing shipped, nothing reserved, nothing assembled to order.

        A line that sells no item any more gives its assembly up instead of refusing.
        """
        line, field = self.line, "no" if sells_item else "type"
        if line.quantity_shipped:
            raise exceptions.AlreadyShipped(field=field, shipped=line.quantity_shipped)
        if line.qty_to_assemble_to_order and sells_item:
            raise exceptions.FieldLockedByLink(
                field=field, field_label="The item", quantity=line.qty_to_assemble_to_order
            )
        self._require_unreserved(field)

    def _become_comment(self, values: LineValues) -> None:
        if values.get("no"):
            raise Invalid(field="no", detail="A comment line has no number.")
        line = self.line
        line.item = line.resource = line.unit_of_measure = line.location = line.shipment_date = None
        line.variant_code = line.bin_code = ""
        line.quantity = line.quantity_base = line.qty_to_ship = line.qty_to_invoice = ZERO
        self._set_to_assemble(ZERO)
        line.unit_price = line.unit_cost = line.line_discount_percent = line.line_amount = ZERO
        if values.get("quantity"):
            raise Invalid(field="quantity", detail="A comment line has no quantity.")

    def _become_item(self, facts: ItemFacts) -> None:
        line, item = self.line, facts.item
        line.item, line.resource, line.variant_code = item, None, ""
        line.description = item.description
        line.unit_of_measure_id = item.sales_unit_of_measure_id
        if line.location is None:
            line.location = self.document.location or self.masters.setup.default_location
        if line.shipment_date is None:
            line.shipment_date = self.document.shipment_date
        self._take_unit(facts)

    def _become_resource(self, no: str) -> None:
        line, resource = self.line, self.masters.resource(no)
        line.resource, line.item, line.variant_code, line.bin_code = resource, None, "", ""
        line.description = resource.name
        line.unit_of_measure_id = resource.base_unit_of_measure_id
        line.qty_per_unit_of_measure, line.qty_rounding_precision = ONE, ZERO
        line.qty_rounding_precision_base = QUANTITY_PRECISION
        if line.shipment_date is None:
            line.shipment_date = self.document.shipment_date

    def _facts(self) -> ItemFacts | None:
        return self.masters.items[self.line.item_id] if self.line.item_id else None

    # -- where --------------------------------------------------------------------------------------------

    def _enter_where(self, values: LineValues) -> None:
        if "variant" in values:
            self._enter_variant(values["variant"] or "")
        if "location" in values:
            self._enter_location(values["location"])
        if self.line.item is not None and self.line.item.is_inventoriable and self.line.location is None:
            raise Required(field="location")

    def _enter_variant(self, code: str) -> None:
        facts = self._facts()
        if facts is None:
            if code:
                raise Invalid(field="variant", detail="Only items have variants.")
            return
        if not self.is_new:
            self._require_unreserved("variant")
            self._require_invoiced("variant")
        variant = facts.variant(code)
        if variant is not None and variant.blocked:
            raise Blocked(field="variant", what="Variant", key=code)
        self.line.variant_code = code
        self.line.description = (variant.description if variant else "") or facts.item.description
        self._propose_assembly = True

    def _enter_location(self, code: str | None) -> None:
        if not self.is_new:
            self._require_unreserved("location")
            self._require_invoiced("location")
        self.line.location = self.masters.location(code) if code else None
        self.line.bin_code = ""
        self._propose_assembly = True

    def _require_unreserved(self, field: str) -> None:
        """ERR-20, TRP-36: a reservation other than the assembly link's stands in the way."""
        if self.line.reserved_beyond_link:
            raise exceptions.Reserved(field=field, reserved=self.line.reserved_beyond_link)

    def _require_invoiced(self, field: str) -> None:
        if self.line.qty_shipped_not_invoiced:
            raise exceptions.AlreadyShipped(field=field, shipped=self.line.qty_shipped_not_invoiced)

    # -- how much -----------------------------------------------------------------------------------------

    def _enter_how_much(self, values: LineValues) -> None:
        line = self.line
        unit_changed = values.get("unit_of_measure") is not None
        if unit_changed:
            self._enter_unit(values["unit_of_measure"])
        quantity = values.get("quantity", line.quantity)
        if line.type == SalesLineType.COMMENT or not (unit_changed or self._reprice or "quantity" in values):
            return
        self._check_quantity(quantity, field="quantity")
        if quantity < line.quantity_shipped:
            raise exceptions.BelowShippedQuantity(field="quantity", value=quantity, shipped=line.quantity_shipped)
        line.quantity = quantity
        with numbers_of("quantity"):
            line.quantity_base = self._base(quantity, field="quantity")
        line.qty_to_ship = proposed_qty_to_ship(line, self.masters.setup)
        line.qty_to_invoice = line.qty_shipped_not_invoiced + line.qty_to_ship
        self._propose_assembly = True

    def _enter_unit(self, code: str) -> None:
        line = self.line
        if line.quantity_shipped:
            raise exceptions.AlreadyShipped(field="unit_of_measure", shipped=line.quantity_shipped)
        facts = self._facts()
        if facts is not None:
            line.unit_of_measure_id = code
            self._take_unit(facts)
        elif line.resource is None or code != line.resource.base_unit_of_measure_id:
            raise Invalid(field="unit_of_measure", detail="Only items have more than one unit.")
        self._reprice = True

    def _take_unit(self, facts: ItemFacts) -> None:
        line = self.line
        unit = facts.unit(line.unit_of_measure_id or "")
        line.qty_per_unit_of_measure, line.qty_rounding_precision = unit.factor, unit.precision
        line.qty_rounding_precision_base = facts.base_precision

    def _check_quantity(self, quantity: Decimal, *, field: str) -> None:
        """QTY-02, ERR-44: a quantity is not negative and fits its unit's precision; it is never rounded quietly."""
        if quantity < ZERO:
            raise Invalid(field=field, detail="A quantity cannot be negative.")
        if not fits(quantity, self.line.qty_rounding_precision):
            precision = self.line.qty_rounding_precision or QUANTITY_PRECISION
            raise Invalid(field=field, detail=f"The quantity must be a multiple of {precision.normalize():f}.")

    def _base(self, quantity: Decimal, *, field: str) -> Decimal:
        line = self.line
        base = base_quantity(quantity, factor=line.qty_per_unit_of_measure, precision=line.qty_rounding_precision_base)
        if quantity and not base:
            raise QuantityRoundsToZero(
                field=field, quantity=quantity, unit_of_measure=line.unit_of_measure_id, item=line.no
            )
        return base

    # -- assembled to order -------------------------------------------------------------------------------

    def _enter_assembly(self, values: LineValues) -> None:
        line = self.line
        if self._propose_assembly:
            self._set_to_assemble(self._proposed_qty_to_assemble())
        elif self.is_new:
            self._set_to_assemble(ZERO)
        typed = values.get("qty_to_assemble_to_order")
        if typed is not None and typed != line.qty_to_assemble_to_order:
            self._enter_qty_to_assemble(typed)
        # The part that stays may not fit a new unit (QTY-02).
        self._check_quantity(line.qty_to_assemble_to_order, field="qty_to_assemble_to_order")

    def _may_assemble(self) -> bool:
        """LNK-01: any inventory item can be assembled to order, with or without a bill of materials."""
        return self.line.item is not None and self.line.item.is_inventoriable

    def _proposed_qty_to_assemble(self) -> Decimal:
        line = self.line
        if not self._may_assemble():
            return ZERO
        assert line.item is not None
        return quantities.default_qty_to_assemble(
            old_quantity=self._old_quantity,
            old_qty_to_assemble=self._old_to_assemble,
            new_quantity=line.quantity,
            required=line.item.is_assembled_to_order,
            shipped_before=line.quantity_shipped_base > ZERO,
        )

    def _enter_qty_to_assemble(self, typed: Decimal) -> None:
        """LNK-30: check and take a quantity to assemble to order that was typed in."""
        line, field = self.line, "qty_to_assemble_to_order"
        self._check_quantity(typed, field=field)
        if typed and not self._may_assemble():
            raise exceptions.AssemblyNotAllowed(field=field, no=line.no or "the line")
        if typed not in (ZERO, line.quantity) and not self.document.is_order:
            raise exceptions.FullQuantityRequired(field=field, quantity=line.quantity)
        if typed > line.quantity:
            raise exceptions.ExceedsQuantity(field=field, value=typed, quantity=line.quantity)
        self._set_to_assemble(typed)
        self._old_to_assemble = typed

    def _set_to_assemble(self, quantity: Decimal) -> None:
        self.line.qty_to_assemble_to_order = quantity
        self.line.qty_to_assemble_to_order_base = (
            self.line.quantity_base
            if quantity == self.line.quantity
            else self._base(quantity, field="qty_to_assemble_to_order")
        )

    # -- next posting, date, bin, price -------------------------------------------------------------------

    def _enter_next_posting(self, values: LineValues) -> None:
        line = self.line
        if "qty_to_ship" in values:
            typed = values["qty_to_ship"]
            if not ZERO <= typed <= line.outstanding_quantity:
                raise exceptions.QuantityToShipOutOfRange(
                    field="qty_to_ship", minimum=ZERO, maximum=line.outstanding_quantity
                )
            self._check_quantity(typed, field="qty_to_ship")
            self._base(typed, field="qty_to_ship")
            line.qty_to_ship = typed
            line.qty_to_invoice = line.qty_shipped_not_invoiced + typed
        if "qty_to_invoice" in values:
            typed, most = values["qty_to_invoice"], line.qty_shipped_not_invoiced + line.qty_to_ship
            self._check_quantity(typed, field="qty_to_invoice")
            if typed > most:
                raise exceptions.ExceedsQuantity(field="qty_to_invoice", value=typed, quantity=most)
            line.qty_to_invoice = typed

    def _enter_date(self, values: LineValues) -> None:
        date: dt.date | None = values.get("shipment_date")
        if date is not None:
            self.line.shipment_date = date
        elif "shipment_date" in values and self.line.type == SalesLineType.ITEM:
            raise Required(field="shipment_date")

    def _enter_bin(self, values: LineValues) -> None:
        line = self.line
        if values.get("bin"):
            if line.location is None:
                raise Invalid(field="bin", detail="A line without a location has no bin.")
            self.masters.require_bin(line.location, values["bin"])
            line.bin_code = values["bin"]
        elif "bin" in values or (self._propose_assembly and not line.bin_code):
            line.bin_code = self._default_bin()

    def _default_bin(self) -> str:
        """WHS-03: what is assembled to order leaves from the assembly's bin, the rest from the default one."""
        location, item = self.line.location, self.line.item
        if location is None or item is None or not location.bin_mandatory:
            return ""
        if self.line.qty_to_assemble_to_order or item.is_assembled_to_order:
            shipment_bin = "" if location.require_shipment else location.asm_to_order_shpt_bin
            return shipment_bin or location.from_assembly_bin or location.default_bin
        return location.default_bin
