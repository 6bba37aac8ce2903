"""Steps that somebody else completes, and steps that come from outside: what a review does through the editor."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest

from annotator.editing.editor import Editor
from annotator.editing.recorder import Draft
from annotator.model.annotations import AnnotationSet
from annotator.model.decisions import By, Comment, Status, Verb
from annotator.model.documents import new_document
from annotator.model.labels import LabelSet
from annotator.model.spans import Span, Suggestion

ONE, OTHER = Suggestion(0, 3, "PER", "version"), Suggestion(4, 11, "ORG", "version")
VERBS: list[Callable[[Editor], Any]] = [
    Editor.accept,
    lambda editor: editor.label("ORG"),
    lambda editor: editor.resize("right", "out"),
    lambda editor: editor.doubt(takes=True),
    lambda editor: editor.note("so", takes=True),
]


@pytest.fixture
def editor() -> Editor:
    """Every step that makes a span of the one suggestion rejects the other in passing."""

    def complete(drafts: Sequence[Draft]) -> Sequence[Draft]:
        return [Draft(Verb.REJECT, suggestion=OTHER), *drafts]

    labels = replace(LabelSet.from_names("two", ["PER", "ORG"]), nested=True)
    document = new_document("Ada Lovelace wrote.", id="ada")
    editor = Editor(document, labels, AnnotationSet("ada", "gold"), annotator="lea", complete=complete)
    editor.suggest([ONE, OTHER])
    editor.navigation.to_first()
    return editor


@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_and_what_completes_it_are_one_step(editor: Editor, verb: Callable[[Editor], Any]) -> None:
    change = verb(editor)
    assert [decision.suggestion for decision in change.decisions] == [OTHER, ONE]
    assert {decision.step for decision in change.decisions} == {1}
    assert len(editor.annotation_set.spans) == 1
    assert not len(editor.suggestion_state.open)
    assert (4, 11) in change.ranges
    editor.undo()
    assert not len(editor.annotation_set.spans)
    assert not len(editor.annotation_set.rejections)


def test_nothing_is_completed_where_a_verb_refuses(editor: Editor) -> None:
    editor.navigation.go(18)
    assert not editor.reject()
    assert not editor.annotation_set.decisions


def test_a_step_from_outside_is_taken_as_it_is(editor: Editor) -> None:
    editor.navigation.go(13)
    comment = Comment(0, 3, "first names alone do not count", ("eva",))
    change = editor.decide(
        [Draft.take(Verb.ACCEPT, ONE, Span(0, 3, "PER")), Draft(Verb.COMMENT, comment=comment)],
        by=By.BULK,
        message="both",
    )
    assert [(each.verb, each.by, each.who) for each in change.decisions] == [
        (Verb.ACCEPT, By.BULK, "lea"),
        (Verb.COMMENT, By.BULK, "lea"),
    ]
    assert change.message == "both"
    assert editor.annotation_set.comments == (comment,)
    assert editor.cursor.offset == 13
    assert editor.undo()
    assert editor.annotation_set.comments == ()
    assert (editor.cursor.offset, editor.status) == (13, Status.TODO)


def test_in_a_done_document_a_named_step_warns_first(editor: Editor) -> None:
    editor.finish()
    drafts = [Draft(Verb.COMMENT, comment=Comment(0, 3, "why?"))]
    assert not editor.decide(drafts, action="comment")
    assert editor.decide(drafts, action="comment").message == "reopened"
    editor.finish()
    assert editor.decide(drafts)
    assert editor.status is Status.DONE
