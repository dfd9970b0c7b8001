"""Board: hold what is shown now, posted by the builder, read by every thread that answers a browser."""

from __future__ import annotations

from threading import Condition

from generator.preview.draft import Draft


class Board:
    """Holds the draft that is shown, and lets any thread wait for another version."""

    def __init__(self) -> None:
        self._draft: Draft | None = None
        self._closed = False
        self._changed = Condition()

    def post(self, draft: Draft) -> None:
        """Wake everybody who waits for another version."""
        with self._changed:
            self._draft = draft
            self._changed.notify_all()

    def close(self) -> None:
        """Let nobody wait any longer."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def wait(self, seen: str = "", timeout_seconds: float | None = None) -> Draft | None:
        """Wait for another version than `seen`; return what is shown by then, None once the preview has ended."""
        with self._changed:
            self._changed.wait_for(
                lambda: self._closed or (self._draft is not None and self._draft.version != seen), timeout_seconds
            )
            return None if self._closed else self._draft
