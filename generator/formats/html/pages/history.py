"""The history: a page a year, and a page for each part that a year can be narrowed to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache, partial

from generator.facts import Durations, IncidentFacts, ServiceYear, durations_of, local_day, service_years
from generator.formats.addresses import year_of
from generator.formats.edition import Edition
from generator.formats.html.drawings.charts import by_month, by_service
from generator.formats.html.drawings.year_view import year_view
from generator.formats.html.lines import line
from generator.formats.html.page import Page, View
from generator.formats.html.pages.filters import FILTERS, Year, choices, name_of, parts, service_of
from generator.i18n import Speech, approximate


@dataclass(frozen=True, slots=True, kw_only=True)
class _History:
    """All that the pages of the history are made from."""

    years: Mapping[int, Year]
    """This one first."""
    services_of: Callable[[int], tuple[ServiceYear, ...]]
    """Works out what a year was for each service."""


def pages(edition: Edition) -> Iterator[Page]:
    """Yield a page for each year from the first entry to this one, each followed by those of its parts."""
    by_year: dict[int, list[IncidentFacts]] = defaultdict(list)
    for facts in edition.facts.incidents:
        by_year[int(year_of(facts.incident))].append(facts)
    this = edition.facts.today.year
    numbers = range(max((this, *by_year)), min((this, *by_year)) - 1, -1)
    years = {n: Year(year=n, listed=by_year[n], parts=parts(edition, by_year[n])) for n in numbers}
    reaching = _reaching(edition)
    # The pages of a year are rendered one after another, so no other year need be remembered meanwhile.
    history = _History(years=years, services_of=lru_cache(maxsize=1)(partial(service_years, edition.facts)))
    for year in years.values():
        drawn = (*reaching[year.year], edition.facts.today if year.year == this else None)
        for part in ("", *year.parts):
            yield Page(
                address=partial(edition.addresses.history, year=year.year, part=part),
                view=partial(_view, edition, history, year, part),
                parts=(
                    numbers,
                    [n for n, other in years.items() if part in other.parts],
                    *year.listed,
                    *(drawn if _is_drawn(part) else ()),
                ),
                listed=not part,
            )


def _reaching(edition: Edition) -> Mapping[int, Sequence[IncidentFacts]]:
    """Return, by year, the incidents that did something in it."""
    found: dict[int, list[IncidentFacts]] = defaultdict(list)
    zone, this = edition.site.time_zone, edition.facts.today.year
    for facts in edition.facts.incidents:
        reached = {
            year
            for span in facts.spans
            for year in range(
                local_day(span.start, zone).year, (local_day(span.end, zone).year if span.end else this) + 1
            )
        }
        for year in reached:
            found[year].append(facts)
    return found


def _is_drawn(part: str) -> bool:
    """Return whether a part has a picture: the year as a whole, and a service, but no kind of entry."""
    return part not in FILTERS


def _view(edition: Edition, history: _History, year: Year, part: str, lang: str) -> View:
    speech = edition.speeches[lang]
    kept = year.parts[part] if part else year.listed
    one = service_of(edition, part)
    shown = history.services_of(year.year) if _is_drawn(part) else ()
    services = [item for item in shown if not one or item.service == one]
    durations = durations_of(kept)
    return {
        "year": year.year,
        "part": name_of(edition, lang, part) if part else None,
        "years": [
            {"year": n, "path": edition.addresses.history(lang, n, part if part in other.parts else "")}
            for n, other in history.years.items()
        ],
        "summary": _summary(speech, len(kept), durations, services),
        "glance": year_view(edition, lang, year.year, services) if any(item.days for item in services) else None,
        "choices": choices(edition, lang, year, part),
        "months": _months(edition, lang, kept),
        "figures_of_year": None if part else _figures(edition, lang, year, durations, services),
    }


def _summary(speech: Speech, entries: int, durations: Durations, services: Sequence[ServiceYear]) -> str:
    """Say in a sentence or two what there was."""
    count, known = durations.count, durations.known
    if not entries:
        days = [day for service in services for day in service.days]
        unknown = days and all(day.worst is None for day in days)
        return speech.gettext("No data for this year.") if unknown else speech.gettext("No incidents.")
    if not count:
        return speech.ngettext("{n} entry.", "{n} entries.", entries)
    recorded = speech.ngettext("{n} incident recorded.", "{n} incidents recorded.", count)
    if durations.median_seconds is None:
        return recorded
    median = _median(speech, durations)
    if known < count:
        half = speech.ngettext(
            "The start and end of one are known; it lasted {duration}.",
            "Median duration of the {n} whose start and end are known: {duration}.",
            known,
            duration=median,
        )
        return f"{recorded} {half}"
    return speech.ngettext(
        "{n} incident; it lasted {duration}.",
        "{n} incidents; median duration {duration}.",
        count,
        duration=median,
    )


def _median(speech: Speech, durations: Durations) -> str:
    return approximate(speech.duration(durations.median_seconds or 0), durations.rough > 0)


def _months(edition: Edition, lang: str, kept: Sequence[IncidentFacts]) -> list[View]:
    speech = edition.speeches[lang]
    months: dict[date, list[IncidentFacts]] = defaultdict(list)
    for facts in kept:
        months[speech.local_date(facts.started.first or facts.told).replace(day=1)].append(facts)
    return [
        {
            "id": f"m{first:%Y-%m}",
            "name": speech.opening(speech.month(first)),
            "lines": [line(edition, lang, facts) for facts in found],
        }
        for first, found in sorted(months.items(), reverse=True)
    ]


def _figures(
    edition: Edition, lang: str, year: Year, durations: Durations, services: Sequence[ServiceYear]
) -> View | None:
    """Return the charts of a year and the numbers beside them; None for a year with nothing to reckon."""
    if not services:
        return None
    incidents = by_month(edition.speeches[lang], year.year, year.listed)
    states = by_service(edition, lang, services)
    if incidents is None and states is None:
        return None
    return {
        "median": durations.median_seconds is not None,
        "numbers": list(_numbers(edition, lang, durations)) if durations.count else [],
        "by_month": incidents,
        "by_service": states,
        "rough": durations.rough > 0 or any(service.rough for service in services),
    }


def _numbers(edition: Edition, lang: str, durations: Durations) -> Iterator[View]:
    speech = edition.speeches[lang]
    yield _number(speech.gettext("Incidents"), speech.number(durations.count))
    yield _number(speech.gettext("Start and end known"), _known(speech, durations))
    if durations.longest is None or durations.longest_seconds is None:
        return
    yield _number(speech.gettext("Median duration"), _median(speech, durations))
    longest = edition.facts.incident(durations.longest)
    lasted = approximate(speech.duration(durations.longest_seconds), longest.rough)
    yield _number(speech.gettext("Longest incident"), lasted, edition.addresses.incident(lang, longest.incident))


def _known(speech: Speech, durations: Durations) -> str:
    """Say of how many incidents the length is known, and how well."""
    exact, rough = speech.number(durations.known - durations.rough), speech.number(durations.rough)
    if not durations.rough:
        return exact
    if durations.rough == durations.known:
        return speech.gettext("{rough}, approximately", rough=rough)
    return speech.gettext("{exact} exactly, {rough} approximately", exact=exact, rough=rough)


def _number(label: str, value: str, path: str = "") -> View:
    return {"label": label, "value": value, "path": path}
