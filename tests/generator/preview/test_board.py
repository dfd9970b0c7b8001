"""What whoever waits at the board gets."""

from __future__ import annotations

from threading import Thread

import pytest

from generator.preview.board import Board
from generator.preview.draft import Draft


@pytest.mark.parametrize("seen", ["", "another"])
def test_who_has_not_seen_it_need_not_wait(seen: str, board: Board, draft: Draft) -> None:
    """Whoever has seen another version, or none, gets what is shown at once."""
    assert board.wait(seen) is draft


def test_the_first_page_waits_for_the_first_build(draft: Draft, long_seconds: int) -> None:
    """Who asks before anything is built is answered when it is."""
    board = Board()
    answers: list[object] = []
    thread = Thread(target=lambda: answers.append(board.wait()))
    thread.start()

    board.post(draft)
    thread.join(long_seconds)

    assert answers == [draft]


def test_who_has_seen_it_waits_only_so_long(board: Board, draft: Draft) -> None:
    """Where nothing new comes in time, what is shown is returned again."""
    assert board.wait(draft.version, timeout_seconds=0.01) is draft


def test_nobody_waits_for_a_closed_board(board: Board, draft: Draft) -> None:
    """Once the preview has ended there is nothing to see."""
    board.close()

    assert board.wait(draft.version) is None
