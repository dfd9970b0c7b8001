"""The answer to "am I affected" in sentences, and what stands beside it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import groupby

from generator.facts import Answer, Facts, IncidentFacts, Limitation, ServiceFacts, TaskFacts
from generator.formats.words.clauses import Clause, first_of, ids_of, more_than, named_of, own_clauses, parted
from generator.formats.words.fate import fate
from generator.formats.words.incidents import TITLE
from generator.formats.words.names import apart, order, service_names, status_name, unbroken
from generator.formats.words.updates import STATE
from generator.i18n import N_, Speech, Spoken, exact
from generator.model import ServiceStatus, Site, Task, Text

MAY_BE_NAMED_AT_MOST = 2
"""So many are named of what another provider's fault may affect: all of them stand in the list beneath."""

LIMITED: Mapping[ServiceStatus, str] = {
    # NOTE: Followed by a colon and what customers do, as in "Not working: receiving and sending mail."
    ServiceStatus.UNDER_MAINTENANCE: N_("Maintenance under way"),
    ServiceStatus.DEGRADED_PERFORMANCE: N_("Disrupted"),
    ServiceStatus.PARTIAL_OUTAGE: N_("Partly working"),
    ServiceStatus.MAJOR_OUTAGE: N_("Not working"),
}
ALIKE: Mapping[ServiceStatus, str] = {
    ServiceStatus.UNDER_MAINTENANCE: N_("All our services are under maintenance."),
    ServiceStatus.DEGRADED_PERFORMANCE: N_("All our services are disrupted."),
    ServiceStatus.PARTIAL_OUTAGE: N_("All our services are partly down."),
    ServiceStatus.MAJOR_OUTAGE: N_("All our services are down."),
}
TASK: Mapping[ServiceStatus, str] = {
    # NOTE: Stands beside what customers do, as in "Receiving mail: working".
    ServiceStatus.OPERATIONAL: N_("working"),
    ServiceStatus.UNDER_MAINTENANCE: N_("under maintenance"),
    ServiceStatus.DEGRADED_PERFORMANCE: N_("disrupted"),
    ServiceStatus.PARTIAL_OUTAGE: N_("partly working"),
    ServiceStatus.MAJOR_OUTAGE: N_("not working"),
}

NOT_ALL = N_("not everyone is affected")
"""Stands where nobody has written, in this language, who is."""
UNPLACED = N_("An incident is being investigated; which services it affects is not known yet.")
UNPLACED_TOO = N_("Another incident is being investigated; which services it affects is not known yet.")
UNCONFIRMED = N_("{what} (no longer confirmed)")


def answer(speech: Speech, facts: Facts) -> list[str]:
    """Return the sentences of the answer, the worst first; each may stand on a line of its own."""
    found = facts.answer
    if not found.limitations:
        return [speech.gettext(UNPLACED if found.unplaced else N_("All services are operational."))]
    sentences = [speech.gettext(ALIKE[found.alike])] if found.alike else []
    clauses = own_clauses(found)
    named = named_of(clauses)
    sentences += _own(speech, facts, named)
    sentences += _upstream(speech, facts)
    more = more_than(clauses, named)
    if more:
        sentences.append(speech.gettext(more))
    if found.unplaced:
        told = any(one.status is not ServiceStatus.UNDER_MAINTENANCE for one in found.limitations)
        sentences.append(speech.gettext(UNPLACED_TOO if told else UNPLACED))
    elif found.own_works:
        sentences.append(speech.gettext("Our own services are operational."))
    elif not found.alike and not more and _rest_works(facts):
        sentences.append(speech.gettext("Everything else works."))
    return sentences


def headline(speech: Speech, facts: Facts) -> str:
    """Return the answer in one line."""
    return " ".join(answer(speech, facts))


def brief(speech: Speech, facts: Facts) -> str:
    """Say the state of the site in a few words, for a badge: "Mail Archive: major outage", "3 services disrupted".

    Services in one state are said to be in it, however many they are.
    """
    if facts.answer.alike:
        return speech.gettext(TITLE[facts.answer.alike], services=speech.gettext("All our services"))
    affected = [service for service in facts.services if service.service.id in facts.answer.affected]
    if not affected and facts.answer.unplaced:
        return speech.gettext("Incident")
    if not affected:
        return status_name(speech, ServiceStatus.OPERATIONAL)
    told = [one for one in affected if one.status is not ServiceStatus.UNDER_MAINTENANCE] or affected
    said = _counted(speech, facts.site, told)
    doubtful = [one for one in told if one.last_reported]
    if doubtful and len(doubtful) < len(told):
        return speech.gettext("{what} (not all confirmed)", what=said)
    return speech.gettext(UNCONFIRMED, what=said) if doubtful else said


def _counted(speech: Speech, site: Site, told: Sequence[ServiceFacts]) -> str:
    if len({(one.status, one.for_some) for one in told}) > 1:
        return speech.ngettext("{n} service disrupted", "{n} services disrupted", len(told))
    names = service_names(speech, site, [told[0].service.id])
    services = names if len(told) == 1 else speech.ngettext("{n} service", "{n} services", len(told))
    return _narrowed(speech, told[0], speech.gettext(TITLE[told[0].status], services=services))


def service_state(speech: Speech, facts: ServiceFacts) -> str:
    """Say how a service stands: "Major outage", whether for some only, and whether nobody confirms that any more."""
    said = _narrowed(speech, facts, status_name(speech, facts.status))
    return speech.gettext(UNCONFIRMED, what=said) if facts.last_reported else said


def _narrowed(speech: Speech, facts: ServiceFacts, what: str) -> str:
    """Add to the state of a service that only some have it, where that is so."""
    return speech.gettext("{what} ({who})", what=what, who=speech.gettext("for some")) if facts.for_some else what


def task_sentence(speech: Speech, task: TaskFacts, *, today: date) -> str:
    """Say whether customers can do something, and which of them cannot; stands beside its name."""
    if not task.told:
        return speech.gettext(TASK[ServiceStatus.OPERATIONAL])
    clauses = parted(task.told)
    said = (_whom(speech, _state_of_task(speech, each.one, today), each, several=False) for each in clauses)
    return apart(speech, dict.fromkeys(said))


def doing(speech: Speech, site: Site, task: Task) -> str:
    """Name what customers do as it reads within a sentence: "receiving mail"."""
    return unbroken(task.doing.get(speech.code) or speech.inside(speech.text(task.name, order(site))))


def whom(speech: Speech, facts: IncidentFacts) -> str:
    """Say whom an incident concerns, where that is not everybody."""
    return (_here(speech, facts.who) or speech.gettext(NOT_ALL)) if facts.who else ""


def particulars(speech: Speech, facts: Facts, story: IncidentFacts) -> list[str]:
    """Say of an open incident what a customer asks next: since when, what becomes of mail, what to do, when more.

    That it may be over is left to the answer where that says so.
    """
    if story.window:
        return [f"{speech.window(story.window, today=facts.today)}."]
    sentences = []
    if story.started.first:
        since = speech.since(story.started, today=facts.today)
        sentences.append(f"{since[0].upper()}{since[1:]}.")
    if story.last_reported and not _doubt_is_told(facts.answer, story):
        sentences.append(_confirmed(speech, story.last_reported, facts.today))
    return sentences + [sentence for sentence, _ in fate(speech, story, facts.today)]


def _doubt_is_told(found: Answer, story: IncidentFacts) -> bool:
    """Return whether the answer says when an incident was last confirmed."""
    told = [
        *(clause.one for clause in named_of(own_clauses(found))),
        *(one for one in found.limitations if one.upstream),
    ]
    return any(story.incident.id in one.incidents and one.last_reported == story.last_reported for one in told)


def _own(speech: Speech, facts: Facts, named: Iterable[Clause]) -> Iterator[str]:
    """Yield a sentence for each state that our own services limit customers by."""
    for (state, last_reported), group in groupby(named, key=_told_alike):
        things = _said_of(speech, facts.site, group)
        said = _doubted(speech, speech.gettext(state), last_reported, facts.today)
        yield speech.gettext("{state}: {things}.", state=said, things=apart(speech, things))


def _said_of(speech: Speech, site: Site, clauses: Iterable[Clause]) -> Iterator[str]:
    """Yield what one state is said of; whom alone it concerns is said once, behind all that does."""
    by_who: dict[tuple[tuple[str, str], ...], list[Clause]] = {}
    for clause in clauses:
        by_who.setdefault(tuple(sorted(clause.one.who.items())), []).append(clause)
    for who, alike in by_who.items():
        if who and len(alike) > 1:
            things = (_served(speech, _things(speech, site, clause.one), clause) for clause in alike)
            yield _narrowed_to(speech, apart(speech, things), alike[0].one.who, several=True)
        else:
            for clause in alike:
                several = len(ids_of(clause.one)) > 1
                yield _whom(speech, _things(speech, site, clause.one), clause, several=several)


def _told_alike(clause: Clause) -> tuple[str, datetime | None]:
    """Return what one sentence says of: a state, and when it was last confirmed if it may be over."""
    one = clause.one
    return N_("Delayed") if one.delayed else LIMITED[one.status], one.last_reported


def _doubted(speech: Speech, state: str, last_reported: datetime | None, today: date) -> str:
    """Say a state with what makes it doubtful, before what it is said of."""
    if last_reported is None:
        return state
    when = speech.on(exact(last_reported), today=today)
    return speech.gettext("{state} (last confirmed {when}, perhaps over by now)", state=state, when=when)


def _upstream(speech: Speech, facts: Facts) -> Iterator[str]:
    """Yield what other providers' faults are, and what of ours they may affect."""
    named = set[tuple[str, datetime | None]]()
    for one in facts.answer.limitations:
        if one.upstream is None:
            continue
        if (one.upstream, one.last_reported) not in named:  # the worst comes first
            named.add((one.upstream, one.last_reported))
            names = service_names(speech, facts.site, [one.upstream])
            if one.last_reported is None:
                yield speech.gettext(STATE[one.status], services=names)
            else:
                name = Spoken(text=status_name(speech, one.status), lang=speech.code, translated=True)
                said = _doubted(speech, speech.inside(name), one.last_reported, facts.today)
                yield speech.gettext("{state}: {things}.", state=names, things=said)
        if one.tasks:
            clause = Clause(one=first_of(one, MAY_BE_NAMED_AT_MOST))
            several = len(ids_of(clause.one)) > 1
            things = _whom(speech, _things(speech, facts.site, clause.one), clause, several=several)
            yield speech.gettext("May affect: {things}.", things=things)
        if len(one.tasks) > MAY_BE_NAMED_AT_MOST:
            yield speech.gettext("Other functions may be affected too.")


def _confirmed(speech: Speech, at: datetime, today: date) -> str:
    when = speech.on(exact(at), today=today)
    return speech.gettext("Last confirmed {when}; it may be over by now.", when=when)


def _rest_works(facts: Facts) -> bool:
    """Return whether a task or a service that no task needs works for anybody: nothing is said of it for all."""
    needed = {need.service for task in facts.tasks for need in task.task.needs}
    failing = {id_ for one in facts.answer.limitations if one.for_all for id_ in one.services}
    beside = {service.service.id for service in facts.services} - needed - failing
    return bool(beside) or any(not any(one.for_all for one in task.limitations) for task in facts.tasks)


def _state_of_task(speech: Speech, one: Limitation, today: date) -> str:
    if one.upstream:
        return speech.gettext("may be disrupted")
    state = speech.gettext(N_("delayed") if one.delayed else TASK[one.status])
    if one.last_reported is None:
        return state
    when = speech.on(exact(one.last_reported), today=today)
    return speech.gettext("{state} (last confirmed {when})", state=state, when=when)


def _whom(speech: Speech, what: str, clause: Clause, *, several: bool) -> str:
    """Say for whom something is so: "receiving mail, for Microsoft 365 mailboxes (only in Geneva)"."""
    one, served = clause.one, _served(speech, what, clause)
    if one.who or (one.audience and not _here(speech, one.audience)):
        return _narrowed_to(speech, served, one.who, several=several)
    return served


def _served(speech: Speech, what: str, clause: Clause) -> str:
    """Say which customers something is so for, as far as that is written in this language."""
    if clause.rest:
        return speech.gettext("{what}, for all others", what=what)
    audience = _here(speech, clause.one.audience)
    return speech.gettext("{what}, for {audience}", what=what, audience=audience) if audience else what


def _narrowed_to(speech: Speech, what: str, who: Text, *, several: bool) -> str:
    """Say whom alone something concerns; brackets behind several things would narrow the last alone, so no brackets."""
    form = N_("{what}\u00a0– {who}") if several else N_("{what} ({who})")
    return speech.gettext(form, what=what, who=_here(speech, who) or speech.gettext(NOT_ALL))


def _here(speech: Speech, text: Text) -> str:
    """Return whom something concerns, if that is written in this language: no sentence mixes two."""
    return unbroken(text.get(speech.code, ""))


def _things(speech: Speech, site: Site, one: Limitation) -> str:
    """List what customers do, and the services that no task needs."""
    tasks = _joined(speech, [doing(speech, site, task) for task in one.tasks])
    names = [service_names(speech, site, [id_]) for id_ in one.services]
    if len(tasks) < len(one.tasks):
        return apart(speech, [*tasks, *names])
    return speech.list([*tasks, *names])


def _joined(speech: Speech, doings: Iterable[str]) -> list[str]:
    """Say once what ends alike: "receiving and sending mail"."""
    by_end: dict[tuple[str, str], list[str]] = {}
    for words in doings:
        first, _, end = words.partition(" ")
        by_end.setdefault((end, "" if end else first), []).append(first)
    return [f"{speech.list(firsts)} {end}".rstrip() for (end, _), firsts in by_end.items()]
