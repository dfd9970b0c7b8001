"""Plays every script of the record, in every manner, and judges what the probes made of it."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import yaml

from bench.replay.scripts import Disturbance, Fault, disturbances
from bench.replay.stage import CHECKS, Opening, play, read_plan
from bench.replay.town import town
from tests.probes.lab.certificates import issue
from tests.probes.lab.mail import PASSWORD

STATUS = Path(__file__).resolve().parents[2] / "status.yaml"
Wanted = Callable[[Disturbance, Sequence[Fault]], bool]
"""Whether a disturbance is to be played in a manner."""
_EVER = datetime(2021, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """What was opened while one manner of a disturbance was played."""

    faults: tuple[Fault, ...]
    services: tuple[str, ...]
    """Those that were to be opened."""
    openings: tuple[Opening, ...]

    @property
    def first(self) -> Opening | None:
        """Return the first opening on a service that was to be opened."""
        return next((opening for opening in self.openings if opening.service in self.services), None)

    @property
    def wrong(self) -> tuple[Opening, ...]:
        """Return what was opened on other services."""
        return tuple(opening for opening in self.openings if opening.service not in self.services)

    @property
    def lasting(self) -> timedelta:
        """Return how long the faults lasted."""
        return max(fault.end for fault in self.faults) - min(fault.start for fault in self.faults)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What became of a disturbance in all its manners."""

    disturbance: Disturbance
    plays: tuple[Played, ...]

    @property
    def seen(self) -> bool:
        """Return whether it was opened on a right service in every manner, and on no wrong one in any."""
        return bool(self.plays) and all(played.first and not played.wrong for played in self.plays)


def run(folder: Path, wanted: Wanted = lambda _disturbance, _faults: True) -> Iterator[Judged]:
    """Yield what becomes of each disturbance of which at least one play is wanted."""
    (folder / "pki").mkdir()
    certificates = issue(folder / "pki")
    with _password(), town(folder, certificates, _EVER) as place:
        plan = read_plan(place, certificates.ca_file, _services())
        for number, disturbance in enumerate(disturbances()):
            chosen = [faults for faults in disturbance.plays if wanted(disturbance, faults)]
            stores = [folder / f"store-{number}-{manner}" for manner in range(len(chosen))]
            plays = [
                Played(
                    faults=faults,
                    services=disturbance.services,
                    openings=tuple(asyncio.run(play(faults, place, plan, store))),
                )
                for faults, store in zip(chosen, stores, strict=True)
                if faults
            ]
            if chosen:
                yield Judged(disturbance=disturbance, plays=tuple(plays))


def needs() -> Mapping[str, str]:
    """Return what each check needs that is not there by itself."""
    return _read("needs")


def unseen() -> Mapping[str, str]:
    """Return of each hop that no check looks at, or manner that none sees, why that is."""
    return _read("unseen")


def _read(key: str) -> Mapping[str, str]:
    found: Mapping[str, str] = yaml.safe_load(CHECKS.read_text(encoding="utf-8"))[key]
    return found


def _services() -> Mapping[str, Sequence[str]]:
    """Return the services of the shipped site, each with those it depends on."""
    site = yaml.safe_load(STATUS.read_text(encoding="utf-8"))
    return {service["id"]: service.get("depends_on", ()) for service in site["services"]}


@contextlib.contextmanager
def _password() -> Iterator[None]:
    """Put the password of the mailboxes where checks.yaml says it is."""
    former = os.environ.get("PROBE_PASSWORD")
    os.environ["PROBE_PASSWORD"] = PASSWORD
    try:
        yield
    finally:
        del os.environ["PROBE_PASSWORD"]
        if former is not None:
            os.environ["PROBE_PASSWORD"] = former
