"""What looking costs is measured on real servers, and told with its target."""

from __future__ import annotations

from bench.load.beside import LOOKS, PROGRAMS, Load, load_table, measured
from tests.probes.lab.processes import needs


def test_measures_both() -> None:
    """Ours and the other one both look at the same page, and both spend time on it."""
    needs(*PROGRAMS)

    load = measured(looks=200, others=50, rounds=1)

    assert load is not None
    assert load.ours_ms > 0
    assert load.blackbox_ms > 0
    assert 1 < load.early_mib < 1_000


def test_target() -> None:
    """A core's share and the growth of memory are held against what they may be at most."""
    good = Load(ours_ms=3.6, blackbox_ms=2.0, early_mib=40.0, late_mib=42.0)
    bad = Load(ours_ms=3.7, blackbox_ms=2.0, early_mib=40.0, late_mib=43.0)

    assert load_table(good).count("held") == 2
    assert load_table(bad).count("MISSED") == 2
    assert f"memory after {LOOKS:,} looks" in load_table(good)


def test_not_installed() -> None:
    """Where nothing could be measured, that is said, with what is missing."""
    told = load_table(None)

    assert told.startswith("Not measured")
    assert all(program in told for program in PROGRAMS)
