"""Entries: show what was said on an incident, word by word, for pages and feeds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from generator.facts import TAKEN_BACK, IncidentFacts, WindowChange, Word, window_change, words_told
from generator.formats import words
from generator.formats.edition import Edition
from generator.i18n import N_, Speech, Spoken, exact
from generator.model import Kind, Moment, Update
from generator.time_slots import instant

CHANGED: Mapping[WindowChange, str] = {
    # NOTE: What happened to a maintenance.
    WindowChange.EXTENDED: N_("Extended"),
    # NOTE: What happened to a maintenance.
    WindowChange.MOVED: N_("Moved"),
}
"""What an update is called that changes when a maintenance takes place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One word on an incident, in one language."""

    key: str
    """Permanent within the incident."""
    at: Moment
    """When it was told; where nobody noted it, when what it tells took place, if that is known."""
    machine: str
    """`at` for machines, only as exactly as it is known: an instant, a local date, or nothing."""
    told: datetime
    label: str
    """What it is: "Investigating", "Resolved", "Withdrawn" …"""
    leads: tuple[str, ...]
    """Composed sentences, to be said before the text."""
    text: Spoken
    """What was written, as Markdown; empty text if nothing was."""
    facts: tuple[str, ...] = ()
    """What becomes of mail, what to do, when more follows: to be said after the text."""
    notes: tuple[str, ...] = ()
    """What is to be known of the word itself: that it came late, that it was corrected."""
    update: Update | None = None
    """None for a withdrawal or cancellation."""
    clock: bool = False
    """Whether the clock brought it, and nobody wrote it."""

    @property
    def anchor(self) -> str:
        """Return the fragment that leads to it on the incident's page."""
        return "u-" + "".join(c if c.isalnum() or c == "-" else "-" for c in self.key).lower()


def entries(edition: Edition, lang: str, facts: IncidentFacts) -> list[Entry]:
    """Return everything that was said on an incident by `now`, newest first."""
    return [entry(edition, lang, facts, word) for word in words_told(facts, edition.facts.now)][::-1]


def entry(edition: Edition, lang: str, facts: IncidentFacts, word: Word) -> Entry:
    """Return one word on an incident as it stands in `facts`."""
    if word.update is None:
        return _ending(edition, lang, facts, word)
    speech, update = edition.speeches[lang], word.update
    return Entry(
        key=update.key,
        at=update.dated,
        machine=_machine(speech, update.dated),
        told=update.told,
        label=label(edition, lang, facts, update),
        leads=tuple(words.update_lead(speech, edition.site, facts, update, edition.phrases)),
        text=speech.text(update.text, edition.languages),
        facts=tuple(words.update_facts(speech, update)),
        notes=tuple(words.update_notes(speech, facts, update)),
        update=update,
        clock=word.clock,
    )


def label(edition: Edition, lang: str, facts: IncidentFacts, update: Update) -> str:
    """Name what an update is: what it changes, else its status; the first of a notice is the notice."""
    speech = edition.speeches[lang]
    if update.sightings:
        return speech.gettext(words.DETECTED)
    change = window_change(facts.incident, facts.updates, update)
    if change is not None:
        return speech.gettext(CHANGED[change])
    if update.status is not None:
        return words.update_status_name(speech, update.status)
    first = update is facts.updates[0]
    if facts.incident.kind is Kind.MAINTENANCE:
        return speech.gettext("Announced") if first else speech.gettext("Update")
    return words.kind_name(speech, facts.incident.kind) if first else speech.gettext("Update")


def _machine(speech: Speech, at: Moment) -> str:
    if at.first is None:
        return ""
    return speech.local_date(at.first).isoformat() if at.rough else instant(at.first)


def _ending(edition: Edition, lang: str, facts: IncidentFacts, word: Word) -> Entry:
    """Return the word that takes an incident back or calls a maintenance off."""
    retraction, speech = facts.incident.retracted, edition.speeches[lang]
    if word.key == TAKEN_BACK:
        name, lead = speech.gettext("Withdrawn"), speech.gettext(words.MISTAKEN[facts.incident.kind])
    else:
        name, lead = speech.gettext("Cancelled"), speech.gettext("This maintenance will not take place.")
    reason = retraction.reason if retraction and word.key == TAKEN_BACK else {}
    return Entry(
        key=word.key,
        at=exact(word.told),
        machine=_machine(speech, exact(word.told)),
        told=word.told,
        label=name,
        leads=(lead,),
        text=speech.text(reason, edition.languages),
    )
