"""Edges: what stands at a name's edge and is part of it in one project and not in another, such as an article."""

from __future__ import annotations

import enum
import re
from collections.abc import Iterator
from typing import NamedTuple


class EdgeKind(enum.StrEnum):
    """What stands at an edge: the first four before a name, the others behind it."""

    ARTICLE = "article"
    TITLE = "title"
    OPENING_QUOTE = "opening quote"
    SIGN = "sign"
    POSSESSIVE = "possessive"
    PUNCTUATION = "closing punctuation"
    CLOSING_QUOTE = "closing quote"


class Edge(NamedTuple):
    """What habits are counted by. `word` is the article or sign itself: "The" may be in a name where "the" is not."""

    kind: EdgeKind
    word: str = ""


class AtEdge(NamedTuple):
    """An edge met at a span. `start` and `end` are the span's offsets without it if `is_within`, else with it."""

    edge: Edge
    is_within: bool
    start: int
    end: int


_WINDOW = 20
"""No edge is longer, in code points."""
_ARTICLE = "the|a|an|der|die|das|den|dem|des|le|la|les|el|los|las|il|lo|gli|os|het|een"
_TITLE = (
    r"(?:Mrs?|Ms|Dr|Prof|Sen|Rep|Gov|Gen|Col|Lt|Sgt|Capt|Rev|Hon|Herr|Frau|Señora?|Mme|Mlle)(?:\s?\.)?"
    "|Sir|Dame|Lord|Lady|President|Senator|Governor|Professor|Doctor|General|Colonel|Captain|Judge|Justice"
    "|King|Queen|Prince|Princess|Pope|Chancellor|Minister|Mayor|Ambassador|Secretary"
)
_BEFORE_NAME = rf"(?:(?P<article>(?i:{_ARTICLE}))|(?P<title>{_TITLE}))\s+|(?P<quote>[\"“„«‘])\s?|(?P<sign>[#@$€£¥₹₩₽])\s?"
_FIRST = re.compile(_BEFORE_NAME)
_BEFORE = re.compile(rf"(?<!\w)(?:{_BEFORE_NAME})\Z")
_BEHIND_NAME = r"\s?(?:(?P<possessive>['’](?:\s?s\b)?)|(?P<quote>[\"”»])|(?P<punctuation>[.,;:!?…]))"
_LAST = re.compile(rf"{_BEHIND_NAME}\Z")
_BEHIND = re.compile(rf"{_BEHIND_NAME}(?!\w)")


def at_edges(text: str, start: int, end: int) -> Iterator[AtEdge]:
    """The edges at `[start, end)`, left ones first: those within it, else those that it leaves out."""
    first = _FIRST.match(text, start, end)
    if first is not None and first.end() < end:
        yield AtEdge(_left(first), True, first.end(), end)
    elif before := _BEFORE.search(text, max(0, start - _WINDOW), start):
        yield AtEdge(_left(before), False, before.start(), end)
    last = _LAST.search(text, max(start, end - _WINDOW), end)
    if last is not None and last.start() > start:
        yield AtEdge(_right(last), True, start, last.start())
    elif behind := _BEHIND.match(text, end, end + _WINDOW):
        yield AtEdge(_right(behind), False, start, behind.end())


def _left(match: re.Match[str]) -> Edge:
    if article := match["article"]:
        return Edge(EdgeKind.ARTICLE, article)
    if sign := match["sign"]:
        return Edge(EdgeKind.SIGN, sign)
    return Edge(EdgeKind.TITLE if match["title"] else EdgeKind.OPENING_QUOTE)


def _right(match: re.Match[str]) -> Edge:
    if match["possessive"]:
        return Edge(EdgeKind.POSSESSIVE)
    return Edge(EdgeKind.CLOSING_QUOTE if match["quote"] else EdgeKind.PUNCTUATION)
