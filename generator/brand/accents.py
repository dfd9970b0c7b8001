"""Accent: read `accent:` of a brand, and judge whether it can be read wherever links stand."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence

from generator.brand import contrast
from generator.brand.palette import SHEET, Schemes
from generator.model import Accent
from generator.reading import yaml
from generator.reading.reader import Reader

KEYS = ("light", "dark")

_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


def read(reader: Reader, node: yaml.Node | None, colours: Schemes) -> Accent | None:
    """Return the accent, None where there is none or it cannot be read.

    A dark one that is not given is the light one, lightened until it can be read. `colours` are the stylesheet's,
    of which links stand on `ground` and `sunken`.
    """
    places = _places(reader, node)
    light, dark = (_colour(reader, places.get(scheme)) for scheme in KEYS)
    by_day, by_night = (_grounds(reader, node, scheme, of) for scheme, of in zip(KEYS, colours, strict=True))
    if light is None or (dark is None and "dark" in places) or not by_day or not by_night:
        return None
    dark = dark or contrast.nearest(light, by_night) or light
    sound = _judge(reader, places["light"], light, by_day, "light")
    sound &= _judge(reader, places.get("dark", places["light"]), dark, by_night, "dark")
    return Accent(light=light, dark=dark) if sound else None


def _places(reader: Reader, node: yaml.Node | None) -> Mapping[str, yaml.Node]:
    """Return where each scheme's colour stands; one alone is the light one."""
    if isinstance(node, yaml.Scalar):
        return {"light": node}
    mapping = reader.mapping(node, "accent", KEYS, needed=("light",))
    return mapping.entries if mapping else {}


def _colour(reader: Reader, node: yaml.Node | None) -> str | None:
    text = reader.string(node, "accent")
    if text is not None and not _COLOUR.fullmatch(text):
        reader.report(node, "bad-colour", f'"{text}" is not a colour', 'e.g. "#0a3d91", in quotation marks')
        return None
    return text and text.lower()


def _grounds(reader: Reader, node: yaml.Node | None, scheme: str, colours: Mapping[str, str]) -> Sequence[str]:
    if node and "ground" not in colours:
        message = f"the contrast in the {scheme} scheme cannot be determined: templates/{SHEET} has no --ground"
        reader.report(node, "accent-contrast", message, "write it as #rrggbb")
    return [colours[name] for name in ("ground", "sunken") if "ground" in colours and name in colours]


def _judge(reader: Reader, node: yaml.Node, colour: str, grounds: Sequence[str], scheme: str) -> bool:
    if contrast.passes(colour, grounds):
        return True
    ground = contrast.hardest(colour, grounds)
    reached = math.floor(contrast.ratio(colour, ground) * 100) / 100
    message = f'"{colour}" reaches {reached:.2f}:1 on the {scheme} background {ground}; text needs {contrast.LEAST:g}:1'
    near = contrast.nearest(colour, grounds)
    hint = f'the nearest of the same hue: "{near}"' if near else "not even black or white does; change the ground"
    reader.report(node, "accent-contrast", message, hint)
    return False
