"""What an incident is called, and what holds for it as a whole."""

from __future__ import annotations

from collections.abc import Mapping

from generator.facts.model import IncidentFacts
from generator.formats.words.names import order, service_names
from generator.i18n import N_, Speech, Spoken, exact
from generator.model import Kind, ServiceStatus, Site, Text

TITLE: Mapping[ServiceStatus, str] = {
    ServiceStatus.OPERATIONAL: N_("{services}: incident"),
    ServiceStatus.UNDER_MAINTENANCE: N_("{services}: maintenance"),
    ServiceStatus.DEGRADED_PERFORMANCE: N_("{services}: degraded performance"),
    ServiceStatus.PARTIAL_OUTAGE: N_("{services}: partial outage"),
    ServiceStatus.MAJOR_OUTAGE: N_("{services}: major outage"),
}


def title(speech: Speech, site: Site, facts: IncidentFacts) -> Spoken:
    """Return the written title, else one composed from the facts: "Mail Archive: major outage"."""
    incident = facts.incident
    written = speech.text(incident.title, order(site))
    if written.text:
        return written
    services = service_names(speech, site, facts.services)
    if incident.kind is Kind.INCIDENT:
        text = speech.gettext(TITLE[facts.worst], services=services) if services else speech.gettext("Incident")
    elif incident.kind is Kind.MAINTENANCE:
        named = N_("{services}: planned maintenance")
        text = speech.gettext(named, services=services) if services else speech.gettext("Planned maintenance")
    else:
        text = speech.gettext("{services}: notice", services=services) if services else speech.gettext("Notice")
    return Spoken(text=text, lang=speech.code, translated=True)


def incident_notes(speech: Speech, facts: IncidentFacts) -> list[str]:
    """Say what holds for the whole incident at `now`: withdrawn, cancelled, overdue, automatic, rough."""
    incident = facts.incident
    notes = []
    if incident.retracted and facts.retracted:
        when = speech.on(exact(incident.retracted.at))
        notes.append(speech.gettext("This was a false alarm; it was withdrawn {when}.", when=when))
    if incident.cancelled and facts.cancelled:
        when = speech.on(exact(incident.cancelled))
        notes.append(speech.gettext("This maintenance was cancelled {when}.", when=when))
    if facts.overdue and facts.next_update:
        when = speech.on(facts.next_update)
        notes.append(speech.gettext("The next update was due {when} and has not been posted yet.", when=when))
    if incident.automatic:
        notes.append(speech.gettext("This entry comes from our automatic monitoring."))
    if facts.last_reported:
        when = speech.on(exact(facts.last_reported))
        notes.append(
            speech.gettext("The incident was last reported {when}; whether it goes on is not known.", when=when)
        )
    if facts.rough:
        estimated = N_("The times are known only roughly, so the duration is an estimate.")
        roughly = N_("The times are known only roughly.")
        notes.append(speech.gettext(roughly if facts.open else estimated))
    undated = [update.at.first is None for update in facts.updates]
    if any(update.at.first is None and update.dated.first is not None for update in facts.updates):
        never, sometimes = N_("When this was posted is not on record."), N_("Not every update has its time on record.")
        notes.append(speech.gettext(never if all(undated) else sometimes))
    return notes


def affected(speech: Speech, site: Site, who: Text) -> Spoken | None:
    """Say who is affected, where not every customer is."""
    spoken = speech.text(who, order(site))
    if not spoken.text:
        return None
    text = speech.gettext("Affected: {who}", who=spoken.text)
    return Spoken(text=text, lang=speech.code, translated=spoken.translated)
