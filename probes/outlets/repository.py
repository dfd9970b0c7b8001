"""Repository: reads where `publish: git` pushes to, and refuses what git would refuse or misread."""

from __future__ import annotations

import re

from probes.model import Repository
from probes.options import Options

__all__ = ["read_repository"]

_ADDRESS = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://([^/?#]*)")
_HELPER = re.compile(r"[A-Za-z0-9]+::")
"""What git takes for the name of a program: gitremote-helpers(7)."""
_TRANSPORTS = ("ssh", "git+ssh", "ssh+git", "https", "http", "git", "file")
_NO_BRANCH = re.compile(
    r"[\x00-\x20\x7f~^:?*\[\\]|\.\.|@\{|//|^[/-]|[/.]$|(?:^|/)\.|\.lock(?:/|$)|^HEAD$",
)
"""What may not stand in the name of a branch (git-check-ref-format(1))."""
_CRUD = "".join(map(chr, range(33))) + ".,:;<>\"\\'"
"""What git takes away at both ends of a name or an address; nothing may be left then."""


def read_repository(options: Options) -> Repository:
    """Read `git:`."""
    default = Repository(remote="")
    repository = Repository(
        remote=_remote(options),
        branch=_branch(options, default.branch),
        folder=_folder(options),
        name=_author(options, "name", default.name),
        email=_author(options, "email", default.email),
    )
    options.finish()
    return repository


def _remote(options: Options) -> str:
    remote = options.text("remote", required=True)
    if _confides(remote):  # nor is it repeated in a message
        hint = "use ssh or git's credential helper, and change the secret: it has been in a file that git keeps"
        options.fault("remote", "plain-secret", "a password or token does not belong in remote", hint)
    elif remote and not _is_reached(remote):
        hint = "an address that begins with ssh://, https://, git:// or file://, host:path as of scp, or a path"
        options.fault("remote", "wrong-type", f'remote: "{remote}" is not a repository that can be reached', hint)
    return remote


def _is_reached(remote: str) -> bool:
    """Return whether git reaches a repository by itself: neither helpers (`ext::`, `fd::`) nor hosts like options."""
    address = _ADDRESS.match(remote)
    if address is not None:
        return address[1].lower() in _TRANSPORTS and not address[2].rpartition("@")[2].startswith("-")
    return _HELPER.match(remote) is None and not remote.startswith("-") and "@-" not in remote.partition(":")[0]


def _confides(remote: str) -> bool:
    """Return whether an address holds a secret: after the name, or over HTTP as the name, as many tokens do."""
    address = _ADDRESS.match(remote)
    if address is None:  # a path, or host:path as of scp, or what was meant as an address and is none
        is_path = remote.startswith(("/", ".")) and not remote.startswith("//")
        return "@" in remote and not is_path and ":" in remote.partition("@")[0]
    user, at, _ = address[2].rpartition("@")
    if at:
        return address[1].lower() not in ("ssh", "git", "git+ssh", "ssh+git") or ":" in user
    port = address[2].rpartition("]")[2].partition(":")[2]
    return "@" in remote and not (port.isdigit() or not port)  # a password with a slash in it


def _branch(options: Options, default: str) -> str:
    branch = options.text("branch", default)
    if _NO_BRANCH.search(branch):
        options.fault("branch", "wrong-type", f'branch: "{branch}" is not a valid name of a git branch', 'e.g. "main"')
    return branch


def _folder(options: Options) -> str:
    written = options.text("folder")
    folder = written.removesuffix("/")
    odd = any(step.lower() in ("", ".", "..", ".git") for step in folder.split("/")) or folder.startswith(("-", ":"))
    if written and odd:
        hint = 'e.g. "status"; for the top of the repository leave it out'
        options.fault("folder", "wrong-type", f'folder: "{written}" is not a folder inside a repository', hint)
    return folder


def _author(options: Options, key: str, default: str) -> str:
    text = options.text(key, default)
    if "<" in text or ">" in text or not text.strip(_CRUD):
        options.fault(key, "wrong-type", f'{key}: "{text}" cannot be used in a commit', f'e.g. "{default}"')
    return text
