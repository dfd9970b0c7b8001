"""Events: write a maintenance as the entry of a calendar, in one language."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from generator.facts import IncidentFacts
from generator.formats import words
from generator.formats.calendar.description import paragraphs
from generator.formats.edition import Edition
from generator.formats.one_line import one_line
from generator.model import Kind

_LINE_BREAKS = re.compile("\r\n?|[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
"""Everything that some reader or other takes for the end of a line, but for the one that counts."""
_NOT_TEXT = re.compile("[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff]")
"""What a text may not hold (RFC 5545, section 3.1, `CONTROL`), and what UTF-8 cannot."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A maintenance. It is made of what was told alone, so that it does not change while time passes."""

    uid: str
    """Permanent, and the same in every language and calendar: it is the same event."""
    start: datetime
    end: datetime
    created: datetime
    changed: datetime
    sequence: int
    """How many times it was moved or called off: what tells clients to take it anew."""
    cancelled: bool
    summary: str
    language: str
    """BCP 47 tag of the summary."""
    description: str
    url: str
    categories: tuple[str, ...]


def event(edition: Edition, lang: str, facts: IncidentFacts) -> Event:
    """Return a maintenance as an event; it must have a window."""
    if facts.window is None:
        raise ValueError(f"{facts.incident.id} has no window")
    speech, off = edition.speeches[lang], facts.cancelled or facts.retracted
    url = edition.addresses.absolute(edition.addresses.incident(lang, facts.incident))
    title = words.title(speech, edition.site, facts)
    summary, source = title.text, edition.speeches.get(title.lang)
    if off:  # many clients show no STATUS
        label = speech.gettext("Withdrawn") if facts.retracted else speech.gettext("Cancelled")
        summary = speech.gettext("{label} – {title}", label=label, title=summary)
    kind = words.kind_name(speech, Kind.MAINTENANCE)
    services = [words.service_names(speech, edition.site, [id_]) for id_ in facts.services]
    return Event(
        uid=named(edition, facts.incident.id),
        start=facts.window.start,
        end=facts.window.end,
        created=facts.told,
        changed=changed(facts, edition.facts.now),
        sequence=facts.window_changes + (1 if off else 0),
        cancelled=off,
        summary=one_line(summary),
        language=source.tag if source else title.lang,
        description=clean("\n\n".join([*paragraphs(edition, lang, facts), url])),
        url=url,
        categories=tuple(one_line(name) for name in (kind, *services)),
    )


def changed(facts: IncidentFacts, now: datetime) -> datetime:
    """Return when something was last said of a maintenance, a correction of the words included."""
    incident = facts.incident
    times = [facts.last_told]
    times += [update.corrected for update in facts.updates if update.corrected and update.corrected <= now]
    if facts.cancelled and incident.cancelled:
        times.append(incident.cancelled)
    if facts.retracted and incident.retracted:
        times.append(incident.retracted.at)
    return max(times)


def named(edition: Edition, name: str) -> str:
    """Return a name that is unique in the world (RFC 5545, section 3.8.4.7)."""
    host = edition.site.feed_authority.partition(",")[0].rpartition("@")[2]
    return f"{name}@{host}"


def clean(text: str) -> str:
    """Return a text with plain line breaks and without control characters."""
    return _NOT_TEXT.sub("", _LINE_BREAKS.sub("\n", text)).strip()
