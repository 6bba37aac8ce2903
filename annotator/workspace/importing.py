"""What readers yield becomes documents and annotation sets of a store; nothing comes in twice."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path

from annotator.editing.recorder import Clock, Draft, utc_now
from annotator.errors import InputError, StoreError
from annotator.formats.records import AnnotatedDocument, Problem, ReadOptions, Report
from annotator.formats.registry import read
from annotator.model.annotations import AnnotationSet
from annotator.model.counting import counted
from annotator.model.decisions import By, Decision, Status, Verb, new_uid
from annotator.model.resources import load_label_set
from annotator.store.names import check_annotator
from annotator.store.repository import Store
from annotator.store.sets import SetSnapshot
from annotator.store.tables import STORE_FILE
from annotator.workspace.opening import DEFAULT_LABELS, open_store

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


def import_files(
    path: Path,
    files: Sequence[Path | str],
    *,
    labels: str | None = None,
    model: str | None = None,
    format: str | None = None,
    options: ReadOptions,
    annotator: str | None = None,
    reading: Report,
    progress: Callable[[int], None] | None = None,
) -> tuple[Store, ImportReport]:
    """Bring files and folders into the store in `path`; `reading` is filled with what was wrong in them.

    A store that is not there is made once a first document has been read, so that a mistyped name, format or
    encoding leaves none behind. Labels that the store does not have are problems. InputError if there is no
    document in any of the files; else as `open_store`, `registry.read` and `import_documents`.
    """
    if annotator is not None:
        check_annotator(annotator)
    store = open_store(path, labels=labels, create=False) if (path / STORE_FILE).exists() else None
    if store is not None and store.is_read_only is not None:
        raise StoreError(
            f"nothing can be saved here: {store.is_read_only}", hint="--store names another folder"
        )
    label_set = store.info.label_set if store is not None else load_label_set(labels or DEFAULT_LABELS)
    items = read(files, format=format, options=replace(options, labels=label_set), report=reading)
    first = next(items, None)
    if first is None:
        raise _nothing_in(files, reading)
    store = store or Store.create(path, label_set=label_set, model=model)
    report = import_documents(store, chain([first], items), annotator=annotator, progress=progress)
    return store, report


def _nothing_in(files: Sequence[Path | str], reading: Report) -> InputError:
    hint = "give files that hold text or annotated documents"
    if not reading.problems:
        return InputError(f"there are no documents in {', '.join(map(str, files))}", hint=hint)
    others = reading.problem_count - 1
    more = f" (and {counted(others, 'more problem')})" if others else ""
    return InputError(f"there is nothing to import: {reading.problems[0]}{more}", hint=hint)


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
