"""openapi.json: it is valid, describes every file for programs, and every file keeps to it."""

from __future__ import annotations

import itertools
import json
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

import httpx
import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from generator.formats import feeds, heartbeat, openapi, status, statuspage
from generator.formats.output import fill

NOW = "2024-02-20 09:00"
ROOT = "https://example.ch/status"
SHIPPED_ROOT = "https://status.example.ch"
FOR_PROGRAMS = {".atom", ".ics", ".json", ".rss", ".svg", ".txt", ".xml"}
NOT_DESCRIBED = "assets/"
"""What belongs to the pages for people."""
CONSOLE = re.compile(r"^```console\n(.*?)^```", re.DOTALL | re.MULTILINE)
YAML = re.compile(r"^```yaml\n(.*?)^```", re.DOTALL | re.MULTILINE)
CURL = re.compile(rf"curl -fsS {re.escape(SHIPPED_ROOT)}/(\S+) \| jq (.*)")

DOWN = """\
services: {archive: major_outage}
updates:
  - {at: 2024-02-19 08:00, status: investigating, mail: held, next_update: 2024-02-19 09:00}
  - {at: 2024-02-19 09:30, status: identified, corrected: 2024-02-19 09:45, services: {gateway: partial_outage}}
"""
PAST = "services: {gateway: partial_outage}\nupdates:\n  - {at: 2024-02-01 08:00, status: resolved}\n"
PLANNED = """\
kind: maintenance
services: [gateway]
window: {from: 2024-03-01 20:00, to: 2024-03-01 22:00}
updates:
  - {at: 2024-02-18 12:00}
"""
WORK = PLANNED.replace("2024-03-01 20:00", "2024-02-20 09:00").replace("2024-03-01 22:00", "2024-02-20 12:00")
CALLED_OFF = PLANNED.replace("updates:", "cancelled: 2024-02-19 11:00\nupdates:")
EVERYTHING = {"down": DOWN, "past": PAST, "planned": PLANNED, "work": WORK, "off": CALLED_OFF}


def many(number: int) -> dict[str, str]:
    """Return incidents of one update each."""
    return {f"i{index}": PAST.replace("08:00", f"08:{index:02}") for index in range(number)}


@pytest.fixture(scope="module")
def document(press: Any) -> dict[str, Any]:
    """Return the document of a small site whose address has a path."""
    read: dict[str, Any] = json.loads(press.files(openapi.outputs, press.edition(NOW, {}))["openapi.json"])
    return read


@pytest.fixture(scope="module")
def shipped(shipped_site: Path) -> dict[str, Any]:
    """Return the document of the shipped site."""
    read: dict[str, Any] = json.loads((shipped_site / "openapi.json").read_text("utf-8"))
    return read


def described(document: Mapping[str, Any]) -> Iterator[tuple[re.Pattern[str], Mapping[str, Any]]]:
    """Yield each path as a pattern, once for each value of a parameter that is a list, with its operation."""
    for path, item in document["paths"].items():
        wanted = [parameter for parameter in resolved(document, item["get"]) if parameter["in"] == "path"]
        values = [parameter["schema"].get("enum") or [None] for parameter in wanted]
        for chosen in itertools.product(*values):
            pattern = re.escape(path.removeprefix("/"))
            for parameter, value in zip(wanted, chosen, strict=True):
                found = re.escape(f"{{{parameter['name']}}}")
                assert found in pattern
                pattern = pattern.replace(found, "[1-9][0-9]*" if value is None else re.escape(str(value)))
            assert "\\{" not in pattern
            yield re.compile(pattern), item["get"]


def resolved(document: Mapping[str, Any], operation: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return an operation's parameters."""
    shared = document["components"]["parameters"]
    return [shared[parameter["$ref"].rpartition("/")[2]] for parameter in operation["parameters"]]


def files_of(site: Path) -> dict[str, Path]:
    """Return the files for programs by their paths."""
    found = {path.relative_to(site).as_posix(): path for path in site.rglob("*") if path.suffix in FOR_PROGRAMS}
    return {path: file for path, file in found.items() if not path.startswith(NOT_DESCRIBED)}


class Shapes:
    """Holds documents to the shapes of an OpenAPI document."""

    def __init__(self, document: dict[str, Any]) -> None:
        self._registry: Registry[Any] = Registry().with_resource(SHIPPED_ROOT, DRAFT202012.create_resource(document))
        self._described = list(described(document))
        self._pointers = {
            id(answer): f"/paths/{path.replace('/', '~1')}/get/responses/200/content/{mime.replace('/', '~1')}/schema"
            for path, item in document["paths"].items()
            for mime, answer in item["get"]["responses"]["200"]["content"].items()
        }

    def faults(self, path: str, content: object) -> list[str]:
        """Return where a JSON file departs from what is said of its path."""
        (operation,) = [found for pattern, found in self._described if pattern.fullmatch(path)]
        (answer,) = operation["responses"]["200"]["content"].values()
        schema = {"$ref": f"{SHIPPED_ROOT}#{self._pointers[id(answer)]}"}
        validator = Draft202012Validator(
            schema, registry=self._registry, format_checker=Draft202012Validator.FORMAT_CHECKER
        )
        return [f"{path}: {fault.json_path}: {fault.message}" for fault in validator.iter_errors(content)]


@pytest.fixture(scope="module")
def everything(press: Any) -> dict[str, Any]:
    """Return the JSON files of a site on which everything happens at once."""
    edition = press.edition(NOW, EVERYTHING)
    formats = (feeds, heartbeat, openapi, status, statuspage)
    files = {path: data for format_ in formats for path, data in press.files(format_.outputs, edition).items()}
    return {path: json.loads(stamped(data)) for path, data in files.items() if path.endswith(".json")}


def stamped(data: bytes) -> bytes:
    """Return a file as it is published."""
    return fill(data, iso=b"2024-02-20T09:00:00Z", time=b"10:00", due=b"2024-02-20T09:30:00Z")


@pytest.fixture(scope="module")
def shapes(document: dict[str, Any]) -> Shapes:
    """Return what holds the files of that site to its document."""
    return Shapes(document)


def test_document_is_valid(shipped: dict[str, Any]) -> None:
    """The document keeps to OpenAPI 3.1 by itself: every shape stands in it."""
    assert [str(fault) for fault in OpenAPIV31SpecValidator(shipped).iter_errors()] == []


def test_document_is_refused_when_it_is_wrong(shipped: dict[str, Any]) -> None:
    """The judge of the document notices a part of a path that is no parameter, and a schema that is none."""
    status_path = json.dumps(shipped["paths"]["/status.json"])
    wrong = [
        {**shipped, "paths": {**shipped["paths"], "/a/{b}": shipped["paths"]["/robots.txt"]}},
        {**shipped, "paths": {"/status.json": json.loads(status_path.replace('"schema": {', '"schema": 1, "x": {'))}},
    ]

    assert all(list(OpenAPIV31SpecValidator(document).iter_errors()) for document in wrong)


def test_operations_have_names_of_their_own(document: dict[str, Any]) -> None:
    """A client that is generated has a function for every path, under a declared heading."""
    operations = [item["get"] for item in document["paths"].values()]
    names = [operation["operationId"] for operation in operations]

    assert len(set(names)) == len(names) > 30
    assert {tag for operation in operations for tag in operation["tags"]} == {tag["name"] for tag in document["tags"]}


def test_shared_parts_are_used(document: dict[str, Any]) -> None:
    """Every parameter, header, answer and shape is referred to, and every reference leads somewhere."""
    references = set(re.findall(r'"\$ref": "([^"]+)"', json.dumps(document)))

    assert {reference.removeprefix("#/components/") for reference in references} == {
        f"{kind}/{name}" for kind, parts in document["components"].items() for name in parts
    }


def test_document_says_where_the_site_is(document: dict[str, Any]) -> None:
    """The server is the site's address, and the heartbeat rule is told before anything else is used."""
    assert document["servers"] == [{"url": ROOT}]
    assert document["info"]["title"] == "Beispiel: status"
    assert "From its `next_update_before` on, every state of this site is UNKNOWN" in document["info"]["description"]


def test_parameters_list_what_there_is(document: dict[str, Any]) -> None:
    """Languages and services are those of the site; a badge has also the whole site."""
    listed = {name: part["schema"].get("enum") for name, part in document["components"]["parameters"].items()}

    assert listed["lang"] == ["de", "fr", "en"]
    assert listed["service"] == ["gateway", "archive", "upstream"]
    assert listed["badged"] == ["overall", "gateway", "archive", "upstream"]


def test_document_does_not_change_with_the_facts(press: Any) -> None:
    """Neither an incident nor the clock changes the document, so that its ETag holds."""
    quiet, busy = press.edition(NOW, {}), press.edition("2024-02-21 10:00", EVERYTHING)

    assert press.files(openapi.outputs, quiet) == press.files(openapi.outputs, busy)
    assert [out.inputs for out in openapi.outputs(quiet)] == [out.inputs for out in openapi.outputs(busy)]
    assert [out.stamped for out in openapi.outputs(quiet)] == [False]


def test_every_file_is_described(shipped_site: Path, shipped: dict[str, Any]) -> None:
    """Every file for programs of the shipped site is what exactly one path describes."""
    patterns = [pattern for pattern, _ in described(shipped)]
    counts = {path: sum(bool(pattern.fullmatch(path)) for pattern in patterns) for path in files_of(shipped_site)}

    assert {path: count for path, count in counts.items() if count != 1} == {}


def test_every_description_is_of_a_file(shipped_site: Path, shipped: dict[str, Any]) -> None:
    """Every path, with every value of its parameters, exists in the shipped site; only archives may be missing."""
    files = files_of(shipped_site)
    certain = [pattern for pattern, operation in described(shipped) if "Page" not in operation["operationId"]]

    assert [pattern.pattern for pattern in certain if not any(map(pattern.fullmatch, files))] == []


def test_archives_are_where_they_are_said_to_be(press: Any, document: dict[str, Any]) -> None:
    """Once there are more than 50 items, the pages of the archive have the described paths, in both directions."""
    written = {output.path for output in feeds.outputs(press.edition(NOW, many(55)))}
    archives = [pattern for pattern, operation in described(document) if "Page" in operation["operationId"]]
    pages = {path for path in written if "/feed/" in path}

    assert len(archives) == 3
    assert [pattern.pattern for pattern in archives if not any(map(pattern.fullmatch, pages))] == []
    assert [path for path in pages if not any(pattern.fullmatch(path) for pattern in archives)] == []


def test_media_types_are_told_by_the_ending(document: dict[str, Any]) -> None:
    """Files of one ending have one media type, but that a JSON feed has its own."""
    types: dict[str, set[str]] = {}
    for path, item in document["paths"].items():
        kind = "feed" if re.search(r"/feed\b.*json$", path) else path.rpartition(".")[2]
        types.setdefault(kind, set()).update(item["get"]["responses"]["200"]["content"])

    assert types == {
        "json": {"application/json"},
        "feed": {"application/feed+json"},
        "rss": {"application/rss+xml"},
        "atom": {"application/atom+xml"},
        "ics": {"text/calendar"},
        "svg": {"image/svg+xml"},
        "txt": {"text/plain"},
        "xml": {"application/xml"},
    }


def test_shipped_site_keeps_to_the_document(shipped_site: Path, shipped: dict[str, Any]) -> None:
    """Every JSON file of the shipped site has the shape that the document gives it."""
    contents = {
        path: json.loads(file.read_text("utf-8"))
        for path, file in files_of(shipped_site).items()
        if file.suffix == ".json"
    }
    shapes = Shapes(shipped)

    assert len(contents) > 100
    assert [fault for path, content in contents.items() for fault in shapes.faults(path, content)] == []


def test_everything_keeps_to_the_document(shapes: Shapes, everything: Mapping[str, Any]) -> None:
    """The shapes hold for what is open, planned, under way, over and called off."""
    lists = ("incidents/unresolved", "scheduled-maintenances/upcoming", "scheduled-maintenances/active")

    assert all(any(isinstance(v, list) and v for v in everything[f"api/v2/{name}.json"].values()) for name in lists)
    assert [fault for path, content in everything.items() for fault in shapes.faults(path, content)] == []


@pytest.mark.parametrize(
    "path", ["status.json", "heartbeat.json", "de/feed.json", "api/v2/summary.json", "fr/api/v2/incidents.json"]
)
def test_what_is_not_described_is_noticed(path: str, shapes: Shapes, everything: Mapping[str, Any]) -> None:
    """A key too many and a key too few are each noticed."""
    content = everything[path]
    fewer = dict(list(content.items())[1:])

    assert shapes.faults(path, {**content, "more": 1})
    assert shapes.faults(path, fewer)


def test_what_may_be_missing_is_said(document: dict[str, Any]) -> None:
    """Where the path has a parameter there may be no such file; what has none is always there."""
    answers = {path: set(item["get"]["responses"]) for path, item in document["paths"].items()}

    assert {path for path, codes in answers.items() if "404" in codes} == {path for path in answers if "{" in path}
    assert all(codes >= {"200", "304"} for codes in answers.values())


def test_shapes_are_those_of_the_schemas(shapes: Shapes, everything: Mapping[str, Any]) -> None:
    """What a file's own JSON Schema refuses, the document refuses too, however deep it lies."""
    state, beat = everything["status.json"], everything["heartbeat.json"]
    feed = everything["de/feed.json"]
    service, item = state["services"][0], feed["items"][0]
    wrong = {
        "status.json": {**state, "services": [{**service, "status": "fine"}]},
        "heartbeat.json": {**beat, "faulty_files": -1},
        "de/feed.json": {**feed, "items": [{**item, "_lagebild": {**item["_lagebild"], "impact": "huge"}}]},
    }

    assert [path for path, content in wrong.items() if not shapes.faults(path, content)] == []


@pytest.mark.slow
def test_a_generated_client_reads_every_file(
    shipped_site: Path, shipped: dict[str, Any], checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """openapi-python-client makes of the document, without a warning, a client that loses nothing of any file."""
    (settings,) = YAML.findall((checkout / "docs" / "reference" / "api.md").read_text("utf-8"))
    (tmp_path / "settings.yaml").write_text(f"{settings}post_hooks: []\n", "utf-8")
    options = ["--meta", "none", "--fail-on-warning", "--output-path", "status_client", "--config", "settings.yaml"]
    generated = subprocess.run(
        [sys.executable, "-m", "openapi_python_client", "generate", "--path", shipped_site / "openapi.json", *options],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    monkeypatch.syspath_prepend(tmp_path)

    client = import_module("status_client").Client(
        base_url=SHIPPED_ROOT, httpx_args={"transport": httpx.MockTransport(partial(answer, shipped_site))}
    )
    wrong, read = [], 0
    for path, item in shipped["paths"].items():
        operation = item["get"]
        name = re.sub("(?<!^)(?=[A-Z])", "_", operation["operationId"]).lower()
        call = import_module(f"status_client.api.{operation['tags'][0].lower()}.{name}").sync
        wanted = [parameter for parameter in resolved(shipped, operation) if parameter["in"] == "path"]
        for values in itertools.product(*(parameter["schema"].get("enum", [1]) for parameter in wanted)):
            chosen = {parameter["name"]: value for parameter, value in zip(wanted, values, strict=True)}
            file = shipped_site / path.format(**chosen).removeprefix("/")
            if not file.exists():
                continue
            parsed, text = call(client=client, **chosen), file.read_bytes().decode()
            same = parsed == text if isinstance(parsed, str) else timed(parsed.to_dict()) == timed(json.loads(text))
            read += 1
            if not same:
                wrong.append(file)

    assert (generated.returncode, generated.stderr) == (0, "")
    assert "WARNING" not in generated.stdout
    assert wrong == []
    assert read > 100


def answer(site: Path, request: httpx.Request) -> httpx.Response:
    """Answer as a server of the site does."""
    return httpx.Response(200, content=(site / request.url.path.removeprefix("/")).read_bytes())


def timed(value: Any) -> Any:
    """Return a document with times as such, since there are several ways to write one."""
    if isinstance(value, dict):
        return {key: timed(each) for key, each in value.items()}
    if isinstance(value, list):
        return [timed(each) for each in value]
    try:
        return datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return value


@pytest.mark.skipif(shutil.which("jq") is None, reason="jq is not installed: apt-get install jq")
def test_examples_of_the_reference_are_real(shipped_site: Path, checkout: Path) -> None:
    """Each command that the reference shows prints what is shown below it, of the shipped site."""
    text = (checkout / "docs" / "reference" / "api.md").read_text("utf-8")
    sessions = [block.partition("\n") for block in CONSOLE.findall(text)]
    wrong = []
    for command, _, shown in sessions:
        called = CURL.fullmatch(command.removeprefix("$ "))
        assert called, command
        printed = subprocess.run(
            ["jq", *shlex.split(called[2])],
            input=(shipped_site / called[1]).read_text("utf-8"),
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        if printed != shown:
            wrong.append((command, printed))

    assert len(sessions) > 3
    assert wrong == []
