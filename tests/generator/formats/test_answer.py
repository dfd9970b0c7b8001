"""The truth table: tests/spec/answers.md has the conditions, and what every output says of them in each language."""

from __future__ import annotations

import functools
import json
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from html import unescape
from pathlib import Path

import pytest
import yaml

from generator import pipeline, sources
from generator.content.judge import judge
from generator.formats import badges, feeds, heartbeat, html, metrics, status, statuspage
from generator.formats.edition import Edition
from generator.polling import verdict as verdicts
from generator.polling.documents import parse_heartbeat, parse_status
from generator.sources import Sources
from generator.time_slots import fill
from probes.events import Event, EventKind, episode_id, path_of, serialize
from probes.model import Outcome, Reason
from tests.compiled import COMPILED

CHECKOUT = Path(__file__).parents[3]
TABLE = CHECKOUT / "tests" / "spec" / "answers.md"
ACCEPT = os.environ.get("GOLDEN") == "accept"
NOW = datetime.fromisoformat("2026-11-24T15:00:00+01:00")
FIRST_WORD = [{"at": "2026-11-24 09:12", "status": "investigating"}]
LANGUAGES = ("de", "fr", "en")
TAGS = re.compile(r"<[^>]+>")
FORMATS = (badges, feeds, heartbeat, html, metrics, status, statuspage)


@dataclass(frozen=True, kw_only=True)
class Section:
    """A condition: its title, the incidents that make it, and what is written down of the answer."""

    title: str
    incidents: str
    said: str


def sections() -> list[Section]:
    """Return the conditions in the order of the file."""
    parts = re.split(r"^## ", TABLE.read_text("utf-8"), flags=re.MULTILINE)[1:]
    found = (re.fullmatch(r"(.+?)\n\n```yaml\n(.*?)```\n(.*)", part, re.DOTALL) for part in parts)
    return [Section(title=one[1], incidents=one[2], said=one[3].strip()) for one in found if one]


SECTIONS = sections()
LATE = SECTIONS[-1].title
"""The last condition: the publisher has died, and what was published says that all is well."""


@functools.cache
def shipped() -> Sources:
    """Return what the shipped site is made from."""
    return sources.read(CHECKOUT)


def edition_of(written: str) -> Edition:
    """Return the edition of the shipped site with the incidents of a condition, and no others."""
    told = yaml.load(written, yaml.BaseLoader) or {}  # noqa: S506 - it makes texts alone
    events = [event_of(each) for each in told.pop("events", ())]
    read = replace(
        shipped(),
        events={path_of(event): serialize(event) for event in events},
        incidents={
            f"incidents/2026/{id_}.yaml": yaml.safe_dump({"updates": FIRST_WORD} | incident, sort_keys=False)
            for id_, incident in told.items()
        },
        long_texts={},
    )
    judged = judge(read, NOW)
    assert not judged.faulty, judged.problems
    return pipeline.derive(read, judged, NOW, compiled=COMPILED)


def event_of(written: Mapping[str, str]) -> Event:
    """Return what a prober filed: an episode of one service, seen by its check of web pages."""
    since, at = (datetime.fromisoformat(f"2026-11-24T{written[key]}:00+01:00") for key in ("since", "at"))
    began = datetime.fromisoformat(f"2026-11-24T{written.get('began', written['since'])}:00+01:00")
    prober, service = written["prober"], written["service"]
    return Event(
        event=EventKind(written["event"]),
        id=episode_id(prober, service, "page", began),
        prober=prober,
        at=at,
        since=since,
        service=service,
        check="page",
        kind="http",
        status=Outcome(written["status"]),
        reason=Reason(written["reason"]),
        probers=int(written["probers"]),
    )


class Site:
    """What the outputs of an edition say."""

    def __init__(self, edition: Edition) -> None:
        self._outputs = {output.path: output for format_ in FORMATS for output in format_.outputs(edition)}
        self._texts: dict[str, str] = {}

    @property
    def paths(self) -> Iterable[str]:
        """The files of the site."""
        return self._outputs

    def text(self, path: str) -> str:
        """Return a file, which is rendered but once."""
        if path not in self._texts:
            self._texts[path] = self._rendered(path)
        return self._texts[path]

    def _rendered(self, path: str) -> str:
        output = self._outputs[path]
        built = {
            "iso": b"2026-11-24T14:00:00Z",
            "time": b"15:00",
            "due": b"2026-11-24T14:30:00Z",
            "epoch": b"1795528800",
        }
        return (fill(output.render(), **built) if output.stamped else output.render()).decode()

    def read(self, path: str) -> Mapping[str, object]:
        """Return a JSON file."""
        found: Mapping[str, object] = json.loads(self.text(path))
        return found

    def elements(self, path: str, pattern: str) -> list[str]:
        """Return the texts of the elements that a pattern finds, without what only joins words."""
        page = self.text(path)
        return [plain(found) for found in re.findall(pattern, page, re.DOTALL)]


def plain(markup: str) -> str:
    """Return what is read of some markup."""
    return " ".join(unescape(TAGS.sub("", markup)).replace("\u2060", "").split())


def flat(text: str) -> str:
    """Return a text with the spaces that `plain` leaves."""
    return " ".join(text.replace("\u2060", "").split())


def poll(site: Site, now: datetime, language: str) -> tuple[int, str]:
    """Return the exit code of `poll`, and the line it prints."""
    beat, state = parse_heartbeat(site.text("heartbeat.json")), parse_status(site.text("status.json"))
    verdict = verdicts.staleness(beat, now) or verdicts.judge(beat, state, now, language=language)
    return int(verdict.state), verdict.line


def told(site: Site) -> str:
    """Return what the outputs say, as the table has it."""
    lines = []
    for lang in LANGUAGES:
        page = f"{lang}/index.html"
        (sentence,) = site.elements(page, r"<h1[^>]*>(.*?)</h1>")
        beneath = site.elements(page, r'<p class="lead__word">(.*?)</p>')
        lines.append(f"- **{lang}** {sentence}")
        lines += [f"  *Beneath it:* {word}" for word in beneath]
    state = site.read("status.json")["status"]
    shown = [site.read(f"badges/{lang}/overall.json")["message"] for lang in LANGUAGES]
    api = site.read("api/v2/status.json")["status"]
    assert isinstance(api, dict)
    code, _ = poll(site, NOW, "en")
    badge = " · ".join(map(str, shown))
    lines.append(f"- *Shown as* `{state}`, badge {badge}, API `{api['indicator']}` {api['description']}, `poll` {code}")
    return "\n".join(lines)


def told_when_late(site: Site) -> str:
    """Return what the outputs say once the next build is overdue."""
    lines = []
    for lang in LANGUAGES:
        (sentence,) = site.elements(f"{lang}/index.html", r'<h1 data-unknown="(.*?)"')
        lines.append(f"- **{lang}** {sentence}")
        lines.append(f"  *Embedded:* {site.read(f'embed/{lang}/sentence.json')['unknown']}")
    code, line = poll(site, NOW + timedelta(hours=1), "en")
    lines.append(f"- *Shown as* nothing, `poll` {code}: {line.partition(' | ')[0]}")
    return "\n".join(lines)


@pytest.fixture(scope="module", params=range(len(SECTIONS)), ids=[section.title for section in SECTIONS])
def case(request: pytest.FixtureRequest) -> tuple[Section, Site]:
    """Return a condition, and the site in it."""
    section = SECTIONS[request.param]
    return section, Site(edition_of(section.incidents))


def test_the_answer_is_the_one_that_was_read_by_an_editor(case: tuple[Section, Site]) -> None:
    """What is said and shown in a condition is what the table has, word for word, in each language."""
    section, site = case

    said = (told_when_late if section.title == LATE else told)(site)

    if ACCEPT:
        text = TABLE.read_text("utf-8")
        head = f"## {section.title}\n\n```yaml\n{section.incidents}```\n"
        start = text.index(head) + len(head)
        end = text.find("\n## ", start)
        TABLE.write_text(f"{text[:start]}\n{said}\n{text[end:] if end > 0 else ''}", "utf-8")
        return
    assert said == section.said


def test_every_output_says_the_same_sentence(case: tuple[Section, Site]) -> None:
    """Page, title, preview, embed, script, status.json and poll have one sentence in a language."""
    _, site = case
    headlines = site.read("status.json")["headline"]
    assert isinstance(headlines, dict)

    for lang in headlines:
        page, sentence = f"{lang}/index.html", flat(headlines[lang])
        assert site.elements(page, r"<h1[^>]*>(.*?)</h1>") == [sentence]
        assert site.elements(page, r"<title>(.*?)</title>")[0].startswith(sentence.rstrip("."))
        assert site.elements(page, r'property="og:title" content="(.*?)"')[0].startswith(sentence.rstrip("."))
        assert site.elements(page, r'property="og:image:alt" content="(.*?)"') == [sentence]
        assert site.elements(f"embed/{lang}/index.html", r"<h1[^>]*>(.*?)</h1>") == [sentence]
        assert site.read(f"embed/{lang}/sentence.json")["headline"] == headlines[lang]
        told = site.read(f"{lang}/feed.json")["_lagebild"]
        assert isinstance(told, dict)
        assert told["headline"] == headlines[lang]
        assert sentence in flat(poll(site, NOW, lang)[1]).replace("\u202f", " ") or len(sentence) > 380
    assert site.elements("index.html", r'<h2 class="root__answer">(.*?)</h2>') == [
        flat(headline) for headline in headlines.values()
    ]


def silent_site() -> Site:
    """Return the site of which a prober found a service down, and has said nothing more for six hours."""
    (section,) = (one for one in SECTIONS if "said nothing more for six hours" in one.title)
    return Site(edition_of(section.incidents))


def test_no_output_says_flatly_what_is_doubtful() -> None:
    """Wherever the state of a service or a task stands, so does that nobody confirms it any more."""
    site = silent_site()
    document, page = site.read("status.json"), "en/index.html"
    told = [document["tasks"], document["services"]]
    tasks, services = ({one["id"]: one for one in found} for found in told if isinstance(found, list))
    said = "Major outage (no longer confirmed)"

    assert site.elements(page, r"<li class=\"tasks__item\">(.*?)</li>")[0] == (
        "Receiving mail not working (last confirmed at 07:04)"
    )
    (row,) = [one for one in site.elements(page, r'<li class="service">(.*?)</li>') if "Domain Gateway" in one]
    assert said in row
    assert "last confirmed: 07:04 · 90 days" in row
    assert said in site.elements("en/services/domain-gateway/index.html", r'<p class="lead__note">(.*?)</p>')[0]
    assert tasks["receive-mail"]["limitations"][0]["last_reported"] == "2026-11-24T06:04:00Z"
    assert services["domain-gateway"]["last_reported"] == "2026-11-24T06:04:00Z"
    assert services["domain-gateway"]["headline"]["en"] == f"Domain Gateway: {said}"
    assert services["mail-archive"]["last_reported"] is None
    assert site.read("badges/en/domain-gateway.json")["message"] == said


def test_what_nobody_confirms_any_more_is_not_said_to_go_on() -> None:
    """The page of an incident whose prober has fallen silent says when it was confirmed last, and of no time since."""
    site = silent_site()
    (page,) = [path for path in site.paths if re.fullmatch(r"en/incidents/2026/[^/]+/index.html", path)]

    said, ends = site.text(page), site.elements(page, r'<p class="course__ends">(.*?)</p>')

    assert ends == ["07:02 last confirmed: 07:04"]
    assert site.elements(page, r'<p class="course__states">(.*?)</p>') == ["Major outage last confirmed: 07:04"]
    assert re.findall(r'aria-label="Major outage: [^"]*last confirmed: 07:04"', said)
    assert "data-since" not in said


def test_the_page_of_what_a_prober_found_says_so_once() -> None:
    """That an incident was detected automatically is what its update is called, and stands nowhere else on the page."""
    (section,) = (one for one in SECTIONS if "One of two probers" in one.title)
    site = Site(edition_of(section.incidents))
    (page,) = [path for path in site.paths if re.fullmatch(r"en/incidents/2026/[^/]+/index.html", path)]

    (body,) = re.findall(r"<main.*</main>", site.text(page), re.DOTALL)

    assert (body.count("Detected automatically"), body.count("detected")) == (1, 0)


def test_every_output_shows_the_same_state(case: tuple[Section, Site]) -> None:
    """Field, icon, embed, metrics and status.json show one state; the API says that all is well only if it is."""
    _, site = case
    document = site.read("status.json")
    state, services = document["status"], document["services"]
    assert isinstance(services, list)

    fields = [site.elements(f"{lang}/index.html", r'<section class="(lead[^"]*)"')[0] for lang in LANGUAGES]
    icons = {re.findall(r"assets/([a-z_]+)\.\w+\.svg", site.text(f"{lang}/index.html"))[0] for lang in LANGUAGES}
    (one,) = {site.read(f"embed/{lang}/sentence.json")["status"] for lang in LANGUAGES}
    (metric,) = re.findall(r'^lagebild_page_status\{status="(\w+)"\} 1', site.text("metrics.txt"), re.MULTILINE)
    api = [site.read(path)["status"] for path in ("api/v2/status.json", "de/api/v2/summary.json")]

    assert fields == [f"lead lead--{state}"] * 3
    assert icons == {state}
    assert (one, metric) == (state, state)
    assert api[0] == api[1]
    assert isinstance(api[0], dict)
    well = state == "operational"
    assert (api[0]["indicator"] == "none") == well == (poll(site, NOW, "en")[0] == 0)
    assert not well or all(service["status"] == "operational" for service in services)
