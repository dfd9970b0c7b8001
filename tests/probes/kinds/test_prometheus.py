"""The kind `prometheus`, against answers of every sort and a real Prometheus."""

from __future__ import annotations

import base64
import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from probes.kind import ProbeContext
from probes.model import Outcome, Reason
from probes.monitoring.query import MOST_BYTES
from probes.options import Raw
from probes.spec import parse
from tests.probes.lab.certificates import Certificates
from tests.probes.lab.faulty import Serve, drip, hang, reset, says, serving
from tests.probes.lab.monitoring import answering, prometheus_alone
from tests.probes.lab.plans import check_of, look
from tests.probes.lab.processes import free_ports

OPERATIONAL, OUTAGE, UNKNOWN = Outcome.OPERATIONAL, Outcome.OUTAGE, Outcome.UNKNOWN
CANARY = "c4nary-Pa55word"
UNSENDABLE = "a token holds no spaces, line ends or letters beyond ASCII"


def vector(*values: str) -> dict[str, object]:
    """Return an answer with a series a value."""
    series = [{"metric": {}, "value": [1795488830.2, value]} for value in values]
    return {"status": "success", "data": {"resultType": "vector", "result": series}}


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (vector("5"), OPERATIONAL),
        (vector("10"), OPERATIONAL),
        (vector("11"), OUTAGE),
        (vector("5", "11"), OUTAGE),
        (vector("NaN", "11"), OUTAGE),
        ({"data": {"resultType": "scalar", "result": [1.0, "12"]}}, OUTAGE),
        (vector(), UNKNOWN),
        (vector("NaN"), UNKNOWN),
        (vector("5", "NaN"), UNKNOWN),
        (vector("+Inf"), UNKNOWN),
        (vector("eleven"), UNKNOWN),
        ({"data": {"resultType": "matrix", "result": [{"metric": {}, "values": [[1.0, "12"]]}]}}, UNKNOWN),
        ({"data": {"resultType": "string", "result": [1.0, "12"]}}, UNKNOWN),
        ({"status": "error", "errorType": "bad_data"}, UNKNOWN),
        ({"data": {"resultType": "vector", "result": [None]}}, UNKNOWN),
        ([], UNKNOWN),
        (b"not json", UNKNOWN),
        (b"[" * 100_000, UNKNOWN),
        (b" " * (MOST_BYTES + 1), UNKNOWN),
    ],
    ids=range(19),
)
def test_answers(context: ProbeContext, answer: object, outcome: Outcome) -> None:
    """A value beyond its threshold is bad, whatever other series say; what is no value says nothing, and says why."""
    with answering(answer) as asked:
        (found,) = look(check_of("prometheus", url=asked.url, query="up", op=">", value=10), context)

    assert found.outcome is outcome
    assert bool(found.note) is (outcome is UNKNOWN)
    assert not found.outcome.bad or found.reason is Reason.THRESHOLD


@pytest.mark.parametrize(
    ("op", "values", "bad", "told"),
    [
        (">", ("3", "7", "5"), True, 7),
        (">", ("2", "1"), False, 2),
        (">=", ("2", "1"), True, 2),
        ("<", ("1", "0", "3"), True, 0),
        ("<=", ("4", "3"), False, 3),
        ("==", ("1", "2", "3"), True, 2),
        ("!=", ("2", "3", "4"), True, 3),
        ("!=", ("2", "2"), False, 2),
    ],
)
def test_operators(context: ProbeContext, op: str, values: tuple[str, ...], bad: bool, told: float) -> None:
    """The value that lies furthest on the bad side is told, with its threshold."""
    with answering(vector(*values)) as asked:
        check = check_of("prometheus", url=asked.url, query="up", op=op, value=2, status="degraded_performance")
        (found,) = look(check, context)

    assert found.outcome is (Outcome.DEGRADED if bad else OPERATIONAL)
    assert found.figures == {"value": told, "threshold": 2}
    assert found.took_seconds is None


@pytest.mark.parametrize(
    ("status", "body", "note"),
    [
        (400, {"errorType": "bad_data", "error": f"parse error at {CANARY}"}, "the monitoring answers 400 (bad_data)"),
        (401, b"no", "the monitoring answers 401"),
        (302, b"", "the monitoring answers 302"),
        (503, {"errorType": f"x {CANARY}"}, "the monitoring answers 503"),
        (500, [1], "the monitoring answers 500"),
    ],
)
def test_errors(context: ProbeContext, status: int, body: object, note: str) -> None:
    """An error of the monitoring is none of the service; what it says is repeated no further than it is known."""
    with answering(body, status) as asked:
        (found,) = look(check_of("prometheus", url=asked.url, query="up", value=1), context)

    assert (found.outcome, found.note) == (UNKNOWN, note)


@pytest.mark.parametrize("serve", [hang, reset, drip, says(b"HTTP/1.1 200 OK\r\n\r\n{"), says(b"220 mx\r\n")])
def test_broken_connections(context: ProbeContext, serve: Serve) -> None:
    """However the monitoring hangs, drips or breaks off, that says nothing of the service, and ends in time."""
    began = time.monotonic()
    with serving(serve) as port:
        check = check_of("prometheus", url=f"http://127.0.0.1:{port}", query="up", value=1, timeout="1s")
        (found,) = look(check, context)

    assert found.outcome is UNKNOWN
    assert found.note
    assert time.monotonic() - began < 10


def test_nobody_there(context: ProbeContext) -> None:
    """Monitoring that is down says nothing of the service."""
    url = f"http://127.0.0.1:{free_ports(1)[0]}"

    (found,) = look(check_of("prometheus", url=url, query="up", value=1), context)

    assert found.outcome is UNKNOWN
    assert found.note.startswith("the monitoring cannot be queried: [Errno 111]")


@pytest.mark.parametrize(
    ("pair", "outcome"), [("valid", OPERATIONAL), ("expired", UNKNOWN), ("wrong_name", UNKNOWN), ("untrusted", UNKNOWN)]
)
def test_encrypted(context: ProbeContext, certificates: Certificates, pair: str, outcome: Outcome) -> None:
    """Over TLS the certificate must be right; if it is not, nothing is asked, and nothing known."""
    with answering(vector("5"), pair=getattr(certificates, pair)) as asked:
        written = {"url": asked.url, "ca_file": certificates.ca_file, "query": "up", "value": 10}
        (found,) = look(check_of("prometheus", **written), context)

    assert (found.outcome, len(asked.questions)) == (outcome, 1 if outcome is OPERATIONAL else 0)


def test_logins(context: ProbeContext, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A password or a token comes from the environment or a file, and goes nowhere but into its header."""
    monkeypatch.setitem(os.environ, "PROBE_CANARY", CANARY)
    token = tmp_path / "token"
    token.write_text(f"{CANARY}\n")
    token.chmod(0o600)
    logins = [{"username": "zrh", "password_env": "PROBE_CANARY"}, {"bearer_token_file": token}]

    with answering({}, 403) as asked:
        checks = [check_of("prometheus", url=asked.url, query="up", value=1, **login) for login in logins]
        found = [look(check, context) for check in checks]

    basic = base64.b64encode(f"zrh:{CANARY}".encode()).decode()
    assert asked.authorizations == [f"Basic {basic}", f"Bearer {CANARY}"]
    assert CANARY not in repr((found, checks))


def test_secret_that_is_not_there(context: ProbeContext) -> None:
    """A secret that cannot be had says nothing of the service, and names its place."""
    login = {"username": "zrh", "password_env": "NO_SUCH_VARIABLE"}

    (found,) = look(check_of("prometheus", url="http://127.0.0.1:9", query="up", value=1, **login), context)

    assert (found.outcome, found.note) == (UNKNOWN, "the environment has no NO_SUCH_VARIABLE")


def file_of(folder: Path, text: str) -> dict[str, object]:
    """Return how a token in a file of its own is written."""
    file = folder / "token"
    file.write_bytes(text.encode("utf-8", "surrogateescape"))
    file.chmod(0o600)
    return {"bearer_token_file": file}


@pytest.mark.parametrize("kind", ["prometheus", "alertmanager"])
@pytest.mark.parametrize("place", ["env", "file"])
@pytest.mark.parametrize("token", [f"{CANARY} ", f" {CANARY}", f"{CANARY}\tx", f"{CANARY}é", f"{CANARY}\x7f"])
def test_token_that_no_header_holds(
    context: ProbeContext, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, place: str, token: str
) -> None:
    """A token that cannot be sent is named by its place, is sent to nobody, and is not repeated in any form."""
    monkeypatch.setitem(os.environ, "PROBE_CANARY", token)
    login = {"bearer_token_env": "PROBE_CANARY"} if place == "env" else file_of(tmp_path, token)
    options = {"query": "up", "value": 1} if kind == "prometheus" else {}
    service = {"services": ["gateway"]} if kind == "alertmanager" else {"service": "gateway"}
    with answering(vector("5")) as asked:
        written = {"name": "it", "kind": kind, "url": asked.url, **service, **options, **login}
        plan, faults = parse({"probers": ["zrh1"], "checks": [written_as_text(written)]}, {"gateway": ()})
        (found,) = look(plan.checks[0], context)

    named = "PROBE_CANARY" if place == "env" else str(tmp_path / "token")
    assert faults == []
    assert (found.outcome, found.note) == (UNKNOWN, f"{named}: {UNSENDABLE}")
    assert asked.questions == []


def written_as_text(options: dict[str, object]) -> dict[str, Raw]:
    """Return options as YAML has them."""
    return {key: value if isinstance(value, list) else str(value) for key, value in options.items()}


@pytest.mark.parametrize(
    "token", [f"{CANARY}\nX-Evil: 1", f"{CANARY}\r\n", pytest.param(f"{CANARY}\udcff", id="no UTF-8")]
)
def test_variable_that_no_header_holds(context: ProbeContext, monkeypatch: pytest.MonkeyPatch, token: str) -> None:
    """A variable with several lines, or with bytes that are no text, is named with what is wrong with it."""
    monkeypatch.setitem(os.environ, "PROBE_CANARY", token)
    check = check_of("prometheus", url="http://127.0.0.1:9", query="up", value=1, bearer_token_env="PROBE_CANARY")

    (found,) = look(check, context)

    said = " in the environment is not UTF-8; set it again as UTF-8" if "\udcff" in token else f": {UNSENDABLE}"
    assert (found.outcome, found.note) == (UNKNOWN, f"PROBE_CANARY{said}")


def test_token_that_is_repeated(context: ProbeContext, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a library says of an answer is not repeated: the answer may hold the token."""
    monkeypatch.setitem(os.environ, "PROBE_CANARY", CANARY)

    with serving(says(f"HTTP/1.1 200 OK\r\nAuthorization : Bearer {CANARY}\r\n\r\n".encode())) as port:
        url = f"http://127.0.0.1:{port}"
        check = check_of("prometheus", url=url, query="up", value=1, bearer_token_env="PROBE_CANARY")
        (found,) = look(check, context)

    assert (found.outcome, found.note) == (UNKNOWN, "the monitoring cannot be queried: illegal header line")


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ({"url": "ftp://127.0.0.1"}, "bad-url"),
        ({"url": "http://[::1"}, "bad-url"),
        ({"url": "http://127.0.0.1:99999"}, "bad-url"),
        ({"url": f"http://127.0.0.1/?token={CANARY}"}, "bad-url"),
        ({"url": "http://zrh:x@127.0.0.1"}, "plain-secret"),
        ({"url": f"zrh:{CANARY}@127.0.0.1"}, "plain-secret"),
        ({"url": f"http:/zrh:{CANARY}@127.0.0.1"}, "plain-secret"),
        ({"op": "=~"}, "unknown-value"),
        ({"value": "many"}, "wrong-type"),
        ({"username": "zrh"}, "missing-key"),
        ({"password_env": "X"}, "missing-key"),
        ({"username": "zrh", "password_env": "X", "bearer_token_env": "Y"}, "wrong-type"),
        ({"password": CANARY}, "plain-secret"),
        ({"labels": "x"}, "unknown-key"),
    ],
    ids=str,
)
def test_faults(written: dict[str, str], code: str) -> None:
    """What cannot be meant is refused with its place."""
    check = {"name": "it", "kind": "prometheus", "service": "gateway", "query": "up", "value": "1"}
    plan = {"probers": ["zrh1"], "checks": [{**check, "url": "http://127.0.0.1:9090", **written}]}

    _, faults = parse(plan, {"gateway": ()})

    assert [fault.code for fault in faults] == [code]
    assert CANARY not in repr(faults)


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of a real Prometheus."""
    with prometheus_alone(tmp_path_factory.mktemp("prometheus")) as url:
        yield url


@pytest.mark.parametrize(
    ("query", "outcome", "note"),
    [
        ("vector(5)", OPERATIONAL, ""),
        ("12", OUTAGE, ""),
        ("vector(12)", OUTAGE, ""),
        ("no_such_metric", UNKNOWN, "the query finds no series"),
        ("vector(0) / 0", UNKNOWN, "a value is not a number"),
        ("vector(1) / 0", UNKNOWN, "a value is not a number"),
        ("up[5m]", UNKNOWN, "the query finds no series"),
        ("vector(", UNKNOWN, "the monitoring answers 400 (bad_data)"),
    ],
)
@pytest.mark.parametrize("timeout", ["5s", "1500ms", "10s"])
def test_real_prometheus(
    context: ProbeContext, real: str, query: str, outcome: Outcome, note: str, timeout: str
) -> None:
    """A real Prometheus is understood, whatever length of time it is given."""
    check = check_of("prometheus", url=real, query=query, op=">", value=10, timeout=timeout)

    (found,) = look(check, context)

    assert (found.outcome, found.note) == (outcome, note)
