"""Whether it means anything that Alertmanager does not know an alert: only while its source is known to be awake.

A rule that always fires, the watchdog, tells that Prometheus evaluates its rules and reaches Alertmanager. But alerts
come and go one by one: a Prometheus that has frozen lets them run out at different times, and one that goes on, or was
restarted, or whose Alertmanager was, confirms them at different times
(https://github.com/prometheus/prometheus/issues/10457). So the watchdog must be fresh, and must have been for a while.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from probes.kind import Notes
from probes.memory.stretches import forget, unbroken_since
from probes.monitoring.alerts import Alert

__all__ = ["asleep", "awake_since"]

FRESH = timedelta(seconds=150)
"""Prometheus confirms an alert every one or two minutes, and it runs out four minutes after. So when a frozen one loses
its first alert its watchdog is two minutes old at least, and what is left of this is less than it takes to close."""
SKEW = timedelta(seconds=30)
"""By which the clocks may differ."""


def asleep(alerts: Iterable[Alert], watchdog: str, now: datetime) -> str:
    """Return why nothing can be said by the absence of an alert, empty if something can.

    A watchdog that is silenced or inhibited does as well.
    """
    heard = [alert.updated_at for alert in alerts if alert.name == watchdog and alert.updated_at is not None]
    if not heard:
        return f"the alert {watchdog} does not fire: Prometheus, or the way from there, may be down"
    age = now - max(heard)
    if age < -SKEW:
        return f"the clock of Alertmanager is {-age.total_seconds():.0f} s ahead"
    if age > FRESH:
        return f"the alert {watchdog} was last heard of {age.total_seconds():.0f} s ago: Prometheus may have frozen"
    return ""


def awake_since(notes: Notes, check: str, now: datetime, *, within: timedelta, sleeping: bool) -> datetime:
    """Note what a look has found; return since when every look has found the source awake, `now` if this is the first.

    Two looks further apart than `within` do not follow each other.
    """
    name = f"awake/{check}"
    if sleeping:
        forget(notes, name)
        return now
    return unbroken_since(notes, name, now, within=within)
