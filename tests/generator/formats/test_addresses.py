"""Every path has one form; links are relative to where they stand, but for those of 404.html."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import urljoin

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.formats.addresses import FEED_ENDINGS, Addresses, year_of
from generator.model import Incident, Kind, Moment, Precision, Update

HERE = Addresses("https://x.example/status")


def incident(path: str) -> Incident:
    """Return an incident of a file, first told in 2019."""
    at = datetime(2019, 12, 31, 23, 30, tzinfo=UTC)
    told = Moment(precision=Precision.MINUTE, first=at, last=at)
    update = Update(key="k", at=told, told=at, status=None, effective=told)
    id_ = path.rpartition("/")[2].removesuffix(".yaml")
    return Incident(id=id_, kind=Kind.NOTICE, path=path, started=told, updates=(update,))


@pytest.mark.parametrize(
    ("origin", "target", "link"),
    [
        ("", "", "./"),
        ("", "de/", "de/"),
        ("", "status.json", "status.json"),
        ("de/", "", "../"),
        ("de/", "de/", "./"),
        ("de/", "en/", "../en/"),
        ("de/", "de/feed.json", "feed.json"),
        ("de/", "de/incidents/2024/x/", "incidents/2024/x/"),
        ("de/incidents/2024/x/", "de/incidents/2024/y/", "../y/"),
        ("de/incidents/2024/x/", "de/incidents/2024/x/", "./"),
        ("de/incidents/2024/x/", "de/", "../../../"),
        ("de/incidents/2024/x/", "assets/style.css", "../../../../assets/style.css"),
        ("de/services/a/", "de/services/ab/", "../ab/"),
        ("de/", "de/incidents/2024/x/#u-1", "incidents/2024/x/#u-1"),
    ],
)
def test_relative(origin: str, target: str, link: str) -> None:
    """A link goes up as far as it must and down again."""
    assert Addresses.relative(origin, target) == link


segments = st.text(alphabet="abcde-0123456789", min_size=1, max_size=6)
folders = st.lists(segments, max_size=5).map(lambda parts: "".join(f"{part}/" for part in parts))
targets = st.builds(lambda folder, file: folder + file, folders, st.one_of(st.just(""), segments.map("{}.json".format)))


@given(folders, targets, st.sampled_from(["https://x.example/", "https://x.example/status/", "https://x.example/a/b/"]))
def test_a_relative_link_leads_to_its_target(origin: str, target: str, base: str) -> None:
    """Whatever the page and the target, a browser finds the target from the page, below any base."""
    link = Addresses.relative(origin, target)

    assert urljoin(base + origin, link) == base + target
    assert not link.startswith("/")
    assert link


@given(st.sampled_from(["", "/status", "/a/b"]), targets, folders)
def test_a_rooted_link_leads_to_its_target_from_anywhere(base: str, target: str, missing: str) -> None:
    """A rooted link holds at every depth, so it can stand in 404.html."""
    addresses = Addresses(f"https://x.example{base}")

    link = addresses.rooted(target)

    assert urljoin(f"https://x.example{base}/{missing}", link) == addresses.absolute(target)


@pytest.mark.parametrize(
    ("path", "file"),
    [("", "index.html"), ("de/", "de/index.html"), ("de/feed.rss", "de/feed.rss"), ("404.html", "404.html")],
)
def test_a_page_is_the_index_of_its_folder(path: str, file: str) -> None:
    """A path that ends with a slash is served from its index.html."""
    assert Addresses.file(path) == file


def test_absolute() -> None:
    """A full address keeps the path of the site's own address."""
    assert HERE.absolute("de/") == "https://x.example/status/de/"
    assert HERE.absolute("") == "https://x.example/status/"


def test_paths() -> None:
    """Everything lies where docs/reference/outputs.md says."""
    assert HERE.overview("de") == "de/"
    assert HERE.history("fr", 2024) == "fr/history/2024/"
    assert HERE.history("fr", 2024, "services/mail") == "fr/history/2024/services/mail/"
    assert HERE.service("en", "mail-archive") == "en/services/mail-archive/"
    assert HERE.subscribe("de") == "de/subscribe/"
    assert HERE.incident("de", incident("incidents/2024/x.yaml")) == "de/incidents/2024/x/"
    assert HERE.feed("de", "rss") == "de/feed.rss"
    assert HERE.feed("de", "atom", service="a") == "de/services/a/feed.atom"
    assert HERE.archive("de", 3) == "de/feed/3.atom"


def test_feeds() -> None:
    """Every format of a feed is named with its type and path."""
    assert list(HERE.feeds("de", "a")) == [
        (ending, mime, f"de/services/a/feed.{ending}") for ending, mime in FEED_ENDINGS.items()
    ]


@pytest.mark.parametrize(
    ("path", "year"),
    [
        ("incidents/2024/2023-12-31-x.yaml", "2024"),
        ("incidents/2024/mail/x.yaml", "2024"),
        ("incidents/archive/2023-12-31-x.yaml", "2023"),
        ("incidents/2022-01-01-x.yaml", "2022"),
        ("incidents/x.yaml", "2019"),
    ],
)
def test_the_year_of_an_address_never_changes(path: str, year: str) -> None:
    """An incident is filed under the year of its folder, else of its id, else of its first update."""
    assert year_of(incident(path)) == year
