"""Paragraphs and sentences by rule, for moving about; never by a parser, which would tie them to a model."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right

_PARAGRAPH = re.compile(r"[^\r\n\x85\u2028\u2029]+")
_SENTENCE_END = re.compile(
    r"""(?:
        (?<![\s.!?…])               # a mark that ends something
        [.!?…]+ ["'”’»)\]]*         # closed by quotes and brackets
        (?=\s+["'“‘«(\[¿¡]*[^\W\d_a-zß-öø-ÿ]|\s+\d|\s*$)   # before a capital, a number or the end
      | [。！？؟۔।]+ ["'”’»)\]」』]*
    )""",
    re.VERBOSE,
)
_ABBREVIATION = re.compile(
    r"(?:\b[A-Z]|\b(?:Mr|Mrs|Ms|Dr|Prof|Sen|Rep|Gov|Gen|Col|Lt|Sgt|Capt|St|Jr|Sr|vs|No|Fig|Inc|Ltd|Co|Corp|etc"
    r"|U\.S|U\.K|e\.g|i\.e|a\.m|p\.m))\.$"
)


class Segments:
    """Sorted, disjoint ranges of one text, such as its sentences."""

    __slots__ = ("ends", "starts")

    def __init__(self, ranges: list[tuple[int, int]]) -> None:
        self.starts = [start for start, _ in ranges]
        self.ends = [end for _, end in ranges]

    def __len__(self) -> int:
        return len(self.starts)

    def next_start(self, offset: int) -> int | None:
        """Where the next segment begins; None behind the last one's beginning."""
        index = bisect_right(self.starts, offset)
        return self.starts[index] if index < len(self.starts) else None

    def previous_start(self, offset: int) -> int | None:
        """Where this segment begins or, from its beginning, the one before it; None at the first."""
        index = bisect_left(self.starts, offset) - 1
        return self.starts[index] if index >= 0 else None

    def around(self, offset: int) -> tuple[int, int] | None:
        """The segment that holds `offset`, or the last one that begins before it."""
        index = bisect_right(self.starts, offset) - 1
        return (self.starts[index], self.ends[index]) if index >= 0 else None


def paragraphs(text: str) -> Segments:
    """The lines of `text` that are not blank, without the blanks around them."""
    ranges = []
    for match in _PARAGRAPH.finditer(text):
        line = match.group()
        stripped = line.strip()
        if stripped:
            start = match.start() + line.index(stripped[0])
            ranges.append((start, start + len(stripped)))
    return Segments(ranges)


def sentences(text: str) -> Segments:
    """The sentences of `text`: they end at . ! ? … and their like, at a paragraph's end, not at an abbreviation."""
    ranges = []
    lines = paragraphs(text)
    for start, end in zip(lines.starts, lines.ends, strict=True):
        begin = start
        for match in _SENTENCE_END.finditer(text, start, end):
            if _ABBREVIATION.search(text, max(begin, match.start() - 6), match.start() + 1):
                continue
            ranges.append((begin, match.end()))
            begin = match.end()
            while begin < end and text[begin].isspace():
                begin += 1
        if begin < end:
            ranges.append((begin, end))
    return Segments(ranges)
