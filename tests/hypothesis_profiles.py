"""How long Hypothesis looks: the suite's time, or on demand as long as it takes (`HYPOTHESIS_PROFILE=long`)."""

from __future__ import annotations

import os

import hypothesis

SUITE, LONG = "suite", "long"


def load() -> None:
    """Load the profile that the environment asks for."""
    # No deadline: a busy machine is no fault of the example that happened to run on it.
    hypothesis.settings.register_profile(SUITE, deadline=None)
    hypothesis.settings.register_profile(LONG, deadline=None, max_examples=2_000)
    hypothesis.settings.load_profile(_asked())


def is_long() -> bool:
    """Tell whether there is all the time in the world."""
    return _asked() == LONG


def _asked() -> str:
    return os.environ.get("HYPOTHESIS_PROFILE", SUITE)
