"""SVG: draw a badge that stands alone, with its own colours by day and by night."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from generator.formats.advances import Face, width
from generator.formats.badges.badge import Badge
from generator.formats.palettes import NAMES, Palette, Palettes, token
from generator.model import ServiceStatus

HEIGHT, BASELINE, SIZE = 20, 14, 11
"""As high as other badges, so that it stands in a row with them."""
SPACE, MARK, GAP = 7, 10, 5
FAMILY = "Verdana,'DejaVu Sans',Geneva,sans-serif"

MARKS: Mapping[ServiceStatus, str] = {
    ServiceStatus.OPERATIONAL: "M.5 5a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0-9 0Z",
    ServiceStatus.UNDER_MAINTENANCE: "M5 0 10 5 5 10 0 5Z",
    ServiceStatus.DEGRADED_PERFORMANCE: "M5 .5 10 9.5H0Z",
    ServiceStatus.PARTIAL_OUTAGE: "M.5.5h9v9h-9Zm2 2v5h5v-5Z",
    ServiceStatus.MAJOR_OUTAGE: "M.5.5h9v9h-9Z",
}
"""The shapes of the pages: disc, lozenge, triangle, hollow square, square."""
SYSTEM: Palette = {**dict.fromkeys(NAMES, "CanvasText"), "ground": "Canvas", "sunken": "Canvas"}
"""The colours of the visitor's system."""


def drawing(badge: Badge, palettes: Palettes | None) -> str:
    """Return a badge as SVG; without palettes it has the colours of the visitor's system."""
    label, message = (round(width(text, SIZE, Face.BADGE)) for text in (badge.shown, badge.message))
    marked = MARK + GAP if badge.status else 0
    left, right = SPACE + label + SPACE, SPACE + marked + message + SPACE
    whole, mirrored = left + right, badge.direction == "rtl"
    split = right if mirrored else left
    label_x = split + SPACE if mirrored else SPACE
    message_x = SPACE if mirrored else split + SPACE + marked
    mark_x = SPACE + message + GAP if mirrored else split + SPACE
    return "".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{whole}" height="{HEIGHT}"',
            f' viewBox="0 0 {whole} {HEIGHT}" role="img" lang="{escape(badge.language)}"',
            f' aria-label="{escape(badge.description)}">\n',
            f"<title>{escape(badge.description)}</title>\n",
            f"<style>{_style(badge.status, palettes)}</style>\n",
            f'<rect class="badge" x=".5" y=".5" width="{whole - 1}" height="{HEIGHT - 1}" rx="2.5"/>\n',
            f'<path class="badge__label-ground" d="{_ground(label_x - SPACE, left, mirrored=mirrored)}"/>\n',
            _mark(badge.status, mark_x),
            _text("badge__label", badge.shown, label_x, label, badge.direction),
            _text("badge__message", badge.message, message_x, message, badge.direction),
            "</svg>\n",
        ]
    )


def _ground(x: int, wide: int, *, mirrored: bool) -> str:
    """Return the outline of the label's ground within the border: round outside, straight inside."""
    if mirrored:
        return f"M{x} 1h{wide - 3}a2 2 0 0 1 2 2v{HEIGHT - 6}a2 2 0 0 1-2 2h-{wide - 3}Z"
    return f"M{wide} 1h-{wide - 3}a2 2 0 0 0-2 2v{HEIGHT - 6}a2 2 0 0 0 2 2h{wide - 3}Z"


def _mark(status: ServiceStatus | None, x: int) -> str:
    if status is None:
        return ""
    return f'<path class="badge__mark" transform="translate({x} {(HEIGHT - MARK) // 2})" d="{MARKS[status]}"/>\n'


def _text(name: str, text: str, x: int, wide: int, direction: str) -> str:
    """Return a text that fills its place exactly, whatever font draws it."""
    start = x + wide if direction == "rtl" else x  # a text starts where its script does
    fitted = f'textLength="{wide}" lengthAdjust="spacingAndGlyphs"'
    return f'<text class="{name}" x="{start}" y="{BASELINE}" direction="{direction}" {fitted}>{escape(text)}</text>\n'


def _style(status: ServiceStatus | None, palettes: Palettes | None) -> str:
    fonts = f"text{{font:{SIZE}px {FAMILY}}}"
    if palettes is None:
        return f":root{{color-scheme:light dark}}{fonts}{_rules(SYSTEM, status)}"
    light, dark = (_rules(palette, status) for palette in (palettes.light, palettes.dark))
    return f"{fonts}{light}@media(prefers-color-scheme:dark){{{dark}}}"


def _rules(palette: Palette, status: ServiceStatus | None) -> str:
    mark, message = inks(palette, status)
    return (
        f".badge{{fill:{palette['ground']};stroke:{palette['line']}}}"
        f".badge__label-ground{{fill:{palette['sunken']}}}"
        f".badge__label{{fill:{palette['ink-quiet']}}}"
        f".badge__mark{{fill:{mark};fill-rule:evenodd}}"
        f".badge__message{{fill:{message}}}"
    )


def inks(palette: Palette, status: ServiceStatus | None) -> tuple[str, str]:
    """Return the colours of the mark and of the message; an uptime has none of its own."""
    if status is None:
        return palette["ink"], palette["ink"]
    return palette[token(status)], palette[f"{token(status)}-ink"]
