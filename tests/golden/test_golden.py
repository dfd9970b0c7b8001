"""The golden site: a small tree with everything an incident file can say, and what its build has to be, file by file.

`make golden` accepts what the build has become; read the difference in git before you commit it.
"""

from __future__ import annotations

import difflib
import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
import yaml

from generator.content import incidents, updates

FOLDER = Path(__file__).parent
TREE, SITE = FOLDER / "tree", FOLDER / "site"
NOW = "2026-04-02T10:30:00+02:00"
"""Two incidents are open, one of them overdue; a maintenance is under way and another one lies ahead."""
ACCEPT = os.environ.get("GOLDEN") == "accept"
SHOWN = 400
"""A difference is shown up to so many lines."""
SHOWN_ELSEWHERE = (
    r"openapi\.json|schema/.+",  # the same whatever the tree holds; test_openapi.py takes them apart
    r"history\.rss",  # the German feeds; history.atom tells at which addresses
    r"de/feed\.atom|en/feed\.rss",  # feed.json in both languages, Atom in English, RSS in German
    r"(de|en)/services/(inbound|cloud)/feed\.\w+|de/services/mailbox/feed\.\w+",  # the feeds of one service, in English
    r"(de|en)/services/inbound/index\.html|en/services/cloud/index\.html",  # one service in both languages, another's
    r"(de|en)/history/\d+/services/(inbound|cloud)/index\.html",
    r"en/history/\d+/(incidents|notices)/index\.html|de/history/\d+/maintenance/index\.html|en/history/2025/index\.html",
    r"en/incidents/(?!2025/2025-11-03|2026/2026-04-1).+",  # German pages of all; in English two, and all in the feed
    r"de/api/.+|en/api/v2/(?!summary).+",  # api/v2 speaks German; English names stand in the summary
)
"""Files of which there is another of the same kind: that they are there is compared, what is in them is not."""
INCIDENT = re.compile(r"\d{4}-\d\d-\d\d-[\w-]+")
LEFT_OUT = re.compile("|".join(SHOWN_ELSEWHERE))
HASHED = re.compile(r"(assets/\w+)\.[0-9a-f]{12}\.(\w+)")


def laid_out(path: str, data: bytes) -> str:
    """Return a file as it is compared: without the hashes of assets, and JSON a line a value; "" where it is not.

    Pictures are not compared: the next version of what draws them may do so a little differently.
    """
    if path.startswith("assets/") or path.endswith((".png", ".ico")) or LEFT_OUT.fullmatch(path):
        return ""
    text = HASHED.sub(r"\1.HASH.\2", data.decode())
    if path.endswith(".json") and text.count("\n") == 1:
        return json.dumps(json.loads(text), ensure_ascii=False, indent=0) + "\n"
    return text


def files(folder: Path) -> dict[str, str]:
    """Return the files of a site, laid out, by path."""
    found = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    return {HASHED.sub(r"\1.HASH.\2", path): laid_out(path, data) for path, data in sorted(found.items())}


def accept(built: Mapping[str, str]) -> None:
    """Let the golden site be what was built."""
    shutil.rmtree(SITE, ignore_errors=True)
    for path, text in built.items():
        (SITE / path).parent.mkdir(parents=True, exist_ok=True)
        (SITE / path).write_text(text, "utf-8")


def difference(golden: Mapping[str, str], built: Mapping[str, str]) -> Iterator[str]:
    """Yield the lines of a unified diff over all files; an absent file is an empty one, and named."""
    for path in sorted({*golden, *built}):
        if path not in golden:
            yield f"new file: {path}"
        if path not in built:
            yield f"missing file: {path}"
        before, after = golden.get(path, "").splitlines(), built.get(path, "").splitlines()
        yield from difflib.unified_diff(before, after, f"golden/{path}", f"built/{path}", n=1, lineterm="")


@pytest.fixture(scope="module")
def built(lagebild: Callable[..., subprocess.CompletedProcess[str]], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build a copy of the tree and return the site's folder."""
    tree = tmp_path_factory.mktemp("golden") / "tree"
    shutil.copytree(TREE, tree)
    done = lagebild("-C", tree, "build", "--now", NOW)
    assert done.returncode == 0, done.stderr
    return tree / "site"


def test_the_site_is_the_golden_one(built: Path) -> None:
    """Every file of the site is the golden one, but for the content of assets and the hashes in their names."""
    if ACCEPT:
        accept(files(built))

    lines = list(difference(files(SITE), files(built)))

    if lines:
        more = f"\n… and {len(lines) - SHOWN} lines more" if len(lines) > SHOWN else ""
        hint = "\nIf all of this is meant: make golden"
        pytest.fail("\n".join(lines[:SHOWN]) + more + hint, pytrace=False)


def kind(path: str) -> str:
    """Return a path without what tells apart files of one kind: the language, and what the file is about."""
    general = re.sub(r"^(de|en)/(api/)?|(?<=/)(de|en)(?=/)", lambda found: found[2] or "LANGUAGE/", path)
    return re.sub(r"(?<=/)(inbound|mailbox|cloud|20\d\d)(?=/)", "NAME", INCIDENT.sub("NAME", general))


def test_every_kind_of_file_is_compared() -> None:
    """Of each kind of text a file is compared, of pages one in each language, and of each incident its page."""
    texts = {path: text for path, text in files(SITE).items() if not path.startswith("assets/")}
    compared = [path for path, text in texts.items() if text]

    lacking = {kind(path) for path in texts} - {kind(path) for path in compared}

    assert {path for path in lacking if not path.endswith((".png", ".ico"))} == {
        *("openapi.json", "schema/feed-1.json", "schema/heartbeat-1.json", "schema/status-1.json", "history.rss")
    }
    assert {INCIDENT.findall(path)[0] for path in texts if INCIDENT.search(path)} == {
        INCIDENT.findall(path)[0] for path in compared if path.endswith("/index.html") and INCIDENT.search(path)
    }
    for lang in ("de", "en"):
        rooms = {path.split("/")[1] for path in compared if path.startswith(f"{lang}/") and path.endswith(".html")}
        assert rooms == {"history", "incidents", "index.html", "services", "subscribe"}


def test_every_key_is_used() -> None:
    """The tree uses every key of an incident file and of an update; `adopts` waits for automatic entries."""
    written = [yaml.safe_load(path.read_text("utf-8")) for path in TREE.glob("incidents/*/*.yaml")]

    top = {key for incident in written for key in incident}
    below = {key for incident in written for update in incident["updates"] for key in update}

    assert set(incidents.KEYS) - top == {"adopts"}
    assert set(updates.KEYS) - below == set()


def test_problems_are_warnings_only(lagebild: Callable[..., subprocess.CompletedProcess[str]]) -> None:
    """The tree lacks some translations on purpose, and nothing else is wrong with it."""
    done = lagebild("-C", TREE, "check", "--format", "json", "--now", NOW)

    assert done.returncode == 0
    assert {(problem["code"], problem["level"]) for problem in json.loads(done.stdout)} == {
        ("missing-translation", "warning")
    }


def test_nothing_ends_before_it_begins(built: Path) -> None:
    """In status.json and in the feeds, what is over has begun before, and by then."""
    listed = [
        found for group in json.loads((built / "status.json").read_text())["incidents"].values() for found in group
    ]
    items = json.loads((built / "en/feed.json").read_text())["items"]

    over = [found for found in listed if found["started"] and found["ended"] and found["ended"]["last"]]
    ahead = [item["id"] for item in items if (item["_lagebild"]["started"] or "") > item["date_published"]]

    assert [found["id"] for found in over if (found["started"]["first"] or "") > found["ended"]["last"]] == []
    assert ahead == []
