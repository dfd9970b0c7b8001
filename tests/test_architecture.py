"""The rooms of the code: who may import whom, who may read the clock, and that each says what it knows."""

from __future__ import annotations

import ast
import configparser
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import median, quantiles

import pytest

CHECKOUT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
MODULES = sorted(
    path.relative_to(CHECKOUT).as_posix()
    for room in ("generator", "probes")
    for path in (CHECKOUT / room).rglob("*.py")
)


def lint_imports(tree: Path) -> subprocess.CompletedProcess[str]:
    """Check the contracts of `.importlinter` on the code of a tree."""
    command = [str(BIN / "lint-imports"), "--no-cache"]
    return subprocess.run(command, cwd=tree, capture_output=True, text=True, check=False)


def ruff_check(source: str, *, name: str) -> str:
    """Check a source as if it stood in a file of the checkout, and return what ruff says."""
    command = [str(BIN / "ruff"), "check", "--no-cache", "--output-format=concise", f"--stdin-filename={name}", "-"]
    return subprocess.run(command, cwd=CHECKOUT, input=source, capture_output=True, text=True, check=False).stdout


@pytest.mark.slow
def test_contracts_are_kept() -> None:
    """Every import goes the way that `.importlinter` allows."""
    ended = lint_imports(CHECKOUT)

    assert ended.returncode == 0, ended.stdout + ended.stderr


@pytest.mark.slow
@pytest.mark.parametrize(
    ("module", "statement", "contract"),
    [
        ("generator/model/__init__.py", "from generator import problems", "Imports go down only"),
        ("generator/facts/model.py", "from generator.formats import output", "Imports go down only"),
        ("generator/content/judge.py", "from generator import facts", "Imports go down only"),
        ("generator/facts/model.py", "import pathlib", "The core does no I/O"),
        ("generator/formats/output.py", "import time", "The core does no I/O"),
        (
            "generator/formats/output.py",
            "from generator.facts import stages",
            "Formats know the facts by their face alone",
        ),
        ("generator/publish/publisher.py", "import click", "Only the command line knows click"),
        ("generator/formats/another.py", "from generator.formats import html", "Formats know nothing of each other"),
        ("probes/__init__.py", "import generator.model", "The probes know nothing of the generator"),
    ],
)
def test_a_wrong_import_is_caught(module: str, statement: str, contract: str, tmp_path: Path) -> None:
    """An import that breaks a contract is found, and the contract is named."""
    for room in ("generator", "probes"):
        shutil.copytree(CHECKOUT / room, tmp_path / room, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(CHECKOUT / ".importlinter", tmp_path)
    with (tmp_path / module).open("a", encoding="utf-8") as file:
        file.write(f"\n{statement}\n")

    ended = lint_imports(tmp_path)

    assert ended.returncode == 1, ended.stdout + ended.stderr
    assert re.search(rf"{re.escape(contract)}\s+BROKEN", ended.stdout), ended.stdout


@pytest.mark.parametrize("module", MODULES)
def test_every_module_says_what_it_knows(module: str) -> None:
    """A module opens with a sentence."""
    tree = ast.parse((CHECKOUT / module).read_text(encoding="utf-8"))

    first_line = (ast.get_docstring(tree) or "").partition("\n")[0]

    assert first_line.endswith((".", ":")), f"{module}: {first_line!r}"


@pytest.mark.parametrize(
    "source",
    [
        "from datetime import datetime\nnow = datetime.now()\n",
        "import datetime\nnow = datetime.datetime.now(datetime.UTC)\n",
        "import datetime\ntoday = datetime.date.today()\n",
        "import time\nnow = time.time()\n",
    ],
)
def test_the_clock_is_banned(source: str) -> None:
    """Code that reads the wall clock does not pass the linter."""
    assert "TID251" in ruff_check(source, name="generator/pipeline.py")


@pytest.mark.parametrize("module", [name for name in MODULES if not name.startswith("generator/cli/")])
def test_only_the_command_line_reads_the_clock(module: str) -> None:
    """The ban of the clock is lifted in generator.cli and nowhere else."""
    assert "noqa: TID251" not in (CHECKOUT / module).read_text(encoding="utf-8")


LEVELS = 16
LINES = 300
PARAMETERS = 5
Function = ast.FunctionDef | ast.AsyncFunctionDef
MAKERS = {
    "generator/formats/assembly.py": "assemble",
}
"""Functions beside `__init__` that do nothing but put one value together; each part of it is a parameter."""


def functions(module: str) -> Iterator[Function]:
    """Yield every function of a module, wherever it stands."""
    tree = ast.parse((CHECKOUT / module).read_text(encoding="utf-8"))
    return (node for node in ast.walk(tree) if isinstance(node, Function))


def parameters(function: Function) -> list[str]:
    """Return the names of what a function is given, `self` and `cls` left out."""
    given = function.args
    named = [one.arg for one in (*given.posonlyargs, *given.args, *given.kwonlyargs)]
    return [name for name in named if name not in ("self", "cls")]


def is_command(function: Function) -> bool:
    """Return whether a function is a command of click: its parameters are the options that people type."""
    return any("command" in ast.unparse(decorator) for decorator in function.decorator_list)


def test_contracts_have_few_levels() -> None:
    """The order of the rooms fits in a head: both packages together have at most sixteen levels."""
    contracts = configparser.ConfigParser()
    contracts.read(CHECKOUT / ".importlinter")

    levels = [
        line
        for section in contracts.sections()
        for line in contracts[section].get("layers", "").splitlines()
        if line.strip()
    ]

    assert 0 < len(levels) <= LEVELS


def test_modules_are_short() -> None:
    """Half of the modules have at most ninety lines, and none has more than three hundred."""
    lines = {module: len((CHECKOUT / module).read_text(encoding="utf-8").splitlines()) for module in MODULES}

    assert {module: count for module, count in lines.items() if count > LINES} == {}
    assert median(lines.values()) <= 90


def test_functions_are_short() -> None:
    """Half of the functions have at most seven lines, nine in ten at most twenty."""
    lines = [(function.end_lineno or 0) - function.lineno + 1 for module in MODULES for function in functions(module)]

    assert median(lines) <= 7
    assert quantiles(lines, n=10)[-1] <= 20


@pytest.mark.parametrize("module", MODULES)
def test_functions_have_few_parameters(module: str) -> None:
    """A function is given at most five things; more belong together in a value, which has a name of its own."""
    exempt = ("__init__", MAKERS.get(module))

    assert [
        f"{function.name}: {', '.join(parameters(function))}"
        for function in functions(module)
        if len(parameters(function)) > PARAMETERS and function.name not in exempt and not is_command(function)
    ] == []


def test_the_makers_are_there() -> None:
    """What is let through has more parameters than others may have."""
    assert [
        (module, name)
        for module, name in MAKERS.items()
        if all(function.name != name or len(parameters(function)) <= PARAMETERS for function in functions(module))
    ] == []
