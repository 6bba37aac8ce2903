"""The application that reviews: puts its screens and dialogs together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import PurePath
from typing import TYPE_CHECKING, ClassVar

from textual.screen import Screen

from annotator.tui.base_app import BaseApp, keymap, show
from annotator.tui.screens.review.actions import REVIEW
from annotator.tui.screens.review.screen import ReviewScreen
from annotator.workspace.review.workspace import ReviewWorkspace

if TYPE_CHECKING:
    from annotator.tui.keys.action import Action
    from annotator.tui.openers.review import ReviewOpeners
    from annotator.tui.screens.dialogs import HelpSection


class ReviewApp(BaseApp):
    """One review on the terminal, from the document `first` on."""

    CSS_PATH: ClassVar[list[str | PurePath]] = [*BaseApp.CSS_PATH, "screens/review/review.tcss"]
    _workspace: ReviewWorkspace

    def __init__(self, workspace: ReviewWorkspace, *, first: str) -> None:
        self._first = first
        self._review_keys = keymap(workspace.settings, REVIEW)
        super().__init__(workspace)

    def action_tables(self) -> Iterable[Iterable[Action]]:
        """Those of the review screen and of the list of documents."""
        from annotator.tui.screens.documents.actions import DOCUMENTS

        return REVIEW, DOCUMENTS

    @property
    def document_screen(self) -> ReviewScreen:
        """The review screen."""
        return self._review

    @cached_property
    def openers(self) -> ReviewOpeners:
        """What opens over the review screen."""
        from annotator.tui.openers.review import ReviewOpeners

        return ReviewOpeners(self, self._workspace, self._review)

    def get_default_screen(self) -> Screen[None]:
        """The review screen: one pushed later would be styled and laid out after an empty one."""
        self._review = ReviewScreen(
            self._workspace, self._review_keys, first=self._first, openers=lambda: self.openers
        )
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


def run(workspace: ReviewWorkspace) -> int:
    """Show the review on the terminal until the person quits, and close it; 1 if something was left unsaved."""
    return show(workspace, lambda: ReviewApp(workspace, first=workspace.route.first()))
