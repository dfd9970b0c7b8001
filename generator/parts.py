"""What is wrong with a site's own templates and catalogs, as far as can be told before anything is rendered."""

from __future__ import annotations

import string
from collections.abc import Iterator

from generator.i18n import CompiledCatalog, compile_catalog
from generator.problems import Problem
from generator.sources import Sources


def judge(sources: Sources) -> Iterator[Problem]:
    """Yield a problem for each own template that cannot be compiled and each own catalog that cannot be used."""
    for name in sorted(sources.own_templates):
        if name.endswith(".html"):
            yield from _template(name, sources.templates[name])
    for code in sorted(sources.own_catalogs):
        yield from _catalog(f"locales/{code}/LC_MESSAGES/messages.po", sources.catalogs[code])


def _template(name: str, text: str) -> Iterator[Problem]:
    from jinja2 import Environment, TemplateSyntaxError

    try:
        Environment(autoescape=True).parse(text)
    except TemplateSyntaxError as error:
        hint = "remove the file to have the shipped template back"
        message = error.message or "not a template"
        path, line = f"templates/{name}", error.lineno or 0
        yield Problem(path=path, line=line, column=1, code="broken-template", message=message, hint=hint)


def _catalog(path: str, po: bytes) -> Iterator[Problem]:
    from gettext import c2py

    try:
        catalog = compile_catalog(po)
        c2py(catalog.plural_rule)
    except Exception as error:  # whatever gettext's reader meets in a file that is none
        hint = "bring it back from git, or make it anew from messages.pot"
        yield Problem(path=path, code="broken-catalog", message=f"not a catalog: {error}", hint=hint)
        return
    for said, translated in _pairs(catalog):
        wanted, found = _placeholders(said), _placeholders(translated)
        if found is None or not found <= {*(wanted or ()), *(("n",) if said in catalog.plurals else ())}:
            names = ", ".join(f"{{{name}}}" for name in sorted(wanted or ())) or "none"
            message = f'the translation of "{said}" has other placeholders'
            yield Problem(path=path, code="broken-catalog", message=message, hint=f"allowed: {names}")


def _pairs(catalog: CompiledCatalog) -> Iterator[tuple[str, str]]:
    yield from catalog.messages.items()
    for said, forms in catalog.plurals.items():
        for form in forms:
            yield said, form


def _placeholders(text: str) -> set[str] | None:
    """Return the names in braces; None if the braces do not make sense."""
    try:
        names = {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
    except ValueError:
        return None
    return names if all(name.isidentifier() for name in names) else None
