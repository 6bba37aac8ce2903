"""A store in which ada's work is reviewed, and the program on it, as herself or as a lead who looks on."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from annotator.model.annotations import AnnotationSet
from annotator.model.decisions import Comment, Decision, Verb
from annotator.model.documents import new_document
from annotator.model.labels import LabelSet
from annotator.model.spans import Span
from annotator.settings import Settings
from annotator.store.assignments import Assignments
from annotator.store.repository import Store
from annotator.store.sets import SetSnapshot
from annotator.tui.app import AnnotatorApp
from annotator.tui.screens.annotate.screen import AnnotateScreen
from annotator.tui.widgets.bar import Bar
from annotator.workspace import Workspace
from annotator.workspace.review.feedback import feedback_report
from annotator.workspace.viewing import ViewedWorkspace
from tests.keys import key_event

WHEN = "2020-11-22T14:02:11Z"
TEXTS = {
    "rome": "Ada met Bob in Rome on Monday.",
    "oslo": "Eva left Oslo.",
    "bonn": "Nothing here.\n\nBut Bonn.",
}
OWN = {"rome": [(0, 7, "PER"), (15, 19, "PER"), (23, 29, "LOC")], "oslo": [(0, 3, "PER")], "bonn": []}
GOLD = {
    "rome": [(0, 3, "PER"), (8, 11, "PER"), (15, 19, "LOC")],
    "oslo": [(0, 3, "PER"), (9, 13, "LOC")],
    "bonn": [],
}
COMMENTS = {
    "rome": [Comment(15, 19, "towns are LOC", ("ada",)), Comment(0, 3, "for ben", ("ben",))],
    "oslo": [Comment(0, 3, "well seen")],
    "bonn": [],
}


def finished(document_id: str, annotator: str, spans: list[Any], comments: list[Comment]) -> AnnotationSet:
    """A finished set."""
    made = AnnotationSet(document_id, annotator)
    parts: list[dict[str, Any]] = [
        {"verb": Verb.ADD, "span": f"u{number}", "after": Span(*span)} for number, span in enumerate(spans)
    ]
    parts += [{"verb": Verb.COMMENT, "comment": each} for each in comments]
    for number, part in enumerate([*parts, {"verb": Verb.FINISH}], 1):
        made.apply(Decision(number, number, who=annotator, when=WHEN, **part))
    return made


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Three documents that ada has finished; "rome" and "oslo" are reviewed."""
    store = Store.create(tmp_path / "store", label_set=LabelSet.from_names("news", ["PER", "LOC"]))
    for id, text in TEXTS.items():
        store.add_document(new_document(text, id=id))
        store.save(SetSnapshot.of(finished(id, "ada", OWN[id], [])))
        if id != "bonn":
            store.save(SetSnapshot.of(finished(id, "gold", GOLD[id], COMMENTS[id])))
    return store


@dataclass
class Desk:
    """The running program, and what a test asks of it."""

    app: AnnotatorApp
    pilot: Pilot[None]
    workspace: Workspace

    @property
    def annotate(self) -> AnnotateScreen:
        return self.app.document_screen

    @property
    def returned(self) -> dict[str, str]:
        """What is in ada's assignment as sent back, with the comments."""
        returns = Assignments(self.workspace.store).read("ada").returns
        return {document: back.comment for document, back in returns.items()}

    def bar(self, name: str) -> str:
        return self.app.screen.query_one(f"#{name}", Bar).shown

    def shows(self, text: str) -> bool:
        """True if the terminal shows this somewhere in one row."""
        rows = self.app.screen._compositor.render_strips()
        return any(text in "".join(segment.text for segment in row) for row in rows)

    async def press(self, *keys: str) -> None:
        """Press keys as fast as a terminal may; a word with blanks is typed."""
        for key in keys:
            for each in key if " " in key else [key]:
                self.app.post_message(key_event(each))
        for _ in range(3):
            await self.pilot.pause()


Opener = Callable[..., AbstractAsyncContextManager[Desk]]


@pytest.fixture
def desk(store: Store, monkeypatch: pytest.MonkeyPatch) -> Opener:
    """Opens the program as ada or, with `lead`, on her work as seen by kim; with `feedback`, on that screen."""
    monkeypatch.setattr(Workspace, "start_suggesting", lambda self: None)

    @asynccontextmanager
    async def open_desk(
        *, lead: bool = False, feedback: bool = True, size: tuple[int, int] = (120, 40)
    ) -> AsyncIterator[Desk]:
        settings = Settings(opening_guard_ms=0, backups=0)
        workspace = (
            ViewedWorkspace(store, annotator="ada", seen_by="kim", settings=settings)
            if lead
            else Workspace(store, annotator="ada", settings=settings)
        )
        report = feedback_report(store, "ada") if feedback else None
        begin = None if report is None else lambda openers: openers.show_feedback(report)
        app = AnnotatorApp(workspace, first=workspace.first(), begin=begin)
        try:
            async with app.run_test(size=size) as pilot:
                await pilot.pause()
                yield Desk(app, pilot, workspace)
        finally:
            workspace.close()

    return open_desk
