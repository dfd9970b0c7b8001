"""The overview: am I affected, what is happening, what is planned, how was it lately."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from functools import partial

from generator.facts import Facts, Figure, ProbingFacts, ServiceFacts
from generator.formats import words
from generator.formats.edition import Edition
from generator.formats.html import lines
from generator.formats.html.cards import card
from generator.formats.html.drawings import day_bars
from generator.formats.html.frame.here import unknown
from generator.formats.html.lines import Link, line, subject_link, title_link
from generator.formats.html.links import contact_links
from generator.formats.html.page import Page, View
from generator.i18n import N_, Speech, exact
from generator.model import Kind, ServiceStatus
from generator.time_slots import instant

LATELY = timedelta(days=14)
TODAY: Mapping[ServiceStatus, str] = {
    ServiceStatus.DEGRADED_PERFORMANCE: N_("today: degraded"),
    ServiceStatus.PARTIAL_OUTAGE: N_("today: partly down"),
    ServiceStatus.MAJOR_OUTAGE: N_("today: down"),
    ServiceStatus.UNDER_MAINTENANCE: N_("today: under maintenance"),
}
EARLIER_TODAY: Mapping[ServiceStatus | None, str] = {
    ServiceStatus.DEGRADED_PERFORMANCE: N_("earlier today: degraded"),
    ServiceStatus.PARTIAL_OUTAGE: N_("earlier today: partly down"),
    ServiceStatus.MAJOR_OUTAGE: N_("earlier today: down"),
    ServiceStatus.UNDER_MAINTENANCE: N_("earlier today: under maintenance"),
}
TODAY_SINCE: Mapping[ServiceStatus, str] = {
    ServiceStatus.DEGRADED_PERFORMANCE: N_("today: degraded since {time}"),
    ServiceStatus.PARTIAL_OUTAGE: N_("today: partly down since {time}"),
    ServiceStatus.MAJOR_OUTAGE: N_("today: down since {time}"),
    ServiceStatus.UNDER_MAINTENANCE: N_("today: under maintenance since {time}"),
}

PARTICULAR_AT_MOST = 3
"""Of so many incidents the page says the particulars under the answer; the cards below have all."""


def pages(edition: Edition) -> Iterator[Page]:
    """Yield the page that answers "am I affected"."""
    yield Page(
        address=edition.addresses.overview,
        view=partial(_view, edition),
        parts=(*edition.state, _probed(edition.facts), *_silent(edition.facts)),
        fallback="",
        stamped=True,
        status=edition.facts.answer.status,
        telling=True,
    )


def _view(edition: Edition, lang: str) -> View:
    facts, speech = edition.facts, edition.speeches[lang]
    over = next((f for f in facts.incidents if f.incident.kind is Kind.INCIDENT and not f.open), None)
    return {
        "state": facts.answer.status,
        "headline": words.headline(speech, facts),
        "unknown": unknown(speech, facts.today),
        "answer": words.answer(speech, facts),
        "particulars": _particulars(edition, lang),
        "watched": [subject_link(edition, lang, facts.incident(id_)) for id_ in facts.answer.watched],
        "resolved": [] if facts.answer.incidents else list(_resolved(edition, lang)),
        "probed": _last_probed(speech, facts),
        "silence": words.silence(speech, _probed(facts)),
        "tasks": () if facts.answer.unplaced else facts.tasks,
        "open": [card(edition, lang, f) for f in facts.open],
        "under_way": [card(edition, lang, f) for f in facts.under_way],
        "notices": [card(edition, lang, f) for f in facts.notices],
        "planned": [card(edition, lang, f) for f in (*facts.upcoming, *facts.called_off)],
        "groups": _groups(edition, lang),
        "lately": _lately(speech, facts),
        "recent": [line(edition, lang, f) for f in facts.recent],
        "latest": line(edition, lang, over) if over else None,
        "history": edition.addresses.history(lang, facts.today.year),
        "subscribe": edition.addresses.subscribe(lang),
        "contacts": contact_links(edition, lang),
    }


def _particulars(edition: Edition, lang: str) -> list[View]:
    """Return what a customer asks next of what is behind the answer; each under its title where there are several."""
    facts, speech = edition.facts, edition.speeches[lang]
    ids = (*facts.answer.incidents, *facts.answer.unplaced)
    behind = [facts.incident(id_) for id_ in ids[:PARTICULAR_AT_MOST]]
    particulars: list[View] = [
        {
            "link": title_link(edition, lang, found) if len(ids) > 1 else None,
            "whom": words.whom(speech, found) if len(ids) > 1 else "",
            "sentences": words.particulars(speech, facts, found),
        }
        for found in behind
    ]
    return [item for item in particulars if item["link"] or item["sentences"]]


def _resolved(edition: Edition, lang: str) -> Iterator[tuple[Link, str]]:
    """Yield what was over today, and from when to when it lasted."""
    facts, speech = edition.facts, edition.speeches[lang]
    for id_ in facts.answer.resolved_today:
        found = facts.incident(id_)
        yield subject_link(edition, lang, found), speech.span(found.started, found.ended, today=facts.today)


def _probed(facts: Facts) -> ProbingFacts | None:
    """Return what the checks of all services together amount to; None where nobody probes."""
    found = facts.probing.values()
    if not found:
        return None
    latest = max((probing.last_probed for probing in found if probing.last_probed), default=None)
    return ProbingFacts(last_probed=latest, silent=all(probing.silent for probing in found), responses=())


def _silent(facts: Facts) -> Iterator[tuple[str, datetime | None]]:
    """Yield the services that say for themselves that nothing new is known of them, and since when."""
    together = _probed(facts)
    if together is None or together.silent:  # said once for all of them
        return
    for id_, probing in facts.probing.items():
        if probing.silent:
            yield id_, probing.last_probed


def _last_probed(speech: Speech, facts: Facts) -> View | None:
    """Return when the probers last had a result; None where none came, or none comes any more."""
    together = _probed(facts)
    if together is None or together.silent or together.last_probed is None:
        return None
    at = together.last_probed
    said = speech.time(at) if speech.local_date(at) == facts.today else speech.datetime(at)
    return {"iso": instant(at), "said": said}


def _groups(edition: Edition, lang: str) -> list[View]:
    speech = edition.speeches[lang]
    return [
        {
            "id": group.id,
            "name": speech.text(group.name, edition.languages),
            "rows": [row(edition, lang, s) for s in edition.facts.services if s.service.group == group.id],
        }
        for group in edition.site.groups
    ]


def row(edition: Edition, lang: str, facts: ServiceFacts) -> View:
    """Return a service as a row of the overview."""
    speech = edition.speeches[lang]
    id_ = facts.service.id
    silent = id_ in dict(_silent(edition.facts))
    return {
        "path": edition.addresses.service(lang, id_),
        "name": speech.text(facts.service.name, edition.languages),
        "status": facts.status,
        "state": words.service_state(speech, facts),
        "bars": day_bars.day_bars(speech, facts),
        "days": lines.days(edition, lang, facts),
        "sound": facts.status is ServiceStatus.OPERATIONAL and not silent and not day_bars.disturbed(facts),
        "figures": " · ".join(
            [*_today(edition, speech, facts), *_evidence(speech, next(f for f in facts.figures if f.days == 90))]
        ),
        "silence": words.silence(speech, edition.facts.probing[id_]) if silent else "",
    }


def _lately(speech: Speech, facts: Facts) -> str:
    """Name the days that what is over is listed of: no more of them than are on record."""
    since = facts.site.record_since
    if since is None or since <= facts.today - LATELY:
        return speech.gettext("The last 14 days")
    return speech.gettext("Since {date}", date=speech.date(min(since, facts.today)))


def _today(edition: Edition, speech: Speech, facts: ServiceFacts) -> Iterator[str]:
    """Yield how it stands today, which no figure covers yet: what is wrong now and since when, or what was."""
    worst = facts.days[-1].worst
    if facts.status is ServiceStatus.OPERATIONAL:
        if worst in EARLIER_TODAY:
            yield speech.gettext(EARLIER_TODAY[worst])
        return
    if facts.last_reported:
        said = speech.moment(exact(facts.last_reported), today=edition.facts.today)
        yield speech.gettext("last confirmed: {time}", time=said)
        return
    spans = [span for id_ in facts.incidents for span in edition.facts.incident(id_).spans]
    begun = [s for s in spans if s.service == facts.service.id and s.end is None and s.status is facts.status]
    first = min(begun, key=lambda span: span.start, default=None)
    if first is None or first.rough or speech.local_date(first.start) != edition.facts.today:
        yield speech.gettext(TODAY[facts.status])
    else:
        yield speech.gettext(TODAY_SINCE[facts.status], time=speech.time(first.start))


def _evidence(speech: Speech, figure: Figure) -> Iterator[str]:
    """Yield an uptime with what lies behind it: a percentage never stands alone over hours of delay."""
    if figure.uptime_ppm is None:
        yield speech.gettext("90 days: no data yet")
        return
    yield speech.gettext("90 days: {uptime}", uptime=speech.uptime(figure.uptime_ppm, rough=figure.uptime_rough))
    yield from day_bars.stretches(speech, figure.seconds, rough=figure.rough)
