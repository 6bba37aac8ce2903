"""Annotation sets on their way to a file and back: what is saved, and as which bytes."""

from __future__ import annotations

import operator
import threading
from collections import OrderedDict
from collections.abc import Mapping
from typing import NamedTuple

from annotator.errors import FoldError
from annotator.model.annotations import AnnotationSet, DecidedSpan, Effort
from annotator.model.decisions import Decision, Status
from annotator.store.records import (
    SCHEMA_VERSION,
    SET_TABLES,
    check_tables,
    decision_record,
    decisions_of,
    derived_uid,
    is_newer,
    newer_error,
    only_record,
    span_record,
    status_of,
)
from annotator.store.tables import Record, Row, damaged, encode_record, encode_tables

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
        effort = Effort(self.seconds, self.keys, self.is_blind)
        return AnnotationSet(self.document_id, self.annotator, self.decisions, effort=effort)


def uid_of(key: SetKey, decision: Decision) -> str:
    """The uid with which a decision stands in its file, for it need not have one of its own."""
    return decision.uid or derived_uid(*key, str(decision.seq), decision.when)


class SetFile:
    """The content of one set's file, each record encoded once: neither decisions nor spans ever change.

    A save so encodes what is new and joins lines, and the interface's thread is not held up by large sets.
    A span's id in its table is the number of the first decision on it, which no other span can have.
    """

    def __init__(self, document_id: str, annotator: str, text_sha256: str) -> None:
        self.key = SetKey(document_id, annotator)
        self.text_sha256 = text_sha256
        self._decisions: list[Decision] = []
        self._decision_lines: list[bytes] = []
        self._numbers: dict[str, int] = {}
        self._span_lines: dict[str, tuple[DecidedSpan, bytes]] = {}

    def data(self, snapshot: SetSnapshot) -> bytes:
        """The content of the file for `snapshot`; InputError if a note or name holds what JSON cannot."""
        if not self._continues(snapshot.decisions):
            self._forget()
        for decision in snapshot.decisions[len(self._decisions) :]:
            record = decision_record(decision, uid=uid_of(self.key, decision))
            line = encode_record("decisions", decision.seq, record)
            self._take(decision, line)
        spans = sorted(
            ((self._numbers[decided.uid], decided) for decided in snapshot.spans), key=operator.itemgetter(0)
        )
        return encode_tables(
            {
                "status": [encode_record("status", 1, self._status(snapshot))],
                "spans": [self._span_line(number, decided) for number, decided in spans],
                "decisions": self._decision_lines,
            }
        )

    def load(
        self, tables: Mapping[str, list[Row]], *, origin: str, reads_newer: bool = False
    ) -> AnnotationSet:
        """The set that the tables hold; its lines need not be encoded again.

        Raises DamageError if status, spans and decisions do not belong together or to this document's text, and
        VersionError if a newer program has written them. With `reads_newer` what only that knows is passed over;
        the set must not be saved then.
        """
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
        for decision, row in zip(decisions, rows, strict=True):
            if decision.seq != row.id:
                damaged(origin, f"decision {row.id} says it is decision {decision.seq}")
            self._take(decision, row.line)
        if (loaded.revision, loaded.status) != (status.revision, status.status):
            damaged(origin, f"its status tells of {status.revision} decisions, but it has {loaded.revision}")
        spans = {self._numbers[decided.uid]: span_record(decided) for decided in loaded.spans}
        if not newer and spans != {row.id: row.record for row in tables["spans"]}:
            damaged(origin, "its spans do not follow from its decisions")
        return loaded

    def _continues(self, decisions: tuple[Decision, ...]) -> bool:
        known = self._decisions
        return len(known) <= len(decisions) and all(map(operator.is_, known, decisions))

    def _forget(self) -> None:
        self._decisions.clear()
        self._decision_lines.clear()
        self._numbers.clear()
        self._span_lines.clear()

    def _take(self, decision: Decision, line: bytes) -> None:
        self._decisions.append(decision)
        self._decision_lines.append(line)
        if decision.span is not None:
            self._numbers.setdefault(decision.span, decision.seq)

    def _span_line(self, number: int, decided: DecidedSpan) -> bytes:
        known = self._span_lines.get(decided.uid)
        if known is None or known[0] is not decided:
            known = (decided, encode_record("spans", number, span_record(decided)))
            self._span_lines[decided.uid] = known
        return known[1]

    def _status(self, snapshot: SetSnapshot) -> Record:
        record: Record = {
            "uid": derived_uid(*self.key),
            "schema_version": SCHEMA_VERSION,
            "document": snapshot.document_id,
            "text_sha256": self.text_sha256,
            "annotator": snapshot.annotator,
            "status": snapshot.status.value,
            "seconds": round(snapshot.seconds, 1),
            "keys": snapshot.keys,
            "revision": snapshot.revision,
            "updated": snapshot.decisions[-1].when if snapshot.decisions else "",
        }
        return record | {"blind": True} if snapshot.is_blind else record


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
