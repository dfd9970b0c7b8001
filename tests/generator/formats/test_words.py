"""Facts compose correct sentences in every language."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from generator.facts import Facts, IncidentFacts, derive
from generator.formats import words
from generator.i18n import Speech, Spoken, speeches
from generator.model import (
    Action,
    Cause,
    Group,
    Impact,
    Incident,
    Kind,
    Language,
    MailFate,
    Phrase,
    Retraction,
    Service,
    ServiceStatus,
    Sighting,
    Site,
    Update,
    UpdateStatus,
    Window,
)
from generator.reading.moments import parse
from probes.model import Reason

ZURICH = ZoneInfo("Europe/Zurich")
NOW = "2024-02-20 09:00"

OPERATIONAL = ServiceStatus.OPERATIONAL
DEGRADED = ServiceStatus.DEGRADED_PERFORMANCE
PARTIAL = ServiceStatus.PARTIAL_OUTAGE
MAJOR = ServiceStatus.MAJOR_OUTAGE

SITE = Site(
    name={"en": "Example"},
    url="https://status.example.ch",
    feed_authority="status.example.ch,2026",
    time_zone="Europe/Zurich",
    languages=(
        Language(code="de", locale="de_CH"),
        Language(code="fr", locale="fr_CH"),
        Language(code="en", locale="en_GB"),
    ),
    groups=(Group(id="all", name={"en": "All"}),),
    services=(
        Service(id="gateway", name={"en": "Domain Gateway"}, group="all"),
        Service(id="archive", name={"de": "Archiv", "fr": "Archives", "en": "Mail Archive"}, group="all"),
        Service(id="hexadmin", name={"en": "Hexadmin"}, group="all"),
        Service(id="webmail", name={"en": "Webmail"}, group="all"),
        Service(id="quarantine", name={"en": "Quarantine"}, group="all"),
        Service(id="microsoft-365", name={"en": "Microsoft 365"}, group="all", own=False),
    ),
    uptime_weights={MAJOR: 100, PARTIAL: 30, DEGRADED: 0, ServiceStatus.UNDER_MAINTENANCE: 0},
)


@pytest.fixture(scope="module")
def spoken(checkout: Path) -> dict[str, Speech]:
    """Return the site's languages with the shipped catalogs."""
    found = checkout.glob("locales/*/LC_MESSAGES/messages.po")
    return speeches(SITE, {path.parts[-3]: path.read_bytes() for path in found})


def at(written: str) -> datetime:
    """Return wall time in Zurich."""
    return datetime.fromisoformat(written).replace(tzinfo=ZURICH)


def update(written: str, status: UpdateStatus | None = None, **more: Any) -> Update:
    """Return an update told at a time of the file's form."""
    moment = parse(written, ZURICH)
    assert moment.first is not None
    fields: dict[str, Any] = {"effective": moment, "key": written} | more
    if "next_update" in fields:
        fields["next_update"] = parse(fields["next_update"], ZURICH)
    return Update(at=moment, told=moment.first, status=status, **fields)


def incident(services: Mapping[str, ServiceStatus], *updates: Update, started: str = "", **more: Any) -> Incident:
    """Return an incident that begins with its first update, or as written."""
    begun = parse(started, ZURICH) if started else updates[0].at
    fields: dict[str, Any] = {"id": "trouble", "kind": Kind.INCIDENT, "path": "incidents/trouble.yaml"} | more
    return Incident(services=services, started=begun, updates=updates, **fields)


def facts_of(*incidents: Incident, now: str = NOW) -> Facts:
    """Derive what is true at a time."""
    return derive(SITE, incidents, at(now))


def story(told: Incident, now: str = NOW) -> IncidentFacts:
    """Derive how one incident stands."""
    return facts_of(told, now=now).incident(told.id)


def investigating(services: Mapping[str, ServiceStatus], **more: Any) -> Incident:
    """Return an incident told on the day it began."""
    return incident(services, update("2024-02-19", UpdateStatus.INVESTIGATING), **more)


@pytest.mark.parametrize(
    ("name", "vocabulary"),
    [
        (words.status_name, ServiceStatus),
        (words.update_status_name, UpdateStatus),
        (words.impact_name, Impact),
        (words.kind_name, Kind),
        (words.mail_sentence, MailFate),
        (words.action_sentence, Action),
        (partial(words.cause_sentence, over=False), Cause),
        (partial(words.cause_sentence, over=True), Cause),
    ],
    ids=["status", "update", "impact", "kind", "mail", "action", "cause", "cause when over"],
)
def test_every_word_of_the_vocabulary_has_a_name(
    spoken: dict[str, Speech], name: Any, vocabulary: type[StrEnum]
) -> None:
    """No member of a vocabulary is without words, and no two share them."""
    said = {code: [name(speech, member) for member in vocabulary] for code, speech in spoken.items()}

    assert all(len(set(named)) == len(vocabulary) and all(named) for named in said.values())


def test_mail_and_action(spoken: dict[str, Speech]) -> None:
    """What matters most to a customer is a short sentence."""
    english, german = spoken["en"], spoken["de"]

    assert words.mail_sentence(english, MailFate.DELAYED) == "Mail is delayed, not lost."
    assert words.action_sentence(english, Action.NONE) == "You do not need to do anything."
    assert words.mail_sentence(german, MailFate.DELAYED) == "E-Mails verspäten sich, gehen aber nicht verloren."


@pytest.mark.parametrize(("over", "expected"), [(False, "being looked into"), (True, "not known")])
def test_an_unknown_cause_is_awaited_only_while_it_lasts(spoken: dict[str, Speech], over: bool, expected: str) -> None:
    """Once an incident is over nothing says that its cause is still being looked for."""
    assert words.cause_sentence(spoken["en"], Cause.UNKNOWN, over=over) == expected


def test_a_written_title_is_kept(spoken: dict[str, Speech]) -> None:
    """A title that staff wrote is shown, in the source language where it is not translated."""
    facts = story(investigating({"archive": MAJOR}, title={"de": "Archiv nicht erreichbar"}))

    title = words.title(spoken["fr"], SITE, facts)

    assert title == Spoken(text="Archiv nicht erreichbar", lang="de", translated=False)


@pytest.mark.parametrize(
    ("kind", "services", "expected"),
    [
        (Kind.INCIDENT, {"archive": MAJOR, "gateway": MAJOR}, "Domain Gateway und Archiv: Ausfall"),
        (Kind.INCIDENT, {"archive": MAJOR, "gateway": DEGRADED}, "Archiv: Ausfall; Domain Gateway: Beeinträchtigung"),
        (
            Kind.INCIDENT,
            dict.fromkeys(["gateway", "archive", "hexadmin", "webmail"], MAJOR),
            "Störung bei mehreren Diensten",
        ),
        (
            Kind.MAINTENANCE,
            dict.fromkeys(["gateway", "archive", "hexadmin", "webmail"], ServiceStatus.UNDER_MAINTENANCE),
            "Geplante Wartung mehrerer Dienste",
        ),
        (Kind.INCIDENT, {}, "Störung"),
        (Kind.NOTICE, {"archive": OPERATIONAL}, "Archiv: Hinweis"),
        (Kind.NOTICE, {}, "Hinweis"),
    ],
)
def test_a_missing_title_is_composed(
    spoken: dict[str, Speech], kind: Kind, services: dict[str, ServiceStatus], expected: str
) -> None:
    """Without a title each service with its own state makes one, unless there are more than one can take in."""
    facts = story(investigating(services, kind=kind))

    assert words.title(spoken["de"], SITE, facts) == Spoken(text=expected, lang="de", translated=True)


def test_a_composed_title_keeps_to_what_each_service_was(spoken: dict[str, Speech]) -> None:
    """While it is open a title names what is bad now; later the worst that each service was, and none worse."""
    first = update("2024-02-19 10:00", UpdateStatus.INVESTIGATING)
    better = update(
        "2024-02-19 12:00", UpdateStatus.MONITORING, services={"archive": DEGRADED, "hexadmin": OPERATIONAL}
    )
    over = update("2024-02-19 15:00", UpdateStatus.RESOLVED)
    told = incident({"archive": MAJOR, "hexadmin": PARTIAL}, first, better, over)

    titles = [
        words.title(spoken["en"], SITE, story(told, now=f"2024-02-19 {now}")).text
        for now in ("11:00", "13:00", "16:00")
    ]

    assert titles == [
        "Mail Archive: major outage; Hexadmin: partial outage",
        "Mail Archive: degraded performance",
        "Mail Archive: major outage; Hexadmin: partial outage",
    ]


def test_a_title_of_an_alert_holds_for_its_services_only(spoken: dict[str, Speech]) -> None:
    """Where more is hit than an alert was for, its title gives way to one of all services."""
    alert = {"title": {"en": "Queue grows"}, "titled": frozenset({"archive"}), "automatic": True}
    alone = story(investigating({"archive": MAJOR}, **alert))
    more = story(investigating({"archive": MAJOR, "gateway": MAJOR}, **alert))

    titles = [words.title(spoken["en"], SITE, facts).text for facts in (alone, more)]

    assert titles == ["Queue grows", "Domain Gateway and Mail Archive: major outage"]


def test_an_update_without_text_says_service_status_and_since(spoken: dict[str, Speech]) -> None:
    """Facts alone make the first word correct in every language."""
    told = update("2024-02-19 10:00", UpdateStatus.INVESTIGATING, mail=MailFate.HELD, action=Action.NONE)
    facts = story(incident({"archive": MAJOR, "hexadmin": DEGRADED}, told, started="2024-02-19 09:30"))

    assert words.update_lead(spoken["en"], SITE, facts, told, {}) == [
        "Mail Archive: major outage since 09:30 on 19\u00a0February\u00a02024.",
        "Hexadmin: degraded performance since 09:30 on 19\u00a0February\u00a02024.",
        "We are looking for the cause.",
    ]
    assert words.update_lead(spoken["de"], SITE, facts, told, {})[:1] == [
        "Archiv: Ausfall seit dem 19.\u00a0Februar\u00a02024, 09:30\u00a0Uhr."
    ]
    assert words.update_lead(spoken["fr"], SITE, facts, told, {})[-1:] == ["Nous recherchons la cause."]


def test_facts_of_an_update_are_sentences(spoken: dict[str, Speech]) -> None:
    """What becomes of mail, what to do and when more follows are said in this order, in every language."""
    told = update(
        "2024-02-19 10:00",
        UpdateStatus.INVESTIGATING,
        mail=MailFate.HELD,
        action=Action.NONE,
        next_update="2024-02-19 14:00",
    )

    assert words.update_facts(spoken["en"], told) == [
        "Mail is waiting in a queue and will be delivered later.",
        "You do not need to do anything.",
        "Next update by 14:00 on 19\u00a0February\u00a02024.",
    ]
    assert words.update_facts(spoken["de"], told) == [
        "E-Mails warten in der Warteschlange und werden später zugestellt.",
        "Sie müssen nichts unternehmen.",
        "Nächste Meldung spätestens am 19.\u00a0Februar\u00a02024 um 14:00\u00a0Uhr.",
    ]
    assert words.update_facts(spoken["fr"], told)[-1:] == [
        "Prochaine information le 19\u00a0février\u00a02024, au plus tard à 14:00."
    ]


@pytest.mark.parametrize(
    ("due", "german", "french", "english"),
    [
        (
            "afternoon",
            "Nächste Meldung heute Nachmittag.",
            "Prochaine information cet après-midi.",
            "Next update this afternoon.",
        ),
        ("evening", "Nächste Meldung heute Abend.", "Prochaine information ce soir.", "Next update this evening."),
    ],
)
def test_a_part_of_today_is_named_without_the_date(
    spoken: dict[str, Speech], due: str, german: str, french: str, english: str
) -> None:
    """Whoever reads on the same day is told the part of the day."""
    promised = update("2024-02-20 08:00", UpdateStatus.INVESTIGATING, next_update=f"2024-02-20 {due}")
    found = story(incident({"archive": ServiceStatus.MAJOR_OUTAGE}, promised))

    said = [words.fate(spoken[language], found, promised.told.date())[-1][0] for language in ("de", "fr", "en")]

    assert said == [german, french, english]


def test_an_update_without_facts_says_none(spoken: dict[str, Speech]) -> None:
    """Nothing is said of mail, of what to do or of the next word where the file is silent, nor of the update itself."""
    told = update("2024-02-19 10:00", UpdateStatus.INVESTIGATING)
    facts = story(incident({"archive": MAJOR}, told))

    assert words.update_facts(spoken["en"], told) == []
    assert words.update_notes(spoken["en"], facts, told) == []


def test_written_text_replaces_the_state_but_not_the_facts(spoken: dict[str, Speech]) -> None:
    """Where staff wrote, nothing is composed before it; mail, action and the next word are still said."""
    told = update(
        "2024-02-19 10:00", UpdateStatus.INVESTIGATING, text={"en": "The archive is down."}, mail=MailFate.DELAYED
    )
    facts = story(incident({"archive": MAJOR}, told))

    assert words.update_lead(spoken["en"], SITE, facts, told, {}) == []
    assert words.update_facts(spoken["en"], told) == ["Mail is delayed, not lost."]


def test_a_later_update_says_what_changed(spoken: dict[str, Speech]) -> None:
    """Each update speaks of the state at its own time, also when read later."""
    first = update("2024-02-19 10:00", UpdateStatus.INVESTIGATING)
    second = update(
        "2024-02-19 12:00", UpdateStatus.IDENTIFIED, services={"archive": DEGRADED, "hexadmin": OPERATIONAL}
    )
    last = update("2024-02-19 15:00", UpdateStatus.RESOLVED)
    facts = story(incident({"archive": MAJOR, "hexadmin": MAJOR}, first, second, last))

    assert words.update_lead(spoken["en"], SITE, facts, first, {})[0] == (
        "Mail Archive and Hexadmin: major outage since 10:00 on 19\u00a0February\u00a02024."
    )
    assert words.update_lead(spoken["en"], SITE, facts, second, {}) == [
        "Mail Archive: degraded performance since 12:00 on 19\u00a0February\u00a02024.",
        "Hexadmin: operational again since 12:00 on 19\u00a0February\u00a02024.",
        "The cause has been found; we are working on a fix.",
    ]
    assert words.update_lead(spoken["en"], SITE, facts, last, {}) == ["The incident is resolved."]


def test_resolved_says_when_the_impact_ended(spoken: dict[str, Speech]) -> None:
    """The end that the file gives counts, not the time it was told."""
    last = update("2024-02-19 15:00", UpdateStatus.RESOLVED)
    told = incident(
        {"archive": MAJOR},
        update("2024-02-19 10:00", UpdateStatus.INVESTIGATING),
        last,
        ended=parse("about 2024-02-19 14:30", ZURICH),
    )

    assert words.update_lead(spoken["de"], SITE, story(told), last, {}) == [
        "Die Störung wurde am 19.\u00a0Februar\u00a02024 gegen 14:30\u00a0Uhr behoben."
    ]


def test_an_unknown_end_is_not_dated_by_the_word(spoken: dict[str, Speech]) -> None:
    """What is over since nobody knows when is over; no time is given for it."""
    last = update("2024-02-19 15:00", UpdateStatus.RESOLVED)
    first = update("2024-02-19 10:00", UpdateStatus.INVESTIGATING)
    facts = story(incident({"archive": MAJOR}, first, last, ended=parse("unknown", ZURICH)))

    said = [words.update_lead(spoken[code], SITE, facts, last, {}) for code in ("de", "en")]

    assert said == [
        ["Die Störung ist behoben; seit wann, ist nicht festgehalten."],
        ["The incident is resolved; when it ended was not recorded."],
    ]


@pytest.mark.parametrize(
    ("services", "cause", "ours"),
    [
        ({"gateway": MAJOR}, None, True),
        ({"gateway": MAJOR}, Cause.UPSTREAM, False),
        ({"microsoft-365": MAJOR}, None, False),
        ({"microsoft-365": MAJOR}, Cause.INTERNAL, True),
        ({"microsoft-365": MAJOR, "gateway": DEGRADED}, Cause.UNKNOWN, True),
    ],
)
def test_nobody_works_on_the_fix_of_a_fault_that_is_another_s(
    spoken: dict[str, Speech], services: dict[str, ServiceStatus], cause: Cause | None, ours: bool
) -> None:
    """Where the fault is another provider's, or only services of others are hit, no update claims a fix of ours."""
    found = update("2024-02-19 10:00", UpdateStatus.IDENTIFIED)
    watched = update("2024-02-19 12:00", UpdateStatus.MONITORING)
    facts = story(incident(services, found, watched, cause=cause))

    said = [words.update_lead(spoken["en"], SITE, facts, told, {})[-1] for told in (found, watched)]

    assert said == (
        [
            "The cause has been found; we are working on a fix.",
            "A fix is in place; we are watching to see whether everything stays stable.",
        ]
        if ours
        else [
            "The fault lies with another provider; we are following the situation.",
            "The fault lies with another provider; we are watching to see whether everything stays stable.",
        ]
    )


def test_an_unknown_beginning_is_not_claimed(spoken: dict[str, Speech]) -> None:
    """Nothing is said of a beginning that nobody knows."""
    told = incident({"archive": MAJOR}, update("2024-02-19 10:00", UpdateStatus.INVESTIGATING), started="unknown")
    facts = story(told)

    assert words.update_lead(spoken["en"], SITE, facts, told.updates[0], {})[0] == "Mail Archive: major outage."


def test_phrases_are_filled(spoken: dict[str, Speech]) -> None:
    """A reviewed sentence takes its parameters and stands instead of the composed state, before the other facts."""
    told = update(
        "2024-02-19 10:00",
        UpdateStatus.MONITORING,
        phrases=(Phrase(id="queue", params={"count": "300"}), Phrase(id="gone")),
        action=Action.NONE,
    )
    phrases = {"queue": {"de": "Noch {count} E-Mails warten {hier}.", "en": "{count} messages are waiting."}}
    facts = story(incident({"archive": DEGRADED}, told))

    assert words.update_lead(spoken["de"], SITE, facts, told, phrases) == ["Noch 300 E-Mails warten {hier}."]
    assert words.update_facts(spoken["de"], told) == ["Sie müssen nichts unternehmen."]


@pytest.mark.parametrize(
    ("reason", "german"),
    [
        (Reason.DELAYED, "Eine Test-E-Mail war mindestens 2 Tage und 3 Stunden unterwegs."),
        (Reason.MISSING, "Eine Test-E-Mail war 2 Tage und 3 Stunden nach dem Versand noch nicht eingetroffen."),
    ],
)
def test_a_measured_delay_stands_in_its_sentence_unchanged(
    spoken: dict[str, Speech], reason: Reason, german: str
) -> None:
    """A length of time is never declined, so no sentence puts it where German would decline it: "seit 2 Tagen"."""
    seen = Sighting(
        prober="zrh1",
        service="archive",
        kind="roundtrip",
        status=DEGRADED,
        reason=reason,
        since=at("2024-02-17 06:00"),
        figures={"delay_seconds": 51 * 3600},
    )
    told = update("2024-02-19 09:00", UpdateStatus.INVESTIGATING, sightings=(seen,))
    facts = story(incident({"archive": DEGRADED}, told))

    assert [sentence.replace("\u00a0", " ") for sentence in words.update_lead(spoken["de"], SITE, facts, told, {})] == [
        "Archiv: Beeinträchtigung seit dem 17. Februar 2024, 06:00 Uhr.",
        german,
    ]


def test_late_and_corrected_updates_say_so(spoken: dict[str, Speech]) -> None:
    """Told hours after the beginning, or changed afterwards: the update says it in plain words."""
    told = update("2024-02-19 11:15", UpdateStatus.INVESTIGATING, text={"en": "x"}, corrected=at("2024-02-19 12:00"))
    facts = story(incident({"archive": MAJOR}, told, started="2024-02-18 08:30"))

    assert words.update_lead(spoken["de"], SITE, facts, told, {}) == []
    assert words.update_notes(spoken["de"], facts, told) == [
        "Wir haben die Störung erst 1\u00a0Tag, 2\u00a0Stunden und 45\u00a0Minuten nach Beginn gemeldet.",
        "Wir haben diese Meldung am 19.\u00a0Februar\u00a02024 um 12:00\u00a0Uhr berichtigt.",
    ]


def test_only_the_first_word_of_an_incident_is_late(spoken: dict[str, Speech]) -> None:
    """That an incident was told late is said once, where it was first told; vaguely, with its beginning."""
    first = update("2024-02-19 11:15", UpdateStatus.INVESTIGATING)
    second = update("2024-02-19 12:00", UpdateStatus.RESOLVED)
    facts = story(incident({"archive": MAJOR}, first, second, started="about 2024-02-19 08:30"))

    assert words.update_notes(spoken["en"], facts, first) == [
        "Reported late: the incident began on 19\u00a0February\u00a02024 at about 08:30.",
    ]
    assert words.update_notes(spoken["en"], facts, second) == []


def test_maintenance_says_its_window_and_moves(spoken: dict[str, Speech]) -> None:
    """Planned work names services and window; an update with a new window says the new time."""
    first = update("2024-02-19 10:00", UpdateStatus.SCHEDULED)
    moved = update(
        "2024-02-19 12:00", window=Window(start=at("2024-02-22 06:00"), end=at("2024-02-22 07:00")), text={"en": "x"}
    )
    done = update("2024-02-20 08:00", UpdateStatus.COMPLETED)
    window = Window(start=at("2024-02-21 06:00"), end=at("2024-02-21 07:00"))
    told = incident(
        {"hexadmin": ServiceStatus.UNDER_MAINTENANCE}, first, moved, done, kind=Kind.MAINTENANCE, window=window
    )
    facts = story(told)

    assert words.update_lead(spoken["en"], SITE, facts, first, {}) == [
        "Planned maintenance: Hexadmin.",
        "Scheduled: 21\u00a0February\u00a02024, 06:00–07:00.",
    ]
    assert words.update_lead(spoken["en"], SITE, facts, moved, {}) == [
        "New time: 22\u00a0February\u00a02024, 06:00–07:00."
    ]
    assert words.update_lead(spoken["en"], SITE, facts, done, {}) == ["The maintenance is complete."]


@pytest.mark.parametrize(
    ("end", "english", "german"),
    [
        (
            "2024-02-21 08:30",
            "The maintenance has been extended until 08:30.",
            "Die Wartung wurde bis 08:30\u00a0Uhr verlängert.",
        ),
        (
            "2024-02-22 01:00",
            "The maintenance has been extended until 01:00 on 22\u00a0February\u00a02024.",
            "Die Wartung wurde bis zum 22.\u00a0Februar\u00a02024, 01:00\u00a0Uhr, verlängert.",
        ),
        (
            "2024-02-21 06:30",
            "New time: 21\u00a0February\u00a02024, 06:00–06:30.",
            "Neuer Termin: 21.\u00a0Februar\u00a02024, 06:00–06:30\u00a0Uhr.",
        ),
    ],
    ids=["the same day", "another day", "it ends sooner"],
)
def test_a_later_end_is_an_extension(spoken: dict[str, Speech], end: str, english: str, german: str) -> None:
    """Maintenance that ends later and begins as announced takes longer; nobody hears of a new time."""
    window = Window(start=at("2024-02-21 06:00"), end=at("2024-02-21 07:00"))
    first = update("2024-02-19 10:00", UpdateStatus.SCHEDULED)
    longer = update("2024-02-21 06:50", text={"en": "x"}, window=replace(window, end=at(end)))
    told = incident({"hexadmin": ServiceStatus.UNDER_MAINTENANCE}, first, longer, kind=Kind.MAINTENANCE, window=window)
    facts = story(told, now="2024-02-21 07:30")

    assert words.update_lead(spoken["en"], SITE, facts, longer, {}) == [english]
    assert [
        sentence.replace("\u202f", " ") for sentence in words.update_lead(spoken["de"], SITE, facts, longer, {})
    ] == [german]


def test_what_takes_longer_is_under_way(spoken: dict[str, Speech]) -> None:
    """An update that says both that maintenance runs and that it takes longer is one sentence."""
    window = Window(start=at("2024-02-21 06:00"), end=at("2024-02-21 07:00"))
    first = update("2024-02-19 10:00", UpdateStatus.SCHEDULED)
    longer = update("2024-02-21 06:50", UpdateStatus.IN_PROGRESS, window=replace(window, end=at("2024-02-21 08:30")))
    told = incident({"hexadmin": ServiceStatus.UNDER_MAINTENANCE}, first, longer, kind=Kind.MAINTENANCE, window=window)
    facts = story(told, now="2024-02-21 07:30")

    said = {lang: words.update_lead(spoken[lang], SITE, facts, longer, {}) for lang in spoken}

    assert said == {
        "de": ["Die Wartung wurde bis 08:30\u00a0Uhr verlängert."],
        "fr": ["La maintenance a été prolongée jusqu’à 08:30."],
        "en": ["The maintenance has been extended until 08:30."],
    }


def test_what_is_complete_takes_no_longer(spoken: dict[str, Speech]) -> None:
    """An update that completes a maintenance may correct its window, but announces no extension."""
    window = Window(start=at("2024-02-21 06:00"), end=at("2024-02-21 07:00"))
    first = update("2024-02-19 10:00", UpdateStatus.SCHEDULED)
    done = update("2024-02-21 08:30", UpdateStatus.COMPLETED, window=replace(window, end=at("2024-02-21 08:30")))
    told = incident({"hexadmin": ServiceStatus.UNDER_MAINTENANCE}, first, done, kind=Kind.MAINTENANCE, window=window)

    said = words.update_lead(spoken["en"], SITE, story(told, now="2024-02-21 09:00"), done, {})

    assert said == ["The maintenance is complete."]


@pytest.mark.parametrize(
    ("kind", "german", "french", "english"),
    [
        (
            Kind.INCIDENT,
            "Das war ein Fehlalarm; wir haben die Meldung am 19. Februar 2024 um 12:00 Uhr zurückgezogen.",
            "C’était une fausse alerte ; nous avons retiré l’annonce le 19 février 2024 à 12:00.",
            "This was a false alarm; it was withdrawn on 19 February 2024 at 12:00.",
        ),
        (
            Kind.MAINTENANCE,
            "Diese Wartung wurde irrtümlich angekündigt;"
            " wir haben die Ankündigung am 19. Februar 2024 um 12:00 Uhr zurückgezogen.",
            "Cette maintenance a été annoncée par erreur ; nous avons retiré l’annonce le 19 février 2024 à 12:00.",
            "This maintenance was announced by mistake; the announcement was withdrawn on 19 February 2024 at 12:00.",
        ),
        (
            Kind.NOTICE,
            "Dieser Hinweis wurde irrtümlich veröffentlicht;"
            " wir haben ihn am 19. Februar 2024 um 12:00 Uhr zurückgezogen.",
            "Cet avis a été publié par erreur ; nous l’avons retiré le 19 février 2024 à 12:00.",
            "This notice was published by mistake; it was withdrawn on 19 February 2024 at 12:00.",
        ),
    ],
)
def test_only_an_incident_is_a_false_alarm(
    spoken: dict[str, Speech], kind: Kind, german: str, french: str, english: str
) -> None:
    """What was taken back is called after what it was: an alarm, an announcement, a notice."""
    retracted = Retraction(at=at("2024-02-19 12:00"), reason={"en": "A test."})
    window = Window(start=at("2024-02-21 06:00"), end=at("2024-02-21 07:00")) if kind is Kind.MAINTENANCE else None
    facts = story(incident({}, update("2024-02-19 10:00"), kind=kind, window=window, retracted=retracted))

    said = [re.sub(r"\s", " ", words.incident_notes(spoken[lang], facts)[0]) for lang in ("de", "fr", "en")]

    assert said == [german, french, english]


def test_notices_without_text_say_whom_they_concern(spoken: dict[str, Speech]) -> None:
    """An advisory names services or speaks to everybody, unless it says to whom."""
    told = update("2024-02-19 10:00")
    some = story(incident({"archive": OPERATIONAL}, told, kind=Kind.NOTICE))
    everybody = story(incident({}, told, kind=Kind.NOTICE))
    audience = story(incident({}, told, kind=Kind.NOTICE, who={"fr": "surtout les entreprises"}))

    assert words.update_lead(spoken["fr"], SITE, some, told, {}) == ["Cet avis concerne Archives."]
    assert words.update_lead(spoken["fr"], SITE, everybody, told, {}) == ["Cet avis concerne tous les clients."]
    assert words.update_lead(spoken["fr"], SITE, audience, told, {}) == []


def test_notes_say_what_holds_for_the_whole_incident(spoken: dict[str, Speech]) -> None:
    """Withdrawn and cancelled incidents say so; an automatic one does not, for each of its updates is called that."""
    due = update("2024-02-19 10:00", UpdateStatus.INVESTIGATING, next_update="2024-02-19 14:00")
    automatic = story(incident({"archive": MAJOR}, due, automatic=True))
    false = story(investigating({}, retracted=Retraction(at=at("2024-02-19 12:00"), reason={"en": "A test."})))
    cancelled = story(
        incident(
            {"archive": ServiceStatus.UNDER_MAINTENANCE},
            update("2024-02-19 10:00", UpdateStatus.SCHEDULED),
            kind=Kind.MAINTENANCE,
            window=Window(start=at("2024-02-21 06:00"), end=at("2024-02-21 07:00")),
            cancelled=at("2024-02-19 12:00"),
        )
    )

    assert words.incident_notes(spoken["en"], automatic) == []
    assert "This was a false alarm; it was withdrawn on 19\u00a0February\u00a02024 at 12:00." in words.incident_notes(
        spoken["en"], false
    )
    assert words.incident_notes(spoken["en"], cancelled) == [
        "This maintenance was cancelled on 19\u00a0February\u00a02024 at 12:00."
    ]


def test_who_is_affected(spoken: dict[str, Speech]) -> None:
    """Whom an incident reaches is said where it is not everybody; words in another language name theirs."""
    some = {"de": "nur Kunden mit Sign+Encrypt"}

    assert words.affected(spoken["de"], SITE, some) == "Betroffen: nur Kunden mit Sign+Encrypt"
    assert words.affected(spoken["en"], SITE, some) == "Affected: nur Kunden mit Sign+Encrypt (in German)"
    assert words.affected(spoken["de"], SITE, {}) == ""


def test_the_uptime_formula_names_the_weights(spoken: dict[str, Speech]) -> None:
    """How uptime is reckoned is said with the site's own weights; what weighs nothing is not listed."""
    formula = words.uptime_formula(spoken["en"], SITE)

    assert formula.endswith("Counted as downtime: major outage (100%) and partial outage (30%); nothing else counts.")
