"""Environment: render templates, by one Jinja environment per language that shares what was compiled."""

from __future__ import annotations

import re
import traceback
from collections.abc import Callable, Mapping
from functools import cached_property, partial
from typing import Any

from generator import markup
from generator.brand.overrides import MACRO
from generator.formats import words
from generator.formats.edition import Edition
from generator.formats.html.frame.here import Current, Here
from generator.problems import BrokenError

_TEXT = re.compile(r"(?<!<wbr)>[^<]*(?:[Ee]-[Mm]ail|\w–\d)[^<]*<")
_E_MAIL = re.compile(r"\b([Ee]-)(?=[Mm]ail)")
_RANGE = re.compile(r"(?<=\w)–(?=\d)")


class Renderer:
    """Renders the pages of one edition; Jinja is loaded when the first page is really rendered."""

    def __init__(self, edition: Edition) -> None:
        self._edition = edition
        self._current = Current()

    def render(self, template: str, lang: str, here: Here, **view: object) -> bytes:
        """Return a page in one language; `view` is what the page's own template sees beside the globals.

        Raises:
            BrokenError: A template cannot be used.
        """
        self.stand(here)
        try:
            page = self.environments[lang].get_template(f"pages/{template}.html").render(**view)
        except Exception as error:
            place = _place(error)
            if place is None:
                raise
            raise BrokenError(f"{place}: {type(error).__name__}: {error}") from error
        head, body, rest = str(page).partition("<body>")
        return f"{head}{body}{_TEXT.sub(_joined, rest)}".encode()

    def stand(self, here: Here) -> None:
        """Let templates know where they stand."""
        self._current.here = here

    @cached_property
    def environments(self) -> Mapping[str, Any]:
        """Return the Jinja environment of each language."""
        from jinja2 import Environment, StrictUndefined

        from generator.formats.html.frame.loading import Loader, SharedCode

        edition = self._edition
        shared = SharedCode(edition.compiled)
        environments = {}
        for lang, speech in edition.speeches.items():
            environment = Environment(
                loader=Loader(edition.templates),
                autoescape=True,
                undefined=StrictUndefined,
                trim_blocks=True,
                lstrip_blocks=True,
                auto_reload=False,
                bytecode_cache=shared,
            )
            environment.filters["markdown"] = markup.render
            environment.filters["address"] = markup.address
            environment.globals.update(
                _components(environment, edition.templates),
                here=self._current,
                t=speech,
                status_name=partial(words.status_name, speech),
                task_sentence=partial(words.task_sentence, speech, today=edition.facts.today),
                uptime_formula=partial(words.uptime_formula, speech, edition.site),
                _=speech.gettext,
                ngettext=speech.ngettext,
                site=edition.site,
                today=edition.facts.today,
                order=edition.languages,
                lang=lang,
            )
            environments[lang] = environment
        return environments


def _place(error: Exception) -> str | None:
    """Return file and line of the template that an error comes from."""
    name, line = getattr(error, "filename", None), getattr(error, "lineno", None)
    if isinstance(name, str) and name.startswith("templates/"):
        return f"{name}:{line}"
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename.startswith("templates/")]
    return f"{frames[-1].filename}:{frames[-1].lineno}" if frames else None


def _joined(text: re.Match[str]) -> str:
    """Keep «E-Mail» and "04:00–08:20" in one piece where a line ends: browsers break after a hyphen or dash."""
    return _RANGE.sub("\u2060–\u2060", _E_MAIL.sub("\\1\u2060", text[0]))


def _components(environment: Any, templates: Mapping[str, str]) -> dict[str, Callable[..., str]]:
    """Return every macro of components/ by its name; a component's template is loaded when it is first called."""
    return {
        macro: _Component(environment, path, macro)
        for path, text in templates.items()
        if path.startswith("components/") and path.endswith(".html")
        for macro in MACRO.findall(text)
    }


class _Component:
    """A macro that loads itself."""

    def __init__(self, environment: Any, path: str, macro: str) -> None:
        self._environment = environment
        self._path = path
        self._name = macro

    @cached_property
    def _macro(self) -> Callable[..., str]:
        macro: Callable[..., str] = getattr(self._environment.get_template(self._path).module, self._name)
        return macro

    def __call__(self, *arguments: object) -> str:
        """Return what the macro makes of its arguments."""
        return self._macro(*arguments)
