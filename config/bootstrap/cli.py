"""What the command line offers, and which lock each command needs installed."""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Sequence

from config.bootstrap import binaries, data, identity, locks, postgres, quality, server, venv

#: command -> the lock in config/requirements that it needs
LOCK_OF = {"run": "local", "db": "local", "test": "test", "check": "dev", "lock": "dev"}

#: Failures that a person can act on: the message says all, a traceback would only hide it.
EXPECTED = (venv.NotPossible, server.Refused, binaries.NoBinaries, postgres.ServerFailed)


def main(arguments: Sequence[str]) -> int:
    """Install what the command needs, continue inside `.venv`, do it; return the exit status."""
    options, rest = _parser().parse_known_args(arguments)
    if rest and options.command != "test":
        _parser().error(f"unknown: {' '.join(rest)}")
    if getattr(options, "with_parent", False):
        identity.die_with_parent(signal.SIGTERM)
    try:
        venv.install(LOCK_OF[options.command])
        venv.continue_inside(arguments)
        return _act(options, rest)
    except EXPECTED as refusal:
        print(f"\n{refusal}", file=sys.stderr)
        return 1


def _act(options: argparse.Namespace, rest: Sequence[str]) -> int:
    match options.command:
        case "run":
            return server.run()
        case "test":
            return quality.test(rest)
        case "check":
            return quality.check()
        case "lock":
            return locks.compile_all()
        case _:
            return _database(options.act)


def _database(act: str) -> int:
    """Start, stop or name the embedded server of the data directory, apart from `run`."""
    cluster = data.cluster()
    if act == "start":
        data.directory().mkdir(parents=True, exist_ok=True)
        print(data.url_of(cluster.start(outlive_us=True)))
        return 0
    running = cluster.socket_directory()
    if running is None:
        print(data.HOW_TO_START, file=sys.stderr)
        return 1
    if act == "stop":
        cluster.stop()
    else:
        print(data.url_of(running))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python3 -m config.bootstrap", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    run = commands.add_parser("run", help="serve the application with demo data on an embedded PostgreSQL")
    test = commands.add_parser("test", help="run the test suite; further arguments go to pytest")
    for command in (run, test):
        command.add_argument(
            "--with-parent",
            action="store_true",
            help="end when the calling process (make) ends, even where it was killed; Linux only",
        )
    commands.add_parser("check", help="lint, types, floors, migrations, then the suite")
    commands.add_parser("lock", help="resolve the dependencies anew and write the hash-pinned locks")
    database = commands.add_parser("db", help="the embedded PostgreSQL alone")
    database.add_argument("act", choices=["start", "stop", "url"])
    return parser
