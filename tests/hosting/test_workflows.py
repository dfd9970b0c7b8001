"""The workflows and the commands for uploading: sound, pinned, in the right order, and the project's own commands."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sysconfig
from collections.abc import Iterator
from filecmp import dircmp
from pathlib import Path
from typing import Any

import pytest
import yaml

from generator.cli import main
from tests.hosting.serving import DOCS, program

WORKFLOWS = ("github-pages.yml", "gitlab-ci.yml")
PARTS = {
    "assets": r"site/assets ",
    "pages": r"site \"\$\w+\" --exclude \"/?heartbeat\.json\"",
    "heartbeat": r"site/heartbeat\.json ",
    "deletions": r"(?:rclone sync|--delete) ",
}
"""How the commands of a block upload each part of a site."""


def text(name: str) -> str:
    """Return the text of a file for hosting."""
    return (DOCS / name).read_text("utf-8")


def read(name: str) -> dict[Any, Any]:
    """Return a workflow."""
    loaded: dict[Any, Any] = yaml.safe_load(text(name))
    return loaded


def audit(workflow: Path) -> set[str]:
    """Return the names of the audits that zizmor (https://docs.zizmor.sh/audits/) holds against a workflow."""
    zizmor = Path(sysconfig.get_path("scripts")) / "zizmor"
    command = [
        zizmor,
        "--offline",
        "--no-config",
        "--persona",
        "auditor",
        "--no-exit-codes",
        "--format",
        "json",
        workflow,
    ]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    return {finding["ident"] for finding in json.loads(ran.stdout)}


def scripts(node: object) -> Iterator[str]:
    """Yield every command of a workflow, wherever it stands."""
    if isinstance(node, dict):
        for key, value in node.items():
            if key == "run":
                yield value
            elif key == "script":
                yield from value
            else:
                yield from scripts(value)
    elif isinstance(node, list):
        for item in node:
            yield from scripts(item)


def uses(node: object) -> Iterator[str]:
    """Yield every action of a workflow."""
    if isinstance(node, dict):
        yield from (value for key, value in node.items() if key == "uses")
    for item in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from uses(item)


def blocks(language: str) -> list[str]:
    """Return the code blocks of s3.md in a language, each command on one line."""
    found = re.findall(rf"^```{language}\n(.*?)^```", text("s3.md"), re.M | re.S)
    return [block.replace("\\\n", "") for block in found]


@pytest.mark.parametrize("name", WORKFLOWS)
def test_commands_are_the_projects_own(name: str) -> None:
    """Every `lagebild` command of a workflow exists, with its options, and the site is really built and checked."""
    calls = [shlex.split(script.partition("||")[0]) for script in scripts(read(name)) if script.startswith("lagebild")]

    assert {call[1] for call in calls} == {"build", "check"}
    for _, command, *arguments in calls:
        known = {option for parameter in main.commands[command].params for option in parameter.opts}
        assert [argument for argument in arguments if argument.startswith("--") and argument not in known] == []


@pytest.mark.parametrize("name", WORKFLOWS)
def test_faulty_content_does_not_stop_the_news(name: str) -> None:
    """A build with faulty files publishes the sound ones, and only that exit status is forgiven."""
    builds = [script for script in scripts(read(name)) if script.startswith("lagebild build")]

    assert [script.partition("||")[2].strip() for script in builds] == ["[ $? -eq 1 ]"]
    assert [script for script in builds if "--keep-going" not in script] == []


def test_actions_are_pinned_by_their_commit() -> None:
    """Every action comes from GitHub itself, as one commit, with its version beside it."""
    actions = list(uses(read("github-pages.yml")))
    pinned = re.findall(r"uses: (actions/[a-z/-]+@[0-9a-f]{40}) # v\d+\.\d+\.\d+$", text("github-pages.yml"), re.M)

    assert len(actions) > 5
    assert pinned == actions


def test_only_what_deploys_may_publish() -> None:
    """No job may do more than it must: templates and libraries run where nothing can be published."""
    workflow = read("github-pages.yml")
    jobs = workflow["jobs"]

    assert workflow["permissions"] == {}
    assert {name: job["permissions"] for name, job in jobs.items()} == {
        "build": {"contents": "read"},
        "deploy": {"pages": "write", "id-token": "write"},
        "check": {"contents": "read"},
    }
    assert jobs["deploy"]["needs"] == "build"
    assert list(scripts(jobs["deploy"])) == []
    assert [re.sub("@.*", "", action) for action in uses(jobs["deploy"])] == ["actions/deploy-pages"]


def test_a_checkout_keeps_no_credentials() -> None:
    """The token that checks out is not left where templates and libraries could read it."""
    steps = [step for job in read("github-pages.yml")["jobs"].values() for step in job["steps"]]

    checkouts = [step for step in steps if step.get("uses", "").startswith("actions/checkout@")]
    assert [step["with"]["persist-credentials"] for step in checkouts] == [False, False]


def test_zizmor_finds_nothing(tmp_path: Path) -> None:
    """An auditor of workflows finds nothing to say, and is no stranger to what it reads."""
    folder = tmp_path / ".github" / "workflows"
    folder.mkdir(parents=True)
    sound = folder / "publish.yml"
    sound.write_text(text("github-pages.yml"), "utf-8")
    unsound = folder / "unsound.yml"
    unsound.write_text(re.sub(r"@[0-9a-f]{40}", "@main", text("github-pages.yml")), "utf-8")

    assert (audit(sound), audit(unsound)) == (set(), {"unpinned-uses"})


def test_github_publishes_what_was_built() -> None:
    """The workflow runs on a timer, and uploads the folder that the build writes."""
    workflow = read("github-pages.yml")
    steps = workflow["jobs"]["build"]["steps"]

    triggers = workflow[True]  # YAML 1.1 reads `on` as a boolean; GitHub does not
    assert set(triggers) == {"push", "workflow_dispatch", "schedule"}
    assert [step["with"]["path"] for step in steps if "upload-pages-artifact" in step.get("uses", "")] == ["site"]


def test_gitlab_publishes_what_was_built() -> None:
    """GitLab's job hands over the folder that the build writes, and keeps the accepted versions."""
    job = read("gitlab-ci.yml")["pages"]

    assert job["artifacts"] == {"paths": ["public"]}
    assert [script for script in job["script"] if "--output public" in script] == job["script"]
    assert job["cache"]["paths"] == [".lagebild/"]


def test_the_check_knows_what_was_published() -> None:
    """The job that checks has what builds keep, and changes nothing of it: without, nothing is known to be gone."""
    github, gitlab = read("github-pages.yml")["jobs"], read("gitlab-ci.yml")
    kept, restored = (
        next(step for step in github[job]["steps"] if step.get("uses", "").startswith("actions/cache"))
        for job in ("build", "check")
    )

    assert kept["with"] == restored["with"]
    assert restored["uses"].startswith("actions/cache/restore@")
    assert gitlab["check"]["cache"] == {**gitlab["pages"]["cache"], "policy": "pull"}


@pytest.mark.parametrize("tool", ["rclone", "aws"])
def test_uploads_go_in_order(tool: str) -> None:
    """Assets land before the pages that name them, the heartbeat after them, and deletions come last."""
    block = next(block for block in blocks("sh") if block.startswith(tool))

    found = {part: [match.start() for match in re.finditer(pattern, block)] for part, pattern in PARTS.items()}

    assert {part: len(starts) for part, starts in found.items()} == dict.fromkeys(PARTS, 1)
    assert [part for part, _ in sorted(found.items(), key=lambda item: item[1])] == list(PARTS)


def test_rclone_compares_checksums() -> None:
    """Every rclone command goes by checksum, so a file that is the same is left alone."""
    commands = next(block for block in blocks("sh") if block.startswith("rclone")).splitlines()

    assert [command for command in commands if "--checksum" not in command] == []


def test_rclone_brings_the_site_over(shipped_site: Path, tmp_path: Path) -> None:
    """The commands of the page, run as they stand, make the target the site: nothing missing, nothing left over."""
    rclone = Path(program("rclone", "rclone"))
    target = tmp_path / "target"
    (target / "de").mkdir(parents=True)
    (target / "de" / "gone.html").write_text("gone", "utf-8")
    (tmp_path / "site").symlink_to(shipped_site)
    script = next(block for block in blocks("sh") if block.startswith("rclone"))

    ran = subprocess.run(
        ["sh", "-eu", "-c", script],
        cwd=tmp_path,
        env={"PATH": f"{rclone.parent}:/usr/bin:/bin", "REMOTE": str(target), "RCLONE_CONFIG": str(tmp_path / "none")},
        capture_output=True,
        text=True,
        check=False,
    )

    assert ran.returncode == 0, ran.stderr
    assert sorted(differences(dircmp(shipped_site, target, ignore=[".gitignore", ".lagebild"], hide=[]))) == []


def differences(compared: dircmp[str]) -> Iterator[str]:
    """Yield what is not the same in two folders."""
    yield from (*compared.left_only, *compared.right_only, *compared.diff_files, *compared.funny_files)
    for below in compared.subdirs.values():
        yield from differences(below)
