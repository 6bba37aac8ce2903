"""The application that annotates: puts its screens and dialogs together."""

from __future__ import annotations

from textual import on
from textual.screen import Screen

from annotator.tui.actions import ANNOTATE, DOCUMENTS
from annotator.tui.base_app import BaseApp, keymap, show
from annotator.tui.document_list import ListState
from annotator.tui.screens.annotate import AnnotateScreen
from annotator.workspace import Workspace


class AnnotatorApp(BaseApp):
    """One workspace on the terminal, from the document `first` on."""

    _workspace: Workspace

    def __init__(self, workspace: Workspace, *, first: str) -> None:
        self._first = first
        self._list_state = ListState()
        self._annotate_keys = keymap(workspace.settings, ANNOTATE)
        self._documents_keys = keymap(workspace.settings, DOCUMENTS)
        super().__init__(workspace)

    @property
    def desk(self) -> AnnotateScreen:
        """The annotate screen."""
        return self._annotate

    def get_default_screen(self) -> Screen[None]:
        """The annotate screen: one pushed later would be styled and laid out after an empty one."""
        self._annotate = AnnotateScreen(self._workspace, self._annotate_keys, first=self._first)
        return self._annotate

    @on(AnnotateScreen.Wanted)
    def _on_wanted(self, message: AnnotateScreen.Wanted) -> None:
        {
            "labels": self.pick_label,
            "why": self._why,
            "documents": self._documents,
            "versions": self.choose_version,
        }[message.name]()

    def _why(self) -> None:
        from annotator.tui.screens.dialogs import why_dialog

        editor = self._annotate.editor
        mark = editor.focus
        if mark is None:
            self._annotate.say("no suggestion or span here")
        else:
            self.push_screen(why_dialog(mark, editor.text(mark.start, mark.end), editor.label_set))

    def _documents(self) -> None:
        from annotator.tui.screens.documents import DocumentsScreen

        workspace, annotate = self._workspace, self._annotate
        annotate.leave()
        here = annotate.editor.document.id

        def open_document(document_id: str | None) -> None:
            if document_id is not None and document_id != here:
                annotate.open(document_id)

        self.push_screen(
            DocumentsScreen(
                workspace.rows(),
                keymap=self._documents_keys,
                current=here,
                next_unfinished=lambda: workspace.following(here),
                state=self._list_state,
            ),
            open_document,
        )


def run(workspace: Workspace) -> int:
    """Show the workspace on the terminal until the person quits, and close it; 1 if something was left unsaved."""
    return show(workspace, lambda: AnnotatorApp(workspace, first=workspace.first()))
