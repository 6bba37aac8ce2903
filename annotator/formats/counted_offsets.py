"""Which characters the offsets of a file count, proved by the words that it quotes.

Most programs count code points. Others count a CRLF as one character, a byte order mark as one, UTF-16 units or bytes.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product

_LINE_END = re.compile("[\n\v\f\x1c-\x1e\x85\u2028\u2029]")


class Unit(enum.StrEnum):
    """What one offset counts."""

    POINT = "code points"
    UTF_16 = "UTF-16 units"
    UTF_8 = "bytes of UTF-8"


@dataclass(frozen=True, slots=True)
class Quotation:
    """The fragments of a span as the file counts them, and its words as the file quotes them."""

    pieces: tuple[tuple[int, int], ...]
    words: str


class Offsets:
    """Turns offsets as a file counts them into offsets in the text as it came; `told` says how it counts, if unusually."""

    def __init__(
        self, text: str, *, unit: Unit = Unit.POINT, joins_crlf: bool = False, counts_mark: bool = False
    ) -> None:
        self.is_usual = unit is Unit.POINT and not joins_crlf and not counts_mark
        parts = [str(unit)] * (unit is not Unit.POINT)
        parts += ["CR LF as one character"] * joins_crlf + ["the byte order mark"] * counts_mark
        self.told = ", ".join(parts)
        self._text = text
        self._raw: list[int] = []
        if not self.is_usual:
            self._raw = list(_raw_offsets(text, unit, joins_crlf=joins_crlf, counts_mark=counts_mark))

    def raw(self, offset: int) -> int | None:
        """Where an offset lies in the text as it came; None outside of it or within a character."""
        if self.is_usual:
            return offset
        at = self._raw[offset] if 0 <= offset < len(self._raw) else -1
        return at if at >= 0 else None

    def words(self, pieces: Iterable[tuple[int, int]]) -> str | None:
        """What the fragments hold; None if one of them is outside the text."""
        found = []
        for start, end in pieces:
            first, last = self.raw(start), self.raw(end)
            if first is None or last is None or last > len(self._text):
                return None
            found.append(self._text[first:last])
        return " ".join(found)

    def fits(self, quotation: Quotation) -> bool:
        """True if the fragments hold what is quoted."""
        words = self.words(quotation.pieces)
        return words is not None and same_words(words, quotation.words)


def find_offsets(text: str, quotations: Sequence[Quotation]) -> Offsets:
    """The way of counting that most quotations prove; the usual one where none proves more."""
    best = Offsets(text)
    most = sum(map(best.fits, quotations))
    if most == len(quotations):
        return best
    for counts_mark, joins_crlf, unit in product((False, True), (False, True), Unit):
        if (joins_crlf and "\r\n" not in text) or (unit is not Unit.POINT and text.isascii()):
            continue
        offsets = Offsets(text, unit=unit, joins_crlf=joins_crlf, counts_mark=counts_mark)
        fitting = sum(map(offsets.fits, quotations))
        if fitting > most:
            best, most = offsets, fitting
    return best


def same_words(words: str, quoted: str) -> bool:
    """True if the words are those quoted, but for line ends, which brat quotes as spaces or leaves out."""
    return any(_on_one_line(words, mark) == _on_one_line(quoted, mark) for mark in ("", " "))


def _on_one_line(words: str, carriage_return: str) -> str:
    return _LINE_END.sub(" ", words.replace("\r", carriage_return))


def _raw_offsets(text: str, unit: Unit, *, joins_crlf: bool, counts_mark: bool) -> Iterator[int]:
    """For each offset as the file counts, the offset in the text; -1 within a character."""
    if counts_mark:
        yield 0
        yield from [-1] * (_width("\ufeff", unit) - 1)
    for index, char in enumerate(text):
        if joins_crlf and char == "\n" and text[index - 1 : index] == "\r":
            continue  # counted with the CR before it
        yield index
        yield from [-1] * (_width(char, unit) - 1)
    yield len(text)


def _width(char: str, unit: Unit) -> int:
    if unit is Unit.UTF_16:
        return 1 + (char > "\uffff")
    if unit is Unit.UTF_8:
        return len(char.encode("utf-8", "surrogatepass"))
    return 1
