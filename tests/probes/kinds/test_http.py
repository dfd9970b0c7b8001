"""The kind `http`, against a real nginx and servers that do one thing wrong."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from probes.kind import Ground
from probes.model import Outcome, Reason
from probes.options import Fault
from probes.spec import parse
from tests.probes.lab.certificates import Certificates
from tests.probes.lab.faulty import Serve, drip, hang, reset, says, serving
from tests.probes.lab.plans import check_of, look
from tests.probes.lab.processes import free_ports
from tests.probes.lab.web import Web, nginx


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory, certificates: Certificates) -> Iterator[Web]:
    """Serve pages."""
    with nginx(tmp_path_factory.mktemp("nginx"), certificates) as running:
        yield running


FOUND = [
    ("plain", "/", {}, Outcome.OPERATIONAL, None),
    ("plain", "/error", {}, Outcome.OUTAGE, Reason.STATUS),
    ("plain", "/error", {"status": "partial_outage"}, Outcome.PARTIAL, Reason.STATUS),
    ("plain", "/error", {"valid_status_codes": [500]}, Outcome.OPERATIONAL, None),
    ("plain", "/moved", {}, Outcome.OPERATIONAL, None),
    ("plain", "/moved", {"follow_redirects": False}, Outcome.OUTAGE, Reason.STATUS),
    ("plain", "/round", {}, Outcome.OUTAGE, Reason.STATUS),
    ("plain", "/", {"fail_if_not_ssl": True}, Outcome.OUTAGE, Reason.CONTENT),
    ("plain", "/", {"fail_if_body_matches_regexp": "all is"}, Outcome.OUTAGE, Reason.CONTENT),
    ("plain", "/", {"fail_if_body_not_matches_regexp": "all is"}, Outcome.OPERATIONAL, None),
    ("plain", "/", {"fail_if_body_not_matches_regexp": "sold out"}, Outcome.OUTAGE, Reason.CONTENT),
    ("plain", "/", {"fail_if_body_not_matches_regexp": "well", "body_size_limit": 5}, Outcome.OUTAGE, Reason.CONTENT),
    ("plain", "/", {"degraded_above": "1ms"}, Outcome.DEGRADED, Reason.SLOW),
    ("valid", "/", {}, Outcome.OPERATIONAL, None),
    ("expired", "/", {}, Outcome.OUTAGE, Reason.CERTIFICATE_EXPIRED),
    ("wrong_name", "/", {}, Outcome.OUTAGE, Reason.CERTIFICATE_NAME),
    ("wrong_name", "/", {"server_name": "other.test"}, Outcome.OPERATIONAL, None),
    ("untrusted", "/", {}, Outcome.OUTAGE, Reason.CERTIFICATE_UNTRUSTED),
]


@pytest.mark.parametrize(("server", "path", "options", "outcome", "reason"), FOUND)
def test_pages(
    web: Web,
    certificates: Certificates,
    ground: Ground,
    server: str,
    path: str,
    options: dict[str, object],
    outcome: Outcome,
    reason: Reason | None,
) -> None:
    """Each page is found as it is."""
    scheme = "http" if server == "plain" else "https"
    url = f"{scheme}://127.0.0.1:{getattr(web, server)}{path}"
    check = check_of("http", url=url, ca_file=certificates.ca_file, **options)

    (found,) = look(check, ground)

    assert (found.outcome, found.reason) == (outcome, reason), found.note


@pytest.mark.parametrize(
    ("serve", "reason"),
    [
        (hang, Reason.TIMEOUT),
        (drip, Reason.TIMEOUT),
        (reset, Reason.RESET),
        (says(b"SSH-2.0\r\n\r\n"), Reason.PROTOCOL),
    ],
)
def test_faulty(ground: Ground, serve: Serve, reason: Reason) -> None:
    """A server that does not speak properly is out, at the latest when the time of the check is up."""
    with serving(serve) as port:
        (found,) = look(check_of("http", url=f"http://127.0.0.1:{port}/", timeout="1s"), ground)

    assert (found.outcome, found.reason) == (Outcome.OUTAGE, reason), found.note


def test_nobody_listens(ground: Ground) -> None:
    """A refused connection is called one."""
    (found,) = look(check_of("http", url=f"http://127.0.0.1:{free_ports(1)[0]}/"), ground)

    assert found.reason is Reason.REFUSED


def test_expiring(web: Web, certificates: Certificates, ground: Ground) -> None:
    """A certificate that is about to expire is a word to the operators, and nothing else."""
    url = f"https://127.0.0.1:{web.expiring}/"

    (found,) = look(check_of("http", url=url, ca_file=certificates.ca_file), ground)

    assert found.outcome is Outcome.OPERATIONAL
    assert "expires in 10.0 days" in found.warnings[0] or "expires in 9.9 days" in found.warnings[0]


def test_secret(web: Web, ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    """A password reaches the server alone."""
    monkeypatch.setitem(os.environ, "PROBE_TOKEN", "s3cret-canary")
    url = f"http://127.0.0.1:{web.plain}/agent"
    check = check_of("http", url=url, bearer_token_env="PROBE_TOKEN", fail_if_body_not_matches_regexp="-canary")

    (found,) = look(check, ground)

    assert found.outcome is Outcome.OPERATIONAL
    assert "s3cret" not in repr((check, found))


def test_secret_is_missing(web: Web, ground: Ground) -> None:
    """A prober that lacks its password knows nothing of the service."""
    check = check_of("http", url=f"http://127.0.0.1:{web.plain}/", bearer_token_env="NO_SUCH_VARIABLE")

    (found,) = look(check, ground)

    assert (found.outcome, found.note) == (Outcome.UNKNOWN, "the environment has no NO_SUCH_VARIABLE")


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"url": "ftp://example.ch"}, "bad-url"),
        ({"url": "https://user:word@example.ch/"}, "plain-secret"),
        ({"url": "https://[::1"}, "bad-url"),
        ({"url": "https://example.ch/", "password": "x"}, "plain-secret"),
        ({"url": "https://example.ch/", "valid_status_codes": ["2xx"]}, "wrong-type"),
        ({"url": "https://example.ch/", "fail_if_body_matches_regexp": "("}, "wrong-type"),
        ({"url": "https://example.ch/", "methd": "GET"}, "unknown-key"),
        ({}, "missing-key"),
    ],
)
def test_options(options: dict[str, object], code: str) -> None:
    """What cannot be used is said where it stands."""
    checks = [{"name": "it", "kind": "http", "service": "gateway", **options}]

    _, faults = parse({"probers": ["zrh1"], "checks": checks}, {"gateway": ()})  # type: ignore[dict-item]

    assert [fault.code for fault in faults] == [code]
    assert isinstance(faults[0], Fault)
    assert faults[0].path[:2] == ("checks", 0)
