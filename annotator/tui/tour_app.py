"""The application of the tour: the annotate screen on a sample text, with a guide above it."""

from __future__ import annotations

from annotator.tui.app import AnnotatorApp
from annotator.tui.base_app import show
from annotator.tui.screens.tour.guide import Guide
from annotator.tui.screens.tour.steps import FIRST_DOCUMENT, Progress
from annotator.workspace import Workspace


class TourApp(AnnotatorApp):
    """A workspace on the sample of the tour; the guide says what to press and waits for it."""

    CSS = "#pane { height: 1fr; }"

    def on_mount(self) -> None:
        """Put the guide above the first document once that is shown; Textual calls the bases' own `on_mount` as well."""
        self.call_after_refresh(self._show_guide)

    def _show_guide(self) -> None:
        self.document_screen.mount(Guide(self.document_screen.keymap, self._progress), before=0)

    def _progress(self) -> Progress:
        screen = self.document_screen
        return Progress(
            screen.editor,
            is_jumping=screen.pane.jump is not None,
            is_roomy=screen.view.mode == "roomy",
            is_covered=self.screen is not screen,
        )


def run(workspace: Workspace) -> int:
    """Show the tour until the person leaves; 1 if something was left unsaved."""
    return show(workspace, lambda: TourApp(workspace, first=FIRST_DOCUMENT))
