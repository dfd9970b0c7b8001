"""Automatic: say in sentences what the probers measured: what is wrong, since when, and who sees it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from generator.facts import severity
from generator.formats.words.names import order, service_names
from generator.i18n import N_, Speech, exact
from generator.model import ServiceStatus, Sighting, Site, Update
from probes.model import Reason

MEASURED: Mapping[Reason, str] = {
    Reason.NAME_NOT_FOUND: N_("The server’s name cannot be found."),
    Reason.REFUSED: N_("The server refuses connections."),
    Reason.RESET: N_("The server drops connections."),
    Reason.TIMEOUT: N_("The server does not answer in time."),
    Reason.UNREACHABLE: N_("The server cannot be reached."),
    Reason.IPV4_FAILED: N_("The service can be reached over IPv6 only."),
    Reason.IPV6_FAILED: N_("The service can be reached over IPv4 only."),
    Reason.TLS_FAILED: N_("No encrypted connection can be set up."),
    Reason.CERTIFICATE_EXPIRED: N_("The server’s certificate has expired."),
    Reason.CERTIFICATE_NAME: N_("The server’s certificate is for another name."),
    Reason.CERTIFICATE_UNTRUSTED: N_("The server’s certificate cannot be trusted."),
    Reason.STARTTLS_MISSING: N_("The server does not offer encryption."),
    Reason.STARTTLS_INJECTED: N_("The encrypted connection to the server cannot be trusted."),
    Reason.PROTOCOL: N_("The server does not answer as it should."),
    Reason.STATUS: N_("The service answers with an error."),
    Reason.CONTENT: N_("The service does not return what it should."),
    Reason.SLOW: N_("The service answers slowly."),
    Reason.LOGIN_REFUSED: N_("Login fails."),
    Reason.RECIPIENT_REFUSED: N_("Mail to a valid address is refused."),
    Reason.RECIPIENT_DEFERRED: N_("Mail to a valid address is temporarily refused."),
    Reason.RECIPIENT_ACCEPTED: N_("Mail to an address that does not exist is accepted."),
    Reason.SUBMISSION_REFUSED: N_("A test message cannot be sent."),
    Reason.DELAYED: N_("Test messages arrive late."),
    Reason.MISSING: N_("A test message did not arrive in time."),
    Reason.MISFILED: N_("A harmless test message was filed as spam."),
    Reason.ALTERED: N_("A test message arrived, but not as it should, for example unsigned."),
    Reason.ZONE_DIFFERS: N_("The name servers give conflicting answers."),
    Reason.OVERDUE: N_("A scheduled job has not finished in time."),
    Reason.PLUGIN: N_("Our monitoring reports a fault."),
    Reason.THRESHOLD: N_("Our monitoring measures an unusual value."),
    Reason.ALERT: N_("Our monitoring has raised an alert."),
    Reason.INTERMITTENT: N_("The service keeps failing."),
}
"""How each reason shows."""
MEASURED_DELAY: Mapping[Reason, str] = {
    Reason.DELAYED: N_("A test message was in transit for at least {delay}."),
    Reason.MISSING: N_("A test message had not arrived after {delay}."),
}
"""The same where the delay is known."""
STANDS: Mapping[ServiceStatus, str] = {
    ServiceStatus.OPERATIONAL: N_("{services}: operational again {since}."),
    ServiceStatus.DEGRADED_PERFORMANCE: N_("{services}: degraded performance {since}."),
    ServiceStatus.PARTIAL_OUTAGE: N_("{services}: partial outage {since}."),
    ServiceStatus.MAJOR_OUTAGE: N_("{services}: major outage {since}."),
}
STANDS_AGAIN: Mapping[ServiceStatus, str] = {
    ServiceStatus.DEGRADED_PERFORMANCE: N_("{services}: degraded performance again {since}."),
    ServiceStatus.PARTIAL_OUTAGE: N_("{services}: partial outage again {since}."),
    ServiceStatus.MAJOR_OUTAGE: N_("{services}: major outage again {since}."),
}
"""The same where it had been over in between."""
LONGEST_SECONDS = 366 * 86_400
"""No message is under way for longer than that; whatever says so has not measured it."""
LABEL = N_("Detected automatically")
"""What the updates of an automatic incident are called: nobody need be investigating yet."""


def automatic_sentences(speech: Speech, site: Site, update: Update) -> list[str]:
    """Compose what an automatic update says, service by service; a written text takes the place of how it shows."""
    by_service: dict[str, list[Sighting]] = {}
    for sighting in update.sightings:
        by_service.setdefault(sighting.service, []).append(sighting)
    said: dict[str, None] = {}
    for sightings in sorted(by_service.values(), key=lambda found: severity(found[0].status), reverse=True):
        said |= dict.fromkeys(_service(speech, site, sightings, written=bool(update.text)))
    return list(said)


def _service(speech: Speech, site: Site, sightings: Sequence[Sighting], *, written: bool) -> Iterator[str]:
    first = min(sightings, key=lambda sighting: sighting.since)
    services = service_names(speech, site, (first.service,))
    stands = STANDS if first.recovered is None else STANDS_AGAIN
    yield speech.gettext(stands[first.status], services=services, since=speech.since(exact(first.since)))
    if not first.fresh or first.status is ServiceStatus.OPERATIONAL:
        return
    reasons = {} if written else _reasons(speech, sightings)
    named = all(sighting.prober in site.places for sighting in sightings)
    seen_apart = named and len({frozenset(one.prober for one in seeing) for seeing in reasons.values()}) > 1
    for sentence, seeing in reasons.items():
        yield " ".join((sentence, *_seen_from(speech, site, seeing))) if seen_apart else sentence
    if first.lone or (not seen_apart and len({sighting.prober for sighting in sightings}) > 1):
        yield from _seen_from(speech, site, sightings)
    if first.recovered is not None:
        span = speech.span(exact(first.recovered), exact(first.since))
        yield speech.gettext("Operational in between: {span}.", span=span)


def _reasons(speech: Speech, sightings: Sequence[Sighting]) -> dict[str, list[Sighting]]:
    """Return how it shows, each sentence with those who see it."""
    found: dict[Reason, list[Sighting]] = {}
    for sighting in sightings:
        if sighting.reason:
            found.setdefault(sighting.reason, []).append(sighting)
    return {_measured(speech, reason, seeing): seeing for reason, seeing in found.items()}


def _seen_from(speech: Speech, site: Site, sightings: Sequence[Sighting]) -> Iterator[str]:
    """Say from where it is seen; where a place has no name for readers, by how many of all that look."""
    probers, lone = dict.fromkeys(sighting.prober for sighting in sightings), sightings[0].lone
    if site.places.keys() >= probers.keys():
        places = speech.list([speech.text(site.places[prober], order(site)).text for prober in probers])
        seen = N_("So far this has been seen from {places} only.") if lone else N_("Seen from {places}.")
        yield speech.gettext(seen, places=places)
        return
    n = len(probers)
    total = max(n, *(sighting.probers for sighting in sightings))
    only = N_("So far seen from only {n} of {total} monitoring locations.")
    some = N_("Seen from {n} of {total} monitoring locations.")
    yield speech.gettext(only if lone else some, n=speech.number(n), total=speech.number(total))


def _measured(speech: Speech, reason: Reason, seeing: Iterable[Sighting]) -> str:
    """Say how it shows; of several delays the shortest, which is true of all."""
    delays = [sighting.figures["delay_seconds"] for sighting in seeing if "delay_seconds" in sighting.figures]
    delay = min(delays, default=0.0)
    if 60 <= delay <= LONGEST_SECONDS and reason in MEASURED_DELAY:
        whole_minutes = int(delay) // 60 * 60
        return speech.gettext(MEASURED_DELAY[reason], delay=speech.duration(whole_minutes, long=True))
    return speech.gettext(MEASURED[reason])
