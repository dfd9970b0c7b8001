"""The two pages that speak every language at once: the root and 404.html."""

from __future__ import annotations

from collections.abc import Iterator

from generator.formats import words
from generator.formats.edition import Edition
from generator.formats.html.frame.assets import Assets
from generator.formats.html.frame.brand_parts import logo
from generator.formats.html.frame.environment import Renderer
from generator.formats.html.frame.here import Here, stamp, unknown
from generator.formats.html.lines import time_of
from generator.formats.html.links import feed_links
from generator.formats.html.page import View
from generator.formats.html.poster import picture
from generator.formats.output import Output
from generator.model import ServiceStatus


def outputs(edition: Edition, renderer: Renderer, assets: Assets) -> Iterator[Output]:
    """Yield the root and the page for addresses that do not exist."""
    first, status = edition.languages[0], edition.facts.answer.status
    yield Output(
        path="index.html",
        inputs=edition.inputs("index.html", *edition.state),
        render=lambda: renderer.render("root", first, _here(edition, assets, status), parts=_states(edition)),
        stamped=True,
    )
    yield Output(
        path="404.html",
        inputs=edition.inputs("404.html"),
        render=lambda: renderer.render("404", first, _here(edition, assets, None), parts=_lost(edition)),
    )


def _here(edition: Edition, assets: Assets, status: ServiceStatus | None) -> Here:
    """Return where a page stands that tells a state, or none."""
    first = edition.languages[0]
    speech = edition.speeches[first]
    return Here(
        path="",
        alternates={code: edition.addresses.overview(code) for code in edition.languages},
        addresses=edition.addresses,
        assets=assets,
        icon=assets.icons.showing(status),
        stamp=stamp(edition, speech),
        logo=logo(edition, speech, assets.brand),
        picture=picture(edition, first, telling=status is not None),
        webmanifest=edition.addresses.webmanifest(first),
    )


def _states(edition: Edition) -> list[View]:
    """Return the state at a glance: the headline and what is open, in each language."""
    facts = edition.facts
    return [
        {
            "t": speech,
            "path": edition.addresses.overview(code),
            "feeds": feed_links(edition, code),
            "headline": words.headline(speech, facts),
            "answer": words.answer(speech, facts),
            "open": [
                (title, words.foreign(speech, title), time_of(speech, found, today=facts.today))
                for found in (*facts.open, *facts.under_way)
                for title in [words.title(speech, edition.site, found)]
            ],
            "unknown": unknown(speech, facts.today),
            "as_of": speech.gettext("As of"),
            "date": speech.date(facts.today),
        }
        for code, speech in edition.speeches.items()
    ]


def _lost(edition: Edition) -> list[View]:
    return [
        {
            "t": speech,
            "path": edition.addresses.overview(code),
            "title": speech.gettext("Page not found"),
            "back": speech.gettext("Go to the overview"),
        }
        for code, speech in edition.speeches.items()
    ]
