"""The review screen on a small store that two annotators have finished."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from annotator.model.annotations import AnnotationSet
from annotator.review.session import ReviewSession
from annotator.settings import Settings
from annotator.store.repository import Store
from annotator.tui.review_app import ReviewApp
from annotator.tui.screens.review.screen import ReviewScreen
from annotator.tui.widgets.bar import Bar
from annotator.workspace.review.workspace import ReviewOptions, ReviewWorkspace
from tests.keys import key_event
from tests.reviewed import make_store


@dataclass
class Desk:
    """The running screen, and what a test asks of it."""

    app: ReviewApp
    pilot: Pilot[None]
    workspace: ReviewWorkspace

    @property
    def screen(self) -> ReviewScreen:
        return self.app.document_screen

    @property
    def session(self) -> ReviewSession:
        return self.screen.session

    @property
    def gold(self) -> AnnotationSet:
        return self.session.gold

    @property
    def document(self) -> str:
        return self.session.editor.document.id

    @property
    def current(self) -> str | None:
        """The words of the current conflict."""
        current = self.session.current
        return self.session.editor.text(current.start, current.end) if current else None

    @property
    def spans(self) -> list[tuple[str, str]]:
        """Text and label of the gold spans."""
        return [(self.session.editor.text(each.start, each.end), each.label) for each in self.gold.spans]

    @property
    def open(self) -> int:
        """How many conflicts are open here."""
        return self.session.counts.open

    @property
    def panel(self) -> str:
        """What the versions' panel says."""
        return self.screen.versions.shown

    def bar(self, name: str) -> str:
        """What a bar says."""
        return self.screen.query_one(f"#{name}", Bar).shown

    async def press(self, *keys: str) -> None:
        """Press keys as fast as a terminal may, and wait until all have been acted on."""
        for key in keys:
            self.app.post_message(key_event(key))
        await self.pilot.pause()
        await self.pilot.pause()


Opener = Callable[..., AbstractAsyncContextManager[Desk]]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return make_store(tmp_path / "store")


@pytest.fixture
def desk(store: Store, monkeypatch: pytest.MonkeyPatch) -> Opener:
    """Opens the screen on the store; its size, the settings and the review's options may be given."""
    monkeypatch.setattr(ReviewWorkspace, "start_survey", lambda self: None)

    @asynccontextmanager
    async def open_desk(
        size: tuple[int, int] = (120, 40),
        *,
        of: Store | None = None,
        settings: dict[str, Any] | None = None,
        reviewer: str = "lea",
        **options: Any,
    ) -> AsyncIterator[Desk]:
        workspace = ReviewWorkspace(
            of or Store.open(store.path),
            reviewer=reviewer,
            settings=Settings(**{"opening_guard_ms": 0, "backups": 0, **(settings or {})}),
            options=ReviewOptions(**options),
        )
        app = ReviewApp(workspace, first=workspace.route.first())
        try:
            async with app.run_test(size=size) as pilot:
                await pilot.pause()
                yield Desk(app, pilot, workspace)
        finally:
            workspace.close()

    return open_desk
