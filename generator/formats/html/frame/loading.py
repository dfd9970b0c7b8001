"""Loading: hand Jinja the templates that were read, compiled once."""

from __future__ import annotations

import marshal
from collections.abc import Callable, Mapping
from types import CodeType

from jinja2 import BaseLoader, BytecodeCache, Environment
from jinja2.bccache import Bucket
from jinja2.exceptions import TemplateNotFound

from generator.formats.edition import Memory


class Loader(BaseLoader):
    """Hands out the templates that were read, under their real names for tracebacks."""

    def __init__(self, templates: Mapping[str, str]) -> None:
        self._templates = templates

    def get_source(
        self,
        environment: Environment,  # noqa: ARG002 - Jinja's signature
        template: str,
    ) -> tuple[str, str | None, Callable[[], bool] | None]:
        """Return a template's text and name.

        Raises:
            TemplateNotFound: There is no such template.
        """
        if template not in self._templates:
            raise TemplateNotFound(template)
        return self._templates[template], f"templates/{template}", lambda: True


class SharedCode(BytecodeCache):
    """Lets the languages share what was compiled, and later builds too where `compiled` outlives this one."""

    def __init__(self, compiled: Memory) -> None:
        self._code: dict[str, CodeType] = {}
        self._compiled = compiled

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give the bucket its code, if it was compiled before."""
        name = f"{bucket.key}-{bucket.checksum}"
        code = self._code.get(name)
        if code is None:
            kept = self._compiled.get(name)
            code = marshal.loads(kept) if kept is not None else None  # noqa: S302 - our own file, its digest verified
        bucket.code = code

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep the bucket's code."""
        assert bucket.code is not None  # noqa: S101 - Jinja hands over what it has compiled
        name = f"{bucket.key}-{bucket.checksum}"
        self._code[name] = bucket.code
        self._compiled.put(name, marshal.dumps(bucket.code))
