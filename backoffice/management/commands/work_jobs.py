"""`manage.py work_jobs`: do the background jobs."""

from __future__ import annotations

import signal
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from backoffice.worker import POLL_SECONDS, Worker


class Command(BaseCommand):
    """Work until asked to end (SIGTERM, SIGINT): the part in hand is finished and the job handed back."""

    help = "Do the background jobs. Ends in order on SIGTERM; any number of workers may run."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments."""
        parser.add_argument("--once", action="store_true", help="end when no job waits")
        parser.add_argument("--poll", type=int, default=None, help="seconds between two looks at an empty queue")

    def handle(self, *, once: bool, poll: int | None, **_: Any) -> None:
        """Work."""
        worker = Worker()

        def stop(number: int, frame: FrameType | None) -> None:
            worker.stop()

        for each in (signal.SIGTERM, signal.SIGINT):
            signal.signal(each, stop)
        if once:
            worker.work_off()
        else:
            worker.run(poll_seconds=POLL_SECONDS if poll is None else poll)
