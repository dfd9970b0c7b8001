"""The kind `alertmanager`: what active alerts mean, and what it means that there are none."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from probes.alerts import read_alerts
from probes.events import EventKind
from probes.hysteresis import State, advance
from probes.kind import Ground
from probes.kinds.alertmanager import judged
from probes.model import Check, Outcome, Reason, Result
from probes.spec import Fault, parse
from tests.probes.lab.faulty import Serve, drip, hang, reset, serving
from tests.probes.lab.monitoring import answering
from tests.probes.lab.plans import look
from tests.probes.lab.processes import free_ports

OPERATIONAL, UNKNOWN = Outcome.OPERATIONAL, Outcome.UNKNOWN
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
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


def found(ground: Ground, alerts: object, **options: object) -> dict[str, Result]:
    """Return what a look at noon finds, by service."""
    with answering(alerts) as asked:
        check, faults = planned(asked.url, **options)
        assert not faults
        return {result.service: result for result in look(check, replace(ground, now=lambda: NOON))}


def outcomes(results: Mapping[str, Result]) -> dict[str, Outcome]:
    """Return the outcomes alone."""
    return {service: result.outcome for service, result in results.items()}


def test_alert_for_a_service(ground: Ground) -> None:
    """An alert stands for the service it names, since it began, with the words staff gave it; the others are well."""
    results = found(ground, [watchdog(), alert(status_service="gateway", status_impact="partial")])

    assert outcomes(results) == {"gateway": Outcome.PARTIAL, "archive": OPERATIONAL}
    bad = results["gateway"]
    assert (bad.reason, bad.since) == (Reason.ALERT, NOON - timedelta(minutes=10))
    assert (bad.title, bad.text) == ({"de": "Alles steht"}, {"de": "Wir **wissen** davon."})
    assert not bad.warnings


def test_clock_that_is_ahead(ground: Ground) -> None:
    """What begins in the future has begun now."""
    assert found(ground, [alert(began=-20, status_service="gateway")])["gateway"].since == NOON


def test_question(ground: Ground) -> None:
    """Alerts that are silenced or inhibited are asked for too; the filter is Alertmanager's business."""
    with answering([watchdog()]) as asked:
        check, _ = planned(f"{asked.url}/alertmanager/", filter=['prometheus="zrh"', "severity=~page|ticket"])
        look(check, ground)

    (question,) = map(urlsplit, asked.questions)
    assert question.path == "/alertmanager/api/v2/alerts"
    assert parse_qs(question.query) == {
        "active": ["true"],
        "silenced": ["true"],
        "inhibited": ["true"],
        "unprocessed": ["false"],
        "filter": ['prometheus="zrh"', "severity=~page|ticket"],
    }


def test_mapped_alert(ground: Ground) -> None:
    """A rule that names no service can be mapped; what its alert is without the label is the check's status."""
    mapping = [{"match": {"alertname": "Down"}, "service": "archive", "status": "degraded_performance"}]
    alerts = [watchdog(), alert(), alert(status_service="gateway")]

    results = found(ground, alerts, map=mapping, status="partial_outage")

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
def test_passed_over(ground: Ground, alerts: Sequence[object]) -> None:
    """What stands for no service is passed over."""
    assert outcomes(found(ground, [watchdog(), *alerts])) == {"gateway": OPERATIONAL, "archive": OPERATIONAL}


def test_warnings(ground: Ground) -> None:
    """The operators hear of alerts and maps for services that there are not, and of an impact that there is not."""
    alerts = [watchdog(), alert(status_service="gatway"), alert(status_service="gateway", status_impact="huge")]

    results = found(ground, alerts, map=[{"match": {"alertname": "X"}, "service": "archiv"}])

    assert results["gateway"].outcome is Outcome.OUTAGE
    assert [line for result in results.values() for line in result.warnings] == [
        'map names "archiv", of which this check does not tell',
        'Down stands for "gatway", of which this check does not tell',
        'Down: status_impact "huge" is taken for major_outage',
    ]


def test_worst_alert_counts(ground: Ground) -> None:
    """Of several alerts on a service the worst counts, and of equally bad ones the earliest."""
    impacts = {"degraded": 900, "outage": 60, "major_outage": 300, "partial": 700}
    alerts = [alert(began, status_service="gateway", status_impact=impact) for impact, began in impacts.items()]

    bad = found(ground, [watchdog(), *alerts])["gateway"]

    assert (bad.outcome, bad.since) == (Outcome.OUTAGE, NOON - timedelta(seconds=300))


def test_suppressed_alert(ground: Ground) -> None:
    """An alert that is silenced or inhibited opens nothing, and is no recovery; another one on the service counts."""
    suppressed = alert(state="suppressed", status_service="gateway")
    mild = alert(status_service="gateway", status_impact="degraded")

    alone = found(ground, [watchdog(), suppressed])
    beside = found(ground, [watchdog(), suppressed, mild])

    assert outcomes(alone) == {"gateway": UNKNOWN, "archive": OPERATIONAL}
    assert alone["gateway"].note == "Down is silenced or inhibited"
    assert outcomes(beside) == {"gateway": Outcome.DEGRADED, "archive": OPERATIONAL}


@pytest.mark.parametrize("others", [[], [watchdog(200)], [watchdog(-60)], [{**watchdog(), "updatedAt": "soon"}]])
def test_no_fresh_watchdog(ground: Ground, others: Sequence[object]) -> None:
    """Without a fresh watchdog nothing is known of services without an alert; an alert that is there counts."""
    results = found(ground, [*others, alert(status_service="gateway")])

    assert outcomes(results) == {"gateway": Outcome.OUTAGE, "archive": UNKNOWN}
    assert results["archive"].note


def test_name_of_the_watchdog(ground: Ground) -> None:
    """The watchdog can have another name."""
    heartbeat = {**watchdog(), "labels": {"alertname": "Deadman"}}

    assert set(outcomes(found(ground, [heartbeat])).values()) == {UNKNOWN}
    assert set(outcomes(found(ground, [heartbeat], watchdog="Deadman")).values()) == {OPERATIONAL}


@pytest.mark.parametrize("answer", [{"error": "x"}, "junk", b"<html>", None])
def test_strange_answers(ground: Ground, answer: object) -> None:
    """An answer that is no list of alerts says nothing of any service."""
    assert outcomes(found(ground, answer)) == {"gateway": UNKNOWN, "archive": UNKNOWN}


@pytest.mark.parametrize("serve", [hang, reset, drip])
def test_broken_connections(ground: Ground, serve: Serve) -> None:
    """However Alertmanager hangs, drips or breaks off, nothing is known of any service."""
    with serving(serve) as port:
        check, _ = planned(f"http://127.0.0.1:{port}", timeout="1s")
        results = look(check, ground)

    assert [(result.service, result.outcome, bool(result.note)) for result in results] == [
        ("gateway", UNKNOWN, True),
        ("archive", UNKNOWN, True),
    ]


def test_nobody_there(ground: Ground) -> None:
    """An Alertmanager that is down says nothing of any service."""
    check, _ = planned(f"http://127.0.0.1:{free_ports(1)[0]}")

    assert [result.outcome for result in look(check, ground)] == [UNKNOWN, UNKNOWN]


def test_settling(ground: Ground) -> None:
    """An absence means something once every look has found the watchdog for as long as `settle`."""
    check, _ = planned(settle="1m")
    story = [(0, True), (59, True), (60, True), (61, False), (62, True), (121, True), (122, True)]
    expected = [UNKNOWN, UNKNOWN, OPERATIONAL, UNKNOWN, UNKNOWN, UNKNOWN, OPERATIONAL]

    seen = []
    for second, there in story:
        alerts = read_alerts([watchdog(-second)] if there else [])
        seen.append(judged(check, alerts, ground.state, NOON + timedelta(seconds=second))[0].outcome)

    assert seen == expected


def test_memory_that_cannot_be_used(ground: Ground) -> None:
    """If it cannot be remembered since when the watchdog is there, an absence means nothing."""
    (ground.state / "awake").write_text("in the way")

    results = found(ground, [watchdog(), alert(status_service="gateway")])

    assert outcomes(results) == {"gateway": Outcome.OUTAGE, "archive": UNKNOWN}
    assert results["archive"].note.startswith("what is remembered of the watchdog cannot be used")


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
    seconds: float
    lags: Mapping[str, float]
    """How much later each alert is confirmed again."""

    @property
    def end(self) -> float:
        """Return when it is over."""
        return self.start + self.seconds


def confirmations(name: str, first: float, spacing: float, troubles: Sequence[Trouble]) -> list[float]:
    """Return when Prometheus confirms an alert (`needsSending` in its rules/alerting.go)."""
    left = [trouble for trouble in troubles if trouble.what in ("freeze", "restart")]
    found_: list[float] = []
    due = first - 600
    while due < 3600:
        hit = next((one for one in left if one.start <= due and (due < one.end or one.what == "restart")), None)
        if hit:
            left.remove(hit)
            # A Prometheus that starts waits anew for as long as each rule says by `for:`.
            wait = {"Watchdog": 180, "Down": 60}[name] if hit.what == "restart" else 0
            due = hit.end + wait + hit.lags[name]
        else:
            found_.append(due)
            due += spacing
    return found_


def known(told: Mapping[str, Sequence[float]], second: float, troubles: Sequence[Trouble]) -> list[dict[str, object]]:
    """Return the alerts that Alertmanager knows: those confirmed within four minutes, and since it was started."""
    forgot = [one.start for one in troubles if one.what == "forget" and one.start <= second]
    earliest = max([second - 240, *forgot])
    labels = {"Watchdog": {}, "Down": {"status_service": "gateway"}}
    last = {name: max((at for at in times if at <= second), default=-9e9) for name, times in told.items()}
    return [
        {"labels": {"alertname": name, **labels[name]}, "startsAt": written(3600), "updatedAt": written(-at)}
        for name, at in last.items()
        if at > earliest
    ]


spacings = st.floats(60, 120)
phases = st.floats(0, 120)
lags = st.fixed_dictionaries({"Watchdog": st.floats(0, 30), "Down": st.floats(0, 30)})
trouble = st.builds(
    Trouble,
    what=st.sampled_from(["freeze", "restart", "forget", "network"]),
    start=st.floats(100, 2400),
    seconds=st.floats(1, 900),
    lags=lags,
)


@settings(deadline=None, max_examples=300)
@given(
    troubles=st.lists(trouble, max_size=3),
    watchdog_=st.tuples(phases, spacings),
    down=st.tuples(phases, spacings),
    phase=st.floats(0, 30),
)
def test_no_trouble_closes(
    troubles: list[Trouble], watchdog_: tuple[float, float], down: tuple[float, float], phase: float
) -> None:
    """Whatever freezes, restarts or cannot be reached of the monitoring, it never ends what goes on."""
    told = {
        "Watchdog": confirmations("Watchdog", *watchdog_, troubles),
        "Down": confirmations("Down", *down, troubles),
    }
    check, _ = planned(settle="5m", services=["gateway"])
    state, events = State(), []

    with tempfile.TemporaryDirectory() as folder:
        for second in (phase + 30 * place for place in range(120)):
            if any(one.what == "network" and one.start <= second < one.end for one in troubles):
                continue
            now = NOON + timedelta(seconds=second)
            (result,) = judged(check, read_alerts(known(told, second, troubles)), Path(folder), now)
            state, steps = advance(state, result, now, check.policy)
            events += [step.event for step in steps]

    assert events == [EventKind.OPEN]


def test_opens_at_once_and_closes(ground: Ground) -> None:
    """An alert opens at the first look, since it began; it closes once it was absent twice, over two minutes."""
    check, _ = planned(settle="5m", services=["gateway"])
    state, told = State(), []

    for second in range(0, 900, 30):
        now = NOON + timedelta(seconds=second)
        alerts = [watchdog(-second), *([alert(began=300, status_service="gateway")] if second <= 600 else [])]
        (result,) = judged(check, read_alerts(alerts), ground.state, now)
        state, steps = advance(state, result, now, check.policy)
        told += [(second, step.event, (step.since - NOON).total_seconds()) for step in steps]

    assert told == [(0, EventKind.OPEN, -300), (750, EventKind.CLOSE, 630)]
