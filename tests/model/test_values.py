"""The models are values: nothing changes once it is made, and what a store holds by the thousand takes little room."""

from __future__ import annotations

import dataclasses
import importlib
import pkgutil

import pytest

from annotator import model
from annotator.model.annotations import DecidedSpan
from annotator.model.assignments import Assigned, Returned
from annotator.model.decisions import Comment, Decision
from annotator.model.dismissals import Dismissal, FindingKind, JudgedPlace
from annotator.model.edges import Edge, EdgeKind
from annotator.model.labels import Label
from annotator.model.spans import Span, Suggestion
from annotator.model.steps import LeftOut

CHANGING = {"Effort", "_Step"}
"""What an annotation set counts up, keys and seconds, and the step that it is still adding decisions to."""


def dataclasses_of_the_room() -> list[type]:
    modules = [
        importlib.import_module(module.name)
        for module in pkgutil.walk_packages(model.__path__, f"{model.__name__}.")
    ]
    values = {
        value
        for module in modules
        for value in vars(module).values()
        if isinstance(value, type) and dataclasses.is_dataclass(value) and value.__module__ == module.__name__
    }
    return sorted(values, key=lambda value: value.__qualname__)


@pytest.mark.parametrize("value", dataclasses_of_the_room(), ids=lambda value: value.__name__)
def test_nothing_changes_once_it_is_made(value: type) -> None:
    is_frozen = value.__dataclass_params__.frozen  # type: ignore[attr-defined]
    assert is_frozen is (value.__name__ not in CHANGING)


@pytest.mark.parametrize(
    "value",
    [Assigned, Comment, DecidedSpan, Decision, Dismissal, JudgedPlace, LeftOut, Returned, Span, Suggestion],
    ids=lambda value: value.__name__,
)
def test_what_there_is_much_of_has_no_dictionary(value: type) -> None:
    assert "__dict__" not in dir(value)


def test_the_record_of_a_step_names_what_it_left_out_in_order() -> None:
    left_out = LeftOut("one", "anna", "held by another program")
    assert dataclasses.asdict(left_out) == {
        "document": "one",
        "annotator": "anna",
        "reason": "held by another program",
    }
    with pytest.raises(ValueError, match="should match pattern"):
        LeftOut("one", "../anna", "")


@pytest.mark.parametrize(
    ("edge", "word", "expected"), [(None, "", None), (EdgeKind.ARTICLE, "the", Edge(EdgeKind.ARTICLE, "the"))]
)
def test_a_dismissal_is_told_by_its_kind_text_and_edge(
    edge: EdgeKind | None, word: str, expected: Edge | None
) -> None:
    dismissal = Dismissal("a", FindingKind.EDGES, "Hague", "LOC", (), "kim", "", edge, word)
    assert dismissal.key == (FindingKind.EDGES, "Hague", expected)


def test_a_label_cannot_be_changed() -> None:
    label = Label(name="PER")
    with pytest.raises(AttributeError):
        label.name = "LOC"  # type: ignore[misc]
