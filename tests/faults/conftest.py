"""What the fault tests share: a known history of decisions, disks that fail or die, and the count of what was tried."""

from __future__ import annotations

import errno
import os
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from annotator.errors import StoreError
from annotator.model.annotations import AnnotationSet
from annotator.model.decisions import Decision, Verb
from annotator.model.documents import Document, new_document
from annotator.model.labels import LabelSet
from annotator.model.spans import Span
from annotator.store.files import Disk
from annotator.store.migrate import migrations
from annotator.store.repository import Store
from annotator.store.sets import SetKey, SetSnapshot

_COUNTS = pytest.StashKey[dict[str, list[int]]]()

LABELS = LabelSet.from_names("news", ["PER", "ORG"])
TEXTS = {"one": "Ada wrote to Charles. " * 9, "Zwei/2": "Hugo sprach in Caracas. " * 9, "new": "Später. " * 9}


class Killed(BaseException):
    """The end of the process: nothing catches it."""


def document(id: str) -> Document:
    return new_document(TEXTS[id], id=id)


def decision(annotator: str, seq: int) -> Decision:
    """The decision numbered `seq` of a history that is known beforehand; every fifth takes a span out."""
    made = Decision(seq, seq, Verb.SKIP, annotator, f"{seq}", uid=f"{annotator}{seq:08x}")
    if seq % 5:
        span = Span(seq, seq + 3, "PER", note="é" * (seq % 7))
        return Decision(seq, seq, Verb.ADD, annotator, f"{seq}", f"s{seq}", None, span, uid=made.uid)
    return made


def decided(annotation_set: AnnotationSet, count: int = 1) -> SetSnapshot:
    """The set with the next `count` decisions of its history."""
    for _ in range(count):
        annotation_set.apply(decision(annotation_set.annotator, annotation_set.revision + 1))
    return SetSnapshot.of(annotation_set)


@dataclass
class Facts:
    """What a store has acknowledged: documents, and how many decisions of each set."""

    is_made: bool = True
    documents: set[str] = field(default_factory=set)
    sets: dict[SetKey, int] = field(default_factory=dict)

    def copy(self) -> Facts:
        return Facts(self.is_made, set(self.documents), dict(self.sets))

    def losses(self, root: Path, *, disk: Disk | None = None) -> list[str]:
        """What is missing or wrong in the store at `root`, which is opened afresh. Empty if all is there.

        Sets hold what was acknowledged, or more of the same history, and nothing else; what was not acknowledged
        is whole or absent.
        """
        found = []
        try:
            store = Store.open(root, disk=disk)
            catalogue = store.catalogue
        except StoreError as error:
            return [error.message] if self.is_made else []
        found += [f"{path}: {problem}" for path, problem in catalogue.damaged.items()]
        for id in TEXTS:
            if id not in catalogue:
                if id in self.documents:
                    found.append(f"document {id} is missing")
                continue
            try:
                if store.document(id).text != TEXTS[id]:
                    found.append(f"document {id} has another text")
                for annotator in ("anna", "ben"):
                    loaded = store.load_set(id, annotator)
                    if loaded.revision < self.sets.get(SetKey(id, annotator), 0):
                        found.append(f"{annotator} on {id} has {loaded.revision} decisions")
                    if loaded.decisions != [decision(annotator, seq + 1) for seq in range(loaded.revision)]:
                        found.append(f"{annotator} on {id} has other decisions")
                    if catalogue.row(id, annotator).spans != len(loaded.spans):
                        found.append(f"the catalogue counts otherwise on {id}")
            except StoreError as error:
                found.append(error.message)
        return found


class FaultyDisk(Disk):
    """A disk that goes wrong once it is armed: at call number `at` from then, or from it on if that is `lasting`.

    It goes wrong with an OSError or, without `error`, with the end of the process. `when` is "before" the call is done, "during" (half of what is written, nothing of the rest) or "after" it.
    Once dead, no call does anything, as in a process that is no more.
    """

    def __init__(self) -> None:
        self._open: set[int] = set()
        self._is_dead = False
        self.arm()

    def arm(
        self, at: int = sys.maxsize, *, error: int | None = None, when: str = "before", lasting: bool = False
    ) -> None:
        """Count the calls from here, and go wrong as said; without `at` never."""
        self.calls: list[str] = []
        self._wrong = range(at, sys.maxsize if lasting else at + 1)
        self._error, self._when = error, when

    def bury(self) -> None:
        """Close what the dead process had open, as the system does; its locks are free then."""
        for descriptor in self._open:
            os.close(descriptor)
        self._open.clear()

    def do(self, name: str, arguments: tuple[Any, ...]) -> Any:
        if self._is_dead:
            raise Killed
        self.calls.append(name)
        is_wrong = len(self.calls) - 1 in self._wrong
        if is_wrong and self._when == "before" and name != "close":
            self._fail()
        if is_wrong and self._when == "during" and name == "write":
            descriptor, data = arguments
            Disk.write(self, descriptor, data[: len(data) // 2])
        try:
            if not is_wrong or self._when == "after" or name == "close":
                result = getattr(Disk, name)(self, *arguments)
                if name.startswith("open_"):
                    self._open.add(result)
                elif name == "close":
                    self._open.discard(arguments[0])
                return result
        finally:
            if is_wrong:
                self._fail()

    def _fail(self) -> None:
        if self._error is not None:
            raise OSError(self._error, os.strerror(self._error))
        self._is_dead = True
        raise Killed


def _through(name: str) -> Callable[..., Any]:
    return lambda self, *arguments: self.do(name, arguments)


for _name in [name for name in vars(Disk) if not name.startswith("_")]:
    setattr(FaultyDisk, _name, _through(_name))

FAULTS = [
    *({"error": error, "when": "before"} for error in (errno.ENOSPC, errno.EIO, errno.EROFS, errno.EACCES)),
    {"error": errno.ENOSPC, "when": "during"},
    {"error": errno.EIO, "when": "after"},
    *({"when": when} for when in ("before", "during", "after")),
]
"""Every way in which one call may go wrong; those without an error end the process."""


def _noted(kind: str, tables: migrations.Tables) -> migrations.Tables:
    """A migration that any version might have: something of each kind is written otherwise."""
    if kind == "document":
        tables["document"]["1"]["title"] += "."
    return tables


@dataclass
class Bench:
    """The tools of the fault tests, as one fixture, since these test files cannot import one another."""

    folder: Path
    counts: dict[str, list[int]]
    patch: pytest.MonkeyPatch

    Killed = Killed
    Facts = Facts
    FaultyDisk = FaultyDisk
    faults = FAULTS
    labels = LABELS
    texts = TEXTS
    document = staticmethod(document)
    decision = staticmethod(decision)
    decided = staticmethod(decided)

    def tally(self, kind: str, lost: int = 0, *, tried: int = 1) -> None:
        """Count cases for the summary."""
        count = self.counts[kind]
        count[0] += tried
        count[1] += lost

    def become(self, version: int) -> None:
        """Have the program be one whose stores have this schema version, and which knows how to get there."""
        for name, module in list(sys.modules.items()):
            if name.startswith("annotator.store.") and hasattr(module, "SCHEMA_VERSION"):
                self.patch.setattr(module, "SCHEMA_VERSION", version)
        self.patch.setattr(migrations, "MIGRATIONS", dict.fromkeys(range(1, version), _noted))

    def store(self) -> tuple[Path, Facts]:
        """A store with the documents "one" and "Zwei/2", three decisions of anna on the first, and a catalogue."""
        root = self.folder / "base"
        store = Store.create(root, label_set=LABELS)
        store.add_documents(map(document, ("one", "Zwei/2")))
        store.save(decided(store.load_set("one", "anna"), 3))
        store.close()
        return root, Facts(documents={"one", "Zwei/2"}, sets={SetKey("one", "anna"): 3})


@pytest.fixture
def bench(tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Bench:
    return Bench(tmp_path, request.config.stash[_COUNTS], monkeypatch)


def pytest_configure(config: pytest.Config) -> None:
    config.stash[_COUNTS] = defaultdict(lambda: [0, 0])


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """What was tried, and how many acknowledged saves were lost."""
    rows = [(kind, *count) for kind, count in config.stash[_COUNTS].items()]
    if not rows:
        return
    terminalreporter.section("faults")
    width = max(len(kind) for kind, *_ in rows)
    terminalreporter.write_line(f"{'kind':{width}}  {'cases':>7}  {'acknowledged saves lost':>24}")
    for kind, tried, lost in _with_total(rows):
        terminalreporter.write_line(f"{kind:{width}}  {tried:7,}  {lost:24,}")


def _with_total(rows: list[tuple[str, int, int]]) -> Iterator[tuple[str, int, int]]:
    yield from rows
    yield "all", sum(row[1] for row in rows), sum(row[2] for row in rows)
