"""The refusals of inventory. One class per rule; the figures of a refusal are its parameters."""

from __future__ import annotations

from typing import ClassVar

from backoffice.exceptions import DomainError, FieldError, NotFound


class Missing(NotFound):
    """The record that the request is about does not exist: an address that leads nowhere, not a faulty field."""

    http_status: ClassVar[int] = 404


class NotEnoughInventory(DomainError):
    """Less is free than the posting takes (AVL-24). `available`, `required`: base units of `item`."""

    code: ClassVar[str] = "not_enough_inventory"
    template: ClassVar[str] = "{item} at {location}: {required} required, {available} available."


class BomCycle(DomainError):
    """A bill of materials would contain its own parent, at some depth (DM-14)."""

    code: ClassVar[str] = "bom_cycle"
    template: ClassVar[str] = "{item} would contain itself, through {component}."


class LinkedToSalesOrder(DomainError):
    """The reservation of an assemble-to-order link lives and goes with the link (RES-02)."""

    code: ClassVar[str] = "linked_to_sales_order"
    template: ClassVar[str] = "Reservation {entry_no} belongs to the assembly for {document}, line {line_no}."


class FixedByUse(DomainError):
    """A field of a master record cannot change while others rely on it (DM-57, ERR-43)."""

    code: ClassVar[str] = "in_use"
    template: ClassVar[str] = "{what} cannot be changed: {key} is used by {used_by}."


class TrackingRequired(DomainError):
    """A tracked item moves without its lot or serial number, or an untracked one with (RES-22, RES-23)."""

    code: ClassVar[str] = "tracking_required"
    template: ClassVar[str] = "{item} is tracked by {tracking}: a {tracking} number is required."


class SerialNotUnique(DomainError):
    """A serial number stands for one piece, and no two pieces in stock share one (RES-21)."""

    code: ClassVar[str] = "serial_not_unique"
    template: ClassVar[str] = "Serial number {serial_no} of {item} stands for one piece, and only once in stock."


class QuantityRoundsToZero(FieldError):
    """A quantity is given, but nothing of it is left in the base unit (QTY-03)."""

    code: ClassVar[str] = "quantity_rounds_to_zero"
    template: ClassVar[str] = "{quantity} {unit_of_measure} of {item} round to zero in the base unit."


class DocumentClosed(DomainError):
    """Everything of the document is done; it is read only."""

    code: ClassVar[str] = "document_closed"
    template: ClassVar[str] = "{document} is closed."


class NothingToPost(DomainError):
    """No line of the document has a quantity for this posting (ERR-27)."""

    code: ClassVar[str] = "nothing_to_post"
    template: ClassVar[str] = "There is nothing to post in {document}."


class ExceedsRemainingQuantity(DomainError):
    """More is asked for than is left of the line."""

    code: ClassVar[str] = "exceeds_remaining_quantity"
    template: ClassVar[str] = "{quantity} exceeds the remaining quantity of {maximum}."


class BelowReceivedQuantity(DomainError):
    """A purchase line cannot ask for less than has arrived of it."""

    code: ClassVar[str] = "below_received_quantity"
    template: ClassVar[str] = "{quantity} is below the received quantity of {minimum}."


class AlreadyReceived(DomainError):
    """What of a purchase line has arrived cannot be taken back by editing or deleting it."""

    code: ClassVar[str] = "already_received"
    template: ClassVar[str] = "Of line {line_no}, {quantity} has been received."


class Reserved(DomainError):
    """What is reserved stands in the way of the change (RES-12, ERR-45)."""

    code: ClassVar[str] = "reserved"
    template: ClassVar[str] = "{reserved} are reserved. Cancel the reservations first."


class DateConflictWithReservation(DomainError):
    """Supply would come after the demand that it is reserved for (RES-12)."""

    code: ClassVar[str] = "date_conflict_with_reservation"
    template: ClassVar[str] = "It is reserved for a demand on {needed_on}, before {available_on}."


class ReservationNotAllowed(DomainError):
    """The item is never reserved (RES-10)."""

    code: ClassVar[str] = "reservation_not_allowed"
    template: ClassVar[str] = "{item} is never reserved."


class ExceedsQuantity(FieldError):
    """More is named than the row holds."""

    code: ClassVar[str] = "exceeds_quantity"
    template: ClassVar[str] = "{value} is more than {quantity}."
