"""The outlet `git`: pushes event files to a branch.

A push adds files below incidents/auto/ and touches nothing else; it is never forced, so whatever somebody else has
pushed meanwhile stays, and the push is tried again on top of it. The one ref that is forced is the prober's own,
`refs/probers/<name>`, which holds nothing but what it last saw.
"""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime
from pathlib import Path

from probes.events import FOLDER, EventError, parse
from probes.model import Repository
from probes.observations import path_of
from probes.outlets.clone import Clone, is_declined, is_overtaken, reason_of
from probes.outlets.git_command import GitError
from probes.outlets.outlet import Published, is_ours

__all__ = ["GitOutlet"]

_TRIES = 12
_SOON_SECONDS = 5.0
_LONGEST_WAIT_SECONDS = 60.0
_OF_THE_NETWORK = ("fetch", "push")
_NEVER = datetime.fromtimestamp(0, UTC)
"""When a commit was made of files that do not say it: no clock is asked."""


class GitOutlet:
    """Pushes event files; several probers and people may push to the same branch at the same time."""

    def __init__(
        self,
        repository: Repository,
        state: Path,
        *,
        chance: random.Random,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """`state` is the prober's own folder; `chance` spreads retries, so that two probers do not meet again."""
        self._folder = repository.folder
        self._clone = Clone(repository, state / "clone.git")
        # Of its own, so that no event waits for what is only looked at, and nothing of it is kept.
        self._seen = Clone(repository, state / "seen.git")
        self._chance, self._sleep = chance, sleep
        self._failures = 0

    def publish(self, files: Mapping[str, bytes]) -> Published:
        """Push files that are not there yet, in one commit."""
        strange = [path for path in files if not is_ours(path)]
        ours = {path: data for path, data in files.items() if path not in strange}
        try:
            with self._clone.alone():
                published = self._pushed(ours) if ours else Published()
        except (GitError, OSError) as error:
            return self._failed(error)
        self._failures = 0
        if not strange:
            return published
        alarm = f"{strange[0]!a} is none of ours; it is not pushed"
        return Published(out=published.out, retry_in_seconds=_LONGEST_WAIT_SECONDS, alarm=published.alarm or alarm)

    def observe(self, prober: str, data: bytes) -> str:
        """Push what a prober last saw to a ref of its own; the former one goes. Return what was in the way."""
        try:
            at = datetime.fromisoformat(json.loads(data)["at"])
            with self._seen.alone(anew=True):
                blobs = {path_of(prober): self._seen.keep(data)}
                commit = self._seen.commit("", blobs, f"probes: what {prober} last saw", at)
                self._seen.put(commit, f"refs/probers/{prober}")
        except GitError as error:
            if is_declined(error):
                return f"the repository declined refs/probers/{prober}"
            return _out_of_reach(error) if error.command in _OF_THE_NETWORK else str(error)
        except OSError as error:
            return f"git: {error.strerror or 'cannot be run'}"
        return ""

    def filed(self, prober: str) -> tuple[Mapping[str, bytes], str]:
        """Return the event files of a prober by their paths in the repository, and what was in the way of reading them.

        Where the repository cannot be reached they are those of its tip when it last was.
        """
        trouble = ""
        try:
            with self._clone.alone():
                try:
                    tip = self._clone.fetch()
                except GitError as error:
                    tip, trouble = self._clone.tip(), _out_of_reach(error)
                return self._clone.read(tip, self._place(FOLDER), f"-{prober}-"), trouble
        except GitError as error:
            return {}, str(error)
        except OSError as error:
            return {}, f"git: {error.strerror or 'cannot be run'}"

    def _pushed(self, files: Mapping[str, bytes]) -> Published:
        blobs = {self._place(path): self._clone.keep(data) for path, data in files.items()}
        for attempt in range(_TRIES):
            tip = self._clone.fetch()
            there = self._clone.known(tip, blobs)
            try:
                obstacle = self._add(tip, {place: blob for place, blob in blobs.items() if place not in there}, files)
            except GitError as error:
                if not is_overtaken(error):
                    raise
                self._sleep(self._chance.uniform(0, min(5.0, 0.05 * 2**attempt)))
                continue
            if obstacle:
                return Published(retry_in_seconds=_LONGEST_WAIT_SECONDS, alarm=obstacle)
            return Published(out=frozenset(files), alarm=_differing(blobs, there))
        return Published(retry_in_seconds=_SOON_SECONDS, passing="others have pushed again and again meanwhile")

    def _add(self, tip: str, missing: Mapping[str, str], files: Mapping[str, bytes]) -> str:
        """Push what is missing; return what is in the way of that."""
        if not missing:
            return ""
        told = _told([data for path, data in files.items() if self._place(path) in missing])
        commit = self._clone.commit(tip, missing, *told)
        if not self._clone.adds(tip, commit, missing):
            return "something stands in the repository where incidents/auto/ belongs; it is left alone"
        self._clone.push(commit)
        return ""

    def _place(self, path: str) -> str:
        return f"{self._folder}/{path}" if self._folder else path

    def _failed(self, error: GitError | OSError) -> Published:
        """Keep everything; a push that was declined needs a person, what else fails may pass by itself."""
        self._failures += 1
        wait = min(_LONGEST_WAIT_SECONDS, 2.0 ** min(self._failures, 6))
        if isinstance(error, OSError):
            return Published(retry_in_seconds=wait, alarm=f"git: {error.strerror or 'cannot be run'}")
        if is_declined(error):
            declined = "the repository declined the push: its hooks or rights do not allow it"
            return Published(retry_in_seconds=_LONGEST_WAIT_SECONDS, alarm=declined)
        if error.command not in _OF_THE_NETWORK:
            return Published(retry_in_seconds=wait, alarm=str(error))
        return Published(retry_in_seconds=wait, passing=_out_of_reach(error))


def _out_of_reach(error: GitError) -> str:
    """Say why, in our own words: what git says may name the remote, and with it a password."""
    return f"the repository cannot be reached: {reason_of(error)}"


def _differing(blobs: Mapping[str, str], there: Mapping[str, str]) -> str:
    """Return an alarm if something else stands where a file belongs: somebody has edited it."""
    other = next((place for place, blob in there.items() if blobs[place] != blob), "")
    return f"{other} stands there with another content; it is left alone" if other else ""


def _told(files: Collection[bytes]) -> tuple[str, datetime]:
    """Return what a commit says, and when the last of its events happened."""
    events = []
    for data in files:
        try:
            events.append(parse(data))
        except EventError:
            continue
    if not events:
        return "probes: events", _NEVER
    last = max(events, key=lambda event: event.at)
    what = f"{last.event} {last.service}".strip()
    more = f" and {len(files) - 1} more" if len(files) > 1 else ""
    return f"probes: {what} ({last.prober}){more}", last.at
