"""What assembly refuses, one class a rule."""

from __future__ import annotations

from backoffice.exceptions import DomainError, FieldError


class InvalidTransition(DomainError):
    """A document cannot go from its status to the one asked for."""

    code = "invalid_transition"
    template = "{document} is {current} and cannot become {requested}."


class DocumentReleased(DomainError):
    """The field or line can only be changed while the document is open (ERR-03)."""

    code = "document_released"
    template = "{document} is released. Reopen it to change this."


class DocumentClosed(DomainError):
    """A closed document is history."""

    code = "document_closed"
    template = "{document} is closed and cannot be changed."


class NothingToRelease(DomainError):
    """A document needs an item or resource line with a quantity to be released (EDT-20, ERR-25)."""

    code = "nothing_to_release"
    template = "There is nothing to release on {document}: no component or resource has a quantity."


class NothingToPost(DomainError):
    """Nothing is to be assembled, or nothing is used for it (PST-02, ERR-27)."""

    code = "nothing_to_post"
    template = "There is nothing to post on {document}."


class AlreadyReversed(DomainError):
    """What is undone stays undone (UND-20, ERR-34)."""

    code = "already_reversed"
    template = "{document} has been undone already."


class UndoTheShipment(DomainError):
    """What was assembled to order is undone with the shipment that it went into (UND-25)."""

    code = "undo_the_shipment"
    template = "{document} was assembled for shipment {shipment}. Undo that."


class OutputNoLongerInInventory(DomainError):
    """What was put out has been used or sold, in part at least (UND-20)."""

    code = "output_no_longer_in_inventory"
    template = "Of {quantity} {item} that {document} put out, {available} are still in inventory."


class LinesChanged(DomainError):
    """The order is not what it was when it was posted, so nothing can go back to it (UND-20, ERR-35)."""

    code = "lines_changed"
    template = "{order} has been changed since {document} was posted: {detail}"


class FieldLockedByLink(DomainError):
    """The sales line decides this field (EDT-02, ERR-02)."""

    code = "field_locked_by_link"
    template = "{field_label} of {document} follows the sales line. Change it there."


class LinkedToSalesOrder(DomainError):
    """A linked document lives and is posted with its sales line (ERR-02)."""

    code = "linked_to_sales_order"
    template = "{document} is made for {sales_document}, line {line_no}, and can only be handled there."


class NoAssemblyDocument(DomainError):
    """The sales line has no assembly document."""

    code = "no_assembly_document"
    http_status = 404
    template = "Line {line_no} of {sales_document} has no assembly document."


class ExceedsRemainingQuantity(FieldError):
    """More is asked for than remains (QTY-18, QTY-21, ERR-05, ERR-09)."""

    code = "exceeds_remaining_quantity"
    template = "{value} is more than the remaining quantity {remaining}."


class QuantityToAssembleOutOfRange(FieldError):
    """What ships must come first from assembly, within the bounds of the sales line (QTY-22, ERR-06)."""

    code = "qty_to_assemble_out_of_range"
    http_status = 409
    template = "The quantity to assemble must lie between {minimum} and {maximum} because of the quantity to ship."


class BelowAssembledQuantity(FieldError):
    """The quantity cannot fall below what has been assembled (ERR-04)."""

    code = "below_assembled_quantity"
    http_status = 409
    template = "The quantity {value} is below the assembled quantity {assembled}."


class AlreadyAssembled(DomainError):
    """Something has been assembled or consumed, which fixes the field (ERR-50)."""

    code = "already_assembled"
    template = "{quantity} have been posted already; {field_label} cannot be changed any more."


class DueDateConflict(FieldError):
    """Start, end and due date must follow each other, a component may not be late (ERR-12, ERR-13)."""

    code = "due_date_conflict"
    http_status = 409
    template = "{detail}"


class PostingDateAfterSalesOrder(FieldError):
    """A linked assembly cannot be posted after its sale (ERR-15)."""

    code = "posting_date_after_sales_order"
    http_status = 409
    template = "The posting date cannot be later than {latest}, the posting date of {sales_document}."


class ExceedsOutstanding(FieldError):
    """More would remain to be assembled to order than remains to be shipped (ERR-21, TRP-03)."""

    code = "exceeds_quantity"
    template = "{value} to assemble to order is more than the {assembled} assembled and the {outstanding} outstanding."


class Reserved(DomainError):
    """Reserved goods stand in the way (ERR-45)."""

    code = "reserved"
    template = "{reserved} are reserved. Cancel the reservation first."


class TreeTooLarge(DomainError):
    """A bill of materials has more rows, counted down to the last level, than can be looked through."""

    code = "tree_too_large"
    template = "The bill of materials of {item} has more than {limit} rows over all its levels."


class LinkInconsistent(Exception):
    """A linked pair disagrees after a synchronisation (LNK-13): a bug of ours, never the user's doing."""
