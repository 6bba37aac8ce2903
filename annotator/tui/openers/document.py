"""What opens over any screen with a document: the label picker, and the choice between versions."""

from __future__ import annotations

from typing import Protocol

from textual.app import App

from annotator.editing.editor import Editor
from annotator.errors import InputError, StoreError
from annotator.tui.screens.document.navigation import Navigation
from annotator.workspace.saving import SavingWorkspace


class LabelledScreen(Protocol):
    """A screen with a document, on which a label can be given."""

    navigation: Navigation

    @property
    def editor(self) -> Editor:
        """The document on screen."""

    def say(self, message: str) -> None:
        """Say something in the status line until the next key."""

    def label(self, name: str) -> None:
        """Give a label, as its key would."""


class LabelAndVersionOpener:
    """Opens dialogs over a screen with a document, and does there what was chosen."""

    def __init__(self, app: App[None], workspace: SavingWorkspace, screen: LabelledScreen) -> None:
        self._app = app
        self._workspace = workspace
        self._screen = screen

    def pick_label(self) -> None:
        """Ask for a label by its name, and give it."""
        from annotator.tui.screens.dialogs import LabelPicker

        def give(name: str | None) -> None:
            if name is not None:
                self._screen.label(name)

        self._app.push_screen(LabelPicker(self._workspace.label_set, self._screen.editor.last_label), give)

    def choose_version(self) -> None:
        """Ask which of several versions of the set on screen shall hold."""
        from annotator.tui.screens.dialogs import error_dialog, versions_dialog

        document_id = self._screen.editor.document.id
        versions = self._workspace.versions(document_id)
        if len(versions) < 2:
            self._screen.say("there is one version of your annotations only")
            return

        def take(name: str | None) -> None:
            if name is None:
                return
            try:
                self._workspace.choose(document_id, name)
            except (StoreError, InputError) as error:
                self._app.push_screen(error_dialog(error, title="This version cannot be taken"))
            else:
                self._screen.navigation.open_anew("chosen; the other is kept in quarantine/")

        self._app.push_screen(versions_dialog(versions), take)
