"""What every page keeps to: its head, its links, its headings, and that nothing stands in it that belongs elsewhere."""

from __future__ import annotations

import json
import re
import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from subprocess import CompletedProcess
from urllib.parse import unquote, urljoin, urlsplit

import pytest

from generator import pipeline, sources
from generator.content.judge import judge
from generator.formats import html
from generator.formats.addresses import FEED_ENDINGS, Addresses
from tests.compiled import COMPILED

Lagebild = Callable[..., CompletedProcess[str]]

EVERYWHERE = ("index.html", "404.html")
"""The pages that speak every language at once."""
EMBEDDED = "embed/"
"""Pages below it stand in other sites' frames, for the overviews."""
PART_OF_YEAR = re.compile(r"[a-z]+/history/\d+/.+/")
"""Pages that show some of a year's entries, which the year's own page has too."""
JOINER = "\N{WORD JOINER}"
"""Keeps a word in one line; nobody sees it."""
VOID = frozenset({"br", "circle", "hr", "img", "input", "link", "meta", "path", "rect", "wbr"})


@dataclass
class Leaf(HTMLParser):
    """A page, taken apart."""

    path: str
    text: str
    lang: str = ""
    title: str = ""
    canonical: str = ""
    alternates: dict[str, str] = field(default_factory=dict)
    feeds: list[tuple[str, str, str]] = field(default_factory=list)
    """Language, type and link of the feeds that are announced with their language."""
    metas: dict[str, list[str]] = field(default_factory=dict)
    links: list[str] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    named: list[str] = field(default_factory=list)
    """Ids that other elements refer to."""
    headings: list[int] = field(default_factory=list)
    inline: list[str] = field(default_factory=list)
    unbalanced: list[str] = field(default_factory=list)
    strings: list[tuple[str, str]] = field(default_factory=list)
    """(language, text) of everything that is read out."""

    def __post_init__(self) -> None:
        """Read the page."""
        super().__init__(convert_charrefs=True)
        self._open: list[tuple[str, str]] = []
        self.feed(self.text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element."""
        found = {name: value or "" for name, value in attrs}
        if tag == "html":
            self.lang = found["lang"]
        if tag not in VOID:
            self._open.append((tag, found.get("lang") or (self._open[-1][1] if self._open else "")))
        rel = found.get("rel", "")
        if rel == "canonical":
            self.canonical = found["href"]
        elif rel == "alternate" and "hreflang" in found and "type" in found:
            self.feeds.append((found["hreflang"], found["type"], found["href"]))
        elif rel == "alternate" and "hreflang" in found:
            self.alternates[found["hreflang"]] = found["href"]
        if tag == "meta":
            name = found.get("property") or found.get("name") or ""
            self.metas.setdefault(name, []).append(found.get("content", ""))
        self.links += [found[name] for name in ("href", "src", "data-heartbeat") if name in found]
        if "id" in found:
            self.ids.append(found["id"])
        self.named += [id_ for name in ("aria-labelledby", "for") for id_ in found.get(name, "").split()]
        if tag in ("h1", "h2", "h3", "h4", "h5", "h6"):
            self.headings.append(int(tag[1]))
        if tag == "style" or (tag == "script" and "src" not in found):
            self.inline.append(f"<{tag}>")
        self.inline += [name for name in found if name == "style" or name.startswith("on")]

    def handle_endtag(self, tag: str) -> None:
        """Note the end of an element; SVG closes its shapes in one."""
        if tag in VOID:
            return
        if not self._open or self._open[-1][0] != tag:
            self.unbalanced.append(tag)
        else:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        """Note a text."""
        if self._open and self._open[-1][0] == "title":
            if self._open[-2][0] == "head":
                self.title += data
        elif self._open and data.strip():
            self.strings.append((self._open[-1][1], " ".join(data.replace(JOINER, "").split())))

    @property
    def address(self) -> str:
        """Return the path that the page is served from."""
        return self.path.removesuffix("index.html")


@dataclass(frozen=True, kw_only=True)
class Built:
    """A site on disk, and its pages."""

    base: str
    folder: Path
    pages: Mapping[str, Leaf]

    def single(self) -> Iterator[Leaf]:
        """Yield the pages that speak one language and stand for themselves."""
        return (leaf for leaf in self.shared() if leaf.path not in EVERYWHERE)

    def shared(self) -> Iterator[Leaf]:
        """Yield the pages that people find and share."""
        return (leaf for path, leaf in self.pages.items() if path != "404.html" and not path.startswith(EMBEDDED))


def taken_apart(base: str, folder: Path) -> Built:
    """Return a built site with its pages."""
    paths = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.html"))
    pages = {path: Leaf(path, (folder / path).read_text("utf-8")) for path in paths}
    return Built(base=base, folder=folder, pages=pages)


@pytest.fixture(scope="module")
def shipped(shipped_site: Path) -> Built:
    """Return the site of this repository."""
    return taken_apart("https://status.example.ch/", shipped_site)


@pytest.fixture(scope="module")
def golden(lagebild: Lagebild, checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Built:
    """Return the golden site, moved to an address with a path."""
    tree = tmp_path_factory.mktemp("based") / "tree"
    shutil.copytree(checkout / "tests/golden/tree", tree)
    config = (tree / "status.yaml").read_text("utf-8")
    (tree / "status.yaml").write_text(config.replace("https://muster.example/s", "https://x.example/status"), "utf-8")
    done = lagebild("-C", tree, "build", "--now", "2026-04-02T10:30:00+02:00")
    assert done.returncode == 0, done.stderr
    return taken_apart("https://x.example/status/", tree / "site")


@pytest.fixture(params=["shipped", "golden"])
def site(request: pytest.FixtureRequest) -> Built:
    """Return each of the two sites: one at the root of its host, one below a path."""
    built: Built = request.getfixturevalue(request.param)
    assert len(built.pages) > 20
    return built


def test_the_canonical_address_is_the_pages_own(site: Built) -> None:
    """Every page that people share names its own full address, below the site's, as canonical and for previews."""
    leaves = list(site.shared())

    assert {leaf.path: leaf.canonical for leaf in leaves} == {leaf.path: site.base + leaf.address for leaf in leaves}
    assert [leaf.path for leaf in leaves if leaf.metas["og:url"] != [leaf.canonical]] == []


def test_the_root_announces_the_feeds_of_each_language(site: Built) -> None:
    """What asks for `/` without a language, as feed readers do, finds the feeds, each with its language and type."""
    root = site.pages["index.html"]

    languages = [code for code in root.alternates if code != "x-default"]
    assert root.feeds == [
        (code, mime, f"{code}/feed.{ending}") for code in languages for ending, mime in FEED_ENDINGS.items()
    ]


def test_alternates_are_mutual(site: Built) -> None:
    """Every page names itself in every language, and the pages it names name the same."""
    by_address = {leaf.canonical: leaf for leaf in site.single()}

    for leaf in site.single():
        named = {code: address for code, address in leaf.alternates.items() if code != "x-default"}
        assert {by_address[address].lang.partition("-")[0] for address in named.values()} == set(named), leaf.path
        assert leaf.canonical in named.values(), leaf.path
        assert [by_address[address].alternates for address in named.values()] == [leaf.alternates] * len(named)


def test_everybody_else_is_led_somewhere(site: Built) -> None:
    """x-default is the root for the overviews, elsewhere the page in the first language."""
    root = site.pages["index.html"]
    overviews = {address for code, address in root.alternates.items() if code != "x-default"}

    for leaf in (*site.single(), root):
        expected = site.base if leaf.canonical in (*overviews, site.base) else leaf.alternates["de"]
        assert leaf.alternates["x-default"] == expected, leaf.path


@pytest.mark.parametrize("name", ["og:type", "og:site_name", "og:title", "og:description", "og:locale", "description"])
def test_who_shares_a_page_shows_what_it_is(site: Built, name: str) -> None:
    """Every page that people share says once what it is, for previews of links and for search engines."""
    assert [
        leaf.path for leaf in site.shared() if [bool(text.strip()) for text in leaf.metas.get(name, [])] != [True]
    ] == []


def test_previews_and_page_say_the_same(site: Built) -> None:
    """The title of a preview is the page's, and its locales are those of the page's language and of the others."""
    for leaf in site.single():
        assert leaf.metas["og:title"] == [leaf.title.replace(JOINER, "")], leaf.path
        assert leaf.metas["og:description"] == leaf.metas["description"], leaf.path
        assert leaf.metas["og:locale"][0].replace("_", "-") == leaf.lang, leaf.path
        assert len(leaf.metas["og:locale:alternate"]) == len(leaf.alternates) - 2, leaf.path


def test_titles_hold_nothing_invisible(site: Built) -> None:
    """What a browser shows as a title, and a search engine reads, is what is written."""
    assert [leaf.path for leaf in site.pages.values() if JOINER in leaf.title] == []


def test_what_is_not_indexed(site: Built) -> None:
    """404.html, the pages for frames and the parts of a year ask search engines to leave them out, and nothing else."""
    unlisted = {path for path, leaf in site.pages.items() if leaf.metas.get("robots") == ["noindex"]}

    expected = {path for path in site.pages if path.startswith(EMBEDDED) or PART_OF_YEAR.match(path)}
    assert unlisted == {"404.html", *expected}


def titles_that_come_twice(site: Built) -> list[tuple[str, str]]:
    """Return the titles that several pages of a language have."""
    counted = Counter((leaf.lang, leaf.title) for leaf in site.single())
    return [title for title, count in counted.items() if count > 1]


def test_titles_are_unique(golden: Built) -> None:
    """Within a language no two pages have the same title."""
    assert titles_that_come_twice(golden) == []


def test_titles_of_like_incidents_are_unique(shipped: Built) -> None:
    """Incidents of the same name can be told apart by their pages' titles."""
    assert titles_that_come_twice(shipped) == []


def test_every_link_leads_somewhere(site: Built) -> None:
    """Every link within the site, of every page, leads to a file, and every fragment to an element."""
    host = urlsplit(site.base).netloc
    lost = []
    for leaf in site.pages.values():
        for link in leaf.links:
            full = urlsplit(urljoin(site.base + leaf.address, link))
            if full.scheme not in ("http", "https") or full.netloc != host:
                continue
            path = unquote(full.geturl().partition("#")[0].removeprefix(site.base))
            file = Addresses.file(path)
            there = full.geturl().startswith(site.base) and (site.folder / file).is_file()
            if not there or (full.fragment and full.fragment not in site.pages[file].ids):
                lost.append((leaf.path, link))

    assert lost == []


def test_the_feeds_lead_to_what_they_tell(site: Built) -> None:
    """Every item of every feed leads to the word it carries, on the page of its incident."""
    lost = []
    for feed in site.folder.rglob("feed.json"):
        for item in json.loads(feed.read_text("utf-8"))["items"]:
            path, _, fragment = item["url"].removeprefix(site.base).partition("#")
            if fragment not in site.pages[Addresses.file(path)].ids:
                lost.append(item["url"])

    assert lost == []


def test_links_are_relative(site: Built) -> None:
    """Links for visitors are relative, so that a copy of the site works anywhere; those of 404.html are rooted."""
    for path, leaf in site.pages.items():
        told = {leaf.canonical, *leaf.alternates.values()}
        links = [link for link in leaf.links if link not in told and not urlsplit(link).netloc]
        rooted = [link for link in links if link.startswith("/")]
        assert rooted == (links if path == "404.html" else []), path
    base = urlsplit(site.base).path
    assert [link for link in site.pages["404.html"].links if not link.startswith(base)] == []


def test_ids_are_unique(site: Built) -> None:
    """No id stands twice in a page, and what is referred to is there."""
    for leaf in site.pages.values():
        assert [id_ for id_, count in Counter(leaf.ids).items() if count > 1] == [], leaf.path
        assert set(leaf.named) <= set(leaf.ids), leaf.path


def test_headings_do_not_skip(site: Built) -> None:
    """A page has one first heading, which comes first, and no level of headings is left out below it."""
    for leaf in site.pages.values():
        assert leaf.headings[0] == 1, leaf.path
        assert leaf.headings.count(1) == 1, leaf.path
        assert [pair for pair in pairwise(leaf.headings) if pair[1] > pair[0] + 1] == [], leaf.path


def test_nothing_is_inline(site: Built) -> None:
    """No page has script or style in it, as an element or as an attribute."""
    assert {path: leaf.inline for path, leaf in site.pages.items() if leaf.inline} == {}


def test_pages_are_well_formed(site: Built) -> None:
    """Every element is closed where it should be, and nothing is left unfilled."""
    for path, leaf in site.pages.items():
        assert leaf.unbalanced == [], path
        assert leaf.text.startswith("<!doctype html>\n<html lang="), path
        assert "{{" not in leaf.text, path
        assert "None" not in [text for _, text in leaf.strings], path


def test_the_language_is_that_of_the_address(site: Built) -> None:
    """A page below /de/ is German, and says so."""
    assert [leaf.path for leaf in site.single() if leaf.lang.partition("-")[0] != leaf.path.partition("/")[0]] == []


def words_of(leaf: Leaf, text: str) -> set[str]:
    """Return the languages in which a text stands on a page."""
    return {lang.partition("-")[0] for lang, found in leaf.strings if text in found}


UNTRANSLATED = "en/incidents/2026/2026-04-02-mail-held/index.html"


@pytest.mark.parametrize("text", ["Eingehende E-Mails werden zurückgehalten", "Die Zustellung stockt."])
def test_a_missing_translation_says_its_language(golden: Built, text: str) -> None:
    """What is not translated stands in its own language, and a reader is told which one."""
    assert words_of(golden.pages[UNTRANSLATED], text) == {"de"}


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (UNTRANSLATED, "nur Kunden mit eigener Domain"),
        ("en/index.html", "nur Kunden mit eigener Domain"),
        ("index.html", "Eingehende E-Mails werden zurückgehalten"),
    ],
)
def test_every_missing_translation_says_its_language(golden: Built, path: str, text: str) -> None:
    """What is not translated is never read out as if it were in the page's language."""
    leaf = golden.pages[path]

    assert words_of(leaf, text) == {"de"}


def test_telephone_numbers_can_be_dialled(golden: Built) -> None:
    """A telephone number is shown as it is written and linked without spaces."""
    links = golden.pages["en/index.html"].links

    assert {link for link in links if link.startswith("tel:")} == {"tel:+41440000000"}


@pytest.mark.parametrize("path", ["en/index.html", "en/incidents/2026/2026-03-16-old-tls/index.html"])
def test_a_notice_says_until_when_it_stands(golden: Built, path: str) -> None:
    """The end of a notice is shown, on the overview and on its page."""
    facts = [text for _, text in golden.pages[path].strings]

    assert any("30 April" in text for text in facts)


def test_a_correction_is_said_once(golden: Built) -> None:
    """That an update was corrected is said once."""
    leaf = golden.pages["en/incidents/2025/2025-11-03-inbound-delayed/index.html"]

    assert sum(text.count("orrected") for _, text in leaf.strings) == 1


def test_a_duration_belongs_to_its_status(golden: Built) -> None:
    """Beside a status stands how long a service was in that status: 2 h 50 of major outage, not 13 h 30."""
    leaf = golden.pages["en/incidents/2026/2026-01-14-cable-cut/index.html"]

    assert not any(re.search(r"\b13 h", text) for _, text in leaf.strings)


def test_vague_times_are_vague_for_machines_too(golden: Built) -> None:
    """A time that is known only roughly is not given to programs, or to the script, as an instant."""
    text = golden.pages["en/incidents/2025/2025-12-19-mail-misfiled/index.html"].text

    assert 'datetime="2025-12-19T11:00:00Z">19 December 2025, in the afternoon' not in text
    assert ">unknown</time>" not in text


@pytest.mark.parametrize("told", ["Degraded performance", "In progress"])
def test_a_card_says_the_state_in_words(golden: Built, told: str) -> None:
    """What is happening says how bad it is, and how far planned work has come, in words and not by shape alone."""
    text = golden.pages["en/index.html"].text
    cards = text[text.index('id="now"') : text.index('id="planned"')]

    assert told in cards


NOTICE = """\
kind: notice
title: {de: Adresse, fr: Adresse, en: Address}
updates:
  - at: 2024-02-19 09:00
"""
DOWN = """\
services: {mail-archive: major_outage}
updates:
  - at: 2024-02-19 09:00
    status: investigating
"""

Make = Callable[[Mapping[str, str]], Mapping[str, str]]


@pytest.fixture
def make(tmp_path: Path, checkout: Path) -> Make:
    """Return a function that makes the pages of a small site with some incidents, on 2024-02-20."""

    def pages(written: Mapping[str, str]) -> Mapping[str, str]:
        (tmp_path / "incidents/2024").mkdir(parents=True)
        shutil.copy(checkout / "tests/spec/status.yaml", tmp_path)
        for id_, text in written.items():
            (tmp_path / f"incidents/2024/{id_}.yaml").write_text(text, "utf-8")
        read, now = sources.read(tmp_path), datetime(2024, 2, 20, 8, tzinfo=UTC)
        edition = pipeline.derive(read, judge(read, now), now, compiled=COMPILED)
        return {made.path: made.render().decode() for made in html.outputs(edition) if made.path.endswith(".html")}

    return pages


def test_a_line_ends_without_a_dot(make: Make) -> None:
    """An entry that concerns no service has nothing behind its kind."""
    made = make({"a": NOTICE})

    assert "Notice · <" not in made["en/history/2024/index.html"]


def test_a_notice_to_all_says_so(make: Make) -> None:
    """A notice that names no service concerns all customers, and its facts say so."""
    made = make({"a": NOTICE + "    text: {de: x, fr: x, en: x}\n"})

    assert "<dt>Concerns</dt>" in made["en/incidents/2024/a/index.html"]


def test_a_notice_to_some_is_not_said_to_concern_all(make: Make) -> None:
    """A notice that names its audience and no service concerns that audience."""
    made = make({"a": NOTICE.replace("updates", "who: {de: Ältere, fr: Anciens, en: some}\nupdates")})

    page = made["en/incidents/2024/a/index.html"]
    assert "<dd>some</dd>" in page
    assert "all customers" not in page


def test_an_incident_appears_where_it_belongs(make: Make) -> None:
    """An incident stands on the overview, in the history, on the page of its service and on its own."""
    made = make({"a": DOWN, "b": NOTICE})

    named = {path for path, text in made.items() if path.startswith("en/") and "/a/" in text}
    assert named == {
        "en/index.html",
        "en/history/2024/index.html",
        "en/history/2024/incidents/index.html",
        "en/history/2024/services/mail-archive/index.html",
        "en/services/mail-archive/index.html",
        "en/incidents/2024/a/index.html",
        "en/incidents/2024/b/index.html",  # its neighbour
    }


def test_a_site_without_incidents_says_so(make: Make) -> None:
    """Without any incident every page is there, and the overview says that all is well."""
    made = make({})

    assert "All services are operational." in made["en/index.html"]
    assert 'id="now"' not in made["en/index.html"]
    assert 'id="notices"' not in made["en/index.html"]
    assert "No incidents." in made["en/history/2024/index.html"]


@pytest.mark.parametrize(
    ("written", "said"), [({}, "No incidents."), ({"a": NOTICE}, "No incidents."), ({"a": DOWN}, "No other incidents.")]
)
def test_while_an_incident_is_open_there_are_no_others(make: Make, written: Mapping[str, str], said: str) -> None:
    """The list of what is over does not say that there was no incident while one goes on."""
    page = make(written)["en/index.html"]

    assert f"<p>{said}</p>" in page


def test_what_is_written_is_escaped(make: Make) -> None:
    """Titles are plain text, whatever they hold, in the head as in the body."""
    title = "<b>&\"'{{ x }}"
    quoted = title.replace('"', '\\"')
    made = make({"a": f'title: {{de: "{quoted}", fr: "{quoted}", en: "{quoted}"}}\n{DOWN}'})

    leaf = Leaf("a", made["en/incidents/2024/a/index.html"])
    assert [path for path, text in made.items() if "<b>" in text] == []
    assert leaf.title.startswith(f"Investigating · {title} · 19\u00a0February\u00a02024 · ")
    assert leaf.metas["og:title"] == [leaf.title]


def test_no_line_ends_within_a_span_of_times(make: Make) -> None:
    """Browsers end lines after a dash, so one between two times is held on both sides."""
    made = make({"a": f"{DOWN}  - at: 2024-02-19 09:30\n    status: resolved\n"})

    page = made["en/incidents/2024/a/index.html"]

    assert f":00{JOINER}–{JOINER}09:30" in page
