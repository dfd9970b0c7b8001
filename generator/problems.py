"""Problems in the content: their codes, and how they are reported."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

CODES: Mapping[str, str] = {
    "accent-contrast": "The accent has too little contrast with a background: text needs 7:1, in each scheme.",
    "adopted-elsewhere": "`adopts:` names an automatic incident on services that this one does not name.",
    "adopted-twice": "Two incidents adopt the same automatic one; it belongs to the older one.",
    "bad-authority": "`feed_authority` cannot be used in tag URIs (RFC 4151): a domain, a comma, a year you held it.",
    "bad-colour": "A colour is not written as `#rrggbb`.",
    "bad-font": "A font file is not WOFF2, or is incomplete.",
    "bad-id": "A file name or an `id:` may contain only lower-case letters, digits and hyphens, at most 100.",
    "bad-event": "A file in incidents/auto/ was not written by a prober; it is left out.",
    "bad-interval": "A duration is not written like `20s` or `15m`, or is out of bounds.",
    "bad-observations": "A file in observations/ does not come from a prober in status.yaml; it is left out.",
    "bad-picture": "The content of a logo does not match its file name, or has no size.",
    "bad-time": "A time or date is not in a form that lagebild understands, or does not exist.",
    "bad-url": "An address is not valid: `url:`, the target of a contact, or a link.",
    "broken-catalog": "A site's own messages.po cannot be used, or a translation has other `{placeholders}`.",
    "broken-style": "A site's own stylesheet has an unclosed comment or an unmatched brace.",
    "broken-template": "A site's own template cannot be compiled, or lacks a macro that pages need.",
    "cause-found": "`cause` is unknown although an update says that it is identified.",
    "control-character": "A character that texts, feeds or pages cannot hold, or that reverses the text after it.",
    "duplicate-id": "An id is already taken; ids are permalinks, unique across all years.",
    "duplicate-update": "Two updates of an incident have the same key; one needs an `id:` of its own.",
    "empty-value": "A key has no value.",
    "ended-before-started": "`ended` is before `started`.",
    "event-deleted": "A published event file is missing or damaged, and incidents/removed.yaml does not say why.",
    "far-future": "A time is more than two years ahead: the year is mistyped.",
    "foreign-address": "A site's own stylesheet loads something from elsewhere, which no page may do.",
    "future-time": "An update is in the future; it is shown only from then on.",
    "image": "Markdown pictures are not shown, because pages load nothing from third parties.",
    "incident-deleted": "A published incident is missing, and incidents/removed.yaml does not say why.",
    "incident-moved": "A published incident is in another folder, so its address has changed.",
    "incidents-lost": "With a new status.yaml or phrases.yaml, published incidents could not be shown.",
    "invalid-utf8": "A file is not UTF-8.",
    "merge-conflict": "Git has left conflict markers in a file.",
    "missing-file": "status.yaml, or a file that it names, does not exist.",
    "missing-key": "A required key is missing.",
    "missing-title": "A notice has no title, and there is nothing from which to compose one.",
    "missing-translation": "A text lacks one of the site's languages; it is shown in the source language and labelled.",
    "missing-folder": "There is no incidents/ folder, or something else is in its place.",
    "no-updates": "The incident has no updates.",
    "not-a-file": "A folder or a device is in the place of a file.",
    "orphan-text": "A Markdown file belongs to no incident.",
    "orphaned-incident": "The check or prober of an automatic incident is not in status.yaml; nothing will close it.",
    "outside-tree": "A symbolic link points outside the tree, or to a folder.",
    "phrase-parameters": "`phrase:` does not give the values that the sentence needs.",
    "phrase-placeholders": "The languages of a phrase have different `{placeholders}`, or a brace belongs to none.",
    "plain-secret": "A password or token is in status.yaml itself, and git keeps it permanently.",
    "proposed-incident": "The probers have found something that is not shown until staff adopt it.",
    "raw-html": "A text contains raw HTML, which would be shown as written.",
    "relative-link": "A link is not a full address, so it would not work in a feed.",
    "removed-yet-there": "incidents/removed.yaml names an incident that is still there, and therefore shown.",
    "reserved-id": "An id is reserved: the site uses it for a badge.",
    "resolved-before-started": "The incident was resolved before it started.",
    "silent-correction": "An update differs from the compared commit, but has no `corrected:`.",
    "text-too-long": "A Markdown text is over 16,000 bytes, or another text over 500 characters.",
    "time-ambiguous": "A local time occurs twice, on the night when the clocks go back; it needs an offset.",
    "time-in-gap": "A local time does not exist, on the night when the clocks go forward.",
    "too-deep": "YAML is nested deeper than 64 levels.",
    "too-few-canaries": "There are fewer than three hosts to tell whether the prober itself is offline.",
    "too-large": "A file is over 256 KiB, a font over 512 KiB.",
    "unadopted": "An automatic incident and one by staff are open on the same service; `adopts:` joins them.",
    "unknown-component": "A site's own template folder replaces no shipped component, and nothing uses it.",
    "unknown-group": "A service names a group that status.yaml does not have.",
    "unknown-incident": "`follows:` or `adopts:` names an incident that does not exist.",
    "unknown-key": "A key does not exist here.",
    "unknown-language": "A language, perhaps of a file's name, is not in status.yaml, or is not a language code.",
    "unknown-locale": "A locale is not in CLDR.",
    "unknown-phrase": "`phrase:` names a sentence that is not in locales/phrases.yaml.",
    "unknown-service": "A service is not in status.yaml.",
    "unknown-status": "A status that does not exist, or not for this kind of entry.",
    "unknown-time-zone": "A time zone that does not exist.",
    "unknown-value": "A value that is not one of those allowed.",
    "unreadable": "A file cannot be read.",
    "unsafe-link": "A link has a scheme other than https, http, mailto or tel.",
    "unsafe-picture": "A drawing contains a script or harmful content, links elsewhere, or repeats parts too often.",
    "update-after-resolved": "An update follows the one that resolved the incident.",
    "update-removed": "An update in the compared commit is missing.",
    "updates-not-last": "`updates` is not the last key, so new updates cannot simply be added at the end.",
    "updates-out-of-order": "A time is before one that it should follow.",
    "vague-time": "A time must be more precise here.",
    "window-reversed": "A maintenance ends before it starts.",
    "wrong-ending": "A file ends in .yml, and is therefore not read.",
    "wrong-kind": "A key does not apply to this kind of entry.",
    "wrong-type": "A mapping, a list, a text or a number was expected.",
    "yaml-alias": "YAML anchors and aliases are not supported.",
    "yaml-duplicate-key": "A key appears twice in one mapping.",
    "yaml-syntax": "The file is not YAML, or uses more of it than is supported.",
    "yaml-tag": "YAML tags are not supported.",
}
"""Every code a problem can have, and its meaning; docs/reference/problems.md is generated from it."""


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
    hint: str
    """What to do about it; never empty."""
    level: Level = Level.ERROR

    def __post_init__(self) -> None:
        """Hold the writer of a new problem to documenting its code."""
        if self.code not in CODES:
            raise ValueError(f"{self.code} is not in generator.problems.CODES")

    def __str__(self) -> str:
        """Say it the way compilers do: place, code, message, and the remedy on a line of its own."""
        place = f"{self.path}:{self.line}:{self.column}" if self.line else self.path
        label = "" if self.level is Level.ERROR else "warning: "
        return f"{_shown(place)}: {label}{self.code}: {_shown(self.message)}\n  hint: {_shown(self.hint)}"


def _shown(text: str) -> str:
    """Return a text in one line, with what cannot be shown as the escape that Python writes for it."""
    return _UNSHOWN.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


class BrokenError(Exception):
    """A template or catalog that cannot be used; the message says where and why."""


def did_you_mean(written: str, allowed: Iterable[str]) -> str:
    """Return a hint that names the closest allowed value, else all of them, or that there are none."""
    names = list(allowed)
    close = difflib.get_close_matches(written, names, n=1, cutoff=0.6)
    if close:
        return f'did you mean "{close[0]}"?'
    return "allowed: " + ", ".join(names) if names else "there is nothing yet that could stand here: remove it"


def has_errors(problems: Iterable[Problem]) -> bool:
    """Return whether any of them stops the build."""
    return any(problem.level is Level.ERROR for problem in problems)
