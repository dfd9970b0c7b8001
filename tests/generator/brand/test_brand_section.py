"""A brand is read with what its files hold, and what is wrong with it stops no news."""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator import pipeline, sources
from generator.brand import brand_section, contrast
from generator.brand.palette import SHEET, Schemes, schemes
from generator.content import status_yaml
from generator.content.judge import judge
from generator.model import Accent, Brand, Site
from generator.problems import Problem
from generator.publish.options import BuildOptions

CHECKOUT = Path(__file__).parents[3]
SITE = (CHECKOUT / "tests/spec/status.yaml").read_text("utf-8")
SHIPPED = schemes((CHECKOUT / "templates" / SHEET).read_text("utf-8"))
NOW = datetime(2024, 3, 1, 11, tzinfo=UTC)
LOGO = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 32"/>'
FONT = b"wOF2" + struct.pack(">II", 0x00010000, 12)
"""As much of a font as is looked at: the signature, the flavour, and its own length."""
LOGO_LINE = "brand:\n  logo: {file: brand/logo.svg}\n"

Plant = Callable[..., Path]


@pytest.fixture
def plant(tmp_path: Path) -> Plant:
    """Return a function that writes a tree with a brand and its files."""

    def write(brand: str, files: Mapping[str, bytes]) -> Path:
        for path, data in {"status.yaml": (SITE + brand).encode(), "incidents/.keep": b"", **files}.items():
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / path).write_bytes(data)
        return tmp_path

    return write


def check(tree: Path) -> list[str]:
    """Return what is wrong with a tree, without the hints."""
    return [str(problem).partition("\n")[0] for problem in judge(sources.read(tree), NOW).problems]


def read(brand: str, colours: Schemes = SHIPPED) -> tuple[Site | None, list[Problem]]:
    """Return the site with a brand, and what is wrong with it."""
    files = {"brand/logo.svg": LOGO, "brand/font.woff2": FONT}
    materials = brand_section.Materials(files=files, unread={}, colours=colours)
    return status_yaml.parse(SITE + brand, lambda reader, node, name: brand_section.read(reader, node, materials, name))


def accent_of(site: Site | None) -> Accent:
    """Return the accent of a site that has one."""
    assert site
    assert site.brand
    assert site.brand.accent
    return site.brand.accent


def test_a_whole_brand() -> None:
    """A brand has the parts that were written, with their defaults."""
    site, problems = read(
        "brand:\n"
        "  logo: {file: brand/logo.svg}\n"
        "  accent: {light: '#0A3D91', dark: '#a9c7ff'}\n"
        "  fonts: [{family: Example Sans, file: brand/font.woff2}]\n"
        "  links: [{label: Info, url: 'mailto:info@example.ch'}]\n"
    )

    assert problems == []
    assert site
    assert site.brand
    assert site.brand.logo
    assert (site.brand.logo.light.width, site.brand.logo.dark, site.brand.logo.alt) == (120, None, site.name)
    assert site.brand.accent == Accent(light="#0a3d91", dark="#a9c7ff")
    assert [(font.weight, font.style) for font in site.brand.fonts] == [("400", "normal")]
    assert [dict(link.url) for link in site.brand.links] == [
        dict.fromkeys(("de", "fr", "en"), "mailto:info@example.ch")
    ]


def test_no_brand() -> None:
    """A site without a brand has none; one with an empty brand has no part of one."""
    assert [site and site.brand for site, _ in (read(""), read("brand: {}\n"))] == [None, Brand()]


@given(colour=st.integers(0, 0xFFFFFF).map("#{:06x}".format))
def test_derived_dark_accent(colour: str) -> None:
    """An accent that can be read by day has one by night, without a word about it."""
    light = contrast.nearest(colour, (SHIPPED.light["ground"], SHIPPED.light["sunken"]))

    site, problems = read(f"brand: {{accent: '{light}'}}\n")

    assert problems == []
    assert accent_of(site).light == light
    for ground in (SHIPPED.dark["ground"], SHIPPED.dark["sunken"]):
        assert contrast.ratio(accent_of(site).dark, ground) >= contrast.LEAST


def test_a_remedy_that_helps() -> None:
    """The colour that the hint names is accepted."""
    _, (problem,) = read("brand: {accent: '#ff6600'}\n")

    site, problems = read(f"brand: {{accent: {problem.hint.rpartition(': ')[2]}}}\n")

    assert problem.code == "accent-contrast"
    assert problems == []
    assert accent_of(site).light in problem.hint


def test_own_grounds() -> None:
    """The accent is judged on the site's own grounds; where they cannot be read, that is said."""
    grey = Schemes(light={"ground": "#c0c0c0"}, dark={"ground": "#777777"})

    _, on_grey = read("brand: {accent: '#0a3d91'}\n", grey)
    _, on_nothing = read("brand: {accent: '#0a3d91'}\n", Schemes(light={}, dark={}))

    assert [problem.hint for problem in on_grey] == [
        'the nearest of the same hue: "#002b7e"',
        "not even black or white does; change the ground",
    ]
    assert [problem.message for problem in on_nothing] == [
        f"the contrast in the {scheme} scheme cannot be determined: templates/css/tokens.css has no --ground"
        for scheme in ("light", "dark")
    ]


@pytest.mark.parametrize(
    ("url", "sound"),
    [
        ("https://www.example.ch/legal?a=1#b", True),
        ("http://example.ch", True),
        ("mailto:info@example.ch?subject=x", True),
        ("mailto:", False),
        ("https:///legal", False),
        ("https://[::1", False),
        ("//example.ch/legal", False),
        ("/legal", False),
        ("data:text/html,x", False),
        ("https://example.ch/a b", False),
        ("https://example.ch:65535/", True),
        ("https://example.ch:65536/", False),
        ("https://example.ch:0/", False),
        ("https://example.ch/a@b", True),
        ("https://exam\u200bple.ch/", False),
        ("https://somebody@example.ch/", False),
        ("mailto:in\u200bfo@example.ch", False),
    ],
)
def test_addresses(url: str, *, sound: bool) -> None:
    """A link leads to another site, or to somebody's mailbox."""
    site, problems = read(f"brand:\n  links:\n    - label: Info\n      url: '{url}'\n")

    assert [problem.code for problem in problems] == ([] if sound else ["bad-url"])
    assert site
    assert site.brand
    assert len(site.brand.links) == sound


@pytest.mark.parametrize("rest", ["example.ch/", "[::1", "example.ch:99999"])
def test_a_password_is_not_repeated(rest: str) -> None:
    """An address with a name and a password is refused, and the password stands in no log."""
    _, (problem,) = read(f"brand:\n  links:\n    - {{label: Info, url: 'https://me:hunter2@{rest}'}}\n")

    assert problem.code == "bad-url"
    assert "hunter2" not in str(problem)


@pytest.mark.parametrize("font", [b"wOF2", b"wOF2 and what is no font", FONT[:-1], FONT + b"\0"])
def test_half_a_font(plant: Plant, font: bytes) -> None:
    """A font that is not as long as it says itself is refused."""
    tree = plant("brand: {fonts: [{family: A, file: brand/a.woff2}]}\n", {"brand/a.woff2": font})

    assert check(tree) == ["status.yaml:18:35: bad-font: brand/a.woff2: the WOFF2 is cut off or damaged"]


def test_endings_in_capitals(plant: Plant) -> None:
    """A file whose ending is in capitals, as some cameras and programs write it, is as good as any."""
    brand = "brand:\n  logo: {file: brand/LOGO.SVG}\n  fonts: [{family: A, file: brand/A.WOFF2}]\n"
    tree = plant(brand, {"brand/LOGO.SVG": LOGO, "brand/A.WOFF2": FONT})

    assert check(tree) == []


def test_a_folder_for_a_logo(plant: Plant) -> None:
    """A folder in the place of a logo is said to be one, with or without files in it."""
    tree = plant(LOGO_LINE, {"brand/logo.svg/inside.svg": LOGO})

    (line,) = check(tree)

    assert line == "status.yaml:19:16: not-a-file: brand/logo.svg: this should be a file, not a folder or a device"


def test_missing_file(plant: Plant) -> None:
    """A file that is not there is named with the place that names it, and the one that was meant."""
    tree = plant(LOGO_LINE, {"brand/logos.svg": LOGO})

    (problem,) = judge(sources.read(tree), NOW).problems

    assert str(problem) == (
        'status.yaml:19:16: missing-file: there is no brand/logo.svg\n  hint: did you mean "brand/logos.svg"?'
    )


def test_what_cannot_be_read(plant: Plant) -> None:
    """A file that is too large, no file, or a link out of the tree is a problem of the line that names it."""
    fonts = "".join(f"    - {{family: A, file: brand/{name}.woff2}}\n" for name in "abcd")
    tree = plant(f"brand:\n  fonts:\n{fonts}", {"brand/a.woff2": FONT + bytes(512 * 1024), "brand/d.woff2": FONT})
    (tree / "brand/b.woff2").mkdir()
    (tree / "brand/c.woff2").symlink_to("/dev/null")

    assert [line.partition(" bytes")[0] for line in check(tree)] == [
        "status.yaml:20:25: too-large: brand/a.woff2: 524300",
        "status.yaml:21:25: not-a-file: brand/b.woff2: this should be a file, not a folder or a device",
        "status.yaml:22:25: outside-tree: brand/c.woff2: the symbolic link leads out of the tree",
    ]


def test_a_folder_elsewhere(plant: Plant, tmp_path_factory: pytest.TempPathFactory) -> None:
    """A folder that is a link out of the tree is not read."""
    outside = tmp_path_factory.mktemp("outside")
    (outside / "logo.svg").write_bytes(LOGO)
    tree = plant(LOGO_LINE, {})
    (tree / "brand").symlink_to(outside)

    assert check(tree) == ["status.yaml:19:16: outside-tree: brand: the symbolic link leads out of the tree"]


def test_files_that_nobody_names(plant: Plant) -> None:
    """What lies in brand/ and is not named is nobody's problem, whatever it is."""
    tree = plant(LOGO_LINE, {"brand/logo.svg": LOGO, "brand/original.png": bytes(9_000_000), "brand/logo.ai": b"%!"})

    assert check(tree) == []


@pytest.mark.parametrize("path", ["brand/../status.yaml", "brand/../../etc/logo.svg", "/etc/logo.svg", "brand/"])
def test_ways_out_of_the_folder(plant: Plant, path: str) -> None:
    """No path leads out of brand/."""
    tree = plant(f"brand: {{logo: {{file: {path}}}}}\n", {"brand/logo.svg": LOGO})

    (line,) = check(tree)

    assert line.split(": ")[1] in ("unknown-value", "missing-file")


def test_a_faulty_brand_stops_no_news(plant: Plant, tmp_path: Path) -> None:
    """With --keep-going, a site whose logo is gone is published without it; without, the old one stays."""
    tree = plant(LOGO_LINE + "  accent: '#0a3d91'\n", {})

    strict = pipeline.build(tree, tmp_path / "site", NOW)
    kept = pipeline.build(tree, tmp_path / "site", NOW, BuildOptions(keep_going=True))

    style = next((tmp_path / "site/assets").glob("style.*.css")).read_text("utf-8")
    assert strict.report is None
    assert kept.kept == ("status.yaml",)
    assert "<picture>" not in (tmp_path / "site/de/index.html").read_text("utf-8")
    assert ":root{--link:#0a3d91;--focus:#0a3d91}" in style


def test_a_change_of_a_file_is_seen(plant: Plant, tmp_path: Path) -> None:
    """A logo that is exchanged under its name is published."""
    tree = plant(LOGO_LINE, {"brand/logo.svg": LOGO})
    pipeline.build(tree, tmp_path / "site", NOW)
    other = LOGO.replace(b"120", b"160")

    (tree / "brand/logo.svg").write_bytes(other)
    pipeline.build(tree, tmp_path / "site", NOW)

    page = (tmp_path / "site/de/index.html").read_text("utf-8")
    (shown,) = (path for path in (tmp_path / "site/assets").glob("logo.*.svg") if path.name in page)
    assert shown.read_bytes() == other
    assert 'width="160" height="32"' in page
