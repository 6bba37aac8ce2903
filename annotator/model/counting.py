"""Numbers in sentences."""

from __future__ import annotations


def counted(number: int, noun: str) -> str:
    """A number and its noun, such as "1 document" or "1,200 documents"."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
