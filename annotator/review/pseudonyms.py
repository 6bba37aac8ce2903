"""Names that hide who annotated what."""

from __future__ import annotations

import hashlib
import string
from collections.abc import Iterable


def pseudonyms(annotators: Iterable[str], *, document: str, seed: int = 0) -> dict[str, str]:
    """A letter for each annotator, always the same for the same people, seed and document.

    Letters are shuffled by a seeded hash for each document, so that who is right in one document cannot be recognised in
    the next, and so that they do not follow the alphabet of the real names.
    """

    def draw(name: str) -> bytes:
        return hashlib.sha256(f"{seed}\n{document}\n{name}".encode("utf-8", "surrogatepass")).digest()

    return {name: _letters(number) for number, name in enumerate(sorted(set(annotators), key=draw))}


def _letters(number: int) -> str:
    """A to Z, then AA, AB and so on."""
    letters = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, len(string.ascii_uppercase))
        letters = string.ascii_uppercase[rest] + letters
    return letters
