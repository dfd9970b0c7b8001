"""Plan: reads the `probes:` of status.yaml."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from probes.kind import Kind
from probes.kinds import KINDS
from probes.model import Announce, Canary, Check, Outcome, Plan, Publish
from probes.naming import LONGEST_NAME, is_name
from probes.net.target import read_host
from probes.options import Fault, Options, Raw
from probes.outlets.repository import read_repository

__all__ = ["Fault", "parse"]

_BAD = ("degraded_performance", "partial_outage", "major_outage")
_FEWEST_CANARIES = 3
_NAMING = f"lower-case letters, digits and hyphens, at most {LONGEST_NAME}"


def parse(raw: Mapping[str, Raw], services: Mapping[str, Sequence[str]], tree: str = "") -> tuple[Plan, list[Fault]]:
    """Return the plan and every fault of it, each with the keys that lead to it.

    `raw` is the mapping as YAML has it, every scalar a text; `services` holds the services of the site, each with those
    it depends on. The files that it names are meant from `tree`, the folder of status.yaml; empty: as they stand, where
    nobody is going to look.
    """
    faults: list[Fault] = []
    top = Options(raw, (), faults, "probes", tree)
    probers = top.texts("probers", required=True)
    for name in probers:
        if not is_name(name):
            top.fault("probers", "bad-id", f'"{name}" is not a valid name for a prober', _NAMING)
    if len(set(probers)) != len(probers):
        top.fault("probers", "duplicate-id", "a prober is listed twice", "keep one of the two")
    publish = top.choice("publish", Publish, Publish.TREE)
    part = top.part("git", "git")
    repository = read_repository(part) if part else None
    if publish is Publish.GIT and "git" not in top:
        top.fault("publish", "missing-key", "publish: git needs the repository", "e.g. git: {remote: …}")
    if "git" in top and top.text("publish", Publish.TREE) == Publish.TREE:
        top.fault("git", "missing-key", "git: is not used without publish: git", "write publish: git, or remove git:")
    canaries = tuple(filter(None, (_canary(part) for part in top.parts("canaries", "a canary"))))
    if canaries and len({canary.host.lower() for canary in canaries}) < _FEWEST_CANARIES:
        hint = "name three, run by different organisations: a single one that is down must not blind the prober"
        top.fault("canaries", "too-few-canaries", f"{len(canaries)} canaries are too few", hint)
    checks: dict[str, Check] = {}
    for part in top.parts("checks", "a check"):
        check = _check(part, services)
        if check and check.name and check.name in checks:
            message = f'the check "{check.name}" is listed twice'
            part.fault("name", "duplicate-id", message, "remove one, or choose another name")
        elif check:
            checks[check.name] = check
    top.finish()
    plan = Plan(
        probers=probers, publish=publish, repository=repository, canaries=canaries, checks=tuple(checks.values())
    )
    return plan, faults


def _canary(part: Options) -> Canary | None:
    host = read_host(part)
    port = part.whole("port", 443, low=1, high=65535)
    part.finish()
    return Canary(host=host, port=port) if host else None


def _check(part: Options, services: Mapping[str, Sequence[str]]) -> Check | None:
    name, kind_name = part.text("name", required=True), part.text("kind", required=True)
    if name and not is_name(name):
        part.fault("name", "bad-id", f'"{name}" is not a valid name for a check', _NAMING)
    kind = KINDS.get(kind_name)
    if kind is None:
        if kind_name:
            part.fault("kind", "unknown-value", f'"{kind_name}" is not a kind of check', allowed=KINDS)
        return None
    told_of = _services(part, kind, services)
    check = _common(part, kind, name, kind_name, told_of)
    check = replace(check, options=kind.read(part))
    part.finish()
    if not told_of:
        return None
    return replace(check, depends_on=tuple(services.get(check.service, ())) if len(told_of) == 1 else ())


def _services(part: Options, kind: Kind[Any], known: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    key = "services" if kind.many_services else "service"
    named = part.texts(key, required=not kind.many_services)
    if len(named) > 1 and not kind.many_services:
        hint = "name one of them; another service needs a check of its own"
        part.fault(key, "wrong-type", "a check of this kind tells of one service", hint)
    for id_ in named:
        if id_ not in known:
            part.fault(key, "unknown-service", f'"{id_}" is not a service in status.yaml', allowed=known)
    told_of = named or (tuple(known) if kind.many_services else ())
    for id_ in dict.fromkeys(other for one in told_of if one in known for other in (one, *known[one])):
        if not is_name(id_):
            part.fault(key, "bad-id", f'"{id_}" cannot stand in what probers file', _NAMING)
    return told_of


def _common(part: Options, kind: Kind[Any], name: str, kind_name: str, told_of: tuple[str, ...]) -> Check:
    status = part.text("status", Outcome.OUTAGE.value)
    if status not in _BAD:
        part.fault("status", "unknown-status", f'"{status}" is not a status for a failure', allowed=_BAD)
        status = Outcome.OUTAGE.value
    interval = part.seconds("interval", kind.interval_seconds, low=1)
    retry = part.seconds("retry_interval", min(kind.retry_interval_seconds, interval), low=1)
    timeout = part.seconds("timeout", kind.timeout_seconds, low=0.1, high=600)
    degraded_above = part.seconds("degraded_above", 0)
    if retry > interval:
        hint = "what is bad is looked at more often, not less"
        part.fault("retry_interval", "bad-interval", "retry_interval must not be longer than interval", hint)
    if kind.between is None and degraded_above >= timeout:  # a round trip measures its messages instead
        hint = f"a look ends after {timeout:g} s: shorten degraded_above, or lengthen timeout"
        part.fault("degraded_above", "bad-interval", "degraded_above must be shorter than timeout", hint)
    return Check(
        name=name,
        kind=kind_name,
        services=told_of or ("",),
        interval_seconds=interval,
        retry_interval_seconds=retry,
        timeout_seconds=timeout,
        status=Outcome(status),
        announce=part.choice("announce", Announce, Announce.AT_ONCE) if "announce" in part else None,
        degraded_above_seconds=degraded_above or None,
        policy=kind.policy,
    )
