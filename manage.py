#!/usr/bin/env python3
"""Django's command line. Finds the embedded PostgreSQL that runs for this data directory by itself."""

from __future__ import annotations

import os
import sys


def main() -> None:
    """Run one command. Where no database answers, say how to start one instead of showing a traceback."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.local")
    # A command may load ten thousand rows; a request may not.
    os.environ.setdefault("KITWRIGHT_STATEMENT_TIMEOUT", "120s")

    from django.core.management import execute_from_command_line
    from django.db import OperationalError

    from config.bootstrap import data

    try:
        execute_from_command_line(sys.argv)
    except OperationalError as error:
        if not data.server_is_missing():
            raise
        sys.exit(f"{str(error).strip()}\n\n{data.HOW_TO_START}")


if __name__ == "__main__":
    main()
