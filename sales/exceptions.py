"""What sales refuses, one class a rule."""

from __future__ import annotations

from backoffice.exceptions import DomainError, FieldError


class InvalidTransition(DomainError):
    """A document cannot go from its status to the one asked for."""

    code = "invalid_transition"
    template = "{document} is {current} and cannot become {requested}."


class DocumentReleased(DomainError):
    """The field or line can only be changed while the document is open (EDT-23)."""

    code = "document_released"
    template = "{document} is released. Reopen it to change this."


class DocumentClosed(DomainError):
    """A closed document is history."""

    code = "document_closed"
    template = "{document} is closed and cannot be changed."


class NothingToRelease(DomainError):
    """A document without a quantity cannot be released (EDT-20)."""

    code = "nothing_to_release"
    template = "There is nothing to release on {document}: no line has a quantity."


class NotReleased(DomainError):
    """Only what is released is amended; what is open is simply changed."""

    code = "not_released"
    template = "{document} is not released: change its lines directly."


class AssemblyNotAllowed(FieldError):
    """The line cannot be assembled to order at all (LNK-01)."""

    code = "assembly_not_allowed"
    template = "Only inventory items can be assembled to order; {no} cannot."


class FullQuantityRequired(FieldError):
    """On quotes and blanket orders all is assembled to order or nothing (BLK-01)."""

    code = "full_quantity_required"
    http_status = 409
    template = "The quantity to assemble to order must be 0 or the full quantity {quantity}."


class ExceedsQuantity(FieldError):
    """More is asked for than the line holds."""

    code = "exceeds_quantity"
    template = "{value} is more than the line's quantity {quantity}."


class QuantityToShipOutOfRange(FieldError):
    """The quantity to ship lies between 0 and the outstanding quantity (QTY-05)."""

    code = "qty_to_ship_out_of_range"
    template = "The quantity to ship must lie between {minimum} and {maximum}."


class BelowShippedQuantity(FieldError):
    """The quantity cannot fall below what has been shipped."""

    code = "below_shipped_quantity"
    http_status = 409
    template = "The quantity {value} is below the shipped quantity {shipped}."


class AlreadyShipped(DomainError):
    """What has been shipped cannot be deleted or turned into something else."""

    code = "already_shipped"
    template = "{shipped} of the line have been shipped; this cannot be changed any more."


class Reserved(DomainError):
    """Reserved goods stand in the way (ERR-20, ERR-45)."""

    code = "reserved"
    template = "{reserved} are reserved for the line. Cancel the reservation first."


class FieldLockedByLink(DomainError):
    """The linked assembly decides: the field cannot be changed here while it is linked (ERR-19, EDT-02)."""

    code = "field_locked_by_link"
    template = "{field_label} cannot be changed while {quantity} are assembled to order. Set that to 0 first."


class NothingToPost(DomainError):
    """No line has a quantity for the posting that is asked for (ERR-27)."""

    code = "nothing_to_post"
    template = "There is nothing to post on {document}."


class ShipmentIncomplete(DomainError):
    """The customer wants everything in one shipment (shipping advice complete)."""

    code = "shipment_incomplete"
    template = "{document} must be shipped complete: {required} are outstanding, {quantity} are to be shipped."


class NothingToUndo(DomainError):
    """The shipment has no line with a quantity (UND-01)."""

    code = "nothing_to_post"
    template = "There is nothing to undo on {document}."


class AlreadyReversed(DomainError):
    """What is undone stays undone (UND-01, ERR-34)."""

    code = "already_reversed"
    template = "Line {line_no} of {document} has been undone already."


class AlreadyInvoiced(DomainError):
    """What has been invoiced cannot be undone (UND-01)."""

    code = "already_invoiced"
    template = "{quantity} of line {line_no} of {document} have been invoiced already."


class NothingToCreate(DomainError):
    """No line has a quantity to make an order of (BLK-12)."""

    code = "nothing_to_create"
    template = "There is nothing to make an order of on {document}."


class ExceedsBlanketQuantity(DomainError):
    """More is called off or shipped than is agreed and not taken yet (BLK-14, BLK-20)."""

    code = "exceeds_blanket_quantity"
    template = "{value} is more than the {maximum} that are left of the agreement."
