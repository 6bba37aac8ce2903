"""A store with four findings, and the program opened on its audit."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.pilot import Pilot

from annotator.model.labels import LabelSet
from annotator.settings import Settings
from annotator.store.repository import Store
from annotator.tui.app import AnnotatorApp
from annotator.tui.screens.audit.screen import AuditScreen
from annotator.workspace import Workspace
from annotator.workspace.audit.search import AuditOf
from tests.tui.audit.seen import Opener, fill, is_there, until


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = Store.create(tmp_path / "store", label_set=LabelSet.from_names("news", ["PER", "ORG", "LOC"]))
    fill(store, "kim")
    return store


@pytest.fixture
def opened(store: Store) -> Iterator[Opener]:
    """Opens the program on the audit, and waits until that is there."""
    workspaces: list[Workspace] = []

    @asynccontextmanager
    async def open_app(
        me: str = "kim", of: str | None = None, size: tuple[int, int] = (120, 40)
    ) -> AsyncIterator[tuple[AnnotatorApp, Pilot[None]]]:
        workspace = Workspace(store, annotator=me, settings=Settings(opening_guard_ms=0), model="blank:en")
        workspaces.append(workspace)
        app = AnnotatorApp(
            workspace, first=workspace.first(), begin=lambda openers: openers.show_audit(AuditOf(of))
        )
        async with app.run_test(size=size) as pilot:
            await until(pilot, lambda: isinstance(app.screen, AuditScreen) and is_there(app))
            yield app, pilot

    yield open_app  # type: ignore[misc]
    for workspace in workspaces:
        workspace.close()
