"""Embed: write for other sites a page for a frame, and a script that writes the current sentence.

The script reads a file of its own beside each page rather than status.json, which holds every fact and is many times
the size; the sentence in it is the headline of status.json, word for word.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from generator.brand.palette import SHEET
from generator.formats import words
from generator.formats.edition import Edition
from generator.formats.html.drawings.hashing import hashed
from generator.formats.html.frame import brand_parts
from generator.formats.html.frame.assets import Assets, compact, minified
from generator.formats.html.frame.environment import Renderer
from generator.formats.html.frame.here import Here, stamp
from generator.formats.output import Output, as_json

SCRIPT = "embed/status.js"
"""Customers paste this address, so it never changes."""

_SHEETS = ("css/embed.css", *(f"components/{name}/style.css" for name in ("mark", "stale", "status")))


def outputs(edition: Edition, renderer: Renderer, assets: Assets) -> Iterator[Output]:
    """Yield the stylesheet, the script, and in each language the page and what the script reads."""
    own = _assets(edition, assets)
    yield from own.outputs(edition)
    yield Output(path=SCRIPT, inputs=edition.inputs(SCRIPT), render=edition.templates["assets/embed.js"].encode)
    state = edition.facts.answer, tuple((one.status, one.for_all, one.last_reported) for one in edition.facts.services)
    for lang in edition.languages:
        page, sentence = f"embed/{lang}/", f"embed/{lang}/sentence.json"
        yield Output(
            path=edition.addresses.file(page),
            inputs=edition.inputs(page, *state),
            render=partial(_page, edition, renderer, own, lang, page),
        )
        yield Output(path=sentence, inputs=edition.inputs(sentence, *state), render=partial(_sentence, edition, lang))


def _assets(edition: Edition, assets: Assets) -> Assets:
    """Return the assets with a stylesheet and a script that hold no more than the small page needs.

    Of a brand, that is the accent.
    """
    first = (minified(edition.templates[SHEET]), *brand_parts.accent(edition.site.brand))
    data = "\n".join((*first, *(minified(edition.templates[path]) for path in _SHEETS))).encode()
    code = compact(edition.templates["assets/heartbeat.js"]).encode()
    style, script = hashed("embed.css", data), hashed("embed.js", code)
    return Assets(style=style, script=script, icons=assets.icons, files={style: data, script: code})


def _page(edition: Edition, renderer: Renderer, assets: Assets, lang: str, path: str) -> bytes:
    speech = edition.speeches[lang]
    here = Here(
        path=path,
        alternates={},
        addresses=edition.addresses,
        assets=assets,
        icon=assets.icons.showing(edition.facts.answer.status),
        stamp=stamp(edition, speech),
        overview=edition.addresses.overview(lang),
    )
    headline = words.headline(speech, edition.facts)
    return renderer.render(
        "embed",
        lang,
        here,
        headline=headline,
        brief=words.brief(speech, edition.facts),
        state=edition.facts.answer.status,
    )


def _sentence(edition: Edition, lang: str) -> bytes:
    """Return what the script reads: the words in one language, with a place for the time in one of them."""
    speech, facts = edition.speeches[lang], edition.facts
    said = {
        "lang": speech.tag,
        "dir": speech.direction,
        "status": facts.answer.status,
        "headline": words.headline(speech, facts),
        "unknown": speech.gettext("Status unknown since {time}.", time="{time}"),
        "link": speech.gettext("Go to the overview"),
    }
    return as_json(said)
