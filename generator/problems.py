"""What can be wrong with the content, and how it is said."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

CODES: Mapping[str, str] = {
    "accent-contrast": "An accent stands out too little from the ground it is read on: text needs 7:1, in each scheme.",
    "adopted-elsewhere": "`adopts:` names an automatic incident on services that this one does not speak of.",
    "adopted-twice": "Two incidents adopt the same automatic one; the older one has it.",
    "bad-authority": "`feed_authority` cannot stand in tag URIs (RFC 4151): a domain, a comma, a year you held it.",
    "bad-colour": "A colour is not written as `#rrggbb`.",
    "bad-font": "A font does not hold WOFF2, or is cut off.",
    "bad-id": "A file name or an `id:` is not made of lower-case letters, digits and hyphens.",
    "bad-event": "A file below incidents/auto/ is not one that a prober wrote; it is left out.",
    "bad-interval": "A length of time is not one such as `20s` or `15m`, or out of bounds.",
    "bad-observations": "A file below observations/ is not what a prober of status.yaml last saw; it is left out.",
    "bad-picture": "A logo does not hold what its ending says, or has no size.",
    "bad-time": "A time or date is not of the form that is read, or not in the calendar.",
    "bad-url": "An address is not one: `url:`, the target of a contact, or that of a link.",
    "broken-catalog": "A site's own messages.po cannot be used, or a translation has other `{placeholders}`.",
    "broken-style": "A site's own stylesheet has a brace or a comment that is not closed, or a brace too many.",
    "broken-template": "A site's own template cannot be compiled, or lacks a macro that pages are made with.",
    "control-character": "A character that no text, feed or page can hold, or one that turns the text after it.",
    "duplicate-id": "An id is taken already; ids are permalinks, unique over all years.",
    "duplicate-update": "Two updates of an incident have the same key; one needs an `id:` of its own.",
    "empty-value": "A key has no value.",
    "ended-before-started": "`ended` lies before `started`.",
    "far-future": "A time lies more than two years ahead: the year is mistyped.",
    "foreign-address": "A site's own stylesheet fetches something from elsewhere, which no page does.",
    "future-time": "An update lies ahead; it shows only from then on.",
    "image": "Markdown pictures are not shown, since a page asks nobody else for anything.",
    "incident-deleted": "An incident file of the compared commit is gone; published incidents are never deleted.",
    "invalid-utf8": "A file is not UTF-8.",
    "merge-conflict": "Git left the markers of a conflict in a file.",
    "missing-file": "status.yaml is not there, or a file that it names.",
    "missing-key": "A key that must be written is not there.",
    "missing-title": "A notice has no title, and there is nothing to compose one from.",
    "missing-translation": "A text lacks one of the site's languages; it shows in the source language, labelled.",
    "missing-folder": "There is no incidents/ folder, or something else stands there.",
    "no-updates": "Nothing has been told about the incident yet.",
    "not-a-file": "A folder or a device stands where a file should be.",
    "orphan-text": "A Markdown file stands beside no incident.",
    "orphaned-incident": "What found an automatic incident is gone from status.yaml, so no prober will ever close it.",
    "outside-tree": "A symbolic link leads out of the tree, or to a folder.",
    "phrase-parameters": "`phrase:` does not give the values that the sentence takes.",
    "phrase-placeholders": "The languages of a phrase do not have the same `{placeholders}`.",
    "plain-secret": "A password or token stands in status.yaml itself, which git keeps for ever.",
    "proposed-incident": "The probers have seen something that is not shown before staff adopt it.",
    "raw-html": "A text holds raw HTML, which would be shown as written.",
    "relative-link": "A link without its full address, which would lead nowhere in a feed.",
    "reserved-id": "An id that the site uses itself, for a badge.",
    "resolved-before-started": "The incident was resolved before it started.",
    "silent-correction": "An update says something else than in the compared commit, without `corrected:`.",
    "text-too-long": "A Markdown text is over 16,000 bytes.",
    "time-ambiguous": "A wall time that comes twice, in the night when the clocks go back; it needs its offset.",
    "time-in-gap": "A wall time that does not exist, in the night when the clocks go forward.",
    "too-deep": "YAML is nested deeper than 64 levels.",
    "too-few-canaries": "Fewer than three hosts tell whether the prober itself is offline.",
    "too-large": "A file is over 256 KiB, a font over 512 KiB.",
    "unadopted": "An automatic incident and one by staff are open on the same service; `adopts:` makes them one.",
    "unknown-component": "A folder of a site's own is in the place of no shipped component, and nothing uses it.",
    "unknown-group": "A service names a group that status.yaml does not have.",
    "unknown-incident": "`follows:` or `adopts:` names an incident that does not exist.",
    "unknown-key": "A key that is not read here.",
    "unknown-language": "A language that status.yaml does not have, or no language code.",
    "unknown-locale": "A locale that CLDR does not have.",
    "unknown-phrase": "`phrase:` names a sentence that locales/phrases.yaml does not have.",
    "unknown-service": "A service that status.yaml does not have.",
    "unknown-status": "A status that does not exist, or not for this kind of entry.",
    "unknown-time-zone": "A time zone that does not exist.",
    "unknown-value": "A value that is not one of those allowed.",
    "unreadable": "A file cannot be read.",
    "unsafe-link": "A link with another scheme than https, http, mailto and tel.",
    "unsafe-picture": "A drawing holds a script or what may do harm, leads elsewhere, or repeats its parts too often.",
    "update-after-resolved": "An update follows the one that resolved the incident.",
    "update-removed": "An update of the compared commit is gone.",
    "updates-not-last": "`updates` is not the last key, so that a new update is not simply added at the end.",
    "updates-out-of-order": "A time lies before one it should follow.",
    "vague-time": "A time must be known more exactly here.",
    "window-reversed": "A maintenance ends before it starts.",
    "wrong-ending": "A file ends in .yml and is not read.",
    "wrong-kind": "A key that this kind of entry does not have.",
    "wrong-type": "A mapping, a list, a text or a number was expected.",
    "yaml-alias": "YAML anchors and aliases are not read.",
    "yaml-duplicate-key": "A key stands twice in one mapping.",
    "yaml-syntax": "The file is not YAML, or more than the plain part of it that is read.",
    "yaml-tag": "YAML tags are not read.",
}
"""Every code a problem can have, and what it means; docs/reference/problems.md is made from it."""


_UNSHOWN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
"""What ends a line, speaks to a terminal, or turns text unseen; the name of a file may hold any of it."""


class Level(StrEnum):
    """Whether a problem stops the build."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Problem:
    """A mistake in the content: where it is, what it is, and what helps.

    `line` and `column` count from 1; 0 means the file as a whole.
    """

    path: str
    line: int = 0
    column: int = 0
    code: str
    """kebab-case and stable; documented in docs/reference/problems.md."""
    message: str
    hint: str = ""
    level: Level = Level.ERROR

    def __post_init__(self) -> None:
        """Hold the writer of a new problem to documenting its code."""
        if self.code not in CODES:
            raise ValueError(f"{self.code} is not in generator.problems.CODES")

    def __str__(self) -> str:
        """Say it the way compilers do: place, code, message, and the hint on a line of its own."""
        place = f"{self.path}:{self.line}:{self.column}" if self.line else self.path
        label = "" if self.level is Level.ERROR else "warning: "
        hint = f"\n  hint: {_shown(self.hint)}" if self.hint else ""
        return f"{_shown(place)}: {label}{self.code}: {_shown(self.message)}{hint}"


def _shown(text: str) -> str:
    """Return a text in one line, with what cannot be shown as the escape that Python writes for it."""
    return _UNSHOWN.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


class BrokenError(Exception):
    """A template or catalog that cannot be used; the message says where and why."""


def did_you_mean(written: str, allowed: Iterable[str]) -> str:
    """Return a hint that names the closest allowed value, else all of them."""
    names = list(allowed)
    close = difflib.get_close_matches(written, names, n=1, cutoff=0.6)
    if close:
        return f'did you mean "{close[0]}"?'
    return "allowed: " + ", ".join(names) if names else ""


def has_errors(problems: Iterable[Problem]) -> bool:
    """Return whether any of them stops the build."""
    return any(problem.level is Level.ERROR for problem in problems)
