"""What stands on an entry: the answers first, each said once, and nothing that no longer holds."""

from __future__ import annotations

import re

import pytest

from generator.formats.edition import Edition
from generator.formats.html import cards, lines, links
from generator.formats.html.pages import incident, overview, service
from tests.generator.formats.conftest import SITE, Press

DELAYED = """\
services: {gateway: degraded_performance}
started: 2024-02-20 09:12
updates:
  - {at: 2024-02-20 09:40, status: investigating, mail: delayed, action: none, next_update: 2024-02-20 12:00}
  - {at: 2024-02-20 11:55, status: identified, mail: delayed, action: contact-support, next_update: 2024-02-20 15:30}
"""
FALSE = """\
services: {gateway: partial_outage}
started: 2024-02-20 10:00
retracted: {at: 2024-02-20 10:40}
updates:
  - {at: 2024-02-20 10:05, status: investigating, action: check-quarantine}
"""
PLANNED = """\
kind: maintenance
services: {gateway: under_maintenance}
window: {from: 2024-02-21 22:00, to: 2024-02-22 02:00}
updates:
  - {at: 2024-02-20 08:00, status: scheduled}
"""
WATCHED = """\
title: {{de: Warnung, fr: Alerte, en: Warning}}
services: {services}
started: 2024-02-20 09:12
updates:
  - {{at: 2024-02-20 09:40, status: monitoring}}
"""
CONTACT = """\
contacts:
  - {kind: chat, label: Chat, target: "https://support.example.ch"}
"""
NOON = "2024-02-20 13:00"


def page(press: Press, text: str, now: str = NOON) -> dict[str, object]:
    """Return what the English page of an entry shows."""
    made = press.edition(now, {"trouble": text})
    (found,) = incident.pages(made)
    return found.view("en")


def card(made: Edition) -> cards.Card:
    """Return an entry as a card in English."""
    return cards.card(made, "en", made.facts.incident("trouble"))


def plain(text: str) -> str:
    """Return a text with ordinary spaces."""
    return re.sub("[\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}]", " ", text)


def test_a_card_does_not_repeat_its_title(press: Press) -> None:
    """A composed title names services and state; the line below it has only what the title lacks."""
    made = card(press.edition(NOON, {"trouble": DELAYED.replace("degraded_performance", "major_outage")}))

    assert (made.title.text, made.state) == ("Gateway: major outage", "Since 09:12")


@pytest.mark.parametrize(
    ("lang", "title", "state"),
    [
        ("de", "Gateway: Beeinträchtigung", "Seit 09:12 Uhr"),
        ("fr", "Gateway : perturbations", "Depuis 09:12"),
        ("en", "Gateway: degraded performance", "Since 09:12"),
    ],
)
def test_a_card_does_not_say_its_title_in_another_form(press: Press, lang: str, title: str, state: str) -> None:
    """The state that a title names is not said again, though the name of the state is another word there."""
    made = press.edition(NOON, {"trouble": DELAYED.replace("mail: delayed, ", "")})

    shown = cards.card(made, lang, made.facts.incident("trouble"))

    assert (plain(shown.title.text), plain(shown.state)) == (title, state)


def test_a_card_says_what_its_title_does_not(press: Press) -> None:
    """A written title may say neither state nor services; then the line below it does."""
    made = card(press.edition(NOON, {"trouble": "title: {de: x, fr: x, en: Trouble}\n" + DELAYED}))

    assert made.state == "Delays · since 09:12 · Gateway"


def test_a_card_of_what_works_again_claims_no_outage(press: Press) -> None:
    """Once its services work again, an open incident shows how far it has come, not what it did."""
    text = DELAYED.replace("degraded_performance", "major_outage").replace(
        "identified,", "monitoring, services: {gateway: operational},"
    )

    made = card(press.edition(NOON, {"trouble": text}))

    assert made.worst == "operational"
    assert (made.title.text, made.state, made.since) == ("Gateway", "Monitoring · 09:12–11:55", "")


@pytest.mark.parametrize("lang", ["de", "fr", "en"])
def test_what_works_again_is_not_said_to_go_on(press: Press, lang: str) -> None:
    """Card, page and row of what is only watched say from when to when it lasted: nobody has watched it since then."""
    text = DELAYED.replace("identified,", "monitoring, services: {gateway: operational},")
    made = press.edition(NOON, {"trouble": text})
    found = made.facts.incident("trouble")

    card, (page,) = cards.card(made, lang, found), incident.pages(made)
    said = [card.state, str(page.view(lang)["when"]), lines.line(made, lang, found).when]

    assert all("09:12–11:55" in each for each in said)
    assert (page.view(lang)["since"], page.view(lang)["title"].text) == ("", "Gateway")


def test_a_line_gives_each_service_its_own_state(press: Press) -> None:
    """A row of what is over names no service beside a state that another one had."""
    text = DELAYED.replace("{gateway: degraded_performance}", "{gateway: degraded_performance, archive: major_outage}")

    made = press.edition(NOON, {"trouble": f"{text}  - {{at: 2024-02-20 12:30, status: resolved}}\n"})

    line = lines.line(made, "en", made.facts.incident("trouble"))
    assert line.how == "Resolved · Major outage: Archive · Degraded performance: Gateway"


def test_a_cell_begins_with_a_capital(press: Press) -> None:
    """What stands alone in a row or under a title opens like a sentence, even with a preposition."""
    lasting = DELAYED.replace("started: 2024-02-20 09:12", "started: 2024-02-19")
    made = press.edition(NOON, {"trouble": lasting + "  - {at: 2024-02-21, status: resolved}\n"})
    over = press.edition("2024-02-23 09:00", {"trouble": lasting + "  - {at: 2024-02-21, status: resolved}\n"})

    rows = [lines.line(edition, "fr", edition.facts.incident("trouble")) for edition in (made, over)]

    assert [plain(line.when) for line in rows] == ["Depuis le 19 février 2024", "Du 19 au 21 février 2024"]


def test_an_incident_of_unknown_services_is_not_green(press: Press) -> None:
    """While nobody has said which services fail, the card and the page are as alert as the answer."""
    text = (
        "title: {en: Something is wrong}\nservices: {}\nupdates:\n  - {at: 2024-02-20 10:00, status: investigating}\n"
    )

    made = press.edition(NOON, {"trouble": text})

    assert card(made).worst == made.facts.answer.status == page(press, text)["field"] == "degraded_performance"


def test_a_card_says_first_what_is_asked_first(press: Press) -> None:
    """What becomes of mail, what to do and when more follows stand together, today without a date."""
    made = card(press.edition(NOON, {"trouble": DELAYED}))

    assert [said.text for said in made.advice] == [
        "Mail is delayed, not lost.",
        "Please contact support.",
        "Next update by 15:30.",
    ]


def test_a_broken_promise_comes_first(press: Press) -> None:
    """That the next word is overdue is said before everything else."""
    made = card(press.edition("2024-02-20 16:00", {"trouble": DELAYED}))

    assert made.advice[0].text == "The next update was due at 15:30 and has not been posted yet."


def test_contact_is_one_tap_away(press: Press) -> None:
    """Who is asked to contact the support is led to the first contact, and an open incident names it anyway."""
    made = press.edition(NOON, {"trouble": DELAYED}, site=SITE + CONTACT)

    shown = card(made)

    first = links.contact_links(made, "en")[0]
    assert [said.href for said in shown.advice] == ["", first.href, ""]
    assert shown.contact == first


def test_a_page_shows_the_state_before_the_process(press: Press) -> None:
    """The head of an incident says what customers notice, and behind it how far we have come."""
    assert page(press, DELAYED)["state"] == "Delays · Identified"


def test_older_updates_do_not_repeat_what_holds(press: Press) -> None:
    """An older update keeps what it alone said; what still holds and what was promised for earlier is left out."""
    shown = page(press, DELAYED)

    assert shown["newest"].facts == ()
    assert [entry.facts for entry in shown["older"]] == [("You do not need to do anything.",)]


def test_a_false_alarm_claims_nothing(press: Press) -> None:
    """What was taken back has no period, no state of services and no instruction; it is called what it was."""
    shown = page(press, FALSE)

    assert (shown["kind"], shown["state"], shown["when"]) == ("False alarm", "Withdrawn", "")
    assert (shown["advice"], shown["course"], shown["worst"]) == ([], None, "")
    assert [entry.facts for entry in shown["older"]] == [()]


def test_an_incident_that_stops_no_service_is_not_called_operational(press: Press) -> None:
    """What disturbs no service is told by how far we have come, once: nothing is so, nor is watched, since it began."""
    watched = WATCHED.format(services="{}")
    made = press.edition(NOON, {"trouble": watched})

    assert (card(made).state, card(made).since) == ("Monitoring", "")
    assert (page(press, watched)["state"], page(press, watched)["when"]) == ("Monitoring", "")


@pytest.mark.parametrize(
    ("more", "when", "planned"),
    [
        ("{at: 2024-02-22 00:00, status: completed}", "21 February, 22:00 to 22 February 2024, 00:00", True),
        ("{at: 2024-02-21 23:00, status: in_progress}", "21 February, 22:00 to 22 February 2024, 02:00", False),
    ],
)
def test_maintenance_that_is_over_tells_when_it_was(press: Press, more: str, when: str, planned: bool) -> None:
    """What was done sooner than planned stands in lists as long as it took; its page has the plan beside it."""
    text, now = f"{PLANNED}  - {more}\n", "2024-02-22 12:00"
    made = press.edition(now, {"trouble": text})

    shown, facts = lines.line(made, "en", made.facts.incident("trouble")), page(press, text, now)["facts"]

    assert plain(shown.when) == when
    assert isinstance(facts, list)
    assert [plain(fact.value.text) for fact in facts if fact.label == "Planned"] == planned * [
        "21 February, 22:00 to 22 February 2024, 02:00"
    ]


@pytest.mark.parametrize(("text", "facts"), [("", []), (", text: {en: Be careful.}", ["all customers"])])
def test_a_notice_says_once_whom_it_concerns(press: Press, text: str, facts: list[str]) -> None:
    """A notice without words says in a sentence that it concerns all; one with words has that beside them."""
    notice = f"kind: notice\nupdates:\n  - {{at: 2024-02-20 08:00{text}}}\n"

    shown = card(press.edition(NOON, {"trouble": "title: {en: Phishing}\n" + notice}))

    assert [fact.value.text for fact in shown.facts] == facts
    assert bool(shown.last.leads) is not bool(facts)


def test_a_list_names_no_state_of_what_affected_no_service(press: Press) -> None:
    """An incident that never affected a service is told by how far it has come alone."""
    made = press.edition(NOON, {"trouble": WATCHED.format(services="{}")})

    assert lines.line(made, "en", made.facts.incident("trouble")).how == "Monitoring"


@pytest.mark.parametrize(("text", "mark"), [(PLANNED, "under_maintenance"), (FALSE, "none")])
def test_no_green_sign_stands_where_nothing_is_green(press: Press, text: str, mark: str) -> None:
    """Planned maintenance has the sign of maintenance in lists, a false alarm none."""
    made = press.edition(NOON, {"trouble": text})

    assert lines.line(made, "en", made.facts.incident("trouble")).worst == mark


def test_a_line_of_withdrawn_maintenance_says_when_it_would_have_been(press: Press) -> None:
    """Maintenance that was announced by mistake stands in lists with its time, by which they are ordered."""
    made = press.edition(NOON, {"trouble": "retracted: {at: 2024-02-20 10:40}\n" + PLANNED})

    shown = lines.line(made, "en", made.facts.incident("trouble"))

    assert (plain(shown.when), shown.how) == ("21 February, 22:00 to 22 February 2024, 02:00", "Withdrawn · Gateway")


def test_a_neighbour_begins_with_a_capital(press: Press) -> None:
    """The day that a link to the next entry opens with has a capital, as has every cell."""
    night = DELAYED.replace("2024-02-20 09:12", "2024-02-19 night")
    made = press.edition(NOON, {"before": FALSE.replace("02-20", "02-18"), "trouble": night})

    page = next(page for page in incident.pages(made) if "before" in page.address("en"))

    assert plain(page.view("en")["next"]["date"]) == "Overnight 19–20 February 2024"


def test_no_percentage_stands_alone_over_a_service_that_is_down(press: Press) -> None:
    """What figures do not cover yet stands before them: what is wrong today, and since when."""
    made = press.edition(NOON, {"trouble": DELAYED.replace("degraded_performance", "major_outage")})
    gateway = next(facts for facts in made.facts.services if facts.service.id == "gateway")

    shown = overview.row(made, "en", gateway)

    assert shown["figures"] == "today: down since 09:12 · 90 days: 100%"
    assert shown["sound"] is False


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("de", "heute zeitweise ausgefallen"),
        ("fr", "panne plus tôt dans la journée"),
        ("en", "earlier today: down"),
    ],
)
def test_what_is_over_today_is_not_told_as_lasting(press: Press, lang: str, said: str) -> None:
    """A service that works again says that it was down earlier today, not that it is down."""
    over = DELAYED.replace("degraded_performance", "major_outage").replace("identified, mail: delayed", "resolved")
    over = over.replace(", action: contact-support, next_update: 2024-02-20 15:30", "")
    made = press.edition(NOON, {"trouble": over})
    gateway = next(facts for facts in made.facts.services if facts.service.id == "gateway")

    shown = overview.row(made, lang, gateway)

    assert shown["figures"].startswith(f"{said} · ")


def test_a_missing_translation_is_labelled_where_no_element_can(press: Press) -> None:
    """A title that stands in another language is named as such in the tab too."""
    shown = page(press, "title: {de: Störung}\n" + DELAYED)

    assert "Störung (in German)" in str(shown["tab"])


@pytest.mark.parametrize(("lang", "said"), [("de", "Empfangen"), ("fr", "recevoir"), ("en", "receive")])
def test_what_a_service_is_used_for_reads_on(press: Press, lang: str, said: str) -> None:
    """After "Used for:" a task stands within a sentence, without the capital that it has as a heading."""
    made = press.edition(NOON, {"trouble": DELAYED})

    page = next(page for page in service.pages(made) if "gateway" in page.address(lang))

    assert [task.text for task in page.view(lang)["tasks"]] == [said]


@pytest.mark.parametrize(("lang", "said"), [("de", "Empfang"), ("fr", "recevoir"), ("en", "receiving")])
def test_what_a_service_is_used_for_is_what_customers_do(press: Press, lang: str, said: str) -> None:
    """A task is named as within the answer: its name may list ways that are not this service's."""
    site = SITE.replace("en: Receive}", "en: Receive in an app or by webmail}, doing: {de: Empfang, en: receiving}")
    made = press.edition(NOON, {"trouble": DELAYED}, site=site)

    page = next(page for page in service.pages(made) if "gateway" in page.address(lang))

    assert [task.text for task in page.view(lang)["tasks"]] == [said]
