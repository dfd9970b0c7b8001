"""The answer never claims failure for more customers, nor health for any, than the facts do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, combinations
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from generator.facts import Facts, Limitation, severity, worst
from generator.model import Impact, Incident, Need, ServiceStatus, Site, Task

OWN = ("a", "b", "c", "d")
UPSTREAM = ("x", "y")
AUDIENCES = ("red", "blue")
WHOS = ("tall", "old")
STATUSES = ("operational", "under_maintenance", "degraded_performance", "partial_outage", "major_outage")
NOW = "2026-11-24 14:00"

Trouble = tuple[Mapping[str, str], Mapping[str, str], bool]
"""The states of some services, whom alone they concern, and whether nobody has confirmed them for long."""


@dataclass(frozen=True, kw_only=True)
class Customer:
    """Whoever does a task: the audiences it belongs to, and what else holds for it."""

    audiences: frozenset[str]
    whos: frozenset[str]

    def concerned(self, one: Limitation) -> bool:
        """Return whether a limitation speaks of this customer."""
        return set(one.audience.values()) <= self.audiences and set(one.who.values()) <= self.whos


def subsets(of: Sequence[str]) -> Iterator[frozenset[str]]:
    """Yield every subset."""
    return map(frozenset, chain.from_iterable(combinations(of, size) for size in range(len(of) + 1)))


def customers(task: Task) -> Iterator[Customer]:
    """Yield all who can do a task at all: they need at least one of its services."""
    for audiences in subsets(AUDIENCES):
        if any(set(need.audience.values()) <= audiences for need in task.needs):
            yield from (Customer(audiences=audiences, whos=whos) for whos in subsets(WHOS))


def lived(task: Task, customer: Customer, incidents: Sequence[Incident], services: Sequence[str]) -> ServiceStatus:
    """Return how a task goes for a customer, worked out from the incidents alone."""
    needed = {n.service for n in task.needs if set(n.audience.values()) <= customer.audiences} & set(services)
    return worst(
        status
        for incident in incidents
        for id_, status in incident.services.items()
        if id_ in needed and set(incident.who.values()) <= customer.whos
    )


texts = st.sampled_from(({}, *({"en": text} for text in AUDIENCES)))
needs = st.lists(
    st.builds(Need, service=st.sampled_from((*OWN, *UPSTREAM)), audience=texts),
    min_size=1,
    max_size=4,
    unique_by=lambda need: need.service,
)
tasks = st.lists(needs, max_size=3)
states = st.dictionaries(st.sampled_from((*OWN, *UPSTREAM)), st.sampled_from(STATUSES), min_size=1, max_size=4)
troubles = st.lists(st.tuples(states, st.sampled_from(({}, *({"en": who} for who in WHOS))), st.booleans()), max_size=4)


def derived(make: Any, wanted: list[list[Need]], told: list[Trouble]) -> tuple[Facts, list[Incident]]:
    """Return the facts of a site with some tasks and incidents."""
    services = [make.service(id_, own=id_ in OWN) for id_ in (*OWN, *UPSTREAM)]
    site: Site = make.site(*services)
    made = tuple(Task(id=f"t{n}", name={"en": f"task {n}"}, needs=tuple(each)) for n, each in enumerate(wanted))
    site = Site(**{name: getattr(site, name) for name in site.__dataclass_fields__} | {"tasks": made})
    first = make.update("2026-11-24 08:00", "investigating")
    incidents = [
        make.incident(state, first, id_=f"i{n}", who=who, confirmed=make.at("2026-11-24 07:00") if silent else None)
        for n, (state, who, silent) in enumerate(told)
    ]
    return make.facts(NOW, *incidents, site=site), incidents


@given(wanted=tasks, told=troubles)
def test_each_customer_hears_of_a_task_what_is_so(make: Any, wanted: Any, told: Any) -> None:
    """The worst that is said of our part in a task to a customer is what the customer meets: no more, no less."""
    facts, incidents = derived(make, wanted, told)

    for task in facts.tasks:
        for customer in customers(task.task):
            said = worst(one.status for one in task.limitations if not one.upstream and customer.concerned(one))
            assert said is lived(task.task, customer, incidents, OWN)


@given(wanted=tasks, told=troubles)
def test_doubt_hides_nothing_certain_and_makes_nothing_certain(make: Any, wanted: Any, told: Any) -> None:
    """The worst that is said without a doubt to a customer is the worst that is certain."""
    facts, incidents = derived(make, wanted, told)
    certain = [one for one in incidents if one.confirmed is None]

    for task in facts.tasks:
        for customer in customers(task.task):
            sure = [one for one in task.limitations if not one.upstream and not one.last_reported]
            said = worst(one.status for one in sure if customer.concerned(one))
            assert said is lived(task.task, customer, certain, OWN)


@given(told=troubles)
def test_services_state_is_doubtful_where_only_the_silent_tell_it(make: Any, told: Any) -> None:
    """The state of a service is doubtful if and only if it would be better without what nobody confirms."""
    facts, incidents = derived(make, [], told)
    certain = [one for one in incidents if one.confirmed is None]

    for service in facts.services:
        sure = worst(one.services[service.service.id] for one in certain if service.service.id in one.services)
        assert (service.last_reported is not None) == (severity(sure) < severity(service.status))


@given(wanted=tasks, told=troubles)
def test_whatever_is_affected_is_said(make: Any, wanted: Any, told: Any) -> None:
    """All is well only where every listed service is; each affected one is behind a sentence, no other is named."""
    facts, _ = derived(make, wanted, told)
    answer = facts.answer
    down = {service.service.id for service in facts.services if service.status is not ServiceStatus.OPERATIONAL}

    named = {one.upstream for one in answer.limitations} | {id_ for one in answer.limitations for id_ in one.services}
    behind = {need.service for one in answer.limitations for task in one.tasks for need in task.needs}

    assert set(answer.affected) == down
    assert (not answer.limitations) == (not down)
    assert (answer.status is ServiceStatus.OPERATIONAL) == (not down and not answer.unplaced)
    assert {id_ for id_ in down if id_ in UPSTREAM} <= named <= down | {None}
    assert {id_ for id_ in down if id_ in OWN} <= named | behind
    assert answer.own_works == down.isdisjoint(OWN)


@given(wanted=tasks, told=troubles)
def test_all_services_are_said_to_be_out_only_where_they_are_for_everybody(make: Any, wanted: Any, told: Any) -> None:
    """What concerns some alone, or is doubtful, makes neither "all our services are down" nor a major system outage."""
    facts, incidents = derived(make, wanted, told)

    everybodys = [one for one in incidents if not one.who and not one.confirmed]
    common = {worst(one.services[id_] for one in everybodys if id_ in one.services) for id_ in OWN}

    assert facts.answer.alike is None or common == {facts.answer.alike}
    assert facts.answer.indicator is not Impact.CRITICAL or common == {ServiceStatus.MAJOR_OUTAGE}


def test_only_service_that_is_out_for_some_is_no_major_system_outage(make: Any) -> None:
    """A site of one service is critical where it is out for everybody, not where it is for some."""
    site = make.site(make.service("mail"))
    first = make.update("2026-11-24 08:00", "investigating")

    some = make.facts(NOW, make.incident({"mail": "major_outage"}, first, who={"en": "only some"}), site=site)
    everybody = make.facts(NOW, make.incident({"mail": "major_outage"}, first), site=site)

    assert [facts.answer.indicator for facts in (some, everybody)] == [Impact.MAJOR, Impact.CRITICAL]


def test_outage_that_a_worse_one_hides_in_a_task_is_not_said_to_be_everybodys(make: Any) -> None:
    """Where a task that everybody misses also takes a service that is out for some, not all services are down."""
    site = make.site(make.service("mail"), make.service("filter"))
    task = Task(id="read", name={"en": "Read"}, needs=(Need(service="mail"), Need(service="filter")))
    first = make.update("2026-11-24 08:00", "investigating")
    mail = make.incident({"mail": "major_outage"}, first, id_="mail")
    some = make.incident({"filter": "major_outage"}, first, id_="some", who={"en": "only some"})

    answer = make.facts(NOW, mail, some, site=replace(site, tasks=(task,))).answer

    assert (answer.alike, answer.indicator) == (None, Impact.MAJOR)


def test_other_providers_limits_do_not_change_what_all_of_ours_are(make: Any) -> None:
    """All our services are down, whomever another provider's fault concerns."""
    first = make.update("2026-11-24 08:00", "investigating")
    down = make.incident({"mail": "major_outage", "archive": "major_outage"}, first, id_="down")
    other = make.incident({"upstream": "degraded_performance"}, first, id_="other", who={"en": "only some"})

    assert make.facts(NOW, down, other).answer.alike is ServiceStatus.MAJOR_OUTAGE


def test_site_without_services_of_its_own_says_nothing_of_them(make: Any) -> None:
    """Where only other providers' services are listed, nothing of ours is said to work."""
    assert not make.facts(NOW, site=make.site(make.service("upstream", own=False))).answer.own_works


@given(wanted=tasks, told=troubles)
def test_another_provider_never_makes_our_page_red(make: Any, wanted: Any, told: Any) -> None:
    """The state of the page is the worst of our own services; others count as degraded performance at most."""
    facts, _ = derived(make, wanted, told)
    own = worst(service.status for service in facts.services if service.service.own)

    assert severity(facts.answer.status) <= max(severity(own), severity(ServiceStatus.DEGRADED_PERFORMANCE))
    assert severity(facts.answer.status) >= severity(own)


def test_a_task_is_delayed_only_by_the_word_of_all_its_incidents(make: Any) -> None:
    """Where one of two incidents behind a degraded task does not say that mail is late, the task is disrupted."""
    late = make.incident(
        {"mail": "degraded_performance"}, make.update("2026-11-24 08:00", "investigating", mail="delayed"), id_="late"
    )
    slow = make.incident({"mail": "degraded_performance"}, make.update("2026-11-24 09:00", "investigating"), id_="slow")

    alone = make.facts(NOW, late).answer.limitations
    both = make.facts(NOW, late, slow).answer.limitations

    assert [one.delayed for one in (*alone, *both)] == [True, False]


def test_what_a_wider_incident_covers_keeps_its_own_fate(make: Any) -> None:
    """An incident of some, no worse than one of all, limits nobody further; yet what it says of mail is not lost."""
    first = make.update("2026-11-24 08:00", "investigating", mail="delayed")
    lost = make.update("2026-11-24 09:00", "investigating", mail="lost")
    everybody = make.incident({"mail": "degraded_performance"}, first, id_="all")
    some = make.incident({"mail": "degraded_performance"}, lost, id_="some", who={"en": "only X"})

    found = make.facts(NOW, everybody, some).answer

    assert [one.incidents for one in found.limitations] == [("all",)]
    assert found.incidents == ("all", "some")


def test_no_limitation_of_a_task_is_dropped_for_a_wider_one(make: Any) -> None:
    """What holds for some stands among a task's limitations, and is not told where more have it as badly."""
    first = make.update("2026-11-24 08:00", "investigating")
    everybody = make.incident({"mail": "major_outage"}, first, id_="all")
    some = make.incident({"mail": "major_outage"}, first, id_="some", who={"en": "only X"})

    (task,) = make.facts(NOW, everybody, some).tasks

    assert [one.who for one in task.limitations] == [{}, {"en": "only X"}]
    assert [one.who for one in task.told] == [{}]
    assert task.incidents == ("all", "some")


def test_an_incident_that_was_over_today_is_resolved_today(make: Any) -> None:
    """What ended since local midnight is listed, the latest first; what ended before, and a false alarm, is not."""
    ended = {"early": "2026-11-24 02:00", "late": "2026-11-24 12:00", "before": "2026-11-23 22:30"}
    over = [
        make.incident(
            {"mail": "major_outage"},
            make.update("2026-11-23 20:00", "investigating"),
            make.update(at, "resolved"),
            id_=id_,
        )
        for id_, at in ended.items()
    ]
    alarm = make.incident(
        {"mail": "major_outage"},
        make.update("2026-11-24 08:00", "investigating"),
        id_="alarm",
        retracted=make.retraction("2026-11-24 09:00"),
    )

    assert make.facts(NOW, *over, alarm).answer.resolved_today == ("late", "early")
