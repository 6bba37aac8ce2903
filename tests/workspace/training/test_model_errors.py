"""A pipeline's errors as a store: one suggestion each, by kind, and what was right as decided."""

from __future__ import annotations

from pathlib import Path

import pytest

from annotator.measure.alignment import Case, Kind
from annotator.model.documents import new_document
from annotator.model.resources import load_label_set
from annotator.model.spans import Span, Suggestion
from annotator.store.repository import Store
from annotator.workspace.training.model_errors import write_errors

TEXT = "Ada Byron met Ann in Rome."
ADA, ADA_BYRON = (0, 3), (0, 9)
ANN, ROME = (14, 17), (21, 25)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Two documents of the same words but for a number."""
    made = Store.create(tmp_path / "S", label_set=load_label_set("news"))
    made.add_document(new_document(TEXT, id="one"))
    made.add_document(new_document(f"{TEXT} 2", id="two"))
    return made


def _case(
    kind: Kind, gold: tuple[int, int, str] | None, model: tuple[int, int, str] | None, id: str = "one"
) -> Case:
    return Case(id, Span(*gold) if gold else None, Suggestion(*model) if model else None, kind)


@pytest.mark.parametrize(
    ("kind", "gold", "model", "source", "name"),
    [
        (Kind.ONLY_A, (*ANN, "PERSON"), None, "missed", "the model has nothing here"),
        (Kind.ONLY_B, None, (*ANN, "ORG"), "spurious", "not in the annotations"),
        (Kind.LABEL, (*ANN, "PERSON"), (*ANN, "ORG"), "mislabelled", "the model says ORG"),
        (Kind.BOUNDARY, (*ADA_BYRON, "PERSON"), (*ADA, "PERSON"), "other edges", "the model marks “Ada”"),
        (Kind.BOTH, (*ADA_BYRON, "PERSON"), (*ADA, "ORG"), "mistaken", "the model says ORG for “Ada”"),
    ],
)
def test_each_kind_of_error_is_a_suggestion_that_says_so(store, tmp_path, kind, gold, model, source, name):
    cases = [_case(Kind.SAME, (*ROME, "GPE"), (*ROME, "GPE")), _case(kind, gold, model)]
    assert write_errors(store, tmp_path / "E", cases, owner="ada", language="en") == tmp_path / "E"
    made = Store.open(tmp_path / "E")
    [suggestion] = made.imported_suggestions("one")
    assert (suggestion.start, suggestion.end, suggestion.label) == (gold or model)
    assert (suggestion.source, suggestion.name) == (source, name)
    assert [each.span for each in made.load_set("one", "ada").spans] == [Span(*ROME, "GPE")]


def test_documents_without_errors_are_left_out_and_those_with_most_come_first(store, tmp_path):
    missed = _case(Kind.ONLY_A, (*ANN, "PERSON"), None)
    right = _case(Kind.SAME, (*ANN, "PERSON"), (*ANN, "PERSON"), "two")
    write_errors(store, tmp_path / "E", [missed, right], owner="ada", language="en")
    assert list(Store.open(tmp_path / "E").catalogue.ids) == ["one"]

    more = [_case(Kind.ONLY_B, None, (*place, "ORG"), "two") for place in (ANN, ROME)]
    write_errors(store, tmp_path / "F", [missed, *more], owner="ada", language="en")
    assert list(Store.open(tmp_path / "F").catalogue.ids) == ["two", "one"]


def test_without_errors_there_is_no_store(store, tmp_path):
    right = _case(Kind.SAME, (*ANN, "PERSON"), (*ANN, "PERSON"))
    assert write_errors(store, tmp_path / "E", [right], owner="ada", language="en") is None
    assert not (tmp_path / "E").exists()
