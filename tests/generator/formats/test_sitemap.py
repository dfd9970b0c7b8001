"""The sitemap: every page for people, with the same page in the other languages."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree

from generator.formats import sitemap

NOW = "2024-02-20 09:00"
PAST = "services: {gateway: partial_outage}\nupdates:\n  - {at: 2024-02-01 08:00, status: resolved}\n"
BASE = "https://example.ch/status/"
SITEMAP, XHTML = "{http://www.sitemaps.org/schemas/sitemap/0.9}", "{http://www.w3.org/1999/xhtml}"


def alternates(files: dict[str, bytes]) -> dict[str, dict[str, str]]:
    """Return the addresses of the sitemap, each with its alternates by language, without the site's own."""
    root = ElementTree.fromstring(files["sitemap.xml"])  # noqa: S314 - our own file
    return {
        url.findtext(f"{SITEMAP}loc", "").removeprefix(BASE): {
            link.get("hreflang", ""): link.get("href", "").removeprefix(BASE) for link in url.findall(f"{XHTML}link")
        }
        for url in root.findall(f"{SITEMAP}url")
    }


def test_every_page_is_listed_in_every_language(press: Any) -> None:
    """The root, overviews, incidents, years, services and the page to subscribe are listed; feeds are not."""
    listed = alternates(press.files(sitemap.outputs, press.edition(NOW, {"past": PAST})))

    pages = (
        "",
        "subscribe/",
        "history/2024/",
        "incidents/2024/past/",
        *(f"services/{id_}/" for id_ in ("gateway", "archive", "upstream")),
    )
    assert set(listed) == {"", *(f"{lang}/{page}" for lang in ("de", "fr", "en") for page in pages)}


def test_alternates_are_mutual(press: Any) -> None:
    """Each page names itself and its other languages, and those name it; all agree on the default."""
    listed = alternates(press.files(sitemap.outputs, press.edition(NOW, {"past": PAST})))

    assert all(page in others.values() for page, others in listed.items())
    assert all(listed[other] == others for others in listed.values() for other in others.values())
    assert listed["fr/incidents/2024/past/"]["x-default"] == "de/incidents/2024/past/"
    assert listed["en/"]["x-default"] == ""


def test_an_incident_says_when_it_was_last_told(press: Any) -> None:
    """Robots come back for an incident when there is a new word."""
    edition = press.edition(NOW, {"past": PAST})

    written = press.files(sitemap.outputs, edition)["sitemap.xml"].decode()

    assert written.count("<lastmod>2024-02-01T07:00:00Z</lastmod>") == written.count("<lastmod>") == 3


def test_no_sitemap_is_larger_than_allowed(press: Any) -> None:
    """Beyond 50,000 addresses the oldest incidents are left out, not the overview."""
    edition = press.edition(NOW, {"past": PAST})
    leaf = sitemap.Leaf(paths=(("de", "de/x/"),), fallback="de/x/")

    written = sitemap.written(edition, (*sitemap.leaves(edition), *(leaf for _ in range(sitemap.MOST))))

    assert written.count(b"<url>") == sitemap.MOST
    assert written.find(b"<loc>https://example.ch/status/de/</loc>") < 300


def test_robots_are_led_to_the_sitemap(press: Any) -> None:
    """robots.txt lets everybody in and names the sitemap in full."""
    files = press.files(sitemap.outputs, press.edition(NOW, {}))

    assert files["robots.txt"] == b"User-agent: *\nAllow: /\nSitemap: https://example.ch/status/sitemap.xml\n"
