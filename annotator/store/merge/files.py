"""Two versions of one file of a store made one, as version control asks for it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from annotator.errors import StoreError
from annotator.model.annotations import AnnotationSet
from annotator.model.assignments import united
from annotator.model.label_merge import MergeClashError, merged_label_sets, merged_value
from annotator.model.memory_edits import united_edits
from annotator.model.record_merge import united_records
from annotator.store.assignments import assignment_data
from annotator.store.files import Files
from annotator.store.inspection import (
    inspect_assignment,
    inspect_info,
    inspect_list,
    inspect_memory,
    inspect_set,
)
from annotator.store.layout import STORE_FILE, set_path
from annotator.store.memory_file import memory_data
from annotator.store.merge.histories import Relation, merged, relation
from annotator.store.merge.second_versions import keep_version
from annotator.store.record_list import ListKind, RecordList
from annotator.store.record_lists_table import RECORD_LISTS
from annotator.store.records import info_data
from annotator.store.sets import SetFile, SetSnapshot
from annotator.store.storage import migrated_data, read_tables
from annotator.store.tables import Record

_OURS, _THEIRS = "ours", "theirs"


@dataclass(frozen=True, slots=True)
class FileMerge:
    """What two versions come to: the content of the one file, or None and why they clash.

    `kept` is then the file in which theirs stands beside ours, empty if none was made: with `is_known` since all of theirs
    stands beside ours already, or was put aside when somebody chose; else it stands in version control alone.
    """

    data: bytes | None
    reason: str = ""
    kept: str = ""
    is_known: bool = False


class _ClashError(Exception):
    """Two versions that do not go together."""


def merge_files(
    ours: bytes, theirs: bytes, place: Path, *, base: bytes | None = None, is_dry: bool = False
) -> FileMerge:
    """One file out of two versions of the one at `place`, which is or will be in a store's folder.

    Annotation sets are merged as `merging` says, assignments, lists of records and edits of memory united; two copies of a document that differ in
    their order alone are one; of `store.json` both sides' changes to `base`, what both began with, hold. With `is_dry`
    no version is put beside a set. SaveError if it cannot be.
    """
    if ours == theirs:
        return FileMerge(ours)
    root = _store_of(place)
    try:
        ours, theirs = (_current(data, side) for data, side in ((ours, _OURS), (theirs, _THEIRS)))
        kind = _kind(theirs, _THEIRS)
        if kind == "assignment":
            return FileMerge(_assignment(ours, theirs))
        if (record_list := _RECORD_LISTS.get(kind)) is not None:
            return FileMerge(_record_list(ours, theirs, record_list))
        if kind == "memory":
            return FileMerge(_memory(ours, theirs))
        if kind == "document":
            return FileMerge(_document(ours, theirs))
        if kind == "store":
            return FileMerge(_info(base, ours, theirs))
        if kind != "status":
            raise _ClashError(
                "it is neither a set nor a document nor an assignment, nor what an audit or memory keeps"
            )
    except _ClashError as clash:
        return FileMerge(None, str(clash))
    return _set(ours, theirs, place, root, is_dry=is_dry)


def _set(ours: bytes, theirs: bytes, place: Path, root: Path | None, *, is_dry: bool) -> FileMerge:
    status, their_set, problems = inspect_set(theirs, origin=_THEIRS)
    if their_set is None or status is None:
        return FileMerge(None, f"{_THEIRS} is damaged: {': '.join(problems[0])}")
    our_status, our_set, problems = inspect_set(ours, origin=_OURS)
    if our_set is None or our_status is None:
        reason = f"{_OURS} is damaged: {': '.join(problems[0])}"
    elif (our_status.document, our_status.annotator, our_status.text_sha256) != (
        status.document,
        status.annotator,
        status.text_sha256,
    ):
        return FileMerge(None, "they are sets of different annotators, or on different texts")
    else:
        joint = _joint(our_set, their_set, nested=_is_nested(root))
        if joint is not None:
            file = SetFile(status.document, status.annotator, status.text_sha256)
            return FileMerge(file.data(SetSnapshot.of(joint)))
        reason = "their decisions do not go together"
    if root is None or (root / set_path(status.document, status.annotator)).absolute() != place.absolute():
        return FileMerge(None, reason)
    name = keep_version(Files(root.absolute()), their_set, status.text_sha256, source=_THEIRS, is_dry=is_dry)
    return FileMerge(None, reason, name or "", is_known=name is None)


def _joint(ours: AnnotationSet, theirs: AnnotationSet, *, nested: bool) -> AnnotationSet | None:
    how = relation(ours.decisions, theirs.decisions)
    if how is Relation.SAME:
        return ours
    return theirs if how is Relation.LONGER else merged(ours, theirs, nested=nested)


def _assignment(ours: bytes, theirs: bytes) -> bytes:
    both = []
    for data, side in ((ours, _OURS), (theirs, _THEIRS)):
        assignment, problems = inspect_assignment(data, origin=side)
        if assignment is None:
            raise _ClashError(f"{side} is damaged: {': '.join(problems[0])}")
        both.append(assignment)
    if both[0].annotator != both[1].annotator:
        raise _ClashError("they are assignments of different annotators")
    return assignment_data(united(*both))


_RECORD_LISTS = {record_list.tables[0]: record_list for record_list in RECORD_LISTS.values()}
"""Lists of records by the kind of their files."""


def _record_list(ours: bytes, theirs: bytes, record_list: RecordList[ListKind]) -> bytes:
    both = []
    for data, side in ((ours, _OURS), (theirs, _THEIRS)):
        records, problems = inspect_list(data, record_list, origin=side)
        if records is None:
            raise _ClashError(f"{side} is damaged: {': '.join(problems[0])}")
        both.append(records)
    return record_list.data(united_records(*both))


def _memory(ours: bytes, theirs: bytes) -> bytes:
    both = []
    for data, side in ((ours, _OURS), (theirs, _THEIRS)):
        edits, problems = inspect_memory(data, origin=side)
        if edits is None:
            raise _ClashError(f"{side} is damaged: {': '.join(problems[0])}")
        both.append(edits)
    try:
        return memory_data(united_edits(*both))
    except ValueError as error:
        raise _ClashError(str(error)) from error


def _info(base: bytes | None, ours: bytes, theirs: bytes) -> bytes:
    """What holds for the whole store, with the changes of both sides."""
    sides = []
    for data, side in ((ours, _OURS), (theirs, _THEIRS)):
        info, problems = inspect_info(data, origin=side)
        if info is None or problems:
            raise _ClashError(f"{side} is damaged: {': '.join(problems[0])}")
        sides.append(info)
    mine, other = sides
    if mine.uid != other.uid:
        raise _ClashError("they are of two different stores")
    old, _ = inspect_info(base, origin="base") if base else (None, [])
    before = old or mine
    try:
        labels = merged_label_sets(old.label_set if old else None, mine.label_set, other.label_set)
        joined = replace(
            mine,
            label_set=labels,
            tokenizer=merged_value("the tokenizer", before.tokenizer, mine.tokenizer, other.tokenizer),
            model=merged_value("the model", before.model, mine.model, other.model),
            access=merged_value(
                "whether documents are open to all", before.access, mine.access, other.access
            ),
        )
    except MergeClashError as clash:
        raise _ClashError(str(clash)) from clash
    return ours if joined == mine else info_data(joined)


def _document(ours: bytes, theirs: bytes) -> bytes:
    """The copy that came first, of two that are otherwise alike."""
    both = []
    for data, side in ((ours, _OURS), (theirs, _THEIRS)):
        tables = _tables(data, side)
        if len(tables.get("document", ())) != 1:
            raise _ClashError(f"{side} is no document")
        record = tables["document"][0]
        both.append((record.get("order", 0), {**record, "order": 0}, tables.get("suggestions"), data))
    if both[0][1:3] != both[1][1:3]:
        raise _ClashError("they are different documents under one id; a text never changes")
    return min(both, key=lambda version: (version[0], version[3]))[3]


def _kind(data: bytes, side: str) -> str:
    return next(iter(_tables(data, side)), "")


def _tables(data: bytes, side: str) -> dict[str, list[Record]]:
    try:
        tables = read_tables(data, origin=side)
    except StoreError as error:
        raise _ClashError(error.message) from error
    return {name: [dict(row) for row in rows] for name, rows in tables.items()}


def _current(data: bytes, side: str) -> bytes:
    try:
        return migrated_data(data, origin=side)
    except StoreError as error:
        raise _ClashError(error.message) from error


def _store_of(place: Path) -> Path | None:
    """The store's folder above a file; None if there is none."""
    return next((folder for folder in place.parents if (folder / STORE_FILE).is_file()), None)


def _is_nested(root: Path | None) -> bool:
    """Whether spans may overlap; a store that does not say, such as one in the middle of a merge, is flat."""
    if root is None:
        return False
    try:
        data = (root / STORE_FILE).read_bytes()
    except OSError:
        return False
    info, _ = inspect_info(data, origin=STORE_FILE)
    return info is not None and info.label_set.nested
