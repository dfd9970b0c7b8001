"""Years: sum up a calendar year of each service."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import MAXYEAR, MINYEAR, date, timedelta

from generator.facts.calendar import calendar_until, midnight
from generator.facts.measures import ServiceYear, Span
from generator.facts.model import Facts
from generator.facts.stretches import by_service, sum_of
from generator.facts.uptime import days_of, on_record_since, rough_states, today_of, uptime_ppm, uptime_rough
from generator.model import Service


def service_years(facts: Facts, year: int) -> tuple[ServiceYear, ...]:
    """Return a calendar year of each service, in the order of status.yaml.

    It rests on the facts, not on their `now`, so it holds as long as they do. A year that lies ahead has no days, and
    neither have the first and the last that a clock can show.
    """
    if not MINYEAR < year < MAXYEAR:
        return ()
    spans = by_service(facts.incidents)
    first = midnight(date(year, 1, 1), facts.site.time_zone)
    after = midnight(date(year + 1, 1, 1), facts.site.time_zone)
    for id_, found in spans.items():
        spans[id_] = [span for span in found if span.start < after and (span.end is None or span.end > first)]
    return tuple(_service_year(facts, service, spans.get(service.id, ()), year) for service in facts.site.services)


def _service_year(facts: Facts, service: Service, spans: Sequence[Span], year: int) -> ServiceYear:
    site, today = facts.site, facts.today
    since = on_record_since(site, service)
    last = min(date(year, 12, 31), today - timedelta(days=1))
    whole = max((last - date(year, 1, 1)).days + 1, 0)
    days = days_of(spans, calendar_until(last, whole, site.time_zone), since)
    seconds = sum_of(day.seconds for day in days)
    rough = rough_states(day.rough for day in days if day.worst is not None)
    so_far = [today_of(spans, midnight(today, site.time_zone), today, since)] if today.year == year else []
    return ServiceYear(
        service=service,
        days=(*days, *so_far),
        seconds=seconds,
        uptime_ppm=uptime_ppm(seconds, site.uptime_weights),
        uptime_rough=uptime_rough(rough, site.uptime_weights),
        rough=rough,
    )
