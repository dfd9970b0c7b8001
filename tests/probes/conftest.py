"""What the tests of the probers share: certificates, a clock, and the context of a probe."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from probes.kind import ProbeContext, Token
from tests.probes.lab.certificates import Certificates, issue
from tests.probes.lab.mail import PASSWORD, Mail, mail_lab


def now() -> datetime:
    """Return this instant."""
    return datetime.now(UTC)  # noqa: TID251 - the tests' servers live in real time


class TokensInMemory:
    """The messages under way, for tests that need no store."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], Token] = {}
        self.sent: dict[str, datetime] = {}

    def pending(self, check: str) -> Sequence[Token]:
        """Return those of a check, oldest first."""
        mine = [token for token in self.kept.values() if token.check == check]
        return sorted(mine, key=lambda token: token.sent_at)

    def last_sent(self, check: str) -> datetime | None:
        """Return when a check last sent one."""
        return self.sent.get(check)

    def put(self, token: Token) -> None:
        """Remember one."""
        self.kept[token.check, token.token] = token
        self.sent[token.check] = max(token.sent_at, self.sent.get(token.check, token.sent_at))

    def drop(self, token: Token) -> None:
        """Forget one."""
        self.kept.pop((token.check, token.token), None)


class NotesInMemory:
    """What checks remember, for tests that need no store."""

    def __init__(self) -> None:
        self.kept: dict[str, str] = {}

    def noted(self, name: str) -> str:
        """Return a note, empty if there is none."""
        return self.kept.get(name, "")

    def note(self, name: str, value: str) -> None:
        """Keep a note in place of the former one."""
        self.kept[name] = value


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    """Return certificates that are valid, expired, of another name, and so on."""
    return issue(tmp_path_factory.mktemp("certificates"))


@pytest.fixture
def context(tmp_path: Path) -> ProbeContext:
    """Return what a probe may use."""
    return ProbeContext(now=now, prober="zrh1", state=tmp_path, tokens=TokensInMemory(), notes=NotesInMemory())


@pytest.fixture(scope="session")
def mail(certificates: Certificates) -> Iterator[Mail]:
    """Return a real mail service."""
    # Not in pytest's folder: another run of it shuts that to all others, and Dovecot runs as `nobody`.
    with (
        tempfile.TemporaryDirectory(prefix="lagebild-mail-", ignore_cleanup_errors=True) as folder,
        mail_lab(Path(folder), certificates) as running,
    ):
        yield running


@pytest.fixture
def password(monkeypatch: pytest.MonkeyPatch) -> str:
    """Put the mailbox's password into the environment, and return the variable's name."""
    monkeypatch.setitem(os.environ, "PROBE_PASSWORD", PASSWORD)
    return "PROBE_PASSWORD"
