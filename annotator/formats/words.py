"""A text as spaCy's words and spaces, which spell it out to the last character."""

from __future__ import annotations

import re
from dataclasses import dataclass

from annotator.model.tokens import Tokens

_RUN = re.compile(r"\s+|\S+")


@dataclass(frozen=True, slots=True)
class Words:
    """Half-open offsets of words, whether a space follows each, and which word each token became.

    White space beyond that one space is a word of its own, as spaCy makes it, so that the words and spaces
    joined are the text. Characters that no token covers become words too.
    """

    offsets: list[tuple[int, int]]
    spaces: list[bool]
    of_token: list[int]

    def covering(self, start: int, end: int, tokens: Tokens) -> tuple[int, int] | None:
        """The first and last word of `[start, end)`; None if it is off the edges of `tokens`."""
        if not tokens.is_aligned(start, end):
            return None
        covered = tokens.within(start, end)
        return self.of_token[covered[0]], self.of_token[covered[-1]]


def words_of(text: str, tokens: Tokens) -> Words:
    """Spell `text` out in words. ValueError if `tokens` reach beyond it."""
    if len(tokens) and tokens.ends[-1] > len(text):
        raise ValueError(f"tokens reach to {tokens.ends[-1]}, the text to {len(text)}")
    words = Words([], [], [])
    offsets, spaces, of_token = words.offsets, words.spaces, words.of_token
    last = 0
    for start, end in tokens:
        if start == last + 1 and offsets and text[last] == " ":  # nearly every gap there is
            spaces[-1] = True
        elif start > last:
            _add_gap(words, text, last, start)
        of_token.append(len(offsets))
        offsets.append((start, end))
        spaces.append(False)
        last = end
    _add_gap(words, text, last, len(text))
    return words


def _add_gap(words: Words, text: str, first: int, last: int) -> None:
    """Spell out what no token covers: runs of white space, less one space behind a word, and of anything else."""
    for run in _RUN.finditer(text, first, last):
        start, end = run.span()
        if words.offsets and text[start] == " ":
            words.spaces[-1] = True
            start += 1
        if start < end:
            words.offsets.append((start, end))
            words.spaces.append(False)
