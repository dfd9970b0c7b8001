"""The shipped site's calendars, as a calendar program has them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.programs import Program, program

SETTINGS = """\
[calendars]
[[status]]
path = {folder}/calendar
[locale]
local_timezone = Europe/Zurich
default_timezone = Europe/Zurich
timeformat = %H:%M
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%d %H:%M
longdatetimeformat = %Y-%m-%d %H:%M
[default]
default_calendar = status
[sqlite]
path = {folder}/khal.db
"""
LISTED = "{start-long}|{end-long}|{title}|{uid}|{status}|{url}|{categories}"


@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("de/maintenance.ics", "Hexadmin: geplante Wartung"),
        ("fr/maintenance.ics", "Hexadmin\N{NARROW NO-BREAK SPACE}: maintenance planifiée"),
        ("en/maintenance.ics", "Hexadmin: planned maintenance"),
        ("de/services/hexadmin/maintenance.ics", "Hexadmin: geplante Wartung"),
    ],
)
def test_khal_imports_planned_maintenance(
    shipped_site: Path, run: Program, tmp_path: Path, path: str, title: str
) -> None:
    """Khal takes the calendar in, once even when it is imported twice, and lists the work at local time."""
    khal = program("khal", package="khal")
    settings = tmp_path / "khal.conf"
    settings.write_text(SETTINGS.format(folder=tmp_path), encoding="utf-8")
    (tmp_path / "calendar").mkdir()
    add = (khal, "-c", settings, "import", "--batch", "-a", "status", shipped_site / path)

    imported = [run(*add, cwd=tmp_path) for _ in range(2)]
    listed = run(khal, "-c", settings, "list", "-df", "", "-f", LISTED, "2023-01-01", "365d", cwd=tmp_path)

    assert [done.returncode for done in (*imported, listed)] == [0, 0, 0], listed.stderr
    lang = path.partition("/")[0]
    start, end, *said = [part.strip() for part in listed.stdout.strip().split("|")]
    assert (start, end) == ("2023-04-12 11:45", "2023-04-12 12:45")
    assert said[:4] == [
        title,
        "2023-04-12-hexadmin-update@status.example.ch",
        "CONFIRMED",
        f"https://status.example.ch/{lang}/incidents/2023/2023-04-12-hexadmin-update/",
    ]
    assert len(list((tmp_path / "calendar").glob("*.ics"))) == 1
    assert "Hexadmin" in said[4]
