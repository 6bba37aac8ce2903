"""A text made of a source, and where each of its characters stood there."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping
from typing import Any

from annotator.formats.exchange import Problem, ReadOptions, Report
from annotator.formats.sources import Source, decoded, too_large
from annotator.model.documents import text_hash

MAP = "_source_map"
"""The metadata key under which the map stands."""
_SPACE = re.compile(r"[ \t\n\r\f]+|[^ \t\n\r\f]+")
_LINE = re.compile(r"\r\n?|[^\r]+")


class MappedText:
    """Builds a text piece by piece.

    A run is a piece of the text that a stretch of the source became: its start in the text, its start in the source and
    its length there. Runs as long in the text as in the source are the same characters.
    """

    def __init__(self) -> None:
        self.left_out: Counter[str] = Counter()
        self._pieces: list[str] = []
        self._runs: list[tuple[int, int, int]] = []
        self._length = 0
        self._wanted_ends = 0
        self._ends_in_space = True

    def __len__(self) -> int:
        return self._length

    @property
    def text(self) -> str:
        """The text so far."""
        return "".join(self._pieces)

    @property
    def is_between_lines(self) -> bool:
        """True if what follows begins a line."""
        return bool(self._wanted_ends) or not self._length

    @property
    def runs(self) -> list[int]:
        """Text start, source start and source length of each run in turn."""
        return [number for run in self._runs for number in run]

    def add(self, text: str, source: int) -> None:
        """Take over characters of the source as they are; runs of white space become one space."""
        for match in _SPACE.finditer(text):
            if match[0].isspace() and match[0][0] in " \t\n\r\f":
                if not self._ends_in_space and not self._wanted_ends:
                    self._put(" ", source + match.start(), len(match[0]))
                    self._ends_in_space = True
            else:
                self.add_as(match[0], source + match.start(), len(match[0]))

    def add_plain(self, text: str, source: int) -> None:
        """Take over characters with their white space, but for carriage returns at line ends."""
        for match in _LINE.finditer(text):
            piece = "\n" if match[0][0] == "\r" else match[0]
            self.add_as(piece, source + match.start(), len(match[0]))

    def add_as(self, text: str, source: int, length: int) -> None:
        """Add characters for a stretch of the source, behind the line ends that were asked for."""
        if self._wanted_ends and self._length:
            self._drop_last_space()
            self._put("\n" * self._wanted_ends, source, 0)
        self._wanted_ends = 0
        self._put(text, source, length)
        self._ends_in_space = text[-1:] in " \n\t"

    def end_line(self, count: int = 1) -> None:
        """Have what follows begin on a line of its own, behind a blank line where `count` is 2."""
        self._wanted_ends = max(self._wanted_ends, count)

    def begin_cell(self, source: int) -> None:
        """Have what follows begin behind a tab, unless it begins a line."""
        if self._length and not self._wanted_ends:
            self._drop_last_space()
            self._put("\t", source, 0)
            self._ends_in_space = True

    def text_from(self, start: int) -> str:
        """The text from that offset on."""
        found: list[str] = []
        length = self._length
        for piece in reversed(self._pieces):
            if length <= start:
                break
            length -= len(piece)
            found.append(piece)
        text = "".join(reversed(found))
        return text[max(start - length, 0) :]

    def finished(self, source: Source, raw: str, *, format: str, encoding: str) -> tuple[str, dict[str, Any]]:
        """The text and its metadata: the source's name, and the map."""
        self._drop_last_space()
        map_of = {"format": format, "sha256": text_hash(raw), "encoding": encoding, "runs": self.runs}
        return self.text, {"source": source.name, MAP: map_of}

    def tell(self, source: Source, report: Report) -> None:
        """Report what was left out."""
        if self.left_out:
            parts = ", ".join(f"{what} ({count})" for what, count in sorted(self.left_out.items()))
            report.add(Problem("", source.name, f"left out, or laid out otherwise: {parts}"))

    def _put(self, text: str, source: int, length: int) -> None:
        if not text:
            return
        last = self._runs[-1] if self._runs else None
        is_same = len(text) == length
        if last is not None and is_same and last[2] == self._length - last[0] and last[1] + last[2] == source:
            self._runs[-1] = (last[0], last[1], last[2] + length)
        else:
            self._runs.append((self._length, source, length))
        self._pieces.append(text)
        self._length += len(text)

    def _drop_last_space(self) -> None:
        if self._pieces and self._pieces[-1] == " ":
            self._pieces.pop()
            self._length -= 1
            start, source, length = self._runs[-1]
            if start == self._length:
                self._runs.pop()
            else:
                self._runs[-1] = (start, source, length - 1)


class SourceMap:
    """Finds where a stretch of a text stood in the source."""

    def __init__(self, runs: list[int], length: int) -> None:
        self._starts = runs[::3]
        self._sources = runs[1::3]
        self._lengths = runs[2::3]
        self._ends = [*self._starts[1:], length]

    def stretches(self, start: int, end: int) -> list[tuple[int, int]]:
        """The stretches of the source that became `[start, end)`, those that touch as one; white space between is none."""
        found: list[tuple[int, int]] = []
        for index in range(max(bisect_right(self._starts, start) - 1, 0), len(self._starts)):
            if self._starts[index] >= end:
                break
            first, last = max(start, self._starts[index]), min(end, self._ends[index])
            if first >= last or not self._lengths[index]:
                continue
            if self._ends[index] - self._starts[index] == self._lengths[index]:
                offset = self._sources[index] - self._starts[index]
                stretch = (first + offset, last + offset)
            else:
                stretch = (self._sources[index], self._sources[index] + self._lengths[index])
            if found and found[-1][1] == stretch[0]:
                found[-1] = (found[-1][0], stretch[1])
            else:
                found.append(stretch)
        return found


def source_map(meta: Mapping[str, Any], length: int) -> SourceMap | None:
    """The map in a document's metadata, for a text of that length; None if there is none that fits."""
    kept = meta.get(MAP)
    runs = kept.get("runs") if isinstance(kept, Mapping) else None
    if (
        not isinstance(runs, list)
        or len(runs) % 3
        or not all(type(each) is int and each >= 0 for each in runs)
    ):
        return None
    starts = runs[::3]
    if starts != sorted(starts) or (starts and starts[-1] >= max(length, 1)):
        return None
    return SourceMap(runs, length)


def source_text(source: Source, encoding: str, options: ReadOptions) -> str:
    """All of a source's text. InputError if it is larger than a text may be, many times."""
    limit = 8 * options.size_limit
    pieces: list[str] = []
    size = 0
    for piece in decoded(source, encoding):
        pieces.append(piece)
        size += len(piece)
        if size > limit:
            raise too_large(source.name, limit)
    return "".join(pieces)
