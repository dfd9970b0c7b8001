"""Web addresses: take a URL apart into a scheme, a host, a port and a path."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote, urljoin, urlsplit

from probes.net.host_names import host_name
from probes.options import Options

__all__ = ["WebAddress", "names_somebody", "read_web_address", "web_address"]

_PORTS = {"http": 80, "https": 443}
_AS_THEY_ARE = "/%:@!$&'()*+,;=?~-._"
"""What needs no escape in a path or a query (RFC 3986, 3.3 and 3.4); escapes stay."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WebAddress:
    """An address without what is not sent: a name, a password, a fragment."""

    scheme: str
    """`http` or `https`."""
    host: str
    """In ASCII; an address of IPv6 without brackets."""
    port: int
    path: str
    """Path and query, as they stand in a request."""

    @property
    def encrypted(self) -> bool:
        """Return whether TLS is spoken there."""
        return self.scheme == "https"

    @property
    def authority(self) -> str:
        """Return the host with its port, as a request names it (RFC 9110, 7.2)."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"

    def trusts(self, other: WebAddress) -> bool:
        """Return whether what is confided to this origin may be told to another: itself, or itself encrypted."""
        if other.host != self.host:
            return False
        mine, theirs = (self.scheme, self.port), (other.scheme, other.port)
        return mine == theirs or (mine, theirs) == (("http", 80), ("https", 443))

    def leads_to(self, location: str) -> WebAddress:
        """Return where a redirect leads.

        Raises:
            ValueError: Not to a web address.
        """
        return web_address(urljoin(f"{self.scheme}://{self.authority}{self.path}", location))


_NOWHERE = WebAddress(scheme="http", host="", port=80, path="/")


def names_somebody(url: str) -> bool:
    """Return whether a name or a password stands in what is written as an address, or may do so in what is none."""
    authority = url.partition("://")[2].partition("/")[0]
    port = authority.rpartition("]")[2].partition(":")[2]
    return "@" in authority or ("@" in url and not (authority and (port.isdigit() or not port)))


def web_address(url: str) -> WebAddress:
    """Return what an address names.

    Raises:
        ValueError: It is none.
    """
    parts = urlsplit(url)
    if parts.scheme not in _PORTS:
        raise ValueError("neither http nor https")
    if parts.port == 0:
        raise ValueError("nobody listens on port 0")
    query = f"?{quote(parts.query, safe=_AS_THEY_ARE)}" if parts.query else ""
    return WebAddress(
        scheme=parts.scheme,
        host=host_name(parts.hostname or ""),
        port=parts.port or _PORTS[parts.scheme],
        path=quote(parts.path or "/", safe=_AS_THEY_ARE.replace("?", "")) + query,
    )


def read_web_address(options: Options, example: str) -> WebAddress:
    """Read `url`; what may hold a secret is not repeated in a fault."""
    url = options.text("url", required=True)
    if names_somebody(url):
        options.fault(
            "url", "plain-secret", "a name or password does not belong in url", "use username and password_env"
        )
    elif url:
        try:
            return web_address(url)
        except ValueError:
            shown = url.partition("?")[0]  # behind it may stand a token
            options.fault("url", "bad-url", f'"{shown}" is not a web address', f'e.g. "{example}"')
    return _NOWHERE
