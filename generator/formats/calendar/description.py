"""Description: tell in an event what is planned, the last words on it, and what else still holds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from generator import markup
from generator.facts import IncidentFacts
from generator.formats import words
from generator.formats.edition import Edition
from generator.formats.entries import Entry, entries


def paragraphs(edition: Edition, lang: str, facts: IncidentFacts) -> Iterator[str]:
    """Yield a maintenance's paragraphs as plain text; made of words alone, so that no clock changes them."""
    speech, site = edition.speeches[lang], edition.site
    said: set[str] = set()
    if facts.services:
        services = words.service_names(speech, site, facts.services)
        concerns = speech.gettext("Planned maintenance: {services}.", services=services)
        said.add(concerns)
        yield concerns
    if facts.who:
        yield words.affected(speech, site, facts.who)
    written = [entry for entry in entries(edition, lang, facts) if not entry.clock]
    for entry, leads in _last_words(written):
        sentences = " ".join(lead for lead in leads if lead not in said)
        heading = f"{entry.label} · {speech.moment(entry.at)}"
        yield "\n".join(part for part in (heading, sentences, *_text(edition, lang, entry)) if part)
        said.update(leads)
    if not (facts.cancelled or facts.retracted):
        yield from (sentence for sentence in _standing(edition, lang, facts) if sentence not in said)


def _last_words(said: Sequence[Entry]) -> Iterator[tuple[Entry, tuple[str, ...]]]:
    """Yield the newest word, the newest that somebody wrote, and that it was called off, with their sentences.

    An older word's time of the work is left out: it may no longer be right.
    """
    written = next((entry for entry in said if entry.text.text or (entry.update and entry.update.phrases)), None)
    for place, entry in enumerate(said):
        if place == 0 or entry.update is None:
            yield entry, entry.leads
        elif entry is written:
            yield entry, () if entry.update.window else entry.leads


def _text(edition: Edition, lang: str, entry: Entry) -> Iterator[str]:
    if entry.text.text:
        if not entry.text.translated:
            yield edition.speeches[lang].gettext("Not translated yet; the original follows.")
        yield markup.plain(entry.text.text)


def _standing(edition: Edition, lang: str, facts: IncidentFacts) -> Iterator[str]:
    """Yield what happens to mail and what to do, as last told."""
    speech = edition.speeches[lang]
    mail = next((update.mail for update in reversed(facts.updates) if update.mail), None)
    action = next((update.action for update in reversed(facts.updates) if update.action), None)
    if mail:
        yield words.mail_sentence(speech, mail)
    if action:
        yield words.action_sentence(speech, action)
