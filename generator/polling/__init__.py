"""Polling: ask a published site whether it can be believed, and what state it tells, by the heartbeat rule.

docs/how-to/monitor.md explains it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import replace
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

__all__ = ["State", "Verdict", "poll"]

T = TypeVar("T")


def poll(
    address: str,
    now: datetime,
    *,
    services: Sequence[str] = (),
    language: str | None = None,
    timeout_seconds: float = 10,
    cache: Path | None = None,
    transport: httpx.BaseTransport | None = None,
) -> Verdict:
    """Ask the site at an address for its state as of `now`; whatever keeps it from telling makes UNKNOWN.

    With `services` only those count, by id. `language` chooses the sentence (default: English, else the site's first).
    `timeout_seconds` bounds the whole of it. `cache` is a file that remembers both documents with their ETags.
    """
    try:
        site = Address.parse(address)
        verdict, remark = _within(
            timeout_seconds,
            lambda: _ask(site, now, services, language, client(site, timeout_seconds, transport), cache),
        )
    except PollError as error:
        return Verdict(state=State.UNKNOWN, words=str(error))
    return replace(verdict, remark=remark)


def _ask(
    site: Address,
    now: datetime,
    services: Sequence[str],
    language: str | None,
    asker: httpx.Client,
    cache: Path | None,
) -> tuple[Verdict, str]:
    """Return the verdict, and why nothing could be remembered, if so."""
    known = recall(cache, site.base) if cache else {}
    answers = dict(known)
    with asker:
        heartbeat = _document(asker, site, "heartbeat.json", parse_heartbeat, answers)
        verdict = staleness(heartbeat, now)
        if verdict is None:
            status = _document(asker, site, "status.json", parse_status, answers)
            verdict = judge(heartbeat, status, now, services=services, language=language)
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
