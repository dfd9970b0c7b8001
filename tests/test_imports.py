"""The import budget: what a command does not need, it does not load."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

HEAVY = {
    "babel",
    "cryptography",
    "dns",
    "feedgen",
    "fontTools",
    "font_source_sans_pro",
    "httpx",
    "icalendar",
    "jinja2",
    "lxml",
    "markdown_it",
    "prometheus_client",
    "resvg_py",
    "yaml",
}
FOR_RENDERING = HEAVY - {"babel", "cryptography", "dns", "yaml"}

LOADED = """
import sys
from generator.cli import main
try:
    main(sys.argv[1:])
except SystemExit as end:
    assert not end.code, end.code
print()
print(*sorted({name.partition(".")[0] for name in sys.modules} | {name for name in sys.modules if "generator" in name}))
"""


def loaded_by(checkout: Path, *arguments: str) -> set[str]:
    """Run a command of the checkout in a new interpreter and return the names of the packages it loaded."""
    ended = subprocess.run(
        [sys.executable, "-c", LOADED, *arguments], cwd=checkout, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stderr
    return set(ended.stdout.splitlines()[-1].split())


def test_help_loads_nothing_heavy(checkout: Path) -> None:
    """`lagebild --help` costs little more than starting Python and click."""
    loaded = loaded_by(checkout, "--help")

    assert "click" in loaded
    assert loaded & HEAVY == set()


def test_rebuild_with_nothing_to_do_loads_nothing_that_renders(checkout: Path, tmp_path: Path) -> None:
    """A build of what was built before loads neither the template engine nor Markdown nor feeds."""
    shutil.copy(checkout / "status.yaml", tmp_path)
    shutil.copytree(checkout / "incidents", tmp_path / "incidents")
    build = ("-C", str(tmp_path), "build", "--now", "2024-02-20T09:00:00+01:00")

    first = loaded_by(checkout, *build)
    second = loaded_by(checkout, *build)

    assert first >= {"feedgen", "jinja2", "resvg_py"}
    assert second & FOR_RENDERING == set()


def test_check_loads_only_what_the_tree_needs(checkout: Path, tmp_path: Path) -> None:
    """Where nobody probes and nothing is branded, `check` loads neither plans nor events nor logos, nor the facts."""
    shutil.copy(checkout / "status.yaml", tmp_path)
    shutil.copytree(checkout / "incidents", tmp_path / "incidents")

    loaded = loaded_by(checkout, "-C", str(tmp_path), "check")

    assert "generator.content.incidents" in loaded
    unwanted = {"brand.brand_section", "content.filed_events", "content.probes_section", "facts"}
    assert loaded.isdisjoint(f"generator.{name}" for name in unwanted)
