"""heartbeat.json tells of each check until when it holds, so that a live builder with dead probes shows."""

from __future__ import annotations

import json
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker

from generator.formats import heartbeat
from generator.formats.edition import Edition
from generator.formats.output import fill
from tests.generator.formats.conftest import PROBED, observed

NOW = "2024-02-20 10:05"
SEEN = {
    "zrh": observed("zrh", "2024-02-20 10:04", {"mx": "2024-02-20 10:03:20", "page": None}),
    "gva": observed("gva", "2024-02-20 10:04", {"mx": "2024-02-20 09:50"}, blind=True),
}


def beat(press: Any, edition: Edition) -> Any:
    """Return the heartbeat as it is published; it keeps to its own schema."""
    files = press.files(heartbeat.outputs, edition)
    stamped = fill(files["heartbeat.json"], iso=b"2024-02-20T10:05:00Z", time=b"11:05", due=b"2024-02-20T10:35:00Z")
    schema = json.loads(files["schema/heartbeat-1.json"])
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema, format_checker=FormatChecker()).validate(json.loads(stamped))
    return json.loads(stamped)


def test_every_check_of_every_prober(press: Any) -> None:
    """A check is known by a prober while its last result holds: not before the first, nor once it is stale."""
    found = beat(press, press.edition(NOW, {}, site=PROBED, observations=SEEN))

    entries = [
        (check["check"], check["prober"], check["service"], check["kind"], check["state"]) for check in found["checks"]
    ]
    assert entries == [
        ("mx", "zrh", "gateway", "smtp", "known"),
        ("mx", "gva", "gateway", "smtp", "unknown"),
        ("page", "zrh", "archive", "http", "unknown"),
    ]
    assert [(check["last_result_at"], check["stale_after"]) for check in found["checks"]] == [
        ("2024-02-20T10:03:20Z", "2024-02-20T10:08:20Z"),
        ("2024-02-20T09:50:00Z", "2024-02-20T09:55:00Z"),
        (None, "2024-02-20T10:09:00Z"),
    ]
    assert found["next_transition_at"] == "2024-02-20T10:08:20Z"


def test_every_prober(press: Any) -> None:
    """Each prober tells when it was last seen, and whether it was offline; one of which nothing came says null."""
    both = beat(press, press.edition(NOW, {}, site=PROBED, observations=SEEN))
    none = beat(press, press.edition(NOW, {}, site=PROBED))

    assert both["probers"] == [
        {"prober": "zrh", "last_seen_at": "2024-02-20T10:04:00Z", "blind": False},
        {"prober": "gva", "last_seen_at": "2024-02-20T10:04:00Z", "blind": True},
    ]
    assert [(prober["last_seen_at"], prober["blind"]) for prober in none["probers"]] == [(None, False)] * 2
    assert none["checks"] == []


def test_what_was_found_is_not_told(press: Any) -> None:
    """A bad look is no incident yet: the heartbeat says that something is known, not what."""
    good = observed("zrh", "2024-02-20 10:04", {"mx": "2024-02-20 10:03:20"})
    bad = good.replace(b'"outcome":"operational"', b'"outcome":"major_outage"').replace(b'"open":false', b'"open":true')

    beats = [beat(press, press.edition(NOW, {}, site=PROBED, observations={"zrh": data})) for data in (good, bad)]

    assert good != bad
    assert beats[0] == beats[1]
