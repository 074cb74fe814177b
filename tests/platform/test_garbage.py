"""A web process leaves out of the search for garbage what it has loaded. Tried in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CODE = """
import django, gc, json
django.setup()
before = gc.get_freeze_count(), gc.get_threshold()[0]
from config import gunicorn
gunicorn.post_worker_init(None)
print(json.dumps([before, [gc.get_freeze_count(), gc.get_threshold()[0]]]))
"""


def test_what_is_loaded_is_never_looked_through_again() -> None:
    done = subprocess.run([sys.executable, "-c", CODE], cwd=ROOT, capture_output=True, text=True, check=True)

    (loose, often), (frozen, seldom) = json.loads(done.stdout)
    assert loose < 10_000 < frozen
    assert often < seldom
