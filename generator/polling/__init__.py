"""Polling: ask a published site whether it can be believed, and what state it tells, by the heartbeat rule.

docs/how-to/monitor.md explains it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from threading import Thread
from typing import TypeVar

import httpx

from generator.polling.address import Address, PollError
from generator.polling.documents import parse_heartbeat, parse_status
from generator.polling.fetching import Response, client, fetch
from generator.polling.memory import keep, recall
from generator.polling.verdict import State, Verdict, judge, staleness

__all__ = ["Question", "State", "Verdict", "poll"]

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked of a site."""

    services: Sequence[str] = ()
    """Ids of the services that count; empty for all."""
    language: str | None = None
    """The language of the sentence; without one English, else the site's first."""
    timeout_seconds: float = 10
    """The limit for the whole of it."""
    cache: Path | None = None
    """A file that remembers both documents with their ETags."""


def poll(address: str, now: datetime, question: Question, *, transport: httpx.BaseTransport | None = None) -> Verdict:
    """Ask the site at an address for its state as of `now`; whatever keeps it from telling makes UNKNOWN."""
    try:
        site = Address.parse(address)
        asker = client(site, question.timeout_seconds, transport)
        verdict, remark = _within(question.timeout_seconds, lambda: _ask(site, now, question, asker))
    except PollError as error:
        return Verdict(state=State.UNKNOWN, words=str(error))
    return replace(verdict, remark=remark)


def _ask(site: Address, now: datetime, question: Question, asker: httpx.Client) -> tuple[Verdict, str]:
    """Return the verdict, and why nothing could be remembered, if so."""
    cache = question.cache
    known = recall(cache, site.base) if cache else {}
    answers = dict(known)
    with asker:
        heartbeat = _document(asker, site, "heartbeat.json", parse_heartbeat, answers)
        verdict = staleness(heartbeat, now)
        if verdict is None:
            status = _document(asker, site, "status.json", parse_status, answers)
            verdict = judge(heartbeat, status, now, services=question.services, language=question.language)
    if cache is None or answers == known:
        return verdict, ""
    return verdict, keep(cache, site.base, answers)


def _document(
    asker: httpx.Client, site: Address, name: str, parse: Callable[[str], T], answers: dict[str, Response]
) -> T:
    """Return a document of the site, as it was remembered if it has not changed; remember it if it is sound."""
    known = answers.pop(name, None)
    if known is not None:
        try:
            parse(known.body)
        except PollError:
            known = None
    answer = fetch(asker, site, name, known)
    parsed = parse(answer.body)
    answers[name] = answer
    return parsed


def _within(seconds: float, work: Callable[[], T]) -> T:
    """Return what the work returns, unless it takes longer.

    The timeouts of httpx hold for each step alone, and none for looking up a name; the thread is left behind.
    """
    future: Future[T] = Future()

    def run() -> None:
        try:
            future.set_result(work())
        except BaseException as error:  # raised where the result is awaited
            future.set_exception(error)

    Thread(target=run, daemon=True).start()
    try:
        return future.result(seconds)
    except TimeoutError:
        raise PollError(f"no answer within {seconds:g} s") from None
