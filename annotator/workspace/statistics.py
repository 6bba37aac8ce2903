"""An annotator's work on a store, counted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from annotator.errors import InputError, StoreError
from annotator.measure.statistics import SetFacts, Statistics, facts_of
from annotator.store.layout import check_annotator
from annotator.store.repository import Store

Progress = Callable[[int, int], None]
"""Is told how many sets, of how many, have been counted."""


@dataclass
class Counting:
    """Counts the sets of `annotator` one after the other. `left_out` says of those that cannot be read why."""

    store: Store
    annotator: str
    left_out: dict[str, str] = field(default_factory=dict)

    def run(self, *, progress: Progress | None = None) -> Statistics:
        """All figures. InputError for a name that has no sets here, which tells those that have."""
        check_annotator(self.annotator, gold=True)
        annotators = self.store.annotators(gold=True)
        if self.annotator not in annotators:
            names = ", ".join(annotators)
            raise InputError(
                f"{self.annotator} has annotated nothing in {self.store.path}",
                hint=f"--annotator takes {names}" if names else "annotator annotate makes the first set",
            )
        return Statistics.of(self.annotator, len(self.store.catalogue), self._facts(progress))

    def _facts(self, progress: Progress | None) -> Iterator[SetFacts]:
        words = {row.id: row.words for row in self.store.catalogue.rows(self.annotator)}
        ids = [
            document_id for document_id in self.store.catalogue.sets(self.annotator) if document_id in words
        ]
        for done, document_id in enumerate(ids):
            if progress is not None:
                progress(done, len(ids))
            try:
                annotation_set = self.store.load_set(document_id, self.annotator, gold=True)
                yield facts_of(annotation_set, words=words[document_id])
            except StoreError as error:
                self.left_out[document_id] = error.message
        if progress is not None:
            progress(len(ids), len(ids))
