"""What the program keeps on this machine is for its owner alone, and is whole whatever happens."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from annotator.errors import SettingsError
from annotator.state_folder import replace_file
from annotator.store import trust
from annotator.store.recent_stores import remember_store
from annotator.web.tokens import TokenFile

pytestmark = pytest.mark.skipif(os.name == "nt", reason="permissions are other ones there")


def allow_a_model(folder: Path) -> None:
    trust.allow_model("uid", "plug-in:x")


def create_a_token(folder: Path) -> None:
    TokenFile.of_store("uid").create("ada")


def remember_a_store(folder: Path) -> None:
    remember_store(folder)


WRITERS = [allow_a_model, create_a_token, remember_a_store]


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's state folder."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return tmp_path / "state" / "annotator"


@pytest.mark.parametrize("write", WRITERS, ids=lambda write: write.__name__)
def test_only_the_owner_can_read_it_whatever_the_umask(
    state: Path, tmp_path: Path, write: Callable[[Path], None]
) -> None:
    old = os.umask(0)
    try:
        write(tmp_path)
        write(tmp_path)
    finally:
        os.umask(old)
    [path] = [path for path in state.rglob("*") if path.is_file()]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


@pytest.mark.parametrize("call", ["fsync", "open"])
def test_a_failure_keeps_the_old_file_and_leaves_nothing_beside_it(
    state: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    trust.allow_model("one", "plug-in:x")
    before = trust.read_trusted()

    def fail(*arguments: object) -> int:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as full:
        full.setattr(os, call, fail)
        with pytest.raises(SettingsError, match="No space left"):
            trust.allow_model("two", "plug-in:x")
    assert trust.read_trusted() == before
    assert [path.name for path in state.iterdir()] == ["trusted.json"]


def test_it_is_synced_before_it_takes_its_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[str] = []
    sync, replace = os.fsync, Path.replace

    def noted_sync(descriptor: int) -> None:
        calls.append("sync")
        sync(descriptor)

    def noted_replace(path: Path, target: Path) -> Path:
        calls.append("replace")
        return replace(path, target)

    monkeypatch.setattr(os, "fsync", noted_sync)
    monkeypatch.setattr(Path, "replace", noted_replace)
    replace_file(tmp_path / "folder" / "x", b"content")
    assert calls == ["sync", "replace", "sync"]
    assert (tmp_path / "folder" / "x").read_bytes() == b"content"
