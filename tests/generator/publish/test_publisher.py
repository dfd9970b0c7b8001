"""The publisher: what it writes, what it leaves alone, in which order, and what it refuses."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.formats.output import STAMP_DUE, STAMP_ISO, STAMP_TIME, Output
from generator.publish.options import BuildOptions, Target
from generator.publish.publisher import PublishError, Report, publish
from generator.time_slots import Stamp

NOON = Stamp(iso="2026-11-24T11:00:00Z", time="12:00")
LATER = Stamp(iso="2026-11-24T12:00:00Z", time="13:00")
OWNER = "status.example.ch,2026"
MARK = b'{"site": "status.example.ch,2026"}\n'

Publish = Callable[..., Report]


def output(path: str, text: str = "", *, inputs: str = "", stamped: bool = False) -> Output:
    """Return an output that says `text`."""
    return Output(path=path, inputs=inputs or f"{path}={text}", render=text.encode, stamped=stamped)


def untouchable(path: str, text: str) -> Output:
    """Return the output of the same inputs as `output` makes, which must not be rendered."""

    def render() -> bytes:
        raise AssertionError(f"{path} was rendered")

    return Output(path=path, inputs=f"{path}={text}", render=render)


def tree(folder: Path) -> dict[str, bytes | None]:
    """Return what stands in a folder: bytes by path, None for folders."""
    return {
        path.relative_to(folder).as_posix(): None if path.is_dir() else path.read_bytes() for path in folder.rglob("*")
    }


@pytest.fixture
def target(tmp_path: Path) -> Path:
    """Return a target that is absent."""
    return tmp_path / "site"


@pytest.fixture
def put(target: Path, tmp_path: Path) -> Publish:
    """Return a function that publishes to `target`."""

    def run(*outputs: Output, stamp: Stamp = NOON, owner: str = OWNER, **options: object) -> Report:
        where = Target(folder=target, state=tmp_path / "state", owner=owner)
        return publish(outputs, where, stamp, BuildOptions(**options))  # type: ignore[arg-type]

    return run


def test_outputs_become_files(put: Publish, target: Path) -> None:
    """Every output is a file of the target, beside the mark that says whose site it is."""
    report = put(output("index.html", "root"), output("de/history/2026/index.html", "history"))

    assert tree(target) == {
        ".lagebild": MARK,
        "index.html": b"root",
        "de": None,
        "de/history": None,
        "de/history/2026": None,
        "de/history/2026/index.html": b"history",
    }
    assert (report.written, report.unchanged, report.skipped, report.removed) == (2, 0, 0, 0)


def test_gitignore_is_left_alone(put: Publish, target: Path) -> None:
    """A target that holds a .gitignore only is as good as empty, and keeps it, even when cleaned."""
    target.mkdir()
    (target / ".gitignore").write_bytes(b"*\n")

    put(output("index.html", "root"))
    put(output("index.html", "root"), clean=True)

    assert tree(target) == {".gitignore": b"*\n", ".lagebild": MARK, "index.html": b"root"}


def test_an_unchanged_file_keeps_its_time(put: Publish, target: Path) -> None:
    """A file whose bytes stay the same is not touched, though it was rendered from other inputs."""
    put(output("a.html", "same", inputs="1"), output("b.html", "old"))
    before = (target / "a.html").stat()

    report = put(output("a.html", "same", inputs="2"), output("b.html", "new"))

    after = (target / "a.html").stat()
    assert (after.st_mtime_ns, after.st_ino) == (before.st_mtime_ns, before.st_ino)
    assert (report.written, report.unchanged) == (1, 1)


def test_the_same_inputs_are_not_rendered(put: Publish, target: Path) -> None:
    """An output is not rendered while its inputs stay the same and its file stands as it was left."""
    put(output("a.html", "text"))

    report = put(untouchable("a.html", "text"))

    assert (report.written, report.unchanged, report.skipped) == (0, 0, 1)
    assert (target / "a.html").read_bytes() == b"text"


def test_the_signature_names_what_was_published(put: Publish) -> None:
    """Two publications of the same have the same signature; another has another."""
    first = put(output("a.html", "text"))
    again = put(output("a.html", "text"))
    other = put(output("a.html", "other"))

    assert first.signature == again.signature != other.signature


@pytest.mark.parametrize("spoil", [Path.unlink, lambda path: path.write_bytes(b"TEXT!"), lambda path: os.utime(path)])
def test_a_meddled_file_is_put_right(put: Publish, target: Path, spoil: Callable[[Path], None]) -> None:
    """A file that was removed, changed or touched by others is rendered again."""
    put(output("a.html", "text"))
    spoil(target / "a.html")

    report = put(output("a.html", "text"))

    assert (target / "a.html").read_bytes() == b"text"
    assert report.skipped == 0


def test_removals_take_empty_folders_along(put: Publish, target: Path) -> None:
    """What is no output any more goes, and the folders which that leaves empty."""
    put(output("de/incidents/x/index.html"), output("de/index.html", "overview"))

    report = put(output("de/index.html", "overview"))

    assert tree(target) == {".lagebild": MARK, "de": None, "de/index.html": b"overview"}
    assert report.removed == 1


def test_foreign_files_are_left_alone_and_named(put: Publish, target: Path) -> None:
    """A file that no build put there stays, and so does its folder; the report names it."""
    put(output("de/old.html"))
    (target / "de/notes.txt").write_bytes(b"mine")
    (target / "empty").mkdir()

    report = put(output("index.html", "root"))

    assert report.foreign == ("de/notes.txt",)
    assert tree(target) == {
        ".lagebild": MARK,
        "index.html": b"root",
        "de": None,
        "de/notes.txt": b"mine",
        "empty": None,
    }


def test_a_name_that_is_no_text_can_be_reported(put: Publish, target: Path) -> None:
    """The report names a foreign file whose name is not UTF-8 in a form that can be printed."""
    put(output("index.html"))
    Path(os.fsdecode(os.fsencode(target) + b"/caf\xe9")).touch()

    report = put(output("index.html"))

    assert report.foreign == ("caf\\udce9",)


def test_a_lost_manifest_makes_files_foreign(put: Publish, target: Path, tmp_path: Path) -> None:
    """Without its manifest the publisher knows the outputs only: it replaces those and reports the rest."""
    put(output("a.html", "old"), output("b.html", "old"))
    for manifest in tmp_path.glob("state/targets/*/manifest.json"):
        manifest.unlink()

    report = put(output("a.html", "new"))

    assert report.foreign == ("b.html",)
    assert tree(target) == {".lagebild": MARK, "a.html": b"new", "b.html": b"old"}


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b'{"version": 1}', b'{"version": 99}', b"\xff", b"[" * 100_000])
@pytest.mark.parametrize("name", ["manifest.json", "pending.json"])
def test_a_damaged_manifest_is_an_absent_one(
    put: Publish, target: Path, tmp_path: Path, name: str, damage: bytes
) -> None:
    """Whatever the publisher's memory has become, a publication succeeds and repairs it."""
    put(output("a.html", "text"))
    for folder in tmp_path.glob("state/targets/*"):
        (folder / name).write_bytes(damage)

    put(output("a.html", "text"))

    assert put(untouchable("a.html", "text")).skipped == 1
    assert tree(target) == {".lagebild": MARK, "a.html": b"text"}


def test_clean_removes_what_is_no_output(put: Publish, target: Path) -> None:
    """With `clean`, everything that is no output goes, whoever put it there, and all is rendered."""
    put(output("a.html", "text"), output("assets/old.css"))
    (target / "notes").mkdir()
    (target / "notes/mine.txt").touch()
    (target / "link").symlink_to("/")

    report = put(output("a.html", "text"), clean=True)

    assert tree(target) == {".lagebild": MARK, "a.html": b"text"}
    assert (report.removed, report.unchanged, report.skipped, report.foreign) == (3, 1, 0, ())


def test_two_targets_have_each_their_own_memory(put: Publish, target: Path, tmp_path: Path) -> None:
    """Publishing elsewhere in between does not make the publisher forget what it put into a target."""
    put(output("old.html"))
    publish([output("new.html")], Target(folder=tmp_path / "elsewhere", state=tmp_path / "state", owner=OWNER), NOON)

    put(output("new.html"))

    assert tree(target) == {".lagebild": MARK, "new.html": b""}


def test_a_moved_tree_keeps_its_memory(tmp_path: Path) -> None:
    """A tree may be moved together with its site and its state."""
    here = tmp_path / "here"
    publish([output("old.html")], Target(folder=here / "site", state=here / ".lagebild", owner=OWNER), NOON)
    there = here.rename(tmp_path / "there")

    publish([output("new.html")], Target(folder=there / "site", state=there / ".lagebild", owner=OWNER), NOON)

    assert tree(there / "site") == {".lagebild": MARK, "new.html": b""}


# The order of things


def test_order_of_publication(put: Publish, target: Path) -> None:
    """Assets come first, then pages, then stamped pages, then removals, and the heartbeat last of all."""
    named = ("heartbeat.json", "index.html", "z.html", "a.html", "assets/x.css")
    seen: list[tuple[list[str], bool]] = []
    put(output("old.html"))

    put(
        *(Output(path=path, inputs=path, render=lambda: b"text", stamped=path == "index.html") for path in named),
        progress=lambda *_: seen.append(
            ([path for path in named if (target / path).exists()], (target / "old.html").exists())
        ),
    )

    assert seen == [
        (["assets/x.css"], True),
        (["z.html", "assets/x.css"], True),
        (["z.html", "a.html", "assets/x.css"], True),
        (["index.html", "z.html", "a.html", "assets/x.css"], True),
        (["heartbeat.json", "index.html", "z.html", "a.html", "assets/x.css"], False),
    ]


def test_progress_counts_outputs(put: Publish) -> None:
    """Progress is told after each output, skipped or not, up to the last."""
    put(output("a.html"))
    told: list[tuple[int, int]] = []

    put(output("a.html"), output("b.html"), progress=lambda done, total: told.append((done, total)))

    assert told == [(1, 2), (2, 2)]


def test_former_assets_stay_for_one_generation(put: Publish, target: Path) -> None:
    """When the assets change, those of the generation before stay until they change again."""
    put(output("assets/1.css"), output("page.html", "1"))

    put(output("assets/2.css"), output("page.html", "2"))
    put(output("assets/2.css"), output("page.html", "3"))
    kept = sorted(os.listdir(target / "assets"))
    put(output("assets/3.css"), output("page.html", "3"))

    assert kept == ["1.css", "2.css"]
    assert sorted(os.listdir(target / "assets")) == ["2.css", "3.css"]


def fail() -> bytes:
    """Render nothing."""
    raise ZeroDivisionError


def test_a_failing_render_changes_nothing(put: Publish, target: Path) -> None:
    """When an output cannot be rendered, no file is written or removed: everything is rendered before."""
    put(output("a.html", "old"), output("b.html", "old"))

    with pytest.raises(ZeroDivisionError):
        put(output("c/d.html", "new"), Output(path="b.html", inputs="?", render=fail))
    broken = tree(target)
    put(output("b.html", "new"))

    assert broken == {".lagebild": MARK, "a.html": b"old", "b.html": b"old"}
    assert tree(target) == {".lagebild": MARK, "b.html": b"new"}


def test_what_an_interrupted_publication_wrote_is_not_trusted(put: Publish, target: Path) -> None:
    """A file that an interrupted publication may have replaced is rendered, even if size and time are as before."""
    put(output("a.html", "old"))
    before = (target / "a.html").stat()
    with pytest.raises(ZeroDivisionError):
        put(output("a.html", "new"), Output(path="b.html", inputs="?", render=fail))
    os.utime(target / "a.html", ns=(before.st_atime_ns, before.st_mtime_ns))

    put(output("a.html", "old"))

    assert (target / "a.html").read_bytes() == b"old"


def test_several_interrupted_publications_leave_nothing(put: Publish, target: Path) -> None:
    """What a publication was about to create is known until one has ended, however many do not."""
    for path in ("one/a.html", "two/a.html"):
        with pytest.raises(ZeroDivisionError):
            put(output(path), Output(path="z.html", inputs="?", render=fail))

    put(output("index.html", "root"))

    assert tree(target) == {".lagebild": MARK, "index.html": b"root"}


# Stamped outputs

AS_OF = f"as of {STAMP_TIME.decode()}, {STAMP_ISO.decode()}"


def test_a_stamped_file_is_filled(put: Publish, target: Path) -> None:
    """The slots of a stamped output hold the build's time."""
    put(output("index.html", AS_OF, stamped=True))

    assert (target / "index.html").read_bytes() == b"as of 12:00, 2026-11-24T11:00:00Z"


def test_a_stamped_file_is_filled_anew_without_rendering(put: Publish, target: Path) -> None:
    """At the next build the slots are filled anew; the rest is not rendered while its inputs stay the same."""
    put(output("index.html", AS_OF, stamped=True))

    report = put(Output(path="index.html", inputs=f"index.html={AS_OF}", render=bytes, stamped=True), stamp=LATER)

    assert (target / "index.html").read_bytes() == b"as of 13:00, 2026-11-24T12:00:00Z"
    assert (report.written, report.unchanged, report.skipped) == (1, 0, 0)


def test_a_stamped_file_at_the_same_time_is_not_touched(put: Publish, target: Path) -> None:
    """A build at the same moment does not touch a stamped file."""
    put(output("index.html", AS_OF, stamped=True))
    before = (target / "index.html").stat()

    report = put(output("index.html", AS_OF, stamped=True))

    assert (target / "index.html").stat() == before
    assert (report.written, report.unchanged, report.skipped) == (0, 0, 1)


@pytest.mark.parametrize("damage", [Path.unlink, lambda path: path.write_bytes(b"torn")])
def test_damaged_unfilled_bytes_are_rendered_again(
    put: Publish, target: Path, tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    """The unfilled bytes of a stamped file that were lost or torn are rendered again, and kept again."""
    put(output("index.html", AS_OF, stamped=True))
    for kept in tmp_path.glob("state/targets/*/unstamped/*"):
        damage(kept)

    first = put(output("index.html", AS_OF, stamped=True), stamp=LATER)
    second = put(output("index.html", AS_OF, stamped=True), stamp=LATER)

    assert (target / "index.html").read_bytes() == b"as of 13:00, 2026-11-24T12:00:00Z"
    assert (first.written, second.skipped) == (1, 1)


def test_a_slot_without_a_value_is_a_mistake(put: Publish, target: Path) -> None:
    """No file is published with a slot left open."""
    with pytest.raises(ValueError, match="slot"):
        put(output("index.html", STAMP_DUE.decode(), stamped=True))

    assert not (target / "index.html").exists()


# What is refused


def test_a_foreign_folder_is_refused(put: Publish, target: Path) -> None:
    """A folder that holds anything without our mark is refused and stays byte for byte as it was."""
    target.mkdir()
    for name in ("thesis.tex", "photos.zip", "index.html", "z.txt"):
        (target / name).write_text(name)
    before = tree(target)

    with pytest.raises(PublishError) as refused:
        put(output("index.html", "root"), clean=True)

    assert tree(target) == before
    assert refused.value.code == "not-ours"
    assert str(refused.value) == (
        f"not-ours: {target} holds files that no build put there: index.html, photos.zip, thesis.tex and 1 more\n"
        "  hint: choose another --output, or empty the folder if nobody needs them"
    )


def test_the_site_of_another_is_refused(put: Publish, target: Path) -> None:
    """A folder with the site of another owner is refused and stays byte for byte as it was."""
    put(output("index.html", "theirs"), owner="other.example,2020")
    before = tree(target)

    with pytest.raises(PublishError, match="holds the site of other") as refused:
        put(output("index.html", "ours"))

    assert refused.value.code == "not-ours"
    assert tree(target) == before


@pytest.mark.parametrize("mark", [b"", b"{", b"[]", b'"x"', b"\xff"])
def test_a_damaged_mark_is_refused(put: Publish, target: Path, mark: bytes) -> None:
    """A mark that does not say whose the site is protects the folder."""
    target.mkdir()
    (target / ".lagebild").write_bytes(mark)

    with pytest.raises(PublishError, match="does not say whose site") as refused:
        put(output("index.html"))

    assert refused.value.code == "not-ours"


@pytest.mark.parametrize("make", [Path.touch, lambda path: path.symlink_to("nowhere"), os.mkfifo])
def test_a_target_that_is_no_folder_is_refused(put: Publish, target: Path, make: Callable[[Path], None]) -> None:
    """A target that is a file, a pipe or a link to nothing is refused."""
    make(target)

    with pytest.raises(PublishError) as refused:
        put(output("index.html"))

    assert refused.value.code == "no-folder"


def test_a_link_to_a_folder_is_a_target(put: Publish, target: Path, tmp_path: Path) -> None:
    """A target may be a symbolic link to a folder."""
    (tmp_path / "www").mkdir()
    target.symlink_to("www")

    put(output("index.html", "root"))

    assert tree(tmp_path / "www") == {".lagebild": MARK, "index.html": b"root"}


@pytest.mark.parametrize(
    "paths",
    [
        ["a", "a"],
        ["a", "a/b"],
        ["../a"],
        ["/a"],
        ["a//b"],
        ["a/./b"],
        [""],
        [".lagebild"],
        [".gitignore"],
        ["a/.lagebild-new"],
        ["a\0b"],
    ],
)
def test_outputs_that_contradict_are_a_mistake(put: Publish, target: Path, paths: list[str]) -> None:
    """Outputs that cannot all be files inside the target are refused before anything is done."""
    with pytest.raises(ValueError, match="path"):
        put(*map(output, paths))

    assert not target.exists()


# Links, and files where folders must be


def test_a_link_is_replaced_never_followed(put: Publish, target: Path, tmp_path: Path) -> None:
    """A link in place of a file is replaced by the file; what it led to stays as it was."""
    outside = tmp_path / "outside.html"
    outside.write_bytes(b"text")
    put(output("a.html", "text"))
    (target / "a.html").unlink()
    (target / "a.html").symlink_to(outside)

    put(output("a.html", "new"))

    assert not (target / "a.html").is_symlink()
    assert (target / "a.html").read_bytes() == b"new"
    assert outside.read_bytes() == b"text"


def test_a_link_in_place_of_a_folder_is_refused(put: Publish, target: Path, tmp_path: Path) -> None:
    """Nothing is written through a link to a folder."""
    put(output("de/index.html", "old"))
    outside = (target / "de").rename(tmp_path / "outside")
    (target / "de").symlink_to(outside)

    with pytest.raises(PublishError, match="de is a symbolic link where the site needs a folder") as refused:
        put(output("de/index.html", "new"), output("a.html", "new"))

    assert refused.value.code == "in-the-way"
    assert tree(outside) == {"index.html": b"old"}
    assert not (target / "a.html").exists()


def test_nothing_is_removed_through_a_link(put: Publish, target: Path, tmp_path: Path) -> None:
    """What is no output any more is not looked for behind a link; the link is reported."""
    put(output("de/old.html", "old"))
    outside = (target / "de").rename(tmp_path / "outside")
    (target / "de").symlink_to(outside)

    report = put(output("a.html"))

    assert tree(outside) == {"old.html": b"old"}
    assert (report.removed, report.foreign) == (0, ("de",))


@pytest.mark.parametrize("text", ["old", "new"])
def test_clean_replaces_a_link_to_a_folder(put: Publish, target: Path, tmp_path: Path, text: str) -> None:
    """With `clean` a link gives way to the folder the site needs; what it led to stays as it was."""
    put(output("de/index.html", "old"))
    outside = (target / "de").rename(tmp_path / "outside")
    (target / "de").symlink_to(outside)

    put(output("de/index.html", text), clean=True)

    assert tree(outside) == {"index.html": b"old"}
    assert not (target / "de").is_symlink()
    assert tree(target) == {".lagebild": MARK, "de": None, "de/index.html": text.encode()}


def test_an_own_file_gives_way_to_a_folder_and_back(put: Publish, target: Path) -> None:
    """A file of ours gives way where the site now needs a folder, and folders of ours where it needs a file."""
    put(output("x", "file"))
    put(output("x/y/z", "inner"))
    deep = tree(target)

    put(output("x", "file"))

    assert deep == {".lagebild": MARK, "x": None, "x/y": None, "x/y/z": b"inner"}
    assert tree(target) == {".lagebild": MARK, "x": b"file"}


@pytest.mark.parametrize(("foreign", "needed"), [("x", "x/y"), ("x/y", "x")])
def test_a_foreign_file_does_not_give_way(put: Publish, target: Path, foreign: str, needed: str) -> None:
    """A file of others where the site needs a folder, or in a folder where it needs a file, stops the publication."""
    put(output("a.html", "old"))
    (target / foreign).parent.mkdir(exist_ok=True)
    (target / foreign).write_bytes(b"mine")
    before = tree(target)

    with pytest.raises(PublishError) as refused:
        put(output("a.html", "new"), output(needed))

    assert refused.value.code == "in-the-way"
    assert tree(target) == before


def test_a_named_pipe_is_not_waited_for(put: Publish, target: Path) -> None:
    """A pipe in place of a file is replaced without being opened."""
    put(output("a.html", "text"))
    (target / "a.html").unlink()
    os.mkfifo(target / "a.html")

    put(output("a.html", "text"))

    assert (target / "a.html").read_bytes() == b"text"


# The law

PATHS = ["index.html", "a", "a/b", "a/b/c", "d/e.html", "heartbeat.json", "assets/1.css"]
SITES = st.dictionaries(st.sampled_from(PATHS), st.sampled_from(["one", "two", AS_OF]), max_size=5).filter(
    lambda site: not ({"a", "a/b"} <= site.keys() or {"a", "a/b/c"} <= site.keys() or {"a/b", "a/b/c"} <= site.keys())
)


@given(sites=st.lists(SITES, min_size=1, max_size=4), clean=st.booleans())
def test_the_past_does_not_show(
    sites: list[dict[str, str]], clean: bool, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Whatever was published before, the target holds the last site, but for assets of the generation before."""
    tmp_path = tmp_path_factory.mktemp("law")

    for number, site in enumerate(sites, 1):
        outputs = [output(path, text, stamped=text == AS_OF) for path, text in site.items()]
        stamp = Stamp(iso=f"iso {number}", time=f"time {number}")
        last = number == len(sites)
        target = Target(folder=tmp_path / "site", state=tmp_path / "state", owner=OWNER)
        publish(outputs, target, stamp, BuildOptions(clean=clean and last))
    publish(outputs, Target(folder=tmp_path / "fresh", state=tmp_path / "state", owner=OWNER), stamp)

    former = set() if clean else {"assets", "assets/1.css"}
    found, expected = tree(tmp_path / "site"), tree(tmp_path / "fresh")
    extra = {path: data for path, data in found.items() if path not in expected}
    assert extra.keys() <= former
    assert {path: data for path, data in found.items() if path in expected} == expected
