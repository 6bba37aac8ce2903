"""A colleague's store brought into this one: nothing here is ever overwritten, and nothing of theirs changes.

Shard by shard, first documents and then sets, so that memory holds one shard's facts. Each file is durable before the
next one comes, and each is looked at anew: so a merge that was broken off is completed by making it again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import UTC, datetime

from annotator.errors import ConflictError, DamageError, InputError, StoreError, VersionError
from annotator.model.annotations import AnnotationSet
from annotator.model.assignments import Assignment, united
from annotator.model.counting import counted
from annotator.model.decisions import time_text
from annotator.model.labels import Label, is_label_name
from annotator.model.record_merge import united_records
from annotator.model.records import StoreInfo
from annotator.model.removals import removed_texts, restoring
from annotator.store.assignments import Assignments
from annotator.store.backups import KEPT, back_up
from annotator.store.batch import Batch
from annotator.store.damage import Damage
from annotator.store.dismissals import DISMISSED, Dismissals
from annotator.store.files import Files
from annotator.store.inspection import (
    DocumentFacts,
    inspect_assignment,
    inspect_document,
    inspect_info,
    inspect_list,
    inspect_set,
    inspect_spans,
)
from annotator.store.layout import (
    ANNOTATIONS,
    ASSIGNMENTS,
    DOCUMENTS,
    STORE_FILE,
    check_annotator,
    check_spelling,
    document_path,
    is_version,
    set_path,
)
from annotator.store.locks import HeldBy
from annotator.store.merge.histories import Relation, merged, relation
from annotator.store.merge.other_stores import OtherStore
from annotator.store.merge.report import Clash, Fate, MergeReport
from annotator.store.merge.second_versions import keep_version, standing_version
from annotator.store.record_list import ListKind, RecordList
from annotator.store.records import document_of, suggestions_of
from annotator.store.removals import REMOVED, Removals
from annotator.store.repository import Store
from annotator.store.sets import SetSnapshot
from annotator.store.steps import joined
from annotator.store.storage import migrated_data, read_tables

Progress = Callable[[int, int], None]
"""Is told how many shards, of how many, have been merged."""


class StoreMerge:
    """One merge of `other` into `store`. With `is_dry` it only tells what it would do.

    With `restores_removed`, documents that were removed here come in again. With `adds_labels`, labels that the store lacks join its label set, as the other store describes them; without,
    sets that use them stay where they are.
    """

    def __init__(
        self,
        store: Store,
        other: OtherStore,
        *,
        adds_labels: bool = False,
        restores_removed: bool = False,
        is_dry: bool = False,
    ) -> None:
        self.report = MergeReport()
        self._store = store
        self._other = other
        self._files = Files(store.path, disk=store.disk)
        self._adds_labels = adds_labels
        self._removed = {} if restores_removed else removed_texts(Removals(store).read())
        self._restores_removed = restores_removed
        self._restored: set[str] = set()
        self._is_dry = is_dry
        self._has_backup = is_dry
        self._info = self._their_info()

    def run(self, *, progress: Progress | None = None) -> MergeReport:
        """Bring everything in. SaveError if something cannot be saved: what came before it is in."""
        with ExitStack() as holds, self._batch() as batch:
            annotators = [name for name in self._other.names(ANNOTATIONS) if self._takes(name, holds)]
            folders = [DOCUMENTS, *(f"{ANNOTATIONS}/{name}" for name in annotators)]
            shards = sorted({shard for folder in folders for shard in self._other.names(folder)})
            for done, shard in enumerate(shards):
                if progress is not None:
                    progress(done, len(shards))
                facts = self._documents(shard, batch)
                for annotator in annotators:
                    self._sets(annotator, shard, facts, batch)
            if progress is not None:
                progress(len(shards), len(shards))
        self._assignments()
        self._dismissals()
        self._removals()
        return self.report

    @contextmanager
    def _batch(self) -> Iterator[Batch | None]:
        """Where to save; None in a dry run."""
        if self._is_dry:
            yield None
            return
        with self._store.batch() as batch:
            yield batch

    def _their_info(self) -> StoreInfo | None:
        """What their `store.json` says, if it can be read; VersionError if a newer program has written it."""
        data = self._read(STORE_FILE)
        if data is None:
            return None
        info, problems = inspect_info(data, origin=STORE_FILE)
        for damage, reason in problems:
            if damage is Damage.NEWER:
                raise VersionError(
                    f"the store {self._other.title} has {reason}", hint="install the newest annotator"
                )
            self.report.leave_out(STORE_FILE, f"{damage}: {reason}")
        if info is None:
            return None
        ours = self._store.info
        if info.tokenizer and ours.tokenizer and info.tokenizer != ours.tokenizer:
            self.report.notes.append(
                f"their spans are aligned to the tokenizer {info.tokenizer}, these to {ours.tokenizer}"
            )
        if info.label_set != ours.label_set:
            nested = {True: "nested", False: "flat"}
            kinds = (
                f": theirs is {nested[info.label_set.nested]}, this one {nested[ours.label_set.nested]}"
                if info.label_set.nested is not ours.label_set.nested
                else ""
            )
            self.report.notes.append(
                f"their label set {info.label_set.name} is not the same as this one{kinds}"
            )
        return info

    def _takes(self, annotator: str, holds: ExitStack) -> bool:
        """True if the sets of an annotator may be written; they are held until the end then."""
        try:
            check_annotator(annotator, gold=True)
            check_spelling(annotator, self._store.annotators(gold=True))
        except InputError as error:
            self.report.leave_out(f"{ANNOTATIONS}/{annotator}", error.message)
            return False
        hold = self._store.hold(annotator)
        if isinstance(hold, HeldBy):
            self.report.held[annotator] = str(hold)
            return False
        holds.enter_context(hold)
        return True

    def _documents(self, shard: str, batch: Batch | None) -> dict[str, DocumentFacts]:
        """Bring the documents of a shard in; what sets on them must fit, by id."""
        facts_by_id: dict[str, DocumentFacts] = {}
        for path, data in self._contents(f"{DOCUMENTS}/{shard}"):
            facts, problems = inspect_document(data, origin=path)
            if facts is None or problems:
                self.report.leave_out(path, ": ".join(problems[0]))
            elif document_path(facts.id) != path:
                self.report.leave_out(path, f"it holds the document {facts.id}, which has another place")
            elif not self._store.has_document(facts.id):
                if (facts.id, facts.sha256) in self._removed:
                    self.report.removed.append(facts.id)
                    continue
                facts_by_id[facts.id] = facts
                if self._restores_removed:
                    self._restored.add(facts.id)
                self.report.documents += 1
                if batch is not None:
                    self._back_up()
                    tables = read_tables(data, origin=path)
                    document = document_of(tables["document"][0], origin=path)
                    suggestions = suggestions_of(tables["suggestions"], origin=path)
                    batch.add_document(document, suggestions=suggestions)
            elif (here := self._facts_here(facts.id)) is None:
                self.report.leave_out(path, "the document here is damaged: annotator check tells how")
            elif here.sha256 != facts.sha256:
                self.report.leave_out(path, f"the document {facts.id} has another text here")
            else:
                self.report.known_documents += 1
                facts_by_id[facts.id] = here
        return facts_by_id

    def _facts_here(self, document_id: str) -> DocumentFacts | None:
        """What this store has under an id; None if it is damaged."""
        try:
            document = self._store.document(document_id)
        except DamageError:
            return None
        return DocumentFacts(document.id, document.sha256, len(document.text))

    def _sets(
        self, annotator: str, shard: str, facts_by_id: dict[str, DocumentFacts], batch: Batch | None
    ) -> None:
        for path, data in self._contents(f"{ANNOTATIONS}/{annotator}/{shard}"):
            try:
                fate = self._set(path, data, annotator, facts_by_id, batch)
            except InputError as error:
                self.report.leave_out(path, error.message)
                fate = Fate.LEFT_OUT
            self.report.count(annotator, fate)

    def _set(
        self,
        path: str,
        data: bytes,
        annotator: str,
        facts_by_id: dict[str, DocumentFacts],
        batch: Batch | None,
    ) -> Fate:
        """Bring one set in; InputError says why it cannot come."""
        if is_version(path):
            raise InputError("it is one of two versions, of which somebody has to choose one there")
        if data == self._files.read(self._files.root / path):
            return Fate.THERE
        status, theirs, problems = inspect_set(data, origin=path)
        if theirs is None or status is None:
            raise InputError(": ".join(problems[0]))
        if set_path(status.document, annotator) != path or status.annotator != annotator:
            raise InputError(f"it holds the set of {status.annotator} on {status.document}")
        if (status.document, status.text_sha256) in self._removed and not self._store.has_document(
            status.document
        ):
            return Fate.REMOVED
        facts = facts_by_id.get(status.document)
        if facts is None and self._store.has_document(status.document):
            facts = self._facts_here(status.document)
        if facts is None:
            raise InputError(f"there is no whole document {status.document} here")
        if facts.sha256 != status.text_sha256:
            raise InputError(f"it was made on another text than the document {status.document} has here")
        self._check_spans(theirs, facts)
        return self._take(theirs, facts, batch)

    def _check_spans(self, theirs: AnnotationSet, facts: DocumentFacts) -> None:
        """InputError for spans outside the text, or with a label that is not here and not to be added."""
        labels = self._store.info.label_set
        unknown = [span.label for span in theirs.spans if span.label not in labels]
        self.report.unknown_labels.update(unknown)
        if unknown and not self._adds_labels:
            names = ", ".join(dict.fromkeys(unknown))
            raise InputError(f"the label set here has no {names}")
        if wrong := [name for name in unknown if not is_label_name(name)]:
            raise InputError(f"{wrong[0]!r} cannot be the name of a label")
        for _, reason in inspect_spans(theirs, length=facts.length, labels=None):
            raise InputError(reason)
        if unknown and not self._is_dry:
            self._back_up()
            described = self._info.label_set.by_name if self._info else {}
            new = tuple(
                replace(described.get(name) or Label(name=name), key="") for name in dict.fromkeys(unknown)
            )
            self._store.change_info(label_set=joined(labels, replace(labels, labels=new, map={})))

    def _take(self, theirs: AnnotationSet, facts: DocumentFacts, batch: Batch | None) -> Fate:
        annotator, document = theirs.annotator, theirs.document_id
        ours = AnnotationSet(document, annotator)
        if self._store.has_document(document):  # else it is new, in a dry run
            try:
                ours = self._store.load_set(document, annotator, gold=True)
            except StoreError as error:
                raise InputError(f"the set here cannot be read: {error.message}") from error
        how = relation(ours.decisions, theirs.decisions)
        if how is Relation.SAME:
            return Fate.THERE
        if how is Relation.LONGER:
            result, fate = theirs, Fate.CONTINUED if ours.revision else Fate.NEW
        else:
            joint = merged(ours, theirs, nested=self._store.info.label_set.nested)
            if joint is None:
                return self._clash(theirs, facts)
            result, fate = joint, Fate.MERGED
        if batch is not None:
            self._back_up()
            try:
                batch.save(SetSnapshot.of(result))
            except ConflictError:  # somebody changed it just now; the result is durable beside it
                self.report.clashes.append(Clash(document, annotator, ""))
                return Fate.CLASHING
        return fate

    def _clash(self, theirs: AnnotationSet, facts: DocumentFacts) -> Fate:
        """Keep both versions, or say again that both stand here: nothing has been chosen yet."""
        kept = keep_version(self._files, theirs, facts.sha256, source=self._other.name, is_dry=self._is_dry)
        kept = kept or standing_version(self._files, theirs)
        if kept is None:
            return Fate.THERE
        self.report.clashes.append(Clash(theirs.document_id, theirs.annotator, kept))
        return Fate.CLASHING

    def _assignments(self) -> None:
        """Unite assignments with theirs."""
        assignments: dict[str, Assignment] = {}
        for path, data in self._contents(ASSIGNMENTS):
            assignment, problems = inspect_assignment(data, origin=path)
            if assignment is None:
                self.report.leave_out(path, ": ".join(problems[0]))
            elif f"{ASSIGNMENTS}/{assignment.annotator}.json" != path:
                self.report.leave_out(path, f"it holds the assignment of {assignment.annotator}")
            else:
                assignments[assignment.annotator] = assignment
        ours = Assignments(self._store)
        new = [name for name, theirs in assignments.items() if _adds(ours.read(name), theirs)]
        self.report.assignments += new
        if new and not self._is_dry:
            self._back_up()
            with ours.change() as changed:
                for name in new:
                    changed[name] = united(changed.get(name, Assignment(name)), assignments[name])

    def _dismissals(self) -> None:
        """Unite what was dismissed of audits with theirs."""
        theirs = self._their_list(DISMISSED)
        ours = Dismissals(self._store)
        our_dismissals = ours.read()
        self.report.dismissals += len({*united_records(our_dismissals, theirs)} - {*our_dismissals})
        if self.report.dismissals and not self._is_dry:
            self._back_up()
            ours.change(lambda dismissals: united_records(dismissals, theirs))

    def _removals(self) -> None:
        """Keep what they removed from coming in, too, and name what of it is here."""
        theirs = self._their_list(REMOVED)
        still_here = [
            removal.document
            for removal in theirs
            if not removal.withdrawn and self._store.has_document(removal.document)
        ]
        if still_here:
            self.report.notes.append(
                f"they removed {counted(len(still_here), 'document')} still here: {', '.join(still_here)}"
            )
        removals = Removals(self._store)
        new = tuple(removal for removal in theirs if removal.document not in still_here)
        ours = removals.read()
        is_restored = any(removal.document in self._restored and not removal.withdrawn for removal in ours)
        if not self._is_dry and (is_restored or {*united_records(ours, new)} != {*ours}):
            self._back_up()
            now = time_text(datetime.now(UTC))
            removals.change(lambda ours: united_records(restoring(ours, self._restored, when=now), new))

    def _their_list(self, record_list: RecordList[ListKind]) -> tuple[ListKind, ...]:
        """The records of one of their lists; none of a damaged one, which the report then names."""
        if (data := self._read(record_list.path)) is None:
            return ()
        theirs, problems = inspect_list(data, record_list, origin=record_list.path)
        if theirs is None:
            self.report.leave_out(record_list.path, ": ".join(problems[0]))
        return theirs or ()

    def _contents(self, folder: str) -> Iterator[tuple[str, bytes]]:
        """The files of one of their folders, at this program's version; what cannot be read is left out."""
        try:
            names = self._other.names(folder)
        except StoreError as error:
            self.report.leave_out(folder, error.message)
            return
        for name in names:
            path = f"{folder}/{name}"
            if name.endswith(".json") and (data := self._read(path)) is not None:
                yield path, data

    def _read(self, path: str) -> bytes | None:
        try:
            data = self._other.read(path)
            return None if data is None else migrated_data(data, origin=path)
        except StoreError as error:
            self.report.leave_out(path, error.message)
            return None

    def _back_up(self) -> None:
        """Make a backup before the first change: a merge of the wrong store can be taken back by it."""
        if not self._has_backup:
            back_up(self._files, reason="before-merge", kept=KEPT)
            self._has_backup = True


def _adds(ours: Assignment, theirs: Assignment) -> bool:
    """True if anything of their assignment is not in ours."""
    joint = united(ours, theirs)
    return {*joint.assigned} != {*ours.assigned} or {*joint.returned} != {*ours.returned}
