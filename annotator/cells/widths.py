"""Graphemes and terminal cells: how many cells a text takes, and what is drawn in them.

Terminals disagree about some sequences, and one wrong guess shifts a whole row. So nothing whose width is
disputed is ever written; what is written instead is:

* a tab: `⇥` and three blanks, four cells wherever it stands;
* a control character: its picture (`␀` to `␡`), `␦` above U+007F and for what cannot be written at all;
* a bidirectional control: `⇄`; a soft hyphen: `¬`; a zero-width character that stands alone: `␣`;
* joiners and variation selectors within a grapheme: nothing (they have no cell of their own);
* an emoji sequence (skin tone, joined family): its first emoji; a flag: its two letters;
* a letter with combining marks: its composed form where there is one; a mark without a letter: on a `◌`.

Everything else is drawn as it is, in as many cells as rich's tables, and so Textual, count.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import accumulate
from typing import NamedTuple

from rich.cells import get_character_cell_size

TAB_CELLS = 4
"""How many cells a tab takes."""

LINE_BREAKS = "\r\n\x85\u2028\u2029"
"""The characters that end a line; a carriage return and the line feed behind it end the same one."""

_PLAIN = re.compile(
    "[ -~\xa0-\xac\xae-\u02ff\u0370-\u0482\u048a-\u052f\u1e00-\u1fff\u2010-\u2027\u2030-\u205e\u20a0-\u20c0\u2190-\u21ff]*"
)
_SPECIAL = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u1100-\u11ff\u17b4\u17b5"
    "\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ua960-\ua97f\ud7b0-\ud7ff\ud800-\udfff\ufdd0-\ufdef"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff\U000110bd\U000110cd\U00013430-\U0001345f"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U0001f1e6-\U0001f1ff\U0001f3fb-\U0001f3ff\U000e0000-\U000e0fff]"
)
_SILENT = re.compile(
    "[\u034f\u17b4\u17b5\u180b-\u180f\u200c\u200d\ufe00-\ufe0f\U0001f3fb-\U0001f3ff\U000e0020-\U000e01ef]"
)
_HANGUL_PART = re.compile("[\u1160-\u11ff\ud7b0-\ud7ff]")
_BIDI_CONTROLS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_ZERO_WIDTH_JOINER = "\u200d"
_FIRST_FLAG_LETTER = ord("\U0001f1e6")


class Cluster(NamedTuple):
    """One grapheme: its half-open offsets in the text, its width in cells, and what is drawn in them."""

    start: int
    end: int
    width: int
    glyph: str


class _Widths(dict[str, int]):
    """The cells of each character that stands for itself: 0 for a mark on the letter before it, else 1 or 2."""

    def __missing__(self, char: str) -> int:
        width = get_character_cell_size(char)
        self[char] = width
        return width


_widths = _Widths()


def is_plain(text: str) -> bool:
    """True if every character of `text` is one grapheme in one cell, written from left to right as it is."""
    return _PLAIN.fullmatch(text) is not None


def cell_positions(text: str) -> list[int]:
    """Where each character of `text` begins, in cells; one more entry for the end.

    The characters of a grapheme behind its first one begin where the grapheme ends, so that the last offset of
    those at a position is always one between graphemes.
    """
    positions = [0]
    start = 0
    while start < len(text):
        if _widths[text[start]]:
            special = _SPECIAL.search(text, start)
            stop = special.start() if special else len(text)
            if special and stop > start:
                # The letter before a special character may make one grapheme with it.
                stop -= 1
                while stop > start and not _widths[text[stop]]:
                    stop -= 1
            widths = map(_widths.__getitem__, text[start:stop])
            positions.extend(accumulate(widths, initial=positions.pop()))
            start = stop
        if start < len(text):
            cluster = _cluster_at(text, start)
            positions.extend([positions[-1] + cluster.width] * (cluster.end - start))
            start = cluster.end
    return positions


def clusters(text: str) -> Iterator[Cluster]:
    """The graphemes of `text`, in order and without gaps; each is at least one cell wide."""
    start = 0
    while start < len(text):
        cluster = _cluster_at(text, start)
        yield cluster
        start = cluster.end


def _cluster_at(text: str, start: int) -> Cluster:
    """The grapheme of `text` that begins at `start`."""
    char = text[start]
    placeholder = _placeholder(char)
    if placeholder is not None:
        return Cluster(start, start + 1, sum(map(_widths.__getitem__, placeholder)), placeholder)
    end = start + 1
    drawn = _flag_letter(char)
    if drawn != char and end < len(text) and (second := _flag_letter(text[end])) != text[end]:
        drawn += second
        end += 1
    is_joined = False
    while end < len(text):
        follower = text[end]
        if _extends(follower):
            if _SILENT.match(follower) is None:
                drawn += follower
        elif not (is_joined and unicodedata.category(follower) == "So"):
            break
        is_joined = follower == _ZERO_WIDTH_JOINER
        end += 1
    if len(drawn) > 1:
        drawn = unicodedata.normalize("NFC", drawn)
    return Cluster(start, end, sum(map(_widths.__getitem__, drawn)), drawn)


def _placeholder(char: str) -> str | None:
    """What is drawn for a character that cannot be drawn as it is where a grapheme begins; None if it can."""
    if char == "\t":
        return "⇥" + " " * (TAB_CELLS - 1)
    if char < " ":
        return chr(0x2400 + ord(char))
    if char == "\x7f":
        return "␡"
    if char in _BIDI_CONTROLS:
        return "⇄"
    if char == "\xad":
        return "¬"
    if _widths[char]:
        return "␦" if _SPECIAL.match(char) and unicodedata.category(char) in ("Cs", "Cn") else None
    if _SPECIAL.match(char) is None:
        return "◌" + char
    return "␣" if unicodedata.category(char) in ("Cf", "Mn") else "␦"


def _extends(char: str) -> bool:
    """True if `char` has no cell of its own behind a letter or an emoji."""
    if char < "\u0300" or _widths[char]:
        return False
    return not _SPECIAL.match(char) or bool(_SILENT.match(char) or _HANGUL_PART.match(char))


def _flag_letter(char: str) -> str:
    """The letter that a regional indicator stands for; any other character itself."""
    if "\U0001f1e6" <= char <= "\U0001f1ff":
        return chr(ord("A") + ord(char) - _FIRST_FLAG_LETTER)
    return char
