"""Tokens as offsets, and the one place that turns tokens into character offsets and back."""

from __future__ import annotations

import operator
import re
import unicodedata
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from pydantic_core import core_schema

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler

STAND_IN = "stand-in"
"""The tokenizer name of the plain tokens that serve until the pipeline's own are there."""

_STAND_IN_TOKEN = re.compile(r"[^\W_]+|[\U0001f1e6-\U0001f1ff]{2}|\S")  # two regional letters are one flag
JOINER = "\u200d"
_NON_JOINER = "\u200c"


class Tokens:
    """The tokens of one text: sorted, disjoint, half-open offsets in code points.

    White space belongs to no token. `tokenizer` names what made them. An empty text has no tokens.
    """

    __slots__ = ("ends", "starts", "tokenizer")

    def __init__(self, offsets: Iterable[tuple[int, int]], *, tokenizer: str) -> None:
        places = list(offsets)
        starts = [start for start, _ in places]
        ends = [end for _, end in places]
        if not (all(map(operator.le, [0, *ends], starts)) and all(map(operator.lt, starts, ends))):
            raise ValueError(_first_misplaced(places))
        self.starts = array("I", starts)
        self.ends = array("I", ends)
        self.tokenizer = tokenizer

    @classmethod
    def __get_pydantic_core_schema__(
        cls, source: Any, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        """How a file has them: the tokenizer, and the offsets of each token's start and end in turn."""
        offset = core_schema.int_schema(ge=0, lt=1 << 31, strict=True)
        record = core_schema.typed_dict_schema(
            {
                "tokenizer": core_schema.typed_dict_field(core_schema.str_schema()),
                "offsets": core_schema.typed_dict_field(core_schema.list_schema(offset)),
            },
            extra_behavior="forbid",
        )
        read = core_schema.no_info_after_validator_function(cls._of_record, record)
        return core_schema.json_or_python_schema(
            json_schema=read,
            python_schema=core_schema.union_schema([core_schema.is_instance_schema(cls), read]),
            serialization=core_schema.plain_serializer_function_ser_schema(cls.record, return_schema=record),
        )

    @classmethod
    def _of_record(cls, record: dict[str, Any]) -> Tokens:
        offsets = record["offsets"]
        if len(offsets) % 2:
            raise ValueError("the last token has no end")
        return cls(zip(offsets[::2], offsets[1::2], strict=True), tokenizer=record["tokenizer"])

    def record(self) -> dict[str, Any]:
        """The tokens as a file has them: the tokenizer, and the offsets of each one's start and end in turn."""
        return {"tokenizer": self.tokenizer, "offsets": [offset for token in self for offset in token]}

    def __len__(self) -> int:
        return len(self.starts)

    def __iter__(self) -> Iterator[tuple[int, int]]:
        return zip(self.starts, self.ends, strict=True)

    def __getitem__(self, index: int) -> tuple[int, int]:
        return self.starts[index], self.ends[index]

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Tokens):
            return NotImplemented
        return self.starts == other.starts and self.ends == other.ends

    __hash__ = None  # type: ignore[assignment]  # compared by content, and too large to hash

    def at(self, offset: int) -> int:
        """The index of the token that holds `offset`, else of the next one, else of the last one.

        Raises IndexError when there are no tokens.
        """
        if not self.starts:
            raise IndexError("no tokens")
        return min(bisect_right(self.ends, offset), len(self.starts) - 1)

    def within(self, start: int, end: int) -> range:
        """The indices of the tokens that share a character with `[start, end)`."""
        if start >= end:
            return range(0)
        return range(bisect_right(self.ends, start), bisect_left(self.starts, end))

    def is_aligned(self, start: int, end: int) -> bool:
        """True if `[start, end)` begins where a token begins and ends where one ends."""
        tokens = self.within(start, end)
        return bool(tokens) and self.starts[tokens[0]] == start and self.ends[tokens[-1]] == end

    def snapped(self, start: int, end: int) -> tuple[int, int] | None:
        """The smallest aligned range that holds the tokens touched by `[start, end)`; None if it touches none."""
        tokens = self.within(start, end)
        if not tokens:
            return None
        return self.starts[tokens[0]], self.ends[tokens[-1]]


def _first_misplaced(places: Iterable[tuple[int, int]]) -> str:
    """What is wrong with the first of these places that cannot be a token's."""
    last = 0
    for start, end in places:
        if not last <= start < end:
            return f"token [{start}, {end}) is empty or overlaps the one before it"
        last = end
    raise AssertionError("all places are in order")


def stand_in_tokens(text: str) -> Tokens:
    """Split at every space, apostrophe, hyphen and punctuation mark, and between unspaced ideographs."""
    pieces: Iterable[tuple[int, int]] = (match.span() for match in _STAND_IN_TOKEN.finditer(text))
    if any(is_mark(char) or _is_ideograph(char) for char in set(text)):
        pieces = _between_ideographs(text, _with_marks(text, pieces))
    return Tokens(pieces, tokenizer=STAND_IN)


def _with_marks(text: str, pieces: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Join what a combining mark or joiner, which is no word character to `re`, has cut apart."""
    start = end = 0
    joins = False
    for piece_start, piece_end in pieces:
        first = text[piece_start]
        is_attached = is_mark(first)
        is_joined = joins and (first.isalnum() or (text[piece_start - 1] == JOINER and not first.isascii()))
        if piece_start == end and end > start and (is_attached or is_joined):
            end = piece_end
        else:
            if end > start:
                yield start, end
            start, end = piece_start, piece_end
        joins = is_attached
    if end > start:
        yield start, end


def _between_ideographs(text: str, pieces: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    for start, end in pieces:
        if text[start:end].isascii():
            yield start, end
            continue
        word = start
        for offset in range(start, end):
            if offset < word or not _is_ideograph(text[offset]) or _is_attached(text, start, offset):
                continue
            if word < offset:
                yield word, offset
            word = offset + 1
            while word < end and _is_attached(text, start, word):
                word += 1
            yield offset, word
        if word < end:
            yield word, end


def _is_attached(text: str, start: int, offset: int) -> bool:
    """True if what stands at `offset` belongs to the character before it, in the piece that begins at `start`."""
    return is_mark(text[offset]) or (offset > start and text[offset - 1] == JOINER)


def is_mark(char: str) -> bool:
    """True for what belongs to the character before it: accents, joiners, skin tones, tags."""
    if char.isascii():
        return False
    return (
        unicodedata.category(char)[0] == "M"
        or char in (JOINER, _NON_JOINER)
        or "\U0001f3fb" <= char <= "\U0001f3ff"
        or "\U000e0020" <= char <= "\U000e007f"
    )


def _is_ideograph(char: str) -> bool:
    return (
        "\u3040" <= char <= "\u30ff" or "\u3400" <= char <= "\u9fff" or "\U00020000" <= char <= "\U0003ffff"
    )
