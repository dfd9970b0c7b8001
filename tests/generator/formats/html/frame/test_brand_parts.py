"""How a brand shows in the site, and that nobody else's site changes for it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from generator.formats import html
from generator.formats.edition import Edition
from generator.model import Accent, Brand, Font, FooterLink, Logo, Picture
from generator.sources import read
from tests.generator.formats.conftest import Press

pytestmark = pytest.mark.slow

NOW = "2024-02-20T09:00"
LOGO = Logo(
    light=Picture(path="brand/Logo 2.svg", width=120, height=32),
    dark=Picture(path="brand/dark.png", width=96, height=32),
    alt={"fr": "Exemple & Cie"},
)
BRAND = Brand(
    logo=LOGO,
    accent=Accent(light="#0a3d91", dark="#a9c7ff"),
    fonts=(
        Font(family="Example Sans", path="brand/sans-400.woff2"),
        Font(family="Example Sans", path="brand/sans-700.woff2", weight="700", style="italic"),
    ),
    links=(
        FooterLink(label={"de": "Impressum", "fr": "Mentions"}, url={"de": "https://x.example/de", "fr": "mailto:a@b"}),
    ),
)
FILES = {path: path.encode() for path in ("brand/Logo 2.svg", "brand/dark.png", "brand/sans-400.woff2")} | {
    "brand/sans-700.woff2": b"bold",
    "brand/never-named.png": b"",
}


@pytest.fixture(scope="module")
def templates(checkout: Path) -> Mapping[str, str]:
    """Return the shipped templates."""
    return read(checkout).templates


@pytest.fixture
def plain(press: Press, templates: Mapping[str, str]) -> Edition:
    """Return an edition without a brand."""
    return replace(press.edition(NOW, {}), templates=templates)


def branded(edition: Edition, brand: Brand) -> Edition:
    """Return the edition of the same site with a brand."""
    site = replace(edition.site, brand=brand)
    return replace(edition, facts=replace(edition.facts, site=site), brand=FILES)


def style(files: Mapping[str, bytes], name: str = "style") -> str:
    """Return a stylesheet of the site."""
    (path,) = (path for path in files if path.startswith(f"assets/{name}.") and path.endswith(".css"))
    return files[path].decode()


def test_files(press: Press, plain: Edition) -> None:
    """The files of the brand are assets whose names change with their content; what is not named stays at home."""
    before, after = (assets(press.files(html.outputs, edition)) for edition in (plain, branded(plain, BRAND)))

    assert sorted(after - before) == ["dark.png", "logo-2.svg", "sans-400.woff2", "sans-700.woff2"]


def assets(files: Mapping[str, bytes]) -> set[str]:
    """Return what the assets of a site are called, without their hashes."""
    return {re.sub(r"assets/|\.[0-9a-f]{12}", "", path) for path in files if path.startswith("assets/")}


def test_logo(press: Press, plain: Edition) -> None:
    """The logo stands in for the name, with its size, its words and their language, and by night the dark one."""
    files = press.files(html.outputs, branded(plain, BRAND))

    page = files["de/index.html"].decode()
    (picture,) = re.findall(r"<picture>.*?</picture> Status", page)
    light, dark = (
        next(path for path in files if re.fullmatch(rf"assets/{name}\.[0-9a-f]+\.\w+", path))
        for name in ("logo-2", "dark")
    )
    assert picture == (
        f'<picture><source srcset="../{dark}" media="(prefers-color-scheme: dark)" width="96" height="32">'
        f'<img class="site-name__logo" src="../{light}" alt="Exemple &amp; Cie" lang="fr" width="120" height="32">'
        "</picture> Status"
    )
    assert f'src="{light}"' in files["index.html"].decode()
    assert ".site-name__logo{" in style(files)


def test_fonts(press: Press, plain: Edition, templates: Mapping[str, str]) -> None:
    """Each font is fetched from beside the stylesheet, and its family stands before the system's, once."""
    sheet = style(press.files(html.outputs, branded(plain, BRAND)))

    faces = re.findall(r"@font-face{.*?}", sheet)
    sources = [re.sub(r"\.[0-9a-f]{12}\.", ".", face) for face in faces]
    assert sources == [
        '@font-face{font-family:"Example Sans";src:url(sans-400.woff2) format("woff2");'
        "font-weight:400;font-style:normal;font-display:swap}",
        '@font-face{font-family:"Example Sans";src:url(sans-700.woff2) format("woff2");'
        "font-weight:700;font-style:italic;font-display:swap}",
    ]
    (system,) = re.findall(r"--family: ([^;]+);", templates["css/tokens.css"])
    assert f':root{{--family:"Example Sans",{system}}}' in sheet


def test_accent(press: Press, plain: Edition) -> None:
    """The accent follows the tokens it stands for, by day and by night, in frames of other sites too."""
    files = press.files(html.outputs, branded(plain, BRAND))

    for sheet in (style(files), style(files, "embed")):
        tokens, _, after = sheet.partition(":root{--link:#0a3d91;--focus:#0a3d91}\n")
        assert "--link:#0a3d91;" in tokens
        assert after.startswith("@media (prefers-color-scheme: dark){:root{--link:#a9c7ff;--focus:#a9c7ff}}\n")
    assert "@font-face" not in style(files, "embed")


def test_footer(press: Press, plain: Edition) -> None:
    """The links stand at the foot of every page in its language, and what is not translated is labelled."""
    files = press.files(html.outputs, branded(plain, BRAND))

    feet = {lang: files[f"{lang}/index.html"].decode().partition("<footer")[2] for lang in ("de", "fr", "en")}
    links = {lang: re.findall(r"<li>(.*)</li>", foot) for lang, foot in feet.items()}
    assert links == {
        "de": ['<a href="https://x.example/de">Impressum</a>'],
        "fr": ['<a href="mailto:a@b">Mentions</a>'],
        "en": ['<a href="https://x.example/de"><span lang="de">Impressum</span> (in German)</a>'],
    }
    assert all(re.search(r'<nav aria-label="[^"]+">\n<ul', foot) for foot in feet.values())


def test_without_a_brand_nothing_is_added(press: Press, plain: Edition) -> None:
    """A site without a brand is what it is with an empty one: no style, no element, no file is there for brands."""
    files = press.files(html.outputs, plain)
    page = files["de/index.html"].decode()

    assert files == press.files(html.outputs, branded(plain, Brand()))
    assert "site-name" not in style(files)
    assert '<p class="masthead__name"><a href="./">Beispiel · Status</a></p>' in page
    assert "(Europe/Zurich).</p>\n</div>\n</footer>" in page


@pytest.mark.parametrize(
    ("path", "text", "shown"),
    [
        (
            "components/status/macro.html",
            '{% macro status(state, words="") %}<b>{{ state }}!</b>{% endmacro %}',
            "<b>operational!",
        ),
        ("components/status/style.css", ".status { gap: 7rem; }", ".status{gap:7rem}"),
    ],
)
def test_one_component(
    press: Press, plain: Edition, tmp_path: Path, checkout: Path, path: str, text: str, shown: str
) -> None:
    """A macro or a style that a tree brings stands for the shipped one, and for that one alone."""
    (tmp_path / "templates" / path).parent.mkdir(parents=True)
    (tmp_path / "templates" / path).write_text(text, "utf-8")

    own, shipped = read(tmp_path).templates, read(checkout).templates
    files = press.files(html.outputs, replace(plain, templates=own))

    assert {name for name in own if own[name] != shipped[name]} == {path}
    assert own.keys() == shipped.keys()
    assert shown in style(files) + files["de/index.html"].decode()
