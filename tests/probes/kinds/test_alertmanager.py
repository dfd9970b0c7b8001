"""The kind `alertmanager`: what active alerts mean, and what it means that there are none."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from probes.alerts import read_alerts
from probes.events import EventKind
from probes.hysteresis import State, advance
from probes.kind import Ground
from probes.kinds.alertmanager import judged
from probes.model import Check, Fault, Outcome, Reason, Result
from probes.spec import parse
from tests.probes.lab.faulty import Serve, drip, hang, reset, serving
from tests.probes.lab.monitoring import answering
from tests.probes.lab.plans import look
from tests.probes.lab.processes import free_ports

OPERATIONAL, UNKNOWN = Outcome.OPERATIONAL, Outcome.UNKNOWN
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
SERVICES: Mapping[str, Sequence[str]] = {"gateway": (), "archive": ()}
