"""What one file of a synthetic tree says."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from bench import words
from bench.words import Words

NOW = datetime(2026, 1, 15, 8, 0, tzinfo=UTC)
"""When synthetic trees are looked at: the newest incidents are open, a maintenance is planned."""
LANGUAGES: Mapping[str, str] = {"de": "de_CH", "fr": "fr_CH", "en": "en_GB"}
_ZONE = ZoneInfo("Europe/Zurich")
_SHAPES = (
    *("delay", "outage", "maintenance", "delay", "partial", "delay", "outage", "delay", "notice", "outage"),
    *("delay", "maintenance", "partial", "delay", "outage", "delay", "maintenance", "outage", "partial", "delay"),
)
"""What the incidents are, newest first, over and over."""
_STATUSES = {"delay": "degraded_performance", "outage": "major_outage", "partial": "partial_outage"}
_FATES = {"delay": ("delayed", "held"), "outage": ("held", "rejected", "unknown"), "partial": ("misfiled", "delayed")}
_ACTIONS = ("none", "resend", "check-quarantine", "retry-later", "use-webmail", "contact-support")
_PHRASES = ("backlog-being-processed", "queues-cleared", "no-mail-lost", "cause-being-analysed")
_STEPS = ("investigating", "identified", "monitoring", "monitoring", "monitoring")
_OPEN = 2
"""So many of the newest are not over."""


class Incident:
    """One file in the making; every choice falls by its own dice, in the order of the keys."""

    def __init__(self, index: int, begun: datetime, dice: Random) -> None:
        self.index, self.begun, self.dice = index, begun, dice
        self.shape = _SHAPES[index % len(_SHAPES)]
        self.services = dice.sample(list(words.SERVICES), dice.choice((1, 1, 1, 2, 3)))
        self.name = words.SERVICES[self.services[0]][0]
        self.id = f"{begun.astimezone(_ZONE):%Y-%m-%d}-{self.services[0]}-{self.shape}-{index}"

    def written(self) -> dict[str, object]:
        """Return what the file says."""
        file: dict[str, object] = {}
        if self.shape == "notice" or self.index % 20:  # else one is composed
            file["title"] = self.said(words.TITLES[self.shape])
        if self.shape == "notice":
            return file | {"kind": "notice", "services": self.services, "updates": self.notices()}
        if self.shape == "maintenance":
            return file | self.maintenance()
        return file | self.disturbance()

    def notices(self) -> list[dict[str, object]]:
        """Return the updates of a notice."""
        return [{"at": local_time(at), "text": self.text()} for at in self.times(self.dice.randint(1, 3))]

    def maintenance(self) -> dict[str, object]:
        """Return what a maintenance's file says: announced some days ahead, then done, called off, or yet to come."""
        start = self.begun + timedelta(days=2 if self.index < 10 else 0, minutes=self.dice.randrange(0, 240, 15))
        end = start + timedelta(minutes=self.dice.choice((30, 60, 120, 360)))
        announced = self.begun - timedelta(days=self.dice.randint(1, 9))
        told: list[dict[str, object]] = [{"at": local_time(announced), "status": "scheduled", "text": self.text()}]
        file: dict[str, object] = {"kind": "maintenance", "services": self.services}
        file["window"] = {"from": local_time(start), "to": local_time(end)}
        if self.index % 60 == 11:
            file["cancelled"] = local_time(announced + timedelta(hours=20))
        elif end < NOW and self.dice.random() < 0.6:
            told.append({"at": local_time(start), "status": "in_progress"})
            told.append({"at": local_time(end), "status": "completed", "text": self.text()})
        return file | {"updates": told}

    def disturbance(self) -> dict[str, object]:
        """Return what an incident's file says: delays, or a partial or major outage."""
        dice, lasting = self.dice, self.index < _OPEN
        times = self.times(dice.randint(1 if lasting else 2, 6))
        file: dict[str, object] = {"services": dict.fromkeys(self.services, _STATUSES[self.shape])}
        if dice.random() < 0.2:  # told late
            file["started"] = local_time(self.begun - timedelta(minutes=dice.randint(30, 600)))
        cause = dice.choice(("internal", "upstream", "unknown"))
        if dice.random() < 0.25:
            file["who"] = self.said(words.WHO)
        if self.index % 50 == 17:
            file["retracted"] = {"at": local_time(times[-1] + timedelta(hours=1)), "reason": self.said(words.REASON)}
        steps = _STEPS[: len(times)] if lasting else (*_STEPS[: len(times) - 1], "resolved")
        if cause != "unknown" or "identified" not in steps:
            file["cause"] = cause
        return file | {"updates": [self.update(at, step) for at, step in zip(times, steps, strict=True)]}

    def update(self, at: datetime, step: str) -> dict[str, object]:
        """Return one update of an incident."""
        dice = self.dice
        told: dict[str, object] = {"at": self.vague(at, step), "status": step}
        if step == "investigating":
            told |= {"mail": dice.choice(_FATES[self.shape]), "action": dice.choice(_ACTIONS)}
        elif step == "monitoring" and self.shape == "outage":
            told["services"] = {self.services[0]: "degraded_performance"}
        if step != "resolved" and dice.random() < 0.3:
            told["next_update"] = local_time(at + timedelta(hours=dice.choice((1, 2, 4))))
        if step == "resolved" and dice.random() < 0.5:
            told["phrase"] = [{"service-restored": {"service": self.name}}, dice.choice(_PHRASES)]
        if step != "monitoring" or dice.random() < 0.8:  # else one is composed
            told["text"] = self.text()
        return told

    def vague(self, at: datetime, step: str) -> str:
        """Return a time as it was told: some first ones by the day or part of it, some others with "about"."""
        chance, local = self.dice.random(), at.astimezone(_ZONE)
        if step == "investigating" and chance < 0.05:
            return f"{local:%Y-%m-%d}"
        if step == "investigating" and chance < 0.12 and 6 <= local.hour < 22:
            return f"{local:%Y-%m-%d} {('morning', 'afternoon', 'evening')[(local.hour >= 12) + (local.hour >= 18)]}"
        return f"about {local_time(at)}" if chance > 0.85 else local_time(at)

    def times(self, count: int) -> list[datetime]:
        """Return when so many updates were told, none of them after `NOW`."""
        times, at = [], self.begun
        for _ in range(count):
            times.append(at)
            at += timedelta(minutes=self.dice.choice((15, 20, 45, 90, 240, 600)) if self.index >= _OPEN else 15)
        return times

    def text(self) -> dict[str, str]:
        """Return a text of one to six sentences; one in twenty lacks its French."""
        chosen = self.dice.sample(words.SENTENCES, self.dice.choice((1, 2, 2, 3, 3, 4, 6)))
        parts = [self.said(sentence) for sentence in chosen]
        codes = [code for code in LANGUAGES if code != "fr" or self.dice.random() > 0.05]
        return {code: _joined([part[code] for part in parts]) for code in codes}

    def long_text(self) -> dict[str, str]:
        """Return a text of some pages for the files beside."""
        parts = [self.said(sentence) for _ in range(4) for sentence in self.dice.sample(words.SENTENCES, 10)]
        return {code: f"{words.HEADING[code]}\n\n{_joined([part[code] for part in parts])}\n" for code in LANGUAGES}

    def said(self, sentence: Words) -> dict[str, str]:
        """Return a sentence with its names and figures, the same in every language."""
        figures = {"service": self.name, "n": self.dice.randint(3, 99_999), "m": self.dice.randint(2, 59)}
        return {code: text.format(**figures) for code, text in sentence.items()}


def _joined(sentences: list[str]) -> str:
    """Return paragraphs of up to three sentences; a list closes its paragraph."""
    text = ""
    for number, sentence in enumerate(sentences, 1):
        apart = "\n\n" if number % 3 == 0 or "\n" in sentence else " "
        text += sentence + apart
    return text.strip()


def local_time(at: datetime) -> str:
    """Return an instant as files write it: wall time, with its offset where the clocks are put back."""
    local = at.astimezone(_ZONE)
    twice = local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()
    return f"{local:%Y-%m-%d %H:%M}" + (f"{local:%z}" if twice else "")
