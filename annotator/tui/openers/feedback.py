"""Feedback over the annotate screen: the findings gathered, shown, and followed to their places."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeVar

from textual.app import App

from annotator.errors import AnnotatorError
from annotator.model.assignments import Returned
from annotator.model.decisions import time_text
from annotator.tui.keys.keymap import Keymap
from annotator.tui.screens.annotate.screen import AnnotateScreen
from annotator.tui.screens.dialogs import comments_dialog, error_dialog
from annotator.tui.screens.feedback.findings import Entry, FeedbackState
from annotator.tui.screens.feedback.screen import FeedbackScreen, Lead, Place
from annotator.workspace import Workspace
from annotator.workspace.assignments.send_back import send_back, take_back
from annotator.workspace.review.feedback import FeedbackReport, feedback_report
from annotator.workspace.viewing import ViewedWorkspace

_Result = TypeVar("_Result")


class FeedbackOpener:
    """Opens the feedback screen as often as it is asked for, each time as it was left."""

    def __init__(
        self, app: App[None], workspace: Workspace, annotate: AnnotateScreen, keymap: Keymap
    ) -> None:
        self._app = app
        self._workspace = workspace
        self._annotate = annotate
        self._keymap = keymap
        self._state = FeedbackState()

    async def ask(self) -> None:
        """Gather the findings anew, off the interface's thread, and show them; where there are none, say so."""
        workspace, annotate = self._workspace, self._annotate
        annotate.leave()
        annotate.say("looking for feedback…")
        await asyncio.to_thread(workspace.flush)
        try:
            report = await asyncio.to_thread(feedback_report, workspace.store, workspace.annotator)
        except AnnotatorError as error:
            annotate.say("")
            self._tell(error, "There is no feedback")
        else:
            annotate.say("")
            self.show(report)

    def show(self, report: FeedbackReport) -> None:
        """Show the findings; what is chosen there is opened."""
        workspace = self._workspace
        screen = FeedbackScreen(
            report.feedback,
            returned=report.returned,
            keymap=self._keymap,
            label_set=workspace.label_set,
            state=self._state,
            mode=workspace.settings.mode,
            show_comments=self._show_comments,
            lead=self._lead(workspace) if isinstance(workspace, ViewedWorkspace) else None,
        )
        self._app.push_screen(screen, self._go)

    def _go(self, place: Place | None) -> None:
        if place is not None:
            self._annotate.navigation.go_to(place.document_id, place.offset)

    def _lead(self, workspace: ViewedWorkspace) -> Lead:
        store, annotator = workspace.store, workspace.annotator

        def send(document_id: str, comment: str) -> Returned | None:
            sent = self._tried(
                lambda: send_back(
                    store, annotator, [document_id], comment=comment, who=workspace.seen_by, when=_now()
                ),
                "The document was not sent back",
            )
            return sent[0] if sent else None

        def take(document_id: str) -> bool:
            taken = self._tried(
                lambda: take_back(store, annotator, [document_id], when=_now()), "It was not taken back"
            )
            return bool(taken)

        return Lead(send, take)

    def _tried(self, deed: Callable[[], _Result], title: str) -> _Result | None:
        """What `deed` gives; None, and a dialog says why, if it could not be done."""
        try:
            return deed()
        except AnnotatorError as error:
            self._tell(error, title)
            return None

    def _tell(self, error: AnnotatorError, title: str) -> None:
        self._app.push_screen(error_dialog(error, title=title))

    def _show_comments(self, entry: Entry, returned: Returned | None) -> None:
        place = entry.document.document.text[entry.what.start : entry.what.end]
        self._app.push_screen(comments_dialog(place, entry.comments, returned))


def _now() -> str:
    return time_text(datetime.now(UTC))
