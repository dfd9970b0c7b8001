"""Items: write an item of a feed, in one language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from html import escape

from generator import markup
from generator.facts import IncidentFacts, Word, as_of, carries_long_text
from generator.formats import words
from generator.formats.edition import Edition
from generator.formats.entries import Entry
from generator.formats.entries import entry as entry_of
from generator.formats.feeds.posts import Post
from generator.formats.one_line import one_line
from generator.i18n import N_, Speech, Spoken
from generator.model import Impact, Kind, Update

REVIEW, IN_DETAIL = N_("Review"), N_("In detail")
_NOT_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One word on an incident, ready for every feed format."""

    id: str
    """Permanent; differs by language, for readers drop what has an id they know."""
    url: str
    first: str
    """The id of the first word on the incident."""
    title: str
    html: str
    text: str
    told: datetime
    modified: datetime | None
    language: str
    """BCP 47 tag."""
    word: Word
    facts: IncidentFacts
    """How the incident stood then."""

    @property
    def changed(self) -> datetime:
        """Return when it was last changed."""
        return self.modified or self.told

    @property
    def tags(self) -> list[str]:
        """Return what to filter by: the services, the status (of a notice: that it is one), and the impact, if any."""
        impact = [self.facts.impact] if self.facts.impact is not Impact.NONE else []
        return [*self.facts.services, self.word.status or self.facts.incident.kind, *impact]


def item(edition: Edition, lang: str, post: Post) -> Item:
    """Return a word on an incident in one language."""
    speech, word = edition.speeches[lang], post.word
    then = as_of(edition.site, post.facts, word)
    entry = entry_of(edition, lang, then, word)
    title = words.title(speech, edition.site, then).text
    blocks = list(_blocks(edition, speech, then, entry))
    page = edition.addresses.absolute(edition.addresses.incident(lang, then.incident))
    return Item(
        id=_id(edition, lang, then, word.key, word.update),
        url=f"{page}#{entry.anchor}",
        first=_id(edition, lang, then, then.updates[0].key, then.updates[0]),
        title=one_line(speech.gettext("{label} – {title}", label=entry.label, title=title)),
        html=clean("\n".join(html for html, _ in blocks)),
        text=clean("\n\n".join(text for _, text in blocks)),
        told=post.told,
        modified=post.modified,
        language=speech.tag,
        word=word,
        facts=then,
    )


def _id(edition: Edition, lang: str, then: IncidentFacts, key: str, update: Update | None) -> str:
    """Return the id of the word with a key: by the incident that it was told under first, if another took it over."""
    under = update.told_under if update else ""
    return tag_uri(edition, under or then.incident.id, key, lang)


def tag_uri(edition: Edition, *segments: str) -> str:
    """Return a name that is the site's for ever (RFC 4151)."""
    return f"tag:{edition.site.feed_authority}:{'/'.join(segments)}"


def clean(text: str) -> str:
    """Return a text without the characters that XML cannot hold."""
    return _NOT_XML.sub("", text)


def _blocks(edition: Edition, speech: Speech, then: IncidentFacts, entry: Entry) -> Iterator[tuple[str, str]]:
    """Yield each block of the content as HTML and as plain text."""
    if entry.leads:
        yield _paragraph(" ".join(entry.leads))
    who = speech.text(then.who, edition.languages)
    if who.text:
        yield _affected(edition, speech, who)
    if entry.text.text:
        yield _prose(edition, speech, entry.text)
    for sentences in (entry.facts, entry.notes):
        if sentences:
            yield _paragraph(" ".join(sentences))
    if entry.update and carries_long_text(then, entry.update):
        heading = speech.gettext(REVIEW if then.incident.kind is Kind.INCIDENT else IN_DETAIL)
        yield f"<h3>{escape(heading)}</h3>", heading
        yield _prose(edition, speech, speech.text(then.incident.long_text, edition.languages))
    closing = " · ".join(_closing(edition, speech, then))
    if closing:
        yield _paragraph(closing)


def _paragraph(text: str) -> tuple[str, str]:
    return f"<p>{escape(text)}</p>", text


def _affected(edition: Edition, speech: Speech, who: Spoken) -> tuple[str, str]:
    """Say who is affected; words in another language carry theirs."""
    text = speech.gettext("Affected: {who}", who=words.labelled(speech, who))
    if who.translated:
        return _paragraph(text)
    label = escape(words.foreign(speech, who))
    named = f'<span lang="{escape(_tag(edition, who))}">{escape(who.text)}</span> {label}'
    return f"<p>{speech.gettext('Affected: {who}', who=named)}</p>", text


def _tag(edition: Edition, spoken: Spoken) -> str:
    source = edition.speeches.get(spoken.lang)
    return source.tag if source else spoken.lang


def _prose(edition: Edition, speech: Speech, spoken: Spoken) -> tuple[str, str]:
    html, text = str(markup.render(spoken.text)).strip(), markup.plain(spoken.text)
    if spoken.translated:
        return html, text
    label = speech.gettext("Not translated yet; the original follows.")
    return f'<p>{escape(label)}</p>\n<div lang="{escape(_tag(edition, spoken))}">{html}</div>', f"{label}\n\n{text}"


def _closing(edition: Edition, speech: Speech, then: IncidentFacts) -> Iterator[str]:
    """Yield which services it is about, and when it was."""
    if then.services:
        yield words.service_names(speech, edition.site, then.services)
    if then.retracted or then.cancelled or then.incident.kind is Kind.NOTICE:
        return
    yield words.took_place(speech, then)
