"""Counting an annotator's work for the screen, off the interface's thread."""

from __future__ import annotations

import asyncio

from textual.app import App

from annotator.errors import AnnotatorError
from annotator.measure.statistics import Statistics
from annotator.workspace import Workspace
from annotator.workspace.statistics import Counting


async def counted_work(app: App[None], workspace: Workspace) -> Statistics | str:
    """The figures once all that is decided is saved, or why there are none. It ends when the app does."""

    def go_on(done: int, total: int) -> None:
        if not app.is_running:
            raise asyncio.CancelledError

    def count() -> Statistics:
        workspace.flush()
        return Counting(workspace.store, workspace.annotator).run(progress=go_on)

    try:
        return await asyncio.to_thread(count)
    except AnnotatorError as error:
        return error.message
