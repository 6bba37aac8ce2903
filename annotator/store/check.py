"""The whole store, looked at for damage: file by file, in a stable order, at the cost of a shard in memory."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from annotator.errors import LinkError, StoreError
from annotator.model.labels import LabelSet
from annotator.store.damage import Damage, Finding
from annotator.store.files import STALE_AFTER, Files
from annotator.store.inspection import (
    BrokenFileError,
    DocumentFacts,
    inspect_assignment,
    inspect_document,
    inspect_info,
    inspect_list,
    inspect_memory,
    inspect_set,
    inspect_spans,
    tables_of,
)
from annotator.store.layout import (
    ANNOTATIONS,
    ASSIGNMENTS,
    BACKUPS,
    DOCUMENTS,
    MEMORY_FILE,
    PENDING,
    STEPS,
    STORE_FILE,
    TEMPORARY,
    assignment_path,
    document_path,
    is_version,
    set_path,
)
from annotator.store.merge.files import merge_files
from annotator.store.record_lists_table import RECORD_LISTS
from annotator.store.version_control import unmerged

_MERGED = (STORE_FILE, DOCUMENTS, ANNOTATIONS, ASSIGNMENTS, MEMORY_FILE, *RECORD_LISTS)
"""What of a store is merged; the rest of a repository is not the store's."""

Progress = Callable[[int, int], None]
"""Is told how many shards, of how many, have been looked at."""


def check(files: Files, *, progress: Progress | None = None) -> Iterator[Finding]:
    """Every damage of the store below `files.root`, while it is found. Nothing is changed.

    Memory holds what one shard in 256 says of its documents. What a running program may be about to rename is
    left out.
    """
    labels: LabelSet | None = None
    links = list(_links(files, files.root))
    yield from links
    if links:  # what lies behind them is not the store's, and what it says is not to be measured by that
        return
    data = _read(files, STORE_FILE)
    if data is None:
        yield Finding(STORE_FILE, Damage.BROKEN, "the file is missing")
    elif isinstance(data, Finding):
        yield data
    else:
        info, problems = inspect_info(data, origin=STORE_FILE)
        labels = info.label_set if info else None
        yield from (Finding(STORE_FILE, *problem) for problem in problems)
    yield from _unmerged(files)
    yield from _left_over(files)
    yield from _steps(files)
    yield from _assignments(files)
    yield from _record_lists(files)
    yield from _memory(files)
    annotators, strays = _folders(files, ANNOTATIONS)
    yield from strays
    yield from _spelling(annotators)
    folders = [DOCUMENTS, *(f"{ANNOTATIONS}/{name}" for name in annotators)]
    shards: set[str] = set()
    for folder in folders:
        names, strays = _folders(files, folder)
        shards.update(names)
        yield from strays
    for done, name in enumerate(sorted(shards)):
        if progress is not None:
            progress(done, len(shards))
        documents: dict[str, DocumentFacts] = {}
        yield from _documents(files, f"{DOCUMENTS}/{name}", documents)
        for annotator in annotators:
            yield from _sets(files, f"{ANNOTATIONS}/{annotator}/{name}", annotator, documents, labels)
    if progress is not None:
        progress(len(shards), len(shards))


def _links(files: Files, folder: Path) -> Iterator[Finding]:
    """Every link, pipe and device of the store; those of version control are its own."""
    try:
        with os.scandir(folder) as entries:
            ordered = sorted(entries, key=lambda entry: entry.name)
    except OSError:
        return  # the others say so
    for entry in ordered:
        path = folder / entry.name
        if entry.is_dir(follow_symlinks=False):
            if entry.name != ".git":
                yield from _links(files, path)
        elif not entry.is_file(follow_symlinks=False):
            try:
                files.check(path)
            except LinkError as error:
                yield Finding(_name(files, path), Damage.LINK, error.message)


def _documents(files: Files, folder: str, documents: dict[str, DocumentFacts]) -> Iterator[Finding]:
    """The damage of the documents in a shard; those that are whole go to `documents`, by their place."""
    for path, data in _contents(files, folder):
        if isinstance(data, Finding):
            yield data
            continue
        facts, problems = inspect_document(data, origin=path)
        yield from (Finding(path, *problem) for problem in problems)
        if facts is None:
            continue
        expected = document_path(facts.id)
        if expected == path:
            documents[path] = facts
        else:
            yield _misplaced(files, path, expected, f"the document {facts.id}")


def _sets(
    files: Files, folder: str, annotator: str, documents: dict[str, DocumentFacts], labels: LabelSet | None
) -> Iterator[Finding]:
    for path, data in _contents(files, folder):
        if isinstance(data, Finding):
            yield data
            continue
        if is_version(path):
            yield Finding(path, Damage.TWO_VERSIONS, "two programs wrote different versions of this set")
            continue
        status, loaded, problems = inspect_set(data, origin=path)
        yield from (Finding(path, *problem) for problem in problems)
        if status is None:
            continue
        expected = set_path(status.document, status.annotator)
        if expected != path:
            yield _misplaced(files, path, expected, f"the set of {status.annotator} on {status.document}")
            continue
        facts = documents.get(document_path(status.document))
        if facts is None:
            if not files.is_there(files.root / document_path(status.document)):
                yield Finding(path, Damage.ORPHAN, f"there is no document {status.document}")
        elif status.text_sha256 != facts.sha256:
            yield Finding(path, Damage.TEXT, "the set was made on another text than the document has")
        elif loaded is not None:
            for problem in inspect_spans(loaded, length=facts.length, labels=labels):
                yield Finding(path, *problem)


def _misplaced(files: Files, path: str, expected: str, what: str) -> Finding:
    if files.is_there(files.root / expected):
        return Finding(path, Damage.REPEATED_ID, f"it holds {what}, and so does {expected}")
    return Finding(path, Damage.PLACE, f"it holds {what}, whose place is {expected}")


def _contents(files: Files, folder: str) -> Iterator[tuple[str, bytes | Finding]]:
    """The files of a folder with their contents, or with what keeps them from being read."""
    try:
        names = files.names(files.root / folder)
    except StoreError as error:
        yield folder, Finding(folder, Damage.UNREADABLE, error.message)
        return
    for name in names:
        path = f"{folder}/{name}"
        if not name.endswith(".json"):
            yield path, Finding(path, Damage.STRAY, "no file of a store is called so")
        elif (data := _read(files, path)) is not None:
            yield path, data


def _read(files: Files, path: str) -> bytes | Finding | None:
    try:
        return files.read(files.root / path)
    except StoreError as error:
        return Finding(path, Damage.UNREADABLE, error.message)


def _folders(files: Files, folder: str) -> tuple[list[str], list[Finding]]:
    """The folders in a folder, and a finding for each file that has no place there."""
    names: list[str] = []
    strays: list[Finding] = []
    for name in files.names(files.root / folder):
        is_shard = folder == ANNOTATIONS or (len(name) == 2 and set(name) <= set("0123456789abcdef"))
        if is_shard and files.is_folder(files.root / folder / name):
            names.append(name)
        else:
            strays.append(Finding(f"{folder}/{name}", Damage.STRAY, "no file of a store stands here"))
    return names, strays


def _spelling(annotators: list[str]) -> Iterator[Finding]:
    seen: dict[str, str] = {}
    for name in annotators:
        if (other := seen.setdefault(name.lower(), name)) != name:
            yield Finding(
                f"{ANNOTATIONS}/{name}",
                Damage.REPEATED_ID,
                f"{other} and {name} differ in capitals alone, which some disks do not tell apart",
            )


def _unmerged(files: Files) -> Iterator[Finding]:
    """The files of which git has a version that it could not merge, and that does not stand in the store."""
    for entry in unmerged(files.root):
        if entry.path.split("/")[0] not in _MERGED:
            continue
        if entry.ours is None or entry.theirs is None:
            side = "you" if entry.ours is None else "they"
            yield Finding(entry.path, Damage.UNMERGED, f"{side} removed it, and the other side changed it")
            continue
        here = _read(files, entry.path)
        if isinstance(here, Finding):
            yield here
            continue
        outcome = merge_files(
            here or b"", entry.theirs, files.root / entry.path, base=entry.base, is_dry=True
        )
        if outcome.data != here and not outcome.is_known:
            yield Finding(
                entry.path, Damage.UNMERGED, "git could not merge it, and theirs is in git's index alone"
            )


def _left_over(files: Files) -> Iterator[Finding]:
    for folder in (TEMPORARY, BACKUPS):
        for path in files.walk(files.root / folder):
            if folder == BACKUPS and not (path.name.startswith(".") and path.suffix == ".part"):
                continue
            age = time.time() - files.modified(path) / 1e9
            if age > STALE_AFTER:
                yield Finding(_name(files, path), Damage.LEFT_OVER, "a program was ended while it wrote it")


def _steps(files: Files) -> Iterator[Finding]:
    for folder in (PENDING, STEPS):
        for path in files.walk(files.root / folder):
            if path.parent != files.root / folder or path.suffix != ".json":
                continue
            name = _name(files, path)
            data = _read(files, name)
            if isinstance(data, Finding):
                yield data
            elif data is not None:
                try:
                    _, changed = tables_of(data, origin=name)
                except BrokenFileError as broken:
                    yield Finding(name, *broken.problem)
                    continue
                if changed:
                    yield Finding(name, Damage.CHANGED, "records of it were changed outside the program")
                elif folder == PENDING:
                    yield Finding(name, Damage.UNFINISHED, "a step over many documents was broken off")


def _assignments(files: Files) -> Iterator[Finding]:
    for path, data in _contents(files, ASSIGNMENTS):
        if isinstance(data, Finding):
            yield data
            continue
        assignment, problems = inspect_assignment(data, origin=path)
        yield from (Finding(path, *problem) for problem in problems)
        if assignment is not None and (expected := assignment_path(assignment.annotator)) != path:
            yield _misplaced(files, path, expected, f"the assignment of {assignment.annotator}")


def _record_lists(files: Files) -> Iterator[Finding]:
    for path, record_list in RECORD_LISTS.items():
        data = _read(files, path)
        if isinstance(data, Finding):
            yield data
        elif data is not None:
            _, problems = inspect_list(data, record_list, origin=path)
            yield from (Finding(path, *problem) for problem in problems)


def _memory(files: Files) -> Iterator[Finding]:
    data = _read(files, MEMORY_FILE)
    if isinstance(data, Finding):
        yield data
    elif data is not None:
        _, problems = inspect_memory(data, origin=MEMORY_FILE)
        yield from (Finding(MEMORY_FILE, *problem) for problem in problems)


def _name(files: Files, path: Path) -> str:
    return path.relative_to(files.root).as_posix()
