"""`lagebild build --precompress`: siblings come and go with the option, and cost nothing where nothing changed."""

from __future__ import annotations

import gzip
import shutil
from pathlib import Path

import pytest

from tests.conftest import SHIPPED_AT, Lagebild

pytest.importorskip("brotli", reason="brotli is not installed: make test")
pytest.importorskip("zstandard", reason="zstandard is not installed: make test")

LATER = "2024-02-20T09:10:00+01:00"


@pytest.fixture
def tree(checkout: Path, tmp_path: Path) -> Path:
    """Return a tree that was never built."""
    shutil.copy(checkout / "status.yaml", tmp_path)
    shutil.copytree(checkout / "incidents", tmp_path / "incidents")
    return tmp_path


def test_siblings_follow_the_option(tree: Path, lagebild: Lagebild) -> None:
    """Whether the last build had the option decides, not whether the content has changed."""
    page = tree / "site" / "de" / "subscribe" / "index.html"
    sibling = page.with_name("index.html.gz")
    lagebild("-C", tree, "build", "--now", SHIPPED_AT)
    before = sibling.exists()

    lagebild("-C", tree, "build", "--precompress", "--now", SHIPPED_AT)
    with_it = gzip.decompress(sibling.read_bytes()) == page.read_bytes()
    lagebild("-C", tree, "build", "--now", SHIPPED_AT)

    assert (before, with_it, sibling.exists()) == (False, True, False)


def test_a_build_without_news_takes_the_short_way(tree: Path, lagebild: Lagebild) -> None:
    """With the option, too, a build without news only renews the time of building."""
    lagebild("-C", tree, "build", "--precompress", "--now", SHIPPED_AT)
    page = tree / "site" / "de" / "subscribe" / "index.html.br"
    before = page.stat().st_mtime_ns

    built = lagebild("-C", tree, "build", "--precompress", "--now", LATER)

    assert built.stderr.endswith("nothing has changed\n")
    assert page.stat().st_mtime_ns == before
    assert not (tree / "site" / "de" / "index.html.gz").exists()
