"""Last word: find what was last said of an incident, apart from how bad it is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from generator.facts.spans import closing_update
from generator.model import Action, Cause, Incident, Kind, MailFate, Moment, Text, Update, UpdateStatus

LATE_AFTER = timedelta(hours=1)
"""From this long after the beginning on, the first word came late."""


def told_by(incident: Incident, now: datetime) -> tuple[Update, ...]:
    """Return the updates that had been told by `now`, oldest first."""
    return tuple(update for update in incident.updates if update.told <= now)


def told_late(incident: Incident) -> bool:
    """Return whether the first word came late, however vaguely the beginning and the word are dated."""
    first, began = incident.updates[0], incident.started
    if incident.kind is not Kind.INCIDENT or began.last is None or first.at.first is None:
        return False
    return first.at.first - began.last >= LATE_AFTER


def fate(visible: Sequence[Update], *, over: bool) -> tuple[MailFate | None, Action | None]:
    """Return what happens to the mail and what to do; once over, only what was said with or after the end."""
    closing = closing_update(visible)
    if over:
        visible = visible[visible.index(closing) :] if closing else ()
    mail = next((update.mail for update in reversed(visible) if update.mail), None)
    return mail, next((update.action for update in reversed(visible) if update.action), None)


def who_is_affected(incident: Incident, visible: Sequence[Update]) -> Text:
    """Return who is affected, as last told; before staff take over what probers found, nobody has said."""
    last = next((update.who for update in reversed(visible) if update.who), None)
    by_staff = any(not update.told_under for update in visible)
    return last or (incident.who if by_staff else {})


def cause(incident: Incident, visible: Sequence[Update]) -> Cause | None:
    """Return whose fault it was; "unknown" does not stand against an update that told of a cause."""
    found = any(update.status is UpdateStatus.IDENTIFIED for update in visible)
    return None if found and incident.cause is Cause.UNKNOWN else incident.cause


def next_word(visible: Sequence[Update]) -> Moment | None:
    """Return when the next word is due; a word told since then keeps the promise."""
    for place, update in reversed(list(enumerate(visible))):
        promised = update.next_update
        if promised:
            kept = promised.first is not None and any(later.told >= promised.first for later in visible[place + 1 :])
            return None if kept else promised
    return None
