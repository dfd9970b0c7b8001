"""Drawing cost: count the shapes that a browser may have to draw, each part as often as the drawing refers to it.

Ten parts that each refer ten times to the next are a few hundred bytes and ten thousand million shapes. Counted is what
a browser may have to draw at most: https://www.w3.org/TR/SVG2/struct.html#UseElement.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import unquote

MAX_ELEMENTS = 5_000
MAX_DEPTH = 64

_REFERENCE = re.compile(r"url\(\s*+[\"']?\s*+#([^\"')]*+)[\"']?\s*+\)", re.IGNORECASE)
_CSS = re.compile(rf"/\*.*?(?:\*/|\Z)|{_REFERENCE.pattern}|\"[^\"\n]*+\"|'[^'\n]*+'", re.DOTALL | re.IGNORECASE)
"""What braces within have no meaning in a stylesheet: comments, addresses and strings."""
_SELECTED = re.compile(r"(?:^|[{}])([^{};]*+)\{[^{}]*\Z")
"""The selector of the rule that is still open where a text ends."""
_POINTS = re.compile(r"[a-z]|\d+", re.IGNORECASE)
_EVERYTHING = "*"
_MAX_SELECTORS = 2_000
"""Characters; a longer list of selectors is taken for everything."""
_PAINTS = frozenset({"linearGradient", "radialGradient"})
"""What is looked up, not drawn."""


class ExpansionError(ValueError):
    """A drawing that refers to too much; says the line and what stands there."""

    def __init__(self, line: int, what: str) -> None:
        super().__init__(f"line {line} {what}")
        self.line = line
        self.what = what


@dataclass(slots=True, kw_only=True)
class Element:
    """An element of a drawing, with what it holds."""

    line: int
    name: str
    attributes: Mapping[str, str]
    """Without those of other namespaces but XLink's."""
    children: list[Element] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cost:
    """What an element amounts to."""

    elements: int
    """Itself and what is in it, clones included: each may be painted by what it inherits."""
    points: int
    """At most so many points of lines in it: a marker may stand at each."""
    referred: int
    """Elements drawn besides, as patterns, markers, masks, clips and filters."""
    own: int
    """Of those, what it refers to itself; those of all elements are drawn, at least once each."""
    clones: bool
    """Whether there is a `use` in it."""

    @property
    def total(self) -> int:
        return self.elements + self.referred


def judge(root: Element, style: str) -> None:
    """Hold a drawing, with all of its stylesheets in one, to what can be drawn at once.

    Raises:
        ExpansionError: A `use` leads to another, something refers to itself, or too much would be drawn.
    """
    _Count(root, style).of(root)


class _Count:
    """Counts each element once, however often it is referred to."""

    def __init__(self, root: Element, style: str) -> None:
        self._rules = _rules(style)
        self._by_id: dict[str, Element] = {}
        for element in _all(root):
            self._by_id.setdefault(element.attributes.get("id", ""), element)
        self._known: dict[int, _Cost] = {}
        self._drawn = 0
        self._open: list[Element] = []

    def of(self, element: Element) -> _Cost:
        """Return what an element amounts to."""
        known = self._known.get(id(element))
        if known:
            return known
        if any(element is other for other in self._open):
            raise ExpansionError(self._open[-1].line, f"refers to the <{element.name}> that it is part of")
        if len(self._open) == MAX_DEPTH:
            raise ExpansionError(element.line, f"is nested deeper than {MAX_DEPTH} levels, by what refers to it")
        self._open.append(element)
        cost = self._counted(element)
        self._open.pop()
        self._drawn += 1 + cost.own
        if max(cost.total, self._drawn) > MAX_ELEMENTS:
            what = f"draws more than {MAX_ELEMENTS} elements, counting each as often as it is referred to"
            raise ExpansionError(element.line, what)
        self._known[id(element)] = cost
        return cost

    def _counted(self, element: Element) -> _Cost:
        parts = [self.of(child) for child in element.children]
        for target in self._clones(element):
            cost = self.of(target)
            if element.name == "use" and cost.clones:
                raise ExpansionError(element.line, f"uses a <{target.name}> that is or holds another <use>")
            parts.append(cost)
        elements = 1 + sum(part.elements for part in parts)
        points = _points(element) + sum(part.points for part in parts)
        own = 0
        for target in self._painters(element):
            own += {"pattern": elements, "marker": points}.get(target.name, 1) * self.of(target).total
        referred = own + sum(part.referred for part in parts)
        clones = element.name == "use" or any(part.clones for part in parts)
        return _Cost(elements=elements, points=points, referred=referred, own=own, clones=clones)

    def _clones(self, element: Element) -> Iterator[Element]:
        """Yield what an element draws again in its own place."""
        for key in ("href", "xlink:href"):
            yield from self._named(element.attributes.get(key, "").strip().removeprefix("#"))

    def _painters(self, element: Element) -> Iterator[Element]:
        """Yield what an element, and all in it by inheritance, may be painted with."""
        ids = [found for value in element.attributes.values() for found in _REFERENCE.findall(value)]
        selectors = [_EVERYTHING, element.name, f"#{element.attributes.get('id', '')}"]
        selectors += [f".{name}" for name in element.attributes.get("class", "").split()]
        ids += [found for selector in selectors for found in self._rules.get(selector.lower(), ())]
        for found in dict.fromkeys(ids):
            yield from self._named(found.strip())

    def _named(self, id_: str) -> Iterator[Element]:
        target = self._by_id.get(id_) or self._by_id.get(unquote(id_))
        if id_ and target and target.name not in _PAINTS:
            yield target


def _all(element: Element) -> Iterator[Element]:
    yield element
    for child in element.children:
        yield from _all(child)


def _points(element: Element) -> int:
    drawn = (element.attributes.get(key, "") for key in ("d", "points", "style"))
    return 4 + sum(len(_POINTS.findall(text)) for text in drawn)


def _rules(style: str) -> Mapping[str, Sequence[str]]:
    """Return the ids that a stylesheet refers to, by element name, `.class` or `#id`; `*` where it says more."""
    found: dict[str, dict[str, None]] = {}
    plain, past = "", 0
    for token in _CSS.finditer(style):
        plain += style[past : token.start()]
        past = token.end()
        if token[1] is None:
            continue
        rule = _SELECTED.search(plain)
        selectors = rule[1] if rule and len(rule[1]) <= _MAX_SELECTORS else _EVERYTHING
        plain = f"{selectors}{{" if rule else "}"
        for selector in selectors.split(","):
            name = selector.strip().lower()
            simple = re.fullmatch(r"[.#]?[\w-]+", name)
            found.setdefault(name if simple else _EVERYTHING, {})[token[1]] = None
    return {name: tuple(ids) for name, ids in found.items()}
