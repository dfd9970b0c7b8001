"""How a template becomes a page: one Jinja environment a language, with what was compiled shared by all."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cached_property, partial
from typing import Any

from generator import markup
from generator.formats import words
from generator.formats.edition import Edition
from generator.formats.html.here import Current, Here

_MACRO = re.compile(r"\{%-? *macro (\w+)\(")


class Renderer:
    """Renders the pages of one edition; Jinja is loaded when the first page is really rendered."""

    def __init__(self, edition: Edition) -> None:
        self._edition = edition
        self._current = Current()

    def render(self, template: str, lang: str, here: Here, **view: object) -> bytes:
        """Return a page in one language; `view` is what the page's own template sees beside the globals."""
        self.stand(here)
        page = self.environments[lang].get_template(f"pages/{template}.html").render(**view)
        return str(page).encode()

    def stand(self, here: Here) -> None:
        """Let templates know where they stand."""
        self._current.here = here

    @cached_property
    def environments(self) -> Mapping[str, Any]:
        """Return the Jinja environment of each language."""
        from jinja2 import Environment, StrictUndefined

        from generator.formats.html.loading import Loader, SharedCode

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
            environment.globals.update(
                _components(environment, edition.templates),
                here=self._current,
                t=speech,
                status_name=partial(words.status_name, speech),
                task_sentence=partial(words.task_sentence, speech),
                uptime_formula=partial(words.uptime_formula, speech, edition.site),
                _=speech.gettext,
                ngettext=speech.ngettext,
                site=edition.site,
                order=edition.languages,
                lang=lang,
            )
            environments[lang] = environment
        return environments


def _components(environment: Any, templates: Mapping[str, str]) -> dict[str, Callable[..., str]]:
    """Return every macro of components/ by its name; a component's template is loaded when it is first called."""
    return {
        macro: _Component(environment, path, macro)
        for path, text in templates.items()
        if path.startswith("components/") and path.endswith(".html")
        for macro in _MACRO.findall(text)
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
