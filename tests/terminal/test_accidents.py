"""Accidents that happen at a keyboard: nothing is decided that was not meant, and `u` brings the rest back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from annotator.model.annotations import AnnotationSet
from annotator.model.decisions import Status
from annotator.store.repository import Store
from tests.terminal.harness import Terminal

Start = Callable[..., Terminal]

FIRST = "Ana Lima met Jan Kowalski in Lisbon.\n\nThey spoke about the weather in Porto.\n"
SECOND = "Nguyen Van Thanh lives in Hue.\n\nThe river is high.\n"


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    """Two short documents, the first with suggestions."""
    folder = tmp_path / "texts"
    folder.mkdir()
    (folder / "1.txt").write_text(FIRST, encoding="utf-8")
    (folder / "2.txt").write_text(SECOND, encoding="utf-8")
    return folder


@pytest.fixture
def opened(start: Start, texts: Path) -> Terminal:
    """The first document, with its suggestions."""
    terminal = start("annotate", texts, "--store", "S", "--annotator", "me")
    terminal.wait_for("Ana Lima met")
    terminal.wait_for("0 of 4 decided")
    return terminal


def sets(tmp_path: Path, terminal: Terminal) -> list[AnnotationSet]:
    """Leave, and read what was saved of each document."""
    terminal.press("ctrl+q")
    assert terminal.wait_exit() == 0
    store = Store.open(tmp_path / "S")
    found = [store.load_set(document_id, "me") for document_id in store.catalogue.ids]
    store.close()
    return found


def test_enter_held_down_never_finishes(opened: Terminal, tmp_path: Path) -> None:
    """Enter accepts what is there, and then goes nowhere: not past the end, not into the next document."""
    for _ in range(40):
        opened.send("\r")
    opened.press_and_see("enter")

    first, second = sets(tmp_path, opened)
    assert first.status is Status.STARTED
    assert {decision.verb.value for decision in first.decisions} == {"accept"}
    assert second.revision == 0


def test_space_held_down_finishes_one_document(opened: Terminal, tmp_path: Path) -> None:
    """The document that opens after it is not finished by the same key held on."""
    opened.press_and_see("space")
    opened.wait_for("Nguyen Van Thanh")
    for _ in range(30):
        opened.press("space")
        opened.read(0.03)

    first, second = sets(tmp_path, opened)
    assert first.status is Status.DONE
    assert second.revision == 0


def test_a_pasted_paragraph_is_ignored(opened: Terminal, tmp_path: Path) -> None:
    """Text pasted outside an input presses no keys."""
    opened.send("\x1b[200~Ax 1 2 3 z u Space m a\r\n\x1b[201~")
    opened.press_and_see("right")

    assert [found.revision for found in sets(tmp_path, opened)] == [0, 0]


def test_a_stray_digit_is_one_undo_away(opened: Terminal, tmp_path: Path) -> None:
    """A digit on plain text adds a span, and `u` takes it back."""
    opened.press_and_see("end", "4", "u")

    first, second = sets(tmp_path, opened)
    assert not list(first.spans)
    assert first.status is Status.TODO
    assert second.revision == 0


def test_x_on_plain_text_does_nothing(opened: Terminal, tmp_path: Path) -> None:
    """There is nothing to reject there."""
    opened.press_and_see("end", "x", "delete")

    assert [found.revision for found in sets(tmp_path, opened)] == [0, 0]


@pytest.mark.parametrize("opening", ["?", "t", "o", "i"])
def test_no_key_falls_through_a_dialog(opened: Terminal, tmp_path: Path, opening: str) -> None:
    """Keys pressed in a dialog or list decide nothing in the document behind it."""
    opened.press_and_see("tab", opening)
    opened.press_and_see("x", "y", "d", "m", "a", "escape", "escape")
    opened.wait_for("Ana Lima met")

    assert [found.revision for found in sets(tmp_path, opened)] == [0, 0]


def test_keys_typed_into_a_search_decide_nothing(opened: Terminal, tmp_path: Path) -> None:
    """Letters, digits and spaces go into the search; Escape leaves it."""
    opened.press_and_see("tab", "/", "x", "1", "space", "A", "tab", "escape")

    assert [found.revision for found in sets(tmp_path, opened)] == [0, 0]


def test_another_key_leaves_a_jump(opened: Terminal, tmp_path: Path) -> None:
    """A key that is no hint leaves jump mode, and does nothing else."""
    opened.press_and_see("f", "1", "f", "space", "f", "escape")

    assert [found.revision for found in sets(tmp_path, opened)] == [0, 0]


def test_undo_brings_back_what_finishing_did(opened: Terminal, tmp_path: Path) -> None:
    """`u` right after finishing returns to the document and reopens it as it was."""
    opened.press_and_see("space")
    opened.wait_for("Nguyen Van Thanh")
    opened.press_and_see("u")
    opened.wait_for("Ana Lima met")
    opened.wait_for("0 of 4 decided")

    first, second = sets(tmp_path, opened)
    assert not list(first.spans)
    assert first.status is Status.TODO
    assert second.revision == 0
