"""Told before: compare the tree with a commit, and find what was told already and has changed without a word.

Builds ask no git (docs/decisions/0001); a correction is a key of the file. Only `lagebild check` compares.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from generator.content import incidents
from generator.content.incidents import IncidentFile
from generator.content.judge import Content
from generator.content.phrases import placeholders
from generator.content.published import deleted
from generator.model import Incident, Update
from generator.problems import Level, Problem

_TIMEOUT_SECONDS = 20


class RevisionError(Exception):
    """The revision that was named does not exist."""


def compare(tree: Path, judged: Content, now: datetime, *, revision: str | None = None) -> list[Problem]:
    """Return warnings for what differs from a commit (default: HEAD) without saying so.

    Outside a git repository, or before its first commit, there is nothing to compare with.

    Raises:
        RevisionError: `revision` was named, and there is no such commit.
    """
    here = tree.resolve()
    if judged.site is None or not any((folder / ".git").exists() for folder in (here, *here.parents)):
        return []
    if revision is not None and revision.startswith("-"):
        raise RevisionError(f"{revision!r} is not a commit")
    form = ("--name-status", "-z", "--relative", "--no-renames")
    changed = _git(tree, "diff", *form, revision or "HEAD", "--", "incidents")
    if changed is None:
        if revision is not None:
            raise RevisionError(f"git knows no commit {revision!r}")
        return []
    present = {incident.path: incident for incident in judged.incidents}
    problems: list[Problem] = []
    fields = changed.split("\0")
    for status, path in zip(fields[::2], fields[1::2], strict=False):
        if not path.endswith(".yaml") or status == "A":
            continue
        former = _former(tree, path, judged, now, revision or "HEAD")
        if former is not None and status == "D":
            problems += [] if former.id in judged.removed else [deleted(path)]
        elif former is not None and path in present:
            problems += _differences(former, present[path])
    return problems


def _former(tree: Path, path: str, judged: Content, now: datetime, revision: str) -> Incident | None:
    text = _git(tree, "show", f"{revision}:./{path}")
    if text is None or judged.site is None:
        return None
    file = IncidentFile(path=path, text=text)
    return incidents.parse(file, site=judged.site, now=now, phrases=placeholders(judged.phrases))[0]


def _git(tree: Path, *arguments: str) -> str | None:
    """Return what git says; None where it refuses or is not there."""
    try:
        ran = subprocess.run(  # noqa: S603 - no shell, and a revision is never an option
            ["git", "-C", str(tree), *arguments],  # noqa: S607 - whichever git the user has
            capture_output=True,
            check=False,
            timeout=_TIMEOUT_SECONDS,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return ran.stdout.decode("utf-8", "replace") if ran.returncode == 0 else None


def _differences(former: Incident, present: Incident) -> Iterator[Problem]:
    by_key = {update.key: update for update in present.updates}
    for told in former.updates:
        now = by_key.get(told.key)
        if now is None:
            message = f'the update "{told.key}" is gone'
            hint = "bring it back; if its time was wrong, correct at: and keep the old key as id:"
            yield Problem(path=present.path, code="update-removed", message=message, hint=hint, level=Level.WARNING)
        elif _differ(told, now) and now.corrected == told.corrected:
            message = f'the update "{told.key}" differs from the compared commit'
            hint = "add corrected: with the time of the change, so that readers and feeds see it"
            yield Problem(path=present.path, code="silent-correction", message=message, hint=hint, level=Level.WARNING)


def _differ(told: Update, now: Update) -> bool:
    """Return whether readers were told something else; a translation that is added later changes nothing of that."""
    kept = {code: now.text.get(code) for code in told.text}
    facts = ("status", "services", "phrases", "mail", "action", "next_update")
    return kept != told.text or any(getattr(told, fact) != getattr(now, fact) for fact in facts)
