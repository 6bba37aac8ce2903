"""Full and read-only disks, damaged documents, a failing pipeline and a tiny terminal: all is told, nothing is lost."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from annotator.model.decisions import Status
from annotator.store.files import Disk
from annotator.store.merge.report import Fate
from annotator.store.repository import Store
from annotator.store.steps import Steps
from annotator.suggest.worker.states import ServiceKind, ServiceState
from annotator.tui.screens.dialogs import MessageDialog, PlaceDialog
from annotator.tui.screens.documents.screen import DocumentsScreen
from annotator.workspace import SuggesterChanged
from annotator.workspace.steps.relabelling import rename_label
from annotator.workspace.transfer.merging import merge_store
from annotator.workspace.workspace import Workspace
from tests import waiting


class FullDisk(Disk):
    """A disk on which no new file has room while `error` is set, but in the folder `spare`."""

    error: int | None = None
    spare: Path | None = None

    def open_new(self, path: Path) -> int:
        if self.error is not None and path.parent != self.spare:
            raise OSError(self.error, os.strerror(self.error))
        return super().open_new(path)


@pytest.fixture
def disk() -> FullDisk:
    return FullDisk()


@pytest.fixture
def store(store: Store, disk: FullDisk) -> Store:
    """The three documents on that disk."""
    store.close()
    return Store.open(store.path, disk=disk)


async def until(at, condition: Callable[[], object]) -> None:
    """Let the screen run until `condition` holds."""
    await waiting.until(condition, lambda: f"the status says {status(at)!r}, a dialog {dialog(at)!r}")
    await at.pilot.pause()


def status(at) -> str:
    return at.bar("status")


def dialog(at) -> str | None:
    """What the dialog on top says; None if there is none."""
    top = at.app.screen_stack[-1]
    if not isinstance(top, MessageDialog):
        return None
    return " ".join("".join(text for line in top.lines(500) for text, _ in line).split())


def saved_spans(store: Store, document_id: str = "first") -> int:
    return len(Store.open(store.path).load_set(document_id, "me").spans)


# A full disk


async def test_a_full_disk_is_told_with_how_much_is_kept_and_freed_it_saves_without_a_key(
    desk, store, disk
) -> None:
    async with desk() as at:
        disk.error = errno.ENOSPC
        await at.press("tab", "enter", "enter")
        await until(at, lambda: "NOT SAVED: the disk is full, 2 kept, retrying" in status(at))
        await at.press("enter")
        assert len(at.spans) == 3
        await until(at, lambda: "3 kept" in status(at))
        assert saved_spans(store) == 0

        disk.error = None
        await until(at, lambda: status(at).endswith(" saved"))
        assert saved_spans(store) == 3


async def test_a_label_renamed_by_another_program_is_followed(desk, store) -> None:
    async with desk() as at:
        other = Store.open(store.path)
        Steps(other).make(rename_label(other, "DATE", "RENAMED", who="kim").plan)
        await at.press("tab", "enter")
        await until(at, lambda: "RENAMED" in at.editor.label_set)
        await until(at, lambda: status(at).endswith(" saved"))
        assert "DATE" not in at.editor.label_set
    assert [decided.label for decided in Store.open(store.path).load_set("first", "me").spans] == ["RENAMED"]


async def test_what_is_not_saved_stays_when_other_documents_are_opened(desk, store, disk) -> None:
    async with desk() as at:
        disk.error = errno.EIO
        await at.press("tab", "enter", ">", "enter", ">")
        assert at.editor.document.id == "third"
        await at.press("<", "<")
        assert at.editor.document.id == "first"
        assert len(at.spans) == 1
        await until(at, lambda: "NOT SAVED: the disk reports an error, 1 kept" in status(at))
        disk.error = None
    assert [saved_spans(store, name) for name in ("first", "second")] == [1, 1]


async def test_quitting_asks_about_what_is_not_saved(desk, store, disk) -> None:
    """Esc stays, r tries again and quits once all is saved."""
    async with desk() as at:
        disk.error = errno.ENOSPC
        await at.press("tab", "enter", "ctrl+q")
        await until(at, lambda: dialog(at))
        assert "1 decision is only in memory" in dialog(at)
        assert "the disk is full" in dialog(at)
        await at.press("escape")
        assert dialog(at) is None
        assert at.app.is_running

        await at.press("ctrl+q")
        await until(at, lambda: dialog(at))
        disk.error = None
        await at.press("r")
        await until(at, lambda: at.app.return_code is not None)
        assert at.app.return_code == 0
    assert saved_spans(store) == 1


async def test_quitting_without_saving_takes_a_capital_and_is_told_by_the_exit_code(desk, disk) -> None:
    async with desk() as at:
        disk.error = errno.ENOSPC
        await at.press("tab", "enter", "ctrl+q")
        await until(at, lambda: dialog(at))
        await at.press("q", "x", "1")
        assert dialog(at)
        await at.press("Q")
        await until(at, lambda: at.app.return_code is not None)
        assert at.app.return_code == 1
        assert at.app.gives_up


async def test_what_the_store_does_not_take_is_saved_to_a_file_that_brings_it_back(
    desk, store, disk, tmp_path, monkeypatch
) -> None:
    (tmp_path / "usb").mkdir()
    (tmp_path / "usb" / "taken").write_text("something else")
    monkeypatch.setenv("HOME", str(tmp_path / "usb"))
    disk.spare = tmp_path / "usb"
    async with desk() as at:
        disk.error = errno.ENOSPC
        await at.press("tab", "enter", "ctrl+q")
        await until(at, lambda: dialog(at))
        await at.press("f")
        await until(at, lambda: isinstance(at.app.screen, PlaceDialog))
        await at.press("escape")
        await until(at, lambda: dialog(at))
        await at.press("f")
        await until(at, lambda: isinstance(at.app.screen, PlaceDialog))
        await at.press("ctrl+u")
        await at.press(*"~/taken", "enter")
        await until(at, lambda: dialog(at) and "there already" in dialog(at))
        await at.press("escape")
        await until(at, lambda: isinstance(at.app.screen, PlaceDialog))
        await at.press("ctrl+u")
        await at.press(*"~/kept.zip", "enter")
        await until(at, lambda: at.app.return_code is not None)
        assert at.app.return_code == 1
    disk.error = None
    assert saved_spans(store) == 0
    assert (tmp_path / "usb" / "taken").read_text() == "something else"
    merged = merge_store(Store.open(store.path), tmp_path / "usb" / "kept.zip")
    assert merged.annotators == {"me": {Fate.NEW: 1}}
    assert saved_spans(store) == 1


# A read-only store


@pytest.fixture
def read_only(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Why the store is read-only; it can be written to once the list is emptied."""
    reasons = ["it lies on a read-only disk"]
    monkeypatch.setattr(Store, "is_read_only", property(lambda self: reasons[0] if reasons else None))
    return reasons


async def test_a_read_only_store_says_so_and_takes_no_decision(desk, read_only) -> None:
    async with desk() as at:
        assert "READ-ONLY: it lies on a read-only disk" in at.bar("header")
        await at.press("tab", "enter")
        assert status(at).endswith("read-only: it lies on a read-only disk")
        await at.press("1", "x", "space", "m", "a", "y")
        assert (at.editor.document.id, at.set.revision) == ("first", 0)


async def test_once_it_can_be_written_to_the_next_key_says_so_and_the_one_after_decides(
    desk, store, read_only
) -> None:
    async with desk() as at:
        await at.press("tab", "enter")
        read_only.clear()
        await at.press("enter")
        assert "you can decide now" in status(at)
        assert "READ-ONLY" not in at.bar("header")
        await at.press("enter")
        assert at.set.revision == 1
    assert saved_spans(store) == 1


# Damaged files


@pytest.fixture
def damage(store: Store) -> Callable[[str], Callable[[], None]]:
    """Damages a document's file; what it returns mends it."""

    def damage_one(document_id: str) -> Callable[[], None]:
        path = next((store.path / "documents").glob(f"*/{document_id}.json"))
        sound = path.read_bytes()
        path.write_bytes(sound[:-20])
        return lambda: path.write_bytes(sound) and None

    return damage_one


async def test_a_damaged_document_is_told_and_the_screen_stays_where_it_was(desk, damage) -> None:
    async with desk() as at:
        damage("second")
        await at.press(">")
        assert "second.json is damaged" in dialog(at)
        assert "annotator check" in dialog(at)
        await at.press("enter")
        assert dialog(at) is None
        assert at.editor.document.id == "first"
        assert at.focus == "Caracas"

        await at.press(">")
        assert at.editor.document.id == "third", "the second key goes past it"


async def test_finishing_in_front_of_a_damaged_document_finishes_and_goes_past_it(desk, damage) -> None:
    async with desk() as at:
        damage("second")
        await at.press("space")
        assert "second.json is damaged" in dialog(at)
        await at.press("escape")
        assert (at.editor.document.id, at.set.status) == ("first", Status.DONE)
        assert "u reopens" in status(at)
        await at.press("space")
        assert at.editor.document.id == "third"
        await at.press("space")
        assert "all done" in status(at)


async def test_a_damaged_annotation_set_is_told_as_well(desk, store) -> None:
    async with desk() as at:
        await at.press("space")
        await until(at, lambda: saved_spans(store))
        await at.press("space", "space")
        path = next((store.path / "annotations").glob("me/*/first.json"))
        path.write_bytes(path.read_bytes().replace(b"GPE", b"LOC"))
        at.workspace._editors.pop("first")  # as if it had been put away long ago
        await at.press("<", "<")
        assert "first.json is damaged" in dialog(at)
        await at.press("escape")
        assert at.editor.document.id == "second"


async def test_the_first_document_may_be_damaged(desk, damage) -> None:
    """The next one is opened, and the damage is told."""
    damage("first")
    async with desk() as at:
        assert at.editor.document.id == "second"
        assert "first.json is damaged" in dialog(at)
        await at.press("escape")
        await at.press("<")
        assert "this is the first document" in status(at)


async def test_a_damaged_document_can_be_chosen_again_once_it_is_mended(desk, damage) -> None:
    async with desk() as at:
        mend = damage("third")
        for is_sound in (False, True):
            if is_sound:
                mend()
            await at.press("o")
            assert isinstance(at.app.screen_stack[-1], DocumentsScreen)
            await at.press("end", "enter")
            assert (dialog(at) is None) is is_sound
            await at.press("escape")
            assert at.editor.document.id == ("third" if is_sound else "first")


async def test_damage_that_the_store_knows_of_is_told_at_the_start(desk, store, damage) -> None:
    """A damaged document that another program has put there is in no list, so it is told."""
    damage("third")
    path = next((store.path / "documents").glob("*/third.json"))
    copy = path.with_suffix(".new")
    copy.write_bytes(path.read_bytes())
    copy.replace(path)
    store._keeper = None  # as in a new session
    async with desk() as at:
        assert "third.json is damaged" in dialog(at)
        await at.press("escape")
        assert "1 of 2" in at.bar("header")


async def test_a_store_of_which_nothing_can_be_read_is_an_error(store, damage) -> None:
    from annotator.errors import DamageError
    from annotator.settings import Settings

    for name in ("first", "second", "third"):
        damage(name)
    workspace = Workspace(store, annotator="me", settings=Settings())
    try:
        with pytest.raises(DamageError, match=r"first\.json is damaged"):
            workspace.first()
    finally:
        workspace.close()


# The pipeline


async def test_what_is_wrong_with_the_pipeline_is_said_once(desk) -> None:
    async with desk() as at:
        died = ServiceState(ServiceKind.STARTING, "model", detail="the worker died: it ended with code 9")
        at.workspace.listener(SuggesterChanged(died))
        await at.pilot.pause()
        assert "the worker died" in status(at)
        await at.press("tab", "enter")
        assert len(at.spans) == 1
        assert "the worker" not in status(at)
        at.workspace.listener(SuggesterChanged(died))
        await at.pilot.pause()
        assert "the worker" not in status(at)


# The terminal


async def test_a_small_terminal_works_and_says_so_until_the_next_key(desk) -> None:
    async with desk(size=(60, 15)) as at:
        assert "small: made for 80" in status(at)
        await at.press("tab", "enter")
        assert len(at.spans) == 1
        assert "small" not in status(at)


async def test_a_terminal_that_has_grown_is_no_longer_said_to_be_small(desk) -> None:
    async with desk(size=(60, 15)) as at:
        assert "small: made for 80" in status(at)
        await at.pilot.resize_terminal(120, 40)
        await at.pilot.pause()
        assert "small" not in status(at)


async def test_a_terminal_too_small_shows_nothing_else_after_a_search_either(desk) -> None:
    async with desk() as at:
        await at.press("slash", "enter")
        await at.pilot.resize_terminal(25, 6)
        await at.pilot.pause()
        message = at.screen.query_one("#too-small")
        assert [child for child in at.screen.pane.children if child.display] == [message]


@pytest.mark.parametrize("size", [(29, 24), (80, 7), (20, 5), (1, 1)])
async def test_a_terminal_too_small_for_the_text_shows_one_message_and_takes_no_decision(desk, size) -> None:
    async with desk(size=size) as at:
        message = at.screen.query_one("#too-small")
        assert [child for child in at.screen.pane.children if child.display] == [message]
        assert f"{size[0]}x{size[1]} is too small" in str(message.content)
        await at.press("tab", "enter", "1", "x", "space", "z")
        assert (at.editor.document.id, at.focus, at.set.revision) == ("first", "Caracas", 0)

        await at.pilot.resize_terminal(80, 24)
        await at.pilot.pause()
        assert not message.display
        assert at.screen.query_one("#document").display
        await at.press("tab", "enter")
        assert len(at.spans) == 1


async def test_a_note_that_is_being_written_is_kept_as_a_draft_when_the_terminal_shrinks(desk) -> None:
    async with desk() as at:
        await at.press("tab", "n", "w", "h", "y")
        await at.pilot.resize_terminal(20, 5)
        await at.pilot.pause()
        await at.pilot.resize_terminal(80, 24)
        await at.pilot.pause()
        await at.press("n", "?", "enter")
        assert at.editor.focus.remark.note == "why?"


# Leaving in a hurry


async def test_a_decision_typed_right_before_quitting_is_saved(desk, store) -> None:
    async with desk() as at:
        await at.press("enter", "ctrl+q")
        await until(at, lambda: at.app.return_code is not None)
    assert saved_spans(store) == 1


async def test_what_was_decided_is_saved_however_the_screen_ends(desk, store) -> None:
    """Even where it had not gone to the writer yet."""
    async with desk() as at:
        at.editor.accept()
    assert saved_spans(store) == 1
