"""The live preview: a tree is built into a private folder anew at every change, and shown to browsers of this machine.

Nothing is written in the tree, neither its site/ nor its .lagebild/: a draft that was looked at is no accepted version.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event, Thread

from generator.disk.cache import fingerprint
from generator.places import inputs
from generator.preview.board import Board
from generator.preview.server import PortError, Server
from generator.preview.watch import Tell, Watch
from generator.preview.workshop import Workshop

__all__ = ["PortError", "present"]


def present(
    tree: Path,
    port: int,
    *,
    clock: Callable[[], datetime],
    greet: Callable[[str], None],
    tell: Tell,
    stop: Event,
) -> None:
    """Show a tree at an address of this machine, which `greet` hears, until `stop` is set; `tell` is that of `Watch`.

    Raises:
        PortError: The port cannot be had.
        OSError: There is no folder for temporary files.
    """
    with TemporaryDirectory(prefix="lagebild-", ignore_cleanup_errors=True) as folder:
        board = Board()
        watch = Watch(
            build=Workshop(tree, Path(folder)).build,
            board=board,
            seal=lambda: fingerprint(inputs(str(tree))),
            clock=clock,
            tell=tell,
            stop=stop,
        )
        with Server(board, port) as server:
            greet(server.address)
            Thread(target=server.serve_forever, daemon=True).start()
            try:
                watch.run()
            finally:
                board.close()
                server.shutdown()
