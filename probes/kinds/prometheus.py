"""The kind `prometheus`: compares a query with a threshold (https://prometheus.io/docs/prometheus/latest/querying/)."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from probes.kind import N_, Kind, ProbeContext
from probes.model import Check, Outcome, Reason, Result
from probes.monitoring.query import Source, ask, read_source, unknown
from probes.options import Options

__all__ = ["KIND"]

_SHARE = 0.9
"""Of the check's timeout: what is late says nothing, and must be found out before the check is over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Operator:
    bad: Callable[[float, float], bool]
    furthest: Callable[[Iterable[float]], float]
    """Of several values, the one to tell."""


def _first(values: Iterable[float]) -> float:
    return next(iter(values))


_OPERATORS: Mapping[str, _Operator] = {
    ">": _Operator(bad=operator.gt, furthest=max),
    ">=": _Operator(bad=operator.ge, furthest=max),
    "<": _Operator(bad=operator.lt, furthest=min),
    "<=": _Operator(bad=operator.le, furthest=min),
    "==": _Operator(bad=operator.eq, furthest=_first),
    "!=": _Operator(bad=operator.ne, furthest=_first),
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


async def _probe(check: Check, options: _Options, context: ProbeContext) -> Sequence[Result]:
    wait = check.timeout_seconds * _SHARE
    answer = await ask(options.source, "/api/v1/query", {"query": options.query, "timeout": f"{wait:.3f}"}, wait)
    values, compares = _values(answer), _OPERATORS[options.op]
    known = [value for value in values if math.isfinite(value)]
    bad = [value for value in known if compares.bad(value, options.value)]
    if not values:
        raise unknown("the query finds no series")
    if not bad and len(known) < len(values):
        raise unknown("a value is not a number")
    figures = {"value": compares.furthest(bad or known), "threshold": options.value}
    if not bad:
        return (Result(at=context.now(), outcome=Outcome.OPERATIONAL, figures=figures),)
    return (Result(at=context.now(), outcome=check.status, reason=Reason.THRESHOLD, figures=figures),)


def _values(answer: object) -> list[float]:
    """Return the values of a vector or scalar.

    Raises:
        ProbeError: With the outcome unknown: it is something else.
    """
    try:
        data = answer["data"]  # type: ignore[index]
        result = data["result"]
        texts = [result[1]] if data["resultType"] == "scalar" else [series["value"][1] for series in result]
        return [float(text) for text in texts]
    except (KeyError, TypeError, ValueError, IndexError):
        raise unknown("the answer has an unexpected format") from None


KIND = Kind(measures=N_("Prometheus query"), read=_read, probe=_probe)
