"""The catalogs are complete, and faults in them are found."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from jinja2 import TemplateSyntaxError

from locales import messages

HEADER = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n'


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Return a small checkout: one module, one template, a German and an English catalog."""
    (tmp_path / "generator").mkdir()
    (tmp_path / "generator" / "says.py").write_text(
        'N_("Closed")\nspeech.gettext("Since {date}", date=date)\nngettext("{n} day", "{n} days", n)\n',
        encoding="utf-8",
    )
    (tmp_path / "templates" / "pages").mkdir(parents=True)
    (tmp_path / "templates" / "pages" / "page.html").write_text('<p>{{ _("Open") }}</p>', encoding="utf-8")
    for language in ("de", "en"):
        path = catalog_path(tmp_path, language)
        path.parent.mkdir(parents=True)
        path.write_text(HEADER, encoding="utf-8")
    return tmp_path


def catalog_path(root: Path, language: str) -> Path:
    """Return where a language's catalog lies."""
    return root / "locales" / language / "LC_MESSAGES" / "messages.po"


def catalog(body: str, language: str) -> Catalog:
    """Return a catalog of the given messages."""
    return read_po(io.BytesIO(f"{HEADER}\n{body}".encode()), locale=language)


def said(msgid: str, msgstr: str, language: str) -> list[str]:
    """Return what is found wrong with one translation."""
    written = catalog(f'msgid "{msgid}"\nmsgstr "{msgstr}"\n', language)
    return [fault.partition(":")[0] for fault in messages.faults(written, written, language)]


def test_no_catalog_lacks_anything(checkout: Path) -> None:
    """Every message of code and templates is translated, whole and well set, in every language of the first site."""
    languages = {messages.language_of(path) for path in messages.catalog_paths(checkout)}

    faults = messages.check(checkout)

    assert not faults, "\n".join(faults)
    assert languages >= {"de", "fr", "en"}


def test_a_night_is_dated_as_a_language_does() -> None:
    """A translation names a night by both of its days or by the one that it leads to, but never by none."""
    night = "night of {eve}–{next_date}"

    assert said(night, "Nacht auf den {next_date}", "de") == []
    assert said(night, "nuit du {eve} au {next_date}", "fr") == []
    assert said(night, "in der Nacht", "de") == [f'placeholders differ from "{night}"']


def test_extraction_covers_code_and_templates(tree: Path) -> None:
    """Messages are found in Python by `gettext`, `ngettext`, `_` and `N_`, and in templates by name."""
    found = messages.messages(messages.extract(tree))

    assert [message.id for message in found] == ["Closed", "Since {date}", ("{n} day", "{n} days"), "Open"]


def test_a_broken_template_stops_extraction(tree: Path) -> None:
    """A syntax error in a template is not skipped: its messages would vanish from every catalog."""
    (tree / "templates" / "pages" / "broken.html").write_text('{% if %}{{ _("Lost") }}', encoding="utf-8")

    with pytest.raises(TemplateSyntaxError):
        messages.extract(tree)


def test_a_message_that_extraction_cannot_see_stops_it(tree: Path) -> None:
    """In a template gettext is called by its bare name."""
    (tree / "templates" / "pages" / "hidden.html").write_text('{{ speech.gettext("Hidden") }}', encoding="utf-8")

    with pytest.raises(ValueError, match="bare name"):
        messages.extract(tree)


def test_an_update_keeps_translations_and_guesses_nothing(tree: Path) -> None:
    """New messages come empty, old translations stay, unused ones go; English fills itself."""
    german, english = catalog_path(tree, "de"), catalog_path(tree, "en")
    german.write_text(
        f'{HEADER}\nmsgid "Open"\nmsgstr "Offen"\n\nmsgid "Close"\nmsgstr "Schliessen"\n', encoding="utf-8"
    )

    messages.update(tree)

    translations = {messages.msgid(m): m.string for m in messages.messages(messages.read(german))}
    assert translations == {"Closed": "", "Since {date}": "", "{n} day": ("", ""), "Open": "Offen"}
    assert all(m.string == m.id for m in messages.messages(messages.read(english)))
    assert not messages.messages(messages.read(german))[0].fuzzy


def test_an_update_without_news_changes_nothing(tree: Path) -> None:
    """The files carry no dates and no line numbers, so that they change only with the messages."""
    messages.update(tree)
    before = catalog_path(tree, "de").read_bytes()

    messages.update(tree)

    assert catalog_path(tree, "de").read_bytes() == before
    assert b"Date" not in before


def test_check_names_what_is_missing_and_unused(tree: Path) -> None:
    """A message that no catalog has, and one that nobody says any more, are faults."""
    catalog_path(tree, "de").write_text(
        f'{HEADER}\nmsgid "Open"\nmsgstr "Offen"\n\nmsgid "Close"\nmsgstr "Schliessen"\n', encoding="utf-8"
    )

    faults = [fault for fault in messages.check(tree) if fault.startswith("locales/de/")]

    assert [fault.split(": ")[1] for fault in faults] == ["missing", "missing", "missing", "unused"]


@pytest.mark.parametrize(
    ("msgid", "msgstr", "language", "expected"),
    [
        ("Since {date}", "Seit {date}", "de", []),
        ("Open", "", "de", ["untranslated"]),
        ("Since {date}", "Seit {datum}", "de", ['placeholders differ from "Since {date}"']),
        ("Since {date}", "Seit", "de", ['placeholders differ from "Since {date}"']),
        ("Open", "Offen {", "de", ["broken placeholder"]),
        ("Open", "<b>Offen</b>", "de", ["markup belongs into the template"]),
        ("Open", "Offen&nbsp;jetzt", "de", ["markup belongs into the template"]),
        ("Since %(date)s", "Seit %(date)s", "de", ["placeholders are written {name}"]),
        ("Street", "Straße", "de", ["ss instead of ß"]),
        ("Street", "«Strasse»", "de", []),
        ("Street", "„Strasse“", "de", ["quotes are «…», the apostrophe is ’"]),
        ("Since {time}", "Seit {time} Uhr", "de", ["a no-break space before Uhr and after ca."]),
        ("About {time}", "ca.\u00a0{time}\u00a0Uhr", "de", []),
        ("Panne: {date}", "Panne\u202f: {date}", "fr", []),
        ("Panne: {date}", "Panne : {date}", "fr", ["a narrow no-break space before "]),
        ("Panne!", "Panne!", "fr", ["a narrow no-break space before "]),
        ("Panne; fin", "Panne\u00a0; fin", "fr", []),
        ("From 16:00", "dès 16:00", "fr", []),
        ("Panne", "«\u202fPanne\u202f»", "fr", []),
        ("Panne", "« Panne »", "fr", ["a narrow no-break space within « »"]),
        ("Panne", "L'archive", "fr", ["quotes are « … », the apostrophe is ’"]),
    ],
)
def test_faults_of_a_translation_are_found(msgid: str, msgstr: str, language: str, expected: list[str]) -> None:
    """Placeholders match, markup stays in the templates, and each language keeps its typography."""
    assert said(msgid, msgstr, language) == expected


def test_a_fuzzy_translation_is_a_fault() -> None:
    """A guess is not published, so it counts as missing."""
    written = catalog('#, fuzzy\nmsgid "Open"\nmsgstr "Offen"\n', "de")

    assert [fault.partition(":")[0] for fault in messages.faults(written, written, "de")] == ["fuzzy"]


def test_every_plural_form_is_there() -> None:
    """A language with two forms needs both, and the figure in each."""
    template = catalog('msgid "{n} day"\nmsgid_plural "{n} days"\nmsgstr[0] ""\nmsgstr[1] ""\n', "de")
    half = catalog('msgid "{n} day"\nmsgid_plural "{n} days"\nmsgstr[0] "{n} Tag"\nmsgstr[1] ""\n', "de")
    bare = catalog('msgid "{n} day"\nmsgid_plural "{n} days"\nmsgstr[0] "ein Tag"\nmsgstr[1] "{n} Tage"\n', "de")

    found = [next(messages.faults(template, written, "de")).partition(":")[0] for written in (half, bare)]

    assert found == ["untranslated", 'placeholders differ from "{n} day"']
