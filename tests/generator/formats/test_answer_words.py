"""The answer says whom it concerns, and nothing twice."""

from __future__ import annotations

from dataclasses import replace

import pytest

from generator.formats import words
from generator.formats.edition import Edition
from tests.generator.formats.conftest import Press

NOW = "2024-02-20 08:00"
ONLY = "who: {en: only in Geneva}"
SITE = """\
name: {en: Example}
url: https://example.ch/status
feed_authority: example.ch,2026
time_zone: Europe/Zurich
languages: {de: de_CH, fr: fr_CH, en: en_GB}
publish_every: 15m
groups:
  - {id: all, name: {de: Alles, fr: Tout, en: All}}
services:
  - {id: gateway, name: Gateway, group: all}
  - {id: archive, name: Sign+Encrypt v2, group: all}
  - {id: third, name: Microsoft 365, group: all, own: false}
  - {id: fourth, name: Fourth, group: all, own: false}
tasks:
  - id: receive
    name: {en: Receiving mail}
    services: [gateway, third, fourth]
  - id: search
    name: {en: Searching}
    services:
      - archive: {for: {de: Postfächer bei Microsoft 365}}
      - gateway
"""


def incident(services: str, *more: str) -> str:
    """Return an incident that is being investigated."""
    lines = [f"services: {services}", *more, "updates:", "  - {at: 2024-02-20 07:00, status: investigating}"]
    return "\n".join(lines) + "\n"


def edition_of(press: Press, *incidents: str) -> Edition:
    """Return the edition of the site with some incidents."""
    return press.edition(NOW, {f"i{n}": written for n, written in enumerate(incidents)}, site=SITE)


@pytest.mark.parametrize(
    ("lang", "expected"),
    [
        ("de", "Ausgefallen: Searching für Postfächer bei Microsoft\u00a0365."),
        ("en", "Not working: searching (not everyone is affected)."),
    ],
)
def test_customers_are_named_only_where_that_is_written_in_the_language(press: Press, lang: str, expected: str) -> None:
    """A sentence does not go over into another language: it says instead that not everyone is affected."""
    edition = edition_of(press, incident("{archive: major_outage}"))

    assert words.answer(edition.speeches[lang], edition.facts)[0] == expected


def test_two_third_parties_disrupt_a_task_in_one_word(press: Press) -> None:
    """What two other providers may disrupt is said to be once."""
    edition = edition_of(press, incident("{third: major_outage, fourth: partial_outage}"))

    said = words.task_sentence(edition.speeches["en"], edition.facts.tasks[0], today=edition.facts.today)

    assert said == "may be disrupted"


@pytest.mark.parametrize(
    ("services", "expected"),
    [
        ("{gateway: major_outage, archive: major_outage}", "All our services: major outage"),
        ("{gateway: major_outage, third: major_outage}", "2 services: major outage"),
        ("{gateway: major_outage, archive: partial_outage}", "2 services disrupted"),
        ("{archive: major_outage}", "Sign+Encrypt\u00a0v2: major outage"),
    ],
)
def test_a_badge_says_the_state_that_several_services_share(press: Press, services: str, expected: str) -> None:
    """Services are called disrupted only where they are in several states."""
    edition = edition_of(press, incident(services))

    assert words.brief(edition.speeches["en"], edition.facts) == expected


@pytest.mark.parametrize(
    ("more", "expected"), [((), "Gateway"), (("title: {en: Inbound mail delayed}",), "Inbound mail delayed")]
)
def test_what_works_again_is_named_without_a_state(press: Press, more: tuple[str, ...], expected: str) -> None:
    """An incident whose services all work again is called by its written title, else by the services."""
    watched = incident("{gateway: major_outage}", *more)
    watched += "  - {at: 2024-02-20 07:30, status: monitoring, services: {gateway: operational}}\n"
    edition = edition_of(press, watched)
    (id_,) = edition.facts.answer.watched

    said = words.subject(edition.speeches["en"], edition.site, edition.facts.incident(id_))

    assert said.text == expected


@pytest.mark.parametrize(
    ("incidents", "overall", "service"),
    [
        (("{gateway: major_outage}", ONLY), "Gateway: major outage (for some)", "Major outage (for some)"),
        (("{gateway: major_outage}",), "Gateway: major outage", "Major outage"),
        (
            ("{gateway: major_outage, archive: major_outage}", ONLY),
            "2 services: major outage (for some)",
            "Major outage (for some)",
        ),
    ],
)
def test_a_state_that_only_some_have_is_said_to_be_theirs(
    press: Press, incidents: tuple[str, ...], overall: str, service: str
) -> None:
    """Badges, lists of services and status.json say of a state that it is so for some only."""
    edition = edition_of(press, incident(*incidents))
    speech, facts = edition.speeches["en"], edition.facts

    assert words.brief(speech, facts) == overall
    assert words.service_state(speech, facts.services[0]) == service


def test_a_state_of_all_is_not_narrowed_by_a_milder_one_of_some(press: Press) -> None:
    """A service that is down for all is so whatever else some of its users have."""
    edition = edition_of(press, incident("{gateway: major_outage}"), incident("{gateway: partial_outage}", ONLY))

    assert words.service_state(edition.speeches["en"], edition.facts.services[0]) == "Major outage"


def test_a_part_of_what_is_said_is_not_said_again(press: Press) -> None:
    """Where a task fails for some of all its users, it is not said to fail for some of a part of them."""
    edition = edition_of(press, incident("{gateway: major_outage, archive: major_outage}", ONLY))

    said = words.headline(edition.speeches["en"], edition.facts)

    assert said.startswith("Not working: receiving mail and searching\u00a0– only in Geneva. ")


@pytest.mark.parametrize(
    ("service", "expected"),
    [
        ("archive", "Not working: searching (only in Geneva)."),
        ("gateway", "Not working: receiving mail and searching\u00a0– only in Geneva."),
    ],
)
def test_what_is_said_of_a_list_is_not_said_of_its_last_thing(press: Press, service: str, expected: str) -> None:
    """Brackets narrow the one thing before them, a dash all that stands before it."""
    edition = edition_of(press, incident(f"{{{service}: major_outage}}", ONLY))

    assert words.answer(edition.speeches["en"], edition.facts)[0] == expected


@pytest.mark.parametrize(
    ("beside", "expected"),
    [
        (incident("{gateway: major_outage}"), "Another incident is being investigated"),
        (incident("{third: major_outage}"), "Another incident is being investigated"),
        (
            "kind: maintenance\nservices: {gateway: under_maintenance}\n"
            "window: {from: 2024-02-20 06:00, to: 2024-02-20 09:00}\n"
            "updates:\n  - {at: 2024-02-19 07:00, status: scheduled}\n",
            "An incident is being investigated",
        ),
    ],
    ids=["an outage", "another provider’s outage", "maintenance"],
)
def test_what_is_not_placed_is_another_incident_only_beside_one(press: Press, beside: str, expected: str) -> None:
    """An incident of unknown reach is told apart from the others, where there are others."""
    edition = edition_of(press, incident("{}"), beside)

    said = words.answer(edition.speeches["en"], edition.facts)

    assert said[-1] == f"{expected}; which services it affects is not known yet."


def test_another_provider_s_fault_names_two_tasks_at_most(press: Press) -> None:
    """What another provider's fault may affect besides is said to be more, and stands in the list beneath."""
    tasks = "".join(f"  - {{id: t{n}, name: {{en: Task {n}}}, services: [third]}}\n" for n in range(2))
    edition = press.edition(NOW, {"third": incident("{third: major_outage}")}, site=SITE + tasks)

    assert words.answer(edition.speeches["en"], edition.facts) == [
        "Microsoft\u00a0365: major outage.",
        "May affect: receiving mail and task\u00a00.",
        "Other functions may be affected too.",
        "Our own services are operational.",
    ]


MAILBOXES = """\
  - id: send
    name: {en: Sending mail}
    services: [gateway, archive: {for: {en: customers of the archive}}]
  - {id: read, name: {en: Reading}, services: [archive: {for: {en: customers of the archive}}, third]}
  - {id: file, name: {en: Filing}, services: [archive: {for: {en: customers of the archive}}, third]}
  - {id: sort, name: {en: Sorting}, services: [archive: {for: {en: customers of the archive}}, third]}
  - {id: print, name: {en: Printing}, services: [archive: {for: {en: customers of the archive}}, third]}
"""
OURS = SITE.partition("tasks:")[0] + "tasks:\n" + MAILBOXES


@pytest.mark.parametrize(
    ("lang", "expected"),
    [
        ("de", "Beeinträchtigt: Sending mail für alle anderen."),
        ("fr", "Perturbations\u202f: Sending mail pour tous les autres."),
        ("en", "Disrupted: sending mail, for all others."),
    ],
)
def test_what_everybody_has_goes_before_more_that_some_have(press: Press, lang: str, expected: str) -> None:
    """Of one function, what all the others have is named even where more than can be named is worse for some."""
    told = {"bad": incident("{archive: major_outage, gateway: degraded_performance}")}
    edition = press.edition(NOW, told, site=OURS)

    said = words.answer(edition.speeches[lang], edition.facts)

    assert said[1] == expected


def test_maintenance_goes_on_for_those_who_have_it_worse(press: Press) -> None:
    """What is under maintenance is so for everybody, also for those for whom it is disrupted besides."""
    work = (
        "kind: maintenance\nservices: {gateway: under_maintenance}\n"
        "window: {from: 2024-02-20 06:00, to: 2024-02-20 12:00}\n"
        "updates:\n  - {at: 2024-02-19 07:00, status: scheduled}\n"
    )
    edition = edition_of(press, incident("{gateway: degraded_performance}", ONLY), work)

    assert "for all others" not in words.headline(edition.speeches["en"], edition.facts)


def test_nobody_is_among_the_others_who_may_have_it_worse(press: Press) -> None:
    """What is doubtful for some sets nobody apart: what is certain is said of all."""
    edition = edition_of(press, incident("{gateway: degraded_performance}"), incident("{gateway: major_outage}", ONLY))
    task = edition.facts.tasks[0]

    certain = words.task_sentence(edition.speeches["en"], task, today=edition.facts.today)
    doubt = [replace(one, last_reported=edition.facts.now if one.who else None) for one in task.told]
    doubtful = words.task_sentence(edition.speeches["en"], replace(task, told=tuple(doubt)), today=edition.facts.today)

    assert certain == "not working (only in Geneva); disrupted, for all others"
    assert doubtful.endswith("; disrupted")


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"some": incident("{gateway: partial_outage}", ONLY)}, "Other functions or customers are affected too."),
        ({}, "Other functions are affected too."),
    ],
)
def test_what_is_not_named_may_be_the_same_for_others(press: Press, more: dict[str, str], expected: str) -> None:
    """Only where nothing that is left out is a function that is named are other functions said to be affected."""
    edition = press.edition(NOW, {"bad": incident("{archive: major_outage}"), **more}, site=OURS)

    assert expected in words.answer(edition.speeches["en"], edition.facts)


def test_whom_alone_it_concerns_is_said_once_in_a_sentence(press: Press) -> None:
    """Several functions of several customers in one state are narrowed together."""
    site = OURS.replace("services: [gateway, archive", "services: [third, archive") + (
        "  - {id: look, name: {en: Looking}, services: [gateway]}\n"
    )
    site = "\n".join(
        line for line in site.split("\n") if not any(f"id: {id_}," in line for id_ in ("file", "sort", "print"))
    )
    edition = press.edition(NOW, {"bad": incident("{archive: major_outage, gateway: major_outage}", ONLY)}, site=site)

    said = words.answer(edition.speeches["en"], edition.facts)[0]

    assert said.count("only in Geneva") == 1


def test_what_fails_in_every_way_for_some_is_not_said_of_each_way(press: Press) -> None:
    """Where all that a task needs is down for the same customers, they are not divided by what they need."""
    site = OURS.replace("services: [gateway, ", "services: [gateway: {for: {en: customers of the gateway}}, ")
    edition = press.edition(NOW, {"bad": incident("{archive: major_outage, gateway: major_outage}", ONLY)}, site=site)

    (limitation,) = edition.facts.tasks[0].told

    assert (limitation.audience, limitation.who) == ({}, {"en": "only in Geneva"})
