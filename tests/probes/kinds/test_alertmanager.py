"""The kind `alertmanager`: what active alerts mean, and what it means that there are none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from probes.events import EventKind
from probes.hysteresis import State, advance
from probes.kind import Notes, ProbeContext
from probes.kinds.alertmanager import judged
from probes.model import Check, Outcome, Reason, Result
from probes.monitoring.alerts import Alert, read_alerts
from probes.spec import Fault, parse
from tests.laws import examples
from tests.probes.conftest import NotesInMemory, TokensInMemory
from tests.probes.lab.faulty import Serve, drip, hang, reset, serving
from tests.probes.lab.monitoring import answering
from tests.probes.lab.plans import look
from tests.probes.lab.processes import free_ports

OPERATIONAL, UNKNOWN = Outcome.OPERATIONAL, Outcome.UNKNOWN
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
LONG_AGO = NOON - timedelta(days=1)
SERVICES: Mapping[str, Sequence[str]] = {"gateway": (), "archive": ()}


def written(seconds_ago: float) -> str:
    """Return an instant before noon as Alertmanager writes it."""
    return (NOON - timedelta(seconds=seconds_ago)).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def watchdog(seconds_ago: float = 10) -> dict[str, object]:
    """Return the alert that always fires, confirmed so long ago."""
    times = {"startsAt": written(86_400), "updatedAt": written(seconds_ago)}
    return {"labels": {"alertname": "Watchdog"}, **times, "status": {"state": "active"}}


def alert(began: float = 600, state: str = "active", **labels: str) -> dict[str, object]:
    """Return an alert that began so long ago."""
    return {
        "labels": {"alertname": "Down", **labels},
        "annotations": {"status_title_de": "Alles steht", "status_body_de": "Wir **wissen** davon."},
        "startsAt": written(began),
        "endsAt": written(-200),
        "updatedAt": written(10),
        "fingerprint": "00c0ffee00c0ffee",
        "status": {"state": state, "inhibitedBy": [], "silencedBy": []},
    }


def planned(url: str = "http://127.0.0.1:9", **options: object) -> tuple[Check, list[Fault]]:
    """Return a check of all services that takes an absence at its word from the first look on, and its faults."""
    written_ = {"name": "am", "kind": "alertmanager", "url": url, "settle": "0s", **options}
    plan, faults = parse({"probers": ["zrh1"], "checks": [written_]}, SERVICES)  # type: ignore[dict-item]
    return plan.checks[0], faults


def found(context: ProbeContext, alerts: object, up: object = 86_400, **options: object) -> dict[str, Result]:
    """Return what a look at noon finds, by service, where Alertmanager has been up for so many seconds."""
    with answering(alerts, others={"/status": {"uptime": written(up)} if isinstance(up, int) else up}) as asked:
        check, faults = planned(asked.url, **options)
        assert not faults
        return {result.service: result for result in look(check, replace(context, now=lambda: NOON))}


def judged_at(
    check: Check, alerts: Sequence[Alert], started: datetime, notes: Notes, now: datetime
) -> Sequence[Result]:
    """Return what alerts say at an instant."""
    context = ProbeContext(now=lambda: now, prober="zrh1", state=Path(), tokens=TokensInMemory(), notes=notes)
    return judged(check, check.options, alerts, started, context)  # type: ignore[arg-type]


def outcomes(results: Mapping[str, Result]) -> dict[str, Outcome]:
    """Return the outcomes alone."""
    return {service: result.outcome for service, result in results.items()}


def test_alert_for_a_service(context: ProbeContext) -> None:
    """An alert stands for the service it names, since it began, with the words staff gave it; the others are well."""
    results = found(context, [watchdog(), alert(status_service="gateway", status_impact="partial")])

    assert outcomes(results) == {"gateway": Outcome.PARTIAL, "archive": OPERATIONAL}
    bad = results["gateway"]
    assert (bad.reason, bad.since) == (Reason.ALERT, NOON - timedelta(minutes=10))
    assert (bad.title, bad.text) == ({"de": "Alles steht"}, {"de": "Wir **wissen** davon."})
    assert not bad.warnings


def test_clock_that_is_ahead(context: ProbeContext) -> None:
    """What begins in the future has begun now."""
    assert found(context, [alert(began=-20, status_service="gateway")])["gateway"].since == NOON


def test_question(context: ProbeContext) -> None:
    """Alerts that are silenced or inhibited are asked for too; the filter is Alertmanager's business."""
    with answering([watchdog()], others={"/status": {}}) as asked:
        check, _ = planned(f"{asked.url}/alertmanager/", filter=['prometheus="zrh"', "severity=~page|ticket"])
        look(check, context)

    question, second = map(urlsplit, asked.questions)
    assert second.path == "/alertmanager/api/v2/status"
    assert question.path == "/alertmanager/api/v2/alerts"
    assert parse_qs(question.query) == {
        "active": ["true"],
        "silenced": ["true"],
        "inhibited": ["true"],
        "unprocessed": ["false"],
        "filter": ['prometheus="zrh"', "severity=~page|ticket"],
    }


def test_mapped_alert(context: ProbeContext) -> None:
    """A rule that names no service can be mapped; what its alert is without the label is the check's status."""
    mapping = [{"match": {"alertname": "Down"}, "service": "archive", "status": "degraded_performance"}]
    alerts = [watchdog(), alert(), alert(status_service="gateway")]

    results = found(context, alerts, map=mapping, status="partial_outage")

    assert outcomes(results) == {"archive": Outcome.DEGRADED, "gateway": Outcome.PARTIAL}


@pytest.mark.parametrize(
    "alerts",
    [
        [],
        [alert()],
        [alert(status_service="gateway", status_impact="maintenance")],
        [{"labels": 3}, "x", None, {"labels": {"status_service": "gateway"}}],
    ],
)
def test_passed_over(context: ProbeContext, alerts: Sequence[object]) -> None:
    """What stands for no service is passed over."""
    assert outcomes(found(context, [watchdog(), *alerts])) == {"gateway": OPERATIONAL, "archive": OPERATIONAL}


def test_warnings(context: ProbeContext) -> None:
    """The operators hear of alerts and maps for services that there are not, and of an impact that there is not."""
    alerts = [watchdog(), alert(status_service="gatway"), alert(status_service="gateway", status_impact="huge")]

    results = found(context, alerts, map=[{"match": {"alertname": "X"}, "service": "archiv"}])

    assert results["gateway"].outcome is Outcome.OUTAGE
    assert [line for result in results.values() for line in result.warnings] == [
        'map names "archiv", of which this check does not tell',
        'Down stands for "gatway", of which this check does not tell',
        'Down: status_impact "huge" is taken for major_outage',
    ]


def test_worst_alert_counts(context: ProbeContext) -> None:
    """Of several alerts on a service the worst counts, and of equally bad ones the earliest."""
    impacts = {"degraded": 900, "outage": 60, "major_outage": 300, "partial": 700}
    alerts = [alert(began, status_service="gateway", status_impact=impact) for impact, began in impacts.items()]

    bad = found(context, [watchdog(), *alerts])["gateway"]

    assert (bad.outcome, bad.since) == (Outcome.OUTAGE, NOON - timedelta(seconds=300))


def test_suppressed_alert(context: ProbeContext) -> None:
    """An alert that is silenced or inhibited opens nothing, and is no recovery; another one on the service counts."""
    suppressed = alert(state="suppressed", status_service="gateway")
    mild = alert(status_service="gateway", status_impact="degraded")

    alone = found(context, [watchdog(), suppressed])
    beside = found(context, [watchdog(), suppressed, mild])

    assert outcomes(alone) == {"gateway": UNKNOWN, "archive": OPERATIONAL}
    assert alone["gateway"].note == "Down is silenced or inhibited"
    assert outcomes(beside) == {"gateway": Outcome.DEGRADED, "archive": OPERATIONAL}


@pytest.mark.parametrize("others", [[], [watchdog(200)], [watchdog(-60)], [{**watchdog(), "updatedAt": "soon"}]])
def test_no_fresh_watchdog(context: ProbeContext, others: Sequence[object]) -> None:
    """Without a fresh watchdog nothing is known of services without an alert; an alert that is there counts."""
    results = found(context, [*others, alert(status_service="gateway")])

    assert outcomes(results) == {"gateway": Outcome.OUTAGE, "archive": UNKNOWN}
    assert results["archive"].note


def test_name_of_the_watchdog(context: ProbeContext) -> None:
    """The watchdog can have another name."""
    heartbeat = {**watchdog(), "labels": {"alertname": "Deadman"}}

    assert set(outcomes(found(context, [heartbeat])).values()) == {UNKNOWN}
    assert set(outcomes(found(context, [heartbeat], watchdog="Deadman")).values()) == {OPERATIONAL}


@pytest.mark.parametrize("answer", [{"error": "x"}, "junk", b"<html>", None])
def test_strange_answers(context: ProbeContext, answer: object) -> None:
    """An answer that is no list of alerts says nothing of any service."""
    assert outcomes(found(context, answer)) == {"gateway": UNKNOWN, "archive": UNKNOWN}


@pytest.mark.parametrize("serve", [hang, reset, drip])
def test_broken_connections(context: ProbeContext, serve: Serve) -> None:
    """However Alertmanager hangs, drips or breaks off, nothing is known of any service."""
    with serving(serve) as port:
        check, _ = planned(f"http://127.0.0.1:{port}", timeout="1s")
        results = look(check, context)

    assert [(result.service, result.outcome, bool(result.note)) for result in results] == [
        ("gateway", UNKNOWN, True),
        ("archive", UNKNOWN, True),
    ]


def test_nobody_there(context: ProbeContext) -> None:
    """An Alertmanager that is down says nothing of any service."""
    check, _ = planned(f"http://127.0.0.1:{free_ports(1)[0]}")

    assert [result.outcome for result in look(check, context)] == [UNKNOWN, UNKNOWN]


@pytest.mark.parametrize("status", [{}, [], {"uptime": None}, {"uptime": "0001-01-01T00:00:00Z"}, b"<html>"])
def test_no_word_of_its_start(context: ProbeContext, status: object) -> None:
    """If Alertmanager does not say when it started, nothing is known of any service."""
    assert outcomes(found(context, [watchdog()], up=status)) == {"gateway": UNKNOWN, "archive": UNKNOWN}


def test_alertmanager_that_has_just_started(context: ProbeContext) -> None:
    """An Alertmanager that runs for less than `settle` does not know all alerts yet; those that it knows count."""
    alerts = [watchdog(), alert(status_service="gateway")]
    check, _ = planned(settle="5m")
    judged_at(check, read_alerts([watchdog(310)]), LONG_AGO, context.notes, NOON - timedelta(minutes=5))

    young = found(context, alerts, up=299, settle="5m")
    grown = found(context, alerts, up=300, settle="5m")

    assert outcomes(young) == {"gateway": Outcome.OUTAGE, "archive": UNKNOWN}
    assert young["archive"].note == "Alertmanager runs only since 11:55:01 UTC"
    assert outcomes(grown) == {"gateway": Outcome.OUTAGE, "archive": OPERATIONAL}


def test_settling(context: ProbeContext) -> None:
    """An absence means something once every look has found the watchdog for as long as `settle`."""
    check, _ = planned(settle="1m")
    story = [(0, True), (59, True), (60, True), (61, False), (62, True), (121, True), (122, True)]
    expected = [UNKNOWN, UNKNOWN, OPERATIONAL, UNKNOWN, UNKNOWN, UNKNOWN, OPERATIONAL]

    seen = []
    for second, there in story:
        alerts = read_alerts([watchdog(-second)] if there else [])
        seen.append(judged_at(check, alerts, LONG_AGO, context.notes, NOON + timedelta(seconds=second))[0].outcome)

    assert seen == expected


@pytest.mark.parametrize(
    ("options", "codes"),
    [
        ({"filter": "cluster"}, ["unknown-value"]),
        ({"filter": ['a="b"', '{a="b"}']}, ["unknown-value"]),
        ({"filter": ['a="b\\"c"', "a=b", 'a!~"x|y"', " a = b "]}, []),
        ({"settle": "5"}, ["bad-interval"]),
        ({"map": [{"match": {"a": "b"}}]}, ["missing-key"]),
        ({"map": [{"service": "gateway"}]}, ["missing-key"]),
        ({"map": [{"match": {}, "service": "gateway"}]}, ["missing-key"]),
        ({"map": [{"match": {"a": "b"}, "service": "gateway", "status": "maintenance"}]}, ["unknown-status"]),
        ({"map": [{"match": {"a": "b"}, "service": "gateway", "impact": "x"}]}, ["unknown-key"]),
        ({"services": ["gatway"]}, ["unknown-service"]),
        ({"service": "gateway"}, ["unknown-key"]),
    ],
    ids=str,
)
def test_faults(options: dict[str, object], codes: list[str]) -> None:
    """What cannot be meant is refused with its place."""
    assert [fault.code for fault in planned(**options)[1]] == codes


@dataclass(frozen=True, kw_only=True)
class Trouble:
    """Something that happens to the monitoring, not to the service."""

    what: str
    """`freeze` and `restart` of Prometheus, `forget` (a restart of Alertmanager), `network` (it cannot be asked)."""
    start: float
    seconds: float = 1
    lags: tuple[float, float] = (0, 0)
    """How much later the two alerts are confirmed again."""

    @property
    def end(self) -> float:
        """Return when it is over."""
        return self.start + self.seconds


@dataclass(frozen=True, kw_only=True)
class Rhythm:
    """When Prometheus confirms an alert, in seconds (`needsSending` in its rules/alerting.go)."""

    first: float
    spacing: float = 90
    lapse: float = 240
    """After so long without confirmation Alertmanager forgets it: four times the interval of its rule's group."""
    wait: float = 60
    """What its rule says by `for:`; a Prometheus that starts waits for it anew."""

    def confirmations(self, troubles: Sequence[Trouble], place: int) -> Sequence[float]:
        """Return the instants; `place` is the alert's among the two."""
        left = [trouble for trouble in troubles if trouble.what in ("freeze", "restart")]
        instants: list[float] = []
        due = self.first - 600
        while due < 3600:
            hit = next((one for one in left if one.start <= due and (due < one.end or one.what == "restart")), None)
            if hit:
                left.remove(hit)
                due = hit.end + hit.lags[place] + (self.wait if hit.what == "restart" else 0)
            else:
                instants.append(due)
                due += self.spacing
        return instants


@dataclass(frozen=True, kw_only=True)
class Story:
    """An hour in which the service is down and its alert fires, whatever becomes of the monitoring."""

    troubles: Sequence[Trouble]
    watchdog: Rhythm
    down: Rhythm
    phase: float = 0
    """When the first look is."""

    def looks(self, check: Check, notes: Notes) -> Iterator[Result]:
        """Yield what the check finds every 30 seconds."""
        rhythms = (self.watchdog, self.down)
        confirmed = [rhythm.confirmations(self.troubles, place) for place, rhythm in enumerate(rhythms)]
        for second in (self.phase + 30 * place for place in range(120)):
            if any(one.what == "network" and one.start <= second < one.end for one in self.troubles):
                continue
            started = max(
                (one.start for one in self.troubles if one.what == "forget" and one.start <= second), default=-9e4
            )
            last = [max((at for at in times if at <= second), default=-9e9) for times in confirmed]
            known = [
                {"labels": labels, "startsAt": written(3600), "updatedAt": written(-at)}
                for labels, rhythm, at in zip(LABELS, rhythms, last, strict=True)
                if at > max(second - rhythm.lapse, started)
            ]
            now, since = NOON + timedelta(seconds=second), NOON + timedelta(seconds=started)
            yield from judged_at(check, read_alerts(known), since, notes, now)

    def events(self) -> Sequence[EventKind]:
        """Return what is concluded."""
        check, _ = planned(settle="5m", services=["gateway"])
        state, events = State(), []
        for result in self.looks(check, NotesInMemory()):
            state, steps = advance(state, result, result.at, check.policy)
            events += [step.event for step in steps]
        return events


LABELS = ({"alertname": "Watchdog"}, {"alertname": "Down", "status_service": "gateway"})
SLOW = Rhythm(first=0, spacing=120)


@pytest.mark.parametrize(
    "story",
    [
        Story(troubles=[Trouble(what="freeze", start=600, seconds=1800)], watchdog=Rhythm(first=0), down=SLOW),
        Story(  # a watchdog of a group that is evaluated every five minutes is forgotten late
            troubles=[Trouble(what="freeze", start=600, seconds=1800)],
            watchdog=Rhythm(first=0, lapse=1200),
            down=SLOW,
        ),
        Story(  # the alert is absent for a moment before the watchdog is, and again for one after it is back
            troubles=[Trouble(what="freeze", start=620, seconds=400, lags=(10, 25))],
            watchdog=Rhythm(first=30),
            down=Rhythm(first=20, spacing=120),
            phase=20,
        ),
        Story(troubles=[Trouble(what="forget", start=610)], watchdog=SLOW, down=SLOW),
        Story(  # the watchdog is confirmed just before Prometheus freezes, the alert would have been just after
            troubles=[Trouble(what="forget", start=645), Trouble(what="freeze", start=750, seconds=300, lags=(10, 10))],
            watchdog=Rhythm(first=50, spacing=120),
            down=Rhythm(first=30, spacing=120),
        ),
        Story(
            troubles=[Trouble(what="restart", start=600, seconds=900, lags=(0, 30))],
            watchdog=Rhythm(first=0, wait=180),
            down=Rhythm(first=0, wait=120),
        ),
    ],
    ids=["frozen", "frozen, slow watchdog", "frozen and back", "forgetful", "forgetful and frozen", "restarted"],
)
def test_trouble_closes_nothing(story: Story) -> None:
    """A source that freezes, or is started anew, never ends what goes on."""
    assert story.events() == [EventKind.OPEN]


lags = st.integers(0, 30)
troubles = st.builds(
    Trouble,
    what=st.sampled_from(["freeze", "restart", "forget", "network"]),
    start=st.integers(100, 2400),
    seconds=st.integers(1, 900),
    lags=st.tuples(lags, lags),
)
first, spacing = st.integers(0, 120), st.integers(60, 120)
stories = st.builds(
    Story,
    troubles=st.lists(troubles, max_size=3),
    watchdog=st.builds(Rhythm, first=first, spacing=spacing, lapse=st.integers(240, 1200), wait=st.just(180)),
    down=st.builds(Rhythm, first=first, spacing=spacing),
    phase=st.integers(0, 30),
)


@examples(40)
@given(stories)
def test_no_trouble_closes_anything(story: Story) -> None:
    """Whatever happens to the monitoring, in whatever order, it never ends what goes on."""
    assert story.events() == [EventKind.OPEN]


def test_opens_at_once_and_closes(context: ProbeContext) -> None:
    """An alert opens at the first look, since it began; it closes once it was absent twice, over two minutes."""
    check, _ = planned(settle="5m", services=["gateway"])
    state, told = State(), []

    for second in range(0, 900, 30):
        now = NOON + timedelta(seconds=second)
        alerts = [watchdog(-second), *([alert(began=300, status_service="gateway")] if second <= 600 else [])]
        (result,) = judged_at(check, read_alerts(alerts), LONG_AGO, context.notes, now)
        state, steps = advance(state, result, now, check.policy)
        told += [(second, step.event, (step.since - NOON).total_seconds()) for step in steps]

    assert told == [(0, EventKind.OPEN, -300), (750, EventKind.CLOSE, 630)]
