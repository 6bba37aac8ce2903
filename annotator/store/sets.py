"""Annotation sets on their way to a file and back: what is saved, and as which bytes."""

from __future__ import annotations

import operator
import threading
from collections import OrderedDict
from typing import Any, NamedTuple

from pydantic import ValidationError
from tinydb.table import Document as Row

from annotator.errors import FoldError, InputError
from annotator.model.annotations import AnnotationSet, DecidedSpan, Effort
from annotator.model.decisions import Decision, Status
from annotator.model.records import SCHEMA_VERSION, SetStatus
from annotator.model.seen_text import SeenText
from annotator.model.validation import adapter, problem_of
from annotator.store.records import (
    SET_TABLES,
    check_tables,
    decision_record,
    decisions_of,
    is_newer,
    newer_error,
    only_record,
    span_record,
    status_of,
)
from annotator.store.storage import Put, StoreFile
from annotator.store.tables import Record, damaged
from annotator.store.uids import derived_uid

_AT_HAND = 8
"""How many sets keep their encoded lines, so that saving them again costs little."""


class SetKey(NamedTuple):
    """What names an annotation set."""

    document_id: str
    annotator: str


class SetSnapshot(NamedTuple):
    """An annotation set as it was at one moment: values that nobody changes, so any thread may save them.

    `undecided` is how many suggestions were open, None where that is not known; only the catalogue keeps it.
    """

    document_id: str
    annotator: str
    decisions: tuple[Decision, ...]
    spans: tuple[DecidedSpan, ...]
    status: Status
    seconds: float
    keys: int
    undecided: int | None = None
    is_blind: bool = False
    seen: SeenText = ()

    @classmethod
    def of(cls, annotation_set: AnnotationSet, *, undecided: int | None = None) -> SetSnapshot:
        """The set as it is now. Copies two lists of references, nothing else."""
        return cls(
            annotation_set.document_id,
            annotation_set.annotator,
            tuple(annotation_set.decisions),
            tuple(annotation_set.spans),
            annotation_set.status,
            annotation_set.effort.seconds,
            annotation_set.effort.keys,
            undecided,
            annotation_set.effort.is_blind,
            annotation_set.effort.seen,
        )

    @property
    def key(self) -> SetKey:
        """The set's name."""
        return SetKey(self.document_id, self.annotator)

    @property
    def revision(self) -> int:
        """How many decisions it holds."""
        return len(self.decisions)

    def restored(self) -> AnnotationSet:
        """A new annotation set equal to the one that the snapshot was taken of."""
        effort = Effort(self.seconds, self.keys, self.is_blind, self.seen)
        return AnnotationSet(self.document_id, self.annotator, self.decisions, effort=effort)


def uid_of(key: SetKey, decision: Decision) -> str:
    """The uid with which a decision stands in its file, for it need not have one of its own."""
    return decision.uid or derived_uid(*key, str(decision.seq), decision.when)


class SetFile:
    """The file of one set, kept open as TinyDB has it: neither decisions nor spans ever change once they are in it.

    A save so adds what is new, and only that is encoded: the interface's thread is not held up by large sets. A span's
    id in its table is the number of the first decision on it, which no other span can have.
    """

    def __init__(self, document_id: str, annotator: str, text_sha256: str) -> None:
        self.key = SetKey(document_id, annotator)
        self.text_sha256 = text_sha256
        self._file = StoreFile(keeps_lines=True)
        self._decisions: list[Decision] = []
        self._numbers: dict[str, int] = {}
        self._spans: dict[int, DecidedSpan] = {}

    def save(self, snapshot: SetSnapshot, put: Put) -> None:
        """Bring the file to `snapshot` and hand its content to `put`, in one write.

        InputError if a note or name holds what JSON cannot.
        """
        if not self._continues(snapshot.decisions):
            self._forget()
        file = self._file
        with file.one_write(put):
            status = file.table("status")
            status.truncate()
            status.insert(Row(self._status(snapshot), 1))
            new = snapshot.decisions[len(self._decisions) :]
            for decision in new:
                self._take(decision)
            self._save_spans({self._numbers[decided.uid]: decided for decided in snapshot.spans})
            file.table("decisions").insert_multiple(
                Row(decision_record(decision, uid=uid_of(self.key, decision)), decision.seq)
                for decision in new
            )

    def data(self, snapshot: SetSnapshot) -> bytes:
        """The content of the file for `snapshot`; InputError as `save`."""
        contents: list[bytes] = []
        self.save(snapshot, contents.append)
        return contents[0]

    def load(self, data: bytes, *, origin: str, reads_newer: bool = False) -> AnnotationSet:
        """The set that a file's content holds; its lines need not be encoded again.

        Raises DamageError if status, spans and decisions do not belong together or to this document's text, and
        VersionError if a newer program has written them. With `reads_newer` what only that knows is passed over;
        the set must not be saved then.
        """
        file = StoreFile(data, origin=origin, keeps_lines=True)
        tables = file.records()
        check_tables(tables, SET_TABLES, origin=origin)
        record = only_record(tables, "status", origin=origin)
        if (newer := is_newer(record, origin=origin)) and not reads_newer:
            raise newer_error(record["schema_version"], origin=origin)
        status = status_of(record, origin=origin)
        if (status.document, status.annotator) != self.key:
            damaged(origin, f"it is the set of {status.annotator} on document {status.document}")
        if status.text_sha256 != self.text_sha256:
            damaged(origin, "it was made on another text")
        rows = tables["decisions"]
        decisions = decisions_of(rows, origin=origin, is_lenient=newer)
        try:
            loaded = AnnotationSet(*self.key, decisions, effort=status.effort)
        except FoldError as error:
            damaged(origin, error.message)
        self._forget()
        self._file = file
        for decision, row in zip(decisions, rows, strict=True):
            if decision.seq != row.doc_id:
                damaged(origin, f"decision {row.doc_id} says it is decision {decision.seq}")
            self._take(decision)
        if (loaded.revision, loaded.status) != (status.revision, status.status):
            damaged(origin, f"its status tells of {status.revision} decisions, but it has {loaded.revision}")
        self._spans = {self._numbers[decided.uid]: decided for decided in loaded.spans}
        spans = {number: span_record(decided) for number, decided in self._spans.items()}
        if not newer and spans != {row.doc_id: row for row in tables["spans"]}:
            damaged(origin, "its spans do not follow from its decisions")
        return loaded

    def _save_spans(self, spans: dict[int, DecidedSpan]) -> None:
        table = self._file.table("spans")
        if gone := [number for number in self._spans if number not in spans]:
            table.remove(doc_ids=gone)
        changed = {
            number: decided for number, decided in spans.items() if self._spans.get(number) is not decided
        }
        if replaced := [number for number in changed if number in self._spans]:
            table.remove(doc_ids=replaced)
        table.insert_multiple(Row(span_record(decided), number) for number, decided in changed.items())
        self._spans = spans

    def _continues(self, decisions: tuple[Decision, ...]) -> bool:
        saved = self._decisions
        return len(saved) <= len(decisions) and all(map(operator.is_, saved, decisions))

    def _forget(self) -> None:
        self._file = StoreFile(keeps_lines=True)
        self._decisions.clear()
        self._numbers.clear()
        self._spans = {}

    def _take(self, decision: Decision) -> None:
        self._decisions.append(decision)
        if decision.span is not None:
            self._numbers.setdefault(decision.span, decision.seq)

    def _status(self, snapshot: SetSnapshot) -> Record:
        status = _made_status(
            uid=derived_uid(*self.key),
            schema_version=SCHEMA_VERSION,
            document=snapshot.document_id,
            text_sha256=self.text_sha256,
            annotator=snapshot.annotator,
            status=snapshot.status,
            seconds=round(snapshot.seconds, 1),
            keys=snapshot.keys,
            revision=snapshot.revision,
            updated=snapshot.decisions[-1].when if snapshot.decisions else "",
            blind=snapshot.is_blind,
            seen=snapshot.seen,
        )
        record: Record = adapter(SetStatus).dump_python(status, mode="json", exclude_defaults=True)
        return record


def _made_status(**fields: Any) -> SetStatus:
    """A status of these fields; InputError for what no file can hold, such as an infinite time."""
    try:
        return SetStatus(**fields)
    except ValidationError as error:
        raise InputError(f"the status of a set: {problem_of(error)}") from error


class SetsAtHand:
    """The sets read or saved last, with their encoded lines. Threads may share one."""

    def __init__(self) -> None:
        self._known: OrderedDict[SetKey, SetFile] = OrderedDict()
        self._using = threading.Lock()

    def get(self, key: SetKey) -> SetFile | None:
        """The content of a set's file, if it is still known."""
        with self._using:
            return self._known.get(key)

    def keep(self, set_file: SetFile) -> None:
        """Know this one, and forget the oldest beyond _AT_HAND."""
        with self._using:
            self._known[set_file.key] = set_file
            self._known.move_to_end(set_file.key)
            if len(self._known) > _AT_HAND:
                self._known.popitem(last=False)
