"""Search in the document on screen: live while it is typed, its hits walked by up and down."""

from __future__ import annotations

from typing import TYPE_CHECKING

from annotator.tui.layout.overlay import Range

if TYPE_CHECKING:
    from annotator.editing.search import FoldedText


class Search:
    """The hits of what was typed last, and which of them the cursor is on."""

    def __init__(self) -> None:
        self.hits: list[Range] = []
        self.hit: int | None = None
        self.origin = 0
        """Where the cursor was when the search began."""
        self._text: FoldedText | None = None

    def begin(self, text: str, origin: int) -> None:
        """Search a text from now on, beginning at an offset."""
        from annotator.editing.search import FoldedText

        self._text = FoldedText(text)
        self.origin = origin

    def find(self, words: str) -> None:
        """Find words, ignoring case and accents; the hit is the first at or behind the origin, else the first of all."""
        self.hits = self._text.find_all(words) if self._text is not None else []
        behind = (index for index, (start, _) in enumerate(self.hits) if start >= self.origin)
        self.hit = next(behind, 0) if self.hits else None

    def step(self, direction: int) -> None:
        """Go to the next hit (1) or the one before (-1), past the last to the first."""
        if self.hit is not None:
            self.hit = (self.hit + direction) % len(self.hits)

    @property
    def current(self) -> Range | None:
        """The hit that the cursor is on."""
        return self.hits[self.hit] if self.hit is not None else None

    def clear(self) -> None:
        """Forget the hits."""
        self.hits, self.hit = [], None
