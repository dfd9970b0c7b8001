"""The live preview: when it builds, what it shows, and whom it answers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from threading import Event, Thread

import pytest

from generator.preview import Draft, Progress, Watch, Workshop
from generator.preview_page import EVENTS, SCRIPT, STYLE, Board, PortError, Server, Shown, locate, mime_type
from generator.problems import Level, Problem
from generator.starter import plant

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
SITE = Path("/somewhere/site")
LONG_SECONDS = 60
"""Nothing here takes so long, unless it never comes."""
PAGE = b"<!doctype html>\n<html><body><p>Fine.</p></body></html>\n"
TYPO = Problem(
    path="incidents/<x>.yaml",
    line=7,
    column=3,
    code="unknown-service",
    message='"mail & archiv" is no service',
    hint='did you mean "mail-archive"?',
)
UNTRANSLATED = Problem(path="status.yaml", code="missing-translation", message="no French", level=Level.WARNING)


class Desk:
    """A watch at work on files, time and builds that the test decides on."""

    def __init__(self) -> None:
        self.seals = ["as found"]
        """What the files are at each look; the last one stays."""
        self.now = NOW
        self.draft = Draft(problems=(), site=SITE, signature="first")
        self.error: Exception | None = None
        self.built: list[datetime] = []
        self.told: list[tuple[tuple[Problem, ...], str]] = []
        self.heard = Event()
        self.stop = Event()
        self.board = Board()
        self.thread = Thread(
            target=Watch(
                build=self._build,
                board=self.board,
                seal=lambda: self.seals.pop(0) if len(self.seals) > 1 else self.seals[0],
                clock=lambda: self.now,
                tell=self._tell,
                stop=self.stop,
            ).run
        )

    def _build(self, now: datetime, _progress: Progress) -> Draft:
        self.built.append(now)
        if self.error:
            raise self.error
        return self.draft

    def _tell(self, problems: Sequence[Problem], outcome: str) -> None:
        self.told.append((tuple(problems), outcome))
        self.heard.set()

    def wait(self) -> None:
        """Wait until a build was told of."""
        assert self.heard.wait(LONG_SECONDS)
        self.heard.clear()


@pytest.fixture
def desk() -> Iterator[Desk]:
    """Return a desk whose watch has built once."""
    desk = Desk()
    desk.thread.start()
    desk.wait()
    yield desk
    desk.stop.set()
    desk.thread.join()


def test_a_change_is_built(desk: Desk) -> None:
    """Another state of the files is built, and shown under another version."""
    before = desk.board.wait()

    desk.draft = Draft(problems=(), site=SITE, signature="second")
    desk.seals = ["changed"]
    desk.wait()

    after = desk.board.wait()
    assert before
    assert after
    assert before.version != after.version
    assert len(desk.built) == 2


def test_many_changes_are_one_build(desk: Desk) -> None:
    """Files that go on changing are built when they have come to rest."""
    desk.seals = ["first", "second", "third", "third", "third"]
    desk.wait()

    assert len(desk.built) == 2
    assert desk.seals == ["third"]


def test_a_build_without_news_reloads_nothing(desk: Desk) -> None:
    """A build that made the same files and found the same problems leaves the version as it is."""
    before = desk.board.wait()

    desk.seals = ["changed"]
    desk.wait()

    assert desk.board.wait() == before


def test_time_is_a_change(desk: Desk) -> None:
    """At the next transition the site is built as of then, although no file has changed."""
    desk.draft = Draft(problems=(), site=SITE, signature="first", until=NOW + timedelta(hours=1))
    desk.seals = ["changed"]
    desk.wait()
    desk.draft = Draft(problems=(), site=SITE, signature="second")

    desk.now = NOW + timedelta(hours=1)
    desk.wait()

    assert desk.built == [NOW, NOW, NOW + timedelta(hours=1)]


def test_the_time_of_building_is_kept_fresh(desk: Desk) -> None:
    """While nothing changes the time of building is filled in anew, without a build, until that does not do."""
    renewed: list[datetime] = []
    enough = Event()

    def renew(now: datetime) -> bool:
        renewed.append(now)
        enough.set()
        return len(renewed) < 2

    desk.draft = Draft(problems=(), site=SITE, signature="first", renew=renew)
    desk.seals = ["changed"]
    desk.wait()

    desk.now = NOW + timedelta(minutes=1)
    assert enough.wait(LONG_SECONDS)
    built = len(desk.built)
    desk.now = NOW + timedelta(minutes=2)
    desk.wait()

    assert renewed == [NOW + timedelta(minutes=1), NOW + timedelta(minutes=2)]
    assert built == 2
    assert len(desk.built) == 3


def test_problems_are_said_once(desk: Desk) -> None:
    """The problems of the build before are not said again, but counted."""
    desk.draft = Draft(problems=(TYPO,), site=SITE, signature="first")
    desk.seals = ["changed"]
    desk.wait()
    desk.seals = ["changed again"]
    desk.wait()

    said = [problems for problems, _ in desk.told]
    outcomes = [re.sub(r"\d+\.\d\d", "0.00", outcome) for _, outcome in desk.told]
    assert said == [(), (TYPO,), ()]
    assert outcomes == ["built in 0.00 s: no problems", "built in 0.00 s: 1 problem", "built in 0.00 s: 1 problem"]


def test_a_build_may_fail(desk: Desk) -> None:
    """A build that breaks off says where, what was built before is shown on, and the next change is built."""
    desk.error = RuntimeError("<out of ideas>")
    desk.seals = ["changed"]
    desk.wait()
    failed = desk.board.wait()
    desk.error = None
    desk.seals = ["mended"]
    desk.wait()
    mended = desk.board.wait()

    assert failed
    assert failed.site == SITE
    assert re.fullmatch(r".*test_preview\.py:\d+: RuntimeError: <out of ideas>", failed.failure)
    assert mended
    assert not mended.failure


def test_a_build_is_given_up_at_the_end() -> None:
    """Whoever ends the preview does not wait for a long build."""
    started, stop = Event(), Event()

    def build(_now: datetime, progress: Progress) -> Draft:
        while True:
            progress(1, 1_000_000)
            started.set()

    watch = Watch(
        build=build,
        board=Board(),
        seal=lambda: "",
        clock=lambda: NOW,
        tell=lambda _problems, _outcome: None,
        stop=stop,
    )
    thread = Thread(target=watch.run, daemon=True)
    thread.start()
    assert started.wait(LONG_SECONDS)

    stop.set()
    thread.join(LONG_SECONDS)

    assert not thread.is_alive()


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Return a small tree with two incidents."""
    root = tmp_path / "tree"
    plant(root, demo=False, today="2026-11-20")
    (root / "incidents/2026").mkdir()
    for name in ("first", "second"):
        write_incident(root, name, "inbound")
    return root


def write_incident(tree: Path, name: str, service: str) -> None:
    """Write an incident of a service, in English only."""
    text = f"title: {{en: The {name}}}\nservices: {{{service}: major_outage}}\n"
    text += "updates:\n  - at: 2026-11-24 09:00\n    status: investigating\n"
    (tree / f"incidents/2026/{name}.yaml").write_text(text)


@pytest.fixture
def workshop(tree: Path, tmp_path: Path) -> Workshop:
    """Return a workshop for the small tree."""
    (tmp_path / "private").mkdir()
    return Workshop(tree, tmp_path / "private")


def build(workshop: Workshop) -> Draft:
    """Build, and do not care how far it is."""
    return workshop.build(NOW, lambda _done, _total: None)


def test_nothing_is_written_in_the_tree(tree: Path, workshop: Workshop) -> None:
    """A preview leaves the tree as it was: without a site, and without accepted versions."""
    before = sorted(tree.rglob("*"))

    build(workshop)

    assert sorted(tree.rglob("*")) == before
    assert (workshop.site / "en/incidents/2026/first/index.html").is_file()


def test_a_faulty_file_stands_at_its_last_sound_version(tree: Path, workshop: Workshop) -> None:
    """A mistake in one incident is reported, and takes no page away."""
    build(workshop)
    write_incident(tree, "second", "inbond")

    draft = build(workshop)

    page = (workshop.site / "en/incidents/2026/second/index.html").read_text()
    assert [problem.code for problem in draft.problems if problem.level is Level.ERROR] == ["unknown-service"]
    assert "The second" in page


def test_a_new_faulty_file_is_left_out(tree: Path, workshop: Workshop) -> None:
    """An incident that never was sound has no page, but the others have theirs."""
    write_incident(tree, "second", "inbond")

    build(workshop)

    assert not (workshop.site / "en/incidents/2026/second").exists()
    assert (workshop.site / "en/incidents/2026/first/index.html").is_file()


def test_what_a_real_build_accepted_stands_in(tree: Path, workshop: Workshop) -> None:
    """A file that is faulty from the start stands at the version that the tree's last build accepted."""
    accepted = tree / ".lagebild/accepted/incidents/2026/second.yaml"
    accepted.parent.mkdir(parents=True)
    accepted.write_bytes((tree / "incidents/2026/second.yaml").read_bytes())
    write_incident(tree, "second", "inbond")

    build(workshop)

    assert (workshop.site / "en/incidents/2026/second/index.html").is_file()


def test_without_a_configuration_there_is_no_site(tree: Path, workshop: Workshop) -> None:
    """Where status.yaml leaves nothing to build on, the draft is its problems alone."""
    (tree / "status.yaml").unlink()

    draft = build(workshop)

    assert draft.site is None
    assert [problem.code for problem in draft.problems] == ["missing-file"]


def test_the_site_may_change_hands(tree: Path, workshop: Workshop) -> None:
    """The permanent name of the site can be edited in the preview, where nobody has subscribed yet."""
    build(workshop)
    status = tree / "status.yaml"
    status.write_text(status.read_text().replace("feed_authority: example.ch", "feed_authority: example.org"))

    draft = build(workshop)

    assert "example.org" in (workshop.site / "en/feed.atom").read_text()
    assert draft.site == workshop.site


def test_a_later_time_is_filled_in(workshop: Workshop) -> None:
    """Renewing a draft fills the time in where it shows, and changes no other file."""
    draft = build(workshop)
    page = workshop.site / "en/incidents/2026/first/index.html"
    before = page.stat()

    renewed = draft.renew(NOW + timedelta(minutes=7))

    assert renewed
    assert "2026-11-24T09:07:00Z" in (workshop.site / "en/index.html").read_text()
    assert page.stat() == before


def test_a_draft_holds_until_the_next_transition(tree: Path, workshop: Workshop) -> None:
    """A draft says when it has to be built again though nothing was written: here, when an update lies ahead."""
    later = "  - at: 2026-11-24 11:30\n    status: resolved\n"
    with (tree / "incidents/2026/second.yaml").open("a") as file:
        file.write(later)

    assert build(workshop).until == datetime(2026, 11, 24, 10, 30, tzinfo=UTC)


def test_a_faulty_template_is_named(tree: Path, workshop: Workshop) -> None:
    """Where one of the tree's own templates fails, the preview says which, and in which line."""
    own = tree / "templates/pages/subscribe.html"
    own.parent.mkdir(parents=True)
    own.write_text("<!doctype html>\n{{ nonsense.what }}\n")
    told: list[str] = []
    stop = Event()

    def tell(_problems: object, outcome: str) -> None:
        told.append(outcome)
        stop.set()

    board = Board()
    Watch(build=workshop.build, board=board, seal=lambda: "", clock=lambda: NOW, tell=tell, stop=stop).run()

    assert told == ["error: templates/pages/subscribe.html:2: UndefinedError: 'nonsense' is undefined"]


Ask = Callable[..., tuple[HTTPResponse, bytes]]


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """Return a site of a few files, and beside it one that is nobody's business."""
    site = tmp_path / "site"
    (site / "en").mkdir(parents=True)
    (site / "index.html").write_bytes(PAGE)
    (site / "en/index.html").write_bytes(PAGE)
    (site / "404.html").write_bytes(b"<p>Lost.")
    (site / "status.json").write_bytes(b"{}")
    (tmp_path / "secret.txt").write_text("secret")
    return site


@pytest.fixture
def board(site: Path) -> Board:
    """Return a board that shows the site, with nothing wrong in it."""
    board = Board()
    board.post(Shown(version="first", site=site))
    return board


@pytest.fixture
def server(board: Board) -> Iterator[Server]:
    """Return a server at work."""
    with Server(board, 0) as server:
        thread = Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        board.close()
        server.shutdown()
        thread.join()


@pytest.fixture
def ask(server: Server) -> Ask:
    """Return a function that asks the server for a path."""

    def run(path: str, *, method: str = "GET", host: str = "localhost") -> tuple[HTTPResponse, bytes]:
        connection = HTTPConnection("127.0.0.1", server.server_port, timeout=LONG_SECONDS)
        try:
            connection.request(method, path, headers={"Host": host})
            answer = connection.getresponse()
            return answer, answer.read()
        finally:
            connection.close()

    return run


@pytest.mark.parametrize("path", ["/", "/en/", "/en/index.html", "/en/?query"])
def test_a_page_reloads_itself(path: str, ask: Ask, site: Path) -> None:
    """A page is served with a script before its end, from a file of its own; the file on disk has none."""
    answer, body = ask(path)

    assert answer.status == 200
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-store"
    assert re.fullmatch(
        rb"<!doctype html>\n<html><body><p>Fine\.</p>"
        rb'<script src="/__lagebild__/reload\.js" data-version="first" defer></script>\n</body></html>\n',
        body,
    )
    assert (site / "en/index.html").read_bytes() == PAGE


def test_other_files_are_served_as_they_are(ask: Ask) -> None:
    """What is not a page is served byte for byte."""
    answer, body = ask("/status.json")

    assert (answer.status, answer.headers["Content-Type"], body) == (200, "application/json", b"{}")


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("en/feed.rss", "application/rss+xml"),
        ("en/feed.atom", "application/atom+xml"),
        ("en/feed.json", "application/feed+json"),
        ("feed.json", "application/feed+json"),
        ("en/feed/3.json", "application/feed+json"),
        ("status.json", "application/json"),
        ("robots.txt", "text/plain; charset=utf-8"),
        ("assets/icon.1f.svg", "image/svg+xml"),
        ("assets/style.1f.css", "text/css; charset=utf-8"),
        ("_headers", "application/octet-stream"),
    ],
)
def test_every_file_has_its_type(path: str, expected: str) -> None:
    """The type is that of the ending, and for JSON feeds that of their place."""
    assert mime_type(path) == expected


@pytest.mark.parametrize("path", ["/nothing", "/en/nothing/", "/status.json/", "/en//", "/%00", "*"])
def test_a_missing_page_is_the_sites_own(path: str, ask: Ask) -> None:
    """An address where nothing is gets 404.html, and the status that goes with it."""
    answer, body = ask(path)

    assert answer.status == 404
    assert body.startswith(b"<p>Lost.")
    assert SCRIPT.encode() in body


def test_a_folder_is_asked_for_with_a_slash(ask: Ask) -> None:
    """A folder without its slash is redirected, for the page's links are relative."""
    answer, _ = ask("/en")

    assert (answer.status, answer.headers["Location"]) == (301, "/en/")


@pytest.mark.parametrize("path", ["/../secret.txt", "/en/../../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt"])
def test_no_path_leads_out(path: str, ask: Ask) -> None:
    """A path that climbs finds nothing."""
    answer, body = ask(path)

    assert answer.status == 404
    assert b"secret" not in body


def test_no_link_leads_out(ask: Ask, site: Path) -> None:
    """A symbolic link is not followed, be it a file, a folder or an index."""
    (site / "file.txt").symlink_to(site.parent / "secret.txt")
    (site / "folder").symlink_to(site.parent)
    (site / "de").mkdir()
    (site / "de/index.html").symlink_to(site.parent / "secret.txt")

    answers = [ask(path) for path in ("/file.txt", "/folder/secret.txt", "/folder", "/folder/", "/de/")]

    assert [answer.status for answer, _ in answers] == [404] * 5
    assert not any(b"secret" in body for _, body in answers)
    assert locate(str(site), "/folder/secret.txt") is None


@pytest.mark.parametrize("host", ["localhost", "LocalHost:8000", "127.0.0.1", "127.0.0.1:8000", "[::1]", "[::1]:8000"])
def test_this_machine_is_answered(host: str, ask: Ask) -> None:
    """The names of this machine are answered, with any port: it may be forwarded."""
    answer, _ = ask("/", host=host)

    assert answer.status == 200


@pytest.mark.parametrize(
    "host", ["", "evil.example", "localhost.evil.example:80", "127.0.0.1:80:80", "10.0.0.1", "::1"]
)
@pytest.mark.parametrize("path", ["/", "/status.json", SCRIPT, EVENTS])
def test_a_foreign_name_is_refused(host: str, path: str, ask: Ask) -> None:
    """A page elsewhere whose name was pointed to this machine learns nothing."""
    answer, body = ask(path, host=host)

    assert answer.status == 403
    assert body == b"The preview answers to localhost only.\n"


def test_only_this_machine_can_ask(server: Server) -> None:
    """The preview listens on the loopback interface."""
    assert server.server_address[0] == "127.0.0.1"
    assert server.address == f"http://127.0.0.1:{server.server_port}/"


def test_a_taken_port_is_named(server: Server, board: Board) -> None:
    """Where something listens already, the error names the port and the option."""
    with pytest.raises(PortError, match=rf"port {server.server_port}: Address already in use\n  hint: .*--port"):
        Server(board, server.server_port)


def test_a_head_has_no_body(ask: Ask) -> None:
    """HEAD gets the headers of GET alone, even of the stream that has no end."""
    page, no_page = ask("/", method="HEAD")
    stream, no_stream = ask(EVENTS, method="HEAD")

    assert int(page.headers["Content-Length"]) > len(PAGE)
    assert stream.headers["Content-Type"] == "text/event-stream"
    assert (no_page, no_stream) == (b"", b"")


def test_an_open_page_hears_of_another_version(server: Server, board: Board, site: Path) -> None:
    """The stream sends the version at once, and every later one when it is posted."""
    connection = HTTPConnection("127.0.0.1", server.server_port, timeout=LONG_SECONDS)
    connection.request("GET", EVENTS)
    stream = connection.getresponse()
    start = [stream.readline() for _ in range(4)]
    board.post(Shown(version="second", site=site))
    then = [stream.readline() for _ in range(2)]
    board.close()
    end = stream.read()
    connection.close()

    assert stream.headers["Content-Type"] == "text/event-stream"
    assert start[:2] == [b"retry: 1000\n", b"\n"]
    assert start[2].startswith(b"data: ")
    assert then[0].startswith(b"data: ")
    assert then[0] != start[2]
    assert end == b""


def test_the_version_is_that_of_the_page(ask: Ask, board: Board) -> None:
    """A page names the version that it was served at."""
    shown = board.wait()

    _, body = ask("/")

    assert shown
    assert f'data-version="{shown.version}"'.encode() in body


def test_problems_stand_at_the_end_of_the_page(ask: Ask, board: Board, site: Path) -> None:
    """Every problem is told on every page, escaped, errors and warnings apart."""
    board.post(Shown(version="first", problems=(TYPO, UNTRANSLATED), site=site))

    _, body = ask("/en/")

    panel = body.decode().partition("<p>Fine.</p>")[2].partition("<script")[0]
    assert panel == (
        '<link rel="stylesheet" href="/__lagebild__/preview.css">\n'
        '<section class="lagebild-problems" lang="en" dir="ltr" tabindex="0" aria-label="Problems">\n'
        '<h2 class="lagebild-problems__title">1 error</h2>\n'
        '<ul class="lagebild-problems__list">\n'
        "<li><code>incidents/&lt;x&gt;.yaml:7:3</code> <b>unknown-service</b>: "
        "&quot;mail &amp; archiv&quot; is no service"
        '<span class="lagebild-problems__hint">hint: did you mean &quot;mail-archive&quot;?</span></li>\n'
        "</ul>\n"
        '<h2 class="lagebild-problems__title">1 warning</h2>\n'
        '<ul class="lagebild-problems__list">\n'
        "<li><code>status.yaml</code> <b>missing-translation</b>: no French</li>\n"
        "</ul>\n"
        "</section>\n"
    )


def test_a_name_that_is_not_utf_8_is_shown(ask: Ask, board: Board, site: Path) -> None:
    """A file whose name cannot be decoded can still be named on the page."""
    board.post(
        Shown(
            version="1", problems=(Problem(path="incidents/\udcff.yaml", code="unreadable", message="no"),), site=site
        )
    )

    _, body = ask("/")

    assert rb"incidents/\udcff.yaml" in body


def test_a_failure_is_told(ask: Ask, board: Board, site: Path) -> None:
    """Why a build broke off is told on the page."""
    board.post(Shown(version="first", site=site, failure="templates/x.html:2: <wrong>"))

    _, body = ask("/")

    assert b"The build broke off: templates/x.html:2: &lt;wrong&gt;" in body


@pytest.mark.parametrize("path", ["/", "/en/", "/no/such/page", "/status.json"])
def test_without_a_site_every_path_tells_the_problems(path: str, ask: Ask, board: Board) -> None:
    """Where there is nothing to show, every address is a page with the problems, and reloads once there is."""
    board.post(Shown(version="none", problems=(TYPO,), site=None))

    answer, body = ask(path)

    assert (answer.status, answer.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert b"unknown-service" in body
    assert SCRIPT.encode() in body


@pytest.mark.parametrize(("path", "expected"), [(SCRIPT, "text/javascript"), (STYLE, "text/css")])
def test_what_the_preview_adds_is_served(path: str, expected: str, ask: Ask) -> None:
    """The script and the style are files of the preview, for pages have no inline ones."""
    answer, body = ask(path)

    assert answer.status == 200
    assert answer.headers["Content-Type"] == f"{expected}; charset=utf-8"
    assert body


def test_the_first_page_waits_for_the_first_build(site: Path) -> None:
    """Who asks before anything is built is answered when it is."""
    board = Board()
    answers: list[object] = []
    thread = Thread(target=lambda: answers.append(board.wait()))
    thread.start()

    board.post(Shown(version="first", site=site))
    thread.join(LONG_SECONDS)

    assert answers == [board.wait()]
