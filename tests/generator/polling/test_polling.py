"""The heartbeat rule, asked of a site by HTTP: what is believed, what is unknown, and what is never sent or shown."""

from __future__ import annotations

import base64
import gzip
import json
import logging
import re
import stat
import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from generator.model import ServiceStatus
from generator.polling import Question, State, Verdict, poll
from generator.polling.fetching import LIMIT_BYTES
from generator.polling.memory import file_name

NOW = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
SITE = "https://status.example.ch"
HEARTBEAT: Mapping[str, object] = {
    "version": 1,
    "generated_at": "2026-11-24T14:59:25Z",
    "next_update_before": "2026-11-24T15:29:25Z",
    "faulty_files": 0,
}
STATUS: Mapping[str, object] = {
    "version": 1,
    "status": "operational",
    "headline": {"de": "Alle Dienste sind in Betrieb.", "en": "All services are operational."},
    "services": [
        {
            "id": "gateway",
            "headline": {"de": "Empfang: In Betrieb", "en": "Gateway: Operational"},
            "own": True,
            "status": "operational",
            "incidents": [],
        },
        {
            "id": "archive",
            "headline": {"de": "Archiv: In Betrieb", "en": "Archive: Operational"},
            "own": True,
            "status": "operational",
            "incidents": [],
        },
        {"id": "cloud", "own": False, "status": "operational", "incidents": []},
    ],
    "incidents": {"open": [], "under_way": []},
}
NAMES: Mapping[str, Mapping[str, str]] = {
    "gateway": {"de": "Empfang", "en": "Gateway"},
    "archive": {"de": "Archiv", "en": "Archive"},
    "cloud": {},
}
"""The last one's site was built before headlines of services."""
STATES: Mapping[str, Mapping[str, str]] = {
    "operational": {"de": "In Betrieb", "en": "Operational"},
    "degraded_performance": {"de": "Beeinträchtigt", "en": "Degraded performance"},
    "partial_outage": {},
    "major_outage": {"de": "Ausfall", "en": "Major outage"},
}
FIGURES = {"open": "0", "maintenance": "0", "faulty": "0", "age": "35s"}

Handler = Callable[[httpx.Request], httpx.Response]


class Site:
    """A site that is asked; it remembers by what."""

    def __init__(self, *, heartbeat: object = HEARTBEAT, status: object = STATUS) -> None:
        self.documents = {"/heartbeat.json": heartbeat, "/status.json": status}
        self.asked: list[httpx.Request] = []
        self.answered: list[int] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        """Answer with a document, or with 304 if the client has it."""
        self.asked.append(request)
        document = self.documents[request.url.path]
        body = document if isinstance(document, bytes) else json.dumps(document).encode()
        tags = {"ETag": f'"{hash(body)}"', "Last-Modified": "Tue, 24 Nov 2026 14:59:25 GMT"}
        known = request.headers.get("If-None-Match") == tags["ETag"]
        self.answered.append(304 if known else 200)
        return httpx.Response(304, headers=tags) if known else httpx.Response(200, headers=tags, content=body)


def ask(answer: Handler, address: str = SITE, *, now: datetime = NOW, **options: Any) -> Verdict:
    """Poll what a function answers."""
    return poll(address, now, Question(**options), transport=httpx.MockTransport(answer))


def status(page: str = "operational", *, open_: list[str] | None = None, **services: str) -> dict[str, object]:
    """Return a status.json in which some services have a status; the incidents are open on the archive."""
    incidents = open_ or []
    return {
        **STATUS,
        "status": page,
        "services": [
            {
                **service,
                "status": (state := services.get(service["id"], "operational")),
                "headline": {code: f"{name}: {STATES[state][code]}" for code, name in NAMES[service["id"]].items()},
                "incidents": incidents if service["id"] == "archive" else [],
            }
            for service in STATUS["services"]  # type: ignore[attr-defined]
        ],
        "incidents": {"open": [{"id": id_} for id_ in incidents], "under_way": [{"id": "work"}]},
    }


def test_a_site_in_operation() -> None:
    """All is well: exit 0, the site's own sentence, and how old it is."""
    verdict = ask(Site())

    assert verdict == Verdict(state=State.OK, words="All services are operational.", figures=FIGURES)
    assert verdict.line == (
        "LAGEBILD OK - All services are operational. | open=0;;;0 maintenance=0;;;0 faulty=0;;;0 age=35s;;;0"
    )


@pytest.mark.parametrize(
    ("told", "state"),
    [
        ("operational", State.OK),
        ("under_maintenance", State.WARNING),
        ("degraded_performance", State.WARNING),
        ("partial_outage", State.CRITICAL),
        ("major_outage", State.CRITICAL),
    ],
)
def test_states(told: str, state: State) -> None:
    """Each status is one of the plugin's states."""
    assert ask(Site(status=status(told))).state is state


def test_every_status_has_a_state() -> None:
    """A status that the site can have is never without an answer."""
    found = {told: ask(Site(status=status(told))).words for told in ServiceStatus}

    assert set(found.values()) == {"All services are operational."}


@pytest.mark.parametrize(
    ("now", "state"),
    [
        ("2026-11-24T15:29:24Z", State.CRITICAL),
        ("2026-11-24T15:29:25Z", State.UNKNOWN),
        ("2027-01-01T00:00:00Z", State.UNKNOWN),
        ("2026-11-24T14:54:25Z", State.CRITICAL),
        ("2026-11-24T14:54:24Z", State.UNKNOWN),
    ],
)
def test_the_heartbeat_rule(now: str, state: State) -> None:
    """From next_update_before on every state is unknown, even an outage; so it is if the clocks differ too much."""
    verdict = ask(Site(status=status("major_outage")), now=datetime.fromisoformat(now))

    assert verdict.state is state


def test_a_silent_publisher() -> None:
    """A silent publisher is said to be silent, since when, and its state is not even asked for."""
    site = Site()

    verdict = ask(site, now=NOW + timedelta(hours=2))

    assert verdict.line == (
        "LAGEBILD UNKNOWN - nothing was published since 2026-11-24 14:59 UTC,"
        " although it was due before 2026-11-24 15:29 UTC | age=7235s;;;0"
    )
    assert [request.url.path for request in site.asked] == ["/heartbeat.json"]


def test_a_young_site_has_no_negative_age() -> None:
    """A site that was built while it was asked is 0 seconds old."""
    assert ask(Site(), now=NOW - timedelta(minutes=2)).figures["age"] == "0s"


@pytest.mark.parametrize(
    ("told", "state"),
    [("operational", State.UNKNOWN), ("degraded_performance", State.WARNING), ("major_outage", State.CRITICAL)],
)
def test_faulty_files(told: str, state: State) -> None:
    """With faulty files an outage is one, but "operational" is unknown, for something may be missing."""
    verdict = ask(Site(heartbeat={**HEARTBEAT, "faulty_files": 2}, status=status(told)))

    assert verdict.state is state
    assert "content files with an error: 2" in verdict.words
    assert verdict.figures["faulty"] == "2"


def checks(**stale_after: str) -> dict[str, object]:
    """Return a heartbeat with checks, named `<service>_<prober>`, each with the time of `NOW`'s day it holds until."""
    return {
        **HEARTBEAT,
        "checks": [
            {"check": "mx", "service": name.partition("_")[0], "stale_after": f"2026-11-24T{at}Z"}
            for name, at in stale_after.items()
        ],
    }


@pytest.mark.parametrize(
    ("heartbeat", "told", "state"),
    [
        (checks(gateway_zrh="15:00:01"), "operational", State.OK),
        (checks(gateway_zrh="15:00:00"), "operational", State.UNKNOWN),
        (checks(gateway_zrh="15:00:00"), "major_outage", State.CRITICAL),
        (checks(gateway_zrh="14:00:00", gateway_gva="15:01:00"), "operational", State.OK),
        (checks(gateway_zrh="15:01:00", archive_zrh="14:00:00"), "operational", State.UNKNOWN),
        (checks(cloud_zrh="14:00:00"), "operational", State.OK),
    ],
)
def test_silent_probes(heartbeat: object, told: str, state: State) -> None:
    """Where a check holds with no prober any more, "operational" is unknown; an upstream service does not count."""
    assert ask(Site(heartbeat=heartbeat, status=status(told))).state is state


def test_silent_probes_of_named_services() -> None:
    """Only the checks of the named services count then, and the silent ones are named."""
    site = Site(heartbeat=checks(archive_zrh="14:00:00", archive_gva="14:30:00"))

    sound, silent = (ask(site, services=(id_,)) for id_ in ("gateway", "archive"))

    assert (sound.state, sound.words) == (State.OK, "Gateway: Operational")
    assert silent.state is State.UNKNOWN
    assert silent.words == "Archive: Operational (nothing is known by these probes: archive/mx)"


def test_services() -> None:
    """Of named services the worst counts; those that are not operational are told of, in one language throughout."""
    site = Site(status=status("major_outage", open_=["a", "b"], archive="degraded_performance", cloud="partial_outage"))

    both = ask(site, services=("gateway", "archive"))
    upstream = ask(site, services=("cloud",))
    sound = ask(site, services=("gateway",), language="de")
    german = ask(site, services=("gateway", "archive"), language="de")

    assert (both.state, both.words) == (State.WARNING, "Archive: Degraded performance")
    assert (upstream.state, upstream.words) == (State.CRITICAL, "cloud: partial outage")
    assert (sound.state, sound.words) == (State.OK, "Empfang: In Betrieb")
    assert german.words == "Archiv: Beeinträchtigt"


def test_what_is_open_is_counted() -> None:
    """Incidents and maintenance are counted for the page, or for the named services."""
    site = Site(status=status(open_=["a", "b"]))

    counted = [ask(site, services=services).figures for services in ((), ("archive",), ("gateway",))]

    assert [(figures["open"], figures["maintenance"]) for figures in counted] == [("2", "1"), ("2", "0"), ("0", "0")]


def test_languages() -> None:
    """The site speaks the language asked for; else English, and where it has none, its first."""
    french_first = {**STATUS, "headline": {"fr": "Tous les services fonctionnent.", "de": "Alle Dienste …"}}

    words = [
        ask(Site(), language="de").words,
        ask(Site()).words,
        ask(Site(status=french_first)).words,
    ]

    assert words == [
        "Alle Dienste sind in Betrieb.",
        "All services are operational.",
        "Tous les services fonctionnent.",
    ]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"services": ("archiv",)}, '"archiv" is not a service on this site; it has gateway, archive, cloud'),
        ({"language": "it"}, '"it" is not a language on this site; it has de, en'),
    ],
)
def test_what_the_site_does_not_have(options: dict[str, Any], words: str) -> None:
    """Who asks for a service or a language that is not there learns what is."""
    assert ask(Site(), **options) == Verdict(state=State.UNKNOWN, words=words)


NESTED = b"[" * 100_000


@pytest.mark.parametrize(
    ("documents", "words"),
    [
        ({"heartbeat": b"<!doctype html>"}, "heartbeat.json is not what it should be: Expecting value"),
        ({"heartbeat": b"\xff\xfe"}, "heartbeat.json: 'utf-8' codec"),
        ({"heartbeat": NESTED}, "heartbeat.json is not what it should be: "),
        ({"heartbeat": []}, "heartbeat.json is not what it should be: list indices"),
        ({"heartbeat": {}}, "heartbeat.json lacks 'version'"),
        ({"heartbeat": {**HEARTBEAT, "version": 2}}, "heartbeat.json is of version 2; this check knows 1"),
        ({"heartbeat": {**HEARTBEAT, "faulty_files": None}}, "faulty_files is not a number"),
        ({"heartbeat": {**HEARTBEAT, "generated_at": 5}}, "heartbeat.json is not what it should be: fromisoformat"),
        ({"heartbeat": {**HEARTBEAT, "next_update_before": "soon"}}, "Invalid isoformat string: 'soon'"),
        ({"heartbeat": {**HEARTBEAT, "generated_at": "2026-11-24"}}, "2026-11-24 lacks its offset"),
        ({"heartbeat": {**HEARTBEAT, "checks": [{"check": "mx"}]}}, "heartbeat.json lacks 'service'"),
        ({"heartbeat": checks(gateway="noon")}, "Invalid isoformat string: '2026-11-24TnoonZ'"),
        ({"status": {**STATUS, "status": "fine"}}, "status.json is not what it should be: 'fine' is not a valid"),
        ({"status": {**STATUS, "headline": {}}}, "headline is empty"),
        ({"status": {**STATUS, "headline": "fine"}}, "status.json is not what it should be: "),
        ({"status": {**STATUS, "services": [{"id": "a"}]}}, "status.json lacks 'own'"),
    ],
)
def test_what_is_no_such_document(documents: dict[str, object], words: str) -> None:
    """A document that is not what it should be makes the state unknown, whatever is wrong with it."""
    verdict = ask(Site(**documents))

    assert verdict.state is State.UNKNOWN
    assert words in verdict.words


@pytest.mark.parametrize("code", [204, 206, 304, 401, 404, 500])
def test_http_errors(code: int) -> None:
    """Only 200 is an answer, and 304 only to who has something already."""
    verdict = ask(lambda _: httpx.Response(code, json=HEARTBEAT))

    assert (verdict.state, verdict.words) == (State.UNKNOWN, f"heartbeat.json: HTTP {code}")


def test_unreachable() -> None:
    """A site that cannot be reached is unknown, and the reason is said."""

    def refuse(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("Connection refused", request=request)

    verdict = ask(refuse)

    assert verdict == Verdict(state=State.UNKNOWN, words="heartbeat.json: Connection refused")


@pytest.mark.parametrize(("size", "state"), [(LIMIT_BYTES, State.OK), (LIMIT_BYTES + 1, State.UNKNOWN)])
def test_size(size: int, state: State) -> None:
    """What is larger than a megabyte is refused, also if it comes packed smaller."""
    body = json.dumps(STATUS).encode().ljust(size)

    def pack(request: httpx.Request) -> httpx.Response:
        packed = gzip.compress(Site(status=body)(request).content)
        return httpx.Response(200, headers={"Content-Encoding": "gzip"}, content=packed)

    assert ask(Site(status=body)).state is state
    assert ask(pack).state is state


def test_the_deadline_holds_for_everything() -> None:
    """What takes too long, at whatever step, is given up in time."""
    over = threading.Event()

    def dawdle(_: httpx.Request) -> httpx.Response:
        over.wait()
        return httpx.Response(200, json=HEARTBEAT)

    verdict = ask(dawdle, timeout_seconds=0.05)
    over.set()

    assert verdict == Verdict(state=State.UNKNOWN, words="no answer within 0.05 s")


def test_an_unchanged_site_is_not_sent_again(tmp_path: Path) -> None:
    """Both documents are asked for by ETag and time of change, and an unchanged one is judged as it was."""
    site, cache = Site(status=status("major_outage")), tmp_path / "new" / "poll.json"

    first = ask(site, cache=cache)
    written = cache.stat().st_mtime_ns
    second = ask(site, cache=cache)

    assert first == second
    assert first.state is State.CRITICAL
    assert site.answered == [200, 200, 304, 304]
    assert site.asked[-1].headers["If-Modified-Since"] == "Tue, 24 Nov 2026 14:59:25 GMT"
    assert cache.stat().st_mtime_ns == written
    assert stat.S_IMODE(cache.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE(cache.stat().st_mode) == 0o600


def test_an_unchanged_heartbeat_grows_old(tmp_path: Path) -> None:
    """That a heartbeat has not changed does not make it young."""
    site, cache = Site(), tmp_path / "poll.json"
    ask(site, cache=cache)

    verdict = ask(site, cache=cache, now=NOW + timedelta(hours=1))

    assert site.answered[-1] == 304
    assert verdict.state is State.UNKNOWN


def test_what_has_changed_is_remembered(tmp_path: Path) -> None:
    """A changed document takes the place of the one that was remembered."""
    site, cache = Site(), tmp_path / "poll.json"
    ask(site, cache=cache)
    site.documents["/status.json"] = status("major_outage")

    changed, again = (ask(site, cache=cache) for _ in range(2))

    assert changed.state is again.state is State.CRITICAL
    assert site.answered == [200, 200, 304, 200, 304, 304]


@pytest.mark.parametrize(
    "spoilt",
    [
        "",
        "[]",
        "{}",
        NESTED.decode(),
        '{"site": "https://elsewhere.example", "documents": {}}',
        f'{{"site": "{SITE}", "documents": {{"heartbeat.json": {{"bdoy": ""}}}}}}',
        f'{{"site": "{SITE}", "documents": {{"heartbeat.json": {{"body": "<html>", "etag": "x"}}}}}}',
    ],
)
def test_a_spoilt_cache_is_as_good_as_none(spoilt: str, tmp_path: Path) -> None:
    """Whatever stands in the cache, and whoever's it is, the site is asked, and the cache is good again."""
    site, cache = Site(), tmp_path / "poll.json"
    cache.write_text(spoilt)

    first, second = (ask(site, cache=cache) for _ in range(2))

    assert first.state is second.state is State.OK
    assert site.answered == [200, 200, 304, 304]


def test_what_is_unsound_is_not_remembered(tmp_path: Path) -> None:
    """A document that cannot be read is asked for anew each time."""
    site, cache = Site(status=b"<html>"), tmp_path / "poll.json"

    ask(site, cache=cache)
    ask(site, cache=cache)

    assert site.answered == [200, 200, 200, 200]


def test_a_cache_that_cannot_be_written_is_no_harm(tmp_path: Path) -> None:
    """Where nothing can be remembered the verdict is the same, and a remark says why; nothing is left over."""
    (tmp_path / "file").write_text("")
    (tmp_path / "folder").mkdir()

    below, over = (ask(Site(), cache=tmp_path / name) for name in ("file/poll.json", "folder"))

    assert below.state is over.state is State.OK
    assert below.remark == f"{tmp_path}/file/poll.json: File exists"
    assert over.remark == f"{tmp_path}/folder: Is a directory"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "folder"]


def redirect(target: str) -> Handler:
    """Return what answers every path but those below /new/ with a redirection."""
    site = Site()

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path.startswith("/new/"):
            site.documents[request.url.path] = site.documents[request.url.path.removeprefix("/new")]
            return site(request)
        return httpx.Response(301, headers={"Location": f"{target}{request.url.path}"})

    return answer


@pytest.mark.parametrize(
    ("address", "target"),
    [
        (SITE, "/new"),
        (SITE, f"{SITE}/new"),
        (SITE, "https://Status.Example.ch:443/new"),
        ("http://a.ch", "https://a.ch/new"),
    ],
)
def test_redirections_on_the_same_host(address: str, target: str) -> None:
    """A redirection on the same host is followed, also from http to https."""
    assert ask(redirect(target), address).state is State.OK


@pytest.mark.parametrize(
    ("target", "shown"),
    [
        ("https://evil.example/new", "https://evil.example"),
        ("https://status.example.ch.evil.example/new", "https://status.example.ch.evil.example"),
        ("//evil.example/new", "https://evil.example"),
        ("http://status.example.ch/new", "http://status.example.ch"),
        ("https://status.example.ch:8443/new", "https://status.example.ch:8443"),
        ("https://me:secret@evil.example/new", "https://evil.example"),
    ],
)
def test_redirections_elsewhere(target: str, shown: str) -> None:
    """A redirection to another host or port, or away from https, is not followed."""
    verdict = ask(redirect(target))

    assert (verdict.state, verdict.words) == (State.UNKNOWN, f"heartbeat.json: redirected elsewhere, to {shown}")


@pytest.mark.parametrize(("target", "words"), [("", "more than 5 redirections"), ("data:x", "For absolute URLs")])
def test_redirections_that_lead_nowhere(target: str, words: str) -> None:
    """A redirection in a circle, or to what is no address, ends."""
    verdict = ask(redirect(target))

    assert verdict.state is State.UNKNOWN
    assert words in verdict.words


ADDRESS = "https://me:s%40crêt@status.example.ch/path/"


def test_credentials_are_sent_and_never_shown(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """User and password go to the site alone: not into the log, the cache or its name, nor the verdict."""
    caplog.set_level(logging.DEBUG)
    sent: list[str] = []
    cache = tmp_path / "poll.json"

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(request.headers["Authorization"])
        assert "@" not in str(request.url)
        return httpx.Response(200, json=HEARTBEAT if request.url.path == "/path/heartbeat.json" else STATUS)

    verdict = ask(answer, ADDRESS, cache=cache)

    assert verdict.state is State.OK
    assert {base64.b64decode(value.removeprefix("Basic ")).decode() for value in sent} == {"me:s@crêt"}
    assert caplog.text == ""
    assert json.loads(cache.read_text())["site"] == "https://status.example.ch/path"
    assert not re.search("me:|cr.t", cache.read_text())
    assert file_name(ADDRESS) == file_name("https://status.example.ch/path")


@pytest.mark.parametrize(
    "address",
    [
        "",
        "status.example.ch",
        "me:secret@status.example.ch",
        "ftp://me:secret@status.example.ch",
        "https://",
        "https://me:secret@",
        "https://me:sec/ret@status.example.ch",
        "https://me:secret@status.example.ch:port",
        "https://me:secret@status.example.ch:99999",
        "https://me:secret@[status.example.ch",
        "https://me:secret@status.example.ch/?token=secret",
        "https://me:secret@status.example.ch/#secret",
        "https://me:secret@status.example.ch/\n",
        "https://me:secret@xn--\u2603.example",
    ],
)
def test_what_is_no_address(address: str) -> None:
    """What is no address is refused without being shown."""
    verdict = ask(Site(), address)

    assert verdict.state is State.UNKNOWN
    assert verdict.words == "the address is not of the form https://HOST or https://HOST/PATH"


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("a | b=1;;;0", "a b=1;;;0"),
        ("two\nlines\r\n\tand more", "two lines and more"),
        ("\x1b[31mred\x07", "[31mred"),
        ("\u202egnikcart", "gnikcart"),
        ("zwölf 🙂", "zwölf 🙂"),
        ("x" * 1000, "x" * 400),
        ("see https://me:s|e cret@host/", "see https://host/"),
    ],
)
def test_the_line_is_one_line(words: str, shown: str) -> None:
    """Whatever a site says, the plugin prints one line with one bar, and nothing that steers a terminal."""
    assert Verdict(state=State.OK, words=words, figures={"a": "1"}).line == f"LAGEBILD OK - {shown} | a=1;;;0"
