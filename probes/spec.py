"""The `probes:` of status.yaml, read into a `Plan`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from probes.kind import Kind
from probes.kinds import KINDS
from probes.model import Announce, Canary, Check, Outcome, Plan, Publish, Repository
from probes.options import Fault, Options, Raw

__all__ = ["Fault", "parse"]

_NAME = re.compile(r"[0-9a-z]+(?:-[0-9a-z]+)*")
_BAD = ("degraded_performance", "partial_outage", "major_outage")
_FEWEST_CANARIES = 3


def parse(raw: Mapping[str, Raw], services: Mapping[str, Sequence[str]]) -> tuple[Plan, list[Fault]]:
    """Return the plan and every fault of it, each with the keys that lead to it.

    `raw` is the mapping as YAML has it, every scalar a text; `services` holds the services of the site, each with those
    it depends on.
    """
    faults: list[Fault] = []
    top = Options(raw, (), faults, "probes")
    probers = top.texts("probers", required=True)
    for name in probers:
        if not _NAME.fullmatch(name):
            top.fault("probers", "bad-id", f'"{name}" is no name of a prober', "lower-case letters, digits and hyphens")
    if len(set(probers)) != len(probers):
        top.fault("probers", "duplicate-id", "a prober stands here twice")
    publish = top.choice("publish", Publish, Publish.TREE)
    repository = _repository(top)
    if publish is Publish.GIT and repository is None:
        top.fault("publish", "missing-key", "publish: git needs the repository", "e.g. git: {remote: …}")
    canaries = tuple(filter(None, (_canary(part) for part in top.parts("canaries", "a canary"))))
    if canaries and len({canary.host for canary in canaries}) < _FEWEST_CANARIES:
        hint = "name three of different operators: one that is down must not blind the prober"
        top.fault("canaries", "too-few-canaries", f"{len(canaries)} canaries are too few", hint)
    checks = tuple(filter(None, (_check(part, services) for part in top.parts("checks", "a check"))))
    names = [check.name for check in checks]
    for name in sorted({name for name in names if names.count(name) > 1}):
        top.fault("checks", "duplicate-id", f'the check "{name}" stands here twice')
    top.finish()
    return Plan(probers=probers, publish=publish, repository=repository, canaries=canaries, checks=checks), faults


def _repository(top: Options) -> Repository | None:
    part = top.part("git", "git")
    if part is None:
        return None
    default = Repository(remote="")
    repository = Repository(
        remote=part.text("remote", required=True),
        branch=part.text("branch", default.branch),
        folder=part.text("folder", default.folder).strip("/"),
        name=part.text("name", default.name),
        email=part.text("email", default.email),
    )
    for key in ("remote", "branch", "folder"):
        value = part.text(key)
        if value.startswith("-") or (key == "folder" and ".." in value.split("/")):
            part.fault(key, "wrong-type", f'{key}: "{value}" cannot be used')
    part.finish()
    return repository


def _canary(part: Options) -> Canary | None:
    host = part.text("host", required=True)
    port = part.whole("port", 443, low=1, high=65535)
    part.finish()
    return Canary(host=host, port=port) if host else None


def _check(part: Options, services: Mapping[str, Sequence[str]]) -> Check | None:
    name, kind_name = part.text("name", required=True), part.text("kind", required=True)
    if name and not _NAME.fullmatch(name):
        part.fault("name", "bad-id", f'"{name}" is no name of a check', "lower-case letters, digits and hyphens")
    kind = KINDS.get(kind_name)
    if kind is None:
        if kind_name:
            part.fault("kind", "unknown-value", f'"{kind_name}" is no kind of check', allowed=KINDS)
        return None
    told_of = _services(part, kind, services)
    check = _common(part, kind, name, kind_name, told_of)
    check = replace(check, options=kind.read(part))
    part.finish()
    if not told_of:
        return None
    return replace(check, depends_on=tuple(services.get(check.service, ())) if len(told_of) == 1 else ())


def _services(part: Options, kind: Kind, known: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    key = "services" if kind.many_services else "service"
    named = part.texts(key, required=not kind.many_services)
    if len(named) > 1 and not kind.many_services:
        part.fault(key, "wrong-type", "a check of this kind tells of one service")
    for id_ in named:
        if id_ not in known:
            part.fault(key, "unknown-service", f'"{id_}" is no service of status.yaml', allowed=known)
    return named or (tuple(known) if kind.many_services else ())


def _common(part: Options, kind: Kind, name: str, kind_name: str, told_of: tuple[str, ...]) -> Check:
    status = part.text("status", Outcome.OUTAGE.value)
    if status not in _BAD:
        part.fault("status", "unknown-status", f'"{status}" is no status that a failure can have', allowed=_BAD)
        status = Outcome.OUTAGE.value
    interval = part.seconds("interval", kind.interval_seconds, low=1)
    retry = part.seconds("retry_interval", min(kind.retry_interval_seconds, interval), low=1)
    degraded_above = part.seconds("degraded_above", 0)
    return Check(
        name=name,
        kind=kind_name,
        services=told_of or ("",),
        interval_seconds=interval,
        retry_interval_seconds=retry,
        timeout_seconds=part.seconds("timeout", kind.timeout_seconds, low=0.1, high=600),
        status=Outcome(status),
        announce=part.choice("announce", Announce, Announce.AT_ONCE) if "announce" in part else None,
        degraded_above_seconds=degraded_above or None,
        policy=kind.policy,
    )
