"""Kinds of check: lists them in one table, KINDS."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from probes.kind import Kind
from probes.kinds import (
    alertmanager,
    dns,
    heartbeat,
    http,
    imap,
    nagios,
    pop3,
    prometheus,
    roundtrip,
    smtp,
    tcp,
    tls,
)

KINDS: Mapping[str, Kind[Any]] = {
    "http": http.KIND,
    "tcp": tcp.KIND,
    "tls": tls.KIND,
    "dns": dns.KIND,
    "smtp": smtp.KIND,
    "imap": imap.KIND,
    "pop3": pop3.KIND,
    "roundtrip": roundtrip.KIND,
    "heartbeat": heartbeat.KIND,
    "nagios": nagios.KIND,
    "prometheus": prometheus.KIND,
    "alertmanager": alertmanager.KIND,
}
"""Each kind by the name that `kind:` gives; a check's options are those that its own kind has read."""
