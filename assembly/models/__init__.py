"""Assembly documents with their lines, and the link to the sales line that they are made for."""

from assembly.models.documents import (
    AssemblyDocument,
    AssemblyDocumentType,
    AssemblyLine,
    AssemblyLineType,
    AssemblyStatus,
)
from assembly.models.links import AssembleToOrderLink
from assembly.models.posted import PostedAssembleToOrderLink, PostedAssembly, PostedAssemblyLine

__all__ = [
    "AssembleToOrderLink",
    "AssemblyDocument",
    "AssemblyDocumentType",
    "AssemblyLine",
    "AssemblyLineType",
    "AssemblyStatus",
    "PostedAssembleToOrderLink",
    "PostedAssembly",
    "PostedAssemblyLine",
]
