"""Why a site could not be asked."""

from __future__ import annotations


class PollError(Exception):
    """The site cannot be reached, or answers what it should not."""
