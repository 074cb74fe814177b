"""One machine: an embedded PostgreSQL and a generated secret stand in for what is not given.

What `make run` and `manage.py` use. Debugging is off here too, so that what is seen is what is deployed.
"""

from __future__ import annotations

import os

from config.bootstrap import data

if not os.environ.get("KITWRIGHT_SECRET_KEY"):
    os.environ["KITWRIGHT_SECRET_KEY"] = data.secret_key()
if not os.environ.get("DATABASE_URL"):
    os.environ["DATABASE_URL"] = data.database_url()

from config.settings.base import *  # noqa: F403 - the two defaults above must stand first

# Files are served from where they lie: no collectstatic step between a fresh clone and the first page.
WHITENOISE_USE_FINDERS = True
STATIC_ROOT = None
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
