"""Tests: as local, on the throw-away server that tests/plugins/throwaway_postgres.py started."""

from __future__ import annotations

import os

os.environ.setdefault("KITWRIGHT_SECRET_KEY", "not a secret: the tests sign with it and it is thrown away after them")
os.environ.setdefault("KITWRIGHT_LOG_LEVEL", "WARNING")

from config.settings.local import *  # noqa: F403 - the defaults above must stand first

# Argon2 is slow by design; tests hash hundreds of passwords and none of them guards anything.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# The limiter has its own tests, which switch it on.
AXES_ENABLED = False

# A test may take its database away and put a fresh one in its place: keep no connection beyond a request.
DATABASES["default"]["CONN_MAX_AGE"] = 0
