"""Reading printed documents back."""

from __future__ import annotations

import io
import re
from typing import Any

from pypdf import PdfReader


def pages_of(pdf: bytes) -> list[str]:
    """Return the words of each page, blanks as single ones."""
    return [re.sub(r"\s+", " ", page.extract_text()) for page in PdfReader(io.BytesIO(pdf)).pages]


def printed(response: Any) -> str:
    """Return the words of an answered document."""
    assert response.status_code == 200, response.content.decode(errors="replace")
    assert response["Content-Type"] == "application/pdf"
    return " ".join(pages_of(response.content))
