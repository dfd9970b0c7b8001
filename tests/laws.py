"""How many examples a law is tried on, where that is not as many as the profile says."""

from __future__ import annotations

from hypothesis import settings

THOROUGH_EXAMPLES, QUICK_EXAMPLES = 100, 10
"""Per law; a tenth finds what is broken outright."""


def examples(thorough: int) -> settings:
    """Return the settings of a law that has so many examples in a thorough round, and fewer in a quick one."""
    return settings(max_examples=thorough * settings().max_examples // THOROUGH_EXAMPLES)
