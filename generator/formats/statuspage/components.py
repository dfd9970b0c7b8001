"""Components: write a component, and a group of them."""

from __future__ import annotations

from collections.abc import Sequence

from generator.facts import worst
from generator.formats.edition import Edition
from generator.formats.one_line import one_line
from generator.formats.statuspage.board import Board, Component
from generator.formats.statuspage.notation import instant, permanent_id, plain
from generator.model import Group, Service, Text

Written = dict[str, object]


def components(edition: Edition, board: Board, lang: str) -> list[Written]:
    """Return the groups, each followed by its components, in the order of status.yaml."""
    found = []
    groups = [group for group in edition.site.groups if _members(edition, board, group)]
    for place, group in enumerate(groups, start=1):
        members = _members(edition, board, group)
        found.append(_group(edition, lang, group, members, place))
        found += [_component(edition, lang, *member) for member in members]
    return found


def some_components(edition: Edition, board: Board, lang: str, ids: Sequence[str]) -> list[Written]:
    """Return components by the ids of their services."""
    members = [member for group in edition.site.groups for member in _members(edition, board, group)]
    by_id = {service.id: (service, component, place) for service, component, place in members}
    return [_component(edition, lang, *by_id[id_]) for id_ in ids]


def component_id(edition: Edition, service: str) -> str:
    """Return the id of a service."""
    return permanent_id(edition, "component", service)


def full_name(edition: Edition, lang: str, id_: str) -> str:
    """Return a service's name with that of its group before it."""
    service = next(service for service in edition.site.services if service.id == id_)
    group = next(group for group in edition.site.groups if group.id == service.group)
    return f"{_said(edition, lang, group.name)} - {_said(edition, lang, service.name)}"


def _members(edition: Edition, board: Board, group: Group) -> list[tuple[Service, Component, int]]:
    """Return the components of a group, with their places in it."""
    pairs = zip(edition.site.services, board.components, strict=True)
    members = [(service, component) for service, component in pairs if service.group == group.id]
    return [(service, component, place) for place, (service, component) in enumerate(members, start=1)]


def _component(edition: Edition, lang: str, service: Service, component: Component, place: int) -> Written:
    description = edition.speeches[lang].text(service.description, edition.languages).text
    return {
        "id": component_id(edition, service.id),
        "name": _said(edition, lang, service.name),
        "status": component.status,
        "created_at": instant(edition, component.created),
        "updated_at": instant(edition, component.updated),
        "position": place,
        "description": plain(description) or None,
        "showcase": True,
        "start_date": component.since,
        "group_id": permanent_id(edition, "group", service.group),
        "page_id": permanent_id(edition, "page"),
        "group": False,
        "only_show_if_degraded": False,
    }


def _group(
    edition: Edition, lang: str, group: Group, members: Sequence[tuple[Service, Component, int]], place: int
) -> Written:
    return {
        "id": permanent_id(edition, "group", group.id),
        "name": _said(edition, lang, group.name),
        "status": worst(component.status for _, component, _ in members),
        "created_at": instant(edition, min(component.created for _, component, _ in members)),
        "updated_at": instant(edition, max(component.updated for _, component, _ in members)),
        "position": place,
        "description": None,
        "showcase": False,
        "start_date": None,
        "group_id": None,
        "page_id": permanent_id(edition, "page"),
        "group": True,
        "only_show_if_degraded": False,
        "components": [component_id(edition, service.id) for service, _, _ in members],
    }


def _said(edition: Edition, lang: str, text: Text) -> str:
    return one_line(edition.speeches[lang].text(text, edition.languages).text)
