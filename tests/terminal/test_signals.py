"""The system ends the program: the terminal is as before, and what was decided is in the store."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from annotator.model.annotations import AnnotationSet
from annotator.store.repository import Store
from tests.terminal.harness import Terminal

Start = Callable[..., Terminal]


@pytest.fixture
def opened(start: Start, tmp_path: Path) -> Terminal:
    """A document without suggestions on the screen, and one span added."""
    (tmp_path / "1.txt").write_text("Ada met Bob.\n", encoding="utf-8")
    terminal = start(
        "annotate", "1.txt", "--store", "S", "--annotator", "me", "--model", "blank:en", "--labels", "conll"
    )
    terminal.wait_for("Ada met Bob")
    terminal.press_and_see("1")
    return terminal


def saved(tmp_path: Path) -> AnnotationSet:
    store = Store.open(tmp_path / "S")
    try:
        return store.load_set(store.catalogue.ids[0], "me")
    finally:
        store.close()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP], ids=["SIGTERM", "SIGHUP"])
def test_a_signal_restores_the_terminal_and_saves(opened: Terminal, number: int, tmp_path: Path) -> None:
    opened.written.clear()
    os.kill(opened.pid, number)
    assert opened.wait_exit() == 128 + number
    assert b"\x1b[?1049l" in opened.written
    assert b"\x1b[?25h" in opened.written
    assert b"Traceback" not in opened.written
    assert [span.label for span in saved(tmp_path).spans] == ["PER"]


def test_a_terminal_that_is_gone_ends_the_program_and_all_is_saved(opened: Terminal, tmp_path: Path) -> None:
    opened.hang_up()
    assert opened.wait_exit() == 128 + signal.SIGHUP
    assert [span.label for span in saved(tmp_path).spans] == ["PER"]


def test_what_the_store_does_not_take_is_kept_in_the_home_folder(opened: Terminal, tmp_path: Path) -> None:
    folder = tmp_path / "S" / "annotations"
    opened.wait(folder.exists, "the first save")
    moved = folder.rename(tmp_path / "away")
    folder.write_text("in the way")
    opened.press_and_see("right", "right", "1")
    os.kill(opened.pid, signal.SIGTERM)
    assert opened.wait_exit() == 128 + signal.SIGTERM
    assert len(list(tmp_path.glob("annotator-unsaved-*.zip"))) == 1
    folder.unlink()
    moved.rename(folder)


def test_ctrl_c_twice_quits_and_saves(opened: Terminal, tmp_path: Path) -> None:
    opened.send("\x03")
    opened.wait_for("Press ctrl+c again to quit")
    opened.send("\x03")
    assert opened.wait_exit() == 0
    assert [span.label for span in saved(tmp_path).spans] == ["PER"]
