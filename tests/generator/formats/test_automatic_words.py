"""What the probers measured is said truly, in every language."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from generator.config import DEFAULT_WEIGHTS
from generator.facts import derive
from generator.formats.words import incident_notes, update_lead
from generator.i18n import speeches
from generator.model import Group, Language, Service, Site
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


def said(language: str, *events: Event, minutes: float = 60) -> list[str]:
    """Return what the last update says, a sentence an entry."""
    (facts,) = derive(SITE, (), START + timedelta(minutes=minutes), events=events).incidents
    return update_lead(SPEECHES[language], SITE, facts, facts.updates[-1], {})


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
        "A test message has been under way for 366 days."
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
            "Webmail : fonctionnement perturbé depuis le 20 novembre 2026 à 10:25.",
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
                "Dazwischen in Betrieb: 20. November 2026, 10:40–10:55.",
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
    """What comes back is said to be so again, and from when to when it was well."""
    assert [spoken(sentence) for sentence in said(language, *AGAIN)[:2]] == sentences


def test_becomes_worse_after_it_came_back() -> None:
    """What becomes worse after it came back is no more than worse."""
    came_back = event(EventKind.REOPEN, 30, status=Outcome.DEGRADED)

    sentences = said("en", OPEN, event(EventKind.CLOSE, 15), came_back, event(EventKind.ESCALATE, 40))

    assert sentences[0].startswith("Webmail: major outage since 11:05")


def seen(first: Reason, second: Reason) -> list[str]:
    """Return what is said after the state where two probers see it."""
    one = event(EventKind.OPEN, 0, reason=first, probers=2)
    other = event(EventKind.OPEN, 1, reason=second, prober="gva1", probers=2)
    return said("de", one, other)[1:]


def test_reasons_by_place() -> None:
    """Where two probers see different things it is said who sees what."""
    assert seen(Reason.IPV6_FAILED, Reason.TIMEOUT) == [
        "Der Dienst ist nur über IPv4 erreichbar. Festgestellt von zrh1 aus.",
        "Der Server antwortet nicht rechtzeitig. Festgestellt von gva1 aus.",
    ]


def test_one_reason() -> None:
    """What all probers see alike is said once, with all places."""
    assert seen(Reason.TIMEOUT, Reason.TIMEOUT) == [
        "Der Server antwortet nicht rechtzeitig.",
        "Festgestellt von zrh1 und gva1 aus.",
    ]


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        (
            "de",
            "Die Störung wurde zuletzt am 20. November 2026 um 10:27 Uhr gemeldet; ob sie andauert, ist nicht bekannt.",
        ),
        (
            "fr",
            "L’incident a été signalé pour la dernière fois le 20 novembre 2026 à 10:27 ; on ignore s’il dure encore.",
        ),
        ("en", "The incident was last reported on 20 November 2026 at 10:27; whether it goes on is not known."),
    ],
)
def test_last_reported(language: str, sentence: str) -> None:
    """What nobody has confirmed for long says what was last reported."""
    (facts,) = derive(SITE, (), START + timedelta(hours=9), events=[OPEN]).incidents

    assert spoken(incident_notes(SPEECHES[language], facts)[-1]) == spoken(sentence)
