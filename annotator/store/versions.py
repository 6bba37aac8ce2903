"""Comparing before replacing: a set's file that somebody else has changed is never overwritten.

Locks keep two programs apart where they work. This holds where they do not: on some network shares, and when a file
comes from a synchronising service, from version control or from an editor. Just before a set's file is replaced it
is read once more. If it is not what this program read or wrote last, or holds decisions that the new content does
not begin with, the new content goes to a file beside it, `<name>.conflict-<host>-<n>.json`, of the same form, and
stays durable there until somebody has chosen.

A window remains between the comparison and the rename after it, some ten microseconds: what another program puts
there within it is replaced unseen. Only a lock closes it.
"""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from itertools import count
from pathlib import Path
from typing import NamedTuple

from annotator.errors import ConflictError, DamageError, SaveError, StoreError
from annotator.model.annotations import AnnotationSet
from annotator.model.decisions import Decision
from annotator.store.files import Files
from annotator.store.layout import version_name, versions_beside
from annotator.store.locks import host_name
from annotator.store.records import decisions_of
from annotator.store.sets import SetKey, uid_of
from annotator.store.storage import read_tables

_KNOWN = 4096
"""How many sets' files are remembered; one that is forgotten is compared by its decisions."""

_History = tuple[int, str]
"""How many decisions a content holds, and the uid of the last one: no two histories share both."""


class Version(NamedTuple):
    """One of the files that exist for an annotation set. `name` is the file's; `is_main` of the one in its place.

    `annotation_set` is None where the file is damaged, and `problem` then says how.
    """

    name: str
    is_main: bool
    annotation_set: AnnotationSet | None = None
    problem: str = ""


class Guard:
    """Knows the contents of sets' files that this program read or wrote, and compares them before a file is replaced.

    One thread at a time may save; any may note what it has read.
    """

    def __init__(self, files: Files) -> None:
        self._files = files
        self._known: OrderedDict[SetKey, dict[bytes, _History]] = OrderedDict()
        self._own: dict[SetKey, tuple[Path, bytes]] = {}
        self._noting = threading.Lock()

    def note(self, key: SetKey, data: bytes, decisions: Iterable[Decision]) -> None:
        """Take in what a set's file holds, by reading."""
        self._note(key, {_digest(data): _history(key, tuple(decisions))})

    def replace(
        self,
        key: SetKey,
        path: Path,
        data: bytes,
        decisions: tuple[Decision, ...],
        *,
        later: set[Path] | None,
    ) -> None:
        """Put `data`, which holds `decisions`, in the place of a set's file, as `Files.write` does.

        Raises ConflictError if somebody else has changed the file; `data` is durable beside it then.
        """
        history = self._known.get(key)
        new = {_digest(data): _history(key, decisions)}

        def check() -> None:
            try:
                content = self._files.read(path)
            except StoreError as error:
                raise SaveError(error.message, hint=error.hint) from error
            if content is not None and not _is_continued(key, content, history, decisions, path):
                raise ConflictError(str(path))
            # From here on the file may be the new one, whether or not the rename is reported as done.
            self._note(key, (history or {}) | new)

        try:
            self._files.write(path, data, later=later, check=check)
        except ConflictError:
            beside = self._put_beside(key, path, data)
            raise ConflictError(
                f"{path.name} of {key.annotator} was changed by somebody else; yours is kept in {beside.name}",
                hint="choose which one shall hold; neither is lost",
            ) from None
        self._note(key, new)
        if (own := self._own.pop(key, None)) is not None:
            self._files.remove_disposable(own[0])  # all that it holds stands in its place now

    def names(self, path: Path) -> list[str]:
        """The versions beside a set's file."""
        return versions_beside(path.name, self._files.names(path.parent))

    def settle(self, key: SetKey, path: Path, name: str, *, kept: Path) -> None:
        """Put the version `name` in its place; the others go to the folder `kept`, under names that are free there.

        SaveError if that fails; every content then still stands somewhere.
        """
        contents = {
            version: self._files.read(path.with_name(version)) for version in [path.name, *self.names(path)]
        }
        chosen = contents.pop(name)
        if chosen is None:
            raise StoreError(f"{path.with_name(name)} is gone", hint="look again which versions there are")
        for other, data in contents.items():
            if data is not None:
                _create_first_free(
                    self._files,
                    (kept / f"{other.removesuffix('.json')}.{number}.json" for number in count(1)),
                    data,
                )
        if name != path.name:
            self._files.write(path, chosen)
        for beside in {name, *contents} - {path.name}:
            self._files.remove(path.with_name(beside))
        with self._noting:
            self._known.pop(key, None)
        self._own.pop(key, None)

    def _note(self, key: SetKey, contents: dict[bytes, _History]) -> None:
        with self._noting:
            self._known[key] = contents
            self._known.move_to_end(key)
            if len(self._known) > _KNOWN:
                self._known.popitem(last=False)

    def _put_beside(self, key: SetKey, path: Path, data: bytes) -> Path:
        """Make `data` durable in a file of this program's own beside `path`; SaveError if that fails."""
        beside, written = self._own.get(key, (None, b""))
        if beside is None:
            beside = create_version(self._files, path, data, source=host_name())
        elif written != _digest(data):
            self._files.write(beside, data)
        self._own[key] = (beside, _digest(data))
        return beside


def create_version(files: Files, path: Path, data: bytes, *, source: str) -> Path:
    """Put a version beside a set's file under the first name that is free, in which `source` can be recognised.

    Durable when it returns. Other programs may do the same at once: each gets a name of its own.
    """
    return _create_first_free(
        files, (path.with_name(version_name(path.name, source, number)) for number in count(1)), data
    )


def _create_first_free(files: Files, places: Iterator[Path], data: bytes) -> Path:
    return next(path for path in places if files.create(path, data))


def _is_continued(
    key: SetKey,
    content: bytes,
    histories: dict[bytes, _History] | None,
    decisions: tuple[Decision, ...],
    path: Path,
) -> bool:
    """True if `found` is a content that is known, and all that it decides stands in `decisions` as well."""
    if histories is not None:
        history = histories.get(_digest(content))
    else:
        try:
            rows = read_tables(content, origin=str(path)).get("decisions", [])
            history = _history(key, tuple(decisions_of(rows, origin=str(path))))
        except DamageError:
            history = None
    return history is not None and history == _history(key, decisions[: history[0]])


def _history(key: SetKey, decisions: tuple[Decision, ...]) -> _History:
    return (len(decisions), uid_of(key, decisions[-1]) if decisions else "")


def _digest(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()
