"""Every kind of check is a file, a line of the table, and a section of the reference with all its options."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from probes import kinds
from probes.kinds import KINDS
from probes.options import Fault, Options
from probes.spec import parse
from tests.conftest import CHECKOUT

REFERENCE = (CHECKOUT / "docs/reference/checks.md").read_text("utf-8")
SHARED = REFERENCE.partition("## `http`")[0]
PARTS = ("submit", "fetch", "expect", "query_response", "map")


def test_files_and_table() -> None:
    """Each file of kinds/ stands in the table under its name, and nothing else does."""
    files = {path.stem for path in Path(kinds.__file__).parent.glob("*.py")} - {"__init__"}

    assert KINDS.keys() == files


@pytest.mark.parametrize("name", KINDS)
def test_documented(name: str) -> None:
    """Each option of a kind, and of the parts within it, stands in the reference."""
    written: dict[str, object] = {part: [{}] if part in ("query_response", "map") else {} for part in PARTS}
    asked: set[str] = set()

    class Asking(Options):
        """Notes what is asked for, in every part."""

        def _value(self, key: str, *, required: bool = False) -> object:  # type: ignore[override]
            asked.add(key)
            return super()._value(key, required=required)

        def part(self, key: str, what: str) -> Options | None:
            found = super().part(key, what)
            return Asking(found._raw, found._path, found._faults, what) if found else None

        def parts(self, key: str, what: str) -> tuple[Options, ...]:
            return tuple(Asking(one._raw, one._path, one._faults, what) for one in super().parts(key, what))

    KINDS[name].read(Asking(written, (), [], "a check"))  # type: ignore[arg-type]

    (section,) = re.findall(rf"^## `{name}`\n(.*?)(?=^## |\Z)", REFERENCE, re.DOTALL | re.MULTILINE)
    assert [key for key in sorted(asked) if f"`{key}`" not in section + SHARED] == []


raw = st.recursive(
    st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=10,
)
KEYS = (
    "url",
    "host",
    "port",
    "tls",
    "submit",
    "fetch",
    "map",
    "command",
    "query",
    "timeout",
    "service",
    "junk",
    "expect",
)


@given(st.sampled_from(sorted(KINDS)), st.dictionaries(st.sampled_from(KEYS), raw, max_size=6))
def test_any_options(kind: str, options: dict[str, object]) -> None:
    """Whatever is written under a check, it is read or refused with its place; nothing raises."""
    plan = {"probers": ["zrh1"], "checks": [{"name": "it", "kind": kind, "service": "gateway", **options}]}

    _, faults = parse(plan, {"gateway": ()})  # type: ignore[arg-type]

    for fault in faults:
        assert isinstance(fault, Fault)
        assert fault.message


@given(st.dictionaries(st.sampled_from(["probers", "publish", "git", "canaries", "checks"]), raw, max_size=5))
def test_any_plan(plan: dict[str, object]) -> None:
    """Whatever is written under `probes:`, it is read or refused; nothing raises."""
    _, faults = parse(plan, {"gateway": ()})  # type: ignore[arg-type]

    assert all(fault.code for fault in faults)
