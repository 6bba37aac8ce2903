"""Search in a text that ignores letter case and accents."""

from __future__ import annotations

import unicodedata
from functools import lru_cache


class FoldedText:
    """A text folded for searching, with the way back to the offsets of the original."""

    def __init__(self, text: str) -> None:
        if text.isascii():
            self._folded = text.lower()
            self._offsets: list[int] | None = None
            return
        pieces: list[str] = []
        offsets: list[int] = []
        for offset, char in enumerate(text):
            folded = _fold(char)
            pieces.append(folded)
            offsets.extend([offset] * len(folded))
        self._folded = "".join(pieces)
        self._offsets = [*offsets, len(text)]

    def find_all(self, query: str) -> list[tuple[int, int]]:
        """Where `query` stands, as disjoint ranges of the original text; an empty query stands nowhere."""
        folded = "".join(map(_fold, query))
        found: list[tuple[int, int]] = []
        if not folded:
            return found
        start = self._folded.find(folded)
        while start >= 0:
            found.append(self._original(start, start + len(folded)))
            start = self._folded.find(folded, start + len(folded))
        return found

    def _original(self, start: int, end: int) -> tuple[int, int]:
        if self._offsets is None:
            return start, end
        last = self._offsets[end - 1]
        stop = end
        while self._offsets[stop] == last:  # a letter that folds to several counts whole
            stop += 1
        return self._offsets[start], self._offsets[stop]


@lru_cache(maxsize=4096)
def _fold(char: str) -> str:
    """`char` in small letters without accents; curly quotes and dashes as their plain ones."""
    decomposed = unicodedata.normalize("NFKD", char.casefold())
    plain = "".join(each for each in decomposed if not unicodedata.combining(each))
    return plain.translate(_PLAIN)


_PLAIN = str.maketrans("‘’‚“”„–—‐‑", "'''\"\"\"----")
