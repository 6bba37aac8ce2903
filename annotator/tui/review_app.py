"""The application that reviews: puts its screens and dialogs together."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.screen import Screen

from annotator.review.walk import Filter
from annotator.tui.base_app import BaseApp, keymap, show
from annotator.tui.screens.documents.actions import DOCUMENTS
from annotator.tui.screens.documents.rows import ListState
from annotator.tui.screens.review.actions import REVIEW
from annotator.tui.screens.review.bars import filter_choices, who
from annotator.tui.screens.review.screen import ReviewScreen
from annotator.workspace.review.workspace import ReviewWorkspace

if TYPE_CHECKING:
    from annotator.tui.screens.dialogs import HelpSection


class ReviewApp(BaseApp):
    """One review on the terminal, from the document `first` on."""

    CSS_PATH: ClassVar[list[str | PurePath]] = [*BaseApp.CSS_PATH, "screens/review/review.tcss"]
    _workspace: ReviewWorkspace

    def __init__(self, workspace: ReviewWorkspace, *, first: str) -> None:
        self._first = first
        self._list_state = ListState()
        self._review_keys = keymap(workspace.settings, REVIEW)
        self._documents_keys = keymap(workspace.settings, DOCUMENTS)
        super().__init__(workspace)

    @property
    def desk(self) -> ReviewScreen:
        """The review screen."""
        return self._review

    def get_default_screen(self) -> Screen[None]:
        """The review screen: one pushed later would be styled and laid out after an empty one."""
        self._review = ReviewScreen(self._workspace, self._review_keys, first=self._first)
        return self._review

    def help_sections(self) -> Sequence[HelpSection]:
        """Digits take versions here, and labels have their keys behind another one."""
        from annotator.tui.screens.dialogs import HelpSection
        from annotator.tui.screens.dialogs.entries import Entry

        first = self._review_keys.key("pick_label")
        return [
            HelpSection(
                "Versions",
                (
                    Entry("1 … 9", (("Take that version, and go to the next conflict.", "plain"),)),
                    Entry(
                        f"{first} 1",
                        (("Give the label with the key 1; capitals give theirs at once.", "plain"),),
                    ),
                ),
            )
        ]

    @on(ReviewScreen.Wanted)
    def _on_wanted(self, message: ReviewScreen.Wanted) -> None:
        {
            "labels": self.pick_label,
            "who": self._who,
            "filter": self._filter,
            "documents": self._documents,
            "versions": self.choose_version,
        }[message.name]()

    def _who(self) -> None:
        from annotator.tui.screens.dialogs.who import who_dialog

        session = self._review.session
        if (conflict := session.current) is not None:
            text = session.editor.text(conflict.start, conflict.end)
            self.push_screen(who_dialog(text, who(session, conflict)))

    def _filter(self) -> None:
        from annotator.tui.screens.dialogs.chooser import Chooser

        review = self._review
        choices = filter_choices(review.session.walk.all_open)
        filters = [choice.filter for choice in choices]
        cursor = filters.index(review.session.filter) if review.session.filter in filters else 0

        def take(index: int | None) -> None:
            if index is not None:
                review.filter_by(filters[index])

        lines = [
            (choice.name if choice.filter != Filter() else "all conflicts", f"{choice.count} open here")
            for choice in choices
        ]
        self.push_screen(Chooser("Stop only at", lines, cursor=cursor), take)

    def _documents(self) -> None:
        from annotator.tui.screens.documents.screen import DocumentsScreen

        workspace, review = self._workspace, self._review
        review.leave()
        here = review.editor.document.id

        def open_document(document_id: str | None) -> None:
            if document_id is not None and document_id != here:
                review.open(document_id)

        self.push_screen(
            DocumentsScreen(
                workspace.rows(),
                keymap=self._documents_keys,
                current=here,
                next_unfinished=lambda: workspace.route.following(here),
                state=self._list_state,
                show_agreement=lambda: review.say("annotator agreement shows the figures"),
            ),
            open_document,
        )


def run(workspace: ReviewWorkspace) -> int:
    """Show the review on the terminal until the person quits, and close it; 1 if something was left unsaved."""
    return show(workspace, lambda: ReviewApp(workspace, first=workspace.route.first()))
