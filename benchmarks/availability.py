"""`python -m benchmarks.availability`: promise, availability and worklist over fifty thousand items."""

from __future__ import annotations

import argparse

from benchmarks import stage


def main() -> None:
    """Make a large company, measure, print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.availability", description=__doc__)
    parser.add_argument("--copies", type=int, default=100, help="how many times the catalogue of 504 items is there")
    parser.add_argument("--runs", type=int, default=100, help="timed runs of each workload")
    parser.add_argument("--statements", action="store_true", help="print the statements of one run of each")
    parser.add_argument("--profile", action="store_true", help="print where Python spends its time")
    options = parser.parse_args()
    with stage.migrated_database():
        from benchmarks import availability_workloads
        from benchmarks.measuring import Watch

        availability_workloads.run(
            copies=options.copies,
            runs=options.runs,
            watch=Watch(statements=options.statements, profile=options.profile),
        )


if __name__ == "__main__":
    main()
