"""Steps by what a reader takes for one character: a letter with its marks, an emoji with its parts."""

from __future__ import annotations

from annotator.model.tokens import JOINER, is_mark


def next_character(text: str, offset: int) -> int:
    """The offset behind the character that begins at `offset`; the length of the text at its end."""
    end = min(offset + 1, len(text))
    while end < len(text) and _continues(text, end):
        end += 1
    return end


def previous_character(text: str, offset: int) -> int:
    """The offset where the character that ends at `offset` begins; 0 at the beginning."""
    start = max(offset - 1, 0)
    while start > 0 and _continues(text, start):
        start -= 1
    return start


def _continues(text: str, offset: int) -> bool:
    """True if no character begins at `offset`."""
    char, before = text[offset], text[offset - 1]
    if char.isascii() or before.isspace():
        return False
    if is_mark(char) or before == JOINER:
        return True
    if _is_flag_half(char) and _is_flag_half(before):
        halves = 1
        while halves < offset and _is_flag_half(text[offset - 1 - halves]):
            halves += 1
        return halves % 2 == 1
    return False


def _is_flag_half(char: str) -> bool:
    return "\U0001f1e6" <= char <= "\U0001f1ff"
