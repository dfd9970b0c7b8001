"""The shipped site's feeds, as other people's feed readers read them from a server."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest

from tests.judges.conftest import Served
from tests.programs import Npm, Program, program

READER = ("reader==3.26", "sgmllib3k==1.0.0")
FEEDSMITH = "feedsmith@3.0.1"
LANGUAGES, ENDINGS = ("de", "fr", "en"), ("rss", "atom", "json")

SUBSCRIBE = """\
import json, sys
from reader import make_reader
reader = make_reader(sys.argv[1], feed_root=None)
for url in sys.argv[2:]:
    reader.add_feed(url, exist_ok=True)
for result in reader.update_feeds_iter(scheduled=False):
    if isinstance(result.value, Exception):
        raise result.value
print(json.dumps([
    [entry.feed_url, entry.id, entry.title, entry.link, entry.published.isoformat()]
    for entry in reader.get_entries(sort="recent")
]))
"""
PARSE = """\
import { readFileSync } from 'node:fs';
import { parseFeed } from 'feedsmith';
const found = process.argv.slice(2).map((path) => {
  const { format, feed } = parseFeed(readFileSync(path, 'utf8'));
  const items = feed.items ?? feed.entries;
  return [format, items.map((item) => [
    item.guid?.value ?? item.id,
    item.title?.value ?? item.title,
    item.link ?? item.url ?? item.links[0].href,
    item.pubDate ?? item.published ?? item.date_published,
  ])];
});
console.log(JSON.stringify(found));
"""


@dataclass(frozen=True, order=True)
class Item:
    """An item of a feed."""

    id: str
    title: str
    url: str
    published: str
    """In UTC, the way ISO 8601 writes it."""

    @classmethod
    def of(cls, id_: str, title: str, url: str, published: str) -> Item:
        """Return an item whose date is written in any of the ways that feeds have."""
        if "," in published:
            read = datetime.strptime(published, "%a, %d %b %Y %H:%M:%S %z")
        else:
            read = datetime.fromisoformat(published)
        return cls(id_, title, url, read.isoformat())


def items(site: Path, lang: str) -> list[Item]:
    """Return what a language's feeds hold, in their order: an item for every word that was told."""
    listed = json.loads((site / lang / "feed.json").read_text("utf-8"))["items"]
    return [Item.of(item["id"], item["title"], item["url"], item["date_published"]) for item in listed]


@pytest.fixture(scope="module")
def reader(pip: Callable[..., Path]) -> Path:
    """Return the Python of an environment with the feed reader library `reader`."""
    return pip(*READER)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_reader_reads_every_format(
    shipped_site: Path, served: Served, reader: Path, run: Program, tmp_path: Path, lang: str
) -> None:
    """Reader has the same entries from RSS, Atom and JSON Feed, newest first, each with its id, link and date."""
    urls = [f"{served.origin}/{lang}/feed.{ending}" for ending in ENDINGS]

    done = run(reader, "-c", SUBSCRIBE, tmp_path / "reader.sqlite", *urls)

    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    expected = items(shipped_site, lang)
    assert expected
    for url in urls:
        entries = [Item.of(*entry) for feed, *entry in found if feed == url]
        assert sorted(entries) == sorted(expected), url
        assert [entry.published for entry in entries] == [item.published for item in expected], url


def test_reader_asks_again_only_for_what_changed(served: Served, reader: Path, run: Program, tmp_path: Path) -> None:
    """A second look at the feeds is answered by 304, without a body, since nothing has changed."""
    paths = [f"/{lang}/feed.{ending}" for lang in LANGUAGES for ending in ENDINGS]
    again = (reader, "-c", SUBSCRIBE, tmp_path / "reader.sqlite", *(served.origin + path for path in paths))
    first = run(*again)
    before = len(served.answered)

    second = run(*again)

    assert (first.returncode, second.returncode) == (0, 0), first.stderr + second.stderr
    assert sorted(served.answered[before:]) == sorted((path, 304) for path in paths)
    assert second.stdout == first.stdout


def test_feedsmith_reads_every_format(shipped_site: Path, npm: Npm, run: Program) -> None:
    """Feedsmith knows each format for what it is, and has the entries in the order of the file, newest first."""
    folder = npm(FEEDSMITH).parent
    (folder / "parse.mjs").write_text(PARSE, encoding="utf-8")
    files = [(lang, ending) for lang in LANGUAGES for ending in ENDINGS]

    done = run("node", "parse.mjs", *(shipped_site / lang / f"feed.{ending}" for lang, ending in files), cwd=folder)

    assert done.returncode == 0, done.stderr
    read = json.loads(done.stdout)
    assert [format_ for format_, _ in read] == [ending for _, ending in files]
    for (lang, ending), (_, listed) in zip(files, read, strict=True):
        found = [Item.of(*item) for item in listed]
        assert found == items(shipped_site, lang), f"{lang}/feed.{ending}"
        assert [item.published for item in found] == sorted((item.published for item in found), reverse=True)


def test_newsboat_keeps_the_languages_apart(shipped_site: Path, served: Served, run: Program, tmp_path: Path) -> None:
    """Somebody who subscribes in newsboat to German and French has every item of both, unread."""
    newsboat = program("newsboat", package="newsboat")
    urls = {"de": f"{served.origin}/de/feed.rss", "fr": f"{served.origin}/fr/feed.atom"}
    (tmp_path / "urls").write_text("\n".join(urls.values()) + "\n", encoding="utf-8")
    (tmp_path / "config").write_text("", encoding="utf-8")
    boat = (newsboat, "-u", tmp_path / "urls", "-c", tmp_path / "cache.db", "-C", tmp_path / "config")

    loaded = run(*boat, "-x", "reload", cwd=tmp_path)
    counted = run(*boat, "-x", "print-unread", cwd=tmp_path)

    expected = {lang: items(shipped_site, lang) for lang in urls}
    assert (loaded.returncode, counted.returncode) == (0, 0), loaded.stderr + counted.stderr
    assert counted.stdout.split()[:1] == [str(sum(map(len, expected.values())))]
    cache = sqlite3.connect(tmp_path / "cache.db")
    try:
        rows = cache.execute("select feedurl, guid, title, url, pubDate from rss_item").fetchall()
    finally:
        cache.close()
    for lang, url in urls.items():
        found = {(guid, title, link, date) for feed, guid, title, link, date in rows if feed == url}
        assert found == {
            (item.id, item.title, item.url, int(datetime.fromisoformat(item.published).timestamp()))
            for item in expected[lang]
        }
