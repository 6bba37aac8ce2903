"""A text as spaCy's words and spaces, which spell it out to the last character."""

from __future__ import annotations

import re
from collections.abc import Iterator
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
    for start, end, is_token in _pieces(text, tokens):
        if words.offsets and text[start] == " " and not is_token:
            words.spaces[-1] = True
            start += 1
            if start == end:
                continue
        if is_token:
            words.of_token.append(len(words.offsets))
        words.offsets.append((start, end))
        words.spaces.append(False)
    return words


def _pieces(text: str, tokens: Tokens) -> Iterator[tuple[int, int, bool]]:
    """Tokens, and between them runs of white space or of anything else."""
    offset = 0
    for start, end in tokens:
        yield from ((*run.span(), False) for run in _RUN.finditer(text, offset, start))
        yield start, end, True
        offset = end
    yield from ((*run.span(), False) for run in _RUN.finditer(text, offset))
