"""Probing: say when the probers last saw a service, and what it is that they measure."""

from __future__ import annotations

from generator.facts import ProbingFacts
from generator.i18n import Speech, exact


def silence(speech: Speech, probing: ProbingFacts | None) -> str:
    """Say that the probers have nothing new of a service, and since when; nothing where they have, or do not look."""
    if probing is None or not probing.silent:
        return ""
    if probing.last_probed is None:
        return speech.gettext("Our monitoring has no result yet.")
    return speech.gettext("No result from our monitoring {since}.", since=speech.since(exact(probing.last_probed)))


def measured_by(speech: Speech, kind: str) -> str:
    """Name what a check of a kind measures."""
    from probes.kinds import KINDS  # a site without probers does without

    return speech.gettext(KINDS[kind].measures)
