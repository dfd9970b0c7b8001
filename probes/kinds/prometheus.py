"""The kind `prometheus`: a query and a threshold (https://prometheus.io/docs/prometheus/latest/querying/api/)."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from probes.asking import Source, ask, read_source, unknown
from probes.kind import Ground, Kind
from probes.model import Check, Outcome, Reason, Result
from probes.options import Options

__all__ = ["KIND"]

_OPERATORS: Mapping[str, Callable[[float, float], bool]] = {
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
    "==": operator.eq,
    "!=": operator.ne,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Options:
    source: Source
    query: str
    op: str
    """How a value compares with `value` when it is bad."""
    value: float


def _read(options: Options) -> _Options:
    op = options.text("op", ">")
    if op not in _OPERATORS:
        options.fault("op", "unknown-value", f'"{op}" compares nothing', allowed=_OPERATORS)
    return _Options(
        source=read_source(options),
        query=options.text("query", required=True),
        op=op,
        value=options.number("value", required=True) or 0.0,
    )


async def _probe(check: Check, ground: Ground) -> Sequence[Result]:
    options = check.options
    assert isinstance(options, _Options)  # noqa: S101 - read by this kind
    wait = check.timeout_seconds * 0.9
    answer = await ask(options.source, "/api/v1/query", {"query": options.query, "timeout": f"{wait:g}s"}, wait)
    values = _values(answer)
    bad = [value for value in values if _OPERATORS[options.op](value, options.value)]
    figures = {"value": (bad or values)[0], "threshold": options.value}
    if not bad:
        return (Result(at=ground.now(), outcome=Outcome.OPERATIONAL, figures=figures),)
    return (Result(at=ground.now(), outcome=check.status, reason=Reason.THRESHOLD, figures=figures),)


def _values(answer: object) -> list[float]:
    """Return the values of a vector or scalar; no series, or one that is no number, is no answer at all.

    Raises:
        ProbeError: With the outcome unknown.
    """
    try:
        data = answer["data"]  # type: ignore[index]
        result = data["result"]
        texts = [result[1]] if data["resultType"] == "scalar" else [series["value"][1] for series in result]
        values = [float(text) for text in texts]
    except (KeyError, TypeError, ValueError, IndexError):
        raise unknown("the answer is of another form") from None
    if not values:
        raise unknown("the query finds no series")
    if not all(math.isfinite(value) for value in values):
        raise unknown("a value is no number")
    return values


KIND = Kind(read=_read, probe=_probe)
