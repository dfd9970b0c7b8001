"""`lagebild ingest alertmanager`: from the payload of a webhook to events in the tree."""

from __future__ import annotations

import copy
import json
import re
import shutil
import subprocess
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from generator.cli import main
from probes.events import Event, parse, path_of, serialize
from probes.model import Announce, Outcome, Reason
from probes.monitoring.webhook import MAX_BYTES, Intake, PayloadError, ingest
from tests.conftest import CHECKOUT, Lagebild

START, END = "2024-02-19T11:14:31.281195396Z", "2024-02-19T12:40:02Z"
NOW = datetime(2024, 2, 19, 13, tzinfo=UTC)
LABELS = {
    "alertname": "ServiceDown",
    "instance": "mx.example.ch:25",
    "status_impact": "outage",
    "status_service": "domain-gateway",
}
TITLES = {
    "de": "Der Eingang steht",
    "fr": "La réception est interrompue",
    "en": "Nothing comes in",
}
FINGERPRINT = "18e75a9227889124"
FIRING: dict[str, Any] = {
    "receiver": "lagebild",
    "status": "firing",
    "alerts": [
        {
            "status": "firing",
            "labels": LABELS,
            "annotations": {f"status_title_{language}": title for language, title in TITLES.items()},
            "startsAt": START,
            "endsAt": "0001-01-01T00:00:00Z",
            "generatorURL": "http://127.0.0.1:9090/graph",
            "fingerprint": FINGERPRINT,
        }
    ],
    "groupLabels": {},
    "commonLabels": LABELS,
    "commonAnnotations": {},
    "externalURL": "http://127.0.0.1:9093",
    "version": "4",
    "groupKey": "{}:{}",
    "truncatedAlerts": 0,
}
"""As Alertmanager 0.25 sends it."""
PLAN = "probes:\n  probers: [zrh1, gva1]\n"
ASKING = "  checks: [{name: alertmanager, kind: alertmanager, url: 'http://127.0.0.1:9093'}]\n"


def changed(resolved: bool = False, **alert: Any) -> dict[str, Any]:
    """Return the payload with something else in its only alert."""
    payload = copy.deepcopy(FIRING)
    payload["alerts"][0] |= {"status": "resolved", "endsAt": END} if resolved else {}
    payload["alerts"][0] |= alert
    return payload


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Return this repository's site with two probers and no incident."""
    (tmp_path / "incidents").mkdir()
    (tmp_path / "status.yaml").write_text((CHECKOUT / "status.yaml").read_text("utf-8") + PLAN, "utf-8")
    return tmp_path


def take_in(tree: Path, payload: object, *options: str) -> Result:
    """Run the command on a payload."""
    data = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    return CliRunner().invoke(
        main, ["-C", str(tree), "ingest", "alertmanager", "--prober", "zrh1", *options], input=data
    )


def files(tree: Path) -> dict[str, bytes]:
    """Return the event files of a tree by path."""
    found = sorted((tree / "incidents").rglob("*.json"))
    return {path.relative_to(tree).as_posix(): path.read_bytes() for path in found}


def events(tree: Path) -> list[Event]:
    """Return the events of a tree by path."""
    return [parse(data) for data in files(tree).values()]


def test_firing_alert(tree: Path) -> None:
    """A firing alert is an event file in the tree, with its words, from when it began; who sends it is sure of it."""
    done = take_in(tree, FIRING)

    assert (done.exit_code, done.stderr) == (0, "1 event\n")
    (event,) = events(tree)
    assert (event.event, event.service, event.status) == ("open", "domain-gateway", Outcome.OUTAGE)
    assert (event.reason, event.prober, event.check, event.kind) == (
        Reason.ALERT,
        "zrh1",
        "alertmanager",
        "alertmanager",
    )
    assert event.at == event.since == datetime(2024, 2, 19, 11, 14, 31, tzinfo=UTC)
    assert (event.probers, event.announce, event.title) == (1, Announce.AT_ONCE, TITLES)


def test_on_the_page(tree: Path, lagebild: Lagebild) -> None:
    """What was taken in stands on the pages, in the words of each language, though one of two probers says it alone."""
    take_in(tree, FIRING)

    built = lagebild("-C", tree, "build", "--now", "2024-02-19T13:00:00Z")

    assert built.returncode == 0, built.stderr
    for language, title in TITLES.items():
        assert title in (tree / "site" / language / "index.html").read_text("utf-8")


def test_same_payload_twice(tree: Path) -> None:
    """The same payload again, with other words even, is the same incident, and changes no file."""
    take_in(tree, FIRING)
    before = files(tree)

    again, other = take_in(tree, FIRING), take_in(tree, changed(annotations={"status_title_en": "Still nothing"}))

    assert (again.exit_code, other.exit_code) == (0, 0)
    assert files(tree) == before


def test_resolved_alert(tree: Path) -> None:
    """A resolved alert ends nothing by itself, and says so; a Prometheus that has frozen resolves its alerts too."""
    take_in(tree, FIRING)

    done = take_in(tree, changed(resolved=True))

    assert (done.exit_code, len(files(tree))) == (0, 1)
    assert done.stderr == (
        "warning: ServiceDown is resolved, which is not taken for recovered: see --trust-resolved\n0 events\n"
    )


def test_trusted_resolved_alert(tree: Path, lagebild: Lagebild) -> None:
    """With --trust-resolved it ends the incident that it opened, by the time that it says."""
    take_in(tree, FIRING)

    done = take_in(tree, changed(resolved=True), "--trust-resolved")

    open_, close = events(tree)
    assert done.exit_code == 0
    assert (close.event, close.id, close.since) == ("close", open_.id, datetime(2024, 2, 19, 12, 40, 2, tzinfo=UTC))
    lagebild("-C", tree, "build", "--now", "2024-02-19T13:00:00Z")
    status = json.loads((tree / "site" / "status.json").read_text("utf-8"))
    assert (status["status"], status["incidents"]["open"]) == ("operational", [])


@pytest.mark.parametrize(
    ("alert", "said"),
    [
        ({"endsAt": "0001-01-01T00:00:00Z"}, "ServiceDown is resolved, but not by a time that has passed"),
        ({"endsAt": "2024-02-19T13:06:00Z"}, "ServiceDown is resolved, but not by a time that has passed"),
        ({"endsAt": START}, "ServiceDown is resolved, but not by a time that has passed"),
        ({"endsAt": None}, "ServiceDown is resolved, but not by a time that has passed"),
        ({"startsAt": "2024-02-19T13:06:00Z"}, "ServiceDown begins in the future: the clocks differ"),
        ({"status": "pending"}, "ServiceDown is neither firing nor resolved"),
        ({"fingerprint": "x"}, "ServiceDown has no fingerprint"),
        ({"fingerprint": None}, "ServiceDown has no fingerprint"),
        (
            {"labels": {"alertname": "A\x1b[2J", "status_service": "b"}},
            'A [2J stands for "b", which is not in status.yaml',
        ),
        ({"labels": {"alertname": "A"}}, "1 of the alerts stand for no service"),
        ({"labels": {**LABELS, "status_impact": "maintenance"}}, "1 of the alerts stand for no service"),
        ({"startsAt": "now"}, "1 of the alerts stand for no service"),
    ],
    ids=str,
)
def test_no_event(alert: dict[str, Any], said: str) -> None:
    """An alert that stands for no service, or whose times cannot be, leads to no event but to a line that says so."""
    assert taken_in(changed(resolved=True, **alert), trust_resolved=True) == ([], [said])


def taken_in(payload: object, *, trust_resolved: bool = False) -> tuple[Sequence[Event], Sequence[str]]:
    """Return what a payload leads to at one o'clock."""
    desk = Intake(prober="zrh1", check="am", services=["domain-gateway", "mail-archive"], trust_resolved=trust_resolved)
    return ingest(json.dumps(payload).encode(), desk, NOW)


def test_several_alerts() -> None:
    """Each alert of a payload is an episode of its own, whatever its group; what was left out is said."""
    alerts = [
        changed(fingerprint=f"{number:016x}", labels={**LABELS, "status_service": service, "status_impact": "degraded"})
        for number, service in enumerate(["domain-gateway", "domain-gateway", "mail-archive"])
    ]
    payload = {**FIRING, "alerts": [one["alerts"][0] for one in alerts], "truncatedAlerts": 7}

    found, lines = taken_in(payload)

    assert len({event.id for event in found}) == len({path_of(event) for event in found}) == 3
    assert {event.announce for event in found} == {Announce.AFTER_10M}
    assert lines == ["7 alerts were left out: max_alerts of the receiver is too low"]


def test_doubtful_impact() -> None:
    """An impact that nobody knows counts as an outage, and is told of."""
    (event,), lines = taken_in(changed(labels={**LABELS, "status_impact": "huge"}))

    assert event.status is Outcome.OUTAGE
    assert lines == ['ServiceDown: status_impact "huge" is taken for major_outage']


@pytest.mark.parametrize(
    ("payload", "said"),
    [
        (b"", "it is not JSON (JSONDecodeError)"),
        (b"\xff\xfe\x00", "it is not JSON (UnicodeDecodeError)"),
        (b"[" * 100_000, "it is not JSON (RecursionError)"),
        (b"[]", 'it has no list "alerts"'),
        (b"{}", 'it has no list "alerts"'),
        (b'{"alerts": {}, "version": "4"}', 'it has no list "alerts"'),
        (b'{"alerts": [], "version": "3"}', 'its "version" is not "4"'),
        (b'{"alerts": []}', 'its "version" is not "4"'),
        (b" " * (MAX_BYTES + 1), f"it has more than {MAX_BYTES} bytes"),
    ],
    ids=range(9),
)
def test_no_payload(tree: Path, payload: bytes, said: str) -> None:
    """What is no payload is refused in one line, and nothing is written."""
    done = take_in(tree, payload)

    assert (done.exit_code, files(tree)) == (1, {})
    assert done.stderr == f"error: this is not the payload of an Alertmanager webhook: {said}\n"


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
keys = st.sampled_from([*FIRING["alerts"][0], "annotations"])


@given(
    st.dictionaries(keys, anything, max_size=3), st.dictionaries(st.sampled_from(list(FIRING)), anything, max_size=1)
)
def test_any_payload(alert: dict[str, Any], top: dict[str, Any]) -> None:
    """Whatever a payload holds, it is refused or leads to events that can be read again; the same each time."""
    payload = {**changed(**alert), **top}

    try:
        found, lines = taken_in(payload, trust_resolved=True)
    except PayloadError:
        return

    assert [parse(serialize(event)) for event in found] == found
    assert all(line.isprintable() for line in lines)
    assert taken_in(payload, trust_resolved=True) == (found, lines)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--check", "Not A Name"], "a name is made of lower-case letters, digits and hyphens"),
        (["--check", "x" * 101], "a name is made of lower-case letters, digits and hyphens"),
        (["--prober", "nowhere"], '"nowhere" is not a prober in status.yaml; --prober takes zrh1, gva1'),
        ([], "alertmanager is a check of status.yaml, which would not close this; --check takes another name"),
    ],
    ids=str,
)
def test_wrong_options(tree: Path, options: list[str], said: str) -> None:
    """A name that cannot be, or that a check bears which asks by itself, is a mistake in the call."""
    (tree / "status.yaml").write_text((tree / "status.yaml").read_text("utf-8") + ASKING, "utf-8")

    done = take_in(tree, FIRING, *options)

    assert (done.exit_code, files(tree)) == (2, {})
    assert said in done.stderr


def test_another_name_beside_a_check(tree: Path) -> None:
    """Under another name a source can be taken in beside a check that asks."""
    (tree / "status.yaml").write_text((tree / "status.yaml").read_text("utf-8") + ASKING, "utf-8")

    done = take_in(tree, FIRING, "--check", "partner")

    assert (done.exit_code, [event.check for event in events(tree)]) == (0, ["partner"])


def test_no_room(tree: Path) -> None:
    """What cannot be written is said, with exit 3, so that whoever sends it sends it again."""
    shutil.rmtree(tree / "incidents")
    (tree / "incidents").write_text("in the way")

    done = take_in(tree, FIRING)

    assert done.exit_code == 3
    assert done.stderr.endswith("; send it again\n")


def test_by_git(tree: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Where events go by git they are pushed; a repository that cannot be reached is exit 3."""
    remote = tmp_path_factory.mktemp("remote")
    subprocess.run(["git", "init", "--quiet", "--bare", str(remote)], check=True)
    plan = (tree / "status.yaml").read_text("utf-8")
    (tree / "status.yaml").write_text(f"{plan}  publish: git\n  git: {{remote: '{remote}'}}\n", "utf-8")

    done = take_in(tree, FIRING)
    pushed = subprocess.run(
        ["git", "-C", remote, "ls-tree", "-r", "--name-only", "main"], capture_output=True, text=True, check=True
    )
    shutil.rmtree(remote)
    refused = take_in(tree, FIRING)

    assert (done.exit_code, files(tree)) == (0, {})
    assert re.fullmatch(r"incidents/auto/2024/02/20240219T111431Z-zrh1-open-[0-9a-f]{16}\.json\n", pushed.stdout)
    assert refused.exit_code == 3
