"""Draft: hold what a build made of the tree."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from pathlib import Path

from generator.problems import Problem

NEVER = datetime.max.replace(tzinfo=UTC)
RENEW_AFTER = timedelta(minutes=1)
"""How often the time of building is filled in anew, lest pages warn that they are stale."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A site to look at, what is wrong with it, and how long it holds."""

    problems: tuple[Problem, ...] = ()
    site: Path | None
    """The folder; None where there is no site, but only problems to show."""
    signature: str = ""
    """Names what was built."""
    failure: str = ""
    """Why the build broke off; what an earlier one made is still there."""
    until: datetime = NEVER
    """When time alone makes it another site."""
    renew: Callable[[datetime], bool] = lambda _: True
    """Fills in a later time of building; False if it takes a build."""
    renew_after: timedelta = RENEW_AFTER

    @property
    def version(self) -> str:
        """Return another word whenever a page may look otherwise."""
        seen = repr((self.signature, self.problems, self.failure))
        return blake2b(seen.encode(), digest_size=8).hexdigest()
