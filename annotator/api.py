"""The public API, for notebooks and scripts: `from annotator import open_store`.

Documents, annotation sets and gold come as the program's own models. Writing goes through the same verbs as the screen's
keys, so that undo, history and checks hold for a script's decisions as for a person's.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from annotator.editing.editor import Editor
from annotator.errors import HeldError, InputError
from annotator.model.annotations import AnnotationSet
from annotator.model.decisions import Status
from annotator.model.documents import Document
from annotator.model.labels import LabelSet
from annotator.store.layout import GOLD
from annotator.store.locks import HeldBy
from annotator.store.repository import Store
from annotator.store.sets import SetSnapshot


class Project:
    """One store, opened. Methods raise the errors of `annotator.errors`, each with a message and a hint."""

    def __init__(self, store: Store) -> None:
        self._store = store

    @property
    def path(self) -> Path:
        """The store's folder."""
        return self._store.path

    @property
    def label_set(self) -> LabelSet:
        """The labels of the project."""
        return self._store.info.label_set

    @property
    def ids(self) -> list[str]:
        """The ids of all documents, in the order of their import."""
        return list(self._store.catalogue.ids)

    @property
    def annotators(self) -> list[str]:
        """Who has annotation sets here, sorted; the results of reviews, called "gold", are not counted."""
        return self._store.annotators()

    def document(self, document_id: str) -> Document:
        """The document called so; InputError if there is none."""
        return self._store.document(document_id)

    def documents(self) -> Iterator[Document]:
        """All documents, one at a time, in the order of their import."""
        for document_id in self.ids:
            yield self.document(document_id)

    def annotation_set(self, document_id: str, annotator: str) -> AnnotationSet:
        """An annotator's spans, rejections, decisions and status on a document; empty if nothing was done.

        It is a copy: what is changed in it is not saved.
        """
        return self._store.load_set(document_id, annotator, gold=True)

    def annotation_sets(self, annotator: str, *, status: Status | None = None) -> Iterator[AnnotationSet]:
        """The sets of one annotator, in the order of the documents; with `status`, those that have it."""
        for document_id in self.ids:
            if annotator in self._store.sets_of(document_id, gold=True):
                annotation_set = self.annotation_set(document_id, annotator)
                if status in (None, annotation_set.status):
                    yield annotation_set

    def gold(self, document_id: str) -> AnnotationSet:
        """What a review made of a document; empty if there was none."""
        return self.annotation_set(document_id, GOLD)

    def doc(self, document_id: str, annotator: str, nlp: Any) -> Any:
        """A document as a spaCy `Doc`, tokenized by `nlp`, a spaCy pipeline, with an annotator's spans ("gold" for a review's).

        Spans stand in `doc.spans["sc"]` and, in a flat label set, in `doc.ents` as well. InputError for a span whose
        edges are not those of tokens.
        """
        document = self.document(document_id)
        doc = nlp.make_doc(document.text)
        spans = []
        for decided in self.annotation_set(document_id, annotator).spans:
            span = doc.char_span(
                decided.start, decided.end, label=decided.label, kb_id=decided.span.kb_id or 0
            )
            if span is None:
                words = document.text[decided.start : decided.end]
                raise InputError(
                    f"{decided.label} {words!r} of {document_id} is off the edges of the pipeline's tokens",
                    hint="use the pipeline that the spans were made with",
                )
            spans.append(span)
        doc.spans["sc"] = spans
        if not self.label_set.nested:
            doc.set_ents(spans)
        return doc

    @contextmanager
    def editing(self, document_id: str, annotator: str) -> Iterator[Editor]:
        """The editor that the screen has, on one annotator's set: what its verbs decide is saved when the block ends.

        HeldError if another program has the annotator's sets open; nothing is saved if the block raises.
        """
        hold = self._store.hold(annotator)
        if isinstance(hold, HeldBy):
            raise HeldError(
                f"the annotations of {annotator} are held by {hold}", hint="close the other program"
            )
        with hold:
            annotation_set = self._store.load_set(document_id, annotator)
            editor = Editor(self.document(document_id), self.label_set, annotation_set)
            editor.suggest(self._store.imported_suggestions(document_id))
            yield editor
            self._store.save(SetSnapshot.of(annotation_set))


def open_store(path: str | Path) -> Project:
    """The store in a folder; StoreError if there is none."""
    return Project(Store.open(path))
