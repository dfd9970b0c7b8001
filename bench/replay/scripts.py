"""Reads what broke, and makes of each incident the plays that its words allow."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import product
from pathlib import Path
from zoneinfo import ZoneInfo

import yaml

FAULTS = Path(__file__).parent / "faults.yaml"
_ZONE = ZoneInfo("Europe/Zurich")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One hop that fails in one manner for a while."""

    hop: str
    start: datetime
    end: datetime
    manner: str
    share: float = 1.0
    """Which part of the mail is hit."""
    minutes: float = 0.0
    """How late mail is, where the manner is `late`."""

    @property
    def said(self) -> str:
        """Return the manner in words, short."""
        late, part = f" {self.minutes:g} min", f" {self.share:.0%} of the mail"
        return self.manner + (late if self.minutes else "") + (part if self.share < 1 else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Disturbance:
    """One line of the record."""

    incident: str
    counts: bool
    """Whether it is a disturbance that was not planned."""
    services: tuple[str, ...]
    plays: tuple[tuple[Fault, ...], ...]
    """Each way in which it may have been."""


def disturbances(file: Path = FAULTS) -> list[Disturbance]:
    """Return what the record tells, in its order."""
    return [
        Disturbance(
            incident=entry["incident"],
            counts=entry["disturbance"],
            services=tuple(entry["services"]),
            plays=tuple(product(*(tuple(_faults(fault)) for fault in entry["faults"]))),
        )
        for entry in yaml.safe_load(file.read_text(encoding="utf-8"))
    ]


def _faults(said: dict[str, object]) -> Iterator[Fault]:
    """Yield a fault once in each manner, with each share and each number of minutes."""
    for manner, share, minutes in product(
        _many(said["manner"]), _many(said.get("share", 1.0)), _many(said.get("minutes", 0.0))
    ):
        yield Fault(
            hop=str(said["hop"]),
            start=_time(str(said["from"])),
            end=_time(str(said["to"])),
            manner=str(manner),
            share=float(str(share)),
            minutes=float(str(minutes)),
        )


def _many(value: object) -> Sequence[object]:
    return value if isinstance(value, list) else [value]


def _time(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=_ZONE).astimezone(UTC)
