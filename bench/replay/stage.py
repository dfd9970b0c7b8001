"""Plays a script in simulated time: real looks at real servers, real conclusions, and a clock that jumps."""

from __future__ import annotations

import heapq
import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import yaml

from bench.replay.scripts import Fault
from bench.replay.town import FILTERED, Town
from generator.facts.automatic.runs import WAIT
from probes.events import Event, EventKind
from probes.hysteresis import State
from probes.kind import ProbeContext
from probes.kinds import KINDS
from probes.loop.conclusions import Observer, conclude
from probes.loop.look import look
from probes.memory.store import Store, opened
from probes.model import Announce, Check, Outcome, Plan, Reason, Result
from probes.options import Raw
from probes.spec import parse

CHECKS = Path(__file__).parent / "checks.yaml"
PROBER = "outside"
BEFORE, AFTER = timedelta(minutes=20), timedelta(minutes=40)
"""How long it is played before the first fault and after the last."""
APART = timedelta(seconds=13)
"""The checks do not all look at once."""
HANGING_SECONDS = 3.0
"""What does not answer is waited for so long; in simulated time it is the timeout of the check."""
_ENOUGH, _ENOUGH_MAIL, _ENOUGH_BY_CHANCE = 7, 4, 40
"""After so many results alike nothing new is expected before the script turns: of any check, of a round trip, and of a
round trip while a part of the mail is hit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """An episode that the probes opened."""

    service: str
    check: str
    status: Outcome
    reason: Reason | None
    after: timedelta
    """From the beginning of the first fault until it was concluded."""
    shown_after: timedelta
    """The same until it is on the pages: at once, or ten minutes after the first bad result."""
    closed: bool


@dataclass(kw_only=True)
class _Watch:
    """A check while a script is played."""

    check: Check
    seen: list[Result] = field(default_factory=list)
    """Since the script last turned."""


def read_plan(town: Town, ca_file: Path, services: Mapping[str, Sequence[str]], file: Path = CHECKS) -> Plan:
    """Return the checks, with the places of the servers put in for the names of the hops."""
    raw = yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)["probes"]  # noqa: S506 - texts alone
    boxes: defaultdict[str, str] = defaultdict(town.mail.box)
    checks = [_placed(check, town, ca_file, boxes) for check in raw["checks"]]
    plan, faults = parse({**raw, "checks": checks}, services)
    if faults:
        raise ValueError(f"{file}: {faults[0].path}: {faults[0].message}")
    return replace(plan, checks=tuple(replace(check, timeout_seconds=_timeout(check)) for check in plan.checks))


def _timeout(check: Check) -> float:
    return HANGING_SECONDS if check.kind == "http" else check.timeout_seconds


def _placed(said: Mapping[str, Raw], town: Town, ca_file: Path, boxes: defaultdict[str, str]) -> dict[str, Raw]:
    placed: dict[str, Raw] = {}
    for key, value in said.items():
        if isinstance(value, Mapping):
            placed[key] = _placed(value, town, ca_file, boxes)
        elif key == "host":
            placed |= {"host": "127.0.0.1", "port": str(town.ports[str(value)]), "ca_file": str(ca_file)}
        elif key == "url":
            placed["url"] = f"http://127.0.0.1:{town.ports[urlsplit(str(value)).hostname or '']}/"
        elif str(value).endswith("@mail.test") and value != FILTERED:
            placed[key] = boxes[str(value)]
        elif key != "port":
            placed[key] = value
    return placed


async def play(faults: Sequence[Fault], town: Town, plan: Plan, folder: Path) -> list[Opening]:
    """Return what the probes open while a script is played, in the order in which they do."""
    begin, end = min(fault.start for fault in faults), max(fault.end for fault in faults)
    town.begin(faults, begin - BEFORE)
    turns = sorted({at for fault in faults for at in (fault.start, fault.end)})
    found: list[Event] = []
    with opened(folder / "store.sqlite") as store:
        context = ProbeContext(now=lambda: town.now, prober=PROBER, state=town.beats, tokens=store.tokens, notes=store)
        watches = [_Watch(check=check) for check in plan.checks]
        queue = [(town.now + place * APART, place) for place in range(len(watches))]
        heapq.heapify(queue)
        turned = town.now
        while queue:
            at, place = heapq.heappop(queue)
            if at > end + AFTER:
                continue
            reached = [turn for turn in turns if turned < turn <= at]
            for turn in reached:
                turned = turn
                town.turn(turn)
                for watch in watches:
                    watch.seen.clear()
            town.turn(at)
            watch = watches[place]
            found += await _look(watch, context, town, plan, store)
            heapq.heappush(queue, (_next(watch, context, town, turns, store), place))
    return _openings(found, begin)


async def _look(watch: _Watch, context: ProbeContext, town: Town, plan: Plan, store: Store) -> list[Event]:
    """Look once, and return what follows."""
    results = [_known(watch.check, result) for result in await look(watch.check, context)]
    watch.seen += results
    now = max([town.now, *(result.at for result in results)])
    return conclude(Observer(name=PROBER, plan=plan, store=store), watch.check, results, now, floor=now)


def _known(check: Check, result: Result) -> Result:
    """Return a result as of when it would have been known: what does not answer is waited for."""
    if result.reason is not Reason.TIMEOUT:
        return result
    return replace(result, at=result.at + timedelta(seconds=KINDS[check.kind].timeout_seconds))


def _next(watch: _Watch, context: ProbeContext, town: Town, turns: Sequence[datetime], store: Store) -> datetime:
    """Return when to look again: at the check's own pace, or when the script turns if nothing new is to be expected."""
    check = watch.check
    pace = KINDS[check.kind].pace
    bad = bool(watch.seen) and watch.seen[-1].outcome.bad
    seconds = pace(check, context) if pace else check.retry_interval_seconds if bad else check.interval_seconds
    soon = town.now + timedelta(seconds=seconds)
    if not _settled(watch, town, store.state(check.name, check.service)):
        return soon
    following = next((turn for turn in turns if turn > town.now), None)
    if following is None:
        return town.now + AFTER * 2
    # The looks that are left out would have been at this pace; the next one falls where it would have fallen.
    sent = context.tokens.last_sent(check.name)
    between = KINDS[check.kind].between
    first, apart = (sent, between(check.options)) if sent and between else (soon, seconds)
    return max(soon, first + timedelta(seconds=apart * math.ceil((following - first).total_seconds() / apart)))


def _settled(watch: _Watch, town: Town, state: State | None) -> bool:
    """Return whether a check finds the same again and again, and has concluded what there is to conclude."""
    seen, kind = watch.seen, watch.check.kind
    if state and state.open:
        return bool(seen) and seen[-1].outcome.bad
    if kind == "heartbeat":  # becomes bad by the clock alone
        return False
    enough = _ENOUGH
    if kind == "roundtrip":
        chance = any(fault.share < 1 and fault.start <= town.now < fault.end for fault in town.faults)
        enough = _ENOUGH_BY_CHANCE if chance else _ENOUGH_MAIL
    moving = len({result.figures.get("value") for result in seen}) > 1  # what grows will be bad at some time
    return len(seen) >= enough and not moving and not any(result.outcome.bad for result in seen)


def _openings(events: Sequence[Event], begin: datetime) -> list[Opening]:
    closed = {event.id for event in events if event.event is EventKind.CLOSE}
    return [
        Opening(
            service=event.service,
            check=event.check,
            status=event.status,
            reason=event.reason,
            after=event.at - begin,
            shown_after=_shown(event, events) - begin,
            closed=event.id in closed,
        )
        for event in events
        if event.event is EventKind.OPEN
    ]


def _shown(event: Event, events: Sequence[Event]) -> datetime:
    """Return when an opening is shown: ten minutes after it began, or sooner once it has become an outage."""
    due = event.at if event.announce is Announce.AT_ONCE else max(event.at, event.since + WAIT)
    loud = [other.at for other in events if other.id == event.id and other.announce is Announce.AT_ONCE]
    return min([due, *loud])
