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

__all__ = ["Board", "PortError", "Server", "present"]


def present(tree: Path, server: Server, *, clock: Callable[[], datetime], tell: Tell, stop: Event) -> None:
    """Show a tree by a server until `stop` is set; `tell` is that of `Watch`.

    Raises:
        OSError: There is no folder for temporary files.
    """
    board = server.board
    with TemporaryDirectory(prefix="lagebild-", ignore_cleanup_errors=True) as folder:
        watch = Watch(
            build=Workshop(tree, Path(folder)).build,
            board=board,
            seal=lambda: fingerprint(inputs(str(tree))),
            clock=clock,
            tell=tell,
            stop=stop,
        )
        Thread(target=server.serve_forever, daemon=True).start()
        try:
            watch.run()
        finally:
            board.close()
            server.shutdown()
