"""Keep the catalogs in step with the code: `python locales/messages.py update|check`.

`update` extracts every message for people to messages.pot and carries it into each language's messages.po;
translations stay, nothing is guessed, and what is no longer used goes. English is filled in by itself.
`check` names what a catalog lacks or gets wrong, and exits with 1 if there is anything.
"""

from __future__ import annotations

import argparse
import copy
import io
import re
import string
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
SOURCE_LANGUAGE = "en"
METHODS = [("generator/**.py", "python"), ("probes/kinds/**.py", "python"), ("templates/**.html", "jinja2")]
OPTIONS = {"templates/**.html": {"silent": "false", "encoding": "utf-8"}}
KEYWORDS = {"_": None, "N_": None, "gettext": None, "ngettext": (1, 2)}
COMMENT_TAGS = ("NOTE:",)
MAY_BE_LEFT_OUT = {"eve"}
"""The placeholders that a translation can do without: "night of 1–2 March" leads "auf den 2. März"."""

POT_HEADER = """\
# What lagebild says to people. Written by `python locales/messages.py update`; do not edit.
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"""
PO_HEADER = """\
# What lagebild says in this language. Brought up to date by `python locales/messages.py update`.
msgid ""
msgstr ""
"Language: {language}\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plural_forms}\\n"
"""

HTML = re.compile(r"</?[A-Za-z]|&#?\w+;")
PERCENT_PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")
METHOD_CALL = re.compile(r"\.n?gettext\(")


def extract(root: Path) -> Catalog:
    """Return every message of generator/ and templates/.

    Raises:
        jinja2.TemplateSyntaxError: a template is broken; its messages would silently be missing.
        ValueError: a template calls gettext in a way that extraction does not see.
    """
    for template in sorted(root.glob("templates/**/*.html")):
        if METHOD_CALL.search(template.read_text(encoding="utf-8")):
            raise ValueError(f"{template}: extraction sees gettext(…) only by its bare name, not as a method")
    catalog = Catalog(charset="utf-8")
    found = extract_from_dir(
        root,
        method_map=METHODS,
        options_map=OPTIONS,
        keywords=KEYWORDS,
        comment_tags=COMMENT_TAGS,
        strip_comment_tags=True,
        directory_filter=lambda path: Path(path).name not in {"__pycache__", ".git", ".venv", "site", "tests"},
    )
    for filename, _, message, comments, context in found:
        catalog.add(message, None, [(filename, 0)], auto_comments=comments, context=context)
    return catalog


def update(root: Path) -> None:
    """Rewrite messages.pot and every messages.po."""
    template = extract(root)
    write(root / "locales" / "messages.pot", POT_HEADER, template)
    for path in catalog_paths(root):
        catalog = read(path)
        catalog.update(copy.deepcopy(template), no_fuzzy_matching=True)  # it takes the messages over as they are
        if language_of(path) == SOURCE_LANGUAGE:
            for message in messages(catalog):
                message.string = message.string if translated(message) else message.id
        write(path, po_header(catalog, language_of(path)), catalog)


def check(root: Path) -> list[str]:
    """Return what is wrong with the catalogs, a line a fault."""
    template = extract(root)
    return [
        f"{path.relative_to(root).as_posix()}: {fault}"
        for path in catalog_paths(root)
        for fault in faults(template, read(path), language_of(path))
    ]


def faults(template: Catalog, catalog: Catalog, language: str) -> Iterator[str]:
    """Yield what is wrong with one catalog."""
    for wanted in messages(template):
        if wanted.id not in catalog:
            yield f'missing: "{msgid(wanted)}"; run `python locales/messages.py update`'
    for message in messages(catalog):
        if message.id not in template:
            yield f'unused: "{msgid(message)}"; run `python locales/messages.py update`'
        if message.fuzzy:
            yield f'fuzzy: "{msgid(message)}"'
        if not translated(message) or len(forms(message)) != (catalog.num_plurals if message.pluralizable else 1):
            yield f'untranslated: "{msgid(message)}"'
            continue
        for form in forms(message):
            yield from (f'{fault}: "{form}"' for fault in form_faults(message, form, language))


def form_faults(message: Message, form: str, language: str) -> Iterator[str]:
    """Yield what is wrong with one translation."""
    originals = [message.id] if isinstance(message.id, str) else list(message.id)
    try:
        if placeholders(form) not in [placeholders(original) for original in originals]:
            yield f'placeholders differ from "{msgid(message)}"'
    except ValueError:
        yield "broken placeholder"
    if HTML.search(form):
        yield "markup belongs into the template"
    if PERCENT_PLACEHOLDER.search(form):
        yield "placeholders are written {name}"
    for name, wrong in TYPOGRAPHY.get(language, {}).items():
        if wrong(form):
            yield name


def placeholders(text: str) -> set[str]:
    """Return the names in braces that a translation must have as well."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None} - MAY_BE_LEFT_OUT


def matches(pattern: str) -> Callable[[str], bool]:
    """Return a test for a pattern."""
    compiled = re.compile(pattern)
    return lambda text: compiled.search(text) is not None


TYPOGRAPHY: dict[str, dict[str, Callable[[str], bool]]] = {
    "de": {
        "ss instead of ß": matches("ß"),
        "quotes are «…», the apostrophe is ’": matches("[\"'„“”]"),
        "a no-break space before Uhr and after ca.": matches(r" Uhr\b|\bca\. "),
    },
    "fr": {
        # a colon within a time ("16:00") is no punctuation
        "a narrow no-break space before : ; ! ?": matches("(?<![\u202f\u00a0])[;!?]|(?<![\u202f\u00a0])[:](?!\\d)"),
        "a narrow no-break space within « »": matches("«(?![\u202f\u00a0])|(?<![\u202f\u00a0])»"),
        "quotes are « … », the apostrophe is ’": matches("[\"'„“”]"),
    },
}
"""By language: what is wrong, and the test that finds it."""


def messages(catalog: Catalog) -> list[Message]:
    """Return the messages without the header."""
    return [message for message in catalog if message.id]


def msgid(message: Message) -> str:
    """Return the English of a message, the singular if it has two."""
    return message.id if isinstance(message.id, str) else message.id[0]


def forms(message: Message) -> list[str]:
    """Return the translations: one, or one a plural form."""
    return [message.string] if isinstance(message.string, str) else list(message.string or ())


def translated(message: Message) -> bool:
    """Return whether every form is there."""
    return bool(forms(message)) and all(forms(message))


def catalog_paths(root: Path) -> list[Path]:
    """Return each language's messages.po."""
    return sorted(root.glob("locales/*/LC_MESSAGES/messages.po"))


def language_of(path: Path) -> str:
    """Return the code of the language that a messages.po is in."""
    return path.parent.parent.name


def read(path: Path) -> Catalog:
    """Read a messages.po, strictly."""
    return read_po(io.BytesIO(path.read_bytes()), locale=language_of(path), abort_invalid=True)


def po_header(catalog: Catalog, language: str) -> str:
    """Return a header without dates and names, which change for no reason."""
    return PO_HEADER.format(language=language, plural_forms=catalog.plural_forms)


def write(path: Path, header: str, catalog: Catalog) -> None:
    """Write a catalog in the order of the code, without line numbers."""
    body = io.BytesIO()
    write_po(body, catalog, width=110, omit_header=True, ignore_obsolete=True, include_lineno=False)
    path.write_bytes(header.encode() + b"\n" + body.getvalue())


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("what", choices=["update", "check"])
    if parser.parse_args().what == "update":
        update(ROOT)
        return 0
    found = check(ROOT)
    for fault in found:
        print(fault, file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
