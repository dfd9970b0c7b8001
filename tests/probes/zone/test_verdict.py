"""What the answers of a zone's name servers say of it, taken together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from probes.model import Outcome, Reason
from probes.pattern import pattern
from probes.zone.answers import Answer
from probes.zone.records import Rules
from probes.zone.servers import Server
from probes.zone.verdict import Expected, difference, judged, result
from tests.probes.lab.plans import check_of
from tests.probes.lab.prober import NOON

RECORD = "a.test.\t60\tIN\tA\t192.0.2.1"


def answer(name: str = "ns1.test", **changes: object) -> Answer:
    """Return one as it should be, but for the changes."""
    sound = Answer(
        server=Server(name=name, ip="192.0.2.53"),
        took_seconds=0.1,
        rcode="NOERROR",
        authoritative=True,
        records=(RECORD,),
        contents=frozenset({("a.test.", "A", "192.0.2.1")}),
        serial=1,
    )
    return replace(sound, **changes)  # type: ignore[arg-type]


SOUND, NEWER = answer(), answer("ns2.test", serial=2)
OTHER = answer("ns3.test", contents=frozenset({("a.test.", "A", "192.0.2.2")}))
SILENT, LAME = (
    answer(f"ns{place}.test", trouble=reason) for place, reason in ((4, Reason.TIMEOUT), (5, Reason.STATUS))
)

AWAY = Answer(server=Server(name="ns6.test", ip="2001:db8::53"), away=True)


@pytest.mark.parametrize(
    ("answers", "outcome", "reason"),
    [
        ([], Outcome.UNKNOWN, None),
        ([SOUND, SOUND], Outcome.OPERATIONAL, None),
        ([AWAY, AWAY], Outcome.UNKNOWN, None),
        ([SOUND, AWAY], Outcome.OPERATIONAL, None),
        ([SILENT, AWAY], Outcome.PARTIAL, Reason.TIMEOUT),
        ([SILENT, LAME], Outcome.PARTIAL, Reason.TIMEOUT),
        ([SOUND, LAME, SILENT], Outcome.DEGRADED, Reason.STATUS),
        ([SOUND, NEWER], Outcome.DEGRADED, Reason.ZONE_DIFFERS),
        ([SOUND, OTHER, SILENT], Outcome.DEGRADED, Reason.ZONE_DIFFERS),
        ([SOUND, answer(took_seconds=3.0)], Outcome.DEGRADED, Reason.SLOW),
        ([SOUND, answer(took_seconds=3.0, trouble=Reason.STATUS)], Outcome.DEGRADED, Reason.STATUS),
    ],
)
def test_verdict(answers: Sequence[Answer], outcome: Outcome, reason: Reason | None) -> None:
    """As bad as the check says if no server answers rightly, degraded if some do or if they differ."""
    check = check_of("dns", query_name="a.test", status="partial_outage", degraded_above="2s")

    found = result(check, answers, difference(answers), (), NOON)

    assert (found.outcome, found.reason) == (outcome, reason)


def test_note() -> None:
    """Operators are told how servers differ and which fail."""
    answers = [SOUND, NEWER, replace(SILENT, note="no answer")]

    found = result(check_of("dns", query_name="a.test"), answers, difference(answers), (), NOON)

    assert found.note == "serials 1, 2; ns4.test (192.0.2.53): no answer"


def test_no_way_is_said() -> None:
    """Operators are told which servers cannot be reached from here."""
    found = result(check_of("dns", query_name="a.test"), [SOUND, AWAY], "", ["before"], NOON)

    assert found.warnings == ("before", "no route to ns6.test (2001:db8::53) from here")


@given(st.lists(st.sampled_from([SOUND, NEWER, OTHER, SILENT, LAME, AWAY]), max_size=6))
def test_order_does_not_matter(answers: list[Answer]) -> None:
    """Which server answers first changes nothing about how bad it is; with a reason if and only if it is bad."""
    check = check_of("dns", query_name="a.test")

    found, turned = (result(check, some, difference(some), (), NOON) for some in (answers, answers[::-1]))

    assert found.outcome is turned.outcome
    assert (found.reason is not None) is found.outcome.bad


@pytest.mark.parametrize(
    ("changes", "expected", "trouble"),
    [
        ({"away": True, "rcode": ""}, Expected(), None),
        ({}, Expected(), None),
        ({"trouble": Reason.TIMEOUT}, Expected(), Reason.TIMEOUT),
        ({"rcode": "SERVFAIL"}, Expected(), Reason.STATUS),
        ({"rcode": "NXDOMAIN", "records": ()}, Expected(valid_rcodes=("NXDOMAIN",)), None),
        ({"rcode": "NOERROR", "records": ()}, Expected(), Reason.CONTENT),
        ({"authoritative": False}, Expected(), None),
        ({"authoritative": False}, Expected(authoritative=True), Reason.PROTOCOL),
        ({}, Expected(rules=Rules(fail_if_matches=(pattern("192"),))), Reason.CONTENT),
    ],
)
def test_answers(changes: dict[str, object], expected: Expected, trouble: Reason | None) -> None:
    """Each answer is held against what is expected."""
    assert judged(answer(**changes), expected).trouble is trouble


A, B = pattern("A"), pattern("B")


@pytest.mark.parametrize(
    ("rules", "records", "broken"),
    [
        (Rules(), ["A"], False),
        (Rules(), [], False),
        (Rules(fail_if_matches=(A, B)), ["C", "B"], True),
        (Rules(fail_if_matches=(A, B)), ["C"], False),
        (Rules(fail_if_matches=(A,)), [], False),
        (Rules(fail_if_all_match=(A,)), ["A", "A"], True),
        (Rules(fail_if_all_match=(A,)), ["A", "C"], False),
        (Rules(fail_if_all_match=(A, B)), ["AB", "A"], False),
        (Rules(fail_if_all_match=(A,)), [], False),
        (Rules(fail_if_not_matches=(A,)), ["A", "A"], False),
        (Rules(fail_if_not_matches=(A,)), ["A", "C"], True),
        (Rules(fail_if_not_matches=(A, B)), ["A"], True),
        (Rules(fail_if_not_matches=(A,)), [], True),
        (Rules(fail_if_none_matches=(A, B)), ["C", "B"], False),
        (Rules(fail_if_none_matches=(A, B)), ["C"], True),
        (Rules(fail_if_none_matches=(A,)), [], True),
    ],
)
def test_rules(rules: Rules, records: list[str], broken: bool) -> None:
    """The four rules mean what their names in blackbox_exporter say; where nothing is, nothing matches."""
    assert rules.broken(records) is broken
