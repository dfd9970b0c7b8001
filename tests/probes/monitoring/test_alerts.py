"""What alerts say of services, and what of their words can be told."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from probes.events import Event, EventKind, parse, serialize
from probes.model import Outcome
from probes.monitoring.alerts import Alert, AlertRules, Rule, read_alerts

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
LEXICON = AlertRules(
    rules=[Rule(match={"alertname": "Queue", "host": "mx1"}, service="archive", status=Outcome.DEGRADED)]
)


def one(labels: dict[str, object] | None = None, **more: object) -> Alert:
    """Return an alert as Alertmanager tells of it."""
    (alert,) = read_alerts([{"labels": labels or {}, "startsAt": "2026-11-24T12:00:00Z", **more}])
    return alert


@pytest.mark.parametrize(
    ("impact", "status", "doubted"),
    [
        ("degraded", Outcome.DEGRADED, False),
        ("partial", Outcome.PARTIAL, False),
        ("outage", Outcome.OUTAGE, False),
        ("degraded_performance", Outcome.DEGRADED, False),
        ("partial_outage", Outcome.PARTIAL, False),
        ("major_outage", Outcome.OUTAGE, False),
        ("", Outcome.PARTIAL, False),
        ("patrial", Outcome.PARTIAL, True),
        ("operational", Outcome.PARTIAL, True),
    ],
)
def test_impact(impact: str, status: Outcome, doubted: bool) -> None:
    """The label `status_impact` says how bad it is; one that nobody knows is as bad as none, and is told of."""
    labels = {"alertname": "Down", "status_service": "gateway", "status_impact": impact}

    case = replace(LEXICON, status=Outcome.PARTIAL).meaning(one(labels))

    assert case is not None
    assert (case.service, case.status) == ("gateway", status)
    assert (f'Down: status_impact "{impact}" is taken for partial_outage' in case.doubt) is doubted


@pytest.mark.parametrize("impact", ["maintenance", "under_maintenance"])
def test_planned_work(impact: str) -> None:
    """An alert for planned work stands for no service."""
    assert LEXICON.meaning(one({"status_service": "gateway", "status_impact": impact})) is None


def test_rules() -> None:
    """An alert is mapped by the first rule all of whose labels it has, unless it names its service itself."""
    mapped = LEXICON.meaning(one({"alertname": "Queue", "host": "mx1", "severity": "page"}))
    strange = LEXICON.meaning(one({"alertname": "Queue", "host": "mx2"}))
    own = LEXICON.meaning(one({"alertname": "Queue", "host": "mx1", "status_service": "gateway"}))

    assert (mapped and (mapped.service, mapped.status)) == ("archive", Outcome.DEGRADED)
    assert strange is None
    assert (own and (own.service, own.status)) == ("gateway", Outcome.OUTAGE)


def test_words() -> None:
    """Titles are one line, texts are Markdown; what no page can hold, or turns the words around it, is left out."""
    annotations = {
        "status_title_de": "  Warteschlange\x07 wächst\r\nstark\u202e",
        "status_title_en": "<script>alert(1)</script>",
        "status_title_pt_br": "Fila",
        "status_title_fr": " \n ",
        "status_title_": "x",
        "status_title_EN": "x",
        "status_body_en": "We add **servers**.\r\n\r\nMore soon.\ud800\ufffe\U0001ffff",
        "summary": "of no interest",
        "status_body_de": 3,
    }

    alert = one(annotations=annotations)

    assert alert.title == {"de": "Warteschlange wächst stark", "en": "<script>alert(1)</script>", "pt-br": "Fila"}
    assert alert.text == {"en": "We add **servers**.\n\nMore soon."}


def test_long_words() -> None:
    """A title has at most 300 characters, a text 4000; what is too much for a file in all is left out, texts first."""
    long = one(annotations={"status_title_de": "x" * 999, "status_body_de": "y" * 9999})
    bodies = {f"status_body_{language}": "é" * 4000 for language in ("de", "fr")}
    much = one(annotations={"status_title_de": "x", **bodies})
    titles = {f"status_title_{a}{b}": "z" * 300 for a in "abcdef" for b in "abcdefgh"}
    too_much = one(annotations=titles)

    assert (len(long.title["de"]), len(long.text["de"])) == (300, 4000)
    assert (much.title, much.text) == ({"de": "x"}, {})
    assert (too_much.title, too_much.text) == ({}, {})


@pytest.mark.parametrize(
    "said",
    [
        None,
        "x",
        [],
        {},
        {"startsAt": 3},
        {"startsAt": "now"},
        {"startsAt": "0001-01-01T00:00:00Z"},
        {"startsAt": "2026-11-24T12:00:00"},
        {"startsAt": "9999-12-31T23:59:59-14:00"},
    ],
)
def test_what_is_no_alert(said: object) -> None:
    """What is no alert, or does not say when it began, is passed over."""
    assert read_alerts([said]) == []


def test_times() -> None:
    """Times are read with their fraction and offset; the year 1 stands for none."""
    alert = one(endsAt="0001-01-01T00:00:00Z", updatedAt="2026-11-24T13:00:00.123456789+01:00")

    assert (alert.starts_at, alert.ends_at) == (NOON, None)
    assert alert.updated_at == NOON.replace(microsecond=123456)


odd = st.text('a é"\\\n\r[\x00\x07\x1b\x85\u2028\u202e\ud800\udfff\ufffe', max_size=20)
texts = st.text(max_size=20) | odd | st.builds(str.__mul__, odd, st.integers(1, 2000))
names = st.from_regex(r"status_(title|body)_[a-z_]{2,6}", fullmatch=True)
anything = st.recursive(
    st.none() | st.booleans() | st.floats() | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(names, texts | anything, max_size=8), anything, anything, anything)
def test_any_alert(annotations: dict[str, Any], labels: object, fingerprint: object, status: object) -> None:
    """Whatever an alert holds, it is read, and its words make an event file that can be read again and be shown."""
    said = {"labels": labels, "annotations": annotations, "fingerprint": fingerprint, "status": status}

    alert = one(**said)  # type: ignore[arg-type]

    event = Event(
        event=EventKind.OPEN,
        id="0123456789abcdef",
        prober="zrh1",
        at=NOON,
        since=NOON,
        service="gateway",
        check="am",
        kind="alertmanager",
        status=Outcome.OUTAGE,
        title=alert.title,
        text=alert.text,
    )
    assert parse(serialize(event)) == event
    assert all(len(title.splitlines()) == 1 for title in alert.title.values())
    LEXICON.meaning(alert)
