"""The order in which a site comes to be; reads like a table of contents."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from generator import facts, formats, sources
from generator.advice import with_advice
from generator.content.judge import Content, judge, judge_whole, outdated_texts, sound_texts
from generator.disk import cache
from generator.disk.accepted_versions import AcceptedVersions
from generator.disk.lock import Lock, acquire
from generator.formats.assembly import assemble
from generator.formats.edition import Edition, Forgetful, Memory
from generator.formats.html.drawings.raster import can_draw
from generator.model import Site
from generator.places import CONFIG, PACKAGE, STATE, compiled_code, inputs
from generator.problems import Problem
from generator.publish import unchanged
from generator.publish.earlier import published
from generator.publish.options import BuildOptions, Target
from generator.publish.precompress import with_siblings
from generator.publish.publisher import Report, publish
from generator.sources import Sources
from generator.time_slots import Stamp

DEFAULTS = BuildOptions()


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


def build(tree: Path, output: Path, now: datetime, options: BuildOptions = DEFAULTS) -> Built:
    """Build the tree's site into `output` as of `now`.

    Content with an error leaves the former site as it was, unless the options say to keep going.

    Raises:
        PublishError: The target is not ours, or the disk refuses.
        BrokenError: A template or catalog cannot be used.
    """
    if not (tree / CONFIG).exists() and not (tree / STATE).exists():  # leave no trace in a folder that is no tree
        return Built(problems=judge(sources.read(tree), now).problems, report=None)
    with acquire(str(tree / STATE)) as held:
        return _build(tree, output, now, options, held)


def _build(tree: Path, output: Path, now: datetime, options: BuildOptions, held: Lock) -> Built:
    state = tree / STATE
    fingerprint = cache.fingerprint(inputs(str(tree)))
    read = sources.read(tree)
    accepted = AcceptedVersions(state)
    former = published(tree, output)
    read, judged = judge_whole(read, now, former) if options.keep_going else (read, judge(read, now, former))
    if judged.site is None or judged.lost or (judged.faulty and not options.keep_going):
        return Built(problems=judged.problems, report=None)
    edition = derive(read, judged, now, compiled=cache.Memo(compiled_code(), "lagebild"))
    problems = with_advice(judged, edition.facts, read.incidents)
    outputs = formats.outputs(edition)
    if options.compressors:
        outputs = with_siblings(outputs, options.compressors, cache.Memo(str(state), "siblings"))
    target = Target(folder=output, state=state, owner=judged.site.feed_authority)
    report = publish(list(outputs), target, stamp(judged.site, now), options, lock=held)
    accepted.keep(sound_texts(read, judged))
    accepted.drop(outdated_texts(read, judged, former))
    precompressed = bool(options.compressors)
    unchanged.remember(target, edition, report, fingerprint=fingerprint, precompressed=precompressed)
    return Built(
        problems=problems,
        report=report,
        kept=judged.faulty,
        until=edition.facts.next_transition,
        publish_every=judged.site.publish_every,
    )


def derive(read: Sources, judged: Content, now: datetime, *, compiled: Memory | None = None) -> Edition:
    """Return the edition of judged content as of `now`; `compiled` outlives the build (default: nothing does)."""
    assert judged.site is not None  # noqa: S101 - asked by the callers
    standing = facts.derive(judged.site, judged.incidents, now, events=judged.events, observations=judged.observations)
    code = cache.fingerprint([PACKAGE])
    return assemble(read, judged, standing, code=code, compiled=compiled or Forgetful(), pictures=can_draw())


def stamp(site: Site, now: datetime) -> Stamp:
    """Return what stamped files show: when the site was built, and before when the next build is due."""
    return Stamp.of(now, site.time_zone, int(site.publish_every.total_seconds()))
