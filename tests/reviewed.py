"""Stores that several annotators have worked on, for the tests of reviews."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from annotator.model.annotations import AnnotationSet
from annotator.model.decisions import Decision, Verb, new_uid
from annotator.model.documents import new_document
from annotator.model.labels import LabelSet
from annotator.model.resources import load_label_set
from annotator.model.spans import Span
from annotator.store.repository import Store
from annotator.store.sets import SetSnapshot

FIRST = (
    "Nicolás Maduro spoke in San Félix. Maduro named the State Department and Valdora.\n\n"
    "Later the State Department answered Maduro from Valdora, and San Félix slept."
)
SECOND = "Anh Nguyễn sailed to Hue. The Red River rose in Hue.\n"
THIRD = "A quiet day in Valdora.\n"
TEXTS = {"first": FIRST, "second": SECOND, "third": THIRD}

Marks = Sequence[tuple[object, ...]]

MIRA: dict[str, Marks] = {
    "first": [
        ("Nicolás Maduro", "PERSON"),
        ("San Félix", "GPE"),
        ("the State Department", "ORG"),
        ("Valdora", "GPE"),
        ("the State Department", "ORG", 2),
        ("Valdora", "GPE", 2),
    ],
    "second": [("Anh Nguyễn", "PERSON"), ("Hue", "GPE"), ("Red River", "LOC")],
    "third": [("Valdora", "GPE")],
}
JONAS: dict[str, Marks] = {
    "first": [
        ("Nicolás Maduro", "PERSON"),
        ("San Félix", "LOC"),
        ("State Department", "ORG"),
        ("Valdora", "GPE"),
        ("State Department", "ORG", 2),
    ],
    "second": [("Anh Nguyễn", "PERSON"), ("Hue", "GPE"), ("The Red River", "LOC")],
}
"""In the first document conflicts of label, boundary (twice alike) and one side; in the second one of boundary."""


def span(text: str, words: str, label: str, nth: int = 1, **more: object) -> Span:
    """The nth place of these words as a span."""
    start = -1
    for _ in range(nth):
        start = text.index(words, start + 1)
    return Span(start, start + len(words), label, **more)  # type: ignore[arg-type]


def finish(
    store: Store,
    document_id: str,
    annotator: str,
    spans: Iterable[Span],
    *,
    when: str = "2026-11-20T10:00:00Z",
) -> AnnotationSet:
    """Save a finished set with these spans instead of whatever the annotator had, undone step by step."""
    found = store.load_set(document_id, annotator)

    def decide(verb: Verb, **more: object) -> None:
        seq = found.revision + 1
        step = found.last_step + 1
        found.apply(Decision(seq, step, verb, annotator, when, uid=new_uid(), **more))  # type: ignore[arg-type]

    for decided in list(found.spans):
        decide(Verb.REMOVE, span=decided.uid, before=decided.span)
    for each in spans:
        decide(Verb.ADD, span=new_uid(), after=each)
    decide(Verb.FINISH)
    store.save(SetSnapshot.of(found))
    return found


def make_store(
    path: Path,
    work: Mapping[str, Mapping[str, Marks]] | None = None,
    *,
    texts: Mapping[str, str] = TEXTS,
    label_set: LabelSet | None = None,
) -> Store:
    """A store of these documents that annotators, by name, have finished; by default mira and jonas."""
    store = Store.create(path, label_set=label_set or load_label_set("news"))
    for document_id, text in texts.items():
        store.add_document(new_document(text, id=document_id))
    for name, documents in ({"mira": MIRA, "jonas": JONAS} if work is None else work).items():
        for document_id, marks in documents.items():
            text = texts[document_id]
            finish(store, document_id, name, [span(text, *mark) for mark in marks])  # type: ignore[arg-type]
    return store
