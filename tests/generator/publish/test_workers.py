"""Rendering is spread over processes without any trace in what is rendered: a worker is only ever a help."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

import pytest

from generator.formats.output import Output
from generator.publish.workers import FEWEST, ahead

MANY = 3 * FEWEST


def whose(number: int) -> bytes:
    """Render what says which process rendered it."""
    return f"{number} by {os.getpid()}".encode()


def simple(number: int) -> bytes:
    """Render something."""
    return bytes([number % 251]) * number


def outputs(count: int, render: Callable[[int], bytes]) -> list[Output]:
    """Return so many outputs."""
    return [
        Output(path=f"{number}.txt", inputs=str(number), render=lambda number=number: render(number))  # type: ignore[misc]
        for number in range(count)
    ]


def rendered(listed: Sequence[Output], jobs: int) -> list[bytes]:
    """Render outputs in their order, as the publisher does."""
    with ahead(listed, jobs) as made:
        return [made(output).render() for output in listed]


def elsewhere(made: Sequence[bytes]) -> int:
    """Return how many were rendered by another process than this one."""
    return sum(not data.endswith(f"by {os.getpid()}".encode()) for data in made)


def children() -> list[int]:
    """Return the processes that this one has started and not taken leave of."""
    return [int(pid) for pid in Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()]


@pytest.mark.parametrize("jobs", [1, 2, 3, 8, 64])
@pytest.mark.parametrize("count", [0, 1, FEWEST, FEWEST + 1, MANY])
def test_any_number_of_processes_makes_the_same_bytes(jobs: int, count: int) -> None:
    """Each output has its own bytes, whichever process rendered it."""
    listed = outputs(count, simple)

    assert rendered(listed, jobs) == [simple(number) for number in range(count)]


@pytest.mark.parametrize(("count", "jobs"), [(MANY, 1), (FEWEST, 2), (FEWEST, 64), (1, 8), (0, 2)])
def test_no_process_is_started_for_few_outputs(count: int, jobs: int) -> None:
    """With one job, or with no more outputs than one share has at least, everything is rendered here."""
    assert elsewhere(rendered(outputs(count, whose), jobs)) == 0


@pytest.mark.parametrize(
    ("count", "jobs", "away"),
    [(FEWEST + 1, 2, 1), (2 * FEWEST, 2, FEWEST), (MANY, 2, MANY // 2), (MANY, 3, 2 * FEWEST), (MANY, 64, 2 * FEWEST)],
)
def test_the_first_share_is_rendered_here(count: int, jobs: int, away: int) -> None:
    """Every share but the first goes to a process of its own, and none is smaller than worth it but the last."""
    made = rendered(outputs(count, whose), jobs)

    assert elsewhere(made) == away
    assert elsewhere(made[:FEWEST]) == 0


def test_an_output_that_no_worker_has_is_left_as_it_is() -> None:
    """What was not among the outputs is handed back."""
    stranger = Output(path="stranger.txt", inputs="", render=lambda: b"x")

    with ahead(outputs(MANY, simple), 2) as made:
        assert made(stranger) is stranger


def test_a_worker_that_dies_changes_nothing() -> None:
    """What a killed worker would have delivered is rendered here, byte for byte."""
    parent = os.getpid()

    def deadly(number: int) -> bytes:
        if os.getpid() != parent and number == FEWEST + 3:
            os.kill(os.getpid(), signal.SIGKILL)
        return simple(number)

    assert rendered(outputs(MANY, deadly), 3) == [simple(number) for number in range(MANY)]


def test_a_worker_that_raises_changes_nothing() -> None:
    """What raises in a worker alone is rendered here."""
    parent = os.getpid()

    def fragile(number: int) -> bytes:
        if os.getpid() != parent and number == MANY - 1:
            raise RuntimeError("only there")
        return simple(number)

    assert rendered(outputs(MANY, fragile), 2) == [simple(number) for number in range(MANY)]


def test_a_render_that_always_raises_raises_here(capfd: pytest.CaptureFixture[str]) -> None:
    """A mistake in a render is heard by the caller, once, and not from a worker's traceback."""

    def broken(number: int) -> bytes:
        if number == MANY - 1:
            raise ValueError("everywhere")
        return simple(number)

    with pytest.raises(ValueError, match="everywhere"):
        rendered(outputs(MANY, broken), 2)

    assert capfd.readouterr() == ("", "")


def test_what_a_worker_prints_comes_once(capfd: pytest.CaptureFixture[str]) -> None:
    """A worker leaves without flushing what the caller had not yet written."""
    print("before", end="")

    rendered(outputs(MANY, simple), 3)

    assert capfd.readouterr().out == "before"


@pytest.mark.skipif(
    not Path(f"/proc/self/task/{os.getpid()}/children").exists(),
    reason="this kernel does not tell the children of a process",
)
def test_no_process_is_left_over() -> None:
    """Workers are waited for, also when rendering here breaks off."""
    before, during = children(), []

    def interrupted() -> bytes:
        during.extend(children())
        raise KeyboardInterrupt

    listed = [Output(path="0", inputs="0", render=interrupted), *outputs(MANY, simple)[1:]]
    with suppress(KeyboardInterrupt), ahead(listed, 3):
        pass

    assert len(during) > len(before)
    assert children() == before


def test_an_output_can_be_rendered_again() -> None:
    """What was rendered ahead is at hand as often as it is asked for."""
    listed = outputs(MANY, simple)

    with ahead(listed, 2) as made:
        last = made(listed[-1])
        twice = last.render(), last.render()

    assert twice == (simple(MANY - 1), simple(MANY - 1))
