"""Bodies: write each word of a story as plain text, in one language, as the feeds do."""

from __future__ import annotations

from collections.abc import Iterator

from generator import markup
from generator.facts import Word, carries_long_text, who_is_affected
from generator.formats import words
from generator.formats.edition import Edition
from generator.formats.entries import Entry, entry
from generator.formats.statuspage.notation import plain
from generator.formats.statuspage.stories import Story
from generator.i18n import N_, Speech, Spoken
from generator.model import Kind

REVIEW, IN_DETAIL = N_("Review"), N_("In detail")


def bodies(edition: Edition, lang: str, story: Story) -> list[str]:
    """Return what each word says, oldest first; paragraphs are apart by an empty line."""
    return [_body(edition, lang, story, word) for word in story.words]


def _body(edition: Edition, lang: str, story: Story, word: Word) -> str:
    told = entry(edition, lang, story.facts, word)
    blocks = _blocks(edition, lang, story, word, told)
    return plain("\n\n".join(block for block in blocks if block)) or told.label


def _blocks(edition: Edition, lang: str, story: Story, word: Word, entry: Entry) -> Iterator[str]:
    speech, incident = edition.speeches[lang], story.facts.incident
    yield " ".join(entry.leads)
    yield words.affected(speech, edition.site, who_is_affected(incident, word.updates))
    if entry.text.text:
        yield _prose(speech, entry.text)
    yield " ".join(entry.facts)
    yield " ".join(entry.notes)
    if entry.update and carries_long_text(story.facts, entry.update):
        yield speech.gettext(REVIEW if incident.kind is Kind.INCIDENT else IN_DETAIL)
        yield _prose(speech, speech.text(incident.long_text, edition.languages))


def _prose(speech: Speech, spoken: Spoken) -> str:
    text = markup.plain(spoken.text)
    if spoken.translated:
        return text
    return f"{speech.gettext('Not translated yet; the original follows.')}\n\n{text}"
