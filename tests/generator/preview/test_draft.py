"""When a draft is another version, which every open page reloads for."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from generator.preview.draft import Draft
from generator.problems import Problem


def test_what_a_page_shows_makes_the_version(draft: Draft, typo: Problem) -> None:
    """Other files, problems or a failure are another version each."""
    drafts = [
        draft,
        replace(draft, signature="second"),
        replace(draft, problems=(typo,)),
        replace(draft, failure="templates/x.html:2: wrong"),
    ]

    assert len({draft.version for draft in drafts}) == 4


def test_a_build_without_news_is_no_other_version(draft: Draft, now: datetime) -> None:
    """The same files and problems are the same version, however long they hold, and reload nothing."""
    again = replace(draft, until=now, renew=lambda _: False, renew_after=timedelta(minutes=5))

    assert again.version == draft.version
