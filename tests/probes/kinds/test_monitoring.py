"""The kinds `prometheus` and `alertmanager`, against answers of every sort."""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from probes.hysteresis import State, advance
from probes.kind import Ground
from probes.model import Check, Outcome, Reason, Result
from tests.probes.conftest import now
from tests.probes.lab.plans import check_of, look
from tests.probes.lab.processes import free_ports


@contextlib.contextmanager
def answering(body: object, status: int = 200) -> Iterator[str]:
    """Answer every request with JSON (or with text as it is); yields the address."""
    data = body.encode() if isinstance(body, str) else json.dumps(body).encode()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_arguments: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def vector(*values: str) -> object:
    """Return an answer with a series a value."""
    series = [{"metric": {}, "value": [1795488830.2, value]} for value in values]
    return {"status": "success", "data": {"resultType": "vector", "result": series}}


VALUES = [
    (vector("5"), Outcome.OPERATIONAL, None),
    (vector("11"), Outcome.OUTAGE, Reason.THRESHOLD),
    (vector("5", "11"), Outcome.OUTAGE, Reason.THRESHOLD),
    ({"data": {"resultType": "scalar", "result": [1.0, "12"]}}, Outcome.OUTAGE, Reason.THRESHOLD),
    (vector(), Outcome.UNKNOWN, None),
    (vector("NaN"), Outcome.UNKNOWN, None),
    (vector("+Inf"), Outcome.UNKNOWN, None),
    ({"status": "error"}, Outcome.UNKNOWN, None),
    ([], Outcome.UNKNOWN, None),
    ("not json", Outcome.UNKNOWN, None),
    ("[" * 100_000, Outcome.UNKNOWN, None),
]


@pytest.mark.parametrize(("answer", "outcome", "reason"), VALUES, ids=range(len(VALUES)))
def test_values(ground: Ground, answer: object, outcome: Outcome, reason: Reason | None) -> None:
    """A value is compared with its threshold; what is no value says nothing."""
    with answering(answer) as url:
        (found,) = look(check_of("prometheus", url=url, query="up", op=">", value=10), ground)

    assert (found.outcome, found.reason if found.outcome.bad else None) == (outcome, reason)
    assert not found.outcome.bad or found.figures["threshold"] == 10


def test_error(ground: Ground) -> None:
    """An error of the monitoring is none of the service."""
    with answering({"status": "error"}, status=400) as url:
        (found,) = look(check_of("prometheus", url=url, query="up", value=1), ground)

    assert (found.outcome, found.note) == (Outcome.UNKNOWN, "the monitoring answers 400")


def test_cannot_be_asked(ground: Ground) -> None:
    """Monitoring that is down says nothing of the service."""
    url = f"http://127.0.0.1:{free_ports(1)[0]}"

    (found,) = look(check_of("prometheus", url=url, query="up", value=1), ground)

    assert found.outcome is Outcome.UNKNOWN


WATCHDOG = {"labels": {"alertname": "Watchdog"}, "startsAt": "2026-11-24T00:00:00Z", "fingerprint": "w"}


def alert(**labels: str) -> dict[str, object]:
    """Return an active alert."""
    annotations = {
        "status_title_de": "Warteschlange\x07 wächst\nstark",
        "status_title_en": "<script>alert(1)</script>",
        "status_body_en": "We add **servers**.",
        "summary": "of no interest",
    }
    return {
        "labels": {"alertname": "Down", **labels},
        "annotations": annotations,
        "startsAt": "2026-11-24T03:00:00.123Z",
        "endsAt": "2026-11-24T03:05:00.123Z",
        "fingerprint": "f1",
        "status": {"state": "active"},
    }


def asked(ground: Ground, alerts: object, **options: object) -> dict[str, Result]:
    """Return what a check finds, by service."""
    with answering(alerts) as url:
        check = replace(_alertmanager(url, **options), timeout_seconds=5)
        return {found.service: found for found in look(check, ground)}


def _alertmanager(url: str, **options: object) -> Check:
    from probes.spec import parse

    written = {"name": "am", "kind": "alertmanager", "url": url, **options}
    plan, faults = parse({"probers": ["zrh1"], "checks": [written]}, {"gateway": (), "archive": ()})  # type: ignore[dict-item]
    assert not faults, faults
    return plan.checks[0]


def test_alert_for_a_service(ground: Ground) -> None:
    """An alert stands for the service it names, since it began, with the words staff gave it; others are well."""
    found = asked(ground, [WATCHDOG, alert(status_service="gateway", status_impact="partial")])

    bad, good = found["gateway"], found["archive"]
    assert (bad.outcome, bad.reason, good.outcome) == (Outcome.PARTIAL, Reason.ALERT, Outcome.OPERATIONAL)
    assert f"{bad.since:%H:%M:%S}" == "03:00:00"
    assert bad.title == {"de": "Warteschlange wächst stark", "en": "<script>alert(1)</script>"}
    assert bad.text == {"en": "We add **servers**."}


def test_mapped_alert(ground: Ground) -> None:
    """A rule that names no service can be mapped."""
    mapping = [{"match": {"alertname": "Down"}, "service": "archive", "status": "degraded_performance"}]

    assert asked(ground, [WATCHDOG, alert()], map=mapping)["archive"].outcome is Outcome.DEGRADED


@pytest.mark.parametrize(
    "alerts",
    [
        [WATCHDOG, alert()],
        [WATCHDOG, alert(status_service="nowhere")],
        [WATCHDOG, alert(status_service="gateway", status_impact="maintenance")],
        [WATCHDOG, {"labels": 3}, "x", None],
    ],
)
def test_passed_over(ground: Ground, alerts: Sequence[object]) -> None:
    """What stands for no service here is passed over."""
    assert {found.outcome for found in asked(ground, alerts).values()} == {Outcome.OPERATIONAL}


@pytest.mark.parametrize("alerts", [[], [alert()], {"error": "x"}, "junk"])
def test_no_watchdog(ground: Ground, alerts: object) -> None:
    """Without the alert that always fires nothing is known."""
    assert {found.outcome for found in asked(ground, alerts).values()} == {Outcome.UNKNOWN}


def test_worst_alert_counts(ground: Ground) -> None:
    """Of several alerts on a service the worst counts."""
    alerts = [alert(status_service="gateway", status_impact=impact) for impact in ("degraded", "outage", "partial")]

    assert asked(ground, [WATCHDOG, *alerts])["gateway"].outcome is Outcome.OUTAGE


def test_closes_only_when_absence_means_something() -> None:
    """A source that has frozen, or was started anew, closes nothing; two minutes without the alert do."""
    check = _alertmanager("http://127.0.0.1:9")
    began = now()
    story = [
        (0, Outcome.OUTAGE, "open"),
        (30, Outcome.OUTAGE, ""),
        (60, Outcome.UNKNOWN, ""),  # the Prometheus froze, and its alerts ran out
        (600, Outcome.UNKNOWN, ""),
        (630, Outcome.OPERATIONAL, ""),
        (660, Outcome.UNKNOWN, ""),  # the Alertmanager was started anew
        (690, Outcome.OPERATIONAL, ""),
        (720, Outcome.OPERATIONAL, ""),
        (750, Outcome.OPERATIONAL, "close"),
    ]
    state = State()
    for seconds, outcome, expected in story:
        at = began + timedelta(seconds=seconds)
        reason = Reason.ALERT if outcome.bad else None
        state, steps = advance(state, Result(at=at, outcome=outcome, reason=reason), at, check.policy)

        assert [step.event.value for step in steps] == ([expected] if expected else []), seconds
