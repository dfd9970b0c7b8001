"""Login: reads the name and password of a check, and says what a refusal means."""

from __future__ import annotations

import re
from dataclasses import dataclass

from probes.kind import ProbeError
from probes.model import Outcome, Reason
from probes.options import Options
from probes.secret import SecretError, SecretSource

__all__ = ["Login", "read_login"]

_OWN_FAULT = re.compile(r"4\d\d\b|.*\[(?:UNAVAILABLE|SERVERBUG|SYS/TEMP|SYS/PERM)\]", re.IGNORECASE | re.DOTALL)
"""How a server says that it cannot judge a password (RFC 4954 in SMTP, RFC 5530 in IMAP, RFC 3206 in POP3)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """A name, where its password comes from, and whose fault a refusal is."""

    username: str
    password: SecretSource
    auth_is_outage: bool = False
    """Whether a refused login is a fault of the service; else it is more likely a password that has been changed."""

    def secret(self) -> str:
        """Return the password itself.

        Raises:
            ProbeError: The prober cannot have it; that says nothing of the service.
        """
        try:
            text = self.password.read().reveal()
        except SecretError as error:
            raise ProbeError(Reason.LOGIN_REFUSED, str(error), outcome=Outcome.UNKNOWN) from None
        if any(ord(character) < 32 or ord(character) == 127 for character in text):  # it could end a command
            note = f"the password of {self.username} holds a control character"
            raise ProbeError(Reason.LOGIN_REFUSED, note, outcome=Outcome.UNKNOWN)
        return text

    def refused(self, answer: str = "") -> ProbeError:
        """Return the finding that the server does not accept name and password; its answer is not repeated."""
        if _OWN_FAULT.match(answer):
            return ProbeError(Reason.LOGIN_REFUSED, f"the server cannot check the login of {self.username}")
        note = f"the login of {self.username} was refused"
        return ProbeError(Reason.LOGIN_REFUSED, note, outcome=None if self.auth_is_outage else Outcome.UNKNOWN)


def read_login(options: Options, *, required: bool = False) -> Login | None:
    """Read name and password, None where none are written."""
    username, password = options.text("username", required=required), options.secret("password")
    auth_is_outage = options.flag("auth_is_outage", default=False)
    if username and password is None:
        hint = "e.g. password_env: PROBE_PASSWORD; for a look without a login remove username"
        options.fault("username", "missing-key", "a username needs password_env or password_file", hint)
    if password and not username and not required:
        options.fault("", "missing-key", 'a password needs "username"', "e.g. username: probe@example.ch")
    if not username or password is None:
        return None
    return Login(username=username, password=password, auth_is_outage=auth_is_outage)
