"""Workshop: build a draft, whatever is wrong with the content."""

from __future__ import annotations

import os
from datetime import datetime
from functools import partial
from pathlib import Path

from generator import formats, pipeline, sources
from generator.advice import with_advice
from generator.content.judge import judge_whole, sound_texts
from generator.content.published import Published
from generator.disk.accepted_versions import AcceptedVersions
from generator.disk.cache import Memo
from generator.model import Site
from generator.places import STATE, compiled_code
from generator.preview.draft import RENEW_AFTER, Draft
from generator.publish.build_time import renew
from generator.publish.options import BuildOptions, Progress, Target
from generator.publish.publisher import publish

_OWNER = "preview"
"""Not the site's own `feed_authority`, which may be edited: nobody has subscribed here."""


class Workshop:
    """Builds a tree into `<folder>/site`; a faulty file stands at its last sound version."""

    def __init__(self, tree: Path, folder: Path) -> None:
        self._tree = tree
        self._state = folder / "state"
        self._published = AcceptedVersions(tree / STATE)
        self._sound: dict[str, str] = {}
        self.site = folder / "site"

    def build(self, now: datetime, progress: Progress) -> Draft:
        """Build the tree as of `now`; `progress` hears how far it is, and may raise.

        Raises:
            PublishError: The disk refuses.
        """
        read = sources.read(self._tree)
        known = Published(paths=self._published.paths(), accepted=self._accepted)
        read, judged = judge_whole(read, now, known)
        if judged.site is None:
            return Draft(problems=judged.problems, site=None)
        edition = pipeline.derive(read, judged, now, compiled=Memo(compiled_code(), "lagebild"))
        target = Target(folder=self.site, state=self._state, owner=_OWNER)
        options = BuildOptions(progress=progress)
        report = publish(list(formats.outputs(edition)), target, pipeline.stamp(judged.site, now), options)
        self._sound |= sound_texts(read, judged)
        return Draft(
            problems=with_advice(judged, edition.facts, read.incidents),
            site=self.site,
            signature=report.signature,
            until=edition.facts.next_transition,
            renew=partial(self._renew, judged.site, report.signature),
            renew_after=min(RENEW_AFTER, judged.site.publish_every),
        )

    def _accepted(self, path: str) -> str | None:
        return self._sound.get(path) or self._published.get(path)

    def _renew(self, site: Site, signature: str, now: datetime) -> bool:
        stamp = pipeline.stamp(site, now)
        return renew(os.fspath(self.site), os.fspath(self._state), owner=_OWNER, signature=signature, stamp=stamp)
