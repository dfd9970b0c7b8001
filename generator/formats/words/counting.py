"""Counting: say how the figures are counted."""

from __future__ import annotations

from generator.formats.words.names import status_name
from generator.i18n import N_, Speech, Spoken
from generator.model import ServiceStatus, Site

COUNTED = (
    ServiceStatus.MAJOR_OUTAGE,
    ServiceStatus.PARTIAL_OUTAGE,
    ServiceStatus.DEGRADED_PERFORMANCE,
    ServiceStatus.UNDER_MAINTENANCE,
)


def uptime_formula(speech: Speech, site: Site) -> str:
    """Say how uptime is reckoned, with the site's weights; what weighs nothing is not named."""
    weighing = [status for status in COUNTED if site.uptime_weights.get(status, 0)]
    share = speech.gettext("Uptime is the share of time without downtime, over whole days up to the last midnight.")
    if not weighing:
        return share
    counted = N_("Counted as downtime: {states}.")
    rest = N_("Counted as downtime: {states}; nothing else counts.")
    states = speech.list([_weighed(speech, site, status) for status in weighing])
    return f"{share} {speech.gettext(counted if len(weighing) == len(COUNTED) else rest, states=states)}"


def _weighed(speech: Speech, site: Site, status: ServiceStatus) -> str:
    name = Spoken(text=status_name(speech, status), lang=speech.code, translated=True)
    share = speech.whole_percent(site.uptime_weights[status])
    return speech.gettext("{state} ({share})", state=speech.inside(name), share=share)
