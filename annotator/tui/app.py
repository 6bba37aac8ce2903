"""The application: puts screens, themes and dialogs together."""

from __future__ import annotations

import gc

from textual import on, work
from textual.app import App

from annotator.tui.actions import ANNOTATE, DOCUMENTS
from annotator.tui.keymap import Keymap, check_changes
from annotator.tui.screens.annotate import AnnotateScreen
from annotator.tui.themes import THEMES, hue_variables
from annotator.workspace import Workspace


class AnnotatorApp(App[None]):
    """One workspace on the terminal, from the document `first` on."""

    TITLE = "annotator"

    def __init__(self, workspace: Workspace, *, first: str) -> None:
        self._workspace = workspace
        self._first = first
        settings = workspace.settings
        check_changes(settings.keys, [*ANNOTATE, *DOCUMENTS])
        self._annotate_keys = Keymap(ANNOTATE, settings.keys, keyboard=settings.keyboard)
        self._documents_keys = Keymap(DOCUMENTS, settings.keys, keyboard=settings.keyboard)
        super().__init__()
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = settings.theme

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Every theme has the hues of labels."""
        return hue_variables(self.current_theme)

    def on_mount(self) -> None:
        """Show the annotate screen."""
        self.push_screen(AnnotateScreen(self._workspace, self._annotate_keys, first=self._first))
        self.call_after_refresh(gc.freeze)


def run(workspace: Workspace, *, first: str) -> int:
    """Show the workspace on the terminal until the person quits; 1 if something could not be saved."""
    app = AnnotatorApp(workspace, first=first)
    app.run()
    return 1 if workspace.close() else 0
