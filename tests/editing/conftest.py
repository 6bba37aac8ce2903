"""An article to annotate, and a short way to say what is in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from annotator.editing.editor import Editor
from annotator.model.annotations import AnnotationSet
from annotator.model.documents import new_document
from annotator.model.labels import LabelSet
from annotator.model.spans import Suggestion

ARTICLE = """\
Marches fill the streets of Valdora

Crowds gathered for a second night, some of them in the 23 de Enero and Petrel districts, to demand that \
President Nicolás Maduro step down. Local media said a statue of Hugo Chávez fell in the town of San Félix.

Vice President Mike Pence spoke at the State Department about Nicolas Maduro. Maduro called the remarks \
“unacceptable”. Mrs. J. Smith-Jones of Amnesty wrote that Maduro has lost touch with the USA.
"""


class Desk:
    """An editor over one text, where places are named by their words."""

    def __init__(self, text: str, *, nested: bool = False, annotations: AnnotationSet | None = None) -> None:
        self.now = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
        labels = replace(LabelSet.from_names("story", ["PER", "LOC", "ORG"]), nested=nested)
        self.set = annotations or AnnotationSet("doc", "me")
        self.editor = Editor(new_document(text, id="doc"), labels, self.set, clock=self.clock)

    def clock(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now

    def find(self, words: str, nth: int = 1) -> tuple[int, int]:
        """Where these words stand for the nth time."""
        start = -1
        for _ in range(nth):
            start = self.editor.document.text.index(words, start + 1)
        return start, start + len(words)

    def suggest(self, *proposals: tuple[str, str] | tuple[str, str, float | None]) -> None:
        """Take suggestions given as words, label and score (.9 unless given), each at its first place."""
        self.editor.suggest(
            Suggestion(*self.find(words), label, score=score[0] if score else 0.9)
            for words, label, *score in proposals
        )

    def go(self, words: str, nth: int = 1) -> None:
        """Move the cursor to these words, as by a jump."""
        self.editor.navigation.go(self.find(words, nth)[0])

    @property
    def spans(self) -> list[tuple[str, str]]:
        """The decided spans as words and label."""
        return [(self.editor.text(each.start, each.end), each.label) for each in self.set.spans]

    @property
    def open(self) -> list[str]:
        """The open suggestions' words."""
        return [self.editor.text(each.start, each.end) for each in self.editor.suggestion_state.open]

    @property
    def focus(self) -> str | None:
        """The words in focus."""
        mark = self.editor.focus
        return self.editor.text(mark.start, mark.end) if mark else None

    @property
    def word(self) -> str:
        """The word at the cursor."""
        return self.editor.text(*self.editor.cursor.word)


@pytest.fixture
def desk() -> Desk:
    """The article under a flat label set, without suggestions."""
    return Desk(ARTICLE)


@pytest.fixture
def desk_of() -> Callable[..., Desk]:
    """A desk for any text: `desk_of(text, nested=False, annotations=None)`."""
    return Desk
