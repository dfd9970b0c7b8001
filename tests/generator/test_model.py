"""The model is data: frozen, slotted and written by keywords, or a closed list of words."""

from __future__ import annotations

import dataclasses
import inspect
from enum import StrEnum

import pytest

from generator import model
from generator.model import incident, site, vocabulary

CLASSES = [
    found
    for module in (vocabulary, incident, site)
    for found in vars(module).values()
    if inspect.isclass(found) and found.__module__ == module.__name__
]


@pytest.mark.parametrize("found", CLASSES)
def test_what_it_holds_stays_as_it_was_made(found: type) -> None:
    """A class of the model is a list of words, or a dataclass that nobody can change or fill by position."""
    if issubclass(found, StrEnum):
        assert all(word.value == word.value.lower() for word in found)
        return
    assert found.__dataclass_params__.frozen  # type: ignore[attr-defined]
    assert "__slots__" in vars(found)
    assert all(field.kw_only for field in dataclasses.fields(found))


def test_the_face_has_all_of_it() -> None:
    """Whoever needs a class of the model imports it from `generator.model`."""
    assert [found.__name__ for found in CLASSES if getattr(model, found.__name__, None) is not found] == []
    assert {found.__name__ for found in CLASSES} <= set(model.__all__)
