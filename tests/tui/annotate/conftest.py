"""The annotate screen on a small store whose suggestions are known; no worker runs."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from textual.pilot import Pilot

from annotator.editing.editor import Editor
from annotator.model.annotations import AnnotationSet
from annotator.model.documents import new_document
from annotator.model.resources import load_label_set
from annotator.model.spans import Suggestion
from annotator.model.tokens import stand_in_tokens
from annotator.settings import Settings
from annotator.store.repository import Store
from annotator.suggest.sources.resolution import resolve
from annotator.suggest.worker.answers import Answer
from annotator.tui.app import AnnotatorApp
from annotator.tui.screens.annotate.screen import AnnotateScreen
from annotator.workspace import Workspace
from annotator.workspace.pipeline_answers import PipelineAnswers
from tests.keys import key_event

FIRST = (
    "Protests in Caracas raged on Tuesday.\n\n"
    "A statue of Hugo Chávez fell near 23 de Enero. Maduro spoke.\n\n"
    "Nicolás Maduro leads the State Department. Maduro and Pence met, and Maduro left on Twitter."
)
SECOND = "Anh Nguyễn sailed to Hue.\n\nNothing else happened."
THIRD = "A quiet day.\n"

FOUND = {
    "first": [
        ("Caracas", "GPE", 0.99),
        ("Tuesday", "DATE", 0.98),
        ("Hugo Chávez", "LOC", 0.41),
        ("23", "CARDINAL", 0.85),
        ("Maduro", "ORG", 0.97),
        ("Nicolás Maduro", "PERSON", 0.99),
        ("the State Department", "ORG", 0.99),
        ("Maduro", "ORG", 0.96),
        ("Pence", "PERSON", 0.96),
        ("Maduro", "PERSON", 0.96),
        ("Twitter", "PERSON", 0.54),
    ],
    "second": [("Anh Nguyễn", "PERSON", 0.99), ("Hue", "GPE", 0.97)],
    "third": [],
}


def suggestions(text: str, found: list[tuple[str, str, float]]) -> tuple[Suggestion, ...]:
    """Suggestions on these words, each at its next place in the text."""
    made, place = [], 0
    for words, label, score in found:
        place = text.index(words, place)
        made.append(Suggestion(place, place + len(words), label, score=score, source_label=label))
        place += len(words)
    return tuple(made)


def make_store(path: Path) -> Store:
    """Three documents, their tokens and suggestions cached as the pipeline's."""
    store = Store.create(path, label_set=load_label_set("news"))
    pipeline = resolve()
    for name, text in (("first", FIRST), ("second", SECOND), ("third", THIRD)):
        document = new_document(text, id=name)
        store.add_document(document)
        tokens = stand_in_tokens(text)
        answer = Answer(name, document.sha256, tokens, suggestions(text, FOUND[name]), pipeline.name)
        PipelineAnswers(store, pipeline).keep(answer)
    return store


@dataclass
class Desk:
    """The running screen, and what a test asks of it."""

    app: AnnotatorApp
    pilot: Pilot[None]
    workspace: Workspace

    @property
    def screen(self) -> AnnotateScreen:
        return next(screen for screen in self.app.screen_stack if isinstance(screen, AnnotateScreen))

    @property
    def editor(self) -> Editor:
        return self.screen.editor

    @property
    def set(self) -> AnnotationSet:
        return self.editor.annotation_set

    @property
    def focus(self) -> str | None:
        """The text of the mark in focus."""
        focus = self.editor.focus
        return self.editor.text(focus.start, focus.end) if focus else None

    @property
    def spans(self) -> list[tuple[str, str]]:
        """Text and label of the decided spans."""
        return [(self.editor.text(each.start, each.end), each.label) for each in self.set.spans]

    def bar(self, name: str) -> str:
        """What a bar says."""
        from annotator.tui.widgets.bar import Bar

        return self.screen.query_one(f"#{name}", Bar).shown

    def row(self, name: str) -> str:
        """What of a bar there is room to paint."""
        from annotator.tui.widgets.bar import Bar

        return "".join(segment.text for segment in self.screen.query_one(f"#{name}", Bar).render_line(0))

    async def press(self, *keys: str) -> None:
        """Press keys as fast as a terminal may, and wait until all have been acted on."""
        for key in keys:
            self.app.post_message(key_event(key))
        await self.pilot.pause()
        await self.pilot.pause()

    async def walk_to(self, text: str) -> None:
        """Press Tab until the mark on `text` is in focus."""
        for _ in range(len(self.editor.board.open) + 1):
            if self.focus == text:
                return
            await self.press("tab")
        pytest.fail(f"no suggestion {text!r}")


Opener = Callable[..., AbstractAsyncContextManager[Desk]]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return make_store(tmp_path / "store")


@pytest.fixture
def desk(store: Store, monkeypatch: pytest.MonkeyPatch) -> Opener:
    """Opens the screen on the store; `settings` and the terminal's size may be given."""
    monkeypatch.setattr(Workspace, "start_suggesting", lambda self: None)

    @asynccontextmanager
    async def open_desk(size: tuple[int, int] = (120, 40), **settings: object) -> AsyncIterator[Desk]:
        workspace = Workspace(store, annotator="me", settings=Settings(**{"opening_guard_ms": 0, **settings}))
        app = AnnotatorApp(workspace, first=workspace.first())
        try:
            async with app.run_test(size=size) as pilot:
                await pilot.pause()
                yield Desk(app, pilot, workspace)
        finally:
            workspace.close()

    return open_desk
