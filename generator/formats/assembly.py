"""Assembly: put an edition together from the sources, what was judged of them, and the facts."""

from __future__ import annotations

import hashlib
import pickle

from generator.content.judge import Content
from generator.facts import Facts
from generator.formats.edition import Edition, Memory
from generator.i18n import CompiledCatalog, compile_catalog, speeches
from generator.problems import BrokenError
from generator.sources import Sources


def assemble(
    read: Sources, judged: Content, facts: Facts, *, code: str, compiled: Memory, pictures: bool = True
) -> Edition:
    """Return the edition; `code` names the state of this program, `compiled` may outlive the build.

    `pictures` is whether PNGs can be drawn.

    Raises:
        BrokenError: A catalog cannot be read.
    """
    codes = {language.code for language in facts.site.languages}
    catalogs = {lang: _catalog(lang, po, compiled) for lang, po in read.catalogs.items() if lang in codes}
    return Edition(
        facts=facts,
        speeches=speeches(facts.site, catalogs),
        phrases=judged.phrases,
        templates=read.templates,
        brand=read.brand,
        pictures=pictures,
        base_digest=_base_digest(read, facts, code, pictures=pictures),
        faulty=judged.faulty,
        compiled=compiled,
    )


def _catalog(lang: str, po: bytes, compiled: Memory) -> CompiledCatalog:
    key = f"catalog-{hashlib.blake2b(po, digest_size=16).hexdigest()}"
    known = compiled.get(key)
    if known is not None:
        catalog: CompiledCatalog = pickle.loads(known)  # noqa: S301 - our own file, its digest verified
        return catalog
    try:
        catalog = compile_catalog(po)
    except ValueError as error:
        raise BrokenError(f"locales/{lang}/LC_MESSAGES/messages.po: {error}") from error
    compiled.put(key, pickle.dumps(catalog))
    return catalog


def _base_digest(read: Sources, facts: Facts, code: str, *, pictures: bool) -> str:
    """Return the digest of all that every output rests on."""
    digest = hashlib.blake2b(code.encode(), digest_size=16)
    for part in (facts.site, read.templates, read.catalogs, read.phrases, read.brand, pictures):
        digest.update(repr(part).encode())
    return digest.hexdigest()
