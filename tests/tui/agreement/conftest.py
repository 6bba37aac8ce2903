"""The agreement screen over a small store that three have annotated; the tokens come with the documents."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest
from textual.pilot import Pilot

from annotator.formats.exchange import AnnotatedDocument
from annotator.model.decisions import Status
from annotator.model.documents import Document, new_document
from annotator.model.resources import load_label_set
from annotator.model.spans import Span
from annotator.model.tokens import Tokens, stand_in_tokens
from annotator.settings import Settings
from annotator.store.repository import Store
from annotator.store.sets import SetSnapshot
from annotator.tui.app import AnnotatorApp
from annotator.tui.screens.agreement.cases import CasesScreen
from annotator.tui.screens.agreement.screen import AgreementScreen
from annotator.tui.widgets.bar import Bar
from annotator.workspace import Workspace
from annotator.workspace.agreement.selection import FinishedSets
from annotator.workspace.transfer.importing import imported_set

TEXTS = {
    "first": "Maduro spoke in Caracas on Tuesday, and Hugo Chávez listened.",
    "second": "[b]Pence[/b] left for Rome.",
    "third": "A quiet day.",
}
WORDS = {
    ("ada", "first"): [
        ("Maduro", "PERSON"),
        ("Caracas", "GPE"),
        ("Tuesday", "DATE"),
        ("Hugo Chávez", "PERSON"),
    ],
    ("ben", "first"): [("Maduro", "ORG"), ("Caracas", "GPE"), ("Hugo", "PERSON")],
    ("cleo", "first"): [("Maduro", "PERSON"), ("Caracas on Tuesday", "GPE")],
    ("ada", "second"): [("Pence", "PERSON"), ("Rome", "GPE")],
    ("ben", "second"): [("Pence", "PERSON")],
    ("ada", "third"): [],
    ("ben", "third"): [],
    ("gold", "first"): [("Maduro", "PERSON"), ("Caracas", "GPE"), ("Hugo Chávez", "PERSON")],
}


def _document(id: str) -> Document:
    text = TEXTS[id]
    return new_document(text, id=id, tokens=Tokens(list(stand_in_tokens(text)), tokenizer="words"))


def make_store(path: Path, *annotators: str) -> Store:
    """The store, with the sets of `annotators`, by default of all."""
    store = Store.create(path, label_set=load_label_set("news"), model="blank:en")
    store.add_documents(map(_document, TEXTS))
    for (name, id), words in WORDS.items():
        if name in annotators or not annotators:
            spans = tuple(
                Span(start := TEXTS[id].index(word), start + len(word), label) for word, label in words
            )
            item = AnnotatedDocument(_document(id), spans=spans, status=Status.DONE)
            store.save(SetSnapshot.of(imported_set(item, name)))
    return store


class Figures:
    """The running app, and what a test asks of it."""

    def __init__(self, app: AnnotatorApp, pilot: Pilot[None], workspace: Workspace) -> None:
        self.app = app
        self.pilot = pilot
        self.workspace = workspace

    @property
    def screen(self) -> AgreementScreen:
        return next(each for each in self.app.screen_stack if isinstance(each, AgreementScreen))

    @property
    def cases(self) -> CasesScreen:
        assert isinstance(self.app.screen, CasesScreen)
        return self.app.screen

    async def press(self, keys: str) -> None:
        """Press keys, given by their names between blanks, and wait until all that they began has come to rest."""
        for key in keys.split():
            await self.pilot.press(key)
            await self.settle()

    async def settle(self) -> None:
        """Wait until screens have come and gone, and their threads have ended."""
        for _ in range(3):
            await self.pilot.pause()
            running = [each for each in self.app.workers if each.name in ("_measure", "_find")]
            await self.app.workers.wait_for_complete(running)

    def bar(self, name: str) -> str:
        return self.app.screen.query_one(f"#{name}", Bar).shown

    def lines(self) -> list[str]:
        """What is on the terminal, a string a row."""
        strips = self.app.screen._compositor.render_strips()
        return ["".join(segment.text for segment in row).rstrip() for row in strips]

    def shows(self, text: str) -> bool:
        """True if a row has these words, however far apart the columns are."""
        shown = [" ".join(line.split()) for line in self.lines()]
        return any(text in line for line in shown)


FiguresMaker = Callable[..., AbstractAsyncContextManager[Figures]]


@pytest.fixture
def figures(tmp_path: Path) -> FiguresMaker:
    """Runs the app on the store of these annotators, with the agreement on screen unless `is_open` is False."""

    @asynccontextmanager
    async def make(
        size: tuple[int, int] = (100, 30),
        *annotators: str,
        is_open: bool = True,
        who: str = "kim",
        **settings: object,
    ) -> AsyncIterator[Figures]:
        store = make_store(tmp_path / "S", *annotators)
        workspace = Workspace(store, annotator=who, settings=Settings(opening_guard_ms=0, **settings))
        sets = FinishedSets(store) if is_open else None
        begin = None if sets is None else lambda openers: openers.show_agreement(sets)
        app = AnnotatorApp(workspace, first=workspace.first(), begin=begin)
        try:
            async with app.run_test(size=size) as pilot:
                at = Figures(app, pilot, workspace)
                await pilot.pause()
                await at.settle()
                yield at
        finally:
            workspace.close()

    return make
