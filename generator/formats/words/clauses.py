"""Clauses: choose what the answer names of all that is limited, and whether it is said of all or of the others."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from generator.facts import Answer, Limitation, severity
from generator.i18n import N_
from generator.model import ServiceStatus

NAMED_AT_MOST = 4
"""The answer names so many tasks, the worst first, and says of the others only that there are some."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """What one state is said of."""

    one: Limitation
    rest: bool = False
    """Whether some others certainly have it worse: it is said of everybody else."""


def own_clauses(found: Answer) -> list[Clause]:
    """Return what is to be said of our own services, the worst first."""
    return [] if found.alike else parted([one for one in found.limitations if not one.upstream])


def parted(limitations: Sequence[Limitation]) -> list[Clause]:
    """Part what all have from what all but some have, who have it worse; maintenance goes on for these too."""
    clauses = []
    for one in limitations:
        common = one.for_all and not one.upstream and one.status is not ServiceStatus.UNDER_MAINTENANCE
        worse = _worse_for_some(limitations, one) if common else set[str]()
        for rest in (False, True):
            tasks = tuple(task for task in one.tasks if (task.id in worse) is rest)
            services = tuple(id_ for id_ in one.services if (id_ in worse) is rest)
            if tasks or services:
                clauses.append(Clause(one=replace(one, tasks=tasks, services=services), rest=rest))
    return clauses


def _worse_for_some(limitations: Iterable[Limitation], one: Limitation) -> set[str]:
    """Return the ids of the tasks and services that some certainly have worse than a limitation says."""
    certain = (other for other in limitations if not (other.for_all or other.upstream or other.last_reported))
    return {id_ for other in certain if severity(other.status) > severity(one.status) for id_ in ids_of(other)}


def ids_of(one: Limitation) -> list[str]:
    """Return the ids of the tasks and services that a limitation is said of."""
    return [*(task.id for task in one.tasks), *one.services]


def named_of(clauses: Sequence[Clause]) -> list[Clause]:
    """Return what is named: what all the others have of something before the rest, the worst always.

    Where those who have it worse are not named, there are no others.
    """
    left, named = NAMED_AT_MOST, dict[int, Clause]()
    for place in sorted(range(len(clauses)), key=lambda place: not clauses[place].rest):
        one = first_of(clauses[place].one, left - clauses[place].rest)
        left -= len(ids_of(one))
        if ids_of(one):
            named[place] = replace(clauses[place], one=one)
    some = {id_ for clause in named.values() if not clause.one.for_all for id_ in ids_of(clause.one)}
    told = (named[place] for place in sorted(named))
    return [replace(clause, rest=clause.rest and some.issuperset(ids_of(clause.one))) for clause in told]


def first_of(one: Limitation, at_most: int) -> Limitation:
    """Return a limitation of no more than so many tasks and services."""
    tasks = one.tasks[:at_most]
    return replace(one, tasks=tasks, services=one.services[: at_most - len(tasks)])


def more_than(clauses: Iterable[Clause], named: Iterable[Clause]) -> str:
    """Say that more is affected than is named, if so: other functions, or the same for other customers."""
    every, told = ([id_ for clause in some for id_ in ids_of(clause.one)] for some in (clauses, named))
    if len(every) == len(told):
        return ""
    same = any(every.count(id_) > told.count(id_) for id_ in told)
    return N_("Other functions or customers are affected too.") if same else N_("Other functions are affected too.")
