"""What the probers' events amount to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator import facts
from generator.content.status_yaml import DEFAULT_WEIGHTS
from generator.facts import IncidentFacts, who_is_affected
from generator.facts.automatic import merge
from generator.facts.automatic.disagreements import proposals
from generator.facts.automatic.evidence import evidence
from generator.facts.automatic.runs import blindness, in_order
from generator.facts.edges import exactly
from generator.model import (
    Cause,
    Group,
    Incident,
    Kind,
    Language,
    MailFate,
    Retraction,
    Service,
    ServiceStatus,
    Site,
    Update,
    UpdateStatus,
    Window,
)
from probes.events import Event, EventKind, episode_id
from probes.model import Announce, Outcome, Reason

OUTAGE, PARTIAL, DEGRADED = (
    ServiceStatus.MAJOR_OUTAGE,
    ServiceStatus.PARTIAL_OUTAGE,
    ServiceStatus.DEGRADED_PERFORMANCE,
)
START = datetime(2026, 11, 24, 3, tzinfo=UTC)
SITE = Site(
    name={"en": "Example"},
    url="https://status.example.ch",
    feed_authority="example.ch,2026",
    time_zone="Europe/Zurich",
    languages=(Language(code="en", locale="en_GB"),),
    groups=(Group(id="all", name={"en": "All"}),),
    services=tuple(
        Service(id=id_, name={"en": id_}, group="all", own=id_ != "upstream")
        for id_ in ("gateway", "archive", "webmail", "upstream")
    ),
    uptime_weights=DEFAULT_WEIGHTS,
)


def at(minutes: float) -> datetime:
    """Return an instant so many minutes after the start."""
    return START + timedelta(minutes=minutes)


def event(
    kind: EventKind,
    minutes: float,
    *,
    prober: str = "zrh1",
    service: str = "gateway",
    check: str = "mx",
    began: float = 0,
    since: float | None = None,
    status: Outcome = Outcome.OUTAGE,
    reason: Reason | None = Reason.TIMEOUT,
    announce: Announce = Announce.AT_ONCE,
    probers: int = 1,
    behind: str = "",
) -> Event:
    """Return an event of the episode that began `began` minutes after the start, concluded after `minutes`."""
    closing = kind is EventKind.CLOSE
    return Event(
        event=kind,
        id=episode_id(prober, service, check, at(began)),
        prober=prober,
        at=at(minutes),
        since=at(since if since is not None else minutes - 2 if closing else began),
        service=service,
        check=check,
        kind="smtp",
        status=Outcome.OPERATIONAL if closing else status,
        reason=None if closing else reason,
        announce=announce,
        probers=probers,
        behind=behind,
    )


def of_prober(kind: EventKind, minutes: float, prober: str) -> Event:
    """Return the word that a prober is offline, or back."""
    return Event(
        event=kind, id=episode_id(prober, "", "blind", at(0)), prober=prober, at=at(minutes), since=at(minutes)
    )


def stand(events: Sequence[Event], minutes: float, *staff: Incident) -> dict[str, IncidentFacts]:
    """Return every incident there is so many minutes after the start, by id."""
    standing = facts.derive(SITE, staff, at(minutes), events=events)
    return {found.incident.id: found for found in standing.incidents}


def statuses(events: Sequence[Event], minutes: float, *staff: Incident) -> dict[str, ServiceStatus]:
    """Return what is not operational so many minutes after the start, with its status."""
    standing = facts.derive(SITE, staff, at(minutes), events=events)
    services = ((found.service.id, found.status) for found in standing.services)
    return {id_: status for id_, status in services if status is not ServiceStatus.OPERATIONAL}


OPEN = event(EventKind.OPEN, 2)
CLOSE = event(EventKind.CLOSE, 32, since=30)


def test_opens_and_closes() -> None:
    """An episode of the only prober is an incident, from the first bad to the first good result."""
    (during,) = stand([OPEN], 10).values()
    (after,) = stand([OPEN, CLOSE], 60).values()

    assert (during.incident.id, during.open, during.incident.automatic) == (OPEN.id, True, True)
    assert (during.started.first, during.statuses) == (at(0), {"gateway": OUTAGE})
    assert (after.status, after.statuses) == (UpdateStatus.RESOLVED, {})
    assert [(span.start, span.end) for span in after.spans] == [(at(0), at(30))]
    assert [update.told for update in after.updates] == [at(2), at(32)]


def test_not_before_it_is_concluded() -> None:
    """Nothing is shown before it was concluded."""
    assert stand([OPEN], 1) == {}


def test_escalates() -> None:
    """What becomes worse is said by an update, from then on."""
    events = [event(EventKind.OPEN, 2, status=Outcome.DEGRADED), event(EventKind.ESCALATE, 20, since=18)]

    (found,) = stand(events, 30).values()

    assert [(span.status, span.start) for span in found.spans] == [(DEGRADED, at(0)), (OUTAGE, at(18))]


def test_waits_for_ten_minutes() -> None:
    """What is announced after ten minutes counts from the first bad result, and is not shown if it was over before."""
    slow = event(EventKind.OPEN, 2, status=Outcome.DEGRADED, announce=Announce.AFTER_10M)

    assert statuses([slow], 9) == {}
    assert statuses([slow], 10) == {"gateway": DEGRADED}
    assert stand([slow, event(EventKind.CLOSE, 9)], 60) == {}


def test_outage_does_not_wait() -> None:
    """A degradation that becomes an outage is shown at once."""
    slow = event(EventKind.OPEN, 2, status=Outcome.DEGRADED, announce=Announce.AFTER_10M)

    assert statuses([slow, event(EventKind.ESCALATE, 5, since=4)], 5) == {"gateway": OUTAGE}


def test_proposal_is_not_shown() -> None:
    """What is only proposed is never shown by itself."""
    proposed = replace(OPEN, announce=Announce.PROPOSE)

    assert stand([proposed], 600) == {}
    assert [run.first.id for run in proposals(evidence(SITE, (), [proposed]))] == [OPEN.id]


TWO = [event(EventKind.OPEN, 2, probers=2), event(EventKind.OPEN, 4, prober="gva1", began=1, probers=2)]


def test_majority() -> None:
    """With two probers both must see it; what they agree on is shown in full."""
    assert statuses(TWO[:1], 4) == {}
    assert statuses(TWO, 4) == {"gateway": OUTAGE}


def test_lone_voice() -> None:
    """One voice alone is degraded performance after five minutes, and says who sees it."""
    (found,) = stand(TWO[:1], 7).values()

    assert statuses(TWO[:1], 6.9) == {}
    assert found.statuses == {"gateway": DEGRADED}
    assert [(sighting.prober, sighting.lone) for sighting in found.updates[-1].sightings] == [("zrh1", True)]


def test_lone_voice_is_confirmed() -> None:
    """A lone voice that another prober confirms becomes what both see, in the same incident."""
    late = event(EventKind.OPEN, 20, prober="gva1", began=18, probers=2)

    (found,) = stand([TWO[0], late], 20).values()

    assert found.incident.id == TWO[0].id
    assert found.statuses == {"gateway": OUTAGE}
    assert not any(sighting.lone for sighting in found.updates[-1].sightings)


def test_end_by_one_prober() -> None:
    """When one of two says it is over, it is over unless the other one insists for five minutes."""
    over = event(EventKind.CLOSE, 32, since=30, probers=2)
    other = event(EventKind.CLOSE, 35, prober="gva1", began=1, since=31, probers=2)

    assert statuses([*TWO, over], 36.9) == {"gateway": OUTAGE}
    assert statuses([*TWO, over], 37) == {"gateway": DEGRADED}
    (found,) = stand([*TWO, over, other], 60).values()
    assert [span.status for span in found.spans] == [OUTAGE]
    assert found.spans[-1].end == at(31)


def test_blind_prober_does_not_count() -> None:
    """A prober that is offline itself need not agree."""
    assert statuses([of_prober(EventKind.BLIND, 1, "gva1"), TWO[0]], 2) == {"gateway": OUTAGE}


def test_blind_prober_closes_nothing() -> None:
    """When everybody who saw it is offline, nothing changes until they are back."""
    blind = of_prober(EventKind.BLIND, 10, "zrh1")

    assert statuses([OPEN, blind], 300) == {"gateway": OUTAGE}
    assert statuses([OPEN, blind, of_prober(EventKind.SEEING, 40, "zrh1"), event(EventKind.CLOSE, 45)], 46) == {}


YEAR = 365 * 24 * 60


def test_blind_under_a_stale_clock() -> None:
    """A prober that went offline while its clock was years behind keeps what it has said since."""
    pair = [of_prober(EventKind.BLIND, -3 * YEAR, "zrh1"), of_prober(EventKind.SEEING, 1000, "zrh1")]

    assert stand([OPEN, CLOSE, *pair], 2000)[OPEN.id].spans == stand([OPEN, CLOSE], 2000)[OPEN.id].spans


def test_blind_under_a_clock_that_is_ahead() -> None:
    """A prober that went offline while its clock was a day ahead is not offline for ever once that is put right."""
    pair = [of_prober(EventKind.BLIND, 1440, "zrh1"), of_prober(EventKind.SEEING, 1, "zrh1")]
    late = event(EventKind.OPEN, 1502, began=1500)

    assert statuses([OPEN, *pair], 1441) == {"gateway": OUTAGE}
    assert statuses([*pair, late], 1502) == {"gateway": OUTAGE}


def test_blind_for_ever() -> None:
    """A prober whose word that it is back was lost is heard again as soon as it says something."""
    blind = of_prober(EventKind.BLIND, -60, "zrh1")

    assert statuses([blind, OPEN], 2) == {"gateway": OUTAGE}


def test_offline_for_days() -> None:
    """A prober that is offline for more than a day counts again among those who must agree."""
    blind, alone = of_prober(EventKind.BLIND, -1441, "gva1"), TWO[0]

    assert statuses([blind, alone], 2) == {}
    assert statuses([replace(blind, at=at(-1437)), alone], 2) == {"gateway": OUTAGE}


@given(st.lists(st.tuples(st.sampled_from(list(EventKind)), st.integers(0, 3000), st.integers(0, 2)), max_size=20))
def test_blindness_is_bounded(words: list[tuple[EventKind, int, int]]) -> None:
    """Nobody is offline for more than a day, nor where they say something themselves."""
    said = [
        of_prober(kind, minutes, "zrh1")
        if kind in (EventKind.BLIND, EventKind.SEEING)
        else event(kind, minutes, since=0, began=began)
        for kind, minutes, began in words
    ]

    periods = blindness(in_order(said)).get("zrh1", [])

    assert all(timedelta() < period.end - period.start <= timedelta(days=1) for period in periods if period.end)
    assert all(period.end for period in periods)
    assert not any(period.start < one.at < period.end for period in periods for one in said if period.end)


@given(st.data())
def test_blindness_that_is_told_too_late(data: st.DataObject) -> None:
    """What the only prober has said stays what it is, whatever it says afterwards of a time before its first word."""
    said = [one for one in data.draw(stories()) if one.prober == "zrh1" and one.service]
    since = data.draw(st.integers(-YEAR, -1))
    pair = [of_prober(EventKind.BLIND, since, "zrh1"), of_prober(EventKind.SEEING, 5000, "zrh1")]

    assert merge(SITE, (), [*said, *pair]).incidents == merge(SITE, (), said).incidents


@pytest.mark.parametrize(("began", "incidents"), [(9, 1), (11, 2)])
def test_grouping(began: float, incidents: int) -> None:
    """Services that fail within ten minutes are one incident."""
    second = event(EventKind.OPEN, began + 2, service="archive", began=began)

    assert len(stand([OPEN, second], 20)) == incidents


def test_group_ends_as_a_whole() -> None:
    """An incident is over when its last service is well again."""
    events = [OPEN, event(EventKind.OPEN, 3, service="archive", began=1), CLOSE]

    (found,) = stand(events, 40).values()

    assert found.open
    assert found.statuses == {"archive": OUTAGE}


def test_dependency() -> None:
    """What fails behind a service it depends on is part of that one's incident, however late it is seen."""
    parent = event(EventKind.OPEN, 2, service="upstream")
    child = event(EventKind.OPEN, 42, began=40, behind="upstream")

    (alone,) = stand([parent], 10).values()
    (both,) = stand([parent, child], 45).values()

    assert alone.incident.cause is Cause.UPSTREAM
    assert set(both.statuses) == {"gateway", "upstream"}


def test_reopened() -> None:
    """What comes back soon is the same incident, open again, and the pause between counts as well."""
    again = event(EventKind.REOPEN, 42, since=40)

    (found,) = stand([OPEN, CLOSE, again], 50).values()

    assert found.open
    assert [(span.start, span.end) for span in found.spans] == [(at(0), at(30)), (at(40), None)]


def test_delay_says_what_becomes_of_mail() -> None:
    """What is measured as delayed is late: no prober promises that it arrives. Afterwards nothing is claimed."""
    late = event(EventKind.OPEN, 2, status=Outcome.DEGRADED, reason=Reason.DELAYED)

    (during,) = stand([late], 10).values()
    (after,) = stand([late, CLOSE], 60).values()

    assert (during.mail, after.mail) == (MailFate.LATE, None)


def test_unconfirmed() -> None:
    """What nobody has confirmed for six hours stays open, and says when it was last confirmed."""
    still = event(EventKind.STILL, 180)

    (before,) = stand([OPEN, still], 180 + 359).values()
    (after,) = stand([OPEN, still], 180 + 360).values()

    assert (before.last_reported, after.last_reported, after.open) == (None, at(180), True)


def test_title_is_of_the_services_it_was_reported_for() -> None:
    """A title of an alert comes with the services of that alert, not with those that failed at the same time."""
    alert = replace(OPEN, title={"en": "Queue grows"})
    other = event(EventKind.OPEN, 3, service="archive", began=1)

    (found,) = stand([alert, other], 10).values()

    assert (found.incident.titled, found.services) == (frozenset({"gateway"}), ("gateway", "archive"))


def test_former_majority_stays() -> None:
    """An incident of a time with one prober stays what it was when there are more."""
    later = event(EventKind.OPEN, 1000, service="archive", began=998, probers=3)

    assert stand([OPEN, CLOSE], 40)[OPEN.id].spans == stand([OPEN, CLOSE, later], 1200)[OPEN.id].spans


def word(minutes: float, status: UpdateStatus) -> Update:
    """Return an update by staff."""
    moment = exactly(at(minutes))
    return Update(key=f"{at(minutes):%H:%M}", at=moment, told=at(minutes), status=status, effective=moment)


def by_staff(*, told: float, resolved: float | None = None, adopts: tuple[str, ...] = (), **changes: Any) -> Incident:
    """Return an incident by staff: a partial outage of the gateway."""
    updates = [word(told, UpdateStatus.IDENTIFIED)]
    updates += [word(resolved, UpdateStatus.RESOLVED)] if resolved is not None else []
    incident = Incident(
        id="2026-11-24-gateway",
        kind=Kind.INCIDENT,
        path="incidents/2026/2026-11-24-gateway.yaml",
        services={"gateway": PARTIAL},
        started=updates[0].at,
        adopts=adopts,
        updates=tuple(updates),
    )
    return replace(incident, **changes)


def test_adopted() -> None:
    """What staff adopt is theirs: their state counts, and the probers' words stand before their own."""
    staff = by_staff(told=20, adopts=(OPEN.id,))

    (found,) = stand([OPEN], 30, staff).values()

    assert (found.incident.id, found.incident.automatic) == (staff.id, False)
    assert found.statuses == {"gateway": PARTIAL}
    assert [(update.told, update.told_under) for update in found.updates] == [(at(2), OPEN.id), (at(20), "")]
    assert found.started.first == at(0)
    assert found.incident.aliases == {OPEN.id: 2026}
    assert not found.told_late


def test_whom_it_concerns_is_the_word_of_staff() -> None:
    """Probers do not say who is affected: what staff write of it holds from their own first word on."""
    staff = by_staff(told=20, adopts=(OPEN.id,), who={"de": "nur einige"})

    (found,) = stand([OPEN], 30, staff).values()

    probers, both = found.updates[:1], found.updates
    assert who_is_affected(found.incident, probers) == {}
    assert who_is_affected(found.incident, both) == {"de": "nur einige"}


def test_adopted_with_a_beginning_of_its_own() -> None:
    """A beginning that staff write down stands before the measured one."""
    staff = by_staff(told=20, adopts=(OPEN.id,), started=exactly(at(-30)))

    (found,) = stand([OPEN], 30, staff).values()

    assert found.started.first == at(-30)


def test_closed_by_staff_while_bad() -> None:
    """When staff close an incident the probers still see, no new one opens for it."""
    staff = by_staff(told=20, resolved=60, adopts=(OPEN.id,))

    assert statuses([OPEN], 300, staff) == {}
    assert list(stand([OPEN], 300, staff)) == [staff.id]


def test_comes_back_after_staff_closed() -> None:
    """What fails anew after staff had closed theirs is a new incident under a name of its own."""
    staff = by_staff(told=20, resolved=33, adopts=(OPEN.id,))
    again = event(EventKind.REOPEN, 42, since=40)

    found = stand([OPEN, CLOSE, again], 50, staff)

    (new,) = (one for id_, one in found.items() if id_ != staff.id)
    assert new.open
    assert new.incident.id != OPEN.id
    assert statuses([OPEN, CLOSE, again], 50, staff) == {"gateway": OUTAGE}


def test_known_already() -> None:
    """While an incident by staff is open on a service, no other one opens for it."""
    staff = by_staff(told=1)

    assert list(stand([OPEN], 30, staff)) == [staff.id]


def test_not_adopted() -> None:
    """Without `adopts:` what the probers told before stays an incident of its own."""
    assert set(stand([OPEN], 30, by_staff(told=20))) == {OPEN.id, "2026-11-24-gateway"}


def test_adopted_in_part() -> None:
    """Of a group, what is on services that staff do not speak of goes on by itself."""
    other = event(EventKind.OPEN, 3, service="archive", began=1)
    staff = by_staff(told=20, adopts=(OPEN.id,))

    assert statuses([OPEN, other], 30, staff) == {"gateway": PARTIAL, "archive": OUTAGE}


def names(found: Sequence[Incident]) -> list[str]:
    """Return every id and alias there is, sorted."""
    return sorted(id_ for one in found for id_ in (one.id, *one.aliases))


def speaking(id_: str, told: float, adopts: str, *services: str, resolved: float | None = None) -> Incident:
    """Return an incident by staff on some services, which adopts one id."""
    path = f"incidents/2026/{id_}.yaml"
    spoken = dict.fromkeys(services, PARTIAL)
    return by_staff(told=told, resolved=resolved, adopts=(adopts,), id=id_, path=path, services=spoken)


BESIDE = event(EventKind.OPEN, 3, service="archive", began=1)


def test_adopted_twice() -> None:
    """Of two files that adopt the same id the older one has it, whatever the order of the files."""
    older, newer = speaking("b", 20, OPEN.id, "gateway"), speaking("a", 25, OPEN.id, "gateway")

    one_way, other_way = (merge(SITE, files, [OPEN]).incidents for files in ([older, newer], [newer, older]))

    assert {one.id: dict(one.aliases) for one in one_way} == {"a": {}, "b": {OPEN.id: 2026}}
    assert sorted(other_way, key=lambda one: one.id) == sorted(one_way, key=lambda one: one.id)


def test_group_adopted_file_by_file() -> None:
    """Two files that each adopt their own part of an incident have its own id each, and the words once."""
    files = speaking("a", 20, OPEN.id, "gateway"), speaking("b", 21, BESIDE.id, "archive")

    one, other = merge(SITE, files, [OPEN, BESIDE]).incidents

    assert (dict(one.aliases), dict(other.aliases)) == ({OPEN.id: 2026}, {BESIDE.id: 2026})
    assert [update.told_under for update in one.updates] == [OPEN.id, OPEN.id, ""]
    assert [update.told_under for update in other.updates] == ["", "", ""]


def test_adopted_by_the_public_id() -> None:
    """Two files may adopt the public id of an incident, each for the services it speaks of."""
    files = speaking("a", 21, OPEN.id, "archive"), speaking("b", 20, OPEN.id, "gateway")

    found = merge(SITE, files, [OPEN, BESIDE]).incidents

    assert {one.id: dict(one.aliases) for one in found} == {"a": {BESIDE.id: 2026}, "b": {OPEN.id: 2026}}


def test_by_name_before_by_group() -> None:
    """Who names the very id has it, though another file adopts the whole and is older."""
    files = speaking("a", 20, OPEN.id, "gateway", "archive"), speaking("b", 30, BESIDE.id, "archive")

    found = merge(SITE, files, [OPEN, BESIDE]).incidents

    assert {one.id: dict(one.aliases) for one in found} == {"a": {OPEN.id: 2026}, "b": {BESIDE.id: 2026}}


def test_comes_back_and_is_adopted_again() -> None:
    """What comes back after staff had closed theirs is a second file's, and the id stays the first one's."""
    again = event(EventKind.REOPEN, 42, since=40)
    files = speaking("a", 20, OPEN.id, "gateway", resolved=33), speaking("b", 50, OPEN.id, "gateway")

    found = stand([OPEN, CLOSE, again], 60, *files)

    assert {id_: dict(one.incident.aliases) for id_, one in found.items() if OPEN.id in one.incident.aliases} == {
        "a": {OPEN.id: 2026}
    }
    assert found.keys() == {"a", "b"}


def test_adopted_by_its_new_name() -> None:
    """What comes back under a name of its own can be adopted by that."""
    again = event(EventKind.REOPEN, 42, since=40)
    first = speaking("a", 20, OPEN.id, "gateway", resolved=33)
    (new,) = (id_ for id_ in stand([OPEN, CLOSE, again], 50, first) if id_ != "a")

    found = stand([OPEN, CLOSE, again], 60, first, speaking("b", 50, new, "gateway"))

    assert found.keys() == {"a", "b"}
    assert dict(found["b"].incident.aliases) == {new: 2026}
    assert [update.told_under for update in found["b"].updates] == [new, ""]


def test_two_incidents_adopted_by_one() -> None:
    """Who adopts two incidents has the words of both, in the order in which they were told."""
    late = event(EventKind.OPEN, 42, service="archive", began=40)
    staff = by_staff(told=60, adopts=(late.id, OPEN.id), services={"gateway": PARTIAL, "archive": PARTIAL})

    (found,) = merge(SITE, [staff], [OPEN, late]).incidents

    assert [update.told_under for update in found.updates] == [OPEN.id, late.id, ""]
    assert found.started.first == at(0)


def test_file_named_like_an_automatic_incident() -> None:
    """A file has its name, though a prober's incident bears it; that one takes another."""
    found = merge(SITE, [speaking(OPEN.id, 20, "", "archive")], [OPEN]).incidents

    assert len(set(names(found))) == len(names(found)) == 2
    assert OPEN.id in names(found)


def test_adopted_elsewhere() -> None:
    """An incident that adopts what is on another service takes nothing over: that goes on by itself."""
    staff = speaking("a", 20, OPEN.id, "archive")

    found = stand([OPEN], 30, staff)

    assert {id_: one.statuses for id_, one in found.items()} == {
        OPEN.id: {"gateway": OUTAGE},
        "a": {"archive": PARTIAL},
    }
    assert dict(found["a"].incident.aliases) == {}


def maintenance(start: float, end: float, **changes: Any) -> Incident:
    """Return planned work on the gateway."""
    first = word(start - 60, UpdateStatus.SCHEDULED)
    planned = Incident(
        id="2026-11-24-work",
        kind=Kind.MAINTENANCE,
        path="incidents/2026/2026-11-24-work.yaml",
        services={"gateway": ServiceStatus.UNDER_MAINTENANCE},
        started=first.at,
        window=Window(start=at(start), end=at(end)),
        updates=(first,),
    )
    return replace(planned, **changes)


WORK = maintenance(-10, 60)


def test_maintenance_explains() -> None:
    """What begins within planned work and is over ten minutes after it is never told."""
    within = [OPEN, event(EventKind.CLOSE, 69)]

    assert list(stand(within, 100, WORK)) == [WORK.id]


def test_outlasts_maintenance() -> None:
    """What lasts ten minutes beyond planned work is told then, as begun at its end."""
    (found,) = (one for one in stand([OPEN], 70, WORK).values() if one.incident.automatic)

    assert set(stand([OPEN], 69.9, WORK)) == {WORK.id}
    assert found.started.first == at(60)


def test_begun_before_maintenance() -> None:
    """Planned work does not hide what was broken before."""
    assert statuses([OPEN], 40, maintenance(30, 60)) == {"gateway": OUTAGE}


def test_called_off() -> None:
    """Planned work that was called off explains nothing."""
    assert statuses([OPEN], 10, maintenance(-10, 60, cancelled=at(-20))) == {"gateway": OUTAGE}


def told_of_work(*words: tuple[float, UpdateStatus], **changes: Any) -> Incident:
    """Return planned work from -10 to 240 with words on how far it has come."""
    planned = maintenance(-10, 240, **changes)
    return replace(planned, updates=(*planned.updates, *(word(minutes, status) for minutes, status in words)))


def test_completed_early() -> None:
    """Planned work that was completed before its window is over explains nothing that begins after."""
    done = told_of_work((-5, UpdateStatus.COMPLETED))

    found = stand([OPEN], 5, done)

    assert found[OPEN.id].started.first == at(0)
    assert statuses([OPEN], 5, done) == {"gateway": OUTAGE}


def test_completed_early_and_still_bad() -> None:
    """What began within planned work and outlasts its actual end by ten minutes is told, as begun at that end."""
    done = told_of_work((20, UpdateStatus.COMPLETED))

    assert statuses([OPEN], 29.9, done) == {}
    assert statuses([OPEN], 30, done) == {"gateway": OUTAGE}
    assert stand([OPEN], 30, done)[OPEN.id].started.first == at(20)


def test_completed_and_taken_up_again() -> None:
    """Planned work that was taken up again within its window explains as long as it goes on."""
    again = told_of_work((-8, UpdateStatus.COMPLETED), (-4, UpdateStatus.IN_PROGRESS))

    assert statuses([OPEN], 100, again) == {"gateway": ServiceStatus.UNDER_MAINTENANCE}


def test_work_that_overruns() -> None:
    """Planned work explains no more than its window, even if it goes on."""
    late = event(EventKind.OPEN, 262, began=260)
    overrunning = told_of_work((241, UpdateStatus.IN_PROGRESS), (400, UpdateStatus.COMPLETED))

    assert statuses([late], 270, overrunning) == {"gateway": OUTAGE}


@pytest.mark.parametrize("taken_back", [-60, 5])
def test_retracted_maintenance(taken_back: float) -> None:
    """Planned work that was a mistake explains nothing, whenever it was taken back."""
    mistake = maintenance(-10, 60, retracted=Retraction(at=at(taken_back), reason={}))

    assert statuses([OPEN], 6, mistake) == {"gateway": OUTAGE}


def test_words_of_an_alert() -> None:
    """What staff wrote for an alert is the title and the text."""
    alert = replace(OPEN, title={"en": "Queue grows"}, text={"en": "We are adding servers."})

    (found,) = stand([alert], 10).values()

    assert found.incident.title == {"en": "Queue grows"}
    assert found.updates[0].text == {"en": "We are adding servers."}


@st.composite
def stories(draw: st.DrawFn) -> list[Event]:
    """Draw what two probers may file about three services: episodes that open, change, close, come back."""
    found: list[Event] = []
    for prober in ("zrh1", "gva1"):
        for service in ("gateway", "archive", "upstream"):
            clock = draw(st.integers(0, 40))
            for _ in range(draw(st.integers(0, 2))):
                began, kind = clock, EventKind.OPEN
                for _ in range(draw(st.integers(1, 2))):
                    status = draw(st.sampled_from([Outcome.DEGRADED, Outcome.OUTAGE]))
                    announce = draw(st.sampled_from(list(Announce)))
                    told = {"prober": prober, "service": service, "began": began, "status": status, "probers": 2}
                    found.append(event(kind, clock + 2, since=clock, announce=announce, **told))
                    clock += draw(st.integers(3, 30))
                    if draw(st.booleans()):
                        found.append(
                            event(EventKind.ESCALATE, clock, since=clock - 1, **told | {"status": Outcome.OUTAGE})
                        )
                        clock += draw(st.integers(1, 30))
                    if draw(st.booleans()):
                        break
                    found.append(event(EventKind.CLOSE, clock, since=clock - 1, **told))
                    clock, kind = clock + draw(st.integers(3, 40)), EventKind.REOPEN
                clock += 60
        if draw(st.booleans()):
            off, back = draw(st.integers(-2000, 100)), draw(st.sampled_from([15, -20, 3000]))
            found += [of_prober(EventKind.BLIND, off, prober), of_prober(EventKind.SEEING, off + back, prober)]
    return draw(st.permutations(found))


@given(stories(), st.integers(0, 300))
def test_same_until_the_next_transition(events: list[Event], minutes: int) -> None:
    """Nothing changes between `now` and the next transition."""
    now = facts.derive(SITE, (), at(minutes), events=events)

    later = now.next_transition - timedelta(seconds=1)

    assert replace(facts.derive(SITE, (), max(later, now.now), events=events), now=now.now) == now


@given(stories(), st.integers(0, 300))
def test_order_of_files_does_not_matter(events: list[Event], minutes: int) -> None:
    """The order in which files are read changes nothing."""
    assert facts.derive(SITE, (), at(minutes), events=events) == facts.derive(
        SITE, (), at(minutes), events=sorted(events, key=lambda one: one.id)
    )


@st.composite
def files(draw: st.DrawFn, events: Sequence[Event]) -> list[Incident]:
    """Draw what staff may write beside: up to three incidents that adopt whatever there is, on whatever services."""
    ids = sorted({one.id for one in events} | set(names(merge(SITE, (), events).incidents))) or ["x"]
    found = []
    for place in range(draw(st.integers(0, 3))):
        told = draw(st.integers(0, 200))
        services = draw(st.lists(st.sampled_from(["gateway", "archive", "upstream"]), min_size=1, unique=True))
        found.append(
            by_staff(
                told=told,
                resolved=draw(st.none() | st.integers(told + 1, told + 60)),
                adopts=tuple(draw(st.lists(st.sampled_from(ids), max_size=3))),
                id=draw(st.sampled_from([f"own-{place}"] * 3 + ids)),
                services=dict.fromkeys(services, PARTIAL),
            )
        )
    return list({one.id: one for one in found}.values())


@given(st.data(), stories())
def test_one_owner(data: st.DataObject, events: list[Event]) -> None:
    """Whatever staff adopt, each id leads to one incident, and each word has an id of its own for the feeds."""
    staff = data.draw(files(events))

    found = merge(SITE, staff, events).incidents

    words = [(update.told_under or one.id, update.key) for one in found for update in one.updates]
    assert len(names(found)) == len(set(names(found)))
    assert len(words) == len(set(words))
    assert all(one.updates == tuple(sorted(one.updates, key=lambda update: update.told)) for one in found)


@given(st.data(), stories())
def test_order_of_incidents_does_not_matter(data: st.DataObject, events: list[Event]) -> None:
    """The order in which the incidents by staff are read changes nothing."""
    staff = data.draw(files(events))
    shuffled = data.draw(st.permutations(staff))

    assert facts.derive(SITE, staff, at(200), events=events) == facts.derive(SITE, shuffled, at(200), events=events)


@given(st.data(), stories(), st.integers(0, 300))
def test_staff_hide_only_what_they_speak_of(data: st.DataObject, events: list[Event], minutes: int) -> None:
    """Services that no file speaks of stand as they would without staff, whatever the files adopt."""
    staff = data.draw(files(events))
    spoken = {id_ for one in staff for id_ in one.services}

    alone, beside = statuses(events, minutes), statuses(events, minutes, *staff)

    assert {id_: status for id_, status in beside.items() if id_ not in spoken} == {
        id_: status for id_, status in alone.items() if id_ not in spoken
    }


@given(stories(), st.integers(0, 200))
def test_what_was_told_stays_told(events: list[Event], minutes: int) -> None:
    """An event that comes later takes back nothing that was told before it."""
    then = stand([one for one in events if one.at <= at(minutes)], minutes)
    afterwards = stand(events, minutes)

    assert then.keys() == afterwards.keys()
    for id_, found in then.items():
        said = [(update.key, update.services, update.status) for update in found.updates]
        assert said == [(update.key, update.services, update.status) for update in afterwards[id_].updates]


@given(stories())
def test_never_said_for_longer_than_counted(events: list[Event]) -> None:
    """A state is never said to have begun before the span in which it counts."""
    mine = [one for one in events if one.service in ("gateway", "")]
    for automatic in merge(SITE, (), mine).incidents:
        for update in automatic.updates:
            seen = {one.status: one.since for one in update.sightings if one.status is not ServiceStatus.OPERATIONAL}
            minutes = (update.told - START) / timedelta(minutes=1)
            counted = {span.status: span.start for span in stand(mine, minutes)[automatic.id].spans if not span.end}
            assert seen.keys() == counted.keys()
            assert all(counted[status] <= since <= update.told for status, since in seen.items())


@given(stories())
def test_no_outage_without_a_majority(events: list[Event]) -> None:
    """While all but one of two probers find a service well, it is degraded at most, unless the other is offline."""
    for minutes in range(0, 300, 7):
        for id_, status in statuses(events, minutes).items():
            sees = {one.prober for one in events if one.service == id_ and one.at <= at(minutes)}
            offline = any(one.event is EventKind.BLIND for one in events)
            assert status is DEGRADED or len(sees) == 2 or offline
