"""Running: run a prober once, or until it is told to end, and follow status.yaml meanwhile."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path

from generator.cli.clock import precise
from generator.cli.probing import Identity, learned, outlet, replan, tell
from generator.places import CONFIG
from probes.loop.pause import pause
from probes.loop.runner import Prober
from probes.memory.store import Store

_ENDS = (signal.SIGHUP, signal.SIGINT, signal.SIGTERM)
_LOOK_SECONDS = 2.0
"""How soon a change of status.yaml is noticed."""


def look_once(tree: Path, who: Identity, kept: Store) -> bool:
    """Look at everything once; return whether anything is bad."""
    knowing = learned(tree, who, kept)

    async def look() -> bool:
        found = await _prober(tree, knowing, kept).once()
        return any(result.outcome.bad for _, results in found for result in results)

    return asyncio.run(look())


def run_on(tree: Path, who: Identity, kept: Store, *, leash: bool) -> None:
    """Look at everything again and again, until told to end; on a leash also when standard input is closed."""
    asyncio.run(_run(tree, learned(tree, who, kept), kept, leash=leash))


async def _run(tree: Path, who: Identity, kept: Store, *, leash: bool) -> None:
    stop = _told_to_end(leash=leash)
    following: Identity | None = who
    while following is not None:
        who = following
        count = len(who.plan.checks)
        tell(f"{who.name}: {count} check{'' if count == 1 else 's'}")
        end = asyncio.Event()
        running = asyncio.create_task(_prober(tree, who, kept).run(end))
        change = asyncio.create_task(_change(tree, who, stop))
        await asyncio.wait([running, change], return_when=asyncio.FIRST_COMPLETED)
        end.set()
        await running
        following = await change


def _told_to_end(*, leash: bool) -> asyncio.Event:
    """Return an event that a signal sets, even one that the parent had blocked, or the end of standard input."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for sign in _ENDS:
        loop.add_signal_handler(sign, stop.set)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDS)

    def hear() -> None:
        if not os.read(sys.stdin.fileno(), 1):
            loop.remove_reader(sys.stdin.fileno())
            stop.set()

    if leash:
        loop.add_reader(sys.stdin.fileno(), hear)
    return stop


async def _change(tree: Path, who: Identity, stop: asyncio.Event) -> Identity | None:
    """Wait until status.yaml has another plan, and return the prober with it; None when everything is to end."""
    seal = None  # it may have changed since it was read
    while True:
        await pause(_LOOK_SECONDS, stop)
        if stop.is_set():
            return None
        before, seal = seal, _seal(tree / CONFIG)
        if seal != before:
            following = await asyncio.to_thread(replan, tree, who)
            if following is not None:
                return following


def _seal(file: Path) -> tuple[int, int, int]:
    try:
        state = file.stat()
    except OSError:
        return 0, 0, 0
    return state.st_ino, state.st_size, state.st_mtime_ns


def _prober(tree: Path, who: Identity, kept: Store) -> Prober:
    where = outlet(tree, who)
    return Prober(who.name, who.plan, kept, where, who.state, now=precise, tell=tell, published=who.events)
