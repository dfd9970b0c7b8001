"""Probes section: read `probes:` of status.yaml by the probers' own rules, with the place of every fault."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from generator.model import Service
from generator.problems import did_you_mean
from generator.reading import yaml
from generator.reading.reader import Reader
from probes.model import Plan
from probes.options import Fault, Raw


def read(reader: Reader, node: yaml.Node | None, services: Sequence[Service], tree: str = "") -> Plan | None:
    """Return the plan of the probers, None where there is none or something is wrong with it.

    `tree` is the folder that the files it names are meant from; who probes nothing needs none. `places` is not for
    probers, and left out.
    """
    mapping = reader.mapping(node, "probes")
    if mapping is None:
        return None
    from probes import spec  # loads what the kinds need; a site without probes does without

    known = {service.id: service.depends_on for service in services}
    plan, faults = spec.parse(_raw(mapping, but="places"), known, tree)
    for fault in faults:
        hint = fault.hint or did_you_mean(_written(mapping, fault), fault.allowed)
        reader.report(_place(mapping, fault.path), fault.code, fault.message, hint)
    return None if faults else plan


def _raw(node: yaml.Mapping, *, but: str = "") -> Mapping[str, Raw]:
    return {key: _value(value) for key, value in node.entries.items() if key != but}


def _value(node: yaml.Node) -> Raw:
    if isinstance(node, yaml.Mapping):
        return _raw(node)
    if isinstance(node, yaml.Sequence):
        return [_value(item) for item in node.items]
    return "" if node.empty else node.text


def _reached(node: yaml.Node, path: Sequence[str | int]) -> yaml.Node:
    """Return what stands at a path, as far as there is anything."""
    for step in path:
        if isinstance(node, yaml.Mapping) and isinstance(step, str) and step in node.entries:
            node = node.entries[step]
        elif isinstance(node, yaml.Sequence) and isinstance(step, int) and step < len(node.items):
            node = node.items[step]
    return node


def _place(node: yaml.Node, path: Sequence[str | int]) -> yaml.Node:
    """Return what stands at a path; the last key itself rather than its value, for that is what is to be changed."""
    above = _reached(node, path[:-1])
    if path and isinstance(above, yaml.Mapping) and path[-1] in above.keys:
        return above.keys[str(path[-1])]
    return _reached(above, path[-1:])


def _written(node: yaml.Mapping, fault: Fault) -> str:
    """Return what was written where another word is allowed: the key that is unknown, or the value of a known one."""
    if fault.code == "unknown-key" and fault.path:
        return str(fault.path[-1])
    value = _reached(node, fault.path)
    return value.text if isinstance(value, yaml.Scalar) else ""
