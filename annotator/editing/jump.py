"""Jump hints: one letter for the likeliest places while there are letters to spare, two or more for any other word."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from annotator.editing.hint_letters import LETTERS


def assign_hints(likely: Sequence[int], others: Sequence[int]) -> dict[int, str]:
    """A hint for each offset, so that none begins another one.

    `likely` ones get one letter each while there are letters to spare, in their order; all else gets as few letters as
    all the places together need.
    """
    likely = list(dict.fromkeys(likely))
    taken = set(likely)
    rest = [offset for offset in dict.fromkeys(others) if offset not in taken]
    singles = min(len(likely), len(LETTERS))
    while singles > 0 and _capacity(len(LETTERS) - singles) < len(likely) - singles + len(rest):
        singles -= 1
    hints = dict(zip(likely, LETTERS[:singles], strict=False))
    prefixes = LETTERS[singles:]
    places = likely[singles:] + rest
    length = 1
    while len(prefixes) * len(LETTERS) ** length < len(places):
        length += 1
    hints.update(zip(places, _words(prefixes, length), strict=False))
    return hints


def _capacity(prefixes: int) -> int:
    """How many two-letter hints begin with that many letters."""
    return prefixes * len(LETTERS)


def _words(prefixes: str, more: int) -> list[str]:
    words = list(prefixes)
    for _ in range(more):
        words = [word + letter for word in words for letter in LETTERS]
    return words


def matching(hints: Mapping[int, str], typed: str) -> tuple[int | None, bool]:
    """The offset whose hint is `typed` (letter case does not matter), and whether more letters may follow."""
    typed = typed.lower()
    for offset, hint in hints.items():
        if hint == typed:
            return offset, False
    return None, any(hint.startswith(typed) for hint in hints.values())
