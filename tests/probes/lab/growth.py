"""Looks once in a process of its own, and prints by how many bytes its memory has grown at most, and the outcomes.

    python -m tests.probes.lab.growth KIND OPTIONS PORT

OPTIONS are JSON, in which {port} stands for the port.
"""

from __future__ import annotations

import json
import re
import sys
import tempfile
from pathlib import Path

from probes.kind import ProbeContext
from tests.probes.conftest import NotesInMemory, TokensInMemory, now
from tests.probes.lab.plans import check_of, look

_PEAK = re.compile(r"VmHWM:\s+([0-9]+) kB")


def main(kind: str, written: str, port: str) -> None:
    """Look twice, for the libraries are loaded by the first look: at a port that nobody listens on."""
    with tempfile.TemporaryDirectory() as folder:
        tokens, notes = TokensInMemory(), NotesInMemory()
        context = ProbeContext(now=now, prober="zrh1", state=Path(folder), tokens=tokens, notes=notes)
        for where in ("1", port):
            before = _peak_bytes()
            check = check_of(kind, **json.loads(written.replace("{port}", where)), timeout="3s")
            results = look(check, context)
        after = _peak_bytes()
    print(json.dumps([after - before, *(found.outcome for found in results)]))


def _peak_bytes() -> int:
    """Return the most memory so far; getrusage(2) would count that of the process that has started this one."""
    found = _PEAK.search(Path("/proc/self/status").read_text())
    assert found
    return int(found[1]) * 1024


if __name__ == "__main__":
    main(*sys.argv[1:4])
