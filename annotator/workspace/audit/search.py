"""The audit of a store: which texts one annotator, or a review, has not treated alike."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from annotator.errors import InputError, StoreError
from annotator.measure.audit import AuditedSet, AuditedText, audit
from annotator.measure.consistency import Finding
from annotator.measure.dismissals import judgements, parted
from annotator.model.decisions import Status
from annotator.model.dismissals import Dismissal, FindingKey
from annotator.store.dismissals import Dismissals
from annotator.store.layout import GOLD, check_annotator
from annotator.store.repository import Store
from annotator.workspace.finished_sets import damaged_sets

Progress = Callable[[int, int], None]
"""Told how many of how many sets and texts have been read; whatever it raises ends the audit."""


@dataclass(frozen=True, slots=True)
class AuditOf:
    """What is to be audited: whose sets, by default as `audited_annotator` says, and whether unfinished ones count."""

    annotator: str | None = None
    takes_all: bool = False


@dataclass(frozen=True, slots=True)
class Audit:
    """What is not alike in the sets of one annotator.

    `dismissed` are findings that somebody has judged to be fine as they are, and `judgements` how each was judged
    last, also of those that came back since. `sets` counts those that were read. `unreadable` tells of the documents
    that could not be, and why.
    """

    annotator: str
    findings: list[Finding]
    dismissed: list[Finding]
    judgements: dict[FindingKey, Dismissal]
    sets: int
    unreadable: dict[str, str]


def audited_annotator(store: Store, asked: str | None, *, caller: str) -> str:
    """Whose sets are audited: as asked, else gold if a review has made any here, else the caller's.

    InputError if these have none.
    """
    if asked is not None:
        name = check_annotator(asked, gold=True)
    else:
        name = GOLD if store.catalogue.sets(GOLD) else caller
    if not store.catalogue.sets(name):
        others = [annotator for annotator in store.annotators(gold=True) if store.catalogue.sets(annotator)]
        hint = f"there are those of {', '.join(others)}: name one with --annotator" if others else ""
        raise InputError(
            f"{name} has no annotations in {store.path}", hint=hint or "annotator annotate makes some"
        )
    return name


def audit_store(
    store: Store, annotator: str, *, takes_all: bool = False, on_progress: Progress | None = None
) -> Audit:
    """What is not treated alike in the finished sets of `annotator`, or with `takes_all` in all of them.

    In a set that is not finished, what is not marked says nothing. Each set is read once, and its text once more;
    neither are ever held together. DamageError if it cannot be told what was dismissed.
    """
    catalogue = store.catalogue
    documents = [
        document_id
        for document_id, entry in catalogue.sets(annotator).items()
        if document_id in catalogue and (takes_all or entry.status is Status.DONE)
    ]
    reading = _Reading(store, annotator, documents, on_progress, damaged_sets(store, annotator))
    dismissals = Dismissals(store).read()
    findings, dismissed = parted(audit(reading.sets(), reading.text), dismissals)
    return Audit(
        annotator,
        findings,
        dismissed,
        judgements(dismissals),
        len(documents) - len(reading.unreadable.keys() & set(documents)),
        reading.unreadable,
    )


@dataclass(slots=True)
class _Reading:
    """Gives the sets, and then their texts again; what cannot be read is left out and noted."""

    store: Store
    annotator: str
    documents: list[str]
    on_progress: Progress | None
    unreadable: dict[str, str]
    read: int = 0

    def sets(self) -> Iterator[AuditedSet]:
        """Every set that can be read."""
        for document_id in self.documents:
            try:
                audited = self._set(document_id)
            except (StoreError, InputError) as error:
                self.unreadable[document_id] = error.message
                self._note(2)
            else:
                yield audited
                self._note(1)

    def text(self, document_id: str) -> AuditedText | None:
        """The text of a document whose set was given."""
        self._note(1)
        try:
            document = self.store.document(document_id)
        except (StoreError, InputError) as error:
            self.unreadable[document_id] = error.message
            return None
        return AuditedText(document.text, document.tokens)

    def _set(self, document_id: str) -> AuditedSet:
        document = self.store.document(document_id)
        annotation_set = self.store.load_set(document_id, self.annotator, gold=True)
        return AuditedSet(
            document_id,
            self.annotator,
            document.text,
            tuple(annotation_set.spans),
            tuple(annotation_set.rejections),
            document.tokens,
            annotation_set.status is Status.DONE,
        )

    def _note(self, more: int) -> None:
        self.read += more
        if self.on_progress is not None:
            self.on_progress(self.read, 2 * len(self.documents))
