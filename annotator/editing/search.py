"""Search in a text that ignores letter case and accents."""

from __future__ import annotations

import unicodedata


def folded(text: str) -> str:
    """`text` as searching compares it: in small letters, without accents, quotes and dashes plain."""
    return text.lower() if text.isascii() else text.translate(_foldings)


def folds_evenly(text: str) -> bool:
    """True if each character of a text folds to one, so that offsets are the same in both."""
    return text.isascii() or all(len(_foldings[ord(char)]) == 1 for char in set(text))


class FoldedText:
    """A text folded for searching, with the way back to the offsets of the original."""

    def __init__(self, text: str) -> None:
        if text.isascii():
            self._folded = folded(text)
            self._offsets: list[int] | None = None
            return
        pieces: list[str] = []
        offsets: list[int] = []
        for offset, char in enumerate(text):
            piece = _foldings[ord(char)]
            pieces.append(piece)
            offsets.extend([offset] * len(piece))
        self._folded = "".join(pieces)
        self._offsets = [*offsets, len(text)]

    @classmethod
    def of_even(cls, folding: str) -> FoldedText:
        """A text that `folds_evenly`, given by what it folds to."""
        search = cls("")
        search._folded = folding
        return search

    def find_all(self, query: str) -> list[tuple[int, int]]:
        """Where `query` stands, as disjoint ranges of the original text; an empty query stands nowhere."""
        sought = folded(query)
        matches: list[tuple[int, int]] = []
        if not sought:
            return matches
        start = self._folded.find(sought)
        while start >= 0:
            interval = self._original(start, start + len(sought))
            if not matches or interval[0] >= matches[-1][1]:  # the two s of one ß are one hit
                matches.append(interval)
            start = self._folded.find(sought, start + len(sought))
        return matches

    def _original(self, start: int, end: int) -> tuple[int, int]:
        if self._offsets is None:
            return start, end
        last = self._offsets[end - 1]
        stop = end
        while self._offsets[stop] == last:  # a letter that folds to several counts whole
            stop += 1
        return self._offsets[start], self._offsets[stop]


_PLAIN = str.maketrans("‘’‚“”„–—‐‑", "'''\"\"\"----")


class _Foldings(dict[int, str]):
    """Code points in small letters without accents; curly quotes and dashes as their plain ones."""

    def __missing__(self, code: int) -> str:
        decomposed = unicodedata.normalize("NFKD", chr(code).casefold())
        plain = "".join(character for character in decomposed if not unicodedata.combining(character))
        self[code] = plain.translate(_PLAIN)
        return self[code]


_foldings = _Foldings()
