"""Update the generated parts of the documentation from the code: `python docs/generate.py [--check]`.

A generated part of a page is between `<!-- generated: NAME -->` and `<!-- end -->`; everything else on it is written by
hand. The drawings of docs/architecture.md are generated whole.
`--check` changes nothing, lists the pages that are out of date, and exits with 1 if there are any.
"""

from __future__ import annotations

import argparse
import inspect
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TypeVar

import click
import yaml

from docs import rooms
from docs.module_tests import reached
from generator.cli import main as lagebild
from generator.formats import FORMATS
from generator.formats.words import names
from generator.model import ContactKind, Impact, ServiceStatus
from generator.problems import CODES

ROOT = Path(__file__).resolve().parent.parent
REFERENCE = ROOT / "docs" / "reference"
PAGES = (*sorted(REFERENCE.glob("*.md")), ROOT / "tests" / "README.md")
DRAWINGS = {ROOT / "docs" / f"rooms-{package}.svg": package for package in ("generator", "probes")}
SHOWN_TESTS = 3
PART = re.compile(r"(<!-- generated: ([a-z-]+) -->\n).*?(<!-- end -->)", re.DOTALL)

Part = Callable[[], Iterable[str]]
Word = TypeVar("Word", bound=str)


def commands() -> Iterator[str]:
    """Yield every command with its options."""
    yield from _command("lagebild", lagebild)
    for name, command in sorted(lagebild.commands.items()):
        yield from _command(f"lagebild {name}", command)
        for below, part in sorted(command.commands.items()) if isinstance(command, click.Group) else ():
            yield from _command(f"lagebild {name} {below}", part)


def _command(name: str, command: click.Command) -> Iterator[str]:
    yield f"## `{name}`"
    for paragraph in inspect.cleandoc(command.help or "").split("\n\n"):
        kept, lines = paragraph.startswith("\b"), paragraph.removeprefix("\b").strip("\n").splitlines()
        yield "\n".join(("```text", *lines, "```")) if kept else _sentences(" ".join(lines))
    options = [option for option in command.params if isinstance(option, click.Option) and not option.hidden]
    if options:
        yield _table(("option", "meaning"), map(_option, options))


def _option(option: click.Option) -> tuple[str, str]:
    choices = "|".join(map(str, option.type.choices)) if isinstance(option.type, click.Choice) else ""
    value = "" if option.is_flag else f" {choices or option.metavar or option.type.name.partition(' ')[0].upper()}"
    shown = option.show_default
    default = f" Default: {shown if isinstance(shown, str) else option.default}." if shown else ""
    names_ = ", ".join(f"`{name}{value}`" for name in option.opts)
    return names_.replace("|", "\\|"), f"{option.help}{default}"


def problems() -> Iterator[str]:
    """Yield every code with its meaning and, if tests/spec/problems.md has one, an example."""
    examples = _answers((ROOT / "tests" / "spec" / "problems.md").read_text("utf-8"))
    for code, meaning in sorted(CODES.items()):
        yield f"### `{code}`"
        yield f"{meaning}"
        if code in examples:
            yield f"```text\n{examples[code]}\n```"


def _answers(spec: str) -> dict[str, str]:
    """Return, by code, the first problem in the spec that has it, with its hint."""
    found: dict[str, str] = {}
    for answer in re.findall(r"```text\n(.*?)```", spec, re.DOTALL):
        for said in re.findall(r"^\S+: (?:warning: )?[a-z0-9-]+: .*(?:\n  hint: .*)?", answer, re.MULTILINE):
            code = re.match(r"\S+: (?:warning: )?([a-z0-9-]+): ", said)
            if code:
                found.setdefault(code[1], said)
    return found


def statuses() -> Iterator[str]:
    """Yield the states of a service, the worst first, and the impact of each."""
    from generator.facts import impact_of

    rows = [(f"`{status}`", names.STATUS[status], f"`{impact_of(status)}`") for status in reversed(ServiceStatus)]
    yield _table(("status", "shown as", "impact"), rows)


def update_statuses() -> Iterator[str]:
    """Yield the statuses of updates for each kind of entry."""
    from generator.content.updates import STATUSES

    rows = [
        (f"`{kind}`", ", ".join(f"`{status}` ({names.UPDATE_STATUS[status]})" for status in allowed) or "none")
        for kind, allowed in STATUSES.items()
    ]
    yield _table(("kind", "statuses of its updates"), rows)


def _vocabulary(head: str, shown: Mapping[Word, str]) -> Part:
    return lambda: [_table((head, "shown as"), [(f"`{value}`", words) for value, words in shown.items()])]


def impacts() -> Iterator[str]:
    """Yield the impacts in their order."""
    yield ", ".join(f"`{impact}`" for impact in Impact) + "."


def contact_kinds() -> Iterator[str]:
    """Yield the kinds of contact."""
    yield ", ".join(f"`{kind}`" for kind in ContactKind) + "."


def formats() -> Iterator[str]:
    """Yield the table of formats, each with the first line of its module's docstring."""
    rows = []
    for name, function in FORMATS.items():
        module = inspect.getmodule(function)
        rows.append((f"`{name}`", (inspect.getdoc(module) or "").partition("\n")[0]))
    yield _table(("format", "what it is"), rows)


def components() -> Iterator[str]:
    """Yield every component with its macros, the comment above each, and its examples."""
    for folder in sorted(path for path in (ROOT / "templates" / "components").iterdir() if path.is_dir()):
        yield f"### {folder.name}"
        for comment, signature in _macros((folder / "macro.html").read_text("utf-8")):
            yield f"`{signature}`"
            if comment:
                yield _sentences(comment)
        yield "\n".join(_examples_of(folder / "examples.yaml"))


def module_tests() -> Iterator[str]:
    """Yield the table of the modules that are tested through others; of many tests, the first three."""
    rows = []
    for module in reached(ROOT):
        more = f" and {len(module.tests) - SHOWN_TESTS} more" if len(module.tests) > SHOWN_TESTS else ""
        tests = ", ".join(f"`{test.removeprefix('tests/')}`" for test in module.tests[:SHOWN_TESTS])
        imported = "what uses it" if module.through else "itself" if tests else "neither: see `test_module_tests.py`"
        rows.append((f"`{module.module}`", f"{tests}{more}" or "—", imported))
    yield _table(("module", "tests", "they import"), rows)


def _macros(template: str) -> Iterator[tuple[str, str]]:
    """Yield the comment above each macro (empty if there is none) and its signature."""
    for comment, signature in re.findall(
        r"(?:\{#\s*((?:(?!#\}).)*?)\s*#\}\s*)?\{% macro (.*?) %\}", template, re.DOTALL
    ):
        yield " ".join(comment.split()), signature


def _examples_of(path: Path) -> Iterator[str]:
    for example in yaml.safe_load(path.read_text("utf-8")):
        yield f"- {example['title']}: `{example['call']}`"


def _table(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [heads, tuple("---" for _ in heads), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _sentences(text: str) -> str:
    """Put each sentence on its own line."""
    return re.sub(r"(?<=[a-z)`][.:?]) (?=[A-Z`\"])", "\n", text)


PARTS: Mapping[str, Part] = {
    "commands": commands,
    "problems": problems,
    "statuses": statuses,
    "update-statuses": update_statuses,
    "impacts": impacts,
    "causes": _vocabulary("cause", names.CAUSE),
    "mail": _vocabulary("mail", names.MAIL),
    "actions": _vocabulary("action", names.ACTION),
    "contact-kinds": contact_kinds,
    "formats": formats,
    "components": components,
    "module-tests": module_tests,
}
"""The generated parts of the pages by name; each yields its blocks."""


def renewed(page: str) -> str:
    """Return a page with its generated parts brought up to date.

    Raises:
        KeyError: The page names a part that does not exist.
    """
    return PART.sub(lambda match: f"{match[1]}\n{chr(10).join(_blocks(match[2]))}\n{match[3]}", page)


def _blocks(name: str) -> Iterator[str]:
    return (f"{block}\n" for block in PARTS[name]())


def run(*, check: bool) -> int:
    """Update the pages, or only list those that are out of date; return the exit status."""
    outdated = []
    for path in (*PAGES, *DRAWINGS):
        before = path.read_text("utf-8") if path.exists() else ""
        after = rooms.drawing(DRAWINGS[path]) if path in DRAWINGS else renewed(before)
        if after == before:
            continue
        outdated.append(path)
        if not check:
            path.write_text(after, "utf-8")
    for path in outdated:
        print(f"{path.relative_to(ROOT)}: {'out of date; run `make docs`' if check else 'written'}", file=sys.stderr)
    return 1 if check and outdated else 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="change nothing; exit with 1 if a page is out of date")
    sys.exit(run(check=parser.parse_args().check))
