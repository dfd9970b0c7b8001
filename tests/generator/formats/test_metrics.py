"""metrics.txt, as Prometheus's own tools read it, and the settings for Prometheus that the documentation shows."""

from __future__ import annotations

import dataclasses
import json
import re
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from urllib.request import ProxyHandler, build_opener

import pytest
from prometheus_client.parser import text_string_to_metric_families

from generator import __version__
from generator.cli.clock import now
from generator.formats import metrics
from generator.formats.output import STAMP_EPOCH, fill
from generator.model import ServiceStatus
from tests.generator.formats.conftest import PROBED, observed

AT = "2024-02-20 08:00"
LONG_SECONDS = 120
"""Nothing here takes so long, unless it never comes."""
OPEN = """\
services: {archive: major_outage}
updates:
  - {at: 2024-02-19 00:00, status: investigating, next_update: 2024-02-19 12:00}
"""
SLOW = "services: {gateway: degraded_performance}\nupdates:\n  - {at: 2024-02-20 08:30, status: identified}\n"
WORK = """\
kind: maintenance
services: [upstream]
window: {{from: {start}, to: {end}}}
updates:
  - at: 2024-02-01 08:00
"""
UNDER_WAY = WORK.format(start="2024-02-20 08:00", end="2024-02-20 10:00")
UPCOMING = WORK.format(start="2024-02-25 08:00", end="2024-02-25 10:00")
EVERYTHING = {"open": OPEN, "slow": SLOW, "under-way": UNDER_WAY, "upcoming": UPCOMING}

SEEN = {
    "zrh": observed("zrh", "2024-02-20 07:59", {"mx": "2024-02-20 07:58:30", "page": None}),
    "gva": observed("gva", "2024-02-20 07:59", {"mx": "2024-02-20 07:40"}),
}
"""One check holds, one is stale, one had no result yet."""

promtool = pytest.mark.skipif(
    shutil.which("promtool") is None, reason="there is no promtool (apt-get install prometheus)"
)
prometheus = pytest.mark.skipif(
    shutil.which("prometheus") is None, reason="there is no prometheus (apt-get install prometheus)"
)

Samples = dict[tuple[str, frozenset[tuple[str, str]]], float]


def written(edition: Any, *, built: datetime = datetime(2024, 2, 20, 8, 0, tzinfo=UTC)) -> bytes:
    """Return the file as it is published."""
    (output,) = metrics.outputs(edition)
    return fill(output.render(), iso=b"-", time=b"-", epoch=str(int(built.timestamp())).encode())


def samples(data: bytes) -> Samples:
    """Return what the official parser reads, by name and labels."""
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(data.decode())
        for sample in family.samples
    }


def value(read: Samples, name: str, **labels: str) -> float:
    """Return the value of one sample."""
    return read[f"lagebild_{name}", frozenset(labels.items())]


def snippet(checkout: Path, first_key: str) -> str:
    """Return the YAML of the documentation that begins with a key."""
    text = (checkout / "docs/how-to/monitor.md").read_text("utf-8")
    (found,) = re.findall(rf"^```yaml\n({first_key}:\n.*?)^```", text, re.DOTALL | re.MULTILINE)
    return str(found)


def test_a_state_set_has_one_state(press: Any) -> None:
    """Of the five statuses of a service exactly one is 1, and so of the page, where upstream does not count."""
    edition = press.edition(AT, {**EVERYTHING, "cut": "services: {upstream: major_outage}\n" + OPEN.split("\n", 1)[1]})

    read = samples(written(edition))

    statuses = {
        id_: [value(read, "service_status", service=id_, group="all", status=status) for status in ServiceStatus]
        for id_ in ("gateway", "archive", "upstream")
    }
    assert statuses == {"gateway": [0, 0, 1, 0, 0], "archive": [0, 0, 0, 0, 1], "upstream": [0, 0, 0, 0, 1]}
    assert [value(read, "page_status", status=status) for status in ServiceStatus] == [0, 0, 0, 0, 1]


def test_incidents_and_maintenance_are_counted(press: Any) -> None:
    """Open incidents count by impact, those whose promised word is overdue once more; maintenance by its stage."""
    read = samples(written(press.edition(AT, EVERYTHING)))

    by_impact = {
        impact: value(read, "open_incidents", impact=impact)
        for impact in ("none", "maintenance", "minor", "major", "critical")
    }
    assert by_impact == {"none": 0, "maintenance": 0, "minor": 1, "major": 0, "critical": 1}
    assert value(read, "overdue_incidents") == 1
    assert value(read, "maintenance_under_way") == 1
    assert value(read, "maintenance_upcoming") == 1


def test_every_second_of_a_window_is_in_a_state(press: Any) -> None:
    """The seconds of a window add up to its days; those before the record began are in none of the five statuses."""
    edition = press.edition("2024-02-20 08:00", EVERYTHING)

    read = samples(written(edition))

    states = [*ServiceStatus, "not_recorded"]
    seconds = {state: value(read, "service_seconds", service="archive", days="90", state=state) for state in states}
    assert sum(seconds.values()) == 90 * 86_400
    assert seconds["major_outage"] == 86_400
    assert seconds["not_recorded"] == (90 - 50) * 86_400
    assert value(read, "service_uptime_ratio", service="archive", days="90") == 0.98


def test_what_is_not_recorded_has_no_uptime(press: Any) -> None:
    """A window with nothing on record has no ratio, rather than a good one."""
    edition = press.edition("2023-11-01 08:00", {})

    read = samples(written(edition))

    assert ("lagebild_service_uptime_ratio", frozenset({("service", "archive"), ("days", "7")})) not in read
    assert value(read, "service_uptime_ratio", service="gateway", days="7") == 1


def test_until_when_to_believe_it(press: Any) -> None:
    """The file says when it was built, how long that holds, when a fact changes next, and by which version."""
    edition = press.edition(AT, {})

    read = samples(written(edition))

    assert value(read, "generated_timestamp_seconds") == datetime(2024, 2, 20, 8, 0, tzinfo=UTC).timestamp()
    assert value(read, "validity_seconds") == 2 * 15 * 60
    assert value(read, "next_transition_timestamp_seconds") == datetime(2024, 2, 20, 23, 0, tzinfo=UTC).timestamp()
    assert value(read, "info", version=__version__) == 1


def test_faulty_files_are_counted(press: Any) -> None:
    """A monitoring system learns that a file was left out."""
    edition = dataclasses.replace(press.edition(AT, {}), faulty=("incidents/2024/x.yaml",))

    assert value(samples(written(edition)), "faulty_files") == 1


def test_checks_tell_until_when_they_hold(press: Any) -> None:
    """Each check of each prober tells its last result, if there was one, and from when on it says nothing any more."""
    read = samples(written(press.edition(AT, {}, site=PROBED, observations=SEEN)))

    told = {
        (labels["check"], labels["prober"], name.removeprefix("lagebild_check_")): datetime.fromtimestamp(at, UTC)
        for (name, pairs), at in read.items()
        if name.startswith("lagebild_check_")
        for labels in (dict(pairs),)
    }
    assert {key: f"{at:%H:%M:%S}" for key, at in told.items()} == {
        ("mx", "zrh", "last_result_timestamp_seconds"): "07:58:30",
        ("mx", "zrh", "stale_after_timestamp_seconds"): "08:03:30",
        ("mx", "gva", "last_result_timestamp_seconds"): "07:40:00",
        ("mx", "gva", "stale_after_timestamp_seconds"): "07:45:00",
        ("page", "zrh", "stale_after_timestamp_seconds"): "08:04:00",
    }


def test_the_build_time_is_the_only_slot(press: Any) -> None:
    """The file has one slot, so a rebuild without news need not render it."""
    (output,) = metrics.outputs(press.edition(AT, EVERYTHING))

    data = output.render()

    assert output.stamped
    assert output.path == "metrics.txt"
    assert data.count(STAMP_EPOCH) == 1
    assert data.count(b"\x1a") == 2


def test_nothing_else_changes_between_two_transitions(press: Any) -> None:
    """Until the next transition the digest and the bytes stay the same; from then on they differ."""
    first = press.edition(AT, EVERYTHING)
    edge = first.facts.next_transition
    editions = [
        first,
        *(press.edition(f"{at:%Y-%m-%d %H:%M:%S}", EVERYTHING) for at in (edge - timedelta(seconds=1), edge)),
    ]

    (now_, before, after) = (next(metrics.outputs(edition)) for edition in editions)

    assert (now_.inputs, now_.render()) == (before.inputs, before.render())
    assert now_.inputs != after.inputs
    assert now_.render() != after.render()


@promtool
def test_promtool_has_nothing_to_say(press: Any) -> None:
    """Prometheus's own linter accepts the file without a remark."""
    checked = subprocess.run(
        ["promtool", "check", "metrics"],
        input=written(press.edition(AT, EVERYTHING, site=PROBED, observations=SEEN)),
        capture_output=True,
        check=False,
    )

    assert (checked.returncode, checked.stdout, checked.stderr) == (0, b"", b"")


def series(press: Any) -> list[dict[str, str]]:
    """Return every sample of a site as promtool takes it, for 90 minutes from the build, which is at its time 0."""
    built = datetime(2024, 2, 20, 8, 0, tzinfo=UTC)
    edition = press.edition(AT, EVERYTHING, site=PROBED, observations=SEEN)
    read = samples(written(dataclasses.replace(edition, faulty=("incidents/2024/x.yaml",)), built=built))
    found = [{"series": 'up{job="status", instance="example"}', "values": "1x90 0x30"}]
    for (name, labels), value_ in read.items():
        named = ", ".join(f'{label}="{text}"' for label, text in sorted({*labels, *SCRAPED.items()}))
        number = value_ - built.timestamp() if name.endswith("_timestamp_seconds") else value_
        found.append({"series": f"{name}{{{named}}}", "values": f"{number:.6f}x90"})
    return found


SCRAPED = {"job": "status", "instance": "example"}
DOWN = {"severity": "critical", "service": "archive", "group": "all", "status": "major_outage"}
PAGE, MX = (
    {"severity": "warning", "service": service, "check": check}
    for service, check in (("archive", "page"), ("gateway", "mx"))
)
ALERTS: Sequence[tuple[int, str, Sequence[Mapping[str, str]]]] = (
    (29, "StatusPublisherSilent", []),
    (31, "StatusPublisherSilent", [{"severity": "critical"}]),
    (29, "ServiceDown", [DOWN]),
    (31, "ServiceDown", []),
    (3, "ProbesSilent", []),
    (4, "ProbesSilent", [PAGE, MX]),
    (31, "ProbesSilent", []),
    (29, "StatusContentFaulty", [{"severity": "warning"}]),
    (90, "StatusPageUnreachable", []),
    (120, "StatusPageUnreachable", [{"severity": "warning"}]),
)
"""At which minute which alert fires for what; the site holds for 30 minutes."""


@promtool
def test_the_alerts_follow_the_heartbeat_rule(checkout: Path, press: Any, tmp_path: Path) -> None:
    """With a site's own samples, a silent publisher raises an alert, and an outage it told of no longer counts then."""
    rules = (checkout / "docs/grafana/alerts.yml").read_text("utf-8")
    said = dict(re.findall(r'alert: (\w+)\n.*?summary: "(.*?)"\n', rules, re.DOTALL))
    expected = []
    for minute, alert, fired in ALERTS:
        alerts = []
        for labels in fired:
            every = {**SCRAPED, **labels}
            words = re.sub(r"\{\{ \$labels\.(\w+) \}\}", lambda hit, every=every: every[hit[1]], said[alert])
            alerts.append({"exp_labels": every, "exp_annotations": {"summary": words}})
        expected.append({"eval_time": f"{minute}m", "alertname": alert, "exp_alerts": alerts})
    tests = [{"interval": "1m", "input_series": series(press), "alert_rule_test": expected}]
    (tmp_path / "alerts.yml").write_text(rules)
    (tmp_path / "test.yml").write_text(
        json.dumps({"rule_files": ["alerts.yml"], "evaluation_interval": "1m", "tests": tests})
    )

    checked, tested = (
        subprocess.run(["promtool", *what], cwd=tmp_path, capture_output=True, text=True, check=False)
        for what in (["check", "rules", "alerts.yml"], ["test", "rules", "test.yml"])
    )

    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert tested.returncode == 0, tested.stdout + tested.stderr
    assert set(said) == {alert for _, alert, _ in ALERTS}


def queries(checkout: Path) -> dict[str, str]:
    """Return the queries of the dashboard by panel and letter, for all sites."""
    dashboard = json.loads((checkout / "docs/grafana/dashboard.json").read_text("utf-8"))
    return {
        f"{panel['id']}{target['refId']}": target["expr"].replace("$job", ".+").replace("$site", ".+")
        for panel in dashboard["panels"]
        for target in panel["targets"]
    }


def test_the_dashboard_is_one_that_grafana_imports(checkout: Path) -> None:
    """It has what an import asks for, a data source to choose, and panels that do not overlap."""
    dashboard = json.loads((checkout / "docs/grafana/dashboard.json").read_text("utf-8"))
    panels = dashboard["panels"]
    cells = [
        (x, y)
        for at in (panel["gridPos"] for panel in panels)
        for x in range(at["x"], at["x"] + at["w"])
        for y in range(at["y"], at["y"] + at["h"])
    ]

    assert dashboard["id"] is None
    assert {"uid", "title", "schemaVersion", "version", "time", "templating", "panels"} <= set(dashboard)
    assert [variable["name"] for variable in dashboard["templating"]["list"]] == ["datasource", "job", "site"]
    assert {panel["datasource"]["uid"] for panel in panels} == {"${datasource}"}
    assert len({panel["id"] for panel in panels}) == len(panels)
    assert len(set(cells)) == len(cells)
    assert max(x for x, _ in cells) < 24


@promtool
def test_the_dashboard_shows_what_there_is(checkout: Path, press: Any, tmp_path: Path) -> None:
    """Each query names metrics of the file only and finds something; no state is shown that is not to be believed."""
    asked = queries(checkout)
    rules = [{"record": f"panel:{name}", "expr": query} for name, query in asked.items()]
    bare = [f"count(panel:{name}) > bool 0" for name in asked]
    states = [name for name in asked if name[0] in "234"]
    expected = [
        *({"expr": query, "eval_time": "29m", "exp_samples": [{"labels": "{}", "value": 1}]} for query in bare),
        *({"expr": f"panel:{name}", "eval_time": "31m", "exp_samples": []} for name in states),
        *(
            {
                "expr": f'panel:4A{{service="{service}"}}',
                "eval_time": "29m",
                "exp_samples": [
                    {"labels": f'panel:4A{{instance="example", job="status", service="{service}"}}', "value": state}
                ],
            }
            for service, state in (("gateway", 2), ("archive", 4), ("upstream", 1))
        ),
    ]
    groups = [{"name": "dashboard", "rules": rules}]
    tests = [{"interval": "1m", "input_series": series(press), "promql_expr_test": expected}]
    (tmp_path / "rules.yml").write_text(json.dumps({"groups": groups}))
    (tmp_path / "test.yml").write_text(
        json.dumps({"rule_files": ["rules.yml"], "evaluation_interval": "1m", "tests": tests})
    )

    tested = subprocess.run(
        ["promtool", "test", "rules", "test.yml"], cwd=tmp_path, capture_output=True, text=True, check=False
    )

    assert {name for query in asked.values() for name in re.findall(r"lagebild_\w+", query)} <= set(metrics.METRICS)
    assert tested.returncode == 0, tested.stdout + tested.stderr


def test_every_metric_is_documented(checkout: Path) -> None:
    """The table of the documentation has every metric with its labels, and no other."""
    text = (checkout / "docs/how-to/monitor.md").read_text("utf-8")

    documented = re.findall(r"^\| `(lagebild_\w+)` \| ([^|]*) ?\|", text, re.MULTILINE)

    assert {name: tuple(re.findall(r"`(\w+)`", labels)) for name, labels in documented} == {
        name: metric.labels for name, metric in metrics.METRICS.items()
    }


@promtool
def test_the_documented_scrape_is_valid(checkout: Path, tmp_path: Path) -> None:
    """The shown settings are a whole configuration that Prometheus accepts, with the rules beside them."""
    shutil.copy(checkout / "docs/grafana/alerts.yml", tmp_path)
    (tmp_path / "prometheus.yml").write_text("rule_files: [alerts.yml]\n" + snippet(checkout, "scrape_configs"))

    checked = subprocess.run(
        ["promtool", "check", "config", "prometheus.yml"], cwd=tmp_path, capture_output=True, text=True, check=False
    )

    assert checked.returncode == 0, checked.stdout + checked.stderr


class Quiet(SimpleHTTPRequestHandler):
    """A static file server that says nothing on stderr."""

    def log_message(self, *arguments: object) -> None:
        """Keep silent."""


@pytest.fixture
def site(tmp_path: Path) -> Iterator[tuple[Path, int]]:
    """Return an empty folder, and the port of loopback that it is served from."""
    folder = tmp_path / "site"
    folder.mkdir()
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder))) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield folder, server.server_port
        server.shutdown()
        thread.join()


Query = Callable[[str], float | None]


@pytest.fixture
def query(site: tuple[Path, int], checkout: Path, tmp_path: Path) -> Iterator[Callable[[], Query]]:
    """Return what starts a Prometheus with the documented scrape on loopback; it asks it, and ends with the test."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    config = snippet(checkout, "scrape_configs").replace("status.example.ch", f"127.0.0.1:{site[1]}")
    config = config.replace("scheme: https", "scheme: http").replace("scrape_interval: 1m", "scrape_interval: 1s")
    (tmp_path / "prometheus.yml").write_text(config)
    command = [
        "prometheus",
        f"--config.file={tmp_path / 'prometheus.yml'}",
        f"--storage.tsdb.path={tmp_path / 'data'}",
        f"--web.listen-address=127.0.0.1:{port}",
    ]
    opened = build_opener(ProxyHandler({})).open
    started: list[subprocess.Popen[bytes]] = []

    def ask(expression: str) -> float | None:
        address = f"http://127.0.0.1:{port}/api/v1/query?{urlencode({'query': expression})}"
        try:
            with opened(address, timeout=LONG_SECONDS) as answer:
                found = json.load(answer)["data"]["result"]
        except OSError:
            return None
        return float(found[0]["value"][1]) if found else None

    def start() -> Query:
        with (tmp_path / "log").open("wb") as log:
            started.append(subprocess.Popen(command, cwd=tmp_path, stdout=log, stderr=log))
        return ask

    yield start
    for process in started:
        process.terminate()
        process.wait(LONG_SECONDS)


def eventually(found: Callable[[], float | None]) -> float | None:
    """Return what is there at last, however long it takes within reason."""
    deadline = time.monotonic() + LONG_SECONDS
    while (value_ := found()) is None and time.monotonic() < deadline:
        time.sleep(0.1)
    return value_


@pytest.mark.slow
@prometheus
def test_a_real_prometheus_scrapes_it(
    press: Any, site: tuple[Path, int], query: Callable[[], Query], tmp_path: Path
) -> None:
    """Prometheus, set up as documented, finds the file good and can tell its age and every state."""
    folder, _ = site
    (folder / "metrics.txt").write_bytes(written(press.edition(AT, EVERYTHING), built=now() - timedelta(minutes=7)))

    ask = query()

    log = tmp_path / "log"
    assert eventually(lambda: ask("max_over_time(up[1h]) == 1")) == 1, log.read_text()
    assert ask("min_over_time(up[1h])") == 1
    assert 420 <= (ask("time() - lagebild_generated_timestamp_seconds") or 0) < 420 + 2 * LONG_SECONDS
    assert ask('sum(lagebild_service_status{status="major_outage"})') == 1
    assert ask("sum(lagebild_open_incidents)") == 2
