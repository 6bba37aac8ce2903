"""The cursor: a place in the text, what is selected there, and the ways to move it."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from functools import cached_property
from typing import TYPE_CHECKING

from annotator.editing.characters import next_character, previous_character
from annotator.model.tokens import Tokens

if TYPE_CHECKING:
    from annotator.model.segments import Segments

Range = tuple[int, int]


class Cursor:
    """A character offset, so that nothing moves when other tokens arrive, and a selection or none.

    Edges move by token, or by character while `by_character` is set.
    """

    def __init__(self, text: str, tokens: Tokens) -> None:
        self.text = text
        self.tokens = tokens
        self.offset = tokens.starts[0] if len(tokens) else 0
        self.selection: Range | None = None
        self.by_character = False

    @property
    def word(self) -> Range:
        """The token that the cursor stands on; an empty range in a text without tokens."""
        if not len(self.tokens):
            return (self.offset, self.offset)
        return self.tokens[self.tokens.at(self.offset)]

    def go(self, offset: int) -> None:
        """Stand at `offset`, kept inside the text; the selection and the character mode end."""
        self.offset = max(0, min(offset, len(self.text)))
        self.selection = None
        self.by_character = False

    def step(self, count: int) -> None:
        """Move by tokens, backwards if `count` is negative, as far as there are any."""
        if not len(self.tokens):
            return
        index = self.tokens.at(self.offset)
        if count < 0 and self.tokens.starts[index] < self.offset:
            count += 1  # the first step back leads to the beginning of this token
        index = max(0, min(index + count, len(self.tokens) - 1))
        start = self.tokens.starts[index]
        self.go(max(start, self.offset) if count > 0 else min(start, self.offset))

    def step_paragraph(self, direction: int) -> None:
        """Move to the beginning of the next paragraph, or of this or the one before."""
        self._step_segment(self._paragraphs, direction)

    def step_sentence(self, direction: int) -> None:
        """Move to the beginning of the next sentence, or of this or the one before."""
        self._step_segment(self._sentences, direction)

    def _step_segment(self, segments: Segments, direction: int) -> None:
        start = segments.next_start(self.offset) if direction > 0 else segments.previous_start(self.offset)
        if start is not None:
            self.go(start)

    def select(self, start: int, end: int) -> bool:
        """Select the tokens that `[start, end)` touches, or just these characters; False if there are none."""
        if self.by_character:
            selection = (max(0, start), min(end, len(self.text)))
        else:
            selection = self.tokens.snapped(start, end) or (0, 0)
        if selection[0] >= selection[1]:
            return False
        self.selection = selection
        return True

    def deselect(self) -> bool:
        """Drop the selection and the character mode; False if there was neither."""
        had = self.selection is not None or self.by_character
        self.selection = None
        self.by_character = False
        return had

    def paragraph(self) -> Range:
        """The paragraph around the cursor."""
        return self._paragraphs.around(self.offset) or (0, len(self.text))

    @cached_property
    def _paragraphs(self) -> Segments:
        from annotator.model.segments import paragraphs

        return paragraphs(self.text)

    @cached_property
    def _sentences(self) -> Segments:
        from annotator.model.segments import sentences

        return sentences(self.text)

    def resized(self, start: int, end: int, edge: str, direction: str) -> Range | None:
        """The range with one `edge` ("left", "right") moved "out" or "in" by a unit; None if it cannot move so.

        By token an edge that is off the tokens goes to the next token edge that way. A range keeps at least one
        unit.
        """
        if edge == "left":
            moved = self._start_before(start) if direction == "out" else self._start_after(start)
            return None if moved is None or moved >= end else (moved, end)
        moved = self._end_after(end) if direction == "out" else self._end_before(end)
        return None if moved is None or moved <= start else (start, moved)

    def _start_before(self, start: int) -> int | None:
        if self.by_character:
            return previous_character(self.text, start) if start > 0 else None
        index = bisect_left(self.tokens.starts, start) - 1
        return self.tokens.starts[index] if index >= 0 else None

    def _start_after(self, start: int) -> int | None:
        if self.by_character:
            return next_character(self.text, start)
        index = bisect_right(self.tokens.starts, start)
        return self.tokens.starts[index] if index < len(self.tokens) else None

    def _end_after(self, end: int) -> int | None:
        if self.by_character:
            return next_character(self.text, end) if end < len(self.text) else None
        index = bisect_right(self.tokens.ends, end)
        return self.tokens.ends[index] if index < len(self.tokens) else None

    def _end_before(self, end: int) -> int | None:
        if self.by_character:
            return previous_character(self.text, end)
        index = bisect_left(self.tokens.ends, end) - 1
        return self.tokens.ends[index] if index >= 0 else None
