"""What the probers last saw is read from observations/; what cannot be used is said, left out, and stops nothing."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from generator import sources
from generator.content.judge import Content, judge
from generator.problems import Level, Problem
from probes.observations import MAX_BYTES

SPEC = Path(__file__).parents[2] / "spec"
NOW = datetime(2024, 3, 1, 11, tzinfo=UTC)
PROBES = """\
probes:
  probers: [zrh, gva]
  checks:
    - {name: page, kind: http, service: mail-archive, url: "https://archive.example.ch/"}
"""
CHECK = {
    "check": "page",
    "kind": "http",
    "service": "mail-archive",
    "outcome": "operational",
    "open": False,
    "last_result_at": "2024-03-01T10:58:00Z",
    "stale_after": "2024-03-01T11:03:00Z",
    "hours": [["2024-03-01T09:00:00Z", 60, 0, 0.31, 0.9]],
}
SEEN = {"version": 1, "prober": "zrh", "at": "2024-03-01T10:59:00Z", "blind": False, "checks": [CHECK]}


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Return a tree with probers and a folder for what they see."""
    (tmp_path / "incidents").mkdir()
    (tmp_path / "observations").mkdir()
    (tmp_path / "status.yaml").write_text((SPEC / "status.yaml").read_text("utf-8") + PROBES, "utf-8")
    return tmp_path


def content_of(tree: Path) -> Content:
    """Return the content of a tree."""
    return judge(sources.read(tree), NOW)


def remarks(problems: tuple[Problem, ...]) -> list[tuple[str, str, Level]]:
    """Return the path, code and level of each problem."""
    return [(problem.path, problem.code, problem.level) for problem in problems]


def test_a_probers_file_is_read(tree: Path) -> None:
    """What a prober of status.yaml wrote is part of the content, without a remark."""
    (tree / "observations/zrh.json").write_text(json.dumps(SEEN))

    judged = content_of(tree)

    assert judged.problems == ()
    assert [(seen.prober, seen.checks[0].hours[0].median_seconds) for seen in judged.observations] == [("zrh", 0.31)]


def test_none_is_needed(tree: Path) -> None:
    """A site with probers builds where nothing of them is at hand."""
    (tree / "observations").rmdir()

    judged = content_of(tree)

    assert (judged.problems, judged.observations) == ((), ())


def test_what_is_still_being_written_is_not_read(tree: Path) -> None:
    """A file that is being put aside, and what is no JSON, are passed over."""
    (tree / "observations/.zrh.json.17").write_text("{")
    (tree / "observations/README").write_text("nothing")

    assert content_of(tree).problems == ()


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        '{"version": 2}',
        "[" * 100_000,
        json.dumps(SEEN | {"prober": "gva"}),
        json.dumps(SEEN | {"at": "2024-03-01T10:59:00"}),
        json.dumps(SEEN | {"at": "0001-01-01T00:00:00Z"}),
        json.dumps(SEEN | {"checks": [CHECK | {"outcome": "fine"}]}),
        json.dumps(SEEN | {"checks": [CHECK | {"stale_after": "9999-12-31T23:59:59Z"}]}),
        json.dumps(SEEN | {"checks": [CHECK | {"hours": [["2024-03-01T09:00:00Z", 60, 0, float("nan"), 0.9]]}]}),
        json.dumps(SEEN | {"checks": [CHECK | {"hours": [["2024-03-01T09:00:00Z", 60, 0, 0.3, -1]]}]}),
        json.dumps(SEEN | {"checks": [CHECK | {"hours": [["2024-03-01T09:00:00Z", 60, 0, 10**400, 1]]}]}),
        json.dumps(SEEN | {"checks": [CHECK | {"hours": [["2024-03-01T09:00:00Z", 10**400, 0, 0.3, 0.9]]}]}),
        json.dumps(SEEN | {"checks": [CHECK | {"hours": [["2024-03-01T09:00:00Z", 6, 7, 0.3, 0.9]]}]}),
        json.dumps(SEEN | {"checks": [CHECK | {"stale_after": "2025-03-01T11:03:00Z"}]}),
    ],
    ids=lambda text: text[:80],
)
def test_a_broken_file_is_a_warning(tree: Path, text: str) -> None:
    """What no prober writes, or another one than the file's name says, is left out with a warning."""
    (tree / "observations/zrh.json").write_text(text)

    judged = content_of(tree)

    assert remarks(judged.problems) == [("observations/zrh.json", "bad-observations", Level.WARNING)]
    assert judged.observations == ()


def test_a_file_that_cannot_be_read_is_a_warning(tree: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """A file that is too large, no file, or somebody else's is left out with a warning, and read no further."""
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "gva.json"
    elsewhere.write_text(json.dumps(SEEN | {"prober": "gva"}))
    (tree / "observations/gva.json").symlink_to(elsewhere)
    with (tree / "observations/zrh.json").open("wb") as file:
        file.truncate(MAX_BYTES + 1)

    judged = content_of(tree)

    assert remarks(judged.problems) == [
        ("observations/gva.json", "bad-observations", Level.WARNING),
        ("observations/zrh.json", "bad-observations", Level.WARNING),
    ]
    assert judged.problems[1].message == "8388609 bytes; at most 8388608 are read"
    assert judged.observations == ()


def test_a_large_file_is_read(tree: Path) -> None:
    """A month of many checks is larger than what staff write may be."""
    (tree / "observations/zrh.json").write_text(json.dumps(SEEN) + " " * sources.MAX_BYTES)

    assert len(content_of(tree).observations) == 1


def test_a_stranger_is_left_out(tree: Path) -> None:
    """The file of a prober that status.yaml does not name is left out with a warning that says which one was meant."""
    (tree / "observations/zhr.json").write_text(json.dumps(SEEN | {"prober": "zhr"}))

    judged = content_of(tree)

    assert [str(problem) for problem in judged.problems] == [
        "observations/zhr.json: warning: bad-observations: the file is not from a prober in status.yaml\n"
        '  hint: did you mean "observations/zrh.json"?'
    ]
    assert judged.observations == ()


def test_a_clock_that_is_wrong_is_said(tree: Path) -> None:
    """What was written in the future is said to be."""
    (tree / "observations/zrh.json").write_text(json.dumps(SEEN | {"at": "2024-03-01T11:06:00Z"}))

    (problem,) = content_of(tree).problems

    assert problem.message == "it was written at 2024-03-01 11:06 UTC, which is in the future"
    assert problem.level is Level.WARNING
