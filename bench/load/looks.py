"""A process that looks at a page again and again by the kind `http`: `python -m bench.load.looks URL CA LOOKS`.

Each result is taken into a store with what follows from it, in a thread and one after the other, as the runner does.

Prints its processor time in seconds and its resident memory in KiB, after a tenth of the looks and after all.
"""

from __future__ import annotations

import asyncio
import json
import resource
import sys
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from probes.kind import ProbeContext
from probes.loop.conclusions import Observer, conclude
from probes.loop.look import look as look_once
from probes.memory.store import opened
from probes.model import Outcome
from probes.spec import parse

AT_A_TIME = 20


def main(url: str, ca_file: str, looks: int) -> None:
    """Look, and print what that took."""
    check = {"name": "page", "kind": "http", "service": "web", "url": url, "ca_file": ca_file}
    plan, faults = parse({"probers": ["here"], "checks": [check]}, {"web": ()})
    if faults:
        raise SystemExit(str(faults))
    with TemporaryDirectory() as folder, opened(Path(folder) / "store.sqlite") as store:
        context = ProbeContext(now=_now, prober="here", state=Path(folder), tokens=store.tokens, notes=store)

        observer = Observer(name="here", plan=plan, store=store)

        async def some(count: int) -> None:
            for _ in range(count // AT_A_TIME):
                found = await asyncio.gather(*(look_once(plan.checks[0], context) for _ in range(AT_A_TIME)))
                if any([result.outcome for result in results] != [Outcome.OPERATIONAL] for results in found):
                    raise SystemExit(f"not every look was good: {found}")
                for results in found:
                    await asyncio.to_thread(conclude, observer, plan.checks[0], results, _now())

        figures = []
        for count in (AT_A_TIME, looks // 10, looks - looks // 10):
            asyncio.run(some(count))
            figures.append((_processor_seconds(), _resident_kib()))
    print(json.dumps(figures))


def _now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - a measurement lives in real time


def _processor_seconds() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def _resident_kib() -> int:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1])
    return 0


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
