"""What readers yield becomes documents and annotation sets of a store; nothing comes in twice."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from annotator.editing.recorder import Clock, Draft, utc_now
from annotator.errors import InputError
from annotator.formats.records import AnnotatedDocument, Problem
from annotator.model.annotations import AnnotationSet
from annotator.model.counting import counted
from annotator.model.decisions import By, Decision, Status, Verb, new_uid
from annotator.store.repository import Store
from annotator.store.sets import SetSnapshot

IMPORTED = "imported"
"""Whose the imported spans are when nobody else is named."""


@dataclass(slots=True)
class ImportReport:
    """What an import did: documents and sets that are new or were there already, and what could not come in.

    `clashing` counts the sets that are there with other spans; they stay as they are.
    """

    documents: int = 0
    known_documents: int = 0
    sets: int = 0
    known_sets: int = 0
    clashing: int = 0
    spans: int = 0
    suggestions: int = 0
    problems: list[Problem] = field(default_factory=list)
    """Documents that could not come in; what was wrong within the files is in the reader's own report."""

    @property
    def summary(self) -> str:
        """The totals in one line, such as "12 documents, 3 were there already"."""
        parts = [counted(self.documents, "document")]
        if self.known_documents:
            parts.append(f"{self.known_documents} were there already")
        if self.sets:
            parts.append(f"{self.sets:,} annotated, with {counted(self.spans, 'span')}")
        if self.suggestions:
            parts.append(counted(self.suggestions, "suggestion"))
        if self.clashing:
            parts.append(f"{self.clashing} annotated otherwise here and left alone")
        if self.problems:
            parts.append(f"{len(self.problems)} left out")
        return ", ".join(parts)


def import_documents(
    store: Store,
    items: Iterable[AnnotatedDocument],
    *,
    annotator: str | None = None,
    clock: Clock = utc_now,
    progress: Callable[[int], None] | None = None,
) -> ImportReport:
    """Bring `items` into the store. `progress` is told how many documents have come so far.

    A set belongs to `annotator`, else to the one that the file names, else to IMPORTED. What is there already
    stays as it is, so that the same import again adds nothing.
    """
    report = ImportReport()
    with store.batch() as batch:
        for count, item in enumerate(items, start=1):
            try:
                is_new = batch.add_document(item.document, suggestions=item.suggestions)
            except InputError as error:
                report.problems.append(Problem(item.document.id, item.document.title, error.message))
                continue
            report.documents += is_new
            report.known_documents += not is_new
            report.suggestions += len(item.suggestions) if is_new else 0
            if item.status is not Status.TODO or item.spans or item.rejected:
                snapshot = _new_set(store, item, annotator or item.annotator or IMPORTED, clock, report)
                if snapshot is not None:
                    batch.save(snapshot)
            if progress is not None:
                progress(count)
    return report


def _new_set(
    store: Store, item: AnnotatedDocument, annotator: str, clock: Clock, report: ImportReport
) -> SetSnapshot | None:
    """The set to save; None if one is there already, which the report then says."""
    there = store.load_set(item.document.id, annotator)
    if there.revision:
        same = sorted(_facts(there)) == sorted((span.start, span.end, span.label) for span in item.spans)
        report.known_sets += same
        report.clashing += not same
        return None
    report.sets += 1
    report.spans += len(item.spans)
    return SetSnapshot.of(imported_set(item, annotator, clock))


def _facts(annotation_set: AnnotationSet) -> list[tuple[int, int, str]]:
    return [(each.start, each.end, each.label) for each in annotation_set.spans]


def imported_set(item: AnnotatedDocument, annotator: str, clock: Clock = utc_now) -> AnnotationSet:
    """An annotation set with the item's spans, rejections and status, as one step of decisions by import."""
    when = clock().strftime("%Y-%m-%dT%H:%M:%SZ")
    decisions = (
        Decision(
            seq=seq,
            step=1,
            verb=draft.verb,
            who=annotator,
            when=when,
            span=draft.span,
            after=draft.after,
            suggestion=draft.suggestion,
            by=By.IMPORT,
            uid=new_uid(),
        )
        for seq, draft in enumerate(_drafts(item), start=1)
    )
    return AnnotationSet(item.document.id, annotator, decisions)


def _drafts(item: AnnotatedDocument) -> Iterator[Draft]:
    for span in item.spans:
        yield Draft(Verb.ADD, new_uid(), None, span)
    for rejected in item.rejected:
        yield Draft(Verb.REJECT, suggestion=rejected)
    if item.status is Status.DONE:
        yield Draft(Verb.FINISH)
    elif item.status is Status.SKIPPED:
        yield Draft(Verb.SKIP)
