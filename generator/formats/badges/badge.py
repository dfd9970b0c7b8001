"""Badge: choose the words of a badge in one language."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from generator.facts import Facts, Figure, ServiceFacts
from generator.formats import words
from generator.formats.one_line import one_line
from generator.i18n import Speech, approximate
from generator.model import ServiceStatus, Site, Text

UNKNOWN = "–"
"""Stands where nothing is on record."""
LONGEST = 40
"""A name is drawn with so many characters; the description has all of them."""
TROUBLE = (ServiceStatus.DEGRADED_PERFORMANCE, ServiceStatus.PARTIAL_OUTAGE, ServiceStatus.MAJOR_OUTAGE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Badge:
    """A label and a message."""

    label: str
    shown: str
    """The label as it is drawn, not longer than fits on a page."""
    message: str
    description: str
    """Both in one sentence, for whom it is read to."""
    status: ServiceStatus | None
    """None on an uptime: what share is good enough has been promised to nobody, so it is not coloured."""
    language: str
    """BCP 47 tag."""
    direction: str

    @property
    def trouble(self) -> bool:
        """Return whether something does not work as it should."""
        return self.status in TROUBLE


def overall_badge(speech: Speech, *, facts: Facts) -> Badge:
    """Return the state of the site."""
    message = words.brief(speech, facts)
    return _badge(speech, [_name(speech, facts.site, facts.site.name)], message, message, facts.answer.status)


def state_badge(speech: Speech, *, site: Site, facts: ServiceFacts) -> Badge:
    """Return the state of a service."""
    message = words.service_state(speech, facts)
    return _badge(speech, [_name(speech, site, facts.service.name)], message, message, facts.status)


def uptime_badge(speech: Speech, *, site: Site, name: Text, figures: Sequence[Figure], lowest: bool = False) -> Badge:
    """Return the lowest of some uptimes over the same days: an average would hide an outage among what worked.

    Of equal ones, that with the longest delays. `lowest` says so in the label.
    """
    days = figures[0].days if figures else 0
    what = speech.ngettext("Uptime, {n} day", "Uptime, {n} days", days)
    if lowest:
        what = speech.ngettext("Lowest uptime, {n} day", "Lowest uptime, {n} days", days)
    recorded = [figure for figure in figures if figure.uptime_ppm is not None]
    if not recorded:
        return _badge(speech, [_name(speech, site, name), what], UNKNOWN, speech.gettext("no data"), None)
    worst = min(recorded, key=lambda figure: (figure.uptime_ppm or 0, -figure.seconds.degraded_performance))
    message = " · ".join(_evidence(speech, worst))
    return _badge(speech, [_name(speech, site, name), what], message, message, None)


def _evidence(speech: Speech, figure: Figure) -> Iterator[str]:
    """Yield a percentage, and the delays: it never stands alone over hours of them."""
    yield speech.uptime(figure.uptime_ppm or 0, rough=figure.uptime_rough)
    if figure.seconds.degraded_performance:
        rough = ServiceStatus.DEGRADED_PERFORMANCE in figure.rough
        long = approximate(speech.duration(figure.seconds.degraded_performance), rough)
        yield speech.gettext("degraded for {duration}", duration=long)


def _badge(speech: Speech, names: Sequence[str], message: str, said: str, status: ServiceStatus | None) -> Badge:
    name, *what = names
    shortened = name if len(name) <= LONGEST else f"{name[: LONGEST - 1].rstrip()}…"
    label = " · ".join(names)
    return Badge(
        label=label,
        shown=" · ".join([shortened, *what]),
        message=message,
        description=speech.gettext("{label}: {title}", label=label, title=said),
        status=status,
        language=speech.tag,
        direction=speech.direction,
    )


def _name(speech: Speech, site: Site, name: Text) -> str:
    """Return a name in one line, without what XML cannot hold."""
    return one_line(speech.text(name, words.order(site)).text)
