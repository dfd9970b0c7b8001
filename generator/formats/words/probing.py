"""Probing: say when the probers last saw a service, and what it is that they measure."""

from __future__ import annotations

from collections.abc import Mapping

from generator.facts import ProbingFacts
from generator.i18n import N_, Speech, exact

MEASURED_BY: Mapping[str, str] = {
    "http": N_("Website"),
    "tcp": N_("Connection"),
    "tls": N_("Encrypted connection"),
    "dns": N_("Name resolution (DNS)"),
    "smtp": N_("Mail server (SMTP)"),
    "imap": N_("Mailbox access (IMAP)"),
    "pop3": N_("Mailbox access (POP3)"),
    "roundtrip": N_("Delivery of a test message"),
    "heartbeat": N_("Scheduled job"),
    "nagios": N_("Monitoring plugin"),
    "prometheus": N_("Prometheus query"),
    "alertmanager": N_("Alertmanager"),
}
"""What each kind of check measures the response time of."""


def silence(speech: Speech, probing: ProbingFacts | None) -> str:
    """Say that the probers have nothing new of a service, and since when; nothing where they have, or do not look."""
    if probing is None or not probing.silent:
        return ""
    if probing.last_probed is None:
        return speech.gettext("Our monitoring has no result yet.")
    return speech.gettext("No result from our monitoring {since}.", since=speech.since(exact(probing.last_probed)))


def measured_by(speech: Speech, kind: str) -> str:
    """Name what a check of a kind measures."""
    return speech.gettext(MEASURED_BY[kind])
