"""Panel: add to a page the problems, if there are any, and the script that reloads it."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from generator.preview.draft import Draft
from generator.problems import Level, Problem

SCRIPT = "/__lagebild__/reload.js"
STYLE = "/__lagebild__/preview.css"


def furnish(page: bytes, draft: Draft) -> bytes:
    """Return a page of a draft with what the preview adds at its end."""
    script = f'<script src="{SCRIPT}" data-version="{draft.version}" defer></script>\n'
    addition = f"{_panel(draft)}{script}".encode("utf-8", "backslashreplace")
    end = page.lower().rfind(b"</body>")
    return page + addition if end < 0 else page[:end] + addition + page[end:]


def _panel(draft: Draft) -> str:
    errors = [problem for problem in draft.problems if problem.level is Level.ERROR]
    warnings = [problem for problem in draft.problems if problem.level is Level.WARNING]
    told = f"{_failure(draft.failure)}{_list('error', errors)}{_list('warning', warnings)}"
    kind = "" if draft.failure or errors else " lagebild-problems--warnings"
    return told and (
        f'<link rel="stylesheet" href="{STYLE}">\n'
        f'<section class="lagebild-problems{kind}" lang="en" dir="ltr" tabindex="0" aria-label="Problems">\n'
        f"{told}</section>\n"
    )


def _failure(failure: str) -> str:
    return failure and f'<p class="lagebild-problems__failure">The build broke off: {escape(failure)}</p>\n'


def _list(word: str, problems: Sequence[Problem]) -> str:
    if not problems:
        return ""
    title = f"{len(problems)} {word}{'' if len(problems) == 1 else 's'}"
    items = "\n".join(f"<li>{_item(problem)}</li>" for problem in problems)
    return f'<h2 class="lagebild-problems__title">{title}</h2>\n<ul class="lagebild-problems__list">\n{items}\n</ul>\n'


def _item(problem: Problem) -> str:
    place = f"{problem.path}:{problem.line}:{problem.column}" if problem.line else problem.path
    hint = f'<span class="lagebild-problems__hint">hint: {escape(problem.hint)}</span>'
    return f"<code>{escape(place)}</code> <b>{escape(problem.code)}</b>: {escape(problem.message)}{hint}"
