"""Names that hide who annotated what."""

from __future__ import annotations

import hashlib
import string
from collections.abc import Iterable


def pseudonyms(annotators: Iterable[str], *, seed: int = 0) -> dict[str, str]:
    """A name such as "annotator A" for each annotator, always the same for the same people and seed.

    Letters are dealt out by a seeded hash, so that they do not follow the alphabet of the real names. Give all
    annotators of a project, so that a letter means the same person in each document.
    """
    dealt = sorted(set(annotators), key=lambda name: hashlib.sha256(f"{seed}\n{name}".encode()).digest())
    return {name: f"annotator {_letters(number)}" for number, name in enumerate(dealt)}


def _letters(number: int) -> str:
    """A to Z, then AA, AB and so on."""
    letters = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, len(string.ascii_uppercase))
        letters = string.ascii_uppercase[rest] + letters
    return letters
