"""What a person removed or rejected at a place is not accepted there by finishing or in bulk, under any label."""

from __future__ import annotations

import pytest

from annotator.editing.editor import Editor
from annotator.model.annotations import AnnotationSet
from annotator.model.decisions import Status
from annotator.model.documents import new_document
from annotator.model.labels import LabelSet
from annotator.model.spans import Suggestion

LABELS = LabelSet.from_names("flat", ["PER", "ORG"])
ORG, PER = Suggestion(0, 4, "ORG", score=0.99), Suggestion(0, 4, "PER", "memory")
ELSEWHERE = Suggestion(9, 12, "PER", score=0.99)


@pytest.fixture
def editor() -> Editor:
    editor = Editor(new_document("Acme met Ada.", id="a"), LABELS, AnnotationSet("a", "kim"))
    editor.suggest([ORG, ELSEWHERE])
    editor.navigation.to_first()
    return editor


def spans(editor: Editor) -> list[tuple[int, int, str]]:
    return [(span.start, span.end, span.label) for span in editor.annotation_set.spans]


def test_a_removed_span_does_not_come_back_under_the_models_label(editor: Editor) -> None:
    """Relabelled, finished, reopened, removed: then the model's own label is the only thing at the place."""
    editor.label("PER")
    editor.finish()
    editor.reopen()
    editor.navigation.go(0)
    editor.reject()
    editor.suggest([ORG, PER, ELSEWHERE])
    assert editor.finishing()[0] == 0
    editor.finish()
    assert spans(editor) == [(9, 12, "PER")]
    assert editor.status is Status.DONE


def test_a_rejected_place_is_not_taken_under_another_label(editor: Editor) -> None:
    editor.reject()
    editor.suggest([PER, ELSEWHERE])
    assert editor.finishing() == (1, 0)
    editor.finish()
    assert spans(editor) == [(9, 12, "PER")]


def test_accepting_what_is_confident_stops_there(editor: Editor) -> None:
    editor.reject()
    editor.suggest([PER, ELSEWHERE])
    editor.navigation.to_first()
    editor.accept_confident(100)
    assert spans(editor) == []
    assert editor.focus is not None
    assert (editor.focus.start, editor.focus.label) == (0, "PER")


def test_a_key_on_it_takes_it_all_the_same(editor: Editor) -> None:
    editor.reject()
    editor.suggest([PER, ELSEWHERE])
    editor.navigation.to_first()
    editor.accept()
    assert spans(editor) == [(0, 4, "PER")]


def test_undo_gives_the_place_back(editor: Editor) -> None:
    editor.reject()
    editor.suggest([PER, ELSEWHERE])
    assert editor.finishing() == (1, 0)
    editor.undo()
    assert editor.finishing() == (2, 0)
    editor.redo()
    assert editor.finishing() == (1, 0)


def test_it_holds_after_a_restart(editor: Editor) -> None:
    editor.label("PER")
    editor.navigation.go(0)
    editor.reject()
    again = Editor(editor.document, LABELS, AnnotationSet("a", "kim", editor.annotation_set.decisions))
    again.suggest([ORG, ELSEWHERE])
    again.finish()
    assert spans(again) == [(9, 12, "PER")]
