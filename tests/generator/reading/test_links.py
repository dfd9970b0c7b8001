"""Which addresses a site may be published at, and which ones visitors are sent to."""

from __future__ import annotations

import pytest

from generator.reading import links


@pytest.mark.parametrize(
    ("text", "site", "link"),
    [
        ("https://status.example.ch", True, True),
        ("http://localhost:8000/a/b-c_d.e~f/", True, True),
        ("https://[::1]:8443/", True, True),
        ("https://example.ch/%C3%A4", True, True),
        ("https://example.ch/?a=1#b", False, True),
        ("https://example.ch?", False, True),
        ("https://bücher.example/ä", False, True),
        ("https://example.ch/a;b", False, True),
        ("https://example.ch/*", False, True),
        ("https://example.ch/:page", False, True),
        ("https://example.ch//a", False, True),
        ("https://example.ch/../a", False, True),
        ("https://user:hunter2@example.ch", False, False),
        ("https://user@example.ch/", False, False),
        ('https://example.ch/"><script>', False, False),
        ("https://example.ch/'", False, False),
        ("https://a b.example.ch", False, False),
        ("https://example.ch/a b", False, False),
        ("https://example.ch/a\tb", False, False),
        ("https://example.ch/\nX", False, False),
        ("https://example.ch/\u200b", False, False),
        ("https://exa\u2028mple.ch/", False, False),
        ("https://-example.ch/", False, False),
        ("https://example.ch:0/", False, False),
        ("https://example.ch:65536/", False, False),
        ("https://example.ch:٨٠/", False, False),
        ("https:///a", False, False),
        ("https://[::1", False, False),
        ("ftp://example.ch/", False, False),
        ("javascript:alert(1)", False, False),
        ("mailto:support@example.ch", False, False),
        ("", False, False),
    ],
)
def test_web_addresses(text: str, *, site: bool, link: bool) -> None:
    """A site's address stands in the rules of hosts too, so it is plainer than what a visitor may be sent to."""
    judged = (links.is_site_address(text), links.is_link(text))

    assert judged == (site, link)


@pytest.mark.parametrize(
    ("text", "sound"),
    [
        ("support@example.ch", True),
        ("first.last+status@mail.example.ch", True),
        ("status@bücher.example", True),
        ("o'neil@example.ch", False),
        ("support@example", True),
        ("support", False),
        ("@example.ch", False),
        ("'\"><script>'@example.ch", False),
        ("support?subject=x@example.ch", False),
        ("a b@example.ch", False),
        ("sup\u200bport@example.ch", False),
        ("support@exa mple.ch", False),
        ("support@example.ch\n", False),
    ],
)
def test_mail_addresses(text: str, *, sound: bool) -> None:
    """A mailbox is written as everybody writes it: without quotes, and without what would end a link."""
    judged = (links.is_mail_address(text), links.is_link(f"mailto:{text}", mail=True))

    assert judged == (sound, sound)
