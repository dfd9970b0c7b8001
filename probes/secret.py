"""Secrets: reads them from the environment, or from a file that nobody else can read."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass

__all__ = ["Secret", "SecretError", "SecretSource"]


class SecretError(Exception):
    """A secret that cannot be had; the message names its place, never its value."""


class Secret:
    """A text that only `reveal` shows."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """Return the secret itself."""
        return self._text

    def __repr__(self) -> str:
        return "***"

    __str__ = __repr__

    def __reduce__(self) -> str:
        raise TypeError("a secret is not to be written down")


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretSource:
    """Names the variable of the environment or the file (one of the two) that holds a secret."""

    env: str = ""
    file: str = ""

    @property
    def place(self) -> str:
        """Return the variable or the file by its name."""
        return self.file or self.env

    def read(self) -> Secret:
        """Return the secret; a file's first line without its line end.

        Raises:
            SecretError: It is not there, empty, or the file can be read by others.
        """
        if self.env:
            return Secret(self._of_environment())
        return Secret(self._of_file())

    def _of_environment(self) -> str:
        text = os.environ.get(self.env, "")
        if not text:
            raise SecretError(f"the environment has no {self.env}")
        try:
            text.encode()
        except UnicodeEncodeError:  # bytes that are no text come as halves of surrogate pairs
            raise SecretError(f"{self.env} in the environment is not UTF-8; set it again as UTF-8") from None
        return text

    def _of_file(self) -> str:
        try:
            descriptor = os.open(self.file, os.O_RDONLY | os.O_NONBLOCK)  # a FIFO must not hold the prober
            with os.fdopen(descriptor, encoding="utf-8") as file:
                mode = os.fstat(file.fileno()).st_mode
                if not stat.S_ISREG(mode):
                    raise SecretError(f"{self.file} is not a file")
                if mode & 0o077:
                    raise SecretError(f"{self.file}: others can read it; chmod 600 {self.file}")
                text = file.readline().rstrip("\r\n")
        except (OSError, UnicodeDecodeError) as error:
            raise SecretError(f"{self.file}: {getattr(error, 'strerror', None) or 'it is not UTF-8'}") from None
        if not text:
            raise SecretError(f"{self.file} is empty")
        return text
