"""A document as a line of text with its spans in brackets, to look at before it is stored."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from annotator.formats.exchange import AnnotatedDocument


@dataclass(frozen=True, slots=True)
class _Mark:
    start: int
    end: int
    label: str


def bracketed(annotated: AnnotatedDocument, *, limit: int) -> str:
    """The first `limit` characters of the text, spans as `[words](LABEL)`, suggestions as `[words](LABEL?)`.

    Spans that begin later are left out; a text that is longer ends in an ellipsis, behind the last span that began.
    """
    text = annotated.document.text
    marks = [
        _Mark(each.start, each.end, f"{each.label}{mark}")
        for spans, mark in ((annotated.spans, ""), (annotated.suggestions, "?"))
        for each in spans
        if each.start < limit
    ]
    end = max([min(limit, len(text)), *(mark.end for mark in marks)])
    pieces: list[str] = []
    before = 0
    for place, sign in _signs(marks):
        pieces += (text[before:place], sign)
        before = place
    return "".join((*pieces, text[before:end], "…" if end < len(text) else ""))


def _signs(marks: Sequence[_Mark]) -> Iterable[tuple[int, str]]:
    """Where brackets stand, in order: those that close before those that open, inner ones closed first."""
    signs = [(mark.start, 1, -mark.end, "[") for mark in marks]
    signs += [(mark.end, 0, -mark.start, f"]({mark.label})") for mark in marks]
    return [(place, sign) for place, _, _, sign in sorted(signs)]
