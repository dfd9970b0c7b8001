"""What stands under `probes:` beside the options of single kinds: what cannot be meant is refused with its place."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping

import pytest

from probes.events import Event, EventKind, path_of, serialize
from probes.events import parse as read
from probes.model import Outcome, Plan, Publish, Repository
from probes.options import Fault, Raw
from probes.spec import parse
from tests.probes.lab.prober import NOON

LONGEST = "a" * 100
"""The longest name that a file can bear."""
TOO_LONG = "a" * 101
SECRET = "geheim"
PAGE = {"name": "page", "kind": "http", "service": "gateway", "url": "https://www.example.ch/"}
PLUGIN = {"name": "load", "kind": "nagios", "service": "gateway", "command": ["/bin/true"]}


def plan(**top: Raw) -> tuple[Plan, list[Fault]]:
    """Return a plan with a prober, and what is wrong with it."""
    return parse({"probers": ["zrh1"], **top}, {"gateway": ("upstream",), "upstream": ()})


def checked(check: Mapping[str, Raw], **options: Raw) -> tuple[Plan, list[Fault]]:
    """Return a plan with a check that has other options, and what is wrong with it."""
    return plan(checks=[{**check, **options}])


def pushed(**git: Raw) -> tuple[Plan, list[Fault]]:
    """Return a plan that publishes by git, and what is wrong with it."""
    return plan(publish="git", git={"remote": "/srv/status.git", **git})


def said(faults: list[Fault]) -> list[tuple[tuple[str | int, ...], str]]:
    """Return where each fault stands, and what it is."""
    return [(fault.path, fault.code) for fault in faults]


def test_sound_plan() -> None:
    """A plan without a mistake has no fault."""
    found, faults = pushed(branch="status", folder="tree", name="Probes", email="probes@example.ch")

    assert faults == []
    assert found.publish is Publish.GIT
    assert found.repository == Repository(
        remote="/srv/status.git", branch="status", folder="tree", name="Probes", email="probes@example.ch"
    )


@pytest.mark.parametrize(
    ("host", "code"),
    [
        ("http://127.0.0.1", "wrong-type"),
        ("127.0.0.1:8081", "wrong-type"),
        ("a b", "wrong-type"),
        (f"probe:{SECRET}@example.org", "wrong-type"),
        ("", "empty-value"),
    ],
)
def test_canaries_are_hosts(host: str, code: str) -> None:
    """A canary that can never answer, which would blind the prober, is refused like the host of a check."""
    canaries = [{"host": "one.example"}, {"host": "two.example"}, {"host": "three.example"}, {"host": host}]

    _, faults = plan(canaries=canaries)

    assert said(faults) == [(("canaries", 3, "host"), code)]
    assert SECRET not in repr(faults)


def test_canaries_of_any_script() -> None:
    """The name of a canary is written as the network writes it."""
    found, faults = plan(canaries=[{"host": "faß.example"}, {"host": "one.example"}, {"host": "192.0.2.1"}])

    assert faults == []
    assert [canary.host for canary in found.canaries] == ["xn--fa-hia.example", "one.example", "192.0.2.1"]


def test_one_canary_in_other_letters() -> None:
    """Capitals make no other host."""
    _, faults = plan(canaries=[{"host": "one.example"}, {"host": "ONE.example"}, {"host": "two.example"}])

    assert said(faults) == [(("canaries",), "too-few-canaries")]


@pytest.mark.parametrize("name", [TOO_LONG, "a" * 250, "Mx", "a--b", "-a", "a_b", "ä"])
def test_names(name: str) -> None:
    """A name that no event file can bear is refused, of probers as of checks, with the form that it must have."""
    _, of_checks = checked(PAGE, name=name)
    _, of_probers = plan(probers=[name])

    assert said(of_checks) == [(("checks", 0, "name"), "bad-id")]
    assert said(of_probers) == [(("probers",), "bad-id")]
    assert {fault.hint for fault in of_checks + of_probers} == {"lower-case letters, digits and hyphens, at most 100"}


def test_longest_names() -> None:
    """What `check` accepts can be filed: the longest names of all make a file name that every disk takes."""
    _, faults = parse(
        {"probers": [LONGEST], "checks": [{**PAGE, "name": LONGEST, "service": LONGEST}]}, {LONGEST: (LONGEST,)}
    )
    event = Event(
        event=EventKind.ESCALATE,
        id="0" * 16,
        prober=LONGEST,
        at=NOON,
        since=NOON,
        service=LONGEST,
        check=LONGEST,
        kind="http",
        status=Outcome.OUTAGE,
        behind=LONGEST,
    )

    assert faults == []
    assert read(serialize(event)) == event
    assert len(path_of(event).rpartition("/")[2]) <= 255


def test_services_that_cannot_be_filed() -> None:
    """A service whose id no event can bear cannot be probed, nor one that depends on it."""
    services = {TOO_LONG: (), "gateway": (TOO_LONG,)}

    _, own = parse({"probers": ["zrh1"], "checks": [{**PAGE, "service": TOO_LONG}]}, services)
    _, behind = parse({"probers": ["zrh1"], "checks": [PAGE]}, services)

    assert said(own) == said(behind) == [(("checks", 0, "service"), "bad-id")]


BRANCHES = ["main", "status/zrh", "a.b", "ä", "@a", "@", "v1.0-rc", "lock"]
NO_BRANCHES = [
    "a b",
    "main:refs/heads/x",
    "a..b",
    ".a",
    "a/.b",
    "a/",
    "/a",
    "a//b",
    "a.",
    "a.lock",
    "a.lock/b",
    "a@{1}",
    "a~1",
    "a^",
    "a?",
    "a*",
    "a[b",
    "a\\b",
    "-a",
    "HEAD",
]


@pytest.mark.parametrize("branch", BRANCHES)
def test_branches(branch: str) -> None:
    """What git takes for the name of a branch is one."""
    _, faults = pushed(branch=branch)

    assert faults == []
    assert subprocess.run(["git", "check-ref-format", "--branch", branch], capture_output=True).returncode == 0


@pytest.mark.parametrize("branch", NO_BRANCHES)
def test_no_branches(branch: str) -> None:
    """What git does not take for the name of a branch, or would take for more, is refused."""
    _, faults = pushed(branch=branch)

    assert said(faults) == [(("git", "branch"), "wrong-type")]
    assert subprocess.run(["git", "check-ref-format", "--branch", branch], capture_output=True).returncode != 0


@pytest.mark.parametrize("folder", ["status", "status/", "a/b", ".status", "a.b/c d"])
def test_folders(folder: str) -> None:
    """A folder is a path within the repository; a slash at its end changes nothing."""
    found, faults = pushed(folder=folder)

    assert faults == []
    assert found.repository
    assert found.repository.folder == folder.rstrip("/")


@pytest.mark.parametrize(
    "folder",
    [".", "..", "/", "//", "/status", "./status", "status/.", "a/../b", "a//b", "a//", ".git", "a/.GIT/b", "-a", ":a"],
)
def test_no_folders(folder: str) -> None:
    """A folder that git would not find again, or that lies elsewhere, is refused: events would be lost in it."""
    _, faults = pushed(folder=folder)

    assert said(faults) == [(("git", "folder"), "wrong-type")]


@pytest.mark.parametrize("key", ["name", "email"])
@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("<>", "wrong-type"),
        ("a <b", "wrong-type"),
        ("a>", "wrong-type"),
        ("...", "wrong-type"),
        ('"', "wrong-type"),
        ("a\nb", "control-character"),
        (" ", "empty-value"),
    ],
)
def test_no_authors(key: str, text: str, code: str) -> None:
    """An author whom git would not put into a commit is refused."""
    _, faults = pushed(**{key: text})

    assert said(faults) == [(("git", key), code)]


@pytest.mark.parametrize(
    "remote",
    [
        "git@example.ch:status.git",
        "ssh://git@example.ch:2222/status.git",
        "https://example.ch/status.git",
        "https://example.ch:8443/a@b.git",
        "https://[2001:db8::1]/status.git",
        "file:///srv/status.git",
        "/srv/a:b@c.git",
        "../a:b@c.git",
        "example.ch:status.git",
    ],
)
def test_remotes(remote: str) -> None:
    """A remote is any address or path that git knows."""
    assert pushed(remote=remote)[1] == []


@pytest.mark.parametrize(
    "remote",
    [
        f"https://probe:{SECRET}@example.ch/status.git",
        f"https://{SECRET}@example.ch/status.git",
        f"https://probe:a/{SECRET}@example.ch/status.git",
        f"http://:{SECRET}@example.ch/status.git",
        f"ssh://probe:{SECRET}@example.ch/status.git",
        f"https:/probe:{SECRET}@example.ch/status.git",
        f"//probe:{SECRET}@example.ch/status.git",
        f"probe:{SECRET}@example.ch/status.git",
        f"-o:{SECRET}@example.ch",
    ],
)
def test_no_secret_in_a_remote(remote: str) -> None:
    """A password or a token in the address of the repository is refused, and not repeated."""
    _, faults = pushed(remote=remote)

    assert said(faults) == [(("git", "remote"), "plain-secret")]
    assert SECRET not in repr(faults)


@pytest.mark.parametrize(
    "remote",
    [
        "--upload-pack=x",
        "ext::sh -c touch% /tmp/x",
        "fd::17/status.git",
        "ext::ssh://example.ch/status.git",
        "ssh://-oProxyCommand=x/status.git",
        "ssh://git@-oProxyCommand=x/status.git",
        "git@-oProxyCommand=x:status.git",
        "ftp://example.ch/status.git",
        "javascript://example.ch/status.git",
    ],
)
def test_no_program_for_a_remote(remote: str) -> None:
    """What git would take for an option or for the name of a program is no address."""
    assert said(pushed(remote=remote)[1]) == [(("git", "remote"), "wrong-type")]


SENSELESS: dict[str, tuple[dict[str, Raw], tuple[str | int, ...], str]] = {
    "no prober": ({"probers": []}, ("probers",), "empty-value"),
    "git without publish": ({"git": {"remote": "/srv/a.git"}}, ("git",), "missing-key"),
    "git beside the tree": ({"publish": "tree", "git": {"remote": "/srv/a.git"}}, ("git",), "missing-key"),
    "publish without git": ({"publish": "git"}, ("publish",), "missing-key"),
    "git that is a text": ({"publish": "git", "git": "/srv/a.git"}, ("git",), "wrong-type"),
    "a command as for a shell": (
        {"checks": [{**PLUGIN, "command": "/bin/echo OK"}]},
        ("checks", 0, "command"),
        "wrong-type",
    ),
    "slower than slow": (
        {"checks": [{**PAGE, "timeout": "5s", "degraded_above": "6s"}]},
        ("checks", 0, "degraded_above"),
        "bad-interval",
    ),
    "slower than the default": (
        {"checks": [{**PAGE, "degraded_above": "10s"}]},
        ("checks", 0, "degraded_above"),
        "bad-interval",
    ),
    "seldom when bad": (
        {"checks": [{**PAGE, "interval": "1m", "retry_interval": "2m"}]},
        ("checks", 0, "retry_interval"),
        "bad-interval",
    ),
    "of no service": ({"checks": [{**PAGE, "service": []}]}, ("checks", 0, "service"), "empty-value"),
}


@pytest.mark.parametrize(("written", "place", "code"), SENSELESS.values(), ids=SENSELESS)
def test_senseless(written: dict[str, Raw], place: tuple[str | int, ...], code: str) -> None:
    """What would change nothing, or never hold, is refused with its place and a remedy."""
    _, faults = plan(**written)

    assert said(faults) == [(place, code)]
    assert all(fault.hint or fault.code == "wrong-type" for fault in faults)


@pytest.mark.parametrize(
    "options",
    [
        {"timeout": "5s", "degraded_above": "4999ms"},
        {"interval": "10s"},
        {"interval": "10s", "retry_interval": "10s"},
    ],
)
def test_sensible(options: dict[str, Raw]) -> None:
    """What just holds is accepted."""
    assert checked(PAGE, **options)[1] == []
