"""What the probers measured is said truly, in every language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from generator.content.status_yaml import DEFAULT_WEIGHTS
from generator.facts import derive
from generator.formats.words import incident_notes, update_lead
from generator.i18n import speeches
from generator.model import Group, Language, Service, Site, Text
from probes.events import Event, EventKind, episode_id
from probes.model import Outcome, Reason

START = datetime(2026, 11, 20, 9, 25, tzinfo=UTC)
"""10:25 in Zurich."""
SITE = Site(
    name={"en": "Example"},
    url="https://status.example.ch",
    feed_authority="example.ch,2026",
    time_zone="Europe/Zurich",
    languages=(
        Language(code="de", locale="de_CH"),
        Language(code="fr", locale="fr_CH"),
        Language(code="en", locale="en_GB"),
    ),
    groups=(Group(id="all", name={"en": "All"}),),
    services=(Service(id="webmail", name={"en": "Webmail"}, group="all"),),
    uptime_weights=DEFAULT_WEIGHTS,
)
CATALOGS = Path(__file__).parents[3].glob("locales/*/LC_MESSAGES/messages.po")
SPEECHES = speeches(SITE, {path.parts[-3]: path.read_bytes() for path in CATALOGS})


def event(
    kind: EventKind,
    since: float,
    *,
    prober: str = "zrh1",
    status: Outcome = Outcome.OUTAGE,
    reason: Reason | None = Reason.TIMEOUT,
    probers: int = 1,
    figures: Mapping[str, float] | None = None,
) -> Event:
    """Return an event of the episode that began at the start: so since so many minutes after it, sure after two."""
    over = kind is EventKind.CLOSE
    return Event(
        event=kind,
        id=episode_id(prober, "webmail", "page", START),
        prober=prober,
        at=START + timedelta(minutes=since + 2),
        since=START + timedelta(minutes=since),
        service="webmail",
        check="page",
        kind="http",
        status=Outcome.OPERATIONAL if over else status,
        reason=None if over else reason,
        probers=probers,
        figures=figures or {},
    )


def said(language: str, *events: Event, minutes: float = 60, site: Site = SITE) -> list[str]:
    """Return what the last update says, a sentence an entry."""
    (facts,) = derive(site, (), START + timedelta(minutes=minutes), events=events).incidents
    return update_lead(SPEECHES[language], site, facts, facts.updates[-1], {})


def spoken(sentence: str) -> str:
    """Return a sentence with plain spaces."""
    return sentence.replace("\u202f", " ").replace("\u00a0", " ")


OPEN = event(EventKind.OPEN, 0)


@pytest.mark.parametrize("seconds", [1e30, 1e300, 366 * 86_400 + 1, 59, -1e30])
def test_delay_beyond_belief(seconds: float) -> None:
    """A figure that nobody can have measured is left out."""
    late = event(EventKind.OPEN, 0, status=Outcome.OUTAGE, reason=Reason.DELAYED, figures={"delay_seconds": seconds})

    assert said("en", late)[1:] == ["Test messages arrive late."]


def test_delay() -> None:
    """A delay is told to the minute."""
    late = event(EventKind.OPEN, 0, reason=Reason.DELAYED, figures={"delay_seconds": 366 * 86_400.0})

    assert [spoken(sentence) for sentence in said("en", late)[1:]] == [
        "A test message was in transit for at least 366 days."
    ]


@pytest.mark.parametrize(
    ("language", "first", "then"),
    [
        (
            "de",
            "Webmail: Beeinträchtigung seit dem 20. November 2026, 10:25 Uhr.",
            "Webmail: Ausfall seit dem 20. November 2026, 10:40 Uhr.",
        ),
        (
            "fr",
            "Webmail : perturbations depuis le 20 novembre 2026 à 10:25.",
            "Webmail : panne depuis le 20 novembre 2026 à 10:40.",
        ),
        (
            "en",
            "Webmail: degraded performance since 10:25 on 20 November 2026.",
            "Webmail: major outage since 10:40 on 20 November 2026.",
        ),
    ],
)
def test_each_state_since_its_own_time(language: str, first: str, then: str) -> None:
    """What became worse is said to be so since it became worse, not since the beginning."""
    degraded = event(EventKind.OPEN, 0, status=Outcome.DEGRADED)
    worse = event(EventKind.ESCALATE, 15)

    assert spoken(said(language, degraded)[0]) == first
    assert spoken(said(language, degraded, worse)[0]) == then


def test_better_since_the_other_is_silent() -> None:
    """What only one of two still sees is degraded since the other one saw it recover."""
    both = [event(EventKind.OPEN, 0, probers=2), event(EventKind.OPEN, 1, prober="gva1", probers=2)]
    over = event(EventKind.CLOSE, 30, probers=2)

    assert said("en", *both, over)[0].startswith("Webmail: degraded performance since 10:55")


AGAIN = (OPEN, event(EventKind.CLOSE, 15), event(EventKind.REOPEN, 30))


@pytest.mark.parametrize(
    ("language", "sentences"),
    [
        (
            "de",
            [
                "Webmail: erneut Ausfall seit dem 20. November 2026, 10:55 Uhr.",
                "Dazwischen in Betrieb: 20. November 2026, 10:40–10:55 Uhr.",
            ],
        ),
        (
            "fr",
            [
                "Webmail : nouvelle panne depuis le 20 novembre 2026 à 10:55.",
                "En service entre-temps : 20 novembre 2026, 10:40–10:55.",
            ],
        ),
        (
            "en",
            [
                "Webmail: major outage again since 10:55 on 20 November 2026.",
                "Operational in between: 20 November 2026, 10:40–10:55.",
            ],
        ),
    ],
)
def test_comes_back(language: str, sentences: list[str]) -> None:
    """What comes back is said to be so again; last, after how it shows, from when to when it was well."""
    assert [spoken(said(language, *AGAIN)[place]) for place in (0, -1)] == sentences


def test_becomes_worse_after_it_came_back() -> None:
    """What becomes worse after it came back is no more than worse."""
    came_back = event(EventKind.REOPEN, 30, status=Outcome.DEGRADED)

    sentences = said("en", OPEN, event(EventKind.CLOSE, 15), came_back, event(EventKind.ESCALATE, 40))

    assert sentences[0].startswith("Webmail: major outage since 11:05")


PLACES = {"zrh1": {"de": "Zürich"}, "gva1": {"de": "Genf"}}


def seen(first: Reason, second: Reason, places: Mapping[str, Text] | None = None) -> list[str]:
    """Return what is said after the state where two probers of three see it."""
    one = event(EventKind.OPEN, 0, reason=first, probers=3)
    other = event(EventKind.OPEN, 1, reason=second, prober="gva1", probers=3)
    return said("de", one, other, site=replace(SITE, places=places or {}))[1:]


def test_reasons_by_place() -> None:
    """Where two probers see different things it is said who sees what."""
    assert seen(Reason.IPV6_FAILED, Reason.TIMEOUT, PLACES) == [
        "Der Dienst ist nur über IPv4 erreichbar. Festgestellt von Zürich aus.",
        "Der Server antwortet nicht rechtzeitig. Festgestellt von Genf aus.",
    ]


def test_one_reason() -> None:
    """What all probers see alike is said once, with all places."""
    assert seen(Reason.TIMEOUT, Reason.TIMEOUT, PLACES) == [
        "Der Server antwortet nicht rechtzeitig.",
        "Festgestellt von Zürich und Genf aus.",
    ]


@pytest.mark.parametrize("places", [{}, {"zrh1": {"de": "Zürich"}}], ids=["none has a name", "one has none"])
def test_places_without_a_name(places: Mapping[str, Text]) -> None:
    """The id of a prober is for nobody but operators: where a place has no name it is said how many see it."""
    assert seen(Reason.TIMEOUT, Reason.TIMEOUT, places) == [
        "Der Server antwortet nicht rechtzeitig.",
        "An 2 von 3 Messstellen festgestellt.",
    ]


def test_reasons_without_the_names_of_places() -> None:
    """Where places have no names it is not said which of them sees what."""
    assert seen(Reason.IPV6_FAILED, Reason.TIMEOUT) == [
        "Der Dienst ist nur über IPv4 erreichbar.",
        "Der Server antwortet nicht rechtzeitig.",
        "An 2 von 3 Messstellen festgestellt.",
    ]


def test_the_shortest_delay_is_true_of_all() -> None:
    """Where two probers measure a delay it is said once, as short as the shorter one."""
    late = [
        event(EventKind.OPEN, 0, reason=Reason.DELAYED, figures={"delay_seconds": 1560.0}, probers=2),
        event(EventKind.OPEN, 1, prober="gva1", reason=Reason.DELAYED, figures={"delay_seconds": 1500.0}, probers=2),
    ]

    assert [spoken(sentence) for sentence in said("en", *late)[1:]] == [
        "A test message was in transit for at least 25 minutes.",
        "Seen from 2 of 2 monitoring locations.",
    ]


def test_a_lone_place() -> None:
    """What one of several sees is said to be seen there alone, with or without the name of the place."""
    lone = event(EventKind.OPEN, 0, probers=3)

    assert said("de", lone)[-1] == "Bisher nur an 1 von 3 Messstellen festgestellt."
    assert said("de", lone, site=replace(SITE, places=PLACES))[-1] == "Bisher nur von Zürich aus festgestellt."


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        (
            "de",
            "Die Störung wurde zuletzt am 20. November 2026 um 10:27 Uhr bestätigt; "
            "ob sie noch andauert, wissen wir nicht.",
        ),
        (
            "fr",
            "L’incident a été confirmé pour la dernière fois le 20 novembre 2026 à 10:27 ; "
            "nous ignorons s’il dure encore.",
        ),
        (
            "en",
            "The incident was last confirmed on 20 November 2026 at 10:27; "
            "we do not know whether it is still going on.",
        ),
    ],
)
def test_last_reported(language: str, sentence: str) -> None:
    """What nobody has confirmed for long says what was last confirmed."""
    (facts,) = derive(SITE, (), START + timedelta(hours=9), events=[OPEN]).incidents

    assert spoken(incident_notes(SPEECHES[language], facts)[-1]) == spoken(sentence)
