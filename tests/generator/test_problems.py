"""What is wrong with the content is said with place, code and remedy, all at once."""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from generator.cli.report import as_text
from generator.problems import CODES, Problem
from tests.checked import check
from tests.conftest import CHECKOUT

SPEC = Path(__file__).parent.parent / "spec"
SPEC_TEXT = (SPEC / "problems.md").read_text("utf-8")
SECTIONS = dict(re.findall(r"^## (.*?)\n(.*?)(?=^## |\Z)", SPEC_TEXT, re.DOTALL | re.MULTILINE))
PATH = re.compile(r"\w[\w./-]*")
"""The first thing in a file of the spec."""
REFUSING = ("Problem", "Fault", ".report", "._report", ".fault")
"""What every refusal is made by; the fourth argument of a method is the remedy."""
WARNING = ("probes/loop/", ".report")
"""Where the prober's warnings to the operators are made by a method of that name."""
NOW = datetime(2024, 3, 1, 11, tzinfo=UTC)

SOUND = """\
services: {mail-archive: major_outage}
updates:
  - at: 2024-02-19 08:00
    status: investigating
"""


Plant = Callable[[dict[str, str]], Path]


@pytest.fixture
def plant(tmp_path: Path) -> Plant:
    """Return a function that writes a tree's files over the usual status.yaml."""

    def write(files: dict[str, str]) -> Path:
        for path, text in {"status.yaml": (SPEC / "status.yaml").read_text("utf-8"), **files}.items():
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / path).write_text(text, "utf-8")
        return tmp_path

    return write


@pytest.mark.parametrize("title", SECTIONS)
def test_spec(title: str, plant: Plant) -> None:
    """Each mistake of tests/spec/problems.md is answered with exactly what stands there."""
    blocks = re.findall(r"```(yaml|svg|css|html|text)\n(.*?)```", SECTIONS[title], re.DOTALL)
    files = {PATH.findall(text)[0]: text for kind, text in blocks if kind != "text"}
    (expected,) = (text for kind, text in blocks if kind == "text")

    answer = as_text(check(plant(files), NOW))

    assert answer + "\n" == expected


def codes(problems: tuple[Problem, ...]) -> list[str]:
    """Return what was found, by file name and code."""
    return [f"{problem.path.rsplit('/')[-1]} {problem.code}" for problem in problems]


def test_brackets(plant: Plant) -> None:
    """Fifty thousand nested brackets are refused at the sixty-fifth, without a crash."""
    tree = plant({"incidents/2024/a.yaml": "services: " + "[" * 50_000})

    (problem,) = check(tree, NOW)

    assert (problem.code, problem.line, problem.column) == ("too-deep", 1, 74)


def test_invalid_utf8(plant: Plant) -> None:
    """A file in another encoding is named with the place of the first foreign byte."""
    tree = plant({"incidents/2024/a.yaml": SOUND})
    (tree / "incidents/2024/a.yaml").write_bytes(b"title:\n  de: Archiv nicht verf\xfcgbar\n")

    (problem,) = check(tree, NOW)

    assert str(problem).splitlines()[0] == "incidents/2024/a.yaml:2:24: invalid-utf8: byte 0xfc is not UTF-8"


def test_sizes(plant: Plant) -> None:
    """A text over 16,000 bytes and a file over 256 KiB are refused."""
    text = f'{SOUND}    text: {{de: "{"ä" * 8001}", fr: x, en: x}}\n'
    tree = plant({"incidents/2024/a.yaml": text, "incidents/2024/b.yaml": SOUND + "#" * 262_144})

    assert codes(check(tree, NOW)) == ["a.yaml text-too-long", "b.yaml too-large"]


@pytest.mark.parametrize(
    ("title", "code"),
    [
        ("x" * 500, None),
        ("x" * 501, "text-too-long"),
        ("x" * 60_000, "text-too-long"),
        ("\u200b", "empty-value"),
        ("\u00a0\u2800\u3164\ufeff\u0301", "empty-value"),
        ("\u200b.", None),
        ("👍", None),
    ],
)
def test_titles(plant: Plant, title: str, code: str | None) -> None:
    """A title of which nothing is to be seen is empty, and one that would fill a page is too long."""
    tree = plant({"incidents/2024/a.yaml": f"title: {{de: '{title}', fr: x, en: x}}\n{SOUND}"})

    found = codes(check(tree, NOW))

    assert found == ([f"a.yaml {code}"] if code else [])


@pytest.mark.parametrize("key", ["name", "label", "title"])
def test_a_text_in_no_language(plant: Plant, key: str) -> None:
    """A text by language that has none is empty: a site needs its name, a contact its label."""
    config = (
        (SPEC / "status.yaml").read_text("utf-8").replace("name: Example", "name: {}" if key == "name" else "name: X")
    )
    contact = f"contacts: [{{kind: phone, target: '+41 44 000 00 00', label: {'{}' if key == 'label' else 'X'}}}]\n"
    title = "title: {}\n" if key == "title" else ""
    tree = plant({"status.yaml": f"{config}\n{contact}", "incidents/2024/a.yaml": title + SOUND})

    found = [problem.message for problem in check(tree, NOW)]

    assert found == [f"{key} is empty"]


def test_incidents_out_of_the_tree(plant: Plant, tmp_path_factory: pytest.TempPathFactory) -> None:
    """The folder of the incidents lies in the tree: a link from it to elsewhere is refused, one within is not."""
    outside = tmp_path_factory.mktemp("outside")
    tree = plant({"history/2024/a.yaml": SOUND})
    (tree / "incidents").symlink_to(outside)
    elsewhere = codes(check(tree, NOW))
    (tree / "incidents").unlink()
    (tree / "incidents").symlink_to("history")

    within = codes(check(tree, NOW))

    assert elsewhere == ["incidents outside-tree"]
    assert within == []


def test_no_files(plant: Plant) -> None:
    """A folder, a device or a named pipe where a file should be is named, and never waited for."""
    catalog = "locales/de/LC_MESSAGES/messages.po"
    tree = plant({"incidents/2024/a.yaml/inside.txt": "", f"{catalog}/inside.txt": ""})
    os.mkfifo(tree / "incidents/2024/b.yaml")
    (tree / "incidents/2024/c.yaml").symlink_to("/dev/null")

    found = codes(check(tree, NOW))

    assert found == ["a.yaml not-a-file", "b.yaml not-a-file", "c.yaml outside-tree", "messages.po not-a-file"]


def test_links_out_of_the_tree(plant: Plant, tmp_path_factory: pytest.TempPathFactory) -> None:
    """A symbolic link that leads out of the tree is not read; one within it is."""
    outside = tmp_path_factory.mktemp("outside")
    (outside / "secret.yaml").write_text(SOUND)
    tree = plant({"incidents/2024/a.yaml": SOUND})
    (tree / "incidents/2024/b.yaml").symlink_to(outside / "secret.yaml")
    (tree / "incidents/2024/c.yaml").symlink_to("a.yaml")
    (tree / "incidents/2023").symlink_to(outside)

    assert codes(check(tree, NOW)) == ["2023 outside-tree", "b.yaml outside-tree"]


def test_unreadable(plant: Plant) -> None:
    """A link to nothing is a problem of that file, and a missing status.yaml one of the tree."""
    tree = plant({})
    (tree / "incidents/2024").mkdir(parents=True)
    (tree / "incidents/2024/a.yaml").symlink_to("gone.yaml")
    (tree / "status.yaml").unlink()

    assert codes(check(tree, NOW)) == ["a.yaml unreadable", "status.yaml missing-file"]


def test_own_parts(plant: Plant) -> None:
    """A site's own template that cannot be compiled and catalog that cannot be used are found before a build."""
    header = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'
    tree = plant(
        {
            "incidents/2024/a.yaml": SOUND,
            "templates/pages/subscribe.html": "fine\n{% if %}\n",
            "templates/pages/root.html": "{{ fine }}",
            "locales/de/LC_MESSAGES/messages.po": header + 'msgid "As of"\nmsgstr "Stand {zeit}"\n',
            "locales/fr/LC_MESSAGES/messages.po": "no catalog",
            "locales/en/LC_MESSAGES/messages.po": header + 'msgid "As of"\nmsgstr "At"\n',
        }
    )

    found = [str(problem).splitlines()[0] for problem in check(tree, NOW)]

    assert [line.split(": ")[:2] for line in found] == [
        ["locales/de/LC_MESSAGES/messages.po", "broken-catalog"],
        ["locales/fr/LC_MESSAGES/messages.po", "broken-catalog"],
        ["templates/pages/subscribe.html:2:1", "broken-template"],
    ]


@pytest.mark.parametrize("rule", ['open("ran", "w")', '__import__("os").mkdir("ran")', "n.__class__", "n ** n ** n"])
def test_a_plural_rule_runs_nothing(plant: Plant, monkeypatch: pytest.MonkeyPatch, rule: str) -> None:
    """The plural rule of a catalog is arithmetic: what is more is refused, and is not run."""
    head = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n'
    plural = f"Plural-Forms: nplurals=2; plural=({rule});\n".replace('"', "'").replace("\n", "\\n")
    tree = plant({"incidents/2024/a.yaml": SOUND, "locales/fr/LC_MESSAGES/messages.po": f'{head}"{plural}"\n'})
    monkeypatch.chdir(tree)

    assert codes(check(tree, NOW)) == ["messages.po broken-catalog"]
    assert not (tree / "ran").exists()


@pytest.mark.parametrize("lang", ["de", "fr", "en"])
def test_a_copied_catalog_is_accepted(plant: Plant, checkout: Path, lang: str) -> None:
    """Whoever changes a word begins with a copy of the shipped catalog, so nothing is wrong with that."""
    path = f"locales/{lang}/LC_MESSAGES/messages.po"
    tree = plant({"incidents/2024/a.yaml": SOUND, path: (checkout / path).read_text(encoding="utf-8")})

    assert check(tree, NOW) == ()


def test_own_components(plant: Plant) -> None:
    """A component of the site's own that its templates use passes, and a macro may stand in another component."""
    tree = plant(
        {
            "incidents/2024/a.yaml": SOUND,
            "templates/components/slogan/macro.html": "{% macro slogan() %}{% endmacro %}",
            "templates/components/stale/macro.html": (
                "{% macro stale() %}{% endmacro %}{% macro as_of() %}{% endmacro %}"
            ),
            "templates/components/moment/macro.html": "{% macro as_of_short() %}{% endmacro %}{{ stale() }}",
            "templates/pages/root.html": "{{ slogan() }} {{ as_of_short() }}",
        }
    )

    assert codes(check(tree, NOW)) == []


def test_no_incidents_folder(plant: Plant) -> None:
    """A tree without incidents is a warning; something else in their place, or a link to nowhere, is an error."""
    tree = plant({})

    missing = check(tree, NOW)
    (tree / "incidents").symlink_to("/nonexistent/mount")
    dangling = check(tree, NOW)

    assert [(problem.code, problem.level) for problem in (*missing, *dangling)] == [
        ("missing-folder", "warning"),
        ("missing-folder", "error"),
    ]


def test_a_link_to_itself(plant: Plant) -> None:
    """A symbolic link that leads to itself is said, not followed for ever."""
    tree = plant({"incidents/2024/a.yaml": SOUND})
    (tree / "incidents/2024/b.yaml").symlink_to("b.yaml")

    assert codes(check(tree, NOW)) == ["b.yaml unreadable"]


def test_every_code_is_triggered() -> None:
    """Every documented code has a fixture that triggers it."""
    text = SPEC_TEXT + "".join(path.read_text("utf-8") for path in Path(__file__).parent.rglob("test_*.py"))

    assert [code for code in CODES if not re.search(rf"\b{code}[:\"]", text)] == []


def calls() -> Iterator[tuple[str, str, ast.Call]]:
    """Yield each call in this code: where it stands, the name of what is called (`.name`: a method), and the call."""
    for package in ("generator", "probes"):
        for path in sorted((CHECKOUT / package).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
                    name = node.func.id if isinstance(node.func, ast.Name) else f".{node.func.attr}"
                    yield f"{path.relative_to(CHECKOUT)}:{node.lineno}", name, node


def remedy(call: ast.Call) -> ast.expr | None:
    """Return what is written as the remedy of a refusal: its hint, or what would have been allowed."""
    named = {keyword.arg: keyword.value for keyword in call.keywords}
    by_place = call.args[3] if len(call.args) > 3 else None
    return named.get("hint") or named.get("allowed") or by_place


def test_every_refusal_has_a_remedy() -> None:
    """Wherever something is refused, it is said what helps, whatever the condition."""
    folder, method = WARNING
    refusals = [
        (place, call)
        for place, name, call in calls()
        if name in REFUSING and not (name == method and place.startswith(folder))
    ]

    remedies = [(place, remedy(call)) for place, call in refusals]

    assert len(remedies) > 150
    assert [place for place, said in remedies if said is None or "''" in ast.unparse(said)] == []


@pytest.mark.parametrize("title", SECTIONS)
def test_every_mistake_is_answered_with_a_remedy(title: str) -> None:
    """Below each line of an answer stands what helps."""
    (answer,) = re.findall(r"```text\n(.*?)```", SECTIONS[title], re.DOTALL)

    lines = answer.splitlines()[:-1]

    assert [line[:8] for line in lines[1::2]] == ["  hint: "] * (len(lines) // 2)


def test_a_mistake_in_a_long_text_has_its_line(plant: Plant) -> None:
    """What is wrong in a text beside an incident is named with its line there; a character with its column."""
    text = "# Rückblick\n\nGut,\nauch gut, <b>schlecht</b>\n\nUnd ü\u202e.\n"
    tree = plant({"incidents/2024/a.yaml": SOUND, "incidents/2024/a.de.md": text})

    problems = [problem for problem in check(tree, NOW) if problem.path.endswith(".md")]

    assert [(problem.line, problem.column, problem.code) for problem in problems] == [
        (4, 1, "raw-html"),
        (4, 1, "raw-html"),
        (6, 6, "control-character"),
    ]


def test_what_an_update_says_wrongly_is_named_where_it_says_it(plant: Plant) -> None:
    """What shows only beside the other times of an incident is named at the update that says it."""
    updates = "".join(
        f"  - at: {at}\n    status: {status}\n{more}"
        for at, status, more in (
            ("2024-02-19 08:00", "investigating", ""),
            ("2024-02-19 09:00", "identified", "    next_update: 2042-02-19 10:00\n"),
            ("2024-02-19 10:00", "monitoring", "    corrected: 2024-02-19 09:59\n"),
            ("2042-02-19 11:00", "resolved", ""),
        )
    )
    tree = plant({"incidents/2024/a.yaml": f"services: {{mail-archive: major_outage}}\nupdates:\n{updates}"})

    found = [(problem.line, problem.column, problem.code) for problem in check(tree, NOW)]

    assert found == [
        (7, 18, "far-future"),
        (10, 16, "updates-out-of-order"),
        (11, 9, "far-future"),
        (11, 9, "future-time"),
    ]


def test_undocumented_code() -> None:
    """A problem with a code that is not documented cannot be made."""
    with pytest.raises(ValueError, match="no-such-code is not in"):
        Problem(path="x", code="no-such-code", message="", hint="")


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("a\nb.yaml", "a\\nb.yaml"),
        ("a\x1b[2Jb.yaml", "a\\x1b[2Jb.yaml"),
        ("a\u2028b.yaml", "a\\u2028b.yaml"),
        ("a\udcffb.yaml", "a\\udcffb.yaml"),
        ("a\u202eb.yaml", "a\\u202eb.yaml"),
        ("a\u200bb.yaml", "a\\u200bb.yaml"),
        ("ä b.yaml", "ä b.yaml"),
    ],
)
def test_one_line_a_problem(name: str, shown: str) -> None:
    """Whatever a file is called, a problem of it is one line, and its hint another."""
    problem = Problem(path=name, code="bad-id", message=f'the file name "{name}" is not an id', hint=f"not {name}")

    assert str(problem) == f'{shown}: bad-id: the file name "{shown}" is not an id\n  hint: not {shown}'
