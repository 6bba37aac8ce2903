"""What gold data costs with SLATE's default key map (jkkummerfeld/slate), which has no suggestions."""

from __future__ import annotations

from collections.abc import Iterable

from annotator.model.tokens import Tokens

_LABEL = 2
"""Space, and the label's key."""
_NEXT_FILE = 1


def slate_keys(tokens: Tokens, gold: Iterable[tuple[int, int, str]]) -> int:
    """The fewest keys for all entities of a document from left to right, and for the next document.

    The cursor begins on the first token and stays on the last one of what was labelled. It moves, and a selection
    grows, by a token a key, or by several with the number typed before the key (`10;`).
    """
    keys, at = _NEXT_FILE, 0
    for start, end, _ in sorted(gold):
        inside = tokens.within(start, end)
        keys += _steps(abs(inside[0] - at)) + _steps(len(inside) - 1) + _LABEL
        at = inside[-1]
    return keys


def _steps(tokens: int) -> int:
    return min(tokens, len(str(tokens)) + 1)
