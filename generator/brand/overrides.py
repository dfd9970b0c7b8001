"""Overrides: judge a site's own templates, styles and catalogs before anything is rendered."""

from __future__ import annotations

import re
import string
from collections.abc import Iterable, Iterator, Mapping

from generator.brand import stylesheets
from generator.i18n import CompiledCatalog, compile_catalog
from generator.problems import Level, Problem, did_you_mean
from generator.sources import Sources

_BACK = "remove the file to restore the shipped one"
_COMPONENTS = "components/"
MACRO = re.compile(r"\{%-? *macro (\w+)\(")
"""How components come by each other's macros: by nothing but their names."""


def judge(sources: Sources) -> Iterator[Problem]:
    """Yield what is wrong with each template, stylesheet, component and catalog of the site's own."""
    for name in sorted(sources.own_templates):
        if name.endswith(".html"):
            yield from _template(name, sources)
        elif name.endswith(".css"):
            yield from stylesheets.judge(f"templates/{name}", sources.templates[name])
    yield from _components(sources)
    for code in sorted(sources.own_catalogs):
        yield from _catalog(f"locales/{code}/LC_MESSAGES/messages.po", sources.catalogs[code])


def _template(name: str, sources: Sources) -> Iterator[Problem]:
    from jinja2 import TemplateSyntaxError

    path = f"templates/{name}"
    try:
        defined = _macros(sources.templates[name])
    except TemplateSyntaxError as error:
        message = error.message or "not a template"
        line = error.lineno or 0
        yield Problem(path=path, line=line, column=1, code="broken-template", message=message, hint=_BACK)
        return
    if not name.startswith(_COMPONENTS) or name not in sources.overridden:
        return
    others = {other: text for other, text in sources.templates.items() if other != name}
    found = _defined(others) | (_defined({name: sources.templates[name]}) & defined)
    for macro in MACRO.findall(sources.overridden[name]):
        if macro not in found and _called(macro, sources.templates.values()):
            message = f'it lacks the macro "{macro}", which the pages use'
            yield Problem(path=path, code="broken-template", message=message, hint=_BACK)


def _macros(text: str) -> set[str]:
    """Return the macros of a template, without those in comments."""
    from jinja2 import Environment, nodes

    return {macro.name for macro in Environment(autoescape=True).parse(text).find_all(nodes.Macro)}


def _called(macro: str, texts: Iterable[str]) -> bool:
    call = re.compile(rf"(?<![\w.])(?<!macro ){re.escape(macro)}\(")
    return any(call.search(text) for text in texts)


def _components(sources: Sources) -> Iterator[Problem]:
    """Yield a warning for each folder that looks like a component's but is none."""
    kept = {*sources.templates} - sources.own_templates
    shipped = _folders(kept | {*sources.overridden})
    for folder in sorted(_folders(sources.own_templates) - shipped):
        if _used(f"{_COMPONENTS}{folder}/", sources.templates):
            continue
        path, hint = f"templates/{_COMPONENTS}{folder}", did_you_mean(folder, sorted(shipped))
        message = f'"{folder}" is not a component, and no template of yours uses it'
        yield Problem(path=path, code="unknown-component", message=message, hint=hint, level=Level.WARNING)


def _used(folder: str, templates: Mapping[str, str]) -> bool:
    """Return whether templates elsewhere call a macro that they have from this folder alone."""
    outside = {name: text for name, text in templates.items() if not name.startswith(folder)}
    defined = _defined({name: text for name, text in templates.items() if name.startswith(folder)})
    return any(_called(macro, outside.values()) for macro in defined - _defined(outside))


def _defined(templates: Mapping[str, str]) -> set[str]:
    """Return every macro of the components among some templates."""
    texts = (text for name, text in templates.items() if name.startswith(_COMPONENTS))
    return {macro for text in texts for macro in MACRO.findall(text)}


def _folders(names: Iterable[str]) -> set[str]:
    parts = (name.removeprefix(_COMPONENTS).partition("/") for name in names if name.startswith(_COMPONENTS))
    return {folder for folder, slash, _ in parts if slash}


def _catalog(path: str, po: bytes) -> Iterator[Problem]:
    from gettext import c2py

    try:
        catalog = compile_catalog(po)
        c2py(catalog.plural_rule)
    except Exception as error:  # whatever gettext's reader meets in a file that is none
        hint = "restore it from git, or create it again from messages.pot"
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
