"""Lessons: the finished documents of a store, as the learner reads them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from annotator.editing.editor import Editor
from annotator.errors import InputError, StoreError
from annotator.model.annotations import AnnotationSet
from annotator.model.decisions import Status
from annotator.model.documents import Document
from annotator.model.spans import Suggestion, walking_order
from annotator.model.tokens import stand_in_tokens
from annotator.store.layout import GOLD
from annotator.store.repository import Store
from annotator.suggest.learner.texts import SourceText
from annotator.workspace.pipeline_answers import PipelineAnswers

GUESSING = frozenset({"model", "document"})
"""Sources whose suggestions the learner takes as guesses, and in whose place its own come once it is trusted."""
MOST_LESSONS = 400
"""So many documents are learnt from when a store is opened, those finished last."""


def finished_lessons(
    store: Store, annotator: str, answers: PipelineAnswers, *, whose: str
) -> Iterator[SourceText]:
    """What `annotator` has finished, in the order in which it was finished.

    With `whose` "all" also what others have: of each document the gold set if it is finished, else the annotator's own,
    else the first by name. What cannot be read is left out, which opening it tells.
    """
    owners = [annotator]
    if whose == "all":
        owners = list(dict.fromkeys([GOLD, annotator, *store.annotators()]))
    times: dict[str, tuple[int, str]] = {}
    for owner in owners:
        statuses = store.catalogue.statuses(owner)
        done = [
            document_id
            for document_id, status in statuses.items()
            if status is Status.DONE and document_id not in times
        ]
        times.update(
            (document_id, (time, owner)) for document_id, time in store.set_times(owner, among=done).items()
        )
    in_order = sorted(times, key=lambda document_id: (times[document_id], document_id))
    for document_id in in_order[-MOST_LESSONS:]:
        try:
            document = store.document(document_id)
            annotation_set = store.load_set(document_id, times[document_id][1], gold=True)
        except (StoreError, InputError):
            continue
        if annotation_set.status is Status.DONE and document.text:
            yield _stored_lesson(store, document, annotation_set, answers)


def _stored_lesson(
    store: Store, document: Document, annotation_set: AnnotationSet, answers: PipelineAnswers
) -> SourceText:
    """A finished document of the store; without an answer of the pipeline, by what its decisions say of the model."""
    answer = answers.get(document)
    suggestions = answer.suggestions if answer else decided_suggestions(annotation_set)
    return SourceText(
        document.id,
        document.text,
        document.tokens or (answer.tokens if answer else stand_in_tokens(document.text)),
        _guesses([*store.imported_suggestions(document.id), *suggestions]),
        _spans(annotation_set),
    )


def decided_suggestions(annotation_set: AnnotationSet) -> tuple[Suggestion, ...]:
    """What the model had suggested, as far as the decisions of a set have kept it."""
    decided = [span.suggestion for span in annotation_set.spans if span.suggestion is not None]
    kept = {
        suggestion.key: suggestion
        for suggestion in [*decided, *annotation_set.rejections]
        if suggestion.source == "model"
    }
    return tuple(sorted(kept.values(), key=walking_order))


def source_text(editor: Editor, suggestions: Sequence[Suggestion]) -> SourceText:
    """The document of an editor with these suggestions of other sources, and with its spans if it is finished."""
    return SourceText(
        editor.document.id,
        editor.document.text,
        editor.tokens,
        _guesses(suggestions),
        _spans(editor.annotation_set) if editor.status is Status.DONE else (),
    )


def _guesses(suggestions: Iterable[Suggestion]) -> tuple[Suggestion, ...]:
    return tuple(suggestion for suggestion in suggestions if suggestion.source in GUESSING)


def _spans(annotation_set: AnnotationSet) -> tuple[tuple[int, int, str], ...]:
    return tuple((span.start, span.end, span.label) for span in annotation_set.spans)
