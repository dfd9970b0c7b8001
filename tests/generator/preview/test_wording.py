"""How the outcome of a build is told."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

import pytest

from generator.preview.draft import Draft
from generator.preview.wording import failure, outcome
from generator.preview.workshop import Workshop
from generator.problems import Problem
from generator.publish.publisher import PublishError


def test_a_build_is_told_by_its_time_and_problems(typo: Problem) -> None:
    """The outcome of a build is how long it took, and how many problems it found."""
    drafts = [Draft(problems=problems, site=None) for problems in ((), (typo,), (typo, typo))]

    assert [outcome(draft, 0.123) for draft in drafts] == [
        "built in 0.12 s: no problems",
        "built in 0.12 s: 1 problem",
        "built in 0.12 s: 2 problems",
    ]


def test_a_failure_is_told_by_its_line() -> None:
    """What breaks off in the code is told by the line where it did."""
    with pytest.raises(ZeroDivisionError) as caught:
        _ = 1 / 0

    assert re.fullmatch(r".*test_wording\.py:\d+: ZeroDivisionError: division by zero", failure(caught.value))


def test_a_faulty_template_is_named(tree: Path, workshop: Workshop, now: datetime) -> None:
    """Where one of the tree's own templates fails, it is told which, and in which line."""
    own = tree / "templates/pages/subscribe.html"
    own.parent.mkdir(parents=True)
    own.write_text("<!doctype html>\n{{ nonsense.what }}\n")

    with pytest.raises(Exception, match="nonsense") as caught:
        workshop.build(now, lambda _done, _total: None)

    assert failure(caught.value) == "templates/pages/subscribe.html:2: UndefinedError: 'nonsense' is undefined"


def test_a_refusal_of_the_disk_is_told_as_a_build_tells_it() -> None:
    """What the disk refuses is told by its code, with what helps, and without a line of the code."""
    error = PublishError("disk", "no space left", hint="make room")

    assert failure(error) == "disk: no space left\n  hint: make room"
