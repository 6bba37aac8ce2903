"""Tags: spans of tokens as one tag a token (IOB2), which a chain can learn."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

OUTSIDE = "O"

TokenSpan = tuple[int, int, str]
"""First token, token behind the last, and label."""


def tags_of(spans: Iterable[TokenSpan], length: int) -> list[str]:
    """The tags of `length` tokens; of spans that overlap the one that begins first stays, the longest of several."""
    tags = [OUTSIDE] * length
    for first, last, label in sorted(spans, key=lambda span: (span[0], -span[1], span[2])):
        if all(tag == OUTSIDE for tag in tags[first:last]):
            tags[first:last] = [f"B-{label}", *[f"I-{label}"] * (last - first - 1)]
    return tags


def spans_of(tags: Sequence[str]) -> list[TokenSpan]:
    """The spans that tags stand for; an I that continues nothing begins a span."""
    spans: list[TokenSpan] = []
    for index, tag in enumerate(tags):
        if tag == OUTSIDE:
            continue
        label = tag[2:]
        if tag.startswith("I-") and spans and spans[-1][1] == index and spans[-1][2] == label:
            spans[-1] = (spans[-1][0], index + 1, label)
        else:
            spans.append((index, index + 1, label))
    return spans


def tag_names(labels: Iterable[str]) -> list[str]:
    """All tags that spans of these labels need, OUTSIDE first."""
    return [OUTSIDE, *(f"{prefix}-{label}" for label in labels for prefix in "BI")]


def may_follow(before: str, tag: str) -> bool:
    """True if `tag` can stand behind `before`: an I only continues a span of its label."""
    return not tag.startswith("I-") or (before != OUTSIDE and before[2:] == tag[2:])
