"""What `lagebild check` finds in a tree, apart from what git remembers."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from generator import facts, sources
from generator.advice import with_advice
from generator.content.judge import judge
from generator.problems import Problem


def check(tree: Path, now: datetime) -> tuple[Problem, ...]:
    """Return the problems of a tree, and the advice that rests on its facts."""
    read = sources.read(tree)
    judged = judge(read, now)
    if judged.site is None:
        return judged.problems
    return with_advice(judged, facts.derive(judged.site, judged.incidents, now, events=judged.events), read.incidents)
