"""Fate: say what becomes of mail, what to do, and when more follows."""

from __future__ import annotations

from datetime import date

from generator.facts import IncidentFacts
from generator.formats.words.names import action_sentence, mail_sentence
from generator.formats.words.updates import NEXT_UPDATE
from generator.i18n import N_, Forms, Speech
from generator.model import Action, MailFate, Precision, Update

NEXT_TODAY: Forms = {
    (Precision.MINUTE, False): N_("Next update by {time}."),
    (Precision.MINUTE, True): N_("Next update at about {time}."),
    (Precision.DAY, False): N_("Next update today."),
    (Precision.MORNING, False): N_("Next update this morning."),
    (Precision.AFTERNOON, False): N_("Next update this afternoon."),
    (Precision.EVENING, False): N_("Next update this evening."),
}


def fate(speech: Speech, facts: IncidentFacts, today: date) -> list[tuple[str, Action | None]]:
    """Return the sentences, each with the action that it asks for; none of what was taken back."""
    if facts.retracted:
        return []
    said = _told(speech, facts.mail, facts.action)
    if facts.next_update is None:
        return said
    if facts.overdue:
        when = speech.on(facts.next_update, today=today)
        late = speech.gettext("The next update was due {when} and has not been posted yet.", when=when)
        return [(late, None), *said]
    return [*said, (speech.fill(NEXT_UPDATE, facts.next_update, today=today, on_today=NEXT_TODAY), None)]


def new_fate(speech: Speech, facts: IncidentFacts, update: Update) -> list[str]:
    """Say what an update changed of what becomes of mail and what to do; what still holds is said for the whole."""
    if facts.retracted or not (update.mail or update.action):
        return []
    mail, action = None, None
    for earlier in facts.updates[: [told.key for told in facts.updates].index(update.key)]:
        mail, action = earlier.mail or mail, earlier.action or action
    changed = (
        update.mail if update.mail not in (mail, facts.mail) else None,
        update.action if update.action not in (action, facts.action) else None,
    )
    return [sentence for sentence, _ in _told(speech, *changed)]


def _told(speech: Speech, mail: MailFate | None, action: Action | None) -> list[tuple[str, Action | None]]:
    said: list[tuple[str, Action | None]] = []
    if mail is not None:
        said.append((mail_sentence(speech, mail), None))
    if action is not None:
        said.append((action_sentence(speech, action), action))
    return said
