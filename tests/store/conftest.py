"""A store to work on, sets to save, and a disk whose calls fail."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from annotator.model.annotations import AnnotationSet
from annotator.model.decisions import Decision, Verb
from annotator.model.documents import new_document
from annotator.model.labels import LabelSet
from annotator.model.spans import Span, Suggestion
from annotator.store.files import Disk
from annotator.store.repository import Store

ROOT = Path(__file__).parents[2]
WHEN = "2026-11-22T14:02:11Z"


class FaultyDisk(Disk):
    """A disk that notes its calls by name, and raises `error` at the calls numbered in `failing`.

    `death` is raised instead, if given, to end the work there as a crash would; `piece` is how many bytes one
    write takes at most.
    """

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.failing: set[int] = set()
        self.error = errno.EIO
        self.death: BaseException | None = None
        self.piece = 1 << 30

    def note(self, name: str) -> None:
        self.calls.append(name)
        if len(self.calls) - 1 in self.failing:
            raise self.death or OSError(self.error, os.strerror(self.error))

    def fail_from_now(self, *numbers: int, error: int = errno.EIO) -> None:
        """Have the calls after the next `numbers` fail; none if there are none."""
        self.calls.clear()
        self.failing = set(numbers)
        self.error = error

    def write(self, descriptor: int, data: memoryview) -> int:
        self.note("write")
        return super().write(descriptor, data[: self.piece])

    def close(self, descriptor: int) -> None:
        super().close(descriptor)  # a descriptor, and its lock, is gone in any case
        self.note("close")


def _noted(name: str) -> Callable[..., Any]:
    def call(self: FaultyDisk, *arguments: Any) -> Any:
        self.note(name)
        return getattr(Disk, name)(self, *arguments)

    return call


for _name in vars(Disk):
    if not _name.startswith("_") and _name not in ("write", "close"):
        setattr(FaultyDisk, _name, _noted(_name))


@pytest.fixture
def disk() -> FaultyDisk:
    return FaultyDisk()


@pytest.fixture
def label_set() -> LabelSet:
    return LabelSet.from_names("news", ["PER", "ORG", "LOC"])


@pytest.fixture
def store(tmp_path: Path, label_set: LabelSet, disk: FaultyDisk) -> Store:
    """A store with the documents "one" and "Zwei/2"."""
    store = Store.create(tmp_path / "store", label_set=label_set, disk=disk)
    store.add_document(new_document("Hugo Chávez spoke in Caracas. 😀 " * 20, id="one"))
    store.add_document(new_document("Ada Lovelace wrote to Charles Babbage. " * 20, id="Zwei/2"))
    return store


@pytest.fixture
def add_spans() -> Callable[..., AnnotationSet]:
    """Adds `count` spans, one decision each, to a set."""

    def add(annotation_set: AnnotationSet, count: int = 1) -> AnnotationSet:
        for _ in range(count):
            seq = annotation_set.revision + 1
            start = 5 * seq
            suggestion = Suggestion(start, start + 4, "PER", score=0.5) if seq % 2 else None
            annotation_set.apply(
                Decision(
                    seq,
                    annotation_set.last_step + 1,
                    Verb.ACCEPT if suggestion else Verb.ADD,
                    annotation_set.annotator,
                    WHEN,
                    span=f"{seq:012x}",
                    after=Span(start, start + 4, "PER", note="é" if seq % 3 == 0 else "", doubt=seq % 5 == 0),
                    suggestion=suggestion,
                    uid=f"{seq + 4096:012x}",
                )
            )
        return annotation_set

    return add


@pytest.fixture
def files_of() -> Callable[[Store], dict[str, bytes]]:
    """The store's files by path, without the disposable ones."""

    def files(store: Store) -> dict[str, bytes]:
        return {path.relative_to(store.path).as_posix(): path.read_bytes() for path in _lasting(store.path)}

    return files


def _lasting(root: Path) -> Iterator[Path]:
    return (path for path in root.rglob("*") if path.is_file() and ".cache" not in path.parts)


@pytest.fixture
def git(tmp_path, monkeypatch):
    """Run git in `tmp_path`, which is a repository without a merge driver."""
    if shutil.which("git") is None:
        pytest.skip("git is not installed")
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("PYTHONPATH", str(ROOT))

    def run(*arguments: str, code: int = 0) -> str:
        ended = subprocess.run(
            ["git", *arguments], cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60
        )
        assert ended.returncode == code, ended.stdout + ended.stderr
        return ended.stdout + ended.stderr

    run("init", "-q", "-b", "main")
    for name, value in {
        "user.name": "Ada",
        "user.email": "ada@example.org",
    }.items():
        run("config", name, value)
    return run
