"""Probing: what the checks of the probers amount to, and how fast services answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckFacts:
    """What one prober knows of one service by one check, and until when."""

    prober: str
    check: str
    kind: str
    service: str
    last_result_at: datetime | None
    """When the last result that said something was known; None before the first."""
    stale_after: datetime
    """When the last result expires: after that, without a newer one, this check says nothing about the service."""
    stale: bool
    """Whether that time has come."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProberFacts:
    """One of the site's probers."""

    prober: str
    last_seen_at: datetime | None
    """When it last wrote down what it saw; None if nothing of it has come to this build."""
    blind: bool
    """Whether it was itself offline then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Responses:
    """How fast a service answered within a stretch of time."""

    start: datetime
    """When the hour or the local day begins, in UTC."""
    median_seconds: float | None
    """None where nothing answered, or nobody asked."""
    p95_seconds: float | None
    """At least 95 of 100 responses took no longer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponseFacts:
    """How fast a service answered to one check, whoever asked; up to the last full hour, so that it holds within it."""

    check: str
    kind: str
    hours: tuple[Responses, ...]
    """The last 24 whole hours, oldest first."""
    days: tuple[Responses, ...]
    """The last 30 whole local days, oldest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbingFacts:
    """What the checks of one service amount to.

    It stands apart from `ServiceFacts`, which feeds, badges and documents are made from: they must not change with
    every look at the service.
    """

    last_probed: datetime | None
    """When the latest result of all its checks was known; None before the first."""
    silent: bool
    """Whether each of its checks is stale, so that nothing is known of the service by them."""
    responses: tuple[ResponseFacts, ...]
    """Of each check that had a response within the last 30 days, in the order of status.yaml."""
