"""A small site as an `Edition`, written the way staff write it, for the tests of the formats."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from generator import content, pipeline
from generator.formats.edition import Edition
from generator.formats.output import Output
from generator.problems import Level
from generator.sources import Sources

SITE = """\
name: {de: Beispiel, fr: Exemple, en: Example}
url: https://example.ch/status
feed_authority: example.ch,2026
time_zone: Europe/Zurich
languages: {de: de_CH, fr: fr_CH, en: en_GB}
publish_every: 15m
groups:
  - {id: all, name: {de: Alles, fr: Tout, en: All}}
services:
  - {id: gateway, name: Gateway, group: all}
  - {id: archive, name: {de: Archiv, fr: Archives, en: Archive}, group: all, since: 2024-01-01}
  - {id: upstream, name: Upstream, group: all, own: false}
tasks:
  - {id: receive, name: {de: Empfangen, fr: Recevoir, en: Receive}, services: [gateway, upstream]}
"""


class Press:
    """Makes editions; incidents are YAML by their id."""

    def __init__(self, checkout: Path) -> None:
        locales = checkout / "locales"
        self._catalogs = {
            code: (locales / code / "LC_MESSAGES" / "messages.po").read_bytes() for code in ("de", "fr", "en")
        }

    def edition(
        self,
        now: str,
        incidents: Mapping[str, str],
        *,
        site: str = SITE,
        beside: Mapping[str, Mapping[str, str]] | None = None,
        phrases: str = "",
        observations: Mapping[str, bytes] | None = None,
        templates: Mapping[str, str] | None = None,
    ) -> Edition:
        """Return the edition of a tree at `now` (UTC).

        `beside` holds long texts by incident and language, `observations` what probers last saw by their names.
        """
        texts = {
            f"incidents/2024/{id_}": {lang: (f"incidents/2024/{id_}.{lang}.md", text) for lang, text in texts.items()}
            for id_, texts in (beside or {}).items()
        }
        read = Sources(
            config=site,
            incidents={f"incidents/2024/{id_}.yaml": written for id_, written in incidents.items()},
            long_texts=texts,
            phrases={"phrases.yaml": phrases} if phrases else {},
            catalogs=self._catalogs,
            observations={f"observations/{prober}.json": data for prober, data in (observations or {}).items()},
            templates=dict(templates or {}),
        )
        instant = datetime.fromisoformat(now).replace(tzinfo=UTC)
        judged = content.judge(read, instant)
        errors = [problem for problem in judged.problems if problem.level is Level.ERROR]
        assert not errors, errors
        return pipeline.derive(read, judged, instant)

    def files(self, outputs: Callable[[Edition], Iterator[Output]], edition: Edition) -> dict[str, bytes]:
        """Return the rendered files of a format by their paths."""
        rendered = {}
        for output in outputs(edition):
            assert output.path not in rendered
            rendered[output.path] = output.render()
        return rendered


@pytest.fixture(scope="session")
def press(checkout: Path) -> Press:
    """Return what makes editions."""
    return Press(checkout)
