"""No document is finished whose text was never on the screen."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from annotator.model.annotations import AnnotationSet
from annotator.model.decisions import Status
from annotator.store.repository import Store
from tests.terminal.harness import Terminal

LINES = [f"Line {number} has some plain words and no name at all." for number in range(72)]
TEXT = "\n".join([*LINES[:-1], "At last Hugo Chávez is here."]) + "\n"


@pytest.fixture
def begin(start: Callable[..., Terminal], tmp_path: Path) -> Callable[[], Terminal]:
    """Open the document of 72 lines, whose only suggestion is on the last one."""
    (tmp_path / "1.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "patterns.jsonl").write_text('{"label": "PERSON", "pattern": "Hugo Chávez"}\n', "utf-8")

    (tmp_path / "settings.toml").write_text("opening_guard_ms = 0\n", "utf-8")

    def open_it() -> Terminal:
        terminal = start(
            *("annotate", "1.txt", "--store", "S", "--annotator", "me", "--model", "blank:en"),
            *("--patterns", "patterns.jsonl", "--labels", "news"),
            columns=100,
            rows=24,
            env={"ANNOTATOR_SETTINGS": str(tmp_path / "settings.toml")},
        )
        terminal.wait_for("0 of 1 decided")
        return terminal

    return open_it


def saved(tmp_path: Path) -> AnnotationSet:
    store = Store.open(tmp_path / "S")
    try:
        return store.load_set(store.catalogue.ids[0], "me")
    finally:
        store.close()


def pages_to_the_end(terminal: Terminal) -> int:
    """Press space until the document is finished; how often."""
    for count in range(1, 20):
        terminal.press_and_see("space")
        if "finished" in terminal.text:
            return count
    pytest.fail(f"not finished:\n{terminal.text}")


def test_it_opens_at_its_top_and_is_read_page_by_page(begin: Callable[[], Terminal], tmp_path: Path) -> None:
    terminal = begin()
    assert "Line 0 " in terminal.text
    terminal.press_and_see("space")
    assert "finished" not in terminal.text
    assert "text not shown before" in terminal.status
    assert "Line 25 " in terminal.text
    pages = pages_to_the_end(terminal)
    assert pages >= 3, "72 lines on 20 rows"
    terminal.press("ctrl+q")
    assert terminal.wait_exit() == 0
    done = saved(tmp_path)
    assert done.status is Status.DONE
    assert [span.label for span in done.spans] == ["PERSON"]
    assert done.effort.seen[0][0] == 0
    assert done.effort.seen[-1][1] >= len(TEXT.rstrip())


def test_a_key_does_not_decide_on_what_is_below_the_screen(
    begin: Callable[[], Terminal], tmp_path: Path
) -> None:
    terminal = begin()
    terminal.press_and_see("enter")
    assert "Hugo Chávez is here" in terminal.text
    assert "0 of 1 decided" in terminal.text
    terminal.press_and_see("enter")
    terminal.wait_for("1 of 1 decided")
    terminal.press_and_see("space")
    assert "finished" not in terminal.text, "the middle was never on the screen"


def test_what_was_seen_is_kept_over_a_restart(begin: Callable[[], Terminal], tmp_path: Path) -> None:
    terminal = begin()
    terminal.press_and_see("space", "enter", "enter")
    terminal.wait_for("1 of 1 decided")
    terminal.press("ctrl+q")
    assert terminal.wait_exit() == 0
    assert len(saved(tmp_path).effort.seen) >= 1
