"""What every web server keeps to that is set up with a file of docs/hosting."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from functools import partial

import pytest

from generator.formats.hosting import DRAWING_POLICY, EMBED_POLICY, POLICY, SECURITY
from tests.hosting.conftest import LATER, Hosted
from tests.hosting.serving import Server

brotli = pytest.importorskip("brotli", reason="brotli is not installed: make test")
zstandard = pytest.importorskip("zstandard", reason="zstandard is not installed: make test")

KINDS = {
    "/": "text/html; charset=utf-8",
    "/de/": "text/html; charset=utf-8",
    "/404.html": "text/html; charset=utf-8",
    "/de/feed.rss": "application/rss+xml",
    "/de/feed.atom": "application/atom+xml",
    "/de/feed.json": "application/feed+json",
    "/de/services/mail-archive/feed.json": "application/feed+json",
    "/de/feed/1.atom": "application/atom+xml",
    "/de/maintenance.ics": "text/calendar; charset=utf-8",
    "/status.json": "application/json",
    "/schema/feed-1.json": "application/json",
    "/heartbeat.json": "application/json",
    "/api/v2/summary.json": "application/json",
    "/api/v2/summary": "application/json",
    "/badges/de/overall.svg": "image/svg+xml",
    "/metrics.txt": "text/plain; version=0.0.4; charset=utf-8",
    "/robots.txt": "text/plain; charset=utf-8",
    "/sitemap.xml": "application/xml",
    "/de/site.webmanifest": "application/manifest+json",
    "/de/og.png": "image/png",
    "/favicon.ico": "image/vnd.microsoft.icon",
    "/embed/status.js": "text/javascript; charset=utf-8",
}
"""The type of each kind of file."""
OPEN = (
    "/status.json",
    "/heartbeat.json",
    "/de/feed.json",
    "/de/feed.rss",
    "/de/feed.atom",
    "/de/maintenance.ics",
    "/api/v2/summary.json",
    "/api/v2/summary",
    "/de/api/v2/incidents/unresolved",
    "/badges/de/overall.svg",
    "/badges/de/overall.json",
    "/embed/status.js",
    "/metrics.txt",
)
UNDO: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.decompress,
    "br": brotli.decompress,
    "zstd": partial(zstandard.ZstdDecompressor().decompress, max_output_size=10_000_000),
}
ENDINGS = {"gzip": ".gz", "br": ".br", "zstd": ".zst"}


class Rules:
    """The tests; a server's own file brings the fixture `server`."""

    @pytest.mark.parametrize(
        ("wanted", "target"),
        [
            ("de", "/de/"),
            ("fr", "/fr/"),
            ("en", "/en/"),
            ("de-CH,de;q=0.9,en;q=0.8", "/de/"),
            ("it-CH,it;q=0.9,fr;q=0.8", "/fr/"),
            ("fr;q=1.0, de;q=0.5", "/fr/"),
        ],
    )
    def test_the_root_leads_to_the_visitors_language(self, server: Server, wanted: str, target: str) -> None:
        """The root leads, for now, to the first language that the browser names and the site speaks."""
        answer = server.get("/", accept_language=wanted)

        assert (answer.status, server.leads("/", answer)) == (302, target)
        assert "accept-language" in answer.vary

    @pytest.mark.parametrize("wanted", ["it", "it-CH, rm;q=0.8", "*", "", "../de", "deu", "de_CH"])
    def test_the_root_is_a_page_for_everybody_else(self, server: Server, hosted: Hosted, wanted: str) -> None:
        """Who names no language of the site sees all of them at the root."""
        answer = server.get("/", **({"accept_language": wanted} if wanted else {}))

        assert (answer.status, answer.body) == (200, (hosted.root / "index.html").read_bytes())
        assert "accept-language" in answer.vary

    @pytest.mark.parametrize(("path", "kind"), KINDS.items())
    def test_types(self, server: Server, path: str, kind: str) -> None:
        """Every kind of file is sent with its own type."""
        answer = server.get(path)

        assert (answer.status, answer.header("Content-Type")) == (200, kind)

    @pytest.mark.parametrize("path", OPEN)
    def test_data_can_be_read_by_every_site(self, server: Server, path: str) -> None:
        """Scripts of any site may read what is made for programs."""
        answer = server.get(path, origin="https://elsewhere.example")

        assert (answer.status, answer.header("Access-Control-Allow-Origin")) == (200, "*")
        assert answer.header("Access-Control-Expose-Headers") == "ETag"

    @pytest.mark.parametrize("path", OPEN)
    def test_scripts_may_ask_conditionally(self, server: Server, path: str) -> None:
        """A browser that asks first whether a script of another site may send its ETag hears that it may."""
        asked = "if-none-match,if-modified-since"
        answer = server.ask(
            "OPTIONS",
            path,
            origin="https://elsewhere.example",
            access_control_request_method="GET",
            access_control_request_headers=asked,
        )

        assert answer.status in {200, 204}
        assert answer.header("Access-Control-Allow-Origin") == "*"
        allowed = (answer.header("Access-Control-Allow-Headers") or "").lower()
        assert set(asked.split(",")) <= set(allowed.split(", "))

    @pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
    @pytest.mark.parametrize("path", ["/de/", "/status.json"])
    def test_nothing_can_be_written(self, server: Server, method: str, path: str) -> None:
        """There is nothing but reading."""
        assert server.ask(method, path).status == 405

    @pytest.mark.parametrize("path", ["/", "/de/", "/robots.txt"])
    def test_pages_cannot_be_read_by_other_sites(self, server: Server, path: str) -> None:
        """Scripts of other sites may not read pages."""
        answer = server.get(path, origin="https://elsewhere.example")

        assert answer.header("Access-Control-Allow-Origin") is None
        assert server.ask("OPTIONS", path).header("Access-Control-Allow-Origin") is None

    @pytest.mark.parametrize("path", ["/", "/de/", "/de/feed.json", "/status.json", "/404.html", "/nothing/here"])
    def test_every_answer_is_secured(self, server: Server, path: str) -> None:
        """Every answer, also that there is nothing, has the strict policy and the other protections, each once."""
        answer = server.get(path)

        assert {name: answer.header(name) for name in SECURITY} == SECURITY
        assert answer.header("Content-Security-Policy") == POLICY

    def test_embedded_pages_may_stand_in_frames(self, server: Server) -> None:
        """A page below /embed/ has the same policy, but for who may frame it."""
        answer = server.get("/embed/de/")

        assert (answer.status, answer.header("Content-Security-Policy")) == (200, EMBED_POLICY)

    def test_drawings_keep_their_style(self, server: Server, hosted: Hosted) -> None:
        """A drawing brings its style along, and is opened by its own address too."""
        drawing = next(path for path in (hosted.root / "assets").iterdir() if path.suffix == ".svg")

        answers = [server.get(path) for path in ("/badges/de/overall.svg", f"/assets/{drawing.name}")]

        assert [answer.header("Content-Security-Policy") for answer in answers] == [DRAWING_POLICY, DRAWING_POLICY]

    def test_lifetimes(self, server: Server, hosted: Hosted) -> None:
        """Assets keep for ever, the heartbeat not at all, and everything else for a minute."""
        asset = next(path for path in (hosted.root / "assets").iterdir() if path.suffix == ".css")
        paths = (f"/assets/{asset.name}", "/heartbeat.json", "/metrics.txt", "/de/", "/de/feed.json", "/status.json")

        lifetimes = [server.get(path).header("Cache-Control") for path in paths]

        live = "public, max-age=0, must-revalidate"
        brief = "public, max-age=60, must-revalidate"
        assert lifetimes == ["public, max-age=31536000, immutable", live, live, brief, brief, brief]

    def test_precompressed_siblings_are_sent(self, server: Server, hosted: Hosted) -> None:
        """Who understands a compression gets the sibling as it stands, labelled as the original's other form."""
        for encoding in server.precompressed:
            for path, file in (("/de/feed.json", "de/feed.json"), ("/de/history/2024/", "de/history/2024/index.html")):
                answer = server.get(path, accept_encoding=encoding)
                plain = server.get(path)

                assert (answer.status, answer.header("Content-Encoding")) == (200, encoding)
                assert answer.body == (hosted.root / f"{file}{ENDINGS[encoding]}").read_bytes()
                assert UNDO[encoding](answer.body) == plain.body == (hosted.root / file).read_bytes()
                assert answer.header("Content-Type") == plain.header("Content-Type")
                assert "accept-encoding" in answer.vary & plain.vary
                assert answer.header("ETag") != plain.header("ETag")
                assert answer.header("Access-Control-Allow-Origin") == plain.header("Access-Control-Allow-Origin")

    def test_the_best_compression_is_chosen(self, server: Server) -> None:
        """A browser that understands all of them gets the one the server likes best; who refuses all gets none."""
        best = server.get("/status.json", accept_encoding="gzip, deflate, br, zstd").header("Content-Encoding")
        none = server.get("/status.json", accept_encoding="gzip;q=0, br;q=0, zstd;q=0").header("Content-Encoding")

        assert (best, none) == (server.precompressed[0], None)

    def test_what_has_no_sibling_is_compressed_on_the_way(self, server: Server, hosted: Hosted) -> None:
        """The pages that change at every build are compressed as they are sent."""
        answer = server.get("/index.html", accept_encoding="gzip")

        assert answer.header("Content-Encoding") == "gzip"
        assert gzip.decompress(answer.body) == (hosted.root / "index.html").read_bytes()

    @pytest.mark.parametrize(
        "path", ["/nothing", "/nothing/here", "/assets/nothing.css", "/de/nothing.json", "/api/v2/x"]
    )
    @pytest.mark.parametrize("encoding", ["identity", "gzip"])
    def test_what_is_missing_has_the_sites_own_page(
        self, server: Server, hosted: Hosted, path: str, encoding: str
    ) -> None:
        """An address without a file is answered with 404.html, as what it is, and nobody keeps that."""
        answer = server.get(path, accept_encoding=encoding)

        assert (answer.status, answer.header("Content-Type")) == (404, "text/html; charset=utf-8")
        assert gunzipped(answer.body, answer.header("Content-Encoding")) == (hosted.root / "404.html").read_bytes()
        assert answer.header("Cache-Control") == "no-cache"
        assert answer.header("Access-Control-Allow-Origin") is None

    @pytest.mark.parametrize("path", ["/assets/", "/schema/", "/api/", "/de/incidents/"])
    def test_folders_are_not_listed(self, server: Server, path: str) -> None:
        """A folder without a page shows nothing of what is in it."""
        answer = server.get(path)

        assert answer.status in {403, 404}
        assert b"feed-1.json" not in answer.body

    @pytest.mark.parametrize("path", ["/.lagebild", "/.gitignore", "/_headers", "/_redirects", "/.git/config"])
    def test_what_is_no_part_of_the_site_is_not_sent(self, server: Server, path: str) -> None:
        """The publisher's mark and the files for other hosts are not there for visitors."""
        assert server.get(path).status == 404

    def test_a_page_without_its_slash(self, server: Server) -> None:
        """An address that lacks its last slash leads to the page."""
        answer = server.get("/de/history/2024")

        assert answer.status in {301, 308}
        assert server.leads("/de/history/2024", answer) == "/de/history/2024/"

    def test_an_unchanged_file_is_not_sent_again(self, server: Server, hosted: Hosted) -> None:
        """A build at a later moment changes no ETag but of what changed: a poller with its validator gets 304."""
        paths = ("/de/feed.json", "/status.json", "/de/history/2024/")
        encodings = ("identity", *server.precompressed)
        before = {(path, code): server.get(path, accept_encoding=code) for path in paths for code in encodings}
        beat = server.get("/heartbeat.json")

        hosted.build(LATER)

        for (path, code), former in before.items():
            answer = server.get(path, accept_encoding=code, if_none_match=former.header("ETag") or "")
            assert (answer.status, answer.body) == (304, b"")
            assert server.get(path, accept_encoding=code).header("ETag") == former.header("ETag")
        renewed = server.get("/heartbeat.json", if_none_match=beat.header("ETag") or "")
        assert renewed.status == 200
        assert json.loads(renewed.body)["generated_at"] > json.loads(beat.body)["generated_at"]


def gunzipped(body: bytes, encoding: str | None) -> bytes:
    """Return a body as it was before it was compressed."""
    return gzip.decompress(body) if encoding == "gzip" else body
