"""The built wheel: what is in it, and that it works where there is no checkout."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

CHECKOUT = Path(__file__).resolve().parent.parent
NOT_HANDED_ON = {"PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV"}


def run(*command: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run a program in an environment that knows nothing of this one."""
    environment = {name: value for name, value in os.environ.items() if name not in NOT_HANDED_ON}
    return subprocess.run(
        [str(part) for part in command], cwd=cwd, env=environment, capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel of this checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    built = run(
        sys.executable, "-I", "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, CHECKOUT, cwd=folder
    )
    assert built.returncode == 0, built.stdout + built.stderr
    (path,) = folder.glob("lagebild-*.whl")
    return path


@pytest.fixture(scope="module")
def environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the wheel with what it depends on into an empty virtual environment; return its folder of programs."""
    folder = tmp_path_factory.mktemp("environment")
    made = run(sys.executable, "-I", "-m", "venv", "venv", cwd=folder)
    assert made.returncode == 0, made.stderr
    programs = folder / "venv" / "bin"
    pip = (programs / "python", "-I", "-m", "pip", "--disable-pip-version-check", "--quiet")
    if run(*pip, "download", "--no-deps", "--no-cache-dir", "click", cwd=folder).returncode:
        pytest.skip("no package index can be reached, so the wheel's dependencies cannot be installed")
    installed = run(*pip, "install", wheel, cwd=folder)
    assert installed.returncode == 0, installed.stderr
    return programs


@pytest.mark.parametrize(
    "name",
    [
        "generator/cli/__init__.py",
        "generator/data/demo/status.yaml",
        "generator/data/locales/de/LC_MESSAGES/messages.po",
        "generator/data/locales/phrases.yaml",
        "generator/data/templates/base.html",
        "probes/__init__.py",
    ],
)
def test_wheel_contains(wheel: Path, name: str) -> None:
    """Code, templates, catalogs and the demo's content travel in the wheel."""
    assert name in zipfile.ZipFile(wheel).namelist()


def test_wheel_contains_only_the_two_packages(wheel: Path) -> None:
    """Tests, measurements and caches stay at home."""
    names = zipfile.ZipFile(wheel).namelist()

    tops = {name.partition("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"generator", "probes"}
    assert [name for name in names if "__pycache__" in name] == []


def test_installed_command_helps(environment: Path, tmp_path: Path) -> None:
    """The installed command explains itself."""
    helped = run(environment / "lagebild", "--help", cwd=tmp_path)

    assert helped.returncode == 0, helped.stderr
    assert "build" in helped.stdout


def test_installed_command_builds_the_demo(environment: Path, tmp_path: Path) -> None:
    """`init --demo` and `build` make a trilingual site far from any checkout."""
    begun = run(environment / "lagebild", "init", "--demo", "x", cwd=tmp_path)
    built = run(environment / "lagebild", "-C", "x", "build", cwd=tmp_path)

    assert begun.returncode == 0, begun.stderr
    assert built.returncode == 0, built.stderr
    assert not (tmp_path / "x" / "templates").exists()
    assert not (tmp_path / "x" / "locales").exists()
    for language in ("de", "fr", "en"):
        page = (tmp_path / "x" / "site" / language / "index.html").read_text(encoding="utf-8")
        assert f'<html lang="{language}' in page
        assert (tmp_path / "x" / "site" / language / "feed.atom").is_file()


def test_the_bare_install_is_light(environment: Path) -> None:
    """Who only wants a site and its feeds installs at most 70 MB, beside what every environment has."""
    (packages,) = environment.parent.glob("lib/python*/site-packages")
    given = {"pip", "setuptools", "pkg_resources", "_distutils_hack"}

    weights = {
        entry.name: sum(file.stat().st_size for file in (entry, *entry.rglob("*")) if file.is_file())
        for entry in packages.iterdir()
        if entry.name.partition("-")[0] not in given
    }
    megabytes = sum(weights.values()) / 1e6

    heaviest = sorted(weights, key=lambda name: -weights[name])[:8]
    print(f"{megabytes:.1f} MB:", *(f"{name} {weights[name] / 1e6:.1f}" for name in heaviest))
    assert megabytes <= 70, heaviest


def test_a_bare_site_has_no_pictures(environment: Path, tmp_path: Path) -> None:
    """Without the libraries that draw, pages are whole, name no picture, and the build says once what would help."""
    for name in ("incidents", "status.yaml"):
        copy = shutil.copytree if (CHECKOUT / name).is_dir() else shutil.copy
        copy(CHECKOUT / name, tmp_path / name)

    built = run(environment / "lagebild", "build", cwd=tmp_path)

    assert built.returncode == 0, built.stderr
    assert built.stderr.count('pip install "lagebild[pictures]"') == 1
    site = tmp_path / "site"
    assert [path.name for path in site.rglob("*") if path.suffix in (".png", ".ico")] == []
    pages = list(site.rglob("*.html"))
    assert len(pages) > 20
    for page in pages:
        text = page.read_text("utf-8")
        assert "og:image" not in text
        assert ".png" not in text, page


def test_a_page_to_begin_with_is_built(environment: Path, tmp_path: Path) -> None:
    """What `init` plants is a site that a bare install builds."""
    begun = run(environment / "lagebild", "init", "x", cwd=tmp_path)
    built = run(environment / "lagebild", "-C", "x", "build", cwd=tmp_path)

    assert (begun.returncode, built.returncode) == (0, 0), begun.stderr + built.stderr
    assert "Example" in (tmp_path / "x" / "site" / "en" / "index.html").read_text("utf-8")
    assert (tmp_path / "x" / "site" / "en" / "feed.rss").is_file()


@pytest.mark.parametrize("command", [("probe", "once"), ("probe", "run"), ("watch",)])
def test_probing_says_what_to_install(environment: Path, tmp_path: Path, command: tuple[str, ...]) -> None:
    """Without the libraries that probes need, no prober starts, and the extra is named."""
    shutil.copy(CHECKOUT / "status.yaml", tmp_path)

    ended = run(environment / "lagebild", *command, cwd=tmp_path)

    assert ended.returncode == 2
    assert 'pip install "lagebild[probes]"' in ended.stderr
    assert "Traceback" not in ended.stderr


def test_installed_code_is_the_wheels(environment: Path, tmp_path: Path) -> None:
    """What runs there is the wheel's code, not this checkout's."""
    told = run(environment / "python", "-I", "-c", "import generator; print(generator.__file__)", cwd=tmp_path)

    assert Path(told.stdout.strip()).is_relative_to(environment.parent)


def test_a_fork_builds(environment: Path, tmp_path: Path) -> None:
    """A tree that brings templates, catalogs and phrases of its own, as a fork of this repository does, is built."""
    for name in ("incidents", "locales", "templates"):
        shutil.copytree(CHECKOUT / name, tmp_path / name)
    shutil.copy(CHECKOUT / "status.yaml", tmp_path)

    built = run(environment / "lagebild", "build", cwd=tmp_path)

    assert built.returncode == 0, built.stderr
    assert (tmp_path / "site" / "fr" / "index.html").is_file()
