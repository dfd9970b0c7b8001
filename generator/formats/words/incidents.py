"""Incidents: name an incident, and say what holds for it as a whole."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from generator.facts import IncidentFacts, severity
from generator.formats.words.names import apart, labelled, order, service_names
from generator.i18n import N_, Speech, Spoken, exact
from generator.model import Kind, ServiceStatus, Site, Text

NAMED_AT_MOST = 3
"""More services than these do not fit into a title."""
TITLE: Mapping[ServiceStatus, str] = {
    ServiceStatus.OPERATIONAL: N_("{services}: incident"),
    ServiceStatus.UNDER_MAINTENANCE: N_("{services}: maintenance"),
    ServiceStatus.DEGRADED_PERFORMANCE: N_("{services}: degraded performance"),
    ServiceStatus.PARTIAL_OUTAGE: N_("{services}: partial outage"),
    ServiceStatus.MAJOR_OUTAGE: N_("{services}: major outage"),
}

MISTAKE: Mapping[Kind, str] = {
    Kind.INCIDENT: N_("False alarm"),
    Kind.MAINTENANCE: N_("Announced by mistake"),
    Kind.NOTICE: N_("Published by mistake"),
}
"""What an entry was that has been taken back."""
MISTAKEN: Mapping[Kind, str] = {
    Kind.INCIDENT: N_("This was a false alarm."),
    Kind.MAINTENANCE: N_("This maintenance was announced by mistake."),
    Kind.NOTICE: N_("This notice was published by mistake."),
}
WITHDRAWN: Mapping[Kind, str] = {
    Kind.INCIDENT: N_("This was a false alarm; it was withdrawn {when}."),
    Kind.MAINTENANCE: N_("This maintenance was announced by mistake; the announcement was withdrawn {when}."),
    Kind.NOTICE: N_("This notice was published by mistake; it was withdrawn {when}."),
}

NOT_CONFIRMED = N_("The incident was last confirmed {when}; we do not know whether it is still going on.")


def title(speech: Speech, site: Site, facts: IncidentFacts) -> Spoken:
    """Return the written title, else one composed from the facts: "Mail Archive: major outage"."""
    composed = _of_incident if facts.incident.kind is Kind.INCIDENT else _of_another
    return _written(speech, site, facts) or _spoken(speech, composed(speech, site, facts))


def subject(speech: Speech, site: Site, facts: IncidentFacts) -> Spoken:
    """Return the written title, else the services in no state, for where all of them work again: "Mail Archive"."""
    names = service_names(speech, site, facts.services)
    return _written(speech, site, facts) or (_spoken(speech, names) if names else title(speech, site, facts))


def _written(speech: Speech, site: Site, facts: IncidentFacts) -> Spoken | None:
    """Return the written title, if it was written for all the services that are affected."""
    incident = facts.incident
    written = speech.text(incident.title, order(site))
    return written if written.text and (incident.titled is None or incident.titled >= {*facts.services}) else None


def _spoken(speech: Speech, text: str) -> Spoken:
    return Spoken(text=text, lang=speech.code, translated=True)


def names_state(speech: Speech, title: str, status: ServiceStatus) -> bool:
    """Return whether a title says that services are in a state, as a composed one does."""
    return re.search(re.escape(speech.gettext(TITLE[status], services="")) + r"(?!\w)", title) is not None


def _of_incident(speech: Speech, site: Site, facts: IncidentFacts) -> str:
    """Say what is bad now, else how bad each service was: none is said to be worse than it ever was.

    While all work again and that is being watched, the services are in no state.
    """
    if facts.works_since:
        several = len(facts.services) > NAMED_AT_MOST
        return speech.gettext("Several services") if several else service_names(speech, site, facts.services)
    now = facts.statuses if facts.open else {}
    bad = {id_: now[id_] for id_ in facts.services if id_ in now} or facts.worst_each
    if not bad:
        return speech.gettext("Incident")
    if len(bad) > NAMED_AT_MOST:
        return speech.gettext("Several services disrupted")
    alike: dict[ServiceStatus, list[str]] = {}
    for id_, status in bad.items():
        alike.setdefault(status, []).append(id_)
    parts = [
        speech.gettext(TITLE[status], services=service_names(speech, site, alike[status]))
        for status in sorted(alike, key=severity, reverse=True)
    ]
    return apart(speech, parts)


def _of_another(speech: Speech, site: Site, facts: IncidentFacts) -> str:
    services = service_names(speech, site, facts.services)
    if facts.incident.kind is Kind.NOTICE:
        return speech.gettext("{services}: notice", services=services) if services else speech.gettext("Notice")
    if len(facts.services) > NAMED_AT_MOST:
        return speech.gettext("Planned maintenance of several services")
    named = N_("{services}: planned maintenance")
    return speech.gettext(named, services=services) if services else speech.gettext("Planned maintenance")


def took_place(speech: Speech, facts: IncidentFacts, *, today: date | None = None) -> str:
    """Say from when to when it was, or since when it goes on; of maintenance that is not over, when it is planned."""
    if facts.window is not None and not kept_other_hours(facts):
        return speech.window(facts.window, today=today)
    return speech.span(facts.started, facts.until, today=today)


def kept_other_hours(facts: IncidentFacts) -> bool:
    """Return whether a maintenance is over, and did not begin or end as it was planned."""
    started, ended, window = facts.started.first, facts.ended.last if facts.ended else None, facts.window
    if window is None or started is None or ended is None or facts.open or facts.upcoming or facts.retracted:
        return False
    return facts.began and started < ended and (started, ended) != (window.start, window.end)


def incident_notes(speech: Speech, facts: IncidentFacts) -> list[str]:
    """Say what holds for the whole incident at `now`: withdrawn, cancelled, unconfirmed."""
    incident = facts.incident
    notes = []
    if incident.retracted and facts.retracted:
        when = speech.on(exact(incident.retracted.at))
        notes.append(speech.gettext(WITHDRAWN[incident.kind], when=when))
    if incident.cancelled and facts.cancelled:
        when = speech.on(exact(incident.cancelled))
        notes.append(speech.gettext("This maintenance was cancelled {when}.", when=when))
    if facts.last_reported:
        when = speech.on(exact(facts.last_reported))
        notes.append(speech.gettext(NOT_CONFIRMED, when=when))
    undated = [update.at.first is None for update in facts.updates]
    if any(update.at.first is None and update.dated.first is not None for update in facts.updates):
        never, sometimes = N_("Posting times were not recorded."), N_("Some posting times were not recorded.")
        notes.append(speech.gettext(never if all(undated) else sometimes))
    return notes


def affected(speech: Speech, site: Site, who: Text) -> str:
    """Say in a plain text who is affected; empty where every customer is."""
    spoken = speech.text(who, order(site))
    return speech.gettext("Affected: {who}", who=labelled(speech, spoken)) if spoken.text else ""
