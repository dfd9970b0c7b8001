"""Regular expressions of the plan: what they mean, and that no text holds them up."""

from __future__ import annotations

import asyncio
import random
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from probes.kind import ProbeError
from probes.model import Outcome
from probes.net.matching import in_time
from probes.pattern import PatternError, pattern

EXPLODING = ["^(a+)+$", "(a|aa)+$", "(x+x+)+y", r"^(\w+\s?)*$", "(a?){40}a{40}$", "(.*)*b"]
"""Each of them has more ways to match a long row of letters than there are atoms."""


@pytest.mark.parametrize("text", EXPLODING)
def test_time_grows_with_the_text_alone(text: str) -> None:
    """A text that is made to hold a matcher up is answered like any other."""
    assert not pattern(text).found_in("a" * 50_000 + "!")


@pytest.mark.parametrize(
    ("text", "said", "found"),
    [
        ("well", "all is well\n", True),
        ("well$", "all is well\n", False),
        ("(?m)well$", "all is well\nindeed", True),
        ("^is", "all is well", False),
        ("(?i)GRÜN", "alles grün", True),
        (r"\d+ MB", "12 MB", True),
        ("a.c", "a\nc", False),
        ("(?s)a.c", "a\nc", True),
        ('{"status": *"ok"}', '{"status": "ok"}', True),
        ("x", "\udcff x", True),
    ],
)
def test_meaning(text: str, said: str, found: bool) -> None:
    """Patterns mean what they mean to blackbox_exporter: `$` is the very end, unless lines are asked for."""
    assert pattern(text).found_in(said) is found


@pytest.mark.parametrize("text", ["(", "a**", "(?!a)", r"(a)\1", "a{1001}", "((a{100}){100}){100}", "["])
def test_no_patterns(text: str) -> None:
    """What is none, or could take too long or too much room, is refused with a word."""
    with pytest.raises(PatternError, match=r"."):
        pattern(text)


@given(st.text("()[]{}|*+?^$\\.:=!<>-,aA0129iP\t ä\x00", max_size=12), st.text(st.characters(), max_size=20))
def test_any_pattern(text: str, said: str) -> None:
    """Whatever is written, it is a pattern that any text can be matched with, or refused."""
    try:
        found = pattern(text)
    except PatternError:
        return

    assert found.found_in(said) in (True, False)
    assert found == pattern(text)


def test_too_slow() -> None:
    """What takes too long all the same says nothing of the service, and holds nobody up meanwhile."""
    said = "".join(random.Random(1).choices("ab", k=40_000))  # noqa: S311 - any text with many beginnings
    slow, ticks = pattern("[ab]*a[ab]{900}c"), 0

    async def tick() -> None:
        nonlocal ticks
        while True:
            await asyncio.sleep(0)
            ticks += 1

    async def match() -> None:
        ticking = asyncio.create_task(tick())
        try:
            await in_time(lambda: slow.found_in(said), 0.04)
        finally:
            ticking.cancel()

    with pytest.raises(ProbeError) as raised:
        asyncio.run(match())

    assert raised.value.outcome is Outcome.UNKNOWN
    assert raised.value.note == "a regular expression takes longer than 0.01 s on what was answered; make it simpler"
    assert ticks > 0


def test_elsewhere() -> None:
    """Matching happens beside the loop, on which every other check waits."""
    found = asyncio.run(in_time(lambda: threading.current_thread() is threading.main_thread(), 5))

    assert found is False
