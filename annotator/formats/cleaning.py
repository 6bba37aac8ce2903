"""A text cleaned as every import cleans it, with the way from offsets in what came to offsets in what stays."""

from __future__ import annotations

import re
from bisect import bisect_left

from annotator.model.documents import clean_text


class CleanedText:
    """A text without byte order mark and CRLF, and where its removed characters were."""

    __slots__ = ("_raw", "_removed", "text")

    def __init__(self, raw: str) -> None:
        self.text = clean_text(raw)
        self._raw = raw
        self._removed: list[int] = []
        if len(self.text) != len(raw):
            self._removed = [0] if raw.startswith("\ufeff") else []
            self._removed += [match.start() for match in re.finditer("\r\n", raw)]

    @property
    def as_it_came(self) -> str:
        """The text before it was cleaned."""
        return self._raw

    def holds(self, start: int, end: int) -> bool:
        """True if `[start, end)` has characters and lies in the text as it came."""
        return 0 <= start < end <= len(self._raw)

    def raw(self, start: int, end: int) -> str:
        """What `[start, end)` held in the text as it came."""
        return self._raw[start:end]

    def moved(self, start: int, end: int) -> tuple[int, int]:
        """Where `[start, end)` of the text as it came lies now; empty if all of it was removed."""
        if not self._removed:
            return start, end
        return start - bisect_left(self._removed, start), end - bisect_left(self._removed, end)
