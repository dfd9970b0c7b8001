"""What was said on an incident, word by word, as pages and feeds show it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from generator.facts import IncidentFacts
from generator.formats import words
from generator.formats.edition import Edition
from generator.i18n import N_, Speech, Spoken, exact
from generator.model import Kind, Moment, Update


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One update, or the word that something was taken back or called off, in one language."""

    key: str
    """Permanent within the incident."""
    at: Moment
    machine: str
    """`at` for machines, only as exactly as it was told: an instant, a local date, or nothing."""
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

    @property
    def anchor(self) -> str:
        """Return the fragment that leads to it on the incident's page."""
        return "u-" + "".join(c if c.isalnum() or c == "-" else "-" for c in self.key).lower()


def entries(edition: Edition, lang: str, facts: IncidentFacts) -> list[Entry]:
    """Return everything that was said on an incident by `now`, newest first."""
    said = [_update(edition, lang, facts, update) for update in facts.updates]
    return sorted([*said, *_endings(edition, lang, facts)], key=lambda entry: entry.told)[::-1]


def entry(edition: Edition, lang: str, facts: IncidentFacts, key: str) -> Entry:
    """Return one word by its key; KeyError if it was not said."""
    for update in facts.updates:
        if update.key == key:
            return _update(edition, lang, facts, update)
    for ending in _endings(edition, lang, facts):
        if ending.key == key:
            return ending
    raise KeyError(key)


def label(edition: Edition, lang: str, facts: IncidentFacts, update: Update) -> str:
    """Name what an update is: its status; on a notice the first is the notice, later ones say more."""
    speech = edition.speeches[lang]
    if update.sightings:
        return speech.gettext(words.DETECTED)
    if update.status is not None:
        return words.update_status_name(speech, update.status)
    first = update is facts.updates[0]
    if facts.incident.kind is Kind.MAINTENANCE:
        return speech.gettext("Announced") if first else speech.gettext("Update")
    return words.kind_name(speech, facts.incident.kind) if first else speech.gettext("Update")


def _update(edition: Edition, lang: str, facts: IncidentFacts, update: Update) -> Entry:
    speech = edition.speeches[lang]
    return Entry(
        key=update.key,
        at=update.at,
        machine=_machine(speech, update.at),
        told=update.told,
        label=label(edition, lang, facts, update),
        leads=tuple(words.update_lead(speech, edition.site, facts, update, edition.phrases)),
        text=speech.text(update.text, edition.languages),
        facts=tuple(words.update_facts(speech, update)),
        notes=tuple(words.update_notes(speech, facts, update)),
        update=update,
    )


def _machine(speech: Speech, at: Moment) -> str:
    if at.first is None:
        return ""
    return speech.local_date(at.first).isoformat() if at.rough else f"{at.first:%Y-%m-%dT%H:%M:%SZ}"


def _endings(edition: Edition, lang: str, facts: IncidentFacts) -> list[Entry]:
    """Return the words that take an incident back or call a maintenance off."""
    incident, speech = facts.incident, edition.speeches[lang]
    found = []
    if facts.retracted and incident.retracted is not None:
        at = incident.retracted.at
        reason = speech.text(incident.retracted.reason, edition.languages)
        found.append(("retracted", N_("Withdrawn"), N_("This was a false alarm."), at, reason))
    if facts.cancelled and incident.cancelled is not None:
        nothing = Spoken(text="", lang=lang, translated=True)
        called_off = N_("This maintenance will not take place.")
        found.append(("cancelled", N_("Cancelled"), called_off, incident.cancelled, nothing))
    return [
        Entry(
            key=key,
            at=exact(at),
            machine=_machine(speech, exact(at)),
            told=at,
            label=speech.gettext(name),
            leads=(speech.gettext(lead),),
            text=text,
        )
        for key, name, lead, at, text in found
    ]
