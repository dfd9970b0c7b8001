"""One incident's file may be long: the work on it grows with its length."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from generator import formats, pipeline, sources
from generator.content.judge import judge

pytestmark = pytest.mark.slow

NOW = datetime(2024, 6, 1, tzinfo=UTC)
STATUS = """
name: X
url: https://status.example.ch
feed_authority: status.example.ch,2024
time_zone: Europe/Zurich
languages: {en: en_GB}
publish_every: 15m
record_since: 2023-01-01
groups: [{id: mail, name: Mail}]
services: [{id: gateway, name: Gateway, group: mail}]
tasks: []
contacts: [{kind: mail, label: Support, target: support@example.ch}]
"""


def plant(folder: Path, updates: int) -> Path:
    """Write a tree whose only incident has so many updates, each of them with a text of its own."""
    place = folder / f"{updates}"
    (place / "incidents/2024").mkdir(parents=True)
    (place / "status.yaml").write_text(STATUS, "utf-8")
    steps = ("investigating", *["monitoring"] * (updates - 2), "resolved")
    times = (datetime(2024, 1, 1) + timedelta(minutes=10 * number) for number in range(updates))  # noqa: DTZ001 - local
    told = [
        f"- {{at: {at:%Y-%m-%d %H:%M}, status: {step}, text: {{en: Still {at:%H:%M}}}}}\n"
        for at, step in zip(times, steps, strict=True)
    ]
    said = "title: {en: Long}\nservices: {gateway: major_outage}\nupdates:\n" + "".join(told)
    (place / "incidents/2024/2024-01-01-long.yaml").write_text(said, "utf-8")
    return place


def calls(tree: Path) -> int:
    """Return how many calls it takes to judge a tree, and to render everything that is made of it."""
    count = 0

    def hear(_frame: object, event: str, _of: object) -> None:
        nonlocal count
        count += event.endswith("call")

    read = sources.read(tree)
    sys.setprofile(hear)
    try:
        judged = judge(read, NOW)
        for output in formats.outputs(pipeline.derive(read, judged, NOW)):
            output.render()
    finally:
        sys.setprofile(None)
    assert not judged.faulty
    return count


def test_work_grows_with_the_length_of_an_incident(tmp_path: Path) -> None:
    """Twice as many further updates on an incident take twice as many further calls, not four times."""
    few, more, most = (plant(tmp_path, updates) for updates in (60, 120, 240))
    calls(few)  # what is made once and kept is made now

    first, second, third = calls(few), calls(more), calls(most)

    assert third - second < 2.2 * (second - first)
