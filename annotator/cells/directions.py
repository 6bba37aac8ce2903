"""Right-to-left text: one stated rule, applied here and not left to the terminal.

A paragraph's direction is that of its first strong letter. Within it, runs of each direction are found by the
implicit rules of Unicode's bidirectional algorithm (UAX #9: P2-P3, W1-W7, N1-N2, I1-I2, L1-L2, L4) and each row
is put into visual order; rows of a right-to-left paragraph are set flush right. Explicit embeddings and isolates
are shown as characters and not obeyed, and brackets are neutral like other punctuation (no N0).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

_RIGHT_TO_LEFT = re.compile(
    "[\u0590-\u08ff\u200f\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
_OPENING, _CLOSING = "([{<«‹≤⟨⁅⁽❨⦅", ")]}>»›≥⟩⁆⁾❩⦆"
_MIRRORED = str.maketrans(_OPENING + _CLOSING, _CLOSING + _OPENING)
_STRONG = frozenset(("L", "R", "AL"))
_EXPLICIT = frozenset(("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI", "BN", ""))


def has_right_to_left(text: str) -> bool:
    """True if `text` holds a character that is written from right to left."""
    return _RIGHT_TO_LEFT.search(text) is not None


def is_rtl(paragraph: str) -> bool:
    """True if the first strong letter of `paragraph` is written from right to left."""
    strong = (kind for char in paragraph if (kind := unicodedata.bidirectional(char)) in _STRONG)
    return next(strong, "L") != "L"


def levels(chars: Sequence[str], *, base: int) -> list[int]:
    """The embedding level of each of one paragraph's graphemes, given by their first characters; odd is leftwards.

    `base` is the paragraph's own: 1 if it is written from right to left, else 0.
    """
    kinds = ["ON" if (kind := unicodedata.bidirectional(char)) in _EXPLICIT else kind for char in chars]
    edge = "R" if base else "L"
    _resolve_weak(kinds, edge)
    _resolve_neutral(kinds, edge)
    return [_level(kind, base) for kind in kinds]


def visual_order(row_levels: Sequence[int]) -> list[int]:
    """The indices of a row's graphemes from left to right (L2)."""
    order = list(range(len(row_levels)))
    if not row_levels:
        return order
    lowest_odd = min((level for level in row_levels if level % 2), default=0)
    if not lowest_odd:
        return order
    for level in range(max(row_levels), lowest_odd - 1, -1):
        start = 0
        while start < len(order):
            if row_levels[start] < level:
                start += 1
                continue
            end = start
            while end < len(order) and row_levels[end] >= level:
                end += 1
            order[start:end] = order[start:end][::-1]
            start = end
    return order


def mirrored(char: str) -> str:
    """The bracket that stands for `char` in text that runs leftwards (L4); any other character itself."""
    return char.translate(_MIRRORED)


def _resolve_weak(kinds: list[str], edge: str) -> None:
    """W1 to W7: numbers, their signs and separators, and combining marks."""
    before = strong = edge
    for index, kind in enumerate(kinds):
        if kind == "NSM":
            kind = before
        elif kind == "EN" and strong == "AL":
            kind = "AN"
        elif kind in _STRONG:
            strong = kind
        kinds[index] = before = kind
    kinds[:] = ["R" if kind == "AL" else kind for kind in kinds]
    for index in range(1, len(kinds) - 1):
        around = kinds[index - 1]
        if around == kinds[index + 1] and (
            (kinds[index] == "CS" and around in ("EN", "AN")) or (kinds[index] == "ES" and around == "EN")
        ):
            kinds[index] = around
    for start, end in _runs(kinds, frozenset(("ET",))):
        touches_number = (start > 0 and kinds[start - 1] == "EN") or (end < len(kinds) and kinds[end] == "EN")
        kinds[start:end] = ["EN" if touches_number else "ON"] * (end - start)
    strong = edge
    for index, kind in enumerate(kinds):
        if kind in ("L", "R"):
            strong = kind
        elif kind == "EN" and strong == "L":
            kinds[index] = "L"
        elif kind in ("ES", "CS"):
            kinds[index] = "ON"


def _resolve_neutral(kinds: list[str], edge: str) -> None:
    """N1 and N2: neutrals between letters of one direction take it, others that of the paragraph."""
    for start, end in _runs(kinds, frozenset(("ON", "WS", "S", "B"))):
        before = _side(kinds[start - 1]) if start else edge
        after = _side(kinds[end]) if end < len(kinds) else edge
        kinds[start:end] = [before if before == after else edge] * (end - start)


def _side(kind: str) -> str:
    return "L" if kind == "L" else "R"


def _runs(kinds: list[str], wanted: frozenset[str]) -> list[tuple[int, int]]:
    """The maximal ranges of `kinds` that hold only `wanted` ones."""
    runs = []
    start = None
    for index, kind in enumerate([*kinds, ""]):
        if kind in wanted:
            start = index if start is None else start
        elif start is not None:
            runs.append((start, index))
            start = None
    return runs


def _level(kind: str, base: int) -> int:
    """I1 and I2."""
    if kind == "L":
        return base + base % 2
    if kind == "R":
        return base + 1 - base % 2
    return base + 2 - base % 2
