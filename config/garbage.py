"""How often a process that serves requests looks for garbage.

A request makes tens of thousands of objects and leaves hardly a circle among them, while the application itself is half
a million objects that never go. Looked through at Python's own pace, they cost a tenth of every request, and one in
twenty waits a tenth of a second for it.
"""

from __future__ import annotations

import gc

from django.urls import get_resolver

#: After so many new objects, and so many rounds of the younger ones.
_THRESHOLDS = (20_000, 10, 100)


def look_seldom() -> None:
    """Leave what is loaded out of every later look, and look less often. Once, when the application is loaded."""
    _ = get_resolver().url_patterns  # the first request would load the pages, and they stay
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_THRESHOLDS)
