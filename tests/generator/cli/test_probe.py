"""`lagebild probe`, as it is used."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from probes.events import EventKind
from tests.probes.lab.prober import published

LONG_SECONDS = 60
"""Nothing here takes so long, unless it never comes."""
Lagebild = Callable[..., subprocess.CompletedProcess[str]]

SITE = """\
name: Example
url: https://status.example.ch
feed_authority: example.ch,2026
time_zone: Europe/Zurich
languages: {en: en_GB}
groups: [{id: all, name: All}]
services: [{id: gateway, name: Gateway, group: all}, {id: digest, name: Digest, group: all}]
probes:
  probers: [PROBERS]
  checks:
"""
GATEWAY = '    - {name: mx, kind: nagios, service: gateway, command: [/bin/sh, -c, "exit CODE"], interval: 1s}\n'
DIGEST = "    - {name: digest, kind: heartbeat, service: digest, expect_every: 24h, interval: 1s}\n"


def write(tree: Path, *checks: str, probers: str = "zrh1", code: int = 0) -> None:
    """Write a site with some checks."""
    (tree / "incidents").mkdir(parents=True, exist_ok=True)
    text = SITE.replace("PROBERS", probers) + "".join(checks or (GATEWAY, DIGEST))
    aside = tree / "aside"
    aside.write_text(text.replace("CODE", str(code)))
    aside.replace(tree / "status.yaml")


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Return a tree with two checks, one of which is good while the other has never heard of its job."""
    write(tmp_path / "tree")
    return tmp_path / "tree"


def eventually(found: Callable[[], bool]) -> bool:
    """Return whether something comes true, however long it takes within reason."""
    deadline = time.monotonic() + LONG_SECONDS
    while not found():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True


def states(lagebild: Lagebild, tree: Path) -> dict[str, str]:
    """Return the last result of every check."""
    said = json.loads(lagebild("-C", tree, "probe", "status", "--format", "json").stdout)
    return {row["check"]: row["last_result"] for row in said["checks"]}


@pytest.fixture
def running(tree: Path, checkout: Path, tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen[bytes]]]:
    """Return a function that starts `probe run`; what it says goes to `said`, and what it started has ended."""
    started: list[subprocess.Popen[bytes]] = []

    def start(*arguments: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "generator", "-C", str(tree), "probe", "run", *arguments]
        with (tmp_path / "said").open("ab") as said:
            environment = {**os.environ, "PYTHONPATH": str(checkout)}
            process = subprocess.Popen(command, env=environment, stderr=said, stdin=subprocess.PIPE)
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def test_once(lagebild: Lagebild, tree: Path) -> None:
    """Every check is looked at once, and the table says what was found; the heartbeat has never been heard."""
    done = lagebild("-C", tree, "probe", "once")

    heading, mx, digest = done.stdout.splitlines()
    assert done.returncode == 0
    assert heading.split("  ")[0] == "CHECK"
    assert re.split(" {2,}", mx)[:3] == ["mx", "gateway", "operational"]
    assert re.split(" {2,}", mx)[5:] == ["good", re.split(" {2,}", mx)[6], "1 good"]
    assert re.split(" {2,}", digest)[:3] == ["digest", "digest", "unknown"]
    assert done.stderr == "warning: digest: it has never reported\n"


@pytest.mark.parametrize(("code", "status"), [(0, 0), (2, 1), (3, 0)])
def test_fail_on_bad(lagebild: Lagebild, tree: Path, code: int, status: int) -> None:
    """What is bad makes the command fail only if it is asked to, and what is unknown never does."""
    write(tree, GATEWAY, code=code)

    plain = lagebild("-C", tree, "probe", "once")
    strict = lagebild("-C", tree, "probe", "once", "--fail-on-bad")

    assert (plain.returncode, strict.returncode) == (0, status)


def test_status_before_anything(lagebild: Lagebild, tree: Path) -> None:
    """Before the first look the table has every check and no result, and nothing is written."""
    done = lagebild("-C", tree, "probe", "status")

    assert done.returncode == 0
    assert [re.split(" {2,}", line)[:3] for line in done.stdout.splitlines()[1:]] == [
        ["mx", "gateway", "-"],
        ["digest", "digest", "-"],
    ]
    assert sorted(path.name for path in tree.iterdir()) == ["incidents", "status.yaml"]


def test_status_for_programs(lagebild: Lagebild, tree: Path) -> None:
    """As JSON the status has everything with its type."""
    write(tree, GATEWAY, code=2)
    for _ in range(2):
        lagebild("-C", tree, "probe", "once")

    said = json.loads(lagebild("-C", tree, "probe", "status", "--format", "json").stdout)

    (row,) = said.pop("checks")
    times = [row.pop(key) for key in ("last_result_at", "since")]
    assert said == {"prober": "zrh1", "offline_since": None, "unpublished": 0, "unpublished_since": None, "alarm": None}
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", at) for at in times)
    assert row.pop("took_seconds") is None or row
    assert row == {
        "check": "mx",
        "service": "gateway",
        "last_result": "major_outage",
        "reason": "plugin",
        "note": row["note"],
        "state": "suspect",
        "status": None,
        "streak": 2,
        "streak_of": "bad",
    }


def test_beat(lagebild: Lagebild, tree: Path) -> None:
    """A job that has reported is good at the next look."""
    beat = lagebild("-C", tree, "probe", "beat", "digest")
    lagebild("-C", tree, "probe", "once")

    assert (beat.returncode, beat.stdout, beat.stderr) == (0, "", "")
    assert states(lagebild, tree)["digest"] == "operational"


def test_beat_of_nobody(lagebild: Lagebild, tree: Path) -> None:
    """A name that no heartbeat check has is refused, and those that there are are named."""
    for name in ("mx", "../../etc"):
        done = lagebild("-C", tree, "probe", "beat", name)

        assert done.returncode == 2
        assert f'"{name}" is not a heartbeat check in status.yaml; there are: digest' in done.stderr


def test_beat_of_a_job_with_a_file(lagebild: Lagebild, tree: Path) -> None:
    """A beat that nobody would hear is refused, with the file that is to be touched instead."""
    write(tree, DIGEST.replace("expect_every", "file: run/digest, expect_every"))

    done = lagebild("-C", tree, "probe", "beat", "digest")

    assert done.returncode == 2
    assert f"touch {tree}/run/digest" in " ".join(done.stderr.split())
    assert not (tree / ".lagebild").exists()


def test_files_are_meant_from_the_tree(lagebild: Lagebild, tree: Path) -> None:
    """Files and plugins are found beside status.yaml, wherever the command is called."""
    plugin = "    - {name: mx, kind: nagios, service: gateway, command: [./check, run/digest], interval: 1s}\n"
    known = "    - {name: cat, kind: nagios, service: gateway, command: [sh, -c, exit 0], interval: 1s}\n"
    page = (
        '    - {name: page, kind: http, service: gateway, url: "http://127.0.0.1:9/", ca_file: ca.pem, interval: 1s,'
        " bearer_token_file: run/token}\n"
    )
    query = (
        '    - {name: query, kind: prometheus, service: gateway, url: "https://127.0.0.1:9", ca_file: run/ca.pem,'
        " interval: 1s, query: up, value: 1}\n"
    )
    write(tree, plugin, known, DIGEST.replace("expect_every", "file: run/digest, expect_every"), page, query)
    (tree / "run").mkdir()
    (tree / "run/digest").touch()
    (tree / "check").write_text("#!/bin/sh\n")
    (tree / "check").chmod(0o755)

    done = lagebild("-C", tree, "probe", "once")

    found = states(lagebild, tree)
    assert (found["mx"], found["cat"], found["digest"]) == ("operational",) * 3
    assert f"page: {tree}/run/token: No such file or directory" in done.stderr
    assert f"query: ca_file {tree}/run/ca.pem: No such file or directory" in done.stderr


@pytest.mark.parametrize(
    ("probers", "arguments", "environment", "name"),
    [
        ("zrh1", [], "", "zrh1"),
        ("zrh1, gva1", [], "gva1", "gva1"),
        ("zrh1, gva1", ["--prober", "zrh1"], "gva1", "zrh1"),
    ],
)
def test_who_one_is(
    lagebild: Lagebild,
    tree: Path,
    monkeypatch: pytest.MonkeyPatch,
    probers: str,
    arguments: list[str],
    environment: str,
    name: str,
) -> None:
    """A prober's name is that of --prober, else of $LAGEBILD_PROBER, else the only one in status.yaml."""
    write(tree, GATEWAY, probers=probers)
    monkeypatch.setenv("LAGEBILD_PROBER", environment)

    done = lagebild("-C", tree, "probe", "once", *arguments)

    assert done.returncode == 0, done.stderr
    assert [path.name for path in (tree / ".lagebild/probes").iterdir()] == [name]
    assert [path.name for path in (tree / "observations").iterdir()] == [f"{name}.json"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "there are several probers; --prober takes zrh1, gva1"),
        (["--prober", "lsn1"], '"lsn1" is not a prober in status.yaml; --prober takes zrh1, gva1'),
    ],
)
def test_nobody_knows_who_one_is(lagebild: Lagebild, tree: Path, arguments: list[str], said: str) -> None:
    """Where the name does not follow the call is wrong, and the names to choose from are said."""
    write(tree, probers="zrh1, gva1")

    for command in ("once", "run", "status"):
        done = lagebild("-C", tree, "probe", command, *arguments)

        assert done.returncode == 2
        assert said in done.stderr


def test_without_a_plan(lagebild: Lagebild, tree: Path) -> None:
    """A site without probes has nothing to look at."""
    (tree / "status.yaml").write_text(SITE.partition("probes:")[0])

    done = lagebild("-C", tree, "probe", "once")

    assert done.returncode == 2
    assert "status.yaml has no probes" in done.stderr


def test_a_faulty_plan(lagebild: Lagebild, tree: Path) -> None:
    """What is wrong with status.yaml is said as `check` says it, and nothing is looked at."""
    write(tree, GATEWAY.replace("gateway", "gatway"))

    done = lagebild("-C", tree, "probe", "once")
    checked = lagebild("-C", tree, "check")

    assert done.returncode == 1
    assert done.stdout == ""
    assert "unknown-service" in done.stderr
    assert done.stderr == checked.stdout


def test_faulty_incidents_stop_no_prober(lagebild: Lagebild, tree: Path) -> None:
    """Only status.yaml matters to a prober, whatever is wrong with the incidents."""
    (tree / "incidents/x.yaml").write_text("{")

    assert lagebild("-C", tree, "probe", "once").returncode == 0


def test_state_elsewhere(lagebild: Lagebild, tree: Path, tmp_path: Path) -> None:
    """What a prober remembers goes where --state says."""
    done = lagebild("-C", tree, "probe", "once", "--state", tmp_path / "var")

    assert done.returncode == 0
    assert (tmp_path / "var/store.sqlite").exists()
    assert not (tree / ".lagebild").exists()


def test_a_damaged_store(lagebild: Lagebild, tree: Path) -> None:
    """A damaged store is set aside with a warning, and counting starts again."""
    lagebild("-C", tree, "probe", "once")
    file = tree / ".lagebild/probes/zrh1/store.sqlite"
    file.write_bytes(b"no database " * 1000)

    done = lagebild("-C", tree, "probe", "once")

    (aside,) = file.parent.glob("store.sqlite.broken-*Z")
    assert done.returncode == 0
    assert f"{file}: file is not a database; it is now {aside.name}, and counting starts again" in done.stderr
    assert aside.read_bytes().startswith(b"no database")
    assert states(lagebild, tree)["mx"] == "operational"


def test_a_later_store(lagebild: Lagebild, tree: Path) -> None:
    """A store of a later version is left as it is."""
    lagebild("-C", tree, "probe", "once")
    connection = sqlite3.connect(tree / ".lagebild/probes/zrh1/store.sqlite")
    connection.execute("PRAGMA user_version=99")
    connection.close()

    for command in ("once", "run", "status"):
        done = lagebild("-C", tree, "probe", command)

        assert done.returncode == 3
        assert done.stderr.startswith("error: ")
        assert "later version" in done.stderr


def test_losing_the_store_loses_no_verdict(lagebild: Lagebild, tree: Path) -> None:
    """What was open stays open when the store is lost, and is closed under its id."""
    beat = tree / "beat"
    write(tree, DIGEST.replace("expect_every: 24h", f"file: {beat}, expect_every: 60s"))
    beat.touch()
    os.utime(beat, (beat.stat().st_mtime - 7200,) * 2)
    lagebild("-C", tree, "probe", "once")
    for file in (tree / ".lagebild/probes/zrh1").iterdir():
        file.unlink()

    again = lagebild("-C", tree, "probe", "once")
    beat.touch()
    lagebild("-C", tree, "probe", "once")

    events = published(tree)
    assert "digest: digest is taken to be bad still, as was published" in again.stderr
    assert [event.event for event in events] == [EventKind.OPEN, EventKind.CLOSE]
    assert len({event.id for event in events}) == 1


def by_git(tree: Path, remote: Path) -> None:
    """Let what is found be pushed to a repository."""
    text = (tree / "status.yaml").read_text()
    (tree / "status.yaml").write_text(
        text.replace("  checks:", f"  publish: git\n  git: {{remote: {remote}}}\n  checks:")
    )


def test_losing_the_store_with_git(lagebild: Lagebild, tree: Path, tmp_path: Path) -> None:
    """What was pushed is known again when the store is lost, although the tree is no checkout of it."""
    remote, beat = tmp_path / "remote.git", tree / "beat"
    subprocess.run(["git", "init", "--quiet", "--bare", "--initial-branch=main", remote], check=True)
    write(tree, DIGEST.replace("expect_every: 24h", f"file: {beat}, expect_every: 60s"))
    by_git(tree, remote)
    beat.touch()
    os.utime(beat, (beat.stat().st_mtime - 7200,) * 2)
    lagebild("-C", tree, "probe", "once")
    shutil.rmtree(tree / ".lagebild")

    again = lagebild("-C", tree, "probe", "once")
    beat.touch()
    lagebild("-C", tree, "probe", "once")

    names = subprocess.run(
        ["git", "-C", remote, "ls-tree", "-r", "--name-only", "main"], capture_output=True, text=True
    )
    kinds = [name.split("-zrh1-")[1].split("-") for name in names.stdout.split()]
    assert "digest: digest is taken to be bad still, as was published" in again.stderr
    assert [kind for kind, _ in kinds] == ["open", "close"]
    assert len({id_ for _, id_ in kinds}) == 1


def test_a_repository_out_of_reach(lagebild: Lagebild, tree: Path, tmp_path: Path) -> None:
    """From the second run on it is told why nothing is published, and the table says since when what waits."""
    beat = tree / "beat"
    write(tree, DIGEST.replace("expect_every: 24h", f"file: {beat}, expect_every: 60s"))
    by_git(tree, tmp_path / "s3cret-canary.git")
    beat.touch()
    os.utime(beat, (beat.stat().st_mtime - 7200,) * 2)

    runs = [lagebild("-C", tree, "probe", "once") for _ in range(3)]
    said = json.loads(lagebild("-C", tree, "probe", "status", "--format", "json").stdout)

    why = "the repository cannot be reached: there is none at this address"
    assert [run.stderr.count(f"alarm: {why}") for run in runs] == [0, 1, 0]
    assert [run.stderr.count(f"warning: observations: {why}") for run in runs] == [0, 1, 0]
    assert re.match(rf"1 event not published yet, the oldest of [-0-9]+ [:0-9]+Z: {why}", runs[0].stdout)
    assert (said["unpublished"], said["alarm"]) == (1, why)
    assert re.fullmatch(r"[-0-9]+T[:0-9]+Z", said["unpublished_since"])
    assert "canary" not in "".join(run.stderr + run.stdout for run in runs)


@pytest.mark.parametrize("signal_", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_run_ends_when_told(
    signal_: signal.Signals,
    running: Callable[..., subprocess.Popen[bytes]],
    lagebild: Lagebild,
    tree: Path,
    tmp_path: Path,
) -> None:
    """A running prober ends with 0 when it is told to, and has put down what it saw; one can look on meanwhile."""
    process = running()
    seen = eventually(lambda: states(lagebild, tree)["mx"] == "operational")

    process.send_signal(signal_)
    ended = process.wait(LONG_SECONDS)

    assert seen
    assert ended == 0
    assert (tmp_path / "said").read_text() == "zrh1: 2 checks\nwarning: digest: it has never reported\n"
    assert (tree / "observations/zrh1.json").exists()


def test_run_on_a_leash(running: Callable[..., subprocess.Popen[bytes]], lagebild: Lagebild, tree: Path) -> None:
    """A prober on a leash ends when whoever holds it is gone."""
    process = running("--leash")
    seen = eventually(lambda: states(lagebild, tree)["mx"] == "operational")

    assert process.stdin
    process.stdin.close()

    assert seen
    assert process.wait(LONG_SECONDS) == 0


def test_two_at_once(running: Callable[..., subprocess.Popen[bytes]], lagebild: Lagebild, tree: Path) -> None:
    """A second prober of the same name on the same machine is refused: it would count everything twice."""
    process = running()
    eventually(lambda: states(lagebild, tree)["mx"] == "operational")

    second = lagebild("-C", tree, "probe", "once")

    assert second.returncode == 3
    assert f"another prober (process {process.pid}) works with" in second.stderr


def test_a_store_that_is_taken_away(
    running: Callable[..., subprocess.Popen[bytes]], lagebild: Lagebild, tree: Path, tmp_path: Path
) -> None:
    """A prober whose folder is removed under it ends with what to do, and another can begin."""
    process = running()
    seen = eventually(lambda: states(lagebild, tree)["mx"] == "operational")
    shutil.rmtree(tree / ".lagebild")

    ended = process.wait(LONG_SECONDS)

    file = tree / ".lagebild/probes/zrh1/store.sqlite"
    assert seen
    assert ended == 3
    assert f"error: {file} was removed or replaced while it was in use; start" in (tmp_path / "said").read_text()
    assert lagebild("-C", tree, "probe", "once").returncode == 0


def test_a_change_of_the_plan_is_followed(
    running: Callable[..., subprocess.Popen[bytes]], lagebild: Lagebild, tree: Path, tmp_path: Path
) -> None:
    """A running prober follows a new plan, and goes on with the old one while the new one is faulty."""
    process = running()
    first = eventually(lambda: states(lagebild, tree)["mx"] == "operational")
    write(tree, GATEWAY.replace("gateway", "gatway"))
    faulty = eventually(lambda: "the previous plan remains in force" in (tmp_path / "said").read_text())
    write(tree, GATEWAY.replace("mx", "mx2"), code=2)
    second = eventually(lambda: states(lagebild, tree) == {"mx2": "major_outage"})

    process.terminate()

    said = (tmp_path / "said").read_text()
    assert (first, faulty, second) == (True, True, True)
    assert process.wait(LONG_SECONDS) == 0
    assert "unknown-service" in said
    assert said.splitlines()[-1] == "zrh1: 1 check"


def test_the_plans_of_the_how_to(lagebild: Lagebild, tmp_path: Path, checkout: Path) -> None:
    """Every plan that the how-to shows is sound for the services of this repository's site."""
    text = (checkout / "docs/how-to/probe.md").read_text()
    site = (checkout / "status.yaml").read_text().partition("\nprobes:")[0]
    plans = re.findall(r"^```yaml\n(probes:\n.*?)^```", text, re.DOTALL | re.MULTILINE)
    (tmp_path / "incidents").mkdir()

    checked = []
    for plan in plans:
        (tmp_path / "status.yaml").write_text(f"{site}\n{plan}")
        checked.append(lagebild("-C", tmp_path, "check").stdout)

    assert len(plans) >= 6
    assert checked == ["no problems\n"] * len(plans)


def test_the_loop_of_the_how_to(tmp_path: Path, checkout: Path) -> None:
    """What probers saw is taken over whole: nothing is written for one without a ref, nor over a good file."""
    text = (checkout / "docs/how-to/probe.md").read_text()
    loop = re.search(r"^```text\n(git fetch --quiet origin .*?)^```", text, re.DOTALL | re.MULTILINE)
    assert loop
    work = tmp_path / "work"
    (work / "observations").mkdir(parents=True)
    (work / "observations/gva1.json").write_text("good")
    (work / "observations/zrh1.json").write_text("old")
    git = ["git", "-C", work, "-c", "user.name=a", "-c", "user.email=a@example.ch"]
    subprocess.run(["git", "init", "--quiet", work], check=True)
    subprocess.run([*git, "remote", "add", "origin", "."], check=True)
    for path, ref in (("observations/zrh1.json", "zrh1"), ("other", "gva1")):
        (work / path).write_text("new")
        subprocess.run([*git, "add", path], check=True)
        subprocess.run([*git, "commit", "--quiet", "-m", ref], check=True)
        subprocess.run([*git, "update-ref", f"refs/probers/{ref}", "HEAD"], check=True)
        subprocess.run([*git, "rm", "--quiet", "--cached", path], check=True)

    for probers in ("zrh1 gva1", "fra1"):
        subprocess.run(["sh", "-c", loop[1].replace("zrh1 gva1", probers)], cwd=work, check=False)

    found = {file.name: file.read_text() for file in (work / "observations").iterdir()}
    assert found == {"gva1.json": "good", "zrh1.json": "new"}
