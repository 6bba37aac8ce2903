"""What is painted first stays: each frame at start, and in a new size, on a terminal that takes frames as a whole."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from tests.benchmarks.texts import ANNOTATOR, generated, make_store
from tests.terminal.harness import Terminal, environment_of

SIZES = [(80, 24), (120, 40), (200, 60)]

_FRAME_END = b"\x1b[?2026l"
_ASKS_FOR_FRAMES = b"\x1b[?2026$p"
_TAKES_FRAMES = "\x1b[?2026;2$y"
_QUIET = 0.3
_WIDE_FROM, _TABLE = 100, 32
"""From so many columns on there is a table of so many beside the text."""


class FramedTerminal(Terminal):
    """A terminal that notes what is on its screen after each frame."""

    def __init__(
        self, command: list[str], *, columns: int, rows: int, cwd: Path, env: Mapping[str, str]
    ) -> None:
        super().__init__(command, columns=columns, rows=rows, cwd=cwd, env=env)
        self.frames: list[list[str]] = []
        self._begun = b""

    def take(self, seconds: float = 0.0) -> bytes:
        """As any terminal; and answer the question whether frames are taken as a whole."""
        data = super().take(seconds)
        if _ASKS_FOR_FRAMES in data:
            self.send(_TAKES_FRAMES)
        return data

    def show(self, data: bytes) -> None:
        """Show whole frames only."""
        *frames, self._begun = (self._begun + data).split(_FRAME_END)
        for frame in frames:
            super().show(frame + _FRAME_END)
            self.frames.append(list(self.screen.display))

    def settle(self) -> None:
        """Read until what memory proposes is there, and nothing more is painted."""
        self.wait(lambda: "accepts" in self.screen.display[0] and not self.read(_QUIET), "the screen to rest")


Open = Callable[..., FramedTerminal]


@pytest.fixture
def open_half_done(tmp_path: Path) -> Iterator[Open]:
    """Open a long document at its middle, where the first undecided suggestion is, in a terminal of a size."""
    make_store(tmp_path / "S", [generated(1200)], half_done=True)
    opened: list[FramedTerminal] = []

    def open_one(columns: int, rows: int) -> FramedTerminal:
        options = ["--store", "S", "--annotator", ANNOTATOR, "--model", "blank:en"]
        command = [sys.executable, "-m", "annotator", "annotate", *options]
        env = environment_of(tmp_path)
        opened.append(FramedTerminal(command, columns=columns, rows=rows, cwd=tmp_path, env=env))
        return opened[-1]

    yield open_one
    for terminal in opened:
        terminal.close()


def text_of(rows: list[str]) -> list[str]:
    """The rows between header and status line, without the side table and the chips, which follow suggestions."""
    width = len(rows[0])
    end = width - _TABLE if width >= _WIDE_FROM else width
    return [re.sub(r"[?\d▐]", " ", row[:end]).rstrip() for row in rows[1:-2]]


@pytest.mark.parametrize(("columns", "rows"), SIZES)
def test_the_first_frame_with_text_is_the_final_one(open_half_done: Open, columns: int, rows: int) -> None:
    terminal = open_half_done(columns, rows)
    terminal.settle()

    first = next(frame for frame in terminal.frames if any(text_of(frame)))
    assert text_of(first) == text_of(terminal.frames[-1])
    assert "Benchmarked text" in "".join(text_of(first)), "a document opens at its top"


@pytest.mark.parametrize(
    ("before", "after"), [((120, 40), (80, 24)), ((80, 24), (200, 60)), ((200, 60), (120, 40))]
)
def test_the_first_frame_in_a_new_size_is_the_final_one(
    open_half_done: Open, before: tuple[int, int], after: tuple[int, int]
) -> None:
    terminal = open_half_done(*before)
    terminal.settle()

    terminal.frames.clear()
    terminal.resize(*after)
    terminal.settle()

    first = text_of(terminal.frames[0])
    assert first == text_of(terminal.frames[-1])
    assert "Benchmarked text" in "".join(first), "a document opens at its top"
