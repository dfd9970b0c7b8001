"""Catalog: read catalogs of `.po` form, and look messages up in them."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

ENGLISH_PLURAL = "(n != 1)"


def N_(msgid: str) -> str:  # noqa: N802 - the name that message extraction looks for
    """Return a message as it is: marks it for extraction where it stands in a table."""
    return msgid


@dataclass(frozen=True, slots=True, kw_only=True)
class CompiledCatalog:
    """A catalog as plain data: quick to pickle and to load, since reading a `.po` takes a dozen milliseconds."""

    messages: Mapping[str, str] = field(default_factory=dict)
    plurals: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """By the singular message; one form for each value of `plural_rule`."""
    plural_rule: str = ENGLISH_PLURAL
    """The C expression of gettext's `Plural-Forms`."""


def compile_catalog(po: bytes) -> CompiledCatalog:
    """Read a `.po` file; fuzzy and empty messages are left out.

    Raises:
        ValueError: it is no `.po` file.
    """
    from babel.messages.pofile import PoFileError, read_po

    try:
        catalog = read_po(io.BytesIO(po), abort_invalid=True)
    except PoFileError as error:
        raise ValueError(str(error)) from error
    messages: dict[str, str] = {}
    plurals: dict[str, tuple[str, ...]] = {}
    for message in catalog:
        if not message.id or message.fuzzy:
            continue
        if isinstance(message.string, str):
            if message.string:
                messages[str(message.id)] = message.string
        elif message.string and all(message.string):
            plurals[message.id[0]] = tuple(message.string)
    return CompiledCatalog(messages=messages, plurals=plurals, plural_rule=catalog.plural_expr)


class Messages:
    """Looks messages up; what is not translated stays English."""

    def __init__(self, catalog: bytes | CompiledCatalog | None) -> None:
        self._source = catalog

    @cached_property
    def _catalog(self) -> CompiledCatalog:
        if isinstance(self._source, bytes):
            return compile_catalog(self._source)
        return self._source or CompiledCatalog()

    @cached_property
    def _plural_form(self) -> Callable[[int], int]:
        from gettext import c2py

        return c2py(self._catalog.plural_rule)

    def gettext(self, msgid: str, /, **params: object) -> str:
        """Translate a message and fill its `{name}` placeholders."""
        message = self._catalog.messages.get(msgid, msgid)
        return message.format(**params) if params else message

    def ngettext(self, singular: str, plural: str, n: int, /, **params: object) -> str:
        """Translate a message in the form that `n` asks for; `{n}` is the number as the locale writes it."""
        forms = self._catalog.plurals.get(singular)
        if forms is None:
            message = singular if n == 1 else plural
        else:
            message = forms[min(self._plural_form(n), len(forms) - 1)]
        return message.format(n=self.number(n), **params)

    def number(self, n: int) -> str:
        """Write a whole number."""
        return str(n)
