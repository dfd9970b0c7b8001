"""The replay plays what the record says, sees what it says it sees, and counts strictly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import yaml

from bench.replay.scripts import Disturbance, Fault, disturbances
from bench.replay.stage import Opening
from bench.replay.table import replay_table, summary
from bench.replay.town import PLAYED
from bench.replay.trial import Judged, Played, needs, run, unseen
from probes.model import Outcome, Reason

ROOT = Path(__file__).resolve().parents[2]
RECORD = disturbances()
SUBSET = {
    "2023-03-01-microsoft-365-valid-addresses-refused": "refuses",
    "2023-07-05-outbound-scanner-sending-problems": "defers",
    "2023-11-23-inbound-mail-delayed": "holds",
    "2024-02-13-incomplete-logs-and-delays": "incomplete",
    "2024-02-19-mail-archive-down": "closed",
}
"""Incidents that are played here, and in which manner of their first fault."""
START = datetime(2023, 1, 25, 3, 0, tzinfo=UTC)
FAULT = Fault(hop="outbound-scanner", start=START, end=START + timedelta(hours=4), manner="holds")
OPENING = Opening(
    service="outbound-scanner",
    check="outbound-mail",
    status=Outcome.DEGRADED,
    reason=Reason.DELAYED,
    after=timedelta(minutes=10),
    shown_after=timedelta(minutes=11),
    closed=True,
)


@pytest.fixture(scope="module")
def judged() -> dict[str, Judged]:
    """Play the subset, each in one manner, and return what became of it."""

    def wanted(one: Disturbance, faults: Sequence[Fault]) -> bool:
        return bool(faults) and faults[0].manner == SUBSET.get(one.incident) and max(f.minutes for f in faults) <= 2

    with TemporaryDirectory(prefix="lagebild-replay-") as folder:
        return {one.disturbance.incident: one for one in run(Path(folder), wanted)}


def disturbance(*, counts: bool = True) -> Disturbance:
    """Return one of the Outbound Scanner."""
    return Disturbance(incident="2023-01-25-it", counts=counts, services=("outbound-scanner",), plays=((FAULT,),))


def played(*openings: Opening) -> Played:
    """Return a play with what was opened in it."""
    return Played(faults=(FAULT,), services=("outbound-scanner",), openings=openings)


@pytest.mark.parametrize(
    ("incident", "service", "check", "reason", "minutes"),
    [
        (
            "2023-03-01-microsoft-365-valid-addresses-refused",
            "microsoft-365",
            "microsoft-recipient",
            "recipient-refused",
            2,
        ),
        (
            "2023-07-05-outbound-scanner-sending-problems",
            "outbound-scanner",
            "outbound-recipient",
            "recipient-deferred",
            2,
        ),
        ("2023-11-23-inbound-mail-delayed", "domain-gateway", "inbound-mail", "delayed", 16),
        ("2024-02-19-mail-archive-down", "mail-archive", "archive-page", "refused", 2),
    ],
)
def test_disturbance_opens_by_itself(
    judged: dict[str, Judged], incident: str, service: str, check: str, reason: str, minutes: float
) -> None:
    """What the record tells is opened within minutes by real looks, on the right service alone, and closed again."""
    one = judged[incident]

    (outcome,) = one.plays
    assert one.seen
    assert outcome.first is not None
    assert (outcome.first.service, outcome.first.check, outcome.first.reason) == (service, check, reason)
    assert timedelta(0) < outcome.first.after <= timedelta(minutes=minutes)
    assert outcome.first.after <= outcome.first.shown_after <= timedelta(minutes=16)
    assert all(opening.closed for opening in outcome.openings)


def test_what_cannot_be_seen_is_not_opened(judged: dict[str, Judged]) -> None:
    """A delay of two minutes and logs with gaps open nothing, on no service."""
    one = judged["2024-02-13-incomplete-logs-and-delays"]

    assert [outcome.openings for outcome in one.plays] == [()]
    assert not one.seen


def test_every_line_of_the_record_has_a_script() -> None:
    """There is a script for each incident file of the record, in order; seventeen are disturbances."""
    ids = sorted(path.stem for path in (ROOT / "incidents").glob("20*/*.yaml"))

    assert [one.incident for one in RECORD] == ids
    assert sum(one.counts for one in RECORD) == 17
    assert [one.incident for one in RECORD if not one.counts] == ["2021-03-10-hafnium", "2023-04-12-hexadmin-update"]


@pytest.mark.parametrize("one", [one for one in RECORD if one.counts], ids=lambda one: one.incident)
def test_script_names_the_services_of_the_record(one: Disturbance) -> None:
    """The services to be opened are those whose status the incident file changes."""
    said = yaml.safe_load((ROOT / "incidents" / one.incident[:4] / f"{one.incident}.yaml").read_text(encoding="utf-8"))

    assert set(one.services) == set(said["services"])
    assert all(fault.start < fault.end for faults in one.plays for fault in faults)


def test_every_manner_is_a_play_of_its_own() -> None:
    """What the record leaves open is played in each way: three manners, two shares, two lengths of delay."""
    number = {one.incident: len(one.plays) for one in RECORD}

    assert number["2023-01-25-outbound-scanner-sending-problems"] == 3
    assert number["2024-01-08-sign-encrypt-partly-not-sent"] == 2
    assert number["2024-02-13-incomplete-logs-and-delays"] == 2
    assert number["2023-11-23-inbound-mail-delayed"] == 1


def test_every_hop_breaks_or_is_said_to_be_out_of_sight() -> None:
    """A hop that breaks in the record breaks in the replay, unless checks.yaml says why nobody would see it."""
    hops = {fault.hop for one in RECORD for faults in one.plays for fault in faults}

    assert hops - PLAYED <= unseen().keys()
    assert not PLAYED & unseen().keys()


def test_every_check_says_what_it_needs() -> None:
    """No check is without a line on what must be there for it."""
    checks = yaml.safe_load((ROOT / "bench" / "replay" / "checks.yaml").read_text(encoding="utf-8"))["probes"]["checks"]

    assert [check["name"] for check in checks] == list(needs())


def test_disturbance_counts_if_it_is_seen_in_every_manner() -> None:
    """One manner in which nothing is opened is enough for a disturbance not to count as seen."""
    both = Judged(disturbance=disturbance(), plays=(played(OPENING), played(OPENING)))
    one = Judged(disturbance=disturbance(), plays=(played(OPENING), played()))

    assert both.seen
    assert not one.seen
    assert not Judged(disturbance=disturbance(), plays=()).seen


def test_wrong_service_spoils_what_is_seen() -> None:
    """An opening on a service that works is told, and the disturbance does not count as seen."""
    wrong = Judged(disturbance=disturbance(), plays=(played(OPENING, replace(OPENING, service="quarantine")),))

    assert not wrong.seen
    assert "0 of 1" in summary([wrong])
    assert "1 openings on a wrong service" in summary([wrong])
    assert "WRONG: outbound-mail" in replay_table([wrong])


def test_summary_leaves_out_what_was_planned() -> None:
    """Maintenance and advisories are played and shown, but not counted."""
    seen = Judged(disturbance=disturbance(), plays=(played(OPENING),))
    planned = Judged(disturbance=disturbance(counts=False), plays=(played(OPENING),))

    assert "1 of 1" in summary([seen, planned])
    assert replay_table([seen, planned]).count("2023-01-25-it") == 2
