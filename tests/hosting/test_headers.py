"""_headers and _redirects, read the way Netlify and Cloudflare Pages read them."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from generator.formats import hosting
from generator.formats.hosting import DRAWING_POLICY, EMBED_POLICY, POLICY, SECURITY
from generator.formats.statuspage import DOCUMENTS
from tests.generator.formats.conftest import SITE, Press

BRIEF = "public, max-age=60, must-revalidate"
LIVE = "public, max-age=0, must-revalidate"
KEPT = "public, max-age=31536000, immutable"
FEED = "application/feed+json"
PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8"

EXPECTED: dict[str, dict[str, str]] = {
    "/": {"Content-Security-Policy": POLICY, "Cache-Control": BRIEF},
    "/de/": {"Content-Security-Policy": POLICY, "Cache-Control": BRIEF},
    "/fr/incidents/2024/x/": {"Content-Security-Policy": POLICY, "Cache-Control": BRIEF},
    "/404.html": {"Content-Security-Policy": POLICY},
    "/nothing": {"Content-Security-Policy": POLICY},
    "/embed/de/": {"Content-Security-Policy": EMBED_POLICY, "Cache-Control": BRIEF},
    "/de/site.webmanifest": {"Content-Security-Policy": POLICY, "Cache-Control": BRIEF},
    "/de/og.png": {"Content-Security-Policy": POLICY, "Cache-Control": BRIEF},
    "/favicon.ico": {"Content-Security-Policy": POLICY, "Cache-Control": BRIEF},
    "/assets/style.0123.css": {"Cache-Control": KEPT},
    "/heartbeat.json": {"Access-Control-Allow-Origin": "*", "Cache-Control": LIVE},
    "/status.json": {"Access-Control-Allow-Origin": "*", "Cache-Control": BRIEF},
    "/metrics.txt": {"Access-Control-Allow-Origin": "*", "Cache-Control": LIVE, "Content-Type": PROMETHEUS},
    "/de/feed.rss": {"Access-Control-Allow-Origin": "*", "Content-Type": "application/rss+xml"},
    "/de/services/archive/feed.atom": {"Access-Control-Allow-Origin": "*", "Content-Type": "application/atom+xml"},
    "/de/feed/1.atom": {"Access-Control-Allow-Origin": "*", "Content-Type": "application/atom+xml"},
    "/de/feed.json": {"Access-Control-Allow-Origin": "*", "Content-Type": FEED, "Cache-Control": BRIEF},
    "/de/services/archive/feed.json": {"Access-Control-Allow-Origin": "*", "Content-Type": FEED},
    "/de/maintenance.ics": {"Access-Control-Allow-Origin": "*", "Content-Type": "text/calendar; charset=utf-8"},
    "/badges/de/overall.svg": {
        "Access-Control-Allow-Origin": "*",
        "Cache-Control": BRIEF,
        "Content-Security-Policy": DRAWING_POLICY,
    },
    "/assets/icon.0123.svg": {"Cache-Control": KEPT, "Content-Security-Policy": DRAWING_POLICY},
    "/badges/de/overall.json": {"Access-Control-Allow-Origin": "*", "Cache-Control": BRIEF},
    "/api/v2/summary": {"Access-Control-Allow-Origin": "*", "Cache-Control": BRIEF},
    "/api/v2/incidents/unresolved.json": {"Access-Control-Allow-Origin": "*", "Cache-Control": BRIEF},
    "/fr/api/v2/scheduled-maintenances/active": {"Access-Control-Allow-Origin": "*", "Cache-Control": BRIEF},
}
"""What a path is sent with, beside what everything is sent with."""
NEVER: dict[str, tuple[str, ...]] = {
    "/": ("Access-Control-Allow-Origin", "Content-Type"),
    "/de/": ("Access-Control-Allow-Origin", "Content-Type"),
    "/assets/style.0123.css": ("Access-Control-Allow-Origin", "Content-Type"),
    "/status.json": ("Content-Type",),
}

Match = Callable[[str, str], bool]
Rules = list[tuple[str, dict[str, str]]]


def netlify(pattern: str, path: str) -> bool:
    """Match as netlify/build does (packages/headers-parser/src/for_regexp.ts)."""

    def part(text: str) -> str:
        if text.startswith(":"):
            return "([^/]+)"
        if text == "*":
            return "?(.*)"
        return text.replace("*", "(.*)") if "*" in text else re.escape(text)

    return re.fullmatch("/" + "/".join(part(text) for text in pattern.split("/") if text) + "/?", path) is not None


def cloudflare(pattern: str, path: str) -> bool:
    """Match as cloudflare/workers-sdk does (packages/pages-shared/asset-server/rulesEngine.ts)."""
    splat = "(?P<splat>.*)".join(re.escape(text) for text in pattern.split("*"))
    return re.fullmatch(re.sub(r":[A-Za-z]\w*", "[^/]+", splat), path) is not None


HOSTS = pytest.mark.parametrize("match", [netlify, cloudflare])


@pytest.fixture(scope="module")
def press(checkout: Path) -> Press:
    """Return what makes editions."""
    return Press(checkout)


def written(press: Press, url: str, languages: str = "{de: de_CH, fr: fr_CH, en: en_GB}") -> dict[str, str]:
    """Return the two files of a site at an address."""
    site = SITE.replace("https://example.ch/status", url).replace("{de: de_CH, fr: fr_CH, en: en_GB}", languages)
    files = press.files(hosting.outputs, press.edition("2024-03-01T12:00:00", {}, site=site))
    return {path: data.decode() for path, data in files.items()}


def rules(text: str) -> Rules:
    """Return the patterns of _headers with their headers."""
    found: Rules = []
    for line in text.splitlines():
        if line.startswith("/"):
            found.append((line, {}))
        elif not line.startswith("#"):
            name, _, value = line.strip().partition(": ")
            assert name not in found[-1][1]
            found[-1][1][name] = value
    return found


@HOSTS
@pytest.mark.parametrize("path", EXPECTED)
@pytest.mark.parametrize("url", ["https://example.ch", "https://example.ch/status"])
def test_headers_of_a_path(press: Press, url: str, path: str, match: Match) -> None:
    """Each kind of file has its headers on both hosts, also where the site lies in a folder."""
    found = rules(written(press, url)["_headers"])
    folder = url.removeprefix("https://example.ch")

    headers: dict[str, str] = {}
    for pattern, values in found:
        headers |= values if match(pattern, f"{folder}{path}") else {}

    assert {**headers, **SECURITY, **EXPECTED[path]} == headers
    assert [name for name in NEVER.get(path, ()) if name in headers] == []


@HOSTS
@pytest.mark.parametrize("path", EXPECTED)
def test_rules_do_not_contradict_each_other(press: Press, path: str, match: Match) -> None:
    """Rules for the same path agree, and say who may read and what type it is only once: values may be joined."""
    matching = [
        values for pattern, values in rules(written(press, "https://example.ch")["_headers"]) if match(pattern, path)
    ]

    values = {name: [rule[name] for rule in matching if name in rule] for rule in matching for name in rule}

    assert {name: said for name, said in values.items() if len(set(said)) > 1} == {}
    assert [name for name in ("Access-Control-Allow-Origin", "Content-Type") if len(values.get(name, [])) > 1] == []


def test_nothing_is_read_outside_of_the_folder(press: Press) -> None:
    """The rules of a site in a folder say nothing of what lies beside it."""
    files = written(press, "https://example.ch/status")

    patterns = [pattern for pattern, _ in rules(files["_headers"])]
    sources = [line.split()[0] for line in files["_redirects"].splitlines() if not line.startswith("#")]

    assert [path for path in (*patterns, *sources) if not path.startswith("/status/")] == []


def test_limits_of_the_hosts(press: Press) -> None:
    """Forty-eight languages stay within what the hosts read: 100 rules, 1000 redirects, short lines, one splat each."""
    codes = ["de", "fr", "en", *(f"{first}{second}" for first in "xyz" for second in "abcdefghijklmno")]
    files = written(press, "https://example.ch/status", f"{{{', '.join(f'{code}: de_CH' for code in codes)}}}")

    redirects = [line.split() for line in files["_redirects"].splitlines() if not line.startswith("#")]

    assert len(rules(files["_headers"])) <= 100
    assert [pattern for pattern, _ in rules(files["_headers"]) if pattern.count("*") > 1] == []
    assert len(redirects) <= 1000
    assert max(len(line) for text in files.values() for line in text.splitlines()) <= 1000


@pytest.mark.parametrize("document", DOCUMENTS)
def test_the_api_without_its_suffix(press: Press, document: str) -> None:
    """Each document of the API is there without `.json`, in every language, by rules that no host needs to guess."""
    lines = written(press, "https://example.ch/status")["_redirects"].splitlines()

    expected = [
        f"/status/{folder}api/v2/{document} /status/{folder}api/v2/{document}.json 200"
        for folder in ("", "de/", "fr/", "en/")
    ]

    assert [line for line in lines if f"api/v2/{document} " in line] == expected


def test_the_documents_of_the_api_are_those_there_are(shipped_site: Path) -> None:
    """What can be asked for without its suffix is what the site has."""
    files = {path.relative_to(shipped_site / "api" / "v2") for path in (shipped_site / "api" / "v2").rglob("*.json")}
    if not files:
        pytest.skip("this site has no api/v2/")

    assert {path.with_suffix("").as_posix() for path in files} == set(DOCUMENTS)


def test_the_root_leads_to_the_visitors_language(press: Press) -> None:
    """Netlify sends visitors to their language, in spite of the page at the root; others pass over the condition."""
    lines = written(press, "https://example.ch/status")["_redirects"].splitlines()

    conditional = [line for line in lines if len(line.split()) > 3 and not line.startswith("#")]

    assert conditional == [
        "/status/ /status/de/ 302! Language=de",
        "/status/ /status/fr/ 302! Language=fr",
        "/status/ /status/en/ 302! Language=en",
    ]


def test_the_files_rest_on_the_site_alone(press: Press) -> None:
    """News does not change the files."""
    incident = "{services: {gateway: major_outage}, updates: [{at: 2024-02-29 08:00, status: investigating}]}"

    quiet = press.edition("2024-03-01T12:00:00", {})
    busy = press.edition("2024-03-01T12:00:00", {"2024-02-29-down": incident})

    assert [output.inputs for output in hosting.outputs(quiet)] == [output.inputs for output in hosting.outputs(busy)]
