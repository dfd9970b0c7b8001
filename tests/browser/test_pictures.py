"""What the main pages look like, in every condition: small pictures that are kept, and compared with a tolerance.

`make golden` accepts what the pages have become; look at the pictures before you commit them.
"""

from __future__ import annotations

import io
import os
import warnings
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.browser.site import Sites
from tests.browser.trees import TREES
from tests.browser.windows import Look, Windows

pillow = pytest.importorskip("PIL.Image", reason="Pillow is not installed: make test")

KEPT = Path(__file__).parent / "pictures"
ACCEPT = os.environ.get("GOLDEN") == "accept"
HEIGHT = 1600
"""How much of a page is kept, in CSS pixels from its top."""
SMALLER = {1280: 4, 320: 2, 3840: 12}
"""By how much pictures are scaled down, for each width of a window; letters blur, and with them how they are drawn."""
COLOURS = 64
UNLIKE = 0.02
"""The share of a picture's pixels that may differ: another version of the browser draws a little differently."""


@dataclass(frozen=True, kw_only=True)
class Shot:
    """A page in a condition."""

    site: str
    lang: str
    page: str = ""
    look: Look = field(default_factory=Look)

    @property
    def name(self) -> str:
        """Return the name of its file."""
        page = self.page.strip("/").replace("/", "-") or "overview"
        return f"{self.site}.{self.lang}.{page}.{self.look.width}.{self.look.scheme}" + self._conditions

    @property
    def _conditions(self) -> str:
        look = self.look
        conditions = {"plain": not look.style, "forced": look.forced_colours, "without-script": not look.script}
        return "".join(f".{name}" for name, holds in conditions.items() if holds)


OUTAGE = TREES["outage"].incident
SHOTS = [
    Shot(site="calm", lang="de"),
    Shot(site="calm", lang="fr", look=Look(width=320)),
    Shot(site="outage", lang="de"),
    Shot(site="outage", lang="en", look=Look(scheme="dark")),
    Shot(site="outage", lang="fr", look=Look(width=320, scheme="dark")),
    Shot(site="outage", lang="de", look=Look(width=3840)),
    Shot(site="outage", lang="en", look=Look(forced_colours=True)),
    Shot(site="outage", lang="en", look=Look(style=False)),
    Shot(site="outage", lang="fr", look=Look(script=False)),
    Shot(site="outage", lang="en", page=OUTAGE),
    Shot(site="outage", lang="de", page=OUTAGE, look=Look(width=320, scheme="dark")),
    Shot(site="outage", lang="fr", page="history/2024/"),
    Shot(site="outage", lang="de", page="history/2024/", look=Look(width=320)),
    Shot(site="outage", lang="en", page="services/mail-archive/"),
    Shot(site="outage", lang="de", page="services/mail-archive/", look=Look(scheme="dark")),
    Shot(site="outage", lang="fr", page="subscribe/"),
    Shot(site="six-open", lang="de"),
    Shot(site="six-open", lang="en", look=Look(width=320)),
    Shot(site="forty-services", lang="de"),
    Shot(site="empty", lang="fr"),
    Shot(site="long-words", lang="de", look=Look(width=320)),
    Shot(site="long-words", lang="de", page=TREES["long-words"].incident),
    Shot(site="arabic", lang="ar"),
    Shot(site="arabic", lang="ar", look=Look(width=320, scheme="dark")),
    Shot(site="pseudo", lang="eo"),
]


@pytest.mark.parametrize("shot", SHOTS, ids=lambda shot: shot.name)
def test_it_looks_as_it_did(windows: Windows, sites: Sites, tmp_path: Path, shot: Shot) -> None:
    """A page looks like the picture that is kept of it, but for what different browsers draw differently."""
    site = sites(shot.site)
    page = windows.visit(site.url(shot.lang, shot.page), shot.look, now=site.now).page
    page.set_viewport_size({"width": shot.look.width, "height": HEIGHT})
    taken = small(page.screenshot(), shot.look.width)
    kept = KEPT / f"{shot.name}.png"
    if ACCEPT:
        keep(taken, kept)

    share = unlike(taken, pillow.open(kept).convert("RGB"))

    taken.save(tmp_path / kept.name)
    assert share <= UNLIKE, f"{tmp_path / kept.name} differs from {kept}; if it is meant: make golden"


def test_another_picture_is_noticed() -> None:
    """Pages in another state, scheme or direction differ by more than the tolerance."""
    names = ["calm.de.overview.1280.light", "outage.de.overview.1280.light", "arabic.ar.overview.1280.light"]
    calm, outage, mirrored = (pillow.open(KEPT / f"{name}.png").convert("RGB") for name in names)

    assert unlike(calm, calm) == 0
    assert unlike(calm, outage) > UNLIKE
    assert unlike(calm, mirrored) > UNLIKE


def test_only_what_is_compared_is_kept() -> None:
    """No picture is left of a page that is no longer looked at."""
    assert {path.name for path in KEPT.iterdir()} == {f"{shot.name}.png" for shot in SHOTS}


def small(screenshot: bytes, width: int) -> pillow.Image:
    """Return a screenshot scaled down."""
    image = pillow.open(io.BytesIO(screenshot)).convert("RGB")
    by = SMALLER[width]
    return image.resize((image.width // by, image.height // by), pillow.Resampling.LANCZOS)


def keep(image: pillow.Image, path: Path) -> None:
    """Write a picture in few bytes, unless the one that is kept looks the same."""
    if not path.exists() or unlike(image, pillow.open(path).convert("RGB")) > UNLIKE / 10:
        image.quantize(COLOURS).save(path, optimize=True)


def unlike(one: pillow.Image, other: pillow.Image) -> float:
    """Return the share of pixels that differ to the eye."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # how pixelmatch reads Pillow's pixels
        from pixelmatch.contrib.PIL import pixelmatch

        if one.size != other.size:
            return 1.0
        return float(pixelmatch(one, other, threshold=0.2)) / (one.width * one.height)
