"""What opens over the review screen: screens and dialogs, each imported when it is wanted for the first time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.app import App

from annotator.review.conflict_navigation import Filter
from annotator.tui.base_app import keymap
from annotator.tui.openers.document import LabelAndVersionOpener
from annotator.tui.screens.review.bars import filter_choices, who
from annotator.tui.screens.review.screen import ReviewScreen
from annotator.workspace.review.workspace import ReviewWorkspace

if TYPE_CHECKING:
    from annotator.tui.screens.documents.rows import ListState


class ReviewOpeners:
    """Opens each as often as it is wanted; the list of documents comes back as it was left."""

    def __init__(self, app: App[None], workspace: ReviewWorkspace, review: ReviewScreen) -> None:
        self._app = app
        self._workspace = workspace
        self._review = review
        self._labels_and_versions = LabelAndVersionOpener(app, workspace, review)
        self._list_state: ListState | None = None

    def pick_label(self) -> None:
        """Ask for a label by its name, and give it."""
        self._labels_and_versions.pick_label()

    def choose_version(self) -> None:
        """Ask which of several versions of the set on screen shall hold."""
        self._labels_and_versions.choose_version()

    def who(self) -> None:
        """Show who has which version of the current conflict."""
        from annotator.tui.screens.dialogs.who import who_dialog

        session = self._review.session
        if (conflict := session.current) is not None:
            text = session.editor.text(conflict.start, conflict.end)
            self._app.push_screen(who_dialog(text, who(session, conflict)))

    def filter(self) -> None:
        """Ask which conflicts to stop at."""
        from annotator.tui.screens.dialogs.chooser import Chooser

        review = self._review
        choices = filter_choices(review.session.navigation.all_open)
        filters = [choice.filter for choice in choices]
        cursor = filters.index(review.session.filter) if review.session.filter in filters else 0

        def take(index: int | None) -> None:
            if index is not None:
                review.filter_by(filters[index])

        lines = [
            (choice.name if choice.filter != Filter() else "all conflicts", f"{choice.count} open here")
            for choice in choices
        ]
        self._app.push_screen(Chooser("Stop only at", lines, cursor=cursor), take)

    def documents(self) -> None:
        """Show all documents."""
        from annotator.tui.screens.documents.actions import DOCUMENTS
        from annotator.tui.screens.documents.rows import ListState
        from annotator.tui.screens.documents.screen import DocumentsScreen

        workspace, review = self._workspace, self._review
        self._list_state = self._list_state or ListState()
        review.leave()
        here = review.editor.document.id

        def open_document(document_id: str | None) -> None:
            if document_id is not None and document_id != here:
                review.open(document_id)

        self._app.push_screen(
            DocumentsScreen(
                workspace.rows(),
                keymap=keymap(workspace.settings, DOCUMENTS),
                current=here,
                next_unfinished=lambda: workspace.route.following(here),
                state=self._list_state,
                show_agreement=lambda: review.say("annotator agreement shows the figures"),
            ),
            open_document,
        )
