"""The event files: what is written is read back, and what is no event is never taken for one."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from probes.events import MAX_BYTES, Event, EventError, EventKind, episode_id, parse, path_of, serialize
from probes.model import Announce, Outcome, Reason

names = st.from_regex(r"[a-z0-9]{1,8}(-[a-z0-9]{1,5})?", fullmatch=True)
seconds = st.integers(1_000_000_000, 32_000_000_000).map(lambda at: datetime.fromtimestamp(at, UTC))
words = st.dictionaries(
    st.sampled_from(["de", "fr", "en"]),
    st.text(st.characters(blacklist_categories=["Cc", "Cs", "Cn"]), min_size=1, max_size=300),
    max_size=3,
)
BAD = [outcome for outcome in Outcome if outcome.bad]
OPEN = Event(
    event=EventKind.OPEN,
    id="0" * 16,
    prober="a",
    at=datetime(2026, 1, 1, tzinfo=UTC),
    since=datetime(2026, 1, 1, tzinfo=UTC),
    service="a",
    check="a",
    kind="a",
    status=Outcome.OUTAGE,
)
FULL = replace(
    OPEN, reason=Reason.ALERT, behind="a", figures={"a": 1.0}, title={"de": "a"}, text={"de": "a"}, probers=2
)
"""With every key that there is."""


@st.composite
def events(draw: st.DrawFn) -> Event:
    """Draw any event that a prober may file."""
    kind = draw(st.sampled_from(list(EventKind)))
    at = draw(seconds)
    since = at - timedelta(seconds=draw(st.integers(0, 10_000)))
    prober = draw(names)
    if kind in (EventKind.BLIND, EventKind.SEEING):
        return Event(event=kind, id=episode_id(prober, "", "blind", since), prober=prober, at=at, since=since)
    service, check, over = draw(names), draw(names), kind is EventKind.CLOSE
    return Event(
        event=kind,
        id=episode_id(prober, service, check, since),
        prober=prober,
        at=at,
        since=since,
        service=service,
        check=check,
        kind=draw(names),
        status=Outcome.OPERATIONAL if over else draw(st.sampled_from(BAD)),
        reason=None if over else draw(st.sampled_from(list(Reason))),
        announce=draw(st.sampled_from(list(Announce))),
        probers=draw(st.integers(1, 9)),
        behind=draw(st.sampled_from(["", "upstream"])),
        figures=draw(st.dictionaries(st.sampled_from(["delay_seconds", "value"]), st.floats(0, 1e7), max_size=2)),
        title=draw(words),
        text=draw(words),
    )


@given(events())
def test_identity(event: Event) -> None:
    """What is written is read back, and written the same way again."""
    data = serialize(event)

    assert parse(data) == event
    assert serialize(parse(data)) == data


@given(events(), events())
def test_paths(one: Event, other: Event) -> None:
    """Two events share a path only if they are of the same kind, prober, episode and second."""
    same = (one.at, one.prober, one.event, one.id) == (other.at, other.prober, other.event, other.id)

    assert (path_of(one) == path_of(other)) is same


def test_path() -> None:
    """A path says when, who and what, under the month."""
    at = datetime(2026, 11, 24, 3, 12, 9, tzinfo=UTC)
    event = Event(event=EventKind.BLIND, id="0123456789abcdef", prober="zrh1", at=at, since=at)

    assert path_of(event) == "incidents/auto/2026/11/20261124T031209Z-zrh1-blind-0123456789abcdef.json"


@given(st.binary(max_size=300))
def test_noise(data: bytes) -> None:
    """Whatever stands in a file, it is an event or refused with a word."""
    with pytest.raises(EventError):
        parse(data)


anything = st.characters(blacklist_categories=[])
"""Among it the halves of surrogate pairs, which JSON can hold."""
numbers = st.integers() | st.integers(10**300, 10**320) | st.floats()
times = st.datetimes().map(lambda at: f"{at.replace(microsecond=0).isoformat()}Z")
json_values = st.recursive(
    st.none() | st.booleans() | numbers | st.text(anything, max_size=20) | times,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(anything, max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(
    events(),
    st.sampled_from(sorted(json.loads(serialize(FULL)))),
    json_values
    | st.dictionaries(st.sampled_from(["a", "delay_seconds"]), numbers)
    | st.dictionaries(st.sampled_from(["de", "fr"]), st.text(anything, max_size=20)),
)
def test_damaged_key(event: Event, key: str, value: object) -> None:
    """Whatever one key holds, the file is an event or refused with a word."""
    said = json.loads(serialize(event))
    said[key] = value
    try:
        parsed = parse(json.dumps(said).encode())
    except EventError:
        return
    assert parse(serialize(parsed)) == parsed


DEEP = 15_000
HOSTILE = {
    "not JSON": b"{",
    "no object": b"[]",
    "brackets": b"[" * DEEP,
    "objects": b'{"a":' * 3_000,
    "a long number": b'{"version": ' + b"9" * DEEP + b"}",
    "another encoding": '{"version": 2}'.encode("utf-16"),
    "no encoding": b"\xff\xfe\xfd",
    "another version": b'{"version": 2}',
}
SPOILT: dict[str, tuple[str, object]] = {
    "a figure larger than any float": ("figures", {"value": 10**400}),
    "a figure larger than anything that is counted": ("figures", {"value": 1.79e308}),
    "a figure smaller than anything that is counted": ("figures", {"value": -1.79e308}),
    "more seconds than a year has": ("figures", {"delay_seconds": 366 * 86400 + 1}),
    "fewer seconds than none": ("figures", {"delay_seconds": -0.1}),
    "seconds that are true": ("figures", {"delay_seconds": True}),
    "a name longer than any": ("check", "a" * 101),
    "an infinite figure": ("figures", {"value": float("inf")}),
    "a figure that is none": ("figures", {"value": float("nan")}),
    "half a surrogate pair": ("title", {"de": "\ud800"}),
    "half a surrogate pair for a language": ("title", {"\ud800": "a"}),
    "an escape sequence": ("text", {"de": "\x1b[2J"}),
    "no character": ("text", {"de": "a\ufffe"}),
    "no character at the end of the plane": ("text", {"de": "a\uffff"}),
    "no character within the plane": ("title", {"de": "\ufdd0"}),
    "no character of the last plane": ("text", {"de": "a\U0010ffff"}),
    "no language": ("text", {"": "a"}),
    "a language in capitals": ("text", {"DE": "a"}),
    "a path for a language": ("title", {"../de": "a"}),
    "a word for a language": ("title", {"german": "a"}),
    "a language with a line end": ("title", {"de\n": "a"}),
    "a long text": ("text", {"de": "a" * 4_001}),
    "before the calendar": ("since", "0001-01-01T00:00:00Z"),
    "after the calendar": ("at", "9999-12-31T23:59:59Z"),
    "since later than at": ("since", "2026-01-02T00:00:00Z"),
    "a path for a name": ("prober", "../../etc"),
    "an id of another length": ("id", "0" * 17),
    "good and yet open": ("status", "operational"),
    "unknown and yet open": ("status", "unknown"),
    "no prober to agree": ("probers", 0),
    "a reason nobody knows": ("reason", "because"),
}


@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE)
def test_hostile(data: bytes) -> None:
    """What is made to break a reader is refused with a word."""
    with pytest.raises(EventError):
        parse(data)


@pytest.mark.parametrize(("key", "value"), SPOILT.values(), ids=SPOILT)
def test_spoilt(key: str, value: object) -> None:
    """What no page could show, and no figure could be reckoned with, is refused with a word."""
    said = json.loads(serialize(OPEN))
    assert parse(json.dumps(said).encode()) == OPEN

    with pytest.raises(EventError, match=key):
        parse(json.dumps({**said, key: value}).encode())


@pytest.mark.parametrize(
    "figures", [{"delay_seconds": 366 * 86400}, {"delay_seconds": 0}, {"size": 10**18}, {"value": -(10**18)}]
)
def test_figures(figures: dict[str, float]) -> None:
    """A year of seconds is the most, and anything else may be as large as what is counted in practice."""
    said = json.loads(serialize(OPEN))

    assert parse(json.dumps({**said, "figures": figures}).encode()).figures == figures


def test_what_is_said_of_a_file() -> None:
    """What stands in a file cannot speak to the terminal of whoever is told of it."""
    said = {**json.loads(serialize(OPEN)), "event": "\x1b[2J\n" * 1_000}

    with pytest.raises(EventError) as caught:
        parse(json.dumps(said).encode())

    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 300


def test_too_large() -> None:
    """A file that is too large is not read at all."""
    with pytest.raises(EventError, match="at most"):
        parse(b" " * (MAX_BYTES + 1))


def test_unknown_key() -> None:
    """A key of a later version is passed over."""
    at = datetime(2026, 1, 1, tzinfo=UTC)
    event = Event(event=EventKind.SEEING, id="0" * 16, prober="a", at=at, since=at)
    said = {**json.loads(serialize(event)), "later": 1}

    assert parse(json.dumps(said).encode()) == event
