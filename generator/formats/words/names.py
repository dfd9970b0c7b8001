"""Names: name the words of the vocabulary."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import reduce

from generator.i18n import N_, Speech, Spoken
from generator.model import Action, Cause, Impact, Kind, MailFate, ServiceStatus, Site, UpdateStatus

STATUS: Mapping[ServiceStatus, str] = {
    ServiceStatus.OPERATIONAL: N_("Operational"),
    ServiceStatus.UNDER_MAINTENANCE: N_("Under maintenance"),
    ServiceStatus.DEGRADED_PERFORMANCE: N_("Degraded performance"),
    ServiceStatus.PARTIAL_OUTAGE: N_("Partial outage"),
    ServiceStatus.MAJOR_OUTAGE: N_("Major outage"),
}
UPDATE_STATUS: Mapping[UpdateStatus, str] = {
    UpdateStatus.INVESTIGATING: N_("Investigating"),
    UpdateStatus.IDENTIFIED: N_("Identified"),
    UpdateStatus.MONITORING: N_("Monitoring"),
    UpdateStatus.RESOLVED: N_("Resolved"),
    UpdateStatus.SCHEDULED: N_("Scheduled"),
    UpdateStatus.IN_PROGRESS: N_("In progress"),
    UpdateStatus.VERIFYING: N_("Verifying"),
    UpdateStatus.COMPLETED: N_("Completed"),
}
IMPACT: Mapping[Impact, str] = {
    Impact.NONE: N_("No impact"),
    Impact.MAINTENANCE: N_("Maintenance"),
    Impact.MINOR: N_("Minor"),
    Impact.MAJOR: N_("Major"),
    Impact.CRITICAL: N_("Critical"),
}
KIND: Mapping[Kind, str] = {
    Kind.INCIDENT: N_("Incident"),
    Kind.MAINTENANCE: N_("Maintenance"),
    Kind.NOTICE: N_("Notice"),
}
MAIL: Mapping[MailFate, str] = {
    MailFate.DELAYED: N_("Mail is delayed, not lost."),
    MailFate.LATE: N_("Mail is arriving late."),
    MailFate.HELD: N_("Mail is waiting in a queue and will be delivered later."),
    MailFate.REJECTED: N_("Mail is being rejected; senders receive an error message."),
    MailFate.MISFILED: N_("Legitimate mail may be classified as spam."),
    MailFate.LOST: N_("Some mail has been lost."),
    MailFate.UNKNOWN: N_("We do not know yet what is happening to mail."),
}
ACTION: Mapping[Action, str] = {
    Action.NONE: N_("You do not need to do anything."),
    Action.RESEND: N_("Please send affected e-mails again."),
    Action.CHECK_QUARANTINE: N_("Please check your quarantine."),
    Action.CHECK_CACHE: N_("Please check the cached recipient addresses."),
    Action.RETRY_LATER: N_("Please try again later."),
    Action.USE_WEBMAIL: N_("Please use webmail in the meantime."),
    Action.CONTACT_SUPPORT: N_("Please contact support."),
}
CAUSE: Mapping[Cause, str] = {
    # NOTE: Stands beside the label "Cause".
    Cause.INTERNAL: N_("on our side"),
    Cause.UPSTREAM: N_("at another provider"),
    Cause.UNKNOWN: N_("being looked into"),
}

NUMBERED = re.compile(r" (?=v?\d)")
"""The space before a number that belongs to a name."""


def status_name(speech: Speech, status: ServiceStatus) -> str:
    """Name the state of a service."""
    return speech.gettext(STATUS[status])


def update_status_name(speech: Speech, status: UpdateStatus) -> str:
    """Name how far an incident or a maintenance has come."""
    return speech.gettext(UPDATE_STATUS[status])


def impact_name(speech: Speech, impact: Impact) -> str:
    """Name how bad an incident is."""
    return speech.gettext(IMPACT[impact])


def kind_name(speech: Speech, kind: Kind) -> str:
    """Name what an entry is."""
    return speech.gettext(KIND[kind])


def mail_sentence(speech: Speech, mail: MailFate) -> str:
    """Say what happens to mail."""
    return speech.gettext(MAIL[mail])


def action_sentence(speech: Speech, action: Action) -> str:
    """Say what a customer should do."""
    return speech.gettext(ACTION[action])


def cause_sentence(speech: Speech, cause: Cause, *, over: bool) -> str:
    """Say whose fault it is, or was; stands beside the label "Cause"."""
    if over and cause is Cause.UNKNOWN:
        return speech.gettext("not known")
    return speech.gettext(CAUSE[cause])


def apart(speech: Speech, parts: Iterable[str]) -> str:
    """Join parts that hold colons, commas or lists themselves."""
    return reduce(lambda first, then: speech.gettext("{first}; {then}", first=first, then=then), parts)


def order(site: Site) -> tuple[str, ...]:
    """Return the codes of the site's languages, the preferred source of a text first."""
    return tuple(language.code for language in site.languages)


def service_names(speech: Speech, site: Site, ids: Iterable[str]) -> str:
    """List services by name, in the order of `ids`: "A, B and C"."""
    names = {service.id: service.name for service in site.services}
    return speech.list([unbroken(speech.text(names[id_], order(site)).text) for id_ in ids])


def unbroken(name: str) -> str:
    """Return a name that no line break parts from its number: "Microsoft 365"."""
    return NUMBERED.sub("\u00a0", name)


def labelled(speech: Speech, spoken: Spoken) -> str:
    """Return words for where no element can name their language, as in a tab or a plain text: it stands behind them."""
    return f"{spoken.text} {foreign(speech, spoken)}".rstrip()


def foreign(speech: Speech, spoken: Spoken) -> str:
    """Name the language of words that are not in the page's: "(in German)"."""
    if spoken.translated:
        return ""
    return speech.gettext("(in {language})", language=speech.language_name(spoken.lang))
