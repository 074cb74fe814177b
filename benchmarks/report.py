"""The figures as a table for people, in Markdown, with the machine and its load above them."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from pathlib import Path

from django.db import connection

from benchmarks.measuring import Figures


def print_machine() -> None:
    """Say what it runs on."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version'), current_setting('synchronous_commit')")
        version, synchronous = cursor.fetchone()
    loads = " ".join(f"{load:.1f}" for load in os.getloadavg())
    print(
        f"{os.cpu_count()} processors ({_processor()}), Python {platform.python_version()}, "
        f"PostgreSQL {version}, synchronous_commit {synchronous}, load average {loads}"
    )


def print_table(rows: Sequence[Figures]) -> None:
    """Print the figures."""
    print("\n| workload | median ms | p95 ms | statements | Python CPU ms | database CPU ms | load | runs |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    for row in rows:
        database = "-" if row.database is None else f"{row.database:.1f}"
        print(
            f"| {row.name} | {row.median:.1f} | {row.p95:.1f} | {row.statements} | {row.python:.1f} | {database} "
            f"| {row.load:.1f} | {row.runs} |"
        )


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.machine()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()
