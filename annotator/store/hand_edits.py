"""Taking what somebody has changed in a store's files by hand, once a person has seen it and says so."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from annotator.errors import DamageError, FoldError, InputError
from annotator.model.annotations import AnnotationSet
from annotator.model.decisions import Decision
from annotator.store.backups import KEPT, back_up
from annotator.store.damage import Damage
from annotator.store.files import Files
from annotator.store.inspection import (
    BrokenFileError,
    inspect_document,
    inspect_info,
    inspect_set,
    inspect_spans,
    tables_of,
)
from annotator.store.layout import ANNOTATIONS, DOCUMENTS, STORE_FILE, document_path, set_path
from annotator.store.locks import Locks
from annotator.store.records import decisions_of, document_of, only_record, span_of, status_of
from annotator.store.repair.replay import Signature, reconcile
from annotator.store.sets import SetFile, SetSnapshot
from annotator.store.storage import Tables, sealed

_CONFIRMABLE = {Damage.CHANGED, Damage.HISTORY}


@dataclass(frozen=True, slots=True)
class HandEdit:
    """A file that was changed outside the program: what that means, in lines for a person, and its new content."""

    path: str
    meaning: tuple[str, ...]
    data: bytes


def hand_edits(files: Files, asked: str, *, by: Signature) -> list[HandEdit]:
    """What was changed by hand in a file, by its path, or in all files of a document, by its id.

    InputError if there is nothing of the kind, or if it cannot be taken: a text never changes, spans lie within it
    and have labels of the label set, and decisions follow from one another.
    """
    edits = [edit for path in _paths(files, asked) if (edit := _hand_edit(files, path, by)) is not None]
    if not edits:
        raise InputError(
            f"nothing was changed by hand in {asked}", hint="annotator check names the files that were"
        )
    return edits


def accept(files: Files, edits: list[HandEdit]) -> None:
    """Seal the files as they are now, after a backup; a set gets ordinary decisions for what was changed.

    HeldError if another program holds a set.
    """
    back_up(files, reason="before-accept", kept=KEPT)
    locks = Locks(files)
    for edit in edits:
        parts = edit.path.split("/")
        if parts[0] == ANNOTATIONS:
            with locks.held(parts[1]):
                files.write(files.root / edit.path, edit.data)
        else:
            files.write(files.root / edit.path, edit.data)


def _paths(files: Files, asked: str) -> Iterator[str]:
    path = Path(asked)
    for candidate in (files.root / path, path.absolute()):
        if candidate.is_file() and candidate.resolve().is_relative_to(files.root.resolve()):
            yield candidate.resolve().relative_to(files.root.resolve()).as_posix()
            return
    annotators = files.names(files.root / ANNOTATIONS)
    for name in (document_path(asked), *(set_path(asked, annotator) for annotator in annotators)):
        if (files.root / name).is_file():
            yield name


def _hand_edit(files: Files, path: str, by: Signature) -> HandEdit | None:
    """What was changed in one file; None if it is whole."""
    data = files.read(files.root / path) or b""
    try:
        tables, changed = tables_of(data, origin=path)
        if path == STORE_FILE:
            _, problems = inspect_info(data, origin=path)
            meaning = ["the label set and settings of the store as they stand there"]
        elif path.startswith(f"{DOCUMENTS}/"):
            _, problems = inspect_document(data, origin=path)
            document = document_of(only_record(tables, "document", origin=path), origin=path)
            meaning = [f"title: {document.title}", f"metadata: {dict(document.meta)}"]
        else:
            return _edited_set(files, path, data, tables, {table for table, _ in changed}, by)
    except BrokenFileError as error:
        raise _not_so(path, error.problem[1]) from error
    except DamageError as error:
        raise _not_so(path, error.message) from error
    if not problems:
        return None
    if any(damage not in _CONFIRMABLE for damage, _ in problems):
        raise _not_so(path, problems[0][1])
    return HandEdit(path, tuple(meaning), sealed(tables))


def _edited_set(
    files: Files, path: str, data: bytes, tables: Tables, changed: set[str], by: Signature
) -> HandEdit | None:
    _, _, problems = inspect_set(data, origin=path)
    if not problems:
        return None
    if any(damage not in _CONFIRMABLE for damage, _ in problems):
        raise _not_so(path, problems[0][1])
    status = status_of(only_record(tables, "status", origin=path), origin=path)
    expected = document_path(status.document)
    facts, _ = inspect_document(files.read(files.root / expected) or b"", origin=expected)
    if (
        facts is None
        or facts.sha256 != status.text_sha256
        or set_path(status.document, status.annotator) != path
    ):
        raise _not_so(path, "it does not belong to a whole document of this store")
    try:
        decisions = decisions_of(tables["decisions"], origin=path)
        annotation_set = AnnotationSet(status.document, status.annotator, decisions, effort=status.effort)
        spans = {row["uid"]: span_of(row) for row in tables["spans"]}
    except FoldError as error:
        raise _not_so(path, f"its decisions do not follow from one another: {error.message}") from error
    except ValueError as error:
        raise _not_so(path, str(error)) from error
    meaning = []
    if "decisions" in changed:
        meaning.append("decisions as they stand there; spans and status follow from them")
    new: list[Decision] = []
    if changed != {"decisions"}:
        try:
            new = reconcile(annotation_set, spans, is_whole=True, status=status.status, by=by)
        except FoldError as error:
            raise _not_so(path, error.message) from error
    info, _ = inspect_info(files.read(files.root / STORE_FILE) or b"", origin=STORE_FILE)
    labels = info.label_set if info else None
    for _, reason in inspect_spans(annotation_set, length=facts.length, labels=labels):
        raise _not_so(path, reason)
    meaning += [_told(decision) for decision in new]
    file = SetFile(status.document, status.annotator, status.text_sha256)
    return HandEdit(path, tuple(meaning), file.data(SetSnapshot.of(annotation_set)))


def _told(decision: Decision) -> str:
    before, after = decision.before, decision.after
    values = [f"{span.label} {span.start}–{span.end}" for span in (before, after) if span is not None]
    notes = (
        [f"note “{after.note}”"]
        if after and after.note and (before is None or before.note != after.note)
        else []
    )
    return " ".join([decision.verb.value, " → ".join(dict.fromkeys(values)), *notes]).rstrip()


def _not_so(path: str, reason: str) -> InputError:
    return InputError(
        f"{path} cannot be taken as it is: {reason}",
        hint="correct it, or annotator check --repair puts it aside and goes back to what was decided",
    )
