"""Who may change which fields of an assembly document: asked by pages and API alike."""

from __future__ import annotations

from collections.abc import Iterable

from backoffice.models import User
from backoffice.rights import Right, require_right

#: What whoever assembles may say of the next posting; everything else of a document is planning or customising.
NEXT_POSTING = frozenset({"quantity_to_assemble", "quantity_to_consume", "tracking"})


def require_field_rights(user: User, names: Iterable[str], *, otherwise: Right) -> None:
    """Raise Forbidden unless the user may change these fields: those of the next posting, or `otherwise` the rest."""
    named = set(names)
    if named & NEXT_POSTING:
        require_right(user, Right.EDIT_ASSEMBLY_QUANTITIES)
    if named - NEXT_POSTING or not named:
        require_right(user, otherwise)
