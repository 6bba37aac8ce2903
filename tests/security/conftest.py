"""A store with a little work in it, and a folder of the user's own beside it that nothing may touch."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from annotator.cli.main import run
from annotator.model.decisions import Decision, Verb
from annotator.model.documents import new_document
from annotator.model.labels import LabelSet
from annotator.model.spans import Span
from annotator.store.repository import Store
from annotator.store.sets import SetSnapshot

OLD = 1_600_000_000
"""A time long ago: what is so old counts as left behind."""


@dataclass(frozen=True)
class Home:
    """The user's folder: a store, and private files beside it."""

    folder: Path
    store: Path
    private: Path

    def content(self) -> dict[str, tuple[bytes, int]]:
        """Every private file with its content and time of change."""
        return {
            path.relative_to(self.private).as_posix(): (path.read_bytes(), path.stat().st_mtime_ns)
            for path in sorted(self.private.rglob("*"))
            if path.is_file()
        }

    def link(self, place: str, target: Path | None = None) -> None:
        """Put a link to the private folder, or to a file in it, in the place of something in the store."""
        path = self.store / place
        if path.is_dir():
            shutil.rmtree(path)
        path.unlink(missing_ok=True)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.symlink_to(os.path.relpath(target or self.private, path.parent))


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    for name in ("HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name.lower()))
    private = tmp_path / "private"
    for name in (".bashrc", "thesis.json", "3f/one.json", "models/best/meta.json", "ada/3f/x.json"):
        path = private / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("mine\n", encoding="utf-8")
        os.utime(path, (OLD, OLD))
    store = Store.create(tmp_path / "store", label_set=LabelSet.from_names("x", ["PER", "LOC"]))
    store.add_documents([new_document("Ada met Bob in Rome.", id=name) for name in ("one", "two")])
    for annotator in ("ada", "ben"):
        annotation_set = store.load_set("one", annotator)
        annotation_set.apply(
            Decision(
                1,
                1,
                Verb.ADD,
                annotator,
                "2026-11-22T14:02:11Z",
                "s1",
                after=Span(0, 3, "PER"),
                uid=annotator,
            )
        )
        annotation_set.apply(
            Decision(2, 2, Verb.FINISH, annotator, "2026-11-22T14:03:11Z", uid=f"{annotator}2")
        )
        store.save(SetSnapshot.of(annotation_set))
    store.close()
    monkeypatch.chdir(tmp_path)
    return Home(tmp_path, tmp_path / "store", private)


@pytest.fixture
def command(home: Home, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """Runs a command on the store: exit code, standard output and standard error."""

    def call(*words: str) -> tuple[int, str, str]:
        code = run([*words, "--store", str(home.store)])
        said = capsys.readouterr()
        return code, said.out, said.err

    return call
