"""Verdict: sum up a site's answers in the convention of Nagios plugins.

https://nagios-plugins.org/doc/guidelines.html
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum

from generator.model import CLOCK_SKEW, ServiceStatus
from generator.polling.address import without_credentials
from generator.polling.documents import Heartbeat, Service, Status

LONGEST = 400
FALLBACK = "en"


class State(IntEnum):
    """The exit statuses of a plugin."""

    OK = 0
    WARNING = 1
    CRITICAL = 2
    UNKNOWN = 3


STATES: Mapping[ServiceStatus, State] = {
    ServiceStatus.OPERATIONAL: State.OK,
    ServiceStatus.UNDER_MAINTENANCE: State.WARNING,
    ServiceStatus.DEGRADED_PERFORMANCE: State.WARNING,
    ServiceStatus.PARTIAL_OUTAGE: State.CRITICAL,
    ServiceStatus.MAJOR_OUTAGE: State.CRITICAL,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a poll has found."""

    state: State
    words: str
    figures: Mapping[str, str] = field(default_factory=dict)
    """By label, a value with its unit."""
    remark: str = ""
    """What went wrong beside it, for whoever looks."""

    @property
    def line(self) -> str:
        """Return the one line that a plugin prints: no control character, no bar and no credentials in its words."""
        words = without_credentials(self.words)
        words = "".join(letter if letter.isprintable() and letter != "|" else " " for letter in words)
        words = " ".join(words.split())[:LONGEST]
        figures = " ".join(f"{label}={value};;;0" for label, value in self.figures.items())
        return f"LAGEBILD {self.state.name} - {words}{' | ' if figures else ''}{figures}"


def staleness(heartbeat: Heartbeat, now: datetime) -> Verdict | None:
    """Return why a site is not to be believed at `now`; None if it is."""
    built, due = (f"{at:%Y-%m-%d %H:%M %Z}" for at in (heartbeat.generated_at, heartbeat.next_update_before))
    if heartbeat.generated_at - now > CLOCK_SKEW:
        return Verdict(
            state=State.UNKNOWN, words=f"built at {built}, which is in the future: one of the clocks is wrong"
        )
    if now >= heartbeat.next_update_before:
        words = f"nothing was published since {built}, although it was due before {due}"
        return Verdict(state=State.UNKNOWN, words=words, figures={"age": _age(heartbeat, now)})
    return None


def judge(
    heartbeat: Heartbeat, status: Status, now: datetime, *, services: Sequence[str] = (), language: str | None = None
) -> Verdict:
    """Return the state of a site that is to be believed; of some of its services, if any are named."""
    chosen = {id_: status.services[id_] for id_ in services if id_ in status.services}
    for id_ in services:
        if id_ not in chosen:
            known = ", ".join(status.services)
            return Verdict(state=State.UNKNOWN, words=f'"{id_}" is not a service on this site; it has {known}')
    if language not in (None, *status.headline):
        known = ", ".join(status.headline)
        return Verdict(state=State.UNKNOWN, words=f'"{language}" is not a language on this site; it has {known}')
    spoken = language or (FALLBACK if FALLBACK in status.headline else next(iter(status.headline)))

    state = max(STATES[service.status] for service in chosen.values()) if chosen else STATES[status.status]
    words = _named(chosen, spoken) if chosen else status.headline[spoken]
    if heartbeat.faulty_files:
        words = f"{words} (something may be missing: content files with an error: {heartbeat.faulty_files})"
        state = State.UNKNOWN if state is State.OK else state
    silent = _silent(heartbeat, now, chosen or [id_ for id_, service in status.services.items() if service.own])
    if silent:
        words = f"{words} (nothing is known by these probes: {', '.join(silent)})"
        state = State.UNKNOWN if state is State.OK else state
    return Verdict(state=state, words=words, figures=_figures(heartbeat, status, now, chosen))


def _silent(heartbeat: Heartbeat, now: datetime, services: Collection[str]) -> list[str]:
    """Return the checks of some services of which no prober has a result that still holds."""
    until: dict[str, datetime] = {}
    for check in heartbeat.checks:
        if check.service in services:
            name = f"{check.service}/{check.name}"
            until[name] = max(check.stale_after, until.get(name, check.stale_after))
    return [name for name, at in until.items() if at <= now]


def _named(services: Mapping[str, Service], language: str) -> str:
    """Say the services that are not operational, or all of them if there are none such."""
    down = [found for found in services.items() if found[1].status is not ServiceStatus.OPERATIONAL]
    return ", ".join(
        service.headline.get(language) or f"{id_}: {service.status.replace('_', ' ')}"
        for id_, service in down or services.items()
    )


def _figures(heartbeat: Heartbeat, status: Status, now: datetime, chosen: Mapping[str, Service]) -> dict[str, str]:
    concerned = frozenset[str]().union(*(service.incidents for service in chosen.values()))
    unresolved, under_way = (ids & concerned if chosen else ids for ids in (status.open, status.under_way))
    return {
        "open": str(len(unresolved)),
        "maintenance": str(len(under_way)),
        "faulty": str(heartbeat.faulty_files),
        "age": _age(heartbeat, now),
    }


def _age(heartbeat: Heartbeat, now: datetime) -> str:
    return f"{max(0, int((now - heartbeat.generated_at).total_seconds()))}s"
