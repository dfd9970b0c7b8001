"""Prometheus, blackbox_exporter and Alertmanager as the probers: from a port that closes to the page, and back."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import re
import signal
import subprocess
import textwrap
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from probes.loop.runner import Prober
from probes.memory.store import opened
from probes.model import Outcome, Plan
from probes.outlets.tree import TreeOutlet
from probes.spec import Fault, parse
from tests.conftest import CHECKOUT, Lagebild
from tests.probes.conftest import now
from tests.probes.lab.certificates import Certificates
from tests.probes.lab.faulty import serving
from tests.probes.lab.monitoring import SHOWN, Monitoring, monitoring
from tests.probes.lab.prober import published
from tests.probes.lab.processes import free_ports, needs
from tests.probes.lab.scripted import smtp

pytestmark = pytest.mark.slow

OPERATIONAL, OUTAGE, UNKNOWN = Outcome.OPERATIONAL, Outcome.OUTAGE, Outcome.UNKNOWN
SERVICE = "domain-gateway"
SERVICES: Mapping[str, Sequence[str]] = {SERVICE: (), "outbound-scanner": ()}
PLAN = """
probes:
  probers: [zrh1]
  checks:
    - name: prometheus
      kind: alertmanager
      url: http://127.0.0.1:{port}
      settle: {settle}s
      services: [domain-gateway]
"""
WORDS = {
    "de": ("Der Dienst nimmt keine Verbindungen an", "Unsere Messpunkte erreichen den Dienst nicht."),
    "fr": ("Le service n’accepte pas de connexions", "Nos points de mesure n’atteignent pas le service."),
    "en": ("The service does not accept connections", "Our measuring points cannot reach the service."),
}


@pytest.mark.parametrize(
    ("program", "arguments"),
    [
        ("promtool", ["check", "rules", "rules.yml"]),
        ("promtool", ["check", "config", "prometheus.yml"]),
        ("amtool", ["check-config", "alertmanager.yml"]),
        ("prometheus-blackbox-exporter", ["--config.check", "--config.file", "blackbox.yml"]),
    ],
)
def test_configuration_is_sound(program: str, arguments: list[str]) -> None:
    """What the docs show is accepted by the programs it is for."""
    needs(program)

    ended = subprocess.run([program, *arguments], cwd=SHOWN, capture_output=True, text=True, check=False)

    assert ended.returncode == 0, ended.stdout + ended.stderr


def series(name: str, values: str, **labels: str) -> dict[str, str]:
    """Return a series of samples, one every half minute (promtool's notation)."""
    shown = ", ".join(f'{label}="{value}"' for label, value in labels.items())
    return {"series": f"{name}{{{shown}}}", "values": values}


def measured(places: str) -> list[dict[str, str]]:
    """Return what measuring points see of a target: each 0, 1 or, if it does not answer itself, `-`."""
    target = {"status_service": SERVICE, "status_impact": "outage", "instance": "mx.example.ch:25"}
    found = []
    for number, seen in enumerate(places.split()):
        named = {"job": f"status-place{number}", "place": f"place{number}", **target}
        found.append(series("up", "0x40" if seen == "-" else "1x40", **named))
        found += [] if seen == "-" else [series("probe_success", f"{seen}x40", **named)]
    return found


@pytest.mark.parametrize(
    ("places", "down", "awake"),
    [
        ("1", False, True),
        ("0", True, True),
        ("0 1", False, True),
        ("0 0", True, True),
        ("0 1 1", False, True),
        ("0 0 1", True, True),
        ("0 0 -", True, True),
        ("0 1 -", False, True),
        ("-", False, False),
        ("0 -", True, False),
        ("1 - -", False, False),
        ("- - -", False, False),
        ("", False, False),
    ],
)
def test_rules(tmp_path: Path, places: str, down: bool, awake: bool) -> None:
    """An alert fires if most places that answer see the target down; the watchdog, if most places answer at all."""
    needs("promtool")
    labels = {"status_service": SERVICE, "status_impact": "outage", "instance": "mx.example.ch:25"}
    alert = {"exp_labels": labels, "exp_annotations": rule("ServiceDown")["annotations"]}
    expected = [
        {"eval_time": "10m", "alertname": "ServiceDown", "exp_alerts": [alert] if down else []},
        {"eval_time": "10m", "alertname": "Watchdog", "exp_alerts": [{"exp_labels": {}}] if awake else []},
    ]
    test = {"interval": "30s", "input_series": measured(places), "alert_rule_test": expected}
    cases = {"rule_files": [str(SHOWN / "rules.yml")], "evaluation_interval": "30s", "tests": [test]}
    (tmp_path / "test.yml").write_text(yaml.safe_dump(cases, allow_unicode=True), "utf-8")

    ended = subprocess.run(
        ["promtool", "test", "rules", "test.yml"], cwd=tmp_path, capture_output=True, text=True, check=False
    )

    assert ended.returncode == 0, ended.stdout + ended.stderr


def rules() -> list[dict[str, Any]]:
    """Return the rules that the docs show."""
    return list(yaml.safe_load((SHOWN / "rules.yml").read_text("utf-8"))["groups"][0]["rules"])


def rule(name: str) -> dict[str, Any]:
    """Return one of them."""
    return next(one for one in rules() if one["alert"] == name)


def test_watchdog_comes_last() -> None:
    """After a restart of Prometheus the watchdog fires later than every other rule that has to."""
    waits = {one["alert"]: int(one["for"].removesuffix("m")) for one in rules()}

    assert waits.pop("Watchdog") >= max(waits.values()) + 2


@pytest.mark.parametrize("place", range(3))
def test_examples(place: int) -> None:
    """Each example of the how-to is a plan without a fault."""
    page = (CHECKOUT / "docs" / "how-to" / "prometheus.md").read_text("utf-8")
    examples = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)

    plan, faults = _plan(textwrap.dedent(examples[place]))

    assert faults == []
    assert len(examples) == 3
    assert len(plan.checks) == 1


class Tree:
    """A tree whose only prober asks Alertmanager, and what it has come to."""

    def __init__(self, folder: Path, port: int, *, settle_seconds: int, good_for_seconds: float) -> None:
        """It closes after `good_for_seconds`, so that nobody need wait for minutes."""
        self.folder = folder / "tree"
        (self.folder / "incidents").mkdir(parents=True)
        plan = PLAN.format(port=port, settle=settle_seconds)
        (self.folder / "status.yaml").write_text((CHECKOUT / "status.yaml").read_text("utf-8") + plan, "utf-8")
        self.plan = _quick(plan, good_for_seconds)
        self.outcomes: list[Outcome] = []

    @property
    def events(self) -> list[str]:
        """Return the events that are published."""
        return [event.event.value for event in published(self.folder)]

    def look(self) -> Outcome:
        """Let the prober look once; return what it found."""
        state = self.folder / ".lagebild" / "probes" / "zrh1"
        with opened(state / "store.sqlite") as store:
            prober = Prober("zrh1", self.plan, store, TreeOutlet(self.folder), state, now=now, tell=lambda _line: None)
            ((_, (result,)),) = asyncio.run(prober.once())
        self.outcomes.append(result.outcome)
        return result.outcome

    def look_until(self, true: Callable[[Outcome], bool], seconds: float = 60) -> None:
        """Look again and again until a look finds what it should."""
        limit = time.monotonic() + seconds
        while not true(self.look()):
            assert time.monotonic() < limit, f"it never came about; {self.outcomes[-9:]}"
            time.sleep(0.3)

    def look_for(self, seconds: float) -> None:
        """Look for a while."""
        until = time.monotonic() + seconds
        self.look_until(lambda _outcome: time.monotonic() > until)


def _plan(text: str) -> tuple[Plan, list[Fault]]:
    return parse(yaml.load(text, yaml.BaseLoader)["probes"], SERVICES)  # noqa: S506 - it makes nothing but texts


def _quick(plan: str, good_for_seconds: float) -> Plan:
    read, faults = _plan(plan)
    assert not faults
    (check,) = read.checks
    policy = replace(check.policy, good_for_seconds=good_for_seconds)
    return replace(read, checks=(replace(check, policy=policy),))


@contextlib.contextmanager
def watched(tmp_path: Path, certificates: Certificates, **patience: Any) -> Iterator[tuple[int, Monitoring, Tree]]:
    """Watch a port that nobody listens on until its alert has opened an incident."""
    (target,) = free_ports(1)
    home = tmp_path / "monitoring"
    home.mkdir()
    with monitoring(home, target, certificates) as running:
        tree = Tree(tmp_path, running.port, **patience)
        tree.look_until(OUTAGE.__eq__)
        assert tree.events == ["open"]
        yield target, running, tree


def pages(tree: Tree, lagebild: Lagebild) -> Mapping[str, str]:
    """Build the site; return the overview in each language."""
    built = lagebild("-C", tree.folder, "build")
    assert built.returncode == 0, built.stderr
    return {lang: (tree.folder / "site" / lang / "index.html").read_text("utf-8") for lang in WORDS}


def test_from_port_to_page(tmp_path: Path, lagebild: Lagebild, certificates: Certificates) -> None:
    """What a closed port sets off stands on the pages in the rule's words, in each language, until it opens again."""
    with watched(tmp_path, certificates, settle_seconds=1, good_for_seconds=1) as (target, _, tree):
        shown = pages(tree, lagebild)

        for lang, (title, body) in WORDS.items():
            assert title in shown[lang]
            assert body in shown[lang]

        with serving(smtp(certificates.valid), port=target):
            tree.look_until(lambda _outcome: len(tree.events) > 1)

        pages(tree, lagebild)
        status = json.loads((tree.folder / "site" / "status.json").read_text("utf-8"))
        assert sorted(tree.events) == ["close", "open"]
        assert (status["status"], status["incidents"]["open"]) == ("operational", [])


def test_frozen_prometheus(tmp_path: Path, certificates: Certificates) -> None:
    """A Prometheus that freezes until its alerts have run out, and goes on later, ends nothing."""
    with watched(tmp_path, certificates, settle_seconds=5, good_for_seconds=6) as (_, running, tree):
        prometheus = running.started["prometheus"].pid
        os.kill(prometheus, signal.SIGSTOP)
        tree.look_until(UNKNOWN.__eq__)
        tree.look_for(8)
        os.kill(prometheus, signal.SIGCONT)
        tree.look_until(OUTAGE.__eq__)
        tree.look_for(2)

        assert tree.events == ["open"]


def test_restarted_alertmanager(tmp_path: Path, certificates: Certificates) -> None:
    """An Alertmanager that was started anew, and knows no alert yet, ends nothing."""
    with watched(tmp_path, certificates, settle_seconds=30, good_for_seconds=0.1) as (_, running, tree):
        running.restart_alertmanager()
        tree.outcomes.clear()
        tree.look_until(OUTAGE.__eq__)

        assert UNKNOWN in tree.outcomes
        assert OPERATIONAL not in tree.outcomes
        assert tree.events == ["open"]
