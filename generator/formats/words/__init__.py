"""The words that facts are told in, in any language of the site."""

from __future__ import annotations

from generator.formats.words.answer import (
    answer,
    brief,
    headline,
    particulars,
    service_state,
    task_sentence,
    whom,
)
from generator.formats.words.automatic import LABEL as DETECTED
from generator.formats.words.counting import uptime_formula
from generator.formats.words.fate import fate, new_fate
from generator.formats.words.incidents import (
    MISTAKE,
    MISTAKEN,
    affected,
    incident_notes,
    kept_other_hours,
    names_state,
    subject,
    title,
    took_place,
)
from generator.formats.words.names import (
    action_sentence,
    cause_sentence,
    foreign,
    impact_name,
    kind_name,
    labelled,
    mail_sentence,
    order,
    service_names,
    status_name,
    update_status_name,
)
from generator.formats.words.probing import measured_by, silence
from generator.formats.words.updates import update_facts, update_lead, update_notes

__all__ = [
    "DETECTED",
    "MISTAKE",
    "MISTAKEN",
    "action_sentence",
    "affected",
    "answer",
    "brief",
    "cause_sentence",
    "fate",
    "foreign",
    "headline",
    "impact_name",
    "incident_notes",
    "kept_other_hours",
    "kind_name",
    "labelled",
    "mail_sentence",
    "measured_by",
    "names_state",
    "new_fate",
    "order",
    "particulars",
    "service_names",
    "service_state",
    "silence",
    "status_name",
    "subject",
    "task_sentence",
    "title",
    "took_place",
    "update_facts",
    "update_lead",
    "update_notes",
    "update_status_name",
    "uptime_formula",
    "whom",
]
