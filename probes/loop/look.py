"""Look: runs one check once, and returns results whatever happens in it."""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import Sequence
from pathlib import Path

from probes.kind import ProbeContext, ProbeError
from probes.kinds import KINDS
from probes.model import Check, Outcome, Reason, Result
from probes.net.reach import one_line, reason_of

__all__ = ["look", "place_of"]


async def look(check: Check, context: ProbeContext) -> Sequence[Result]:
    """Return the results of a check; not finishing within its timeout is a result too."""
    try:
        async with asyncio.timeout(check.timeout_seconds):
            return await KINDS[check.kind].probe(check, check.options, context)
    except TimeoutError:
        return (_failed(check, context, Reason.TIMEOUT, f"nothing complete within {check.timeout_seconds:g} s"),)
    except ProbeError as error:
        return (_failed(check, context, error.reason, error.note, error.outcome),)
    except OSError as error:
        return (_failed(check, context, reason_of(error), str(error)),)
    except Exception as error:  # A library can fail in ways nobody foresaw; that says nothing of the service.
        return (Result(at=context.now(), outcome=Outcome.UNKNOWN, note=f"{place_of(error)} within the check"),)


def place_of(error: Exception) -> str:
    """Return where something failed, without what it said: that might hold a secret."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} ({Path(frame.filename).name}:{frame.lineno})"


def _failed(check: Check, context: ProbeContext, reason: Reason, note: str, outcome: Outcome | None = None) -> Result:
    return Result(at=context.now(), outcome=outcome or check.status, reason=reason, note=one_line(note))
