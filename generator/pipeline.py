"""The order in which a site comes to be; reads like a table of contents."""

from __future__ import annotations

import hashlib
import pickle
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from generator import facts, formats, sources
from generator.advice import with_advice
from generator.content.judge import Content, judge
from generator.disk import cache, lock
from generator.disk.accepted_versions import AcceptedVersions
from generator.disk.lock import Lock
from generator.formats.edition import Compiled, Edition, Forgetful
from generator.i18n import CompiledCatalog, compile_catalog, speeches
from generator.model import Site
from generator.places import CONFIG, PACKAGE, STATE, compiled_code, inputs
from generator.problems import BrokenError, Problem
from generator.publish.precompress import Compressors, with_siblings
from generator.publish.publisher import Report, Stamp, publish
from generator.publish.unchanged import Remembered
from generator.sources import Sources

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """How a build went."""

    problems: tuple[Problem, ...]
    report: Report | None
    """None where the content's errors kept the former site."""
    kept: tuple[str, ...] = ()
    """With `keep_going`: faulty files that were left out or stand at their last accepted version."""
    until: datetime | None = None
    """When the time alone changes what the site says; None where nothing was built."""
    publish_every: timedelta | None = None
    """How often a build is due; None where nothing was built."""


def build(
    tree: Path,
    output: Path,
    now: datetime,
    *,
    clean: bool = False,
    keep_going: bool = False,
    progress: Progress | None = None,
    jobs: int = 1,
    compressed: Compressors | None = None,
) -> Built:
    """Build the tree's site into `output` as of `now`.

    Content with an error leaves the former site as it was; with `keep_going` every sound file is published
    and a faulty one stands at its last accepted version. `jobs` processes render; more than one only where
    the caller has no other threads. `compressed` makes siblings of the texts, if they are wanted.

    Raises:
        PublishError: The target is not ours, or the disk refuses.
        BrokenError: A template or catalog cannot be used.
    """
    if not (tree / CONFIG).exists() and not (tree / STATE).exists():  # leave no trace in a folder that is no tree
        return Built(problems=judge(sources.read(tree), now).problems, report=None)
    with lock.acquire(str(tree / STATE)) as held:
        return _build(
            tree,
            output,
            now,
            held,
            clean=clean,
            keep_going=keep_going,
            progress=progress,
            jobs=jobs,
            compressed=compressed,
        )


def _build(
    tree: Path,
    output: Path,
    now: datetime,
    held: Lock,
    *,
    clean: bool,
    keep_going: bool,
    progress: Progress | None,
    jobs: int,
    compressed: Compressors | None,
) -> Built:
    state = tree / STATE
    fingerprint = cache.fingerprint(inputs(str(tree)))
    read = sources.read(tree)
    accepted = AcceptedVersions(state)
    judged = judge(read, now, accepted.get) if keep_going else judge(read, now)
    if judged.site is None or (judged.faulty and not keep_going):
        return Built(problems=judged.problems, report=None)
    edition = derive(read, judged, now, compiled=cache.Memo(compiled_code(), "lagebild"))
    problems = with_advice(judged, edition.facts, read.incidents)
    outputs = formats.outputs(edition)
    if compressed:
        outputs = with_siblings(outputs, compressed, cache.Memo(str(state), "siblings"))
    report = publish(
        list(outputs),
        output,
        state,
        owner=judged.site.feed_authority,
        stamp=stamp(judged.site, now),
        clean=clean,
        progress=progress,
        lock=held,
        jobs=jobs,
    )
    accepted.keep(sound(read, judged))
    _remember(state, output, edition, fingerprint, report, precompressed=bool(compressed))
    return Built(
        problems=problems,
        report=report,
        kept=judged.faulty,
        until=edition.facts.next_transition,
        publish_every=judged.site.publish_every,
    )


def derive(read: Sources, judged: Content, now: datetime, *, compiled: Compiled | None = None) -> Edition:
    """Return the edition of judged content as of `now`; `compiled` outlives the build (default: nothing does)."""
    compiled = compiled or Forgetful()
    assert judged.site is not None  # noqa: S101 - asked by the callers
    site = judged.site
    codes = {language.code for language in site.languages}
    catalogs = {code: _catalog(code, po, compiled) for code, po in read.catalogs.items() if code in codes}
    return Edition(
        facts=facts.derive(site, judged.incidents, now, events=judged.events, observations=judged.observations),
        speeches=speeches(site, catalogs),
        phrases=judged.phrases,
        templates=read.templates,
        brand=read.brand,
        ground=_ground(read, site),
        faulty=judged.faulty,
        compiled=compiled,
    )


def stamp(site: Site, now: datetime) -> Stamp:
    """Return what stamped files show: when the site was built, and before when the next build is due."""
    local = now.astimezone(ZoneInfo(site.time_zone))
    due = now + 2 * site.publish_every
    return Stamp(iso=_iso(now), time=f"{local:%H:%M}", due=_iso(due), epoch=str(int(now.timestamp())))


def _iso(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _catalog(code: str, po: bytes, memo: Compiled) -> CompiledCatalog:
    key = f"catalog-{hashlib.blake2b(po, digest_size=16).hexdigest()}"
    known = memo.get(key)
    if known is not None:
        compiled: CompiledCatalog = pickle.loads(known)  # noqa: S301 - our own file, its digest verified
        return compiled
    try:
        compiled = compile_catalog(po)
    except ValueError as error:
        raise BrokenError(f"locales/{code}/LC_MESSAGES/messages.po: {error}") from error
    memo.put(key, pickle.dumps(compiled))
    return compiled


def _ground(read: Sources, site: Site) -> str:
    """Return the digest of all that every output rests on; another state of this code may render otherwise."""
    digest = hashlib.blake2b(cache.fingerprint([PACKAGE]).encode(), digest_size=16)
    for part in (site, read.templates, read.catalogs, read.phrases, read.brand):
        digest.update(repr(part).encode())
    return digest.hexdigest()


def sound(read: Sources, judged: Content) -> dict[str, str]:
    """Return the texts without an error, by path."""
    texts = {CONFIG: read.config or "", **read.incidents}
    for beside in read.long_texts.values():
        texts |= dict(beside.values())
    return {path: text for path, text in texts.items() if path not in judged.faulty}


def _remember(
    state: Path, output: Path, edition: Edition, fingerprint: str, report: Report, *, precompressed: bool
) -> None:
    """Let the next build take the short way if nothing has changed; with faults it must look again."""
    if edition.faulty or report.foreign:
        cache.forget(str(state))
        return
    site = edition.site
    remembered = Remembered(
        fingerprint=fingerprint,
        target=str(output.absolute()),
        since=edition.facts.now.timestamp(),
        until=edition.facts.next_transition.timestamp(),
        time_zone=site.time_zone,
        publish_every_seconds=int(site.publish_every.total_seconds()),
        owner=site.feed_authority,
        signature=report.signature,
        precompressed=precompressed,
    )
    cache.store(str(state), remembered._asdict())
