"""Clock: tell the time; the only reader of the clock."""

from __future__ import annotations

from datetime import UTC, datetime

import click


class Instant(click.ParamType):  # type: ignore[type-arg]
    """An instant in ISO 8601 with its offset, e.g. `2024-02-20T09:00+01:00`."""

    name = "ISO-8601"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """Return the instant; a time without an offset is refused, since it could mean any zone."""
        if isinstance(value, datetime):
            return value
        example = "e.g. 2024-02-20T09:00+01:00"
        try:
            at = datetime.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{value!r} is not an instant; {example}", param, ctx)
        if at.tzinfo is None:
            self.fail(f"{value!r} lacks its offset from UTC; {example}", param, ctx)
        if not 1970 < at.year < 3000:
            self.fail(f"{value!r} is too far from today; {example}", param, ctx)
        return at.astimezone(UTC)


def now() -> datetime:
    """Return this instant, to the second."""
    return datetime.now(UTC).replace(microsecond=0)  # noqa: TID251 - the one place


def precise() -> datetime:
    """Return this instant, to the microsecond: for who measures."""
    return datetime.now(UTC)  # noqa: TID251 - the one place


now_option = click.option(
    "--now",
    type=Instant(),
    default=now,
    show_default="the system clock",
    help="Use this time as the current time.",
)
