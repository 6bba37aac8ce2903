"""Label Studio's regions in HTML and in dialogues: the text that they count in, and where they stand in it.

A region in HTML names elements, and beside them `globalOffsets` in the text without its tags. A region in a dialogue
counts from the beginning of one of its paragraphs. Both are only believed where they are the words that they quote.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html.parser import HTMLParser
from itertools import accumulate
from typing import Any

from annotator.formats.checking import letters
from annotator.formats.reading import whole_number
from annotator.formats.utf16 import Utf16

_NO_TEXT = frozenset({"script", "style", "head", "title"})


@dataclass(frozen=True, slots=True)
class MarkupText:
    """The text of a page or dialogue, and for a dialogue where its paragraphs begin."""

    text: str
    paragraphs: tuple[str, ...] = ()
    starts: tuple[int, ...] = ()

    def place(self, value: Mapping[str, Any]) -> tuple[int, int] | None:
        """Where a region with this value stands, in code points; None if it does not say, or quotes other words."""
        place = self._in_paragraphs(value) if self.paragraphs else self._on_page(value)
        quoted = value.get("text")
        if place is None or not isinstance(quoted, str):
            return None
        return place if letters(self.text[slice(*place)]) == letters(quoted.replace("\\n", "\n")) else None

    def _on_page(self, value: Mapping[str, Any]) -> tuple[int, int] | None:
        match value.get("globalOffsets"):
            case {"start": int(start), "end": int(end)}:
                units = Utf16(self.text)
                return _range(units.point(start), units.point(end))
        return None

    def _in_paragraphs(self, value: Mapping[str, Any]) -> tuple[int, int] | None:
        return _range(
            self._in_paragraph(value.get("start"), value.get("startOffset")),
            self._in_paragraph(value.get("end"), value.get("endOffset")),
        )

    def _in_paragraph(self, number: object, offset: object) -> int | None:
        index = whole_number(number)
        if index is None or not 0 <= index < len(self.paragraphs) or not isinstance(offset, int):
            return None
        point = Utf16(self.paragraphs[index]).point(offset)
        return None if point is None else self.starts[index] + point


def page_text(html: str) -> MarkupText:
    """The text of a page: that of its text nodes, one after the other."""
    parser = _TextNodes()
    parser.feed(html)
    parser.close()
    return MarkupText("".join(parser.pieces))


def dialogue_text(paragraphs: object) -> MarkupText | None:
    """The texts of a dialogue, a line feed between each two; None for what is not a list of objects with texts."""
    if not isinstance(paragraphs, list) or not paragraphs:
        return None
    texts = [next(iter(_texts_in(item)), None) for item in paragraphs]
    known = tuple(text for text in texts if text is not None)
    if len(known) < len(texts):
        return None
    starts = accumulate((len(text) + 1 for text in known[:-1]), initial=0)
    return MarkupText("\n".join(known), known, tuple(starts))


def _texts_in(item: object) -> Iterable[str]:
    if isinstance(item, dict):
        for key in ("text", "phrase", "content", "value", "utterance"):
            if isinstance(item.get(key), str):
                yield item[key]


def _range(start: int | None, end: int | None) -> tuple[int, int] | None:
    return None if start is None or end is None or start >= end else (start, end)


class _TextNodes(HTMLParser):
    """Gathers the text that a page shows."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._hidden += tag in _NO_TEXT

    def handle_endtag(self, tag: str) -> None:
        self._hidden = max(0, self._hidden - (tag in _NO_TEXT))

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.pieces.append(data)
