"""Agreement over the annotate screen: opened, and what is chosen there followed to its place."""

from __future__ import annotations

from textual.app import App

from annotator.errors import AnnotatorError
from annotator.tui.keys.keymap import Keymap
from annotator.tui.screens.agreement.cases import Place
from annotator.tui.screens.agreement.screen import AgreementScreen
from annotator.tui.screens.annotate.screen import AnnotateScreen
from annotator.tui.screens.dialogs import error_dialog
from annotator.workspace import Workspace
from annotator.workspace.agreement.selection import FinishedSets


class AgreementOpener:
    """Opens the agreement screen; the figures are computed anew each time."""

    def __init__(
        self,
        app: App[None],
        workspace: Workspace,
        annotate: AnnotateScreen,
        keymap: Keymap,
        cases_keymap: Keymap,
    ) -> None:
        self._app = app
        self._workspace = workspace
        self._annotate = annotate
        self._keymap = keymap
        self._cases_keymap = cases_keymap

    def ask(self) -> None:
        """Show the agreement of all annotators; where nothing can be compared, a dialog says why."""
        self._annotate.leave()
        try:
            sets = FinishedSets(self._workspace.store)
        except AnnotatorError as error:
            self._app.push_screen(error_dialog(error, title="There is nothing to compare"))
        else:
            self.show(sets)

    def show(self, sets: FinishedSets) -> None:
        """Show the agreement of these sets; a document that is chosen there is opened."""
        screen = AgreementScreen(
            sets,
            keymap=self._keymap,
            cases_keymap=self._cases_keymap,
            mode=self._workspace.settings.mode,
            before=self._workspace.flush,
        )
        self._app.push_screen(screen, self._go)

    def _go(self, place: Place | None) -> None:
        annotate = self._annotate
        if place is None:
            return
        if place.document_id not in self._workspace.queue.ids:
            annotate.say(f"that document is not among those of {self._workspace.annotator}")
        else:
            annotate.navigation.go_to(place.document_id, place.offset)
