"""Occurrences: at which places of a text each word stands, so that nobody goes through the text to find a form."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator

from annotator.model.lookup import Words


class Occurrences:
    """The places of words in `words`, as far as these were cut when `extend` was called last."""

    def __init__(self, words: Words) -> None:
        self._words = words
        self._indices: dict[str, list[int]] = {}
        self._extent = 0

    def extend(self) -> None:
        """Take in the words that were cut since."""
        folded = self._words.folded
        for index in range(self._extent, len(folded)):
            self._indices.setdefault(folded[index], []).append(index)
        self._extent = len(folded)

    def of(self, form: tuple[str, ...], start: int, end: int) -> Iterator[tuple[int, int]]:
        """The ranges of text, of those that begin in `[start, end)`, in which just these words in folded case stand."""
        if not form:
            return
        words = self._words
        rarest = min(range(len(form)), key=lambda index: len(self._indices.get(form[index], ())))
        indices = self._indices.get(form[rarest], [])
        within = words.within(start, end)
        for index in indices[bisect_left(indices, within.start + rarest) :]:
            first = index - rarest
            if first >= within.stop:
                return
            if tuple(words.folded[first : first + len(form)]) == form:
                yield words.starts[first], words.ends[first + len(form) - 1]
