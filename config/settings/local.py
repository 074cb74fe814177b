"""One machine: the embedded PostgreSQL and a generated secret stand in for what the environment does not give.

What `make run` and `manage.py` use. Debugging is off here too, so that what is seen is what is deployed.
"""

from __future__ import annotations

import os

from config.bootstrap import data

os.environ.setdefault("KITWRIGHT_SECRET_KEY", data.secret_key())
os.environ.setdefault("DATABASE_URL", data.database_url())

from config.settings.base import *  # noqa: E402, F403 - the two defaults above must stand first

# Files are served from where they lie: no collectstatic step between a fresh clone and the first page.
WHITENOISE_USE_FINDERS = True
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
