"""Cutting a text that is too long for a pipeline where that does least harm."""

from __future__ import annotations

from annotator.model.segments import paragraphs, sentences


def chunks(text: str, limit: int) -> list[tuple[int, int]]:
    """Ranges of at most `limit` code points that make up the text.

    Each ends before the last paragraph that begins within the limit, else before the last sentence, else behind the
    last white space, else at the limit.
    """
    ranges = []
    start = 0
    while len(text) - start > limit:
        end = start + _cut(text[start : start + limit + 1], limit)
        ranges.append((start, end))
        start = end
    if start < len(text):
        ranges.append((start, len(text)))
    return ranges


def _cut(window: str, limit: int) -> int:
    for segments in (paragraphs(window), sentences(window)):
        if (begin := segments.starts[-1] if len(segments) else 0) > 0:
            return min(begin, limit)
    return next((index + 1 for index in range(limit - 1, 0, -1) if window[index].isspace()), limit)
