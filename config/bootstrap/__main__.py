"""The command line: `python3 -m config.bootstrap run|test|check|lock|db`. The Makefile calls it."""

from __future__ import annotations

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - this file must also run, and answer, under an older Python
    sys.exit(
        "Kitwright needs Python 3.11 or newer; this is {}.{}.\n"
        "If another is installed, name it: make run PYTHON=python3.12".format(*sys.version_info[:2])
    )

from config.bootstrap import cli

sys.exit(cli.main(sys.argv[1:]))
