"""How to make a synthetic tree: any number of incidents in three languages, the same for the same seed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from itertools import groupby
from pathlib import Path
from random import Random

import yaml

from bench import words
from bench.incident import LANGUAGES, NOW, Incident

YEARS = 5
"""The incidents lie evenly over so long, however many there are."""


def plant(folder: Path, incidents: int, *, seed: int = 1) -> None:
    """Write a tree of so many incidents into a folder that does not exist yet."""
    folder.mkdir(parents=True)
    (folder / "status.yaml").write_text(_yaml(_site()), encoding="utf-8")
    for place, files in groupby(_files(incidents, seed), key=lambda file: (folder / file[0]).parent):
        place.mkdir(parents=True, exist_ok=True)
        for path, text in files:
            (folder / path).write_text(text, encoding="utf-8")


def _files(incidents: int, seed: int) -> Iterator[tuple[str, str]]:
    apart = timedelta(days=365 * YEARS) / max(incidents, 1)
    for index in range(incidents):
        dice = Random(f"{seed}/{index}")  # noqa: S311 - repeatable, nothing secret
        begun = NOW - timedelta(hours=2) - (index + (dice.random() if index else 0)) * apart
        incident = Incident(index, begun.replace(second=0, microsecond=0), dice)
        stem = f"incidents/{incident.id[:4]}/{incident.id}"
        yield f"{stem}.yaml", _yaml(incident.written())
        if incident.shape == "notice" or index % 33 == 7:
            for code, text in incident.long_text().items():
                yield f"{stem}.{code}.md", text


def _site() -> dict[str, object]:
    groups = [{"id": id_, "name": dict(name)} for id_, name in words.GROUPS.items()]
    services = [
        {
            "id": id_,
            "name": name,
            "description": {code: text.format(service=name) for code, text in words.DESCRIPTION.items()},
            "group": group,
            "own": group != "upstream",
        }
        for id_, (name, group) in words.SERVICES.items()
    ]
    tasks = [{"id": id_, "name": dict(name), "services": list(of)} for id_, (name, of) in words.TASKS.items()]
    return {
        "name": "Synthetic Mail",
        "url": "https://status.example.ch",
        "feed_authority": "status.example.ch,2026",
        "time_zone": "Europe/Zurich",
        "languages": dict(LANGUAGES),
        "publish_every": "15m",
        "record_since": f"{NOW - timedelta(days=365 * YEARS + 30):%Y-%m-%d}",
        "groups": groups,
        "services": services,
        "tasks": tasks,
        "contacts": [{"kind": "mail", "label": dict(words.CONTACT), "target": "support@example.ch"}],
    }


def _yaml(file: Mapping[str, object]) -> str:
    return yaml.dump(dict(file), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=110)


class _Dumper(yaml.CSafeDumper):
    """Writes every value where it stands: anchors and aliases are not read."""

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002 - the same for all
        """Return that nothing is written as an alias."""
        return True
