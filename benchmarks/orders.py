"""`python -m benchmarks.orders`: entering, changing and shipping orders, and the worklist."""

from __future__ import annotations

import argparse

from benchmarks import stage


def main() -> None:
    """Make a company with open orders, measure, print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.orders", description=__doc__)
    parser.add_argument("--orders", type=int, default=2000, help="open orders of 10 lines before the first measurement")
    parser.add_argument("--runs", type=int, default=60, help="timed runs of each workload")
    parser.add_argument("--only", nargs="*", default=[], help="workloads to measure: W1, W2, W3, W4, clients")
    parser.add_argument("--statements", action="store_true", help="print the statements of one run of each")
    parser.add_argument("--profile", action="store_true", help="print where Python spends its time")
    options = parser.parse_args()
    with stage.migrated_database():
        from benchmarks import order_workloads
        from benchmarks.measuring import Watch

        order_workloads.run(
            orders=options.orders,
            runs=options.runs,
            only=options.only,
            watch=Watch(statements=options.statements, profile=options.profile),
        )


if __name__ == "__main__":
    main()
