"""The kinds `tcp` and `tls`, against a real nginx and servers that do one thing wrong."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from probes.kind import Ground
from probes.model import Outcome, Reason
from tests.probes.lab.certificates import Certificates
from tests.probes.lab.faulty import Serve, dialogue, drip, hang, reset, says, serving
from tests.probes.lab.plans import check_of, look
from tests.probes.lab.processes import free_ports
from tests.probes.lab.web import Web, nginx


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory, certificates: Certificates) -> Iterator[Web]:
    """Serve certificates."""
    with nginx(tmp_path_factory.mktemp("nginx"), certificates) as running:
        yield running


@pytest.mark.parametrize(
    ("server", "outcome", "reason", "note"),
    [
        ("valid", Outcome.OPERATIONAL, None, ""),
        ("expiring", Outcome.OPERATIONAL, None, ""),
        ("expired", Outcome.OUTAGE, Reason.CERTIFICATE_EXPIRED, "expired 1.0 days ago"),
        ("wrong_name", Outcome.OUTAGE, Reason.CERTIFICATE_NAME, "is for other.test"),
        ("untrusted", Outcome.OUTAGE, Reason.CERTIFICATE_UNTRUSTED, "mail.test"),
        ("plain", Outcome.OUTAGE, Reason.TLS_FAILED, ""),
    ],
)
def test_certificates(
    web: Web,
    certificates: Certificates,
    ground: Ground,
    server: str,
    outcome: Outcome,
    reason: Reason | None,
    note: str,
) -> None:
    """Each certificate is found as it is, and the operators are told what it says of itself."""
    check = check_of("tls", host="127.0.0.1", port=getattr(web, server), ca_file=certificates.ca_file)

    (found,) = look(check, ground)

    assert (found.outcome, found.reason) == (outcome, reason)
    assert note in found.note
    assert bool(found.warnings) is (server == "expiring")


STARTTLS = [
    ("smtp", dialogue((b"", b"220 mx\r\n"), (b"EHLO", b"250-mx\r\n250 PIPELINING\r\n")), Reason.STARTTLS_MISSING),
    (
        "smtp",
        dialogue((b"", b"220 mx\r\n"), (b"EHLO", b"250-mx\r\n250-STARTTLS\r\n250 X\r\n"), (b"STARTTLS", b"454 no\r\n")),
        Reason.STARTTLS_MISSING,
    ),
    (
        "smtp",
        dialogue((b"", b"220 mx\r\n"), (b"EHLO", b"250 STARTTLS\r\n"), (b"STARTTLS", b"220 go\r\n250 injected\r\n")),
        Reason.STARTTLS_INJECTED,
    ),
    ("smtp", says(b"554 go away\r\n"), Reason.PROTOCOL),
    ("imap", dialogue((b"", b"* OK\r\n"), (b"STARTTLS", b"a1 NO\r\n")), Reason.STARTTLS_MISSING),
    ("imap", dialogue((b"", b"* OK\r\n"), (b"STARTTLS", b"a1 OK\r\n* OK injected\r\n")), Reason.STARTTLS_INJECTED),
    ("pop3", dialogue((b"", b"+OK\r\n"), (b"STLS", b"-ERR\r\n")), Reason.STARTTLS_MISSING),
    ("pop3", says(b"220 not pop3\r\n"), Reason.PROTOCOL),
    ("smtp", says(b"2" * 100_000), Reason.PROTOCOL),
    ("smtp", reset, Reason.RESET),
    ("smtp", drip, Reason.TIMEOUT),
    ("imap", hang, Reason.TIMEOUT),
]


@pytest.mark.parametrize(("protocol", "serve", "reason"), STARTTLS)
def test_starttls(ground: Ground, protocol: str, serve: Serve, reason: Reason) -> None:
    """What comes before TLS is judged by the rules of each protocol, and nothing of it is believed afterwards."""
    with serving(serve) as port:
        check = check_of("tls", host="127.0.0.1", port=port, tls="starttls", protocol=protocol, timeout="1s")
        (found,) = look(check, ground)

    assert (found.outcome, found.reason) == (Outcome.OUTAGE, reason), found.note


@pytest.mark.parametrize(
    ("serve", "steps", "outcome", "reason"),
    [
        (says(b"SSH-2.0-x\r\n"), [{"expect": "^SSH-2"}], Outcome.OPERATIONAL, None),
        (says(b"hello\r\nSSH-2.0-x\r\n"), [{"expect": "^SSH-2"}], Outcome.OPERATIONAL, None),
        (says(b"SSH-1\r\n"), [{"expect": "^SSH-2"}], Outcome.OUTAGE, Reason.TIMEOUT),
        (reset, [{"expect": "^SSH-2"}], Outcome.OUTAGE, Reason.RESET),
        (hang, [], Outcome.OPERATIONAL, None),
    ],
)
def test_conversation(
    ground: Ground, serve: Serve, steps: list[dict[str, str]], outcome: Outcome, reason: Reason | None
) -> None:
    """A port is well if it answers, and says what is expected of it if anything is."""
    with serving(serve) as port:
        check = check_of("tcp", host="127.0.0.1", port=port, query_response=steps, timeout="1s")
        (found,) = look(check, ground)

    assert (found.outcome, found.reason) == (outcome, reason)


def test_refused(ground: Ground) -> None:
    """A port that nobody listens on is refused."""
    (found,) = look(check_of("tcp", host="127.0.0.1", port=free_ports(1)[0]), ground)

    assert found.reason is Reason.REFUSED


def test_unknown_name(ground: Ground) -> None:
    """A name without an address is called that."""
    (found,) = look(check_of("tcp", host="nowhere.invalid", port=25), ground)

    assert found.reason is Reason.NAME_NOT_FOUND
