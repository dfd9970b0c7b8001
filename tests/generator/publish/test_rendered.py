"""Outputs are rendered before any is published, and their bytes wait on the disk."""

from __future__ import annotations

import resource
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import gettempdir

import pytest

from generator.disk.errors import PublishError
from generator.formats.output import Output
from generator.publish.rendered import rendered


def outputs(count: int) -> list[Output]:
    """Return outputs of different lengths."""
    return [Output(path=f"{n}.txt", inputs=str(n), render=lambda n=n: bytes([n % 251]) * n) for n in range(count)]  # type: ignore[misc]


@contextmanager
def largest_file(size: int) -> Iterator[None]:
    """Let no file of this process grow beyond a size."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, before)


def test_each_output_has_its_own_bytes() -> None:
    """What was rendered is at hand in any order, as often as it is asked for."""
    listed = outputs(300)

    with rendered(listed) as at_hand:
        made = [at_hand(output).render() for output in (*reversed(listed), *listed)]

    assert made == [output.render() for output in (*reversed(listed), *listed)]


def test_everything_is_rendered_before_anything_is_at_hand() -> None:
    """A render that fails is heard before the first output can be published."""

    def broken() -> bytes:
        raise ValueError("broken")

    reached = False
    with pytest.raises(ValueError, match="broken"), rendered([*outputs(3), Output(path="x", inputs="", render=broken)]):
        reached = True

    assert not reached


def test_an_output_that_was_not_rendered_is_left_as_it_is() -> None:
    """What was not among the outputs is handed back."""
    stranger = Output(path="stranger.txt", inputs="", render=lambda: b"x")

    with rendered(outputs(3)) as at_hand:
        assert at_hand(stranger) is stranger


def test_a_full_disk_is_said_with_its_place() -> None:
    """Where the temporary files lie is told when they find no room."""
    with largest_file(100), pytest.raises(PublishError, match=gettempdir()), rendered(outputs(200)):
        pass
