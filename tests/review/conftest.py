"""A short article under review, and a short way to say what each annotator marked in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from annotator.model.annotations import AnnotationSet
from annotator.model.documents import new_document
from annotator.model.labels import LabelSet
from annotator.model.spans import Span
from annotator.review.session import ReviewSession

ARTICLE = """\
Nicolás Maduro spoke in San Félix. Maduro named the State Department and the University of Chicago Press.
Later the State Department answered Maduro from Valdora.
"""

Marks = Sequence[tuple[Any, ...]]


class Room:
    """A session over the article, where places are named by their words."""

    def __init__(
        self,
        sets: Mapping[str, Marks],
        *,
        gold: AnnotationSet | None = None,
        nested: bool = False,
        text: str = ARTICLE,
        begins: bool = True,
        now: datetime = datetime(2026, 11, 22, 9, 0, tzinfo=UTC),
        **options: Any,
    ) -> None:
        self.text = text
        self.now = now
        self.labels = replace(LabelSet.from_names("news", ["PER", "LOC", "ORG"]), nested=nested)
        self.gold = gold or AnnotationSet("doc", "gold")
        self.session = ReviewSession(
            new_document(text, id="doc"),
            self.labels,
            self.gold,
            {name: [self.span(*mark) for mark in marks] for name, marks in sets.items()},
            reviewer="lea",
            clock=self.clock,
            **options,
        )
        if begins:
            self.session.begin()

    def clock(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now

    def span(self, words: str, label: str, nth: int = 1, **more: Any) -> Span:
        """The nth place of these words as a span."""
        start = -1
        for _ in range(nth):
            start = self.text.index(words, start + 1)
        return Span(start, start + len(words), label, **more)

    def again(self, sets: Mapping[str, Marks], **options: Any) -> Room:
        """A later session over the same gold set."""
        return Room(sets, gold=self.gold, nested=self.labels.nested, text=self.text, **options)

    @property
    def spans(self) -> list[tuple[str, str]]:
        """The gold spans as words and label."""
        return [(self.text[each.start : each.end], each.label) for each in self.gold.spans]

    @property
    def rejected(self) -> list[tuple[str, str]]:
        """The rejections as words and label."""
        return [(self.text[each.start : each.end], each.label) for each in self.gold.rejections]

    @property
    def current(self) -> str | None:
        """The words of the current conflict."""
        current = self.session.current
        return self.text[current.start : current.end] if current else None

    @property
    def open(self) -> list[str]:
        """The words of the open conflicts."""
        return [self.text[each.start : each.end] for each in self.session.navigation.all_open]

    @property
    def focus(self) -> str | None:
        """The words that an edit would begin with."""
        mark = self.session.editor.focus
        return self.text[mark.start : mark.end] if mark else None

    @property
    def versions(self) -> list[tuple[list[tuple[str, str]], tuple[str, ...], bool]]:
        """The current conflict's versions: spans in words, who, and whether they stand in gold."""
        return [
            (
                [(self.text[span.start : span.end], span.label) for span in version.spans],
                version.annotators,
                version.in_gold,
            )
            for version in self.session.versions()
        ]


@pytest.fixture
def room_of() -> Callable[..., Room]:
    """A session: `room_of({"anna": [("San Félix", "LOC")], ...}, gold=None, nested=False, text=ARTICLE)`."""
    return Room


TWO: dict[str, Marks] = {
    "anna": [
        ("Nicolás Maduro", "PER"),
        ("San Félix", "LOC"),
        ("the State Department", "ORG"),
        ("University of Chicago Press", "ORG"),
        ("Valdora", "LOC"),
    ],
    "ben": [
        ("Nicolás Maduro", "PER"),
        ("San Félix", "PER"),
        ("State Department", "ORG"),
        ("University of Chicago", "ORG"),
        ("Press", "ORG"),
    ],
}


@pytest.fixture
def room() -> Room:
    """Two annotators: one unanimous span, then a conflict of label, boundary, complex and one-sided."""
    return Room(TWO)
