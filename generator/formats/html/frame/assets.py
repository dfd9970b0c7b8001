"""The stylesheets, the script, the icons, and a brand's own files: their bytes, and addresses that change with them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial

from generator.brand.palette import SHEET
from generator.formats.edition import Edition
from generator.formats.html.drawings.hashing import hashed
from generator.formats.html.drawings.icons import Icons
from generator.formats.html.frame import brand_parts
from generator.formats.output import Output

_SHEETS = ("css/base.css", "css/layout.css")
_SCRIPTS = ("assets/page.js", "assets/heartbeat.js")
_DEEPER = frozenset({"feed-list", "figures", "filter-links", "response-times", "year"})
"""Components of the pages one goes to for more: overview and incident pages, which must be light, do without."""
_COMMENT = re.compile(r"/\*.*?\*/\s*", re.DOTALL)
_SPACE = re.compile(r"\s*([{};,])\s*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Assets:
    """Where each asset lies: its name carries a hash of its content, so it can be kept for ever."""

    style: str
    """What every page needs."""
    more: str = ""
    """What the pages of the history, of services and of subscriptions need beside it."""
    script: str
    icons: Icons
    brand: Mapping[str, str] = field(default_factory=dict)
    """Where the brand's files lie, by their paths in the tree."""
    files: Mapping[str, bytes]
    """Stylesheets, script and the brand's files by their paths."""

    @classmethod
    def of(cls, edition: Edition) -> Assets:
        """Put the assets together: tokens, brand, base and layout first, then each component's style by name."""
        templates, site = edition.templates, edition.site
        used = brand_parts.files(site.brand)
        brand = {path: hashed(brand_parts.name(path), edition.brand[path]) for path in used}
        components = sorted(path for path in templates if path.startswith("components/") and path.endswith(".css"))
        if not (site.brand and site.brand.logo):
            components = [path for path in components if path != brand_parts.LOGO_SHEET]
        first = (minified(templates[SHEET]), *brand_parts.styles(site.brand, templates[SHEET], brand))
        deeper = [path for path in components if path.split("/")[1] in _DEEPER]
        light = [path for path in components if path not in deeper]
        style = "\n".join((*first, *(minified(templates[path]) for path in (*_SHEETS, *light))))
        contents = {
            "style.css": style.encode(),
            "more.css": "\n".join(minified(templates[path]) for path in deeper).encode(),
            "page.js": "".join(compact(templates[path]) for path in _SCRIPTS).encode(),
        }
        paths = {name: hashed(name, data) for name, data in contents.items()}
        return cls(
            style=paths["style.css"],
            more=paths["more.css"],
            script=paths["page.js"],
            icons=Icons.of(edition),
            brand=brand,
            files={
                **{paths[name]: data for name, data in contents.items()},
                **{brand[path]: edition.brand[path] for path in used},
            },
        )

    def outputs(self, edition: Edition) -> Iterator[Output]:
        """Yield the stylesheets and the script."""
        for path, data in self.files.items():
            yield Output(path=path, inputs=edition.inputs(path), render=partial(bytes, data))


def compact(script: str) -> str:
    """Drop the lines of comment, and the white space around each line; the scripts hold no text of several lines."""
    lines = (line.strip() for line in script.splitlines())
    return "".join(f"{line}\n" for line in lines if line and not line.startswith("//"))


def minified(css: str) -> str:
    """Drop comments and the white space around punctuation; the sheets hold no strings that this could touch."""
    return _SPACE.sub(r"\1", _COMMENT.sub("", css)).replace(": ", ":").replace(";}", "}").strip()
