"""States: writes those of the hysteresis as JSON, and reads them."""

from __future__ import annotations

import json
from dataclasses import fields
from datetime import datetime

from probes.hysteresis import State
from probes.model import Outcome, Reason

__all__ = ["state_from", "state_to"]

_TIMES = ("last", "bad_since", "good_since", "episode", "since", "closed", "confirmed")


def state_to(state: State) -> str:
    """Return a state as JSON."""
    said: dict[str, object] = {field.name: getattr(state, field.name) for field in fields(State)}
    for name in _TIMES:
        at = said[name]
        said[name] = at.isoformat() if isinstance(at, datetime) else None
    said["recent"] = [[at.isoformat(), outcome, reason] for at, outcome, reason in state.recent]
    said["opened"] = [at.isoformat() for at in state.opened]
    return json.dumps(said, sort_keys=True)


def state_from(text: str) -> State:
    """Return the state that JSON says; raises ValueError, KeyError or TypeError if it says none."""
    said = json.loads(text)
    for name in _TIMES:
        said[name] = datetime.fromisoformat(said[name]) if said[name] else None
    said["recent"] = tuple(
        (datetime.fromisoformat(at), Outcome(outcome), Reason(reason) if reason else None)
        for at, outcome, reason in said["recent"]
    )
    said["opened"] = tuple(datetime.fromisoformat(at) for at in said["opened"])
    said["status"] = Outcome(said["status"])
    said["reason"] = Reason(said["reason"]) if said["reason"] else None
    return State(**said)
