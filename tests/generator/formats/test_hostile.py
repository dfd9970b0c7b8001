"""Whatever staff write comes out as they wrote it, in every format: a text is never markup, syntax or a command.

Two sites are compared that differ in their texts alone, the one harmless, the other hostile: they have the same files,
of the same structure, and where the one shows its text, so does the other. How a file is taken apart follows from its
name, so a format is held to this by standing in the table of formats.
"""

from __future__ import annotations

import functools
import io
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest
from lxml import etree
from PIL import Image
from prometheus_client.parser import text_string_to_metric_families

from generator import pipeline, sources
from generator.content.judge import judge
from generator.formats import FORMATS
from generator.formats.output import fill
from generator.model import ContactKind
from generator.problems import Level
from tests.compiled import COMPILED

NOW = "2024-02-20T09:00:00+01:00"
HARMLESS = "harmless"
HOSTILE = {
    "quotes": "\"double\" 'single' “curly” «angular» `back`",
    "markup": "<b>bold</b> <script>alert(1)</script> <img src=x onerror=alert(1)> </title> <!-- --> <?php ?>",
    "angle": "a < b > c <= d",
    "ampersand": "R&D &amp; &lt; &#60; &copy; &unknown; &",
    "emoji": "😀 👩\u200d👧 🇨🇭 👍🏽",
    "right to left": "\u200fabc\u200e x שלום مرحبا",
    "zero width": "a\u200bb\u200cc\u200dd\ufeffe\u00adf",
    "300 letters": "ü" * 300,
    "300 words": " ".join(["weit"] * 60),
    "end of CDATA": "]]> <![CDATA[ x ]]>",
    "template": "{{ 7*7 }} {% raw %} {# x #} ${7*7} %(x)s %s {0} {name} #{7*7}",
    "line separators": "a\u2028b\u2029c",
    "backslashes": r"C:\New\tables\x41 \u0041 \\ \;",
    "separators": "a, b; c: d | e = f # g",
    "calendar": "BEGIN:VEVENT UID:x DTSTART;VALUE=DATE:20240101 END:VCALENDAR",
    "Markdown": "**b** _i_ [x](https://example.ch) ![y](z) # ~~s~~ <https://example.ch> | - 1.",
    "metric": 'x{y="z"} 1 # HELP x # TYPE x gauge',
    "addresses": "javascript:alert(1) https://example.ch/?a=b&c=d mail@example.ch",
    "combined": "Z̸̡͖a̵l̶g̷o̸ é ﬁ \u00a0 \ufffd \ue000 \U000f0000",
}
OPENS, CLOSES = "ANFANG", "Schluss"  # like an abbreviation, the first keeps its capital within a sentence
"""Stand around each text."""
LETTER_OF_MARKDOWN = re.compile(r"([!-/:-@\[-`{-~])")
TARGETS = ("https://chat.example.ch", "mail@example.ch", "+41 44 000 00 00", "https://example.ch")
SERVICES = ("gateway", "archive", "mailbox")
WINDOW = {"from": "2024-03-01 20:00", "to": "2024-03-01 22:00"}
SVG = "{http://www.w3.org/2000/svg}"
PICTURES = (".png", ".ico")
"""What may hold any byte, and has no slots for the build's time."""
DIGEST = re.compile(r"(?<=/og\.png)\?v=[0-9a-f]{8}$")
"""Stands for the headline, and so for the texts in it."""
CONTENT_LINE = re.compile(r'([A-Z-]+(?:;[A-Z-]+=(?:"[^"\x00-\x1f]*"|[^";:,\x00-\x1f]*))*):(.*)', re.DOTALL)
TEXTS = {"SUMMARY", "DESCRIPTION", "CATEGORIES", "LOCATION", "NAME", "X-WR-CALNAME", "X-WR-CALDESC"}
"""Properties of a calendar that hold a text, and so have escapes."""
LANGUAGES = {"de": "de_CH", "fr": "fr_CH", "en": "en_GB"}


def escaped(text: str) -> str:
    """Return a text as Markdown that shows it as it is (https://spec.commonmark.org/0.31.2/#backslash-escapes)."""
    return LETTER_OF_MARKDOWN.sub(r"\\\1", text)


def site_of(line: str) -> dict[str, object]:
    """Return a status.yaml that says `line` wherever it says anything."""
    words = dict.fromkeys(LANGUAGES, line)
    targets = zip(ContactKind, TARGETS, strict=True)
    return {
        "name": words,
        "url": "https://example.ch/status",
        "feed_authority": "example.ch,2026",
        "time_zone": "Europe/Zurich",
        "languages": LANGUAGES,
        "publish_every": "15m",
        "groups": [{"id": "all", "name": words}],
        "services": [{"id": id_, "name": words, "description": words, "group": "all"} for id_ in SERVICES],
        "tasks": [{"id": "receive", "name": words, "services": ["gateway"]}],
        "contacts": [{"kind": str(kind), "label": words, "note": words, "target": to} for kind, to in targets],
    }


def incidents_of(line: str, reason: str) -> dict[str, dict[str, object]]:
    """Return incidents of every kind, in every state, that say `line` wherever they say anything."""
    words, prose = dict.fromkeys(LANGUAGES, line), dict.fromkeys(LANGUAGES, escaped(line))
    told = {"text": prose, "who": words, "phrase": {"said": {"what": line}}}
    down = {"title": words, "services": {"archive": "major_outage"}, "who": words}
    work = {"title": words, "kind": "maintenance", "services": ["gateway"], "window": WINDOW}
    first = {"at": "2024-02-18 08:00", "status": "investigating", **told}
    second = {"at": "2024-02-19 08:00", "status": "identified", **told}
    last = {"at": "2024-02-19 09:00", "status": "resolved", **told}
    announced = {"updates": [{"at": "2024-02-18 12:00", **told}]}
    taken_back = {"at": "2024-02-19 12:00", "reason": dict.fromkeys(LANGUAGES, reason)}
    return {
        "down": {**down, "updates": [first, second]},
        "over": {**down, "updates": [first, second, last]},
        "untitled": {"services": {"mailbox": "partial_outage"}, "updates": [first]},
        "silent": {"services": {"archive": "partial_outage"}, "updates": [{"at": first["at"], "status": "identified"}]},
        "false-alarm": {**down, "retracted": taken_back, "updates": [first]},
        "work": {**work, **announced},
        "off": {**work, "cancelled": "2024-02-19 12:00", **announced},
        "notice": {"title": words, "kind": "notice", "services": ["gateway"], **announced},
    }


def write(tree: Path, piece: str, reason: str) -> None:
    """Write a site that says `piece` wherever staff write words, but `reason` where a false alarm is taken back."""
    line = f"{OPENS}{piece}{CLOSES}"
    save(tree / "status.yaml", site_of(line))
    save(tree / "locales" / "phrases.yaml", {"said": dict.fromkeys(LANGUAGES, "{what}")})
    for id_, incident in incidents_of(line, reason).items():
        save(tree / "incidents" / "2024" / f"{id_}.yaml", incident)
    for id_ in ("over", "work"):
        for lang in LANGUAGES:
            (tree / "incidents" / "2024" / f"{id_}.{lang}.md").write_text(f"{escaped(line)}\n", encoding="utf-8")


def save(path: Path, value: object) -> None:
    """Write a value as YAML (JSON is some), in ASCII: what is not, is escaped."""
    written = re.sub(
        r"[^\n -~]", lambda found: f"\\U{ord(found[0]):08x}", json.dumps(value, ensure_ascii=False, indent=1)
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(written, encoding="ascii")


def files(tree: Path) -> dict[str, dict[str, bytes]]:
    """Return the files of a tree's site by format and path, with the build's time in them."""
    read, now = sources.read(tree), datetime.fromisoformat(NOW)
    judged = judge(read, now)
    assert [problem for problem in judged.problems if problem.level is Level.ERROR] == []
    edition = pipeline.derive(read, judged, now, compiled=COMPILED)
    stamps = {"iso": b"2024-02-20T08:00:00Z", "time": b"09:00", "due": b"2024-02-20T08:30:00Z", "epoch": b"1708416000"}
    return {
        name: {
            output.path: output.render() if output.path.endswith(PICTURES) else fill(output.render(), **stamps)
            for output in outputs(edition)
        }
        for name, outputs in FORMATS.items()
    }


@dataclass
class Parts:
    """A file, taken apart."""

    structure: list[object] = field(default_factory=list)
    """All that makes it the kind of file it is, and that no text of staff's may change."""
    texts: list[str] = field(default_factory=list)
    """What it says, free of escapes."""

    def say(self, text: str) -> None:
        """Note a text; one that begins with a tag is HTML."""
        text = text.replace("\u2060", "")  # it joins what is not to break, and in RSS parts "<" from a name
        if text.lstrip().startswith("<"):
            Page(self).read(text)
        else:
            self.texts.append(text)


class Page(HTMLParser):
    """Takes HTML apart; the parser of the standard library decides about tags as browsers do."""

    PLACES = frozenset({"href", "src", "action", "id", "class", "data-heartbeat"})
    """Attributes that no text of staff's goes into."""

    def __init__(self, parts: Parts) -> None:
        super().__init__(convert_charrefs=True)
        self.parts = parts
        self.words: list[str] = []

    def read(self, text: str) -> None:
        """Take a page or a piece of one apart."""
        self.feed(text)
        self.close()
        self.flush()

    def flush(self) -> None:
        """Note the text since the last tag."""
        if self.words:
            self.parts.texts.append("".join(self.words).replace("\N{WORD JOINER}", ""))
        self.words.clear()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element, unless it only marks where a line may break."""
        if tag == "wbr":
            return
        self.flush()
        self.parts.structure.append(
            (tag, *(name if name not in self.PLACES else (name, value) for name, value in attrs))
        )
        assert not [name for name, _ in attrs if name.startswith("on") or name == "style"]
        self.parts.texts += [DIGEST.sub("", value) for name, value in attrs if value and name not in self.PLACES]

    def handle_endtag(self, tag: str) -> None:
        """Note the end of an element."""
        self.flush()
        self.parts.structure.append(f"/{tag}")

    def handle_data(self, data: str) -> None:
        """Note words."""
        self.words.append(data)

    def handle_comment(self, data: str) -> None:
        """Note a comment."""
        self.parts.structure.append(("comment", data))

    def handle_decl(self, decl: str) -> None:
        """Note a declaration."""
        self.parts.structure.append(("declaration", decl))

    def unknown_decl(self, data: str) -> None:
        """Note what is no declaration of HTML."""
        self.parts.structure.append(("declaration", data))

    def handle_pi(self, data: str) -> None:
        """Note a processing instruction."""
        self.parts.structure.append(("instruction", data))


def html(data: bytes, parts: Parts) -> None:
    """Take a page apart."""
    Page(parts).read(data.decode())


def xml(data: bytes, parts: Parts) -> None:
    """Take XML apart; it has no document type."""
    root = etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))
    assert not root.getroottree().docinfo.doctype
    for element in root.iter():
        measured = {"width", "viewBox", "x", "d", "textLength", "transform"} if element.tag.startswith(SVG) else set()
        parts.structure.append((str(element.tag), *element.attrib))
        for value in (
            *(element.attrib[name] for name in element.attrib if name not in measured),
            element.text,
            element.tail,
        ):
            if value and value.strip():
                parts.say(value)


def json_(data: bytes, parts: Parts) -> None:
    """Take JSON apart."""

    def walk(value: object) -> None:
        if isinstance(value, dict):
            parts.structure.append(tuple(value))
            for inner in value.values():
                walk(inner)
        elif isinstance(value, list):
            parts.structure.append(len(value))
            for inner in value:
                walk(inner)
        elif isinstance(value, str):
            parts.say(value)
        else:
            parts.structure.append(value)

    walk(json.loads(data))


def ics(data: bytes, parts: Parts) -> None:
    """Take a calendar apart by the rules of RFC 5545 alone (3.1, 3.3.11)."""
    assert data.endswith(b"\r\n")
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)", data)
    assert max(map(len, data.split(b"\r\n"))) <= 75
    for line in data.replace(b"\r\n ", b"").decode().removesuffix("\r\n").split("\r\n"):
        found = CONTENT_LINE.fullmatch(line)
        assert found, line
        name, value = found.groups()
        parts.structure.append(name)
        assert name.partition(";")[0] not in TEXTS or re.fullmatch(r"([^\\;]|\\[\\;,nN])*", value), line
        parts.say(re.sub(r"\\(.)", lambda escape: "\n" if escape[1] in "nN" else escape[1], value))


def txt(data: bytes, parts: Parts) -> None:
    """Take Prometheus's text format apart; in other plain text there is nothing of staff's."""
    if not data.startswith(b"# HELP"):
        untouched(data, parts)
        return
    for family in text_string_to_metric_families(data.decode()):
        parts.structure.append((family.name, family.type, family.documentation))
        for sample in family.samples:
            parts.structure.append((sample.name, *sample.labels, sample.value))
            for value in sample.labels.values():
                parts.say(value)


def png(data: bytes, parts: Parts) -> None:
    """Look at a picture; what is written in it can only be seen."""
    with Image.open(io.BytesIO(data)) as picture:
        picture.load()
        parts.structure.append((picture.format, picture.size, picture.info))


def untouched(data: bytes, parts: Parts) -> None:
    """Say that nothing of staff's may stand in a file."""
    parts.structure.append(data)


READERS: Mapping[str, Callable[[bytes, Parts], None]] = {
    ".html": html,
    ".rss": xml,
    ".atom": xml,
    ".xml": xml,
    ".svg": xml,
    ".json": json_,
    ".webmanifest": json_,
    ".png": png,
    ".ico": untouched,
    ".ics": ics,
    ".txt": txt,
    ".css": untouched,
    ".js": untouched,
    "": untouched,
}
"""By ending; a format with another one needs its own reader here."""


def parts(path: str, data: bytes) -> Parts:
    """Take a file apart."""
    ending = Path(path).suffix
    assert ending in READERS, f"say in READERS how a file that ends in {ending} is taken apart"
    found = Parts()
    READERS[ending](data, found)
    return found


@functools.cache
def tamed(text: str, piece: str) -> str:
    """Return a text with the harmless words in place of `piece`, whole, as Markdown, or cut off with an ellipsis.

    White space may have become other white space: a badge has one line, and a calendar knows one way to break it.
    """
    said, text = f"{OPENS}{HARMLESS}{CLOSES}", one_line(text)
    line = one_line(f"{OPENS}{piece}{CLOSES}")
    text = text.replace(line, said).replace(escaped(line), said)
    return re.sub(f"{OPENS}[^…]*…", lambda found: said if line.startswith(found[0][:-1]) else found[0], text)


@functools.cache
def one_line(text: str) -> str:
    """Return a text with a single space for all white space."""
    return re.sub(r"[\s\u2028\u2029]+", " ", text)


Made = Callable[..., dict[str, dict[str, bytes]]]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """Return what writes a site that says something everywhere, and returns its files by format and path."""

    @functools.cache
    def made(piece: str, reason: str = HARMLESS) -> dict[str, dict[str, bytes]]:
        tree = tmp_path_factory.mktemp("tree")
        write(tree, piece, reason)
        return files(tree)

    return made


@functools.cache
def taken_apart(path: str, data: bytes) -> Parts:
    """Take a file apart."""
    ending = Path(path).suffix
    assert ending in READERS, f"say in READERS how a file that ends in {ending} is taken apart"
    found = Parts()
    READERS[ending](data, found)
    return found


def differing(harmless: Mapping[str, bytes], hostile: Mapping[str, bytes], piece: str) -> list[str]:
    """Return the files that differ in more than in what they say, or do not say `piece` as it was written."""
    assert hostile.keys() == harmless.keys()
    found = []
    for path, data in hostile.items():
        parts, expected = taken_apart(path, data), taken_apart(path, harmless[path])
        said = [tamed(text, piece) for text in parts.texts]
        if parts.structure != expected.structure or said != [one_line(text) for text in expected.texts]:
            found.append(path)
    return found


@pytest.mark.slow
@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("piece", HOSTILE.values(), ids=HOSTILE)
def test_a_text_changes_nothing_but_the_text(site: Made, name: str, piece: str) -> None:
    """A format's files are well-formed whatever a text holds, keep their structure, and say the text as written."""
    harmless, hostile = site(HARMLESS)[name], site(piece)[name]

    found = differing(harmless, hostile, piece)

    assert found == []


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_is_taken_apart(site: Made, name: str) -> None:
    """What stands in a site's texts is found in its files, so a comparison of what is found says something."""
    written = site(HARMLESS)[name]

    found = [path for path, data in written.items() if any(OPENS in text for text in taken_apart(path, data).texts)]

    assert found == [path for path, data in written.items() if OPENS.encode() in data]


def test_the_comparison_finds_what_it_looks_for() -> None:
    """Markup, syntax and a text that was changed are told apart from a text that is shown as it was written."""
    page, said = b"<title>%s</title>", f"{OPENS}{HARMLESS}{CLOSES}".encode()
    broken = [f"{OPENS}{text}{CLOSES}".encode() for text in ("<b>x</b>", "&amp;lt;b>x&lt;/b>", "", "x")]

    found = [differing({"a.html": page % said}, {"a.html": page % text}, "<b>x</b>") for text in broken]
    right = differing({"a.html": page % said}, {"a.html": page % broken[1].replace(b"&amp;lt;", b"&lt;")}, "<b>x</b>")

    assert found == [["a.html"]] * len(broken)
    assert right == []


UNHOLDABLE = {
    "a bell": "\a",
    "nothing": "\0",
    "the mark of a slot": "\x1aiso\x1a",
    "delete": "\x7f",
    "next line": "\x85",
    "U+FFFE": "\ufffe",
    "U+FFFF": "\uffff",
    "U+1FFFE": "\U0001fffe",
}


def judged(tree: Path) -> list[str]:
    """Return the codes of the errors in a tree."""
    problems = judge(sources.read(tree), datetime.fromisoformat(NOW)).problems
    return [problem.code for problem in problems if problem.level is Level.ERROR]


@pytest.mark.parametrize("piece", UNHOLDABLE.values(), ids=UNHOLDABLE)
def test_what_no_format_can_hold_is_refused(tmp_path: Path, piece: str) -> None:
    """A control character or a code point that is none is an error wherever it stands, so no format meets it."""
    write(tmp_path, piece, HARMLESS)
    for beside in tmp_path.rglob("*.md"):
        beside.write_text("harmless\n", encoding="utf-8")

    found = judged(tmp_path)

    assert set(found) >= {"control-character"}


@pytest.mark.parametrize("piece", UNHOLDABLE.values(), ids=UNHOLDABLE)
def test_what_no_format_can_hold_is_refused_in_a_long_text(tmp_path: Path, piece: str) -> None:
    """The same holds for a text beside an incident."""
    write(tmp_path, HARMLESS, HARMLESS)
    (tmp_path / "incidents" / "2024" / "over.de.md").write_text(f"Text{piece}\n", encoding="utf-8")

    found = judged(tmp_path)

    assert set(found) == {"control-character"}


def test_line_ends_of_windows_change_nothing(site: Made, tmp_path: Path) -> None:
    """A tree whose files end their lines with CR LF makes the same site to the byte."""
    write(tmp_path, HARMLESS, HARMLESS)
    for path in [*tmp_path.rglob("*.yaml"), *tmp_path.rglob("*.md")]:
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))

    made = files(tmp_path)

    assert made == site(HARMLESS)
