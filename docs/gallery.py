"""Build the gallery of components: `python docs/gallery.py`, or `make gallery`.

The gallery shows every component with each of its examples, in every language and from right to left, on a light and a
dark page, and the pictures of whole pages in every condition that tests/browser/test_pictures.py checks.
The pages are in .lagebild/gallery/ and need no server.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from html import escape
from itertools import groupby, product
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from docs.examples import NOW, ROOT, edition, examples, render
from generator.formats.html.frame.assets import Assets

TARGET = ROOT / ".lagebild" / "gallery"
SCHEMES = ("light", "dark")
MIRRORED = "rtl"
"""The English examples once more, as a language would show them that runs from right to left."""
PICTURES = ROOT / "tests" / "browser" / "pictures"
_DARK = "@media (prefers-color-scheme:dark)"


def main() -> None:
    """Write the gallery anew."""
    shutil.rmtree(TARGET, ignore_errors=True)
    made = edition(NOW)
    assets = Assets.of(made)
    editions = (*made.languages, MIRRORED)
    for scheme, lang in product(SCHEMES, editions):
        folder = TARGET / scheme / lang
        folder.mkdir(parents=True)
        page = "\n".join(_page(scheme, lang, editions))
        (folder / "index.html").write_text(page, encoding="utf-8")
    for scheme in SCHEMES:
        sheet = in_scheme(assets.files[assets.style].decode(), scheme) + assets.files[assets.more].decode()
        (TARGET / scheme / "style.css").write_text(sheet, encoding="utf-8")
    shutil.copytree(PICTURES, TARGET / "pictures")
    (TARGET / "pictures" / "index.html").write_text("\n".join(_pictures()), encoding="utf-8")
    (TARGET / "page.js").write_bytes(assets.files[assets.script])
    print(f"The gallery is at {(TARGET / 'light' / editions[0] / 'index.html').as_uri()}")


def in_scheme(sheet: str, scheme: str) -> str:
    """Return the stylesheet as it is for visitors who prefer a scheme, whatever this machine prefers."""
    before, _, after = sheet.partition(_DARK)
    if not after:
        raise ValueError(f"the stylesheet has no {_DARK}")
    inner, _, rest = after.removeprefix("{").partition("}}")
    return before + (f"{inner}}}" if scheme == "dark" else "") + rest


def _page(scheme: str, lang: str, editions: tuple[str, ...]) -> Iterator[str]:
    spoken, direction = ("en", "rtl") if lang == MIRRORED else (lang, "ltr")
    yield f'<!doctype html>\n<html lang="{spoken}" dir="{direction}">\n<head>\n<meta charset="utf-8">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f"<title>Components · {scheme} · {lang}</title>"
    yield '<link rel="stylesheet" href="../style.css">\n<script src="../../page.js" defer></script>\n</head>\n<body>'
    yield '<header class="page"><div class="masthead"><h1 class="masthead__name">Components</h1>'
    yield '<nav class="masthead__links" aria-label="Variants">'
    for other_scheme, other in product(SCHEMES, editions):
        current = ' aria-current="page"' if (other_scheme, other) == (scheme, lang) else ""
        yield f'<a href="../../{other_scheme}/{other}/index.html"{current}>{other_scheme} {other}</a>'
    yield '<a href="../../pictures/index.html">pages</a></nav></div></header>\n<main class="page">'
    for component, shown in groupby(examples(), key=lambda example: example.component):
        yield f'<section class="section" aria-labelledby="{component}"><h2 id="{component}">{component}</h2>'
        yield '<div class="section__body">'
        for example in shown:
            yield f'<p class="small quiet">{escape(example.title)} <code>{escape(example.call)}</code></p>'
            yield f"<div>{render(example, spoken)}</div>"
        yield "</div></section>"
    yield "</main>\n</body>\n</html>"


def _pictures() -> Iterator[str]:
    yield '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>Pages</title>'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield '<link rel="stylesheet" href="../light/style.css">\n</head>\n<body>\n<main class="page">'
    yield '<h1>Pages, in every condition</h1>\n<p><a href="../light/en/index.html">Components</a></p>'
    for picture in sorted(PICTURES.glob("*.png")):
        yield f'<figure class="section"><figcaption>{picture.stem.replace(".", " · ")}</figcaption>'
        yield f'<p><img src="{picture.name}" alt=""></p></figure>'
    yield "</main>\n</body>\n</html>"


if __name__ == "__main__":
    main()
