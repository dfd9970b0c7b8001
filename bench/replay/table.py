"""How the replay is shown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.replay.trial import Judged, Played, needs, run, unseen
from bench.report import table

TARGET = 14
_PART = """\
## What the probes would have seen

Each line of the record is played in simulated time: hops on loopback break as `bench/replay/faults.yaml` tells, the
checks of `bench/replay/checks.yaml` look at their real servers, and real conclusions follow.
Mail goes through SMTP servers of the replay's own into a real Dovecot.
Where the record leaves open how something failed, every manner is played, and counts.
In steady stretches looks are left out.
What is degraded is shown ten minutes after it began, at the earliest.

{table}

{summary}

What the checks need:

{needs}
"""
HEADS = (
    "incident",
    "what broke, how",
    "lasted",
    "opened after",
    "shown after",
    "service",
    "status",
    "by check",
    "",
)


def replay_part() -> str:
    """Return the part of the report, with everything played anew."""
    with TemporaryDirectory(prefix="lagebild-replay-") as folder:
        judged = list(run(Path(folder)))
    needed = "\n".join(f"- `{check}`: {what}" for check, what in needs().items())
    return _PART.format(table=replay_table(judged), summary=summary(judged), needs=needed)


def replay_table(judged: Sequence[Judged]) -> str:
    """Return every play of every disturbance: how soon it was opened, by which check, on which service."""
    return table(HEADS, [row for one in judged for row in _rows(one)])


def summary(judged: Sequence[Judged]) -> str:
    """Return how many of the disturbances were opened, and why the others were not."""
    counted = [one for one in judged if one.disturbance.counts]
    seen = sum(one.seen for one in counted)
    wrong = sum(len(played.wrong) for one in judged for played in one.plays)
    verdict = "held" if seen >= TARGET and not wrong else "MISSED"
    why = unseen()
    lines = [
        f"**{seen} of {len(counted)} disturbances open by themselves in every manner played; "
        f"{wrong} openings on a wrong service.** Target: {TARGET}, none wrong: {verdict}.",
        "",
    ]
    for one in counted:
        if not one.seen:
            missed = [fault for played in one.plays if not played.first for fault in played.faults]
            causes = dict.fromkeys(cause for fault in missed for cause in (fault.hop, fault.manner) if cause in why)
            reasons = [why[cause] for cause in causes] or ["Not in every manner; see the table."]
            lines.append(f"- {one.disturbance.incident}: {' '.join(reasons)}")
    return "\n".join(lines)


def _rows(judged: Judged) -> Iterator[tuple[str, ...]]:
    name = judged.disturbance.incident
    if not judged.plays:
        yield name, "nothing", "", "", "", "", "", "", "nothing to open"
    for played in judged.plays:
        yield name, *_row(played)
        name = ""


def _row(played: Played) -> tuple[str, ...]:
    what = "; ".join(f"{fault.hop} {fault.said}" for fault in played.faults)
    lasted = _span(played.lasting)
    wrong = f"WRONG: {', '.join(opening.check for opening in played.wrong)}" if played.wrong else ""
    first = played.first
    if first is None:
        return what, lasted, "", "", "", "", "", wrong or "not seen"
    others = sorted(
        {opening.check for opening in played.openings if opening.service in played.services} - {first.check}
    )
    checks = ", ".join((f"{first.check} ({first.reason})", *others))
    verdict = wrong or ("seen" if all(opening.closed for opening in played.openings) else "seen, NOT CLOSED")
    return what, lasted, _span(first.after), _span(first.shown_after), first.service, first.status, checks, verdict


def _span(span: timedelta) -> str:
    minutes, seconds = divmod(round(span.total_seconds()), 60)
    if minutes >= 60:
        return f"{minutes // 60} h {minutes % 60:02}"
    return f"{minutes}:{seconds:02} min"
