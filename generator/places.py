"""Places: name the parts of a tree, and find what this package brings along."""
# Importing pathlib costs more than a rebuild without news spends on its files.
# ruff: noqa: PTH100, PTH112, PTH113, PTH118, PTH120

from __future__ import annotations

import os
import sys

CONFIG = "status.yaml"
REMOVED = "incidents/removed.yaml"
"""The list of published incidents that are gone for good."""
PHRASES = "locales/phrases.yaml"
BRAND = "brand"
"""The folder with a site's own logo and fonts."""
STATE = ".lagebild"
"""The folder beside status.yaml with what earlier builds worked out; it can be deleted at any time."""
_PARTS = (CONFIG, BRAND, "incidents", "observations", "templates", "locales")
DRAWING = ("resvg_py", "font_source_sans_pro")
"""The libraries of lagebild[pictures], as they are imported."""
PACKAGE = os.path.dirname(os.path.abspath(__file__))


def shipped() -> str:
    """Return the folder with this package's own templates/ and locales/: the wheel's data, else the checkout."""
    data = os.path.join(PACKAGE, "data")
    return data if os.path.isdir(data) else os.path.dirname(PACKAGE)


def demo() -> str:
    """Return the folder with the demonstration content: the wheel's data, else the checkout."""
    data = os.path.join(shipped(), "demo")
    return data if os.path.isdir(data) else shipped()


def compiled_code() -> str:
    """Return the folder for compiled templates and catalogs: where Python keeps this package's compiled code."""
    return os.path.join(sys.pycache_prefix or PACKAGE, "__pycache__")


def inputs(tree: str) -> list[str]:
    """Return every path whose change can change a build: content, templates, catalogs, code, and what draws."""
    own = [os.path.join(tree, part) for part in _PARTS]
    base = shipped()
    places = (os.path.join(folder, library, "__init__.py") for folder in sys.path for library in DRAWING)
    drawing = [place for place in places if os.path.isfile(place)]
    code = (os.path.join(base, "templates"), os.path.join(base, "locales"), PACKAGE)
    return list(dict.fromkeys((*own, *code, *drawing)))
