"""The documentation: nothing in it is out of date, missing, or leads nowhere."""

from __future__ import annotations

import ast
import json
import os
import re
import shlex
import shutil
import struct
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from html import unescape
from pathlib import Path

import click
import pytest

from generator.brand import accents, brand_section
from generator.cli import main
from generator.content import incidents, status_yaml, updates
from generator.problems import CODES
from tests.conftest import Lagebild

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
PROSE = [*sorted(ROOT.glob("*.md")), *sorted(DOCS.rglob("*.md"))]
BLOCK = re.compile(r"^ *```(\w*)\n(.*?)^ *```", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")

BRAND_KEYS = (
    *(f"logo.{key}" for key in brand_section.LOGO_KEYS),
    *(f"accent.{key}" for key in accents.KEYS),
    *(f"fonts[].{key}" for key in brand_section.FONT_KEYS),
    *(f"links[].{key}" for key in brand_section.LINK_KEYS),
)
"""Every key below `brand:`, as the reference writes it."""
JOINER = "\N{WORD JOINER}"
"""Keeps a word in one line; nobody sees it."""


def named(path: Path) -> str:
    """Return a document's name for the test's title."""
    return path.relative_to(ROOT).as_posix()


def blocks(path: Path, *kinds: str) -> Iterator[tuple[str, str]]:
    """Yield the kind and the text of each code block of some kinds."""
    return ((kind, text) for kind, text in BLOCK.findall(path.read_text("utf-8")) if kind in kinds)


def prose(path: Path) -> str:
    """Return a document without its code blocks."""
    return BLOCK.sub("", path.read_text("utf-8"))


def table(page: str, heading: str) -> list[str]:
    """Return what stands as code in the first column of the table below a heading (the first table, if it is empty)."""
    text = (DOCS / "reference" / page).read_text("utf-8")
    section = re.split(r"^## ", text.partition(f"\n## {heading}\n")[2] if heading else text, flags=re.MULTILINE)[0]
    return re.findall(r"^\| `([^`]+)` \|", section, re.MULTILINE)


def test_reference_is_up_to_date() -> None:
    """The generated parts of the reference are what the code says."""
    checked = subprocess.run(
        [sys.executable, "docs/generate.py", "--check"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (checked.returncode, checked.stderr) == (0, "")


@pytest.mark.parametrize("path", PROSE, ids=named)
def test_links_lead_somewhere(path: Path) -> None:
    """A relative link leads to a file, and to a heading of it if it names one."""
    targets = [target for target in LINK.findall(prose(path)) if not re.match(r"[a-z]+:", target)]

    assert [target for target in targets if not leads(path, target)] == []


def leads(origin: Path, target: str) -> bool:
    """Return whether a relative link leads to what is there."""
    name, _, fragment = target.partition("#")
    file = (origin.parent / name).resolve() if name else origin
    if not file.exists() or not fragment:
        return file.exists()
    headings = re.findall(r"^#+ (.*)$", file.read_text("utf-8"), re.MULTILINE)
    return fragment in {re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("path", PROSE, ids=named)
def test_one_sentence_a_line(path: Path) -> None:
    """Prose has one sentence a line, so that a change shows as the sentence it is."""
    lines = [line for line in prose(path).splitlines() if not line.startswith(("|", "#"))]

    assert [line for line in lines if re.search(r"[a-z)`]{2}[.?!](?:\*\*)? [A-Z]", line)] == []


@pytest.mark.parametrize("path", PROSE, ids=named)
def test_named_commands_exist(path: Path) -> None:
    """Every `make` target and every `lagebild` command and option that the documentation names is there."""
    text = path.read_text("utf-8")
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    named_targets = re.findall(r"(?:`|\$ )make ([a-z]+)", text)
    called = re.findall(r"(?:`|\$ )lagebild (?:-C \S+ )?([a-z]+)([^`\n]*)", text)

    assert [target for target in named_targets if target not in targets] == []
    assert [name for name, _ in called if name not in main.commands] == []
    assert [f"{name} {option}" for name, rest in called for option in unknown_options(name, rest)] == []


def unknown_options(command: str, arguments: str) -> list[str]:
    """Return the options that a command does not have."""
    called = main.commands[command]
    parts = [called, *called.commands.values()] if isinstance(called, click.Group) else [called]
    known = {option for part in parts for parameter in part.params for option in parameter.opts}
    return [option for option in re.findall(r"(?<!\S)--[a-z-]+", arguments) if option not in known | {"--help"}]


def test_readme_is_short() -> None:
    """The README has at most 150 lines."""
    assert len((ROOT / "README.md").read_text("utf-8").splitlines()) <= 150


def test_every_command_is_documented() -> None:
    """The reference has every command."""
    text = (DOCS / "reference" / "commands.md").read_text("utf-8")

    assert [name for name in main.commands if f"## `lagebild {name}`" not in text] == []


@pytest.mark.parametrize("package", ["generator", "probes", "generator/formats"])
def test_every_room_is_on_the_map(package: str) -> None:
    """The architecture has a row for every folder of a package, and one for every module at its top but shared ones."""
    rows = [line.partition(" | ")[0] for line in (DOCS / "architecture.md").read_text("utf-8").splitlines()]
    listed = {name for row in rows if row.startswith("| `") for name in re.findall(r"`([a-z0-9_]+)`", row)}
    rooms = {path.stem for path in (ROOT / package).iterdir() if path.is_dir() or path.suffix == ".py"}
    shared = set(formats_shared()) if package == "generator/formats" else set()

    assert sorted(name for name in rooms - listed - shared if not name.startswith("__")) == []


def formats_shared() -> list[str]:
    """Return the modules that the contract between formats lets all of them import."""
    contract = (ROOT / ".importlinter").read_text("utf-8")
    return re.findall(r"^    generator\.formats\.\*\* -> generator\.formats\.(\w+)$", contract, re.MULTILINE)


def test_every_problem_is_documented() -> None:
    """The reference has every code of a problem, and every code with which a publication is refused, and no other."""
    text = (DOCS / "reference" / "problems.md").read_text("utf-8")

    assert re.findall(r"^### `([a-z0-9-]+)`", text, re.MULTILINE) == sorted(CODES)
    assert sorted(table("problems.md", "When a site cannot be published")) == sorted(refusals())


def refusals() -> set[str]:
    """Return the codes that the generator's code raises `PublishError` with."""
    texts = (path.read_text("utf-8") for path in (ROOT / "generator").rglob("*.py"))
    calls = (node for text in texts for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call))
    return {
        str(call.args[0].value)
        for call in calls
        if isinstance(call.func, ast.Name) and call.func.id == "PublishError" and isinstance(call.args[0], ast.Constant)
    }


@pytest.mark.parametrize(
    ("page", "heading", "keys"),
    [
        ("status-yaml.md", "", status_yaml.KEYS),
        ("status-yaml.md", "brand", BRAND_KEYS),
        ("incident-file.md", "Keys of the file", incidents.KEYS),
        ("incident-file.md", "Keys of an update", updates.KEYS),
    ],
)
def test_every_key_is_documented(page: str, heading: str, keys: Iterable[str]) -> None:
    """The tables of the reference have every key that is read, and no other."""
    assert sorted(table(page, heading)) == sorted(keys)


def test_every_output_is_documented(shipped_site: Path) -> None:
    """Every file of a site has a place in the reference's table of outputs."""
    patterns = [documented(path) for path in table("outputs.md", "") if path.startswith("/")]
    files = [f"/{path.relative_to(shipped_site).as_posix()}" for path in shipped_site.rglob("*") if path.is_file()]

    assert [file for file in files if not any(pattern.fullmatch(file) for pattern in patterns)] == []


def documented(path: str) -> re.Pattern[str]:
    """Return a documented path as a pattern: `<…>` stands for one part of a name."""
    return re.compile(
        "".join(r"[^/.]+" if part.startswith("<") else re.escape(part) for part in re.split("(<.*?>)", path))
    )


def test_every_fact_for_programs_is_documented(shipped_site: Path) -> None:
    """The reference has every key of the heartbeat, of status.json and of the feeds' extension, and no other."""
    heartbeat, status, feed = (
        json.loads((shipped_site / name).read_text("utf-8"))
        for name in ("heartbeat.json", "status.json", "en/feed.json")
    )

    assert table("outputs.md", "The heartbeat rule") == list(heartbeat)
    assert table("outputs.md", "status.json") == list(status)
    assert re.findall(
        r"^\| `([^`]+)` \|", section("outputs.md", "### The `_lagebild` extension"), re.MULTILINE
    ) == list(feed["items"][0]["_lagebild"])


def section(page: str, heading: str) -> str:
    """Return what follows a heading."""
    return (DOCS / "reference" / page).read_text("utf-8").partition(f"\n{heading}\n")[2]


@pytest.mark.slow
def test_tutorial(lagebild: Lagebild, tmp_path: Path) -> None:
    """Whoever follows the tutorial sees what it shows."""
    for kind, text in blocks(DOCS / "tutorial.md", "yaml", "console", "text"):
        if kind == "yaml":
            write(tmp_path, text)
        elif kind == "text":
            file, _, shown = text.partition("\n")
            page = words((tmp_path / file.removeprefix("# ")).read_text("utf-8"))
            assert [line for line in shown.splitlines() if line not in page] == [], page
        else:
            for command, expected in sessions(text):
                ran = lagebild(*command, cwd=tmp_path)
                assert ran.stdout + ran.stderr == expected


def write(folder: Path, block: str) -> None:
    """Write a file whose path stands in the block's first line, or add to its end if that line says so.

    A block that begins with `# in` shows the key that it belongs to, which stands at the file's end already.
    """
    first, _, text = block.partition("\n")
    if first.startswith("# in "):
        first, text = first.replace("# in ", "# at the end of "), text.partition("\n")[2]
    path = folder / first.split()[-1]
    path.parent.mkdir(parents=True, exist_ok=True)
    former = path.read_text("utf-8") if first.startswith("# at the end of") else ""
    path.write_text(former + text, "utf-8")


def sessions(block: str) -> Iterator[tuple[list[str], str]]:
    """Yield the arguments of each call of the command, and what it is to say; other programs are passed over."""
    for call in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
        line, _, said = call.partition("\n")
        program, *arguments = shlex.split(line)
        if program == "lagebild":
            yield arguments, said


def words(page: str) -> str:
    """Return a page's text as it is seen, a space for whatever stands between."""
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", page)).replace(JOINER, "").split())


def wrong(checked: str) -> list[Mapping[str, object]]:
    """Return the problems of an example that is in German, French and English, whatever the shipped site adds."""
    lacks_one = re.compile(r" lacks .*\b(de|fr|en)\b")
    return [
        problem
        for problem in json.loads(checked)
        if problem["code"] != "missing-translation" or lacks_one.search(problem["message"])
    ]


def test_examples_of_incidents(lagebild: Lagebild, tmp_path: Path) -> None:
    """The incident files that are shown as examples are sound, warnings included."""
    shutil.copy(ROOT / "status.yaml", tmp_path)
    for _, text in blocks(DOCS / "how-to" / "write-an-incident.md", "yaml"):
        write(tmp_path, text)
    write(
        tmp_path,
        f"# incidents/2024/reference.yaml\n{dict(blocks(DOCS / 'reference' / 'incident-file.md', 'yaml'))['yaml']}",
    )

    checked = lagebild("-C", tmp_path, "check", "--format", "json")

    assert wrong(checked.stdout) == []


@pytest.mark.slow
def test_example_of_a_brand(lagebild: Lagebild, tmp_path: Path) -> None:
    """The brand that is shown as an example is sound, and so is the component beside it."""
    page = DOCS / "how-to" / "brand.md"
    shutil.copy(ROOT / "status.yaml", tmp_path)
    (tmp_path / "brand").mkdir()
    (tmp_path / "incidents").mkdir()
    for font in re.findall(r"file: (brand/\S+\.woff2)", page.read_text("utf-8")):
        (tmp_path / font).write_bytes(b"wOF2" + struct.pack(">II", 0x00010000, 12))
    for kind, text in blocks(page, "yaml", "svg", "css"):
        write(tmp_path, text if kind == "yaml" else re.sub(r"^\S+ (\S+) \S+\n", r"# \1\n", text))

    checked = lagebild("-C", tmp_path, "check", "--format", "json")
    built = lagebild("-C", tmp_path, "build")

    assert wrong(checked.stdout) == []
    assert built.returncode == 0
    style = next((tmp_path / "site/assets").glob("style.*.css")).read_text("utf-8")
    assert ".contacts{display:grid;gap:var(--gap)}" in style
    assert [text for kind, text in blocks(page, "yaml") if "\nbrand:\n" not in text] == []


def test_places_of_a_brand(lagebild: Lagebild, tmp_path: Path) -> None:
    """What is said of an accent stands where it does for a reader who has just begun."""
    page = (DOCS / "how-to" / "brand.md").read_text("utf-8")
    lagebild("init", tmp_path / "new")
    with (tmp_path / "new/status.yaml").open("a", encoding="utf-8") as file:
        file.write('brand:\n  accent: "#ff6600"\n')

    checked = lagebild("-C", tmp_path / "new", "check")

    assert "".join(checked.stdout.partition('#992a00"\n')[:2]) in page
