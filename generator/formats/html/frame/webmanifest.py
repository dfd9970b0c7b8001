"""site.webmanifest: what the site is called, and looks like, where it is kept as an app (W3C Web App Manifest)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from generator.formats.edition import Edition
from generator.formats.html.drawings.icons import APP
from generator.formats.html.frame.assets import Assets
from generator.formats.output import Output, as_json


def outputs(edition: Edition, assets: Assets) -> Iterator[Output]:
    """Yield the file of each language."""
    for lang in edition.languages:
        path = edition.addresses.webmanifest(lang)
        yield Output(path=path, inputs=edition.inputs(path), render=partial(_manifest, edition, assets, lang, path))


def _manifest(edition: Edition, assets: Assets, lang: str, path: str) -> bytes:
    speech, addresses, icons = edition.speeches[lang], edition.addresses, assets.icons
    name = speech.text(edition.site.name, edition.languages).text
    shown = {
        "name": f"{name} · {speech.gettext('Status')}",
        "short_name": name,
        "description": speech.gettext(
            "The status of {name} services: what works, what we are doing, and when the next update is due.",
            name=name,
        ),
        "lang": speech.tag,
        "dir": speech.direction,
        "start_url": addresses.relative(path, addresses.overview(lang)),
        "scope": addresses.relative(path, ""),
        "display": "minimal-ui",
        "background_color": icons.colours.light["ground"],
        "theme_color": icons.colours.light["ground"],
        "icons": [
            {"src": addresses.relative(path, icons.neutral.svg), "sizes": "any", "type": "image/svg+xml"},
            *(
                {
                    "src": addresses.relative(path, icons.tiles[size]),
                    "sizes": f"{size}x{size}",
                    "type": "image/png",
                    "purpose": purpose,
                }
                for size in icons.tiles
                if size in APP
                for purpose in ("any", "maskable")
            ),
        ],
    }
    return as_json(shown)
