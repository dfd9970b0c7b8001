"""What stands at a path of the preview."""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus
from pathlib import Path

import pytest

from generator.preview.answers import OWN, Reply, look_up
from generator.preview.draft import Draft
from generator.preview.panel import SCRIPT, STYLE, furnish
from generator.problems import Problem

HTML = "text/html; charset=utf-8"


@pytest.mark.parametrize("path", ["/", "/en/", "/en/index.html", "/%65n/"])
def test_a_page_is_furnished(path: str, draft: Draft, site: Path) -> None:
    """A page gets what the preview adds; the file on disk does not."""
    page = (site / "en/index.html").read_bytes()

    answer = look_up(path, draft)

    assert answer == Reply(kind=HTML, body=furnish(page, draft))
    assert (site / "en/index.html").read_bytes() == page


def test_other_files_are_served_as_they_are(draft: Draft) -> None:
    """What is not a page is served byte for byte."""
    assert look_up("/status.json", draft) == Reply(kind="application/json", body=b"{}")


@pytest.mark.parametrize(
    "path", ["/nothing", "/en/nothing/", "/status.json/", "/en//", "//status.json", "/%00", "*", ""]
)
def test_a_missing_page_is_the_sites_own(path: str, draft: Draft) -> None:
    """An address where nothing is gets 404.html, and the status that goes with it."""
    lost = Reply(status=HTTPStatus.NOT_FOUND, kind=HTML, body=furnish(b"<p>Lost.", draft))

    assert look_up(path, draft) == lost


def test_a_site_need_not_have_a_404(draft: Draft, site: Path) -> None:
    """Without 404.html there is a page all the same, which reloads once there is more."""
    (site / "404.html").unlink()

    answer = look_up("/nothing", draft)

    assert (answer.status, answer.body) == (HTTPStatus.NOT_FOUND, furnish(b"There is no such page.", draft))


def test_a_folder_is_asked_for_with_a_slash(draft: Draft) -> None:
    """A folder without its slash is redirected, for the page's links are relative."""
    answer = look_up("/en", draft)

    assert (answer.status, answer.location) == (HTTPStatus.MOVED_PERMANENTLY, "/en/")


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.txt",
        "/en/../../secret.txt",
        "/%2e%2e/secret.txt",
        "/..%2fsecret.txt",
        "/..",
        "/../",
        "/linked.txt",
        "/folder/secret.txt",
        "/folder",
        "/folder/",
        "/de/",
    ],
)
def test_no_path_leads_out(path: str, draft: Draft, site: Path) -> None:
    """Neither climbing leads out of the site nor a symbolic link, be it a file, a folder or an index."""
    (site / "linked.txt").symlink_to(site.parent / "secret.txt")
    (site / "folder").symlink_to(site.parent)
    (site / "de").mkdir()
    (site / "de/index.html").symlink_to(site.parent / "secret.txt")

    answer = look_up(path, draft)

    assert answer.status == HTTPStatus.NOT_FOUND
    assert b"secret" not in answer.body


def test_the_site_may_be_linked(draft: Draft, site: Path) -> None:
    """The folder of temporary files may be a symbolic link itself."""
    (site.parent / "link").symlink_to(site)

    assert look_up("/status.json", replace(draft, site=site.parent / "link")).body == b"{}"


@pytest.mark.parametrize("path", ["/", "/en/", "/no/such/page", "/status.json"])
def test_without_a_site_every_path_tells_the_problems(path: str, typo: Problem) -> None:
    """Where there is nothing to show, every address is a page with the problems, and reloads once there is."""
    answer = look_up(path, Draft(problems=(typo,), site=None))

    assert (answer.status, answer.kind) == (HTTPStatus.OK, HTML)
    assert b"unknown-service" in answer.body
    assert SCRIPT.encode() in answer.body


@pytest.mark.parametrize(("path", "kind", "part"), [(SCRIPT, "javascript", b"EventSource"), (STYLE, "css", b"sticky")])
def test_what_the_preview_adds_is_a_file(path: str, kind: str, part: bytes) -> None:
    """The script and the style are files of the preview, for pages have no inline ones."""
    assert OWN[path].kind == f"text/{kind}; charset=utf-8"
    assert part in OWN[path].body
