"""Assembly documents with their lines, and the link to the sales line that they are made for."""

from assembly.models.documents import (
    AssemblyDocument,
    AssemblyDocumentType,
    AssemblyLine,
    AssemblyLineType,
    AssemblyStatus,
)
from assembly.models.links import AssembleToOrderLink

__all__ = [
    "AssembleToOrderLink",
    "AssemblyDocument",
    "AssemblyDocumentType",
    "AssemblyLine",
    "AssemblyLineType",
    "AssemblyStatus",
]
