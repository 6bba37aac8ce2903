"""What readers yield becomes documents and annotation sets of a store; nothing comes in twice."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import Any

from annotator.editing.recorder import Clock, Draft, utc_now
from annotator.errors import InputError, StoreError
from annotator.formats.choices import OnError, OnOverlap
from annotator.formats.exchange import AnnotatedDocument, Part, Problem, ReadOptions, Report
from annotator.formats.label_names import KnownLabels
from annotator.formats.registry import read
from annotator.model.annotations import AnnotationSet
from annotator.model.counting import counted
from annotator.model.decisions import By, Decision, Status, Verb, new_uid, time_text
from annotator.model.documents import Document
from annotator.model.labels import LabelSet, is_label_name
from annotator.model.resources import load_label_set
from annotator.store.layout import GOLD, STORE_FILE, check_annotator
from annotator.store.repository import Store
from annotator.store.sets import SetSnapshot
from annotator.workspace.opening import DEFAULT_LABELS, open_store
from annotator.workspace.transfer.imported_names import LegalNames
from annotator.workspace.transfer.incoming_labels import AreOneLabel, IncomingLabels, labels_of
from annotator.workspace.transfer.known_sources import KnownSources
from annotator.workspace.transfer.removed_documents import RemovedDocuments

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
    left_out: int = 0
    spans: int = 0
    suggestions: int = 0
    annotators: dict[str, int] = field(default_factory=dict)
    """How many sets are new, by whose they are."""
    names: dict[str, str] = field(default_factory=dict)
    """What annotators are called here whose names in the files no annotator can have."""
    new_labels: list[str] = field(default_factory=list)
    is_nested_now: bool = False
    merged_labels: dict[str, str] = field(default_factory=dict)
    """What labels of the files are called here that are spelled otherwise."""
    problems: list[Problem] = field(default_factory=list)
    """Documents and sets that could not come in."""
    reading: Report = field(default_factory=Report)
    """What was wrong in the files; the problems of this import are added to it."""

    def lose(self, item: AnnotatedDocument, message: str, part: Part) -> None:
        """Report that a document or a set of it could not come in."""
        self.left_out += part is Part.DOCUMENT
        self.tell(Problem(item.document.id, item.document.title, message, part))

    def tell(self, problem: Problem) -> None:
        """Add a problem of this import to those of reading."""
        self.problems.append(problem)
        self.reading.add(problem)

    def as_json(self) -> dict[str, Any]:
        """The totals for programs."""
        counts = ("documents", "known_documents", "sets", "known_sets", "clashing", "left_out", "spans")
        return {
            **{name: getattr(self, name) for name in (*counts, "suggestions")},
            "annotators": self.annotators,
            "renamed_annotators": self.names,
            "new_labels": self.new_labels,
            "merged_labels": self.merged_labels,
        }

    @property
    def summary(self) -> str:
        """The totals in one line, such as "12 documents, 3 were there already"."""
        parts = [counted(self.documents, "document")]
        if self.known_documents:
            parts.append(f"{self.known_documents} were there already")
        if len(self.annotators) > 1:
            whose = ", ".join(sorted(self.annotators))
            parts.append(f"{counted(self.sets, 'set')} by {whose}, with {counted(self.spans, 'span')}")
        elif self.sets:
            parts.append(f"{self.sets:,} annotated, with {counted(self.spans, 'span')}")
        if self.suggestions:
            parts.append(counted(self.suggestions, "suggestion"))
        if self.clashing:
            parts.append(f"{self.clashing} annotated otherwise here and left alone")
        if self.left_out:
            parts.append(f"{self.left_out} left out")
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
    adds_labels: bool = False,
    are_one_label: AreOneLabel | None = None,
    on_overlap: OnOverlap = OnOverlap.FAIL,
    restores_removed: bool = False,
    reading: Report,
    progress: Callable[[int], None] | None = None,
) -> tuple[Store, ImportReport]:
    """Bring files and folders into the store in `path`; `reading` is filled with what was wrong in them.

    A store that is not there is made once a first document has been read, so that a mistyped name, format or
    encoding leaves none behind. Labels that the store does not have are problems or, with `adds_labels`, join its
    label set, which is made of them alone for a new store without `labels`. `are_one_label` decides on a new label that
    differs from one of the set in case or blanks alone, `on_overlap` on spans that overlap in a flat set. Documents
    that were removed here stay out, unless `restores_removed`. InputError if there is no
    document in any of the files; else as `open_store`, `registry.read` and `import_documents`.
    """
    request = ImportRequest(
        labels=labels,
        format=format,
        options=options,
        annotator=annotator,
        adds_labels=adds_labels,
        are_one_label=are_one_label,
        on_overlap=on_overlap,
        restores_removed=restores_removed,
    )
    prepared = request.prepared(path, files, reading)
    store = prepared.store or Store.create(path, label_set=prepared.label_set, model=model)
    return store, request.bring_in(prepared, store, reading, progress=progress)


@dataclass(frozen=True, slots=True)
class PreparedImport:
    """Files of which a first document has been read: the store that is there, if one is, and the label set to have.

    `made` are the labels that a label set made of the files begins with.
    """

    store: Store | None
    label_set: LabelSet
    items: Iterator[AnnotatedDocument]
    made: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportRequest:
    """What an import is asked to do, apart from its files and its store: see `import_files`."""

    labels: str | None = None
    format: str | None = None
    options: ReadOptions
    annotator: str | None = None
    adds_labels: bool = False
    are_one_label: AreOneLabel | None = None
    on_overlap: OnOverlap = OnOverlap.FAIL
    restores_removed: bool = False

    def prepared(self, path: Path, files: Sequence[Path | str], reading: Report) -> PreparedImport:
        """The import up to the first document, before anything is stored. Raises as `import_files`."""
        if self.annotator is not None:
            check_annotator(self.annotator)
        store = open_store(path, labels=self.labels, create=False) if (path / STORE_FILE).exists() else None
        if store is not None and store.is_read_only is not None:
            raise StoreError(
                f"nothing can be saved here: {store.is_read_only}", hint="--store names another folder"
            )
        label_set = None
        if store is not None:
            label_set = store.info.label_set
        elif self.labels is not None or not self.adds_labels:
            label_set = load_label_set(self.labels or DEFAULT_LABELS)
        options = replace(
            self.options,
            labels=None if self.adds_labels or label_set is None else KnownLabels.of(label_set.by_name),
            every_set=self.annotator is None,
            text_of=None if store is None else partial(_text_in, store),
        )
        items = read(files, format=self.format, options=options, report=reading)
        first = list(islice(items, 1))
        if not first:
            raise _nothing_in(files, reading)
        made: list[str] = []
        if label_set is None:
            first, label_set, made = _up_to_labels(chain(first, items))
        return PreparedImport(store, label_set, chain(first, items), tuple(made))

    def bring_in(
        self,
        prepared: PreparedImport,
        store: Store,
        reading: Report,
        *,
        progress: Callable[[int], None] | None = None,
    ) -> ImportReport:
        """Bring what is prepared into `store`."""
        report = import_documents(
            store,
            prepared.items,
            annotator=self.annotator,
            labels=IncomingLabels(
                store,
                adds_labels=self.adds_labels,
                skips_broken=self.options.on_error is OnError.SKIP,
                are_one=self.are_one_label,
                on_overlap=self.on_overlap,
                is_made=prepared.store is None and bool(prepared.made),
            ),
            removed=RemovedDocuments(store, are_restored=self.restores_removed),
            reading=reading,
            progress=progress,
        )
        report.new_labels = [*prepared.made, *report.new_labels]
        return report


def _text_in(store: Store, document_id: str) -> str | None:
    """The text of a document of the store; None if it has none of that id."""
    return store.document(document_id).text if store.has_document(document_id) else None


def _up_to_labels(
    items: Iterator[AnnotatedDocument],
) -> tuple[list[AnnotatedDocument], LabelSet, list[str]]:
    """The items up to the first one with labels, and a label set of its first; the default one where none has any."""
    documents_read: list[AnnotatedDocument] = []
    for item in items:
        documents_read.append(item)
        if labels := [label for label in labels_of(item) if is_label_name(label)]:
            return documents_read, LabelSet.from_names("imported", labels[:1]), labels[:1]
    return documents_read, load_label_set(DEFAULT_LABELS), []


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
    labels: IncomingLabels | None = None,
    removed: RemovedDocuments | None = None,
    reading: Report | None = None,
    clock: Clock = utc_now,
    progress: Callable[[int], None] | None = None,
) -> ImportReport:
    """Bring `items` into the store, as `labels` says of theirs. `progress` is told how many of them have come so far.

    A set belongs to `annotator`, else to the one that the file names, else to IMPORTED, and what a review has
    settled to GOLD. What could not come in is added to `reading`. What is there already stays as it is, so that the same import again adds nothing.
    """
    report = ImportReport(reading=reading or Report())
    names = LegalNames(store.annotators())
    labels = labels or IncomingLabels(store, adds_labels=False)
    removed = removed or RemovedDocuments(store, are_restored=False)
    sources = KnownSources(store)
    last: str | None = None
    with store.batch() as batch:
        for count, item in enumerate(items, start=1):
            is_again = item.document.id == last and (item.annotator is not None or item.is_gold)
            last = item.document.id
            if (reason := removed.reason(item.document)) is not None:
                report.lose(item, reason, Part.DOCUMENT)
                continue
            item, problems = labels.fitted(item)
            for problem in problems:
                report.tell(problem)
            try:
                is_new = batch.add_document(item.document, suggestions=item.suggestions)
            except InputError as error:
                report.lose(item, _why_not_added(error, item.document, store), Part.DOCUMENT)
                continue
            if is_new and (earlier := sources.earlier_text(item.document)) is not None:
                report.tell(_edited(item.document, earlier))
            report.documents += is_new
            report.known_documents += not is_new and not is_again
            report.suggestions += len(item.suggestions) if is_new else 0
            if item.status is not Status.TODO or item.spans or item.rejected:
                who = annotator or (names.legal(item.annotator) if item.annotator else IMPORTED)
                owner = GOLD if item.is_gold and annotator is None else who
                snapshot = _new_set(store, item, owner, who, clock, report)
                if snapshot is not None:
                    batch.save(snapshot)
            if progress is not None:
                progress(count)
    removed.settle(when=time_text(clock()))
    report.names = names.changed
    report.new_labels = labels.new
    report.is_nested_now = labels.is_nested_now
    report.merged_labels = dict(labels.merged)
    return report


def _why_not_added(error: InputError, document: Document, store: Store) -> str:
    """Why the store does not take a document, and what to do where its id is that of another text."""
    if not store.has_document(document.id):
        return error.message
    return (
        f"another text under the name of a known document, {document.id}, which stays as it is, since it may be annotated;"
        f" --id-prefix new- brings this one in beside it, annotator remove {document.id} takes the known one out first"
    )


def _edited(document: Document, earlier: Document) -> Problem:
    source = str(document.meta["source"])
    message = (
        f"another text under the name of a known document, “{earlier.title}”, which stays as it is; this one came in"
        f" beside it, and annotator remove {earlier.id} takes the earlier one out"
    )
    return Problem(document.id, source, message)


def _new_set(
    store: Store, item: AnnotatedDocument, owner: str, who: str, clock: Clock, report: ImportReport
) -> SetSnapshot | None:
    """The set of `owner` to save, decided by `who`; None if one is there already, which the report then says."""
    there = store.load_set(item.document.id, owner, gold=owner == GOLD and item.is_gold)
    if there.revision:
        same = sorted(_facts(there)) == sorted((span.start, span.end, span.label) for span in item.spans)
        report.known_sets += same
        report.clashing += not same
        if not same:
            report.lose(item, f"{owner} has annotated it otherwise here, which stays", Part.ANSWER)
        return None
    report.sets += 1
    report.spans += len(item.spans)
    report.annotators[owner] = report.annotators.get(owner, 0) + 1
    return SetSnapshot.of(imported_set(item, owner, clock, who=who))


def _facts(annotation_set: AnnotationSet) -> list[tuple[int, int, str]]:
    return [(span.start, span.end, span.label) for span in annotation_set.spans]


def imported_set(
    item: AnnotatedDocument, annotator: str, clock: Clock = utc_now, *, who: str | None = None
) -> AnnotationSet:
    """The set of `annotator` with the item's spans, rejections and status, as one step of decisions by import.

    The decisions are those of `who`, by default the annotator.
    """
    when = time_text(clock())
    decisions = (
        Decision(
            seq=seq,
            step=1,
            verb=draft.verb,
            who=who or annotator,
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
