"""Builders of sites and incidents for the tests of `generator.facts`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from generator.facts import Facts, IncidentFacts, derive
from generator.model import (
    Group,
    Incident,
    Kind,
    Language,
    Moment,
    Need,
    Precision,
    Retraction,
    Service,
    ServiceStatus,
    Site,
    Task,
    Update,
    UpdateStatus,
    Window,
)

ZONE = "Europe/Zurich"


class Make:
    """Builds what a test needs; times are written as UTC, `YYYY-MM-DD HH:MM`."""

    def at(self, written: str) -> datetime:
        """Return a time."""
        return datetime.fromisoformat(written).replace(tzinfo=UTC)

    def minute(self, when: str | datetime, *, about: bool = False) -> Moment:
        """Return a moment that is known to the minute."""
        instant = self.at(when) if isinstance(when, str) else when
        return Moment(precision=Precision.MINUTE, about=about, first=instant, last=instant)

    def day(self, written: str) -> Moment:
        """Return a local day of Europe/Zurich as a moment."""
        day = date.fromisoformat(written)
        first, last = (
            datetime.combine(each, time.min, tzinfo=ZoneInfo(ZONE)).astimezone(UTC)
            for each in (day, day + timedelta(days=1))
        )
        return Moment(precision=Precision.DAY, first=first, last=last)

    def unknown(self) -> Moment:
        """Return a moment that nobody knows."""
        return Moment(precision=Precision.UNKNOWN, first=None, last=None)

    def moment(self, when: str | datetime | Moment) -> Moment:
        """Return what is written as a moment."""
        return when if isinstance(when, Moment) else self.minute(when)

    def window(self, start: str, end: str) -> Window:
        """Return a window."""
        return Window(start=self.at(start), end=self.at(end))

    def update(
        self,
        when: str | datetime | Moment,
        status: str | None = None,
        services: Mapping[str, str] | None = None,
        *,
        effective: str | Moment | None = None,
        next_update: str | Moment | None = None,
        told: datetime | None = None,
        **more: Any,
    ) -> Update:
        """Return an update; `effective` and `told` default to its time."""
        moment = self.moment(when)
        told = told or moment.first
        assert told is not None
        return Update(
            key=f"{told:%Y-%m-%dT%H:%MZ}",
            at=moment,
            told=told,
            status=UpdateStatus(status) if status else None,
            services=statuses(services or {}),
            effective=moment if effective is None else self.moment(effective),
            next_update=None if next_update is None else self.moment(next_update),
            **more,
        )

    def incident(
        self,
        services: Mapping[str, str],
        *updates: Update,
        started: str | Moment | None = None,
        ended: str | Moment | None = None,
        id_: str = "trouble",
        kind: Kind = Kind.INCIDENT,
        **more: Any,
    ) -> Incident:
        """Return a disturbance with the given updates; it begins with the first of them."""
        return Incident(
            id=id_,
            kind=kind,
            path=f"incidents/{id_}.yaml",
            services=statuses(services),
            started=updates[0].at if started is None else self.moment(started),
            ended=None if ended is None else self.moment(ended),
            updates=updates,
            **more,
        )

    def maintenance(self, start: str, end: str, *updates: Update, **more: Any) -> Incident:
        """Return planned work on the mail service."""
        more = {"services": {"mail": "under_maintenance"}, "id_": "work"} | more
        services = more.pop("services")
        window = self.window(start, end)
        return self.incident(services, *updates, kind=Kind.MAINTENANCE, window=window, started=start, **more)

    def notice(self, *updates: Update, **more: Any) -> Incident:
        """Return an advisory on the mail service."""
        return self.incident({"mail": "operational"}, *updates, id_="advice", kind=Kind.NOTICE, **more)

    def retraction(self, written: str) -> Retraction:
        """Return the taking back of a false alarm."""
        return Retraction(at=self.at(written), reason={"en": "a false alarm"})

    def service(self, id_: str, **more: Any) -> Service:
        """Return a service."""
        return Service(id=id_, name={"en": id_}, group="all", **more)

    def site(self, *services: Service, **more: Any) -> Site:
        """Return a site in Europe/Zurich with two services of its own, an upstream one and a task."""
        services = services or (self.service("mail"), self.service("archive"), self.service("upstream", own=False))
        return Site(
            name={"en": "Example"},
            url="https://status.example.ch",
            feed_authority="status.example.ch,2026",
            languages=(Language(code="en", locale="en_GB"),),
            groups=(Group(id="all", name={"en": "All"}),),
            services=services,
            tasks=(Task(id="read", name={"en": "Read mail"}, needs=(Need(service="mail"), Need(service="upstream"))),),
            **{"time_zone": ZONE, "uptime_weights": WEIGHTS} | more,
        )

    def facts(self, now: str, *incidents: Incident, site: Site | None = None) -> Facts:
        """Derive the facts at a time."""
        return derive(site or self.site(), incidents, self.at(now))

    def story(self, now: str, incident: Incident) -> IncidentFacts:
        """Derive how one incident stands at a time."""
        return self.facts(now, incident).incident(incident.id)


def statuses(written: Mapping[str, str]) -> dict[str, ServiceStatus]:
    """Return statuses by service id."""
    return {id_: ServiceStatus(status) for id_, status in written.items()}


WEIGHTS = {
    ServiceStatus.MAJOR_OUTAGE: 100,
    ServiceStatus.PARTIAL_OUTAGE: 30,
    ServiceStatus.DEGRADED_PERFORMANCE: 0,
    ServiceStatus.UNDER_MAINTENANCE: 0,
}


@pytest.fixture(scope="session")
def make() -> Make:
    """Return the builders."""
    return Make()
