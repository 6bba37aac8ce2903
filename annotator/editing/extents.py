"""Where a span may begin and end: what no key makes, and what it makes only when it is pressed again."""

from __future__ import annotations

import re
import unicodedata

from annotator.editing.cursor import Cursor, Range
from annotator.model.tokens import Tokens

_LINE_BREAK = re.compile(r"[\n\r\x0b\x0c\x85\u2028\u2029]")
_BLANK_LINE = re.compile(r"(?:\r\n|\r(?!\n)|[\n\x0b\x0c\x85\u2028])\s*?[\n\r\x0b\x0c\x85\u2028]|\u2029")
_READ_AS_WORDS = frozenset("%‰&#@*§°′″")
"""Punctuation by its Unicode category that stands for a word: "5 %", "AT & T", "# 3"."""
_PAIRS = (
    "()",
    "[]",
    "{}",
    "“”",
    "„“",
    "„”",
    "‘’",
    "«»",
    "»«",
    "「」",
    "『』",
    "《》",
    "【】",
    "（）",
    '""',
    "''",
)
_CLOSERS = {pair[0]: "".join(other[1] for other in _PAIRS if other[0] == pair[0]) for pair in _PAIRS}
_OPENERS = {pair[1]: "".join(other[0] for other in _PAIRS if other[1] == pair[1]) for pair in _PAIRS}


def crosses_line(text: str, start: int, end: int) -> bool:
    """True if `[start, end)` reaches over the end of a line."""
    return _LINE_BREAK.search(text, start, end) is not None


def crosses_blank_line(text: str, start: int, end: int) -> bool:
    """True if `[start, end)` reaches over a line with nothing on it but white space."""
    return _BLANK_LINE.search(text, start, end) is not None


def is_lone_mark(word: str) -> bool:
    """True for a token that is nothing but punctuation, other than signs that are read as words, such as %."""
    return all(char not in _READ_AS_WORDS and unicodedata.category(char)[0] == "P" for char in word)


def is_sound(text: str, start: int, end: int) -> bool:
    """True if `[start, end)` crosses no blank line, and neither begins nor ends with white space."""
    return not (text[start].isspace() or text[end - 1].isspace() or crosses_blank_line(text, start, end))


def trimmed(text: str, tokens: Tokens, start: int, end: int, *, by_character: bool) -> Range | None:
    """`[start, end)` without white space at its edges, and without lone marks there; None if nothing is left.

    By character, where a mark can be what a person is after, only a range of nothing but marks is None. A bracket or
    quotation mark whose partner is inside stays.
    """
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    if by_character:
        return None if is_lone_mark(re.sub(r"\s", "", text[start:end])) else (start, end)
    inside = tokens.within(start, end)
    first, stop = inside.start, inside.stop
    while first < stop and not _begins_well(text, tokens, first, end):
        first += 1
        start = tokens.starts[first] if first < stop else end
    while first < stop and not _ends_well(text, tokens, stop - 1, start):
        stop -= 1
        end = tokens.ends[stop - 1] if first < stop else start
    return (start, end) if start < end and first < stop else None


def _begins_well(text: str, tokens: Tokens, index: int, end: int) -> bool:
    start, stop = tokens[index]
    word = text[start:stop]
    return not is_lone_mark(word) or any(char in _CLOSERS.get(word, "") for char in text[stop:end])


def _ends_well(text: str, tokens: Tokens, index: int, start: int) -> bool:
    begin, stop = tokens[index]
    word = text[begin:stop]
    return not is_lone_mark(word) or any(char in _OPENERS.get(word, "") for char in text[start:begin])


def resized(cursor: Cursor, start: int, end: int, edge: str, direction: str) -> Range | None:
    """The range with one `edge` ("left", "right") moved "out" or "in", past white space and lone marks.

    An edge that moves in goes past a blank line, too, if the range crosses one. None if it cannot move so.
    """
    text, place = cursor.text, cursor.resized(start, end, edge, direction)
    while place is not None and not _is_edge(cursor, *place, edge, direction):
        place = cursor.resized(*place, edge, direction)
    return place if place is None or text[place[0] : place[1]].strip() else None


def _is_edge(cursor: Cursor, start: int, end: int, edge: str, direction: str) -> bool:
    text, tokens = cursor.text, cursor.tokens
    if direction == "in" and crosses_blank_line(text, start, end):
        return False
    if text[start if edge == "left" else end - 1].isspace():
        return False
    if cursor.by_character:
        return True
    inside = tokens.within(start, end)
    if not inside:
        return True
    if edge == "left":
        return _begins_well(text, tokens, inside[0], end)
    return _ends_well(text, tokens, inside[-1], start)
