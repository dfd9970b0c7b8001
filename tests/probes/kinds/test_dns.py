"""The kind `dns`, against real name servers."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import pytest

from probes.kind import Ground
from probes.model import Outcome, Reason
from tests.probes.lab.names import name_servers
from tests.probes.lab.plans import check_of, look

ONE, TWO, DEAD = "127.0.0.1", "127.0.0.2", "127.0.0.9"


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, int]]:
    """Serve a zone that is the same everywhere, one with two serials, one with two answers."""
    with contextlib.ExitStack() as stack:
        yield {
            name: stack.enter_context(name_servers(tmp_path_factory.mktemp(name), zones))
            for name, zones in {
                "same": [(1, "192.0.2.1"), (1, "192.0.2.1")],
                "serials": [(1, "192.0.2.1"), (2, "192.0.2.1")],
                "answers": [(1, "192.0.2.1"), (1, "192.0.2.2")],
            }.items()
        }


MX = {"query_name": "mx.example.test"}
FOUND = [
    ("same", MX, Outcome.OPERATIONAL, None),
    ("same", {**MX, "authoritative": True, "serial": True}, Outcome.OPERATIONAL, None),
    ("same", {"query_name": "example.test", "query_type": "MX"}, Outcome.OPERATIONAL, None),
    ("same", {**MX, "fail_if_answer_not_matches_regexp": r"^192\.0\.2\."}, Outcome.OPERATIONAL, None),
    ("same", {**MX, "fail_if_answer_not_matches_regexp": r"^10\."}, Outcome.OUTAGE, Reason.CONTENT),
    ("same", {"query_name": "mx.example.test", "query_type": "AAAA"}, Outcome.OUTAGE, Reason.CONTENT),
    ("same", {"query_name": "no.example.test"}, Outcome.OUTAGE, Reason.STATUS),
    ("same", {"query_name": "no.example.test", "valid_rcodes": ["NXDOMAIN"]}, Outcome.OPERATIONAL, None),
    ("same", {"query_name": "example.org"}, Outcome.OUTAGE, Reason.STATUS),
    ("same", {**MX, "host": [ONE, DEAD]}, Outcome.DEGRADED, Reason.TIMEOUT),
    ("same", {**MX, "host": [DEAD]}, Outcome.OUTAGE, Reason.TIMEOUT),
    ("serials", MX, Outcome.OPERATIONAL, None),
    ("serials", {**MX, "serial": True}, Outcome.DEGRADED, Reason.ZONE_DIFFERS),
    ("answers", MX, Outcome.DEGRADED, Reason.ZONE_DIFFERS),
]


@pytest.mark.parametrize(("zone", "options", "outcome", "reason"), FOUND)
def test_zones(
    servers: dict[str, int],
    ground: Ground,
    zone: str,
    options: dict[str, object],
    outcome: Outcome,
    reason: Reason | None,
) -> None:
    """A zone is out if no server answers rightly, and degraded if some do not or if they differ."""
    check = check_of("dns", port=servers[zone], timeout="2s", **{"host": [ONE, TWO], **options})

    (found,) = look(check, ground)

    if found.reason is Reason.UNREACHABLE and reason is Reason.TIMEOUT:
        return  # the machine says at once that nobody listens there
    assert (found.outcome, found.reason) == (outcome, reason), found.note


def test_resolver_fails(ground: Ground) -> None:
    """A name server whose own name cannot be found says nothing of the zone."""
    check = check_of("dns", host=["ns.nowhere.invalid"], query_name="example.test", timeout="2s")

    (found,) = look(check, ground)

    assert found.outcome is Outcome.UNKNOWN
