"""Whatever stands under a key of status.yaml or of an incident, the answer is a problem or a site, and nothing else.

The keys are those that the readers themselves name where one is unknown: a new key is tried by itself, once the
example here has it, and the example has to have every one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from copy import deepcopy
from datetime import UTC, datetime
from functools import reduce
from operator import getitem

from hypothesis import assume, given
from hypothesis import strategies as st

from generator import pipeline
from generator.content.judge import Content, judge
from generator.formats import FORMATS
from generator.problems import Level
from generator.sources import Sources
from tests.conftest import CHECKOUT
from tests.laws import examples

NOW = datetime(2024, 3, 1, 11, tzinfo=UTC)
CONFIG = "status.yaml"
PHRASES = "locales/phrases.yaml"
BOTH = {"de": "Wort", "en": "word"}
STATUS = {
    "name": BOTH,
    "url": "https://status.example.ch/s",
    "feed_authority": "example.ch,2024",
    "time_zone": "Europe/Zurich",
    "languages": {"de": "de_CH", "en": "en_GB"},
    "publish_every": "15m",
    "record_since": "2023-01-01",
    "uptime_weights": {"major_outage": "100", "degraded_performance": "10"},
    "groups": [{"id": "mail", "name": BOTH}],
    "services": [
        {"id": "gateway", "name": "Gateway", "description": BOTH, "group": "mail", "since": "2023-06-01"},
        {"id": "cloud", "name": BOTH, "group": "mail", "own": "false", "depends_on": ["gateway"]},
    ],
    "tasks": [{"id": "receive", "name": BOTH, "doing": BOTH, "services": ["gateway", {"cloud": {"for": BOTH}}]}],
    "contacts": [
        {"kind": "phone", "label": BOTH, "target": "+41 44 000 00 00", "note": BOTH},
        {"kind": "mail", "label": "Support", "target": "support@example.ch"},
        {"kind": "web", "label": "Web", "target": "https://example.ch/"},
    ],
    "brand": {
        "logo": {"file": "brand/logo.svg", "dark": "brand/logo.svg", "alt": BOTH},
        "accent": {"light": "#0b5394", "dark": "#9fc5e8"},
        "fonts": [{"family": "Inter", "file": "brand/a.woff2", "weight": "400", "style": "normal"}],
        "links": [{"label": BOTH, "url": "https://example.ch/legal"}],
    },
    "probes": {
        "probers": ["zrh", "gva"],
        "places": {"zrh": BOTH},
        "publish": "git",
        "git": {
            "remote": "git@example.ch:status.git",
            "branch": "main",
            "folder": "tree",
            "name": "Probes",
            "email": "probes@example.ch",
        },
        "canaries": [{"host": f"{name}.example.ch", "port": "443"} for name in ("a", "b", "c")],
        "checks": [
            {"name": "page", "kind": "http", "service": "gateway", "url": "https://www.example.ch/", "interval": "1m"},
            {"name": "mx", "kind": "smtp", "service": "cloud", "host": "mx.example.ch", "timeout": "10s"},
        ],
    },
}
INCIDENTS = {
    "down": {
        "title": BOTH,
        "kind": "incident",
        "services": {"gateway": "major_outage"},
        "started": "2024-02-19 07:00",
        "ended": "2024-02-20 morning",
        "cause": "internal",
        "who": BOTH,
        "retracted": {"at": "2024-02-21 08:00", "reason": BOTH},
        "follows": "over",
        "adopts": ["0123456789abcdef"],
        "updates": [
            {
                "id": "first",
                "at": "2024-02-19 08:00",
                "status": "investigating",
                "mail": "delayed",
                "action": "none",
                "who": BOTH,
                "next_update": "2024-02-19 10:00",
                "phrase": {"said": {"what": "Nimbus"}},
                "text": BOTH,
            },
            {
                "at": "2024-02-20 12:00",
                "status": "resolved",
                "services": {"gateway": "operational"},
                "effective": "2024-02-20 11:00",
                "corrected": "2024-02-20 13:00",
            },
        ],
    },
    "over": {
        "services": {"cloud": "degraded_performance"},
        "updates": [{"at": "unknown", "status": "resolved", "effective": "2024-02-10"}],
        "started": "about 2024-02-09 night",
    },
    "open": {"services": {"gateway": "partial_outage"}, "updates": [{"at": "2024-02-29", "status": "identified"}]},
    "work": {
        "kind": "maintenance",
        "services": ["gateway"],
        "window": {"from": "2024-03-01 20:00", "to": "2024-03-01 22:00"},
        "cancelled": "2024-02-29 12:00",
        "updates": [
            {"at": "2024-02-18 12:00", "status": "scheduled"},
            {"at": "2024-02-19 12:00", "window": {"from": "2024-03-01 20:00", "to": "2024-03-01 23:00"}},
        ],
    },
    "notice": {"title": BOTH, "kind": "notice", "ends": "2024-04-01", "updates": [{"at": "2024-02-18", "text": BOTH}]},
}
FILES: dict[str, object] = {
    CONFIG: STATUS,
    PHRASES: {"said": {"de": "{what} sagt", "en": "{what} says"}},
    **{f"incidents/2024/{id_}.yaml": incident for id_, incident in INCIDENTS.items()},
}
LOGO = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"><path d="M0 0h10v10z"/></svg>'
FONT = b"wOF2" + b"\0" * 4 + (12).to_bytes(4, "big")
TEMPLATES = {
    path.relative_to(CHECKOUT / "templates").as_posix(): path.read_text("utf-8")
    for path in sorted((CHECKOUT / "templates").rglob("*"))
    if path.suffix in (".html", ".css", ".js", ".svg", ".txt")
}
CATALOGS = {code: (CHECKOUT / f"locales/{code}/LC_MESSAGES/messages.po").read_bytes() for code in ("de", "en")}

Path = tuple[str | int, ...]
ODD = (
    *("", " ", "~", "null", "no", "-", "0", "-1", "1:30", "010", "1e999", "NaN", "9" * 400, "x" * 60_000, "٣", "१५m"),
    *("0001-01-01", "1970-01-01", "2999-12-31", "9999-12-31", "2024-02-30", "2024-03-31 02:30", "2024-10-27 02:30"),
    *("unknown", "about 1970-01-01 night", "2999-12-31 23:59+14:00", "1970-01-01 00:00Z", "2999-12-31 night"),
    *(
        "0s",
        "1s",
        "999999h",
        "168h",
        "{}",
        "[]",
        "{0}",
        "{",
        "{what}",
        "%s",
        "\\",
        "\n",
        "\t",
        "a\nb",
        "\u200b",
        "\u2028",
    ),
    *(
        "\u202e",
        "\x00",
        "\ud800",
        "\ufffe",
        "🇨🇭",
        "é",
        "<b>",
        "](",
        "](javascript:x)",
        "```",
        "|-|\n|-|",
        "&#0;",
        "*",
        "&a",
    ),
    *("https://u:p@a.example", "https://a.example/;", "https://[", "https://a.example:99999", "mailto:", "//", "../x"),
    *("ext::sh -c x", "/etc/passwd", "a/../b", "C:\\", "brand/../status.yaml", ".", "..", "con", "index", "assets"),
    *(
        "de",
        "xx",
        "eo",
        "ar",
        "de_CH",
        "root",
        "en_US_POSIX",
        "UTC",
        "posixrules",
        "Africa",
        "Europe/../UTC",
        "localtime",
    ),
    *("major_outage", "operational", "incident", "maintenance", "notice", "resolved", "completed", "true", "false"),
    *(
        "gateway",
        "cloud",
        "overall",
        "all",
        "mail",
        "down",
        "over",
        "work",
        "zrh",
        "open",
        "said",
        "git",
        "#000",
        "#GGGGGG",
    ),
)
"""What a tired hand, a hostile one, or another program might write."""


class Memory(dict[str, bytes]):
    """Keeps what is compiled, so that it is compiled once for all examples."""

    def put(self, key: str, value: bytes) -> None:
        """Keep a value."""
        self[key] = value


COMPILED = Memory()


def paths(value: object, above: Path = ()) -> Iterator[Path]:
    """Yield the way to everything that a value holds, itself first."""
    yield above
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value if isinstance(value, list) else ()):
        yield from paths(inner, (*above, key))


PLACES = [(file, path) for file, value in FILES.items() for path in paths(value)]
values = st.recursive(
    st.sampled_from(ODD) | st.text(max_size=40) | st.dates().map(str) | st.datetimes().map(lambda at: f"{at:%F %H:%M}"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(ODD) | st.text(max_size=9), inner),
    max_leaves=6,
)


def replaced(whole: object, path: Sequence[str | int], value: object) -> object:
    """Return a copy in which another value stands at a path; None takes away what stands there."""
    if not path:
        return value
    copy = deepcopy(whole)
    inner = copy
    for step in path[:-1]:
        inner = inner[step]  # type: ignore[index]
    if value is None:
        del inner[path[-1]]  # type: ignore[attr-defined]
    else:
        inner[path[-1]] = value  # type: ignore[index]
    return copy


def written(value: object) -> str:
    """Return a value as YAML (JSON is some), with the escapes of what no file in UTF-8 holds."""
    text = json.dumps(value, ensure_ascii=False)
    return re.sub("[\ud800-\udfff]", lambda found: f"\\u{ord(found[0]):04x}", text)


def tree(**others: str) -> Sources:
    """Return the example, some of its files being written otherwise."""
    texts = {path: written(value) for path, value in FILES.items()} | others
    return Sources(
        config=texts[CONFIG],
        incidents={path: text for path, text in texts.items() if path.startswith("incidents/")},
        phrases={PHRASES: texts[PHRASES]},
        templates=TEMPLATES,
        catalogs=CATALOGS,
        brand={"brand/logo.svg": LOGO, "brand/a.woff2": FONT},
    )


def errors(judged: Content) -> list[str]:
    """Return what stops a build."""
    return [str(problem) for problem in judged.problems if problem.level is Level.ERROR]


def answered(sources: Sources) -> Content:
    """Judge a tree and, if nothing is wrong with it, make its whole site."""
    judged = judge(sources, NOW)
    if not errors(judged):
        edition = pipeline.derive(sources, judged, NOW, compiled=COMPILED)
        pipeline.stamp(edition.site, NOW)
        for outputs in FORMATS.values():
            for output in outputs(edition):
                output.render()
    return judged


def test_the_example() -> None:
    """Nothing is wrong with the example, so what is wrong with a change of it, is the change."""
    assert errors(answered(tree())) == []


def test_the_example_has_every_key() -> None:
    """What the readers name as the keys of something, the example has; the options of a check are tried by kind."""
    allowed: dict[str, set[str]] = {}
    used: dict[str, set[str]] = {}
    for file, path in PLACES:
        mapping = reduce(getitem, path, FILES[file])
        if isinstance(mapping, dict):
            more = replaced(FILES[file], path, {"0000": "x", **mapping})
            for problem in judge(tree(**{file: written(more)}), NOW).problems:
                if problem.code == "unknown-key":
                    what = problem.message.partition(" is not a key of ")[2]
                    allowed[what] = set(problem.hint.removeprefix("allowed: ").split(", "))
                    used.setdefault(what, set()).update(mapping)

    missing = {what: keys - used[what] for what, keys in allowed.items() if what != "a check"}

    assert len(missing) > 15
    assert {what: keys for what, keys in missing.items() if keys} == {}


@examples(3000)
@given(st.sampled_from(PLACES), values | st.none())
def test_whatever_is_written_is_read_or_refused(place: tuple[str, Path], value: object) -> None:
    """Any value under any key, or none, is read or refused; every refusal has its line, and says what helps."""
    file, path = place
    assume(path or value is not None)

    problems = judge(tree(**{file: written(replaced(FILES[file], path, value))}), NOW).problems

    assert [problem for problem in problems if not problem.hint] == []
    assert [problem for problem in problems if problem.path == CONFIG and not problem.line and path] == []


@examples(150)
@given(st.sampled_from(PLACES), values | st.none())
def test_what_is_read_becomes_a_site(place: tuple[str, Path], value: object) -> None:
    """Of what is not refused every format is made."""
    file, path = place
    assume(path or value is not None)

    judged = answered(tree(**{file: written(replaced(FILES[file], path, value))}))

    assert judged.site or errors(judged)
