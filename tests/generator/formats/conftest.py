"""A small site as an `Edition`, written the way staff write it, for the tests of the formats."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from generator import pipeline
from generator.content.judge import judge
from generator.formats.edition import Edition
from generator.formats.output import Output
from generator.problems import Level
from generator.sources import Sources
from probes.model import Outcome
from probes.observations import Hour, Observation, Observations, serialize
from tests.compiled import COMPILED

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
PROBED = (
    SITE
    + """\
probes:
  probers: [zrh, gva]
  checks:
    - {name: mx, kind: smtp, service: gateway, host: mx.example.ch}
    - {name: page, kind: http, service: archive, url: "https://archive.example.ch/"}
    - {name: login, kind: http, service: archive, url: "https://archive.example.ch/login"}
"""
)
"""The same site with probers; upstream is not probed."""
SERVICES = {"mx": ("smtp", "gateway"), "page": ("http", "archive"), "login": ("http", "archive")}


def observed(
    prober: str,
    at: str,
    looks: Mapping[str, str | None],
    *,
    seconds: Mapping[str, float] | None = None,
    blind: bool = False,
) -> bytes:
    """Return the file of a prober, written at a time (UTC).

    `looks` holds the last result's time of each check, after which it holds for five minutes; `seconds` the median
    response time of those that were measured, an hour a time for two days, but for the third hour from the end.
    """
    written = datetime.fromisoformat(at).replace(tzinfo=UTC)
    checks = []
    for name, last in looks.items():
        known = datetime.fromisoformat(last).replace(tzinfo=UTC) if last else None
        median = (seconds or {}).get(name)
        kind, service = SERVICES[name]
        checks.append(
            Observation(
                check=name,
                kind=kind,
                service=service,
                outcome=Outcome.OPERATIONAL if known else Outcome.UNKNOWN,
                open=False,
                last_result_at=known,
                stale_after=(known or written) + timedelta(minutes=5),
                hours=_hours(written, median) if median is not None else (),
            )
        )
    return serialize(Observations(prober=prober, at=written, blind=blind, checks=tuple(checks)))


def _hours(written: datetime, median: float) -> tuple[Hour, ...]:
    full = written.replace(minute=0, second=0)
    return tuple(
        Hour(start=full - timedelta(hours=ago), looks=60, bad=0, median_seconds=median, p95_seconds=2 * median)
        for ago in range(48, 0, -1)
        if ago != 3
    )


class Press:
    """Makes editions; incidents are YAML by their id, with the year before it where that is not 2024: `2023/past`."""

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
            incidents={
                f"incidents/{id_ if '/' in id_ else f'2024/{id_}'}.yaml": written for id_, written in incidents.items()
            },
            long_texts=texts,
            phrases={"phrases.yaml": phrases} if phrases else {},
            catalogs=self._catalogs,
            observations={f"observations/{prober}.json": data for prober, data in (observations or {}).items()},
        )
        instant = datetime.fromisoformat(now).replace(tzinfo=UTC)
        judged = judge(read, instant)
        errors = [problem for problem in judged.problems if problem.level is Level.ERROR]
        assert not errors, errors
        return pipeline.derive(read, judged, instant, compiled=COMPILED)

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
