"""The annotate screen on a small store whose suggestions are known; no worker runs."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest
from textual.pilot import Pilot

from annotator.editing.editor import Editor
from annotator.model.annotations import AnnotationSet
from annotator.model.documents import new_document
from annotator.model.labels import LabelSet
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


def make_store(
    path: Path,
    texts: Mapping[str, str] | None = None,
    found: Mapping[str, list[tuple[str, str, float]]] | None = None,
    *,
    label_set: LabelSet | None = None,
) -> Store:
    """Documents by id, by default three, their tokens and suggestions cached as the pipeline's."""
    texts = texts or {"first": FIRST, "second": SECOND, "third": THIRD}
    found = FOUND if found is None else found
    store = Store.create(path, label_set=label_set or load_label_set("news"))
    pipeline = resolve()
    for name, text in texts.items():
        document = new_document(text, id=name)
        store.add_document(document)
        tokens = stand_in_tokens(text)
        proposals = suggestions(text, found.get(name, []))
        answer = Answer(name, document.sha256, tokens, proposals, pipeline.name)
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

    def cell(self, words: str, *, last: bool = False) -> tuple[int, int]:
        """The cell of the view in which the first character of these words is drawn, or the last one."""
        text = self.editor.document.text
        offset = text.index(words) + (len(words) - 1 if last else 0)
        view = self.screen.view
        cells = [
            (x, y)
            for y in range(view.size.height)
            for x in range(view.size.width)
            if view.grapheme_at(x, y)[0] == offset
        ]
        # The margin left of a line is nearest to its first character, what is right of it to its last.
        x, y = cells[-1] if not offset or text[offset - 1] == "\n" else cells[0]
        inset = view.content_region.offset - view.region.offset
        return x + inset.x, y + inset.y

    async def drag(self, first: str, last: str) -> None:
        """Drag the mouse from the beginning of words to the end of others."""
        from annotator.tui.widgets.document_view import DocumentView

        await self.pilot.mouse_down(DocumentView, offset=self.cell(first))
        await self.pilot.hover(DocumentView, offset=self.cell(last, last=True))
        await self.pilot.mouse_up(DocumentView, offset=self.cell(last, last=True))
        await self.pilot.pause()

    async def walk_to(self, text: str) -> None:
        """Press Tab until the mark on `text` is in focus."""
        for _ in range(len(self.editor.suggestion_state.open) + 1):
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
    return partial(open_desk, store)


@pytest.fixture
def desk_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Opener:
    """Opens the screen on one text of a store of its own, with these suggestions on it."""
    monkeypatch.setattr(Workspace, "start_suggesting", lambda self: None)

    def open_text(
        text: str,
        found: list[tuple[str, str, float]] | None = None,
        *,
        label_set: LabelSet | None = None,
        **options: object,
    ) -> AbstractAsyncContextManager[Desk]:
        store = make_store(tmp_path / "one", {"text": text}, {"text": found or []}, label_set=label_set)
        return open_desk(store, **options)

    return open_text


@asynccontextmanager
async def open_desk(
    store: Store, size: tuple[int, int] = (120, 40), **settings: object
) -> AsyncIterator[Desk]:
    workspace = Workspace(store, annotator="me", settings=Settings(**{"opening_guard_ms": 0, **settings}))
    app = AnnotatorApp(workspace, first=workspace.first())
    try:
        async with app.run_test(size=size) as pilot:
            await pilot.pause()
            yield Desk(app, pilot, workspace)
    finally:
        workspace.close()
