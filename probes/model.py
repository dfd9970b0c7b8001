"""What a prober looks at, and what it found: the data that everything else in this package passes on.

Everything is frozen. All `datetime` values are aware and in UTC; lengths of time are seconds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

__all__ = [
    "Announce",
    "Canary",
    "Check",
    "Outcome",
    "Plan",
    "Policy",
    "Publish",
    "Reason",
    "Repository",
    "Result",
    "worse",
]

Words = Mapping[str, str]
"""A text by language code, as staff wrote it for an alert."""


class Outcome(StrEnum):
    """How a service was found; the values are the vocabulary of the pages.

    The order of the members is the order of severity. `UNKNOWN` says nothing of the service and moves nothing.
    """

    UNKNOWN = "unknown"
    OPERATIONAL = "operational"
    DEGRADED = "degraded_performance"
    PARTIAL = "partial_outage"
    OUTAGE = "major_outage"

    @property
    def severity(self) -> int:
        """Return its place in the order, 0 for unknown."""
        return _SEVERITIES[self]

    @property
    def bad(self) -> bool:
        """Return whether customers are affected."""
        return self.severity > Outcome.OPERATIONAL.severity


_SEVERITIES = {outcome: place for place, outcome in enumerate(Outcome)}


def worse(one: Outcome, other: Outcome) -> Outcome:
    """Return the worse of two outcomes."""
    return max(one, other, key=lambda outcome: outcome.severity)


class Reason(StrEnum):
    """Why a result is not good: a closed list, each with a sentence in the generator's catalogs.

    This is all that the public ever hears of a failure; what a server answered stays with the prober.
    """

    NAME_NOT_FOUND = "name-not-found"
    """The name of the host has no address."""
    REFUSED = "refused"
    """Nobody listens: the connection was refused."""
    RESET = "reset"
    """The connection was broken off."""
    TIMEOUT = "timeout"
    """No complete answer within the check's timeout."""
    UNREACHABLE = "unreachable"
    """There is no route to the host."""
    IPV4_FAILED = "ipv4-failed"
    """It answers over IPv6 alone."""
    IPV6_FAILED = "ipv6-failed"
    """It answers over IPv4 alone."""
    TLS_FAILED = "tls-failed"
    """The handshake failed for another reason than the three below."""
    CERTIFICATE_EXPIRED = "certificate-expired"
    CERTIFICATE_NAME = "certificate-name"
    """The certificate is another name's."""
    CERTIFICATE_UNTRUSTED = "certificate-untrusted"
    STARTTLS_MISSING = "starttls-missing"
    """The server no longer offers to encrypt."""
    STARTTLS_INJECTED = "starttls-injected"
    """Plain text arrived where encryption was about to begin."""
    PROTOCOL = "protocol"
    """The answer was not of the protocol."""
    STATUS = "status"
    """The answer has another status code than is expected."""
    CONTENT = "content"
    """The answer has not the content that is expected."""
    SLOW = "slow"
    """It answers, but later than `degraded_above`."""
    LOGIN_REFUSED = "login-refused"
    RECIPIENT_REFUSED = "recipient-refused"
    """An address that exists was refused for good."""
    RECIPIENT_DEFERRED = "recipient-deferred"
    """An address that exists was refused for the time being."""
    RECIPIENT_ACCEPTED = "recipient-accepted"
    """An address that does not exist was accepted."""
    SUBMISSION_REFUSED = "submission-refused"
    """The probe's own message was not accepted."""
    DELAYED = "delayed"
    """The probe's own message arrived late, or is late."""
    MISSING = "missing"
    """The probe's own message has not arrived within `outage_above`."""
    MISFILED = "misfiled"
    """The probe's own message was filed as spam."""
    ALTERED = "altered"
    """The probe's own message arrived otherwise than it should: without its signature, say."""
    ZONE_DIFFERS = "zone-differs"
    """The name servers of a zone do not agree."""
    OVERDUE = "overdue"
    """A job has not reported in time."""
    PLUGIN = "plugin"
    """A monitoring plugin says so."""
    THRESHOLD = "threshold"
    """A measured value is beyond its threshold."""
    ALERT = "alert"
    """An alert of the monitoring is active."""
    INTERMITTENT = "intermittent"
    """It fails again and again, and answers between."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What one look at a service found."""

    at: datetime
    """When it was known."""
    outcome: Outcome
    reason: Reason | None = None
    """Set with every bad outcome, and with none other."""
    took_seconds: float | None = None
    """The response time, where there was a response."""
    since: datetime | None = None
    """Since when it has been so, if that is known better than `at`: a job's deadline, the beginning of an alert."""
    service: str = ""
    """Which service it is about; empty: the first of the check's `services`."""
    certain: bool = False
    """Whether this result alone is proof enough to open (a message later than `outage_above`)."""
    figures: Mapping[str, float] = field(default_factory=dict)
    """Measured values that may be told: `delay_seconds`, `value`, `threshold`, `days_left` …"""
    title: Words = field(default_factory=dict)
    """What staff wrote for this case, by language; plain text."""
    text: Words = field(default_factory=dict)
    note: str = ""
    """For the operators: what the server said, shortened. Never leaves the prober."""
    warnings: tuple[str, ...] = ()
    """For the operators: what will go wrong, such as a certificate that expires soon. Never opens anything."""


class Announce(StrEnum):
    """When what a check finds is shown."""

    AT_ONCE = "at-once"
    """As soon as it is certain; the default for outages."""
    AFTER_10M = "after-10m"
    """Once it has lasted ten minutes; the default for degraded performance."""
    PROPOSE = "propose"
    """Not before staff confirm it: the entry is a draft."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """How many results it takes to open and to close (DESIGN: hysteresis)."""

    window: int = 5
    """The number of latest results that decide whether an incident opens."""
    bad: int = 4
    """How many of them must be bad; the latest must be among them, and with 4 of 5 also the two before it."""
    bad_for_seconds: float = 60
    """The time that the bad results must span at least."""
    often_window: int = 20
    """The number of latest results that decide for a service that keeps failing, but never often enough in a row."""
    often_bad: int = 8
    """How many of those must be bad."""
    often_for_seconds: float = 300
    """The time that those must span at least; the incident opens as degraded performance."""
    good: int = 3
    """The number of good results in a row that close an incident."""
    good_for_seconds: float = 120
    """The time that the good results must span at least."""
    flapping_opens: int = 3
    """How many openings count as flapping."""
    flapping_within_seconds: float = 3600
    """The period in which those openings must fall."""
    flapping_good_for_seconds: float = 900
    """The time that the good results must span instead while a service is flapping."""
    reopen_within_seconds: float = 1800
    """The longest time from the end of an episode to its reopening; a later fault is a new one."""
    forget_after_seconds: float = 6 * 3600
    """The longest gap between two results that count together."""
    still_every_seconds: float = 3 * 3600
    """The interval at which an open episode is confirmed."""


class Publish(StrEnum):
    """Where event files go."""

    TREE = "tree"
    """Into incidents/auto/ of the tree itself; no git needed."""
    GIT = "git"
    """To a branch of a repository, through a private clone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Repository:
    """Where `publish: git` pushes to."""

    remote: str
    """An address or a path that git knows."""
    branch: str = "main"
    folder: str = ""
    """Where the tree stands within the repository; empty: at its top."""
    name: str = "lagebild"
    """The author of the commits."""
    email: str = "lagebild@localhost"


@dataclass(frozen=True, slots=True, kw_only=True)
class Canary:
    """An address of somebody else's that answers as long as the prober itself is online."""

    host: str
    port: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing that is looked at again and again."""

    name: str
    """Unique within the site, `[0-9a-z-]+`."""
    kind: str
    """A key of `probes.kinds.KINDS`."""
    services: tuple[str, ...]
    """The service it tells of; several only where one source tells of many (alertmanager)."""
    interval_seconds: float
    retry_interval_seconds: float
    """The interval while the last result was bad."""
    timeout_seconds: float
    """For the whole check, whatever it does within."""
    status: Outcome = Outcome.OUTAGE
    """What a failure means for the service: degraded, partial or outage."""
    announce: Announce | None = None
    """None: by what was found, see `Announce`."""
    depends_on: tuple[str, ...] = ()
    """Services that must work for this check to mean anything: those of its service in status.yaml."""
    degraded_above_seconds: float | None = None
    """What answers later than this is degraded."""
    policy: Policy = field(default_factory=Policy)
    options: object = None
    """What only its kind knows."""

    @property
    def service(self) -> str:
        """Return the service it tells of, the first where there are several."""
        return self.services[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The `probes:` of status.yaml: who looks at what, and where the findings go."""

    probers: tuple[str, ...]
    """The names of all probers: quorum counts these."""
    publish: Publish = Publish.TREE
    repository: Repository | None = None
    """Set with `publish: git`."""
    canaries: tuple[Canary, ...] = ()
    checks: tuple[Check, ...] = ()
