"""Updates: say what an update tells by its facts, beside or instead of written words."""

from __future__ import annotations

import re
from collections.abc import Mapping

from generator.facts import IncidentFacts, WindowChange, last_window, severity, window_change
from generator.formats.words.automatic import automatic_sentences
from generator.formats.words.names import action_sentence, mail_sentence, order, service_names
from generator.i18n import N_, Forms, Speech, exact
from generator.model import Cause, Kind, Moment, Precision, ServiceStatus, Site, Text, Update, UpdateStatus

Standing = Mapping[str, tuple[ServiceStatus, Moment]]
"""The status of each service an incident touches, and since when it has it."""

STATE_SINCE: Mapping[ServiceStatus, str] = {
    ServiceStatus.OPERATIONAL: N_("{services}: operational again {since}."),
    ServiceStatus.UNDER_MAINTENANCE: N_("{services}: under maintenance {since}."),
    ServiceStatus.DEGRADED_PERFORMANCE: N_("{services}: degraded performance {since}."),
    ServiceStatus.PARTIAL_OUTAGE: N_("{services}: partial outage {since}."),
    ServiceStatus.MAJOR_OUTAGE: N_("{services}: major outage {since}."),
}
STATE: Mapping[ServiceStatus, str] = {
    ServiceStatus.OPERATIONAL: N_("{services}: operational again."),
    ServiceStatus.UNDER_MAINTENANCE: N_("{services}: under maintenance."),
    ServiceStatus.DEGRADED_PERFORMANCE: N_("{services}: degraded performance."),
    ServiceStatus.PARTIAL_OUTAGE: N_("{services}: partial outage."),
    ServiceStatus.MAJOR_OUTAGE: N_("{services}: major outage."),
}
PROGRESS: Mapping[UpdateStatus, str] = {
    UpdateStatus.INVESTIGATING: N_("We are looking for the cause."),
    UpdateStatus.IDENTIFIED: N_("The cause has been found; we are working on a fix."),
    UpdateStatus.MONITORING: N_("A fix is in place; we are watching to see whether everything stays stable."),
    UpdateStatus.IN_PROGRESS: N_("The maintenance is under way."),
    UpdateStatus.VERIFYING: N_("The maintenance is done; we are checking the result."),
    UpdateStatus.COMPLETED: N_("The maintenance is complete."),
}
PROGRESS_ELSEWHERE: Mapping[UpdateStatus, str] = {
    UpdateStatus.IDENTIFIED: N_("The fault lies with another provider; we are following the situation."),
    UpdateStatus.MONITORING: N_(
        "The fault lies with another provider; we are watching to see whether everything stays stable."
    ),
}
"""The same where somebody else must find the fix."""
NEXT_UPDATE: Forms = {
    (Precision.MINUTE, False): N_("Next update by {time} on {date}."),
    (Precision.MINUTE, True): N_("Next update at about {time} on {date}."),
    (Precision.DAY, False): N_("Next update on {date}."),
    (Precision.DAY, True): N_("Next update on or about {date}."),
    (Precision.MORNING, False): N_("Next update on the morning of {date}."),
    (Precision.AFTERNOON, False): N_("Next update on the afternoon of {date}."),
    (Precision.EVENING, False): N_("Next update on the evening of {date}."),
    (Precision.NIGHT, False): N_("Next update during the night of {eve}–{next_date}."),
    (Precision.UNKNOWN, False): N_("The time of the next update has not been set yet."),
}
PLACEHOLDER = re.compile(r"\{(\w+)\}")


def update_lead(
    speech: Speech, site: Site, facts: IncidentFacts, update: Update, phrases: Mapping[str, Text]
) -> list[str]:
    """Compose what stands before an update's written text, a sentence an entry.

    Without written words that is what the facts say: state, since when, how far it has come. Everything it says
    stays true as the clock goes on. `phrases` are the reviewed sentences by id; one that is missing there is left out.
    """
    if update.sightings:
        return automatic_sentences(speech, site, update)
    sentences = [] if update.text or update.phrases else _composed(speech, site, facts, update)
    sentences += _new_window(speech, facts, update)
    for phrase in update.phrases:
        if phrase.id in phrases:
            sentences.append(_filled(speech.text(phrases[phrase.id], order(site)).text, phrase.params))
    return sentences


def update_facts(speech: Speech, update: Update) -> list[str]:
    """Say what an update tells of mail, of what to do, and of the next word; stands after the written text."""
    sentences = []
    if update.mail:
        sentences.append(mail_sentence(speech, update.mail))
    if update.action:
        sentences.append(action_sentence(speech, update.action))
    if update.next_update:
        sentences.append(speech.fill(NEXT_UPDATE, update.next_update))
    return sentences


def update_notes(speech: Speech, facts: IncidentFacts, update: Update) -> list[str]:
    """Say what is to be known of the update itself: that it came late, that it was corrected."""
    notes = []
    if facts.told_late and update.key == facts.updates[0].key:
        notes.append(_late(speech, facts.started, update))
    if update.corrected:
        when = speech.on(exact(update.corrected))
        notes.append(speech.gettext("We corrected this update {when}.", when=when))
    return notes


def _late(speech: Speech, started: Moment, update: Update) -> str:
    """Say how long after the beginning the first word came; where that is not known to the minute, the beginning."""
    if started.first is None or started.rough or update.at.first is None or update.at.rough:
        return speech.gettext("Reported late: the incident began {began}.", began=speech.on(started))
    delay = speech.duration(int((update.at.first - started.first).total_seconds()), long=True)
    return speech.gettext("We first reported this {delay} after it began.", delay=delay)


def _composed(speech: Speech, site: Site, facts: IncidentFacts, update: Update) -> list[str]:
    if facts.incident.kind is Kind.NOTICE:
        if not facts.services:
            return [] if facts.who else [speech.gettext("This notice concerns all customers.")]
        services = service_names(speech, site, facts.services)
        return [speech.gettext("This notice concerns {services}.", services=services)]
    if facts.incident.kind is Kind.MAINTENANCE:
        return _maintenance_sentences(speech, site, facts, update)
    if update.status is UpdateStatus.RESOLVED:
        return [_resolved(speech, facts.incident.ended or update.effective, update)]
    return _state_sentences(speech, site, facts, update) + _progress(speech, site, facts, update)


def _progress(speech: Speech, site: Site, facts: IncidentFacts, update: Update) -> list[str]:
    if update.status is None:
        return []
    others = {service.id for service in site.services if not service.own}
    cause = facts.incident.cause
    elsewhere = cause is Cause.UPSTREAM or (
        cause is not Cause.INTERNAL and facts.services and others >= {*facts.services}
    )
    said = {**PROGRESS, **PROGRESS_ELSEWHERE} if elsewhere else PROGRESS
    return [speech.gettext(said[update.status])]


def _resolved(speech: Speech, ended: Moment, update: Update) -> str:
    """Say that it is over; and when, where that is not when it was told."""
    if ended == update.at:
        return speech.gettext("The incident is resolved.")
    if ended.first is None:
        return speech.gettext("The incident is resolved; when it ended was not recorded.")
    return speech.gettext("The incident was resolved {when}.", when=speech.on(ended))


def _new_window(speech: Speech, facts: IncidentFacts, update: Update) -> list[str]:
    change, window = window_change(facts.incident, facts.updates, update), update.window
    if change is None or window is None:
        return []
    if change is WindowChange.MOVED:
        return [speech.gettext("New time: {window}.", window=speech.window(window))]
    time, date = speech.time(window.end), speech.local_date(window.end)
    if date == speech.local_date(window.start):
        return [speech.gettext("The maintenance has been extended until {time}.", time=time)]
    longer = N_("The maintenance has been extended until {time} on {date}.")
    return [speech.gettext(longer, time=time, date=speech.date(date))]


def _maintenance_sentences(speech: Speech, site: Site, facts: IncidentFacts, update: Update) -> list[str]:
    services = service_names(speech, site, facts.services)
    first = [speech.gettext("Planned maintenance: {services}.", services=services)] if services else []
    change = window_change(facts.incident, facts.updates, update)
    if update.status is UpdateStatus.IN_PROGRESS and change is WindowChange.EXTENDED:
        return []  # what takes longer is under way
    if update.status is not None and update.status is not UpdateStatus.SCHEDULED:
        return [speech.gettext(PROGRESS[update.status])]
    if change:
        return []
    window = last_window(facts.incident, _told_until(facts, update))
    return first + ([speech.gettext("Scheduled: {window}.", window=speech.window(window))] if window else [])


def _state_sentences(speech: Speech, site: Site, facts: IncidentFacts, update: Update) -> list[str]:
    groups: dict[tuple[ServiceStatus, Moment], list[str]] = {}
    for service, state in _standing(facts, update).items():
        if state[0] is not ServiceStatus.OPERATIONAL or service in update.services:
            groups.setdefault(state, []).append(service)
    sentences = []
    for status, since in sorted(groups, key=lambda state: severity(state[0]), reverse=True):
        services = service_names(speech, site, groups[status, since])
        if since.first is None:
            sentences.append(speech.gettext(STATE[status], services=services))
        else:
            sentences.append(speech.gettext(STATE_SINCE[status], services=services, since=speech.since(since)))
    return sentences


def _standing(facts: IncidentFacts, update: Update) -> Standing:
    standing = {service: (status, facts.started) for service, status in facts.incident.services.items()}
    for told in _told_until(facts, update):
        for service, status in told.services.items():
            if service not in standing or standing[service][0] is not status:
                standing[service] = (status, told.effective)
    return standing


def _told_until(facts: IncidentFacts, update: Update) -> tuple[Update, ...]:
    keys = [told.key for told in facts.updates]
    return facts.updates[: keys.index(update.key) + 1]


def _filled(sentence: str, params: Mapping[str, str]) -> str:
    return PLACEHOLDER.sub(lambda match: params.get(match[1], match[0]), sentence)
