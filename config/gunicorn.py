"""The web server: threads, because every view is synchronous and waits mostly for the database."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from config.settings import environment

bind = f"{environment.text('KITWRIGHT_BIND')}:{environment.number('PORT')}"
worker_class = "gthread"
workers = environment.number("KITWRIGHT_WORKERS")
threads = environment.number("KITWRIGHT_THREADS")

# Longer than a statement may run, so that a slow one is refused by the database and not by a killed worker.
timeout = 30
graceful_timeout = 30
keepalive = 5

# The worker's sign of life is a file: on a slow disk it would look dead.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None

# It would lie in somebody's home directory, and nobody here uses it.
control_socket_disable = True


def post_worker_init(worker: Any) -> None:
    """Called by gunicorn in each worker, when the application is loaded."""
    from config import garbage  # the settings are known only now

    garbage.look_seldom()


loglevel = "warning"
logconfig_dict = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "config.logs.JsonFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "gunicorn.error": {"level": "WARNING", "handlers": ["stderr"], "propagate": False},
        # Warns of every HEAD that Django answers; the body is dropped, as it should be.
        "gunicorn.http.wsgi": {"level": "ERROR"},
    },
}
