"""Where secrets come from, and that they go nowhere else."""

from __future__ import annotations

import copy
import os
import pickle
import traceback
from pathlib import Path

import pytest

from probes.secret import Secret, SecretError, SecretSource

WORD = "s3cret-canary"


def written(path: Path, text: str = f"{WORD}\n", mode: int = 0o600) -> SecretSource:
    """Return a file as a source."""
    path.write_bytes(text.encode())
    path.chmod(mode)
    return SecretSource(file=str(path))


def test_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """A secret comes from the environment, anew each time: it may have been changed."""
    source = SecretSource(env="PROBE_SECRET")

    monkeypatch.setitem(os.environ, "PROBE_SECRET", "before")
    before = source.read().reveal()
    monkeypatch.setitem(os.environ, "PROBE_SECRET", "after")

    assert (before, source.read().reveal()) == ("before", "after")


@pytest.mark.parametrize("value", [None, ""])
def test_environment_has_none(monkeypatch: pytest.MonkeyPatch, value: str | None) -> None:
    """A variable that is not set, or empty, holds no secret."""
    monkeypatch.delitem(os.environ, "PROBE_SECRET", raising=False)
    if value is not None:
        monkeypatch.setitem(os.environ, "PROBE_SECRET", value)

    with pytest.raises(SecretError, match="the environment has no PROBE_SECRET"):
        SecretSource(env="PROBE_SECRET").read()


def test_environment_that_is_no_text(monkeypatch: pytest.MonkeyPatch) -> None:
    """A variable with bytes that are not UTF-8 is named with the remedy, in a traceback neither is its value."""
    monkeypatch.setitem(os.environ, "PROBE_SECRET", f"{WORD}\udcff")

    with pytest.raises(SecretError, match="PROBE_SECRET in the environment is not UTF-8; set it again") as raised:
        SecretSource(env="PROBE_SECRET").read()

    assert WORD not in "".join(traceback.format_exception(raised.value))


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        (f"{WORD}\n", WORD),
        (f"{WORD}\r\n", WORD),
        (WORD, WORD),
        (f" {WORD} \n", f" {WORD} "),
        (f"{WORD}\nsecond line\n", WORD),
        ("pässwörd\n", "pässwörd"),
    ],
)
def test_file(tmp_path: Path, text: str, secret: str) -> None:
    """A file's first line is the secret, spaces included, without its end."""
    assert written(tmp_path / "secret", text).read().reveal() == secret


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o620, 0o601])
def test_file_of_others(tmp_path: Path, mode: int) -> None:
    """A file that anybody else can use is refused, with the remedy."""
    source = written(tmp_path / "secret", mode=mode)

    with pytest.raises(SecretError, match=r"others can read it; chmod 600 .*/secret"):
        source.read()


@pytest.mark.parametrize("mode", [0o600, 0o400])
def test_file_of_ones_own(tmp_path: Path, mode: int) -> None:
    """A file that only its owner can read is accepted."""
    assert written(tmp_path / "secret", mode=mode).read().reveal() == WORD


def test_no_such_file(tmp_path: Path) -> None:
    """A file that is missing is named."""
    with pytest.raises(SecretError, match=r"/secret: No such file"):
        SecretSource(file=str(tmp_path / "secret")).read()


def test_no_file(tmp_path: Path) -> None:
    """A folder is no file."""
    with pytest.raises(SecretError, match="Is a directory"):
        SecretSource(file=str(tmp_path)).read()


@pytest.mark.parametrize("text", ["", "\n", "\r\nsecond line"])
def test_empty_file(tmp_path: Path, text: str) -> None:
    """A file whose first line is empty holds no secret."""
    with pytest.raises(SecretError, match="is empty"):
        written(tmp_path / "secret", text).read()


def test_file_that_is_no_text(tmp_path: Path) -> None:
    """What is not UTF-8 is refused without being shown, in a traceback neither."""
    path = tmp_path / "secret"
    path.write_bytes(WORD.encode() + b"\xff\n")
    path.chmod(0o600)

    with pytest.raises(SecretError, match="not UTF-8") as raised:
        SecretSource(file=str(path)).read()

    assert WORD not in "".join(traceback.format_exception(raised.value))


def test_shown_to_nobody() -> None:
    """A secret does not show itself in any text made of it."""
    secret = Secret(WORD)

    shown = f"{secret} {secret!r} {secret!s} {[secret]} { ({'a': secret}) }"

    assert WORD not in shown
    assert "***" in shown


@pytest.mark.parametrize("write", [pickle.dumps, copy.copy, copy.deepcopy])
def test_not_written_down(write: object) -> None:
    """A secret cannot be stored or copied."""
    with pytest.raises(TypeError, match="not to be written down"):
        write(Secret(WORD))  # type: ignore[operator]


def test_nothing_can_be_added() -> None:
    """A secret has nothing but itself."""
    with pytest.raises(AttributeError):
        Secret(WORD).other = WORD  # type: ignore[attr-defined]


def test_fifo(tmp_path: Path) -> None:
    """A pipe that nobody writes to does not hold the prober."""
    os.mkfifo(tmp_path / "pipe", 0o600)

    with pytest.raises(SecretError):
        SecretSource(file=str(tmp_path / "pipe")).read()
