"""A check as status.yaml would have it, without the file."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

from probes.kind import ProbeContext
from probes.loop.look import look as look_once
from probes.model import Check, Result
from probes.options import Raw
from probes.spec import parse


def check_of(kind: str, **options: object) -> Check:
    """Return the only check of a plan; options are written as in YAML, every value as a text."""
    written = {key: _raw(value) for key, value in options.items()}
    service: Mapping[str, Raw] = {} if "services" in written else {"service": "gateway"}
    raw: Mapping[str, Raw] = {
        "probers": ["zrh1"],
        "checks": [{"name": "it", "kind": kind, "timeout": "5s", **service, **written}],
    }
    plan, faults = parse(raw, {"gateway": (), "upstream": ()})
    assert not faults, faults
    return plan.checks[0]


def look(check: Check, context: ProbeContext) -> Sequence[Result]:
    """Look once."""
    return asyncio.run(look_once(check, context))


def _raw(value: object) -> Raw:
    if isinstance(value, Mapping):
        return {str(key): _raw(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_raw(entry) for entry in value]
    return str(value).lower() if isinstance(value, bool) else str(value)
