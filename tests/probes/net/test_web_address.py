"""What a web address names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from probes.net.web_address import WebAddress, names_somebody, web_address


@pytest.mark.parametrize(
    ("url", "scheme", "authority", "path"),
    [
        ("http://example.ch", "http", "example.ch", "/"),
        ("https://example.ch:443/a/b?c=d", "https", "example.ch", "/a/b?c=d"),
        ("http://example.ch:443/", "http", "example.ch:443", "/"),
        ("HTTPS://EXAMPLE.ch/A", "https", "example.ch", "/A"),
        ("https://[2001:db8::1]:8443/", "https", "[2001:db8::1]:8443", "/"),
        ("https://faß.ch/ä?ö=ü#end", "https", "xn--fa-hia.ch", "/%C3%A4?%C3%B6=%C3%BC"),
        ("https://example.ch/100%25/a b?q=100%", "https", "example.ch", "/100%25/a%20b?q=100%"),
        ("https://user:word@example.ch/", "https", "example.ch", "/"),
    ],
)
def test_addresses(url: str, scheme: str, authority: str, path: str) -> None:
    """An address is taken apart into what is connected and what is asked for (IDNA 2008, RFC 3986)."""
    found = web_address(url)

    assert (found.scheme, found.authority, found.path) == (scheme, authority, path)
    assert found.encrypted is (scheme == "https")


@pytest.mark.parametrize(
    "url",
    [
        "",
        "example.ch",
        "//example.ch",
        "ftp://example.ch",
        "http://",
        "http:///a",
        "http://a b/",
        "http://a:b/",
        "http://a:0/",
        "http://a:70000/",
        "http://[::1",
        "http://a%41/",
        "http://a\\b/",
        "http://.../",
        "http://­/",
    ],
)
def test_no_addresses(url: str) -> None:
    """What names no host is no web address."""
    with pytest.raises(ValueError, match=r"."):
        web_address(url)


@pytest.mark.parametrize(
    ("url", "named"),
    [
        ("https://user:word@example.ch/", True),
        ("https://user@example.ch/", True),
        ("https://:word@example.ch", True),
        ("user:word@example.ch/", True),
        ("https:/user:word@example.ch", True),
        ("https://user:wo/rd@example.ch/", True),
        ("https://example.ch/@user", False),
        ("https://example.ch:8443/@user", False),
        ("https://[::1]:8443/?q=a@b", False),
        ("https://[::1]/a@b", False),
        ("example.ch", False),
        ("", False),
    ],
)
def test_who_is_named(url: str, named: bool) -> None:
    """A name or a password is found in an address, and in what was meant as one; elsewhere an @ is but a letter."""
    assert names_somebody(url) is named


@pytest.mark.parametrize(
    ("location", "leads_to"),
    [
        ("/x", "https://example.ch:8443/x"),
        ("y?z", "https://example.ch:8443/a/y?z"),
        ("?z", "https://example.ch:8443/a/b?z"),
        ("//other.ch/x", "https://other.ch/x"),
        ("http://other.ch", "http://other.ch/"),
        ("", "https://example.ch:8443/a/b?c"),
    ],
)
def test_redirects(location: str, leads_to: str) -> None:
    """A redirect is read from where it was sent (RFC 3986, 5)."""
    found = web_address("https://example.ch:8443/a/b?c").leads_to(location)

    assert f"{found.scheme}://{found.authority}{found.path}" == leads_to


@pytest.mark.parametrize(
    ("one", "other", "trusts"),
    [
        ("https://a.ch/x", "https://a.ch/y", True),
        ("http://a.ch/", "https://a.ch/", True),
        ("https://a.ch/", "http://a.ch/", False),
        ("https://a.ch/", "https://a.ch:8443/", False),
        ("http://a.ch:8080/", "https://a.ch/", False),
        ("https://a.ch/", "https://www.a.ch/", False),
    ],
)
def test_trust(one: str, other: str, trusts: bool) -> None:
    """What is confided to an origin goes to no other, save to the same host once it is encrypted."""
    assert web_address(one).trusts(web_address(other)) is trusts


@given(st.text(max_size=30), st.sampled_from(["", "http://", "https://", "https://a.ch/", "//", "https://["]))
def test_any_location(text: str, before: str) -> None:
    """Wherever a server leads, it is a web address that can be asked for, or refused as none."""
    try:
        found = web_address("https://a.ch/").leads_to(before + text)
    except ValueError:
        return

    assert isinstance(found, WebAddress)
    assert found.host.isascii()
    assert found.path.isascii()
    assert found.path.isprintable()
    assert " " not in found.path
    assert web_address(f"{found.scheme}://{found.authority}{found.path}") == found
