"""What the annotate screen does about what is no key: answers of the worker, saves, what was painted."""

from __future__ import annotations

from textual import on

from annotator.errors import InputError, StoreError
from annotator.tui.screens.annotate.base import AnnotateBase
from annotator.tui.widgets.document_view import DocumentView
from annotator.workspace import BackupFailed, Saved, ServiceState, Suggested, SuggesterChanged


class AnnotateListener(AnnotateBase):
    """The document on screen, kept up with what happens elsewhere."""

    _trouble = ""
    """What was said last to be wrong with the pipeline."""

    # The worker and the writer

    @on(AnnotateBase.Happened)
    def _on_happened(self, message: AnnotateBase.Happened) -> None:
        match message.event:
            case Suggested() as suggested:
                self._take(suggested)
            case SuggesterChanged(state):
                self._tell_of_trouble(state)
                self.show_bars()
            case Saved():
                self.show_bars()
            case BackupFailed(error):
                self.post_message(self.Failed(error, "There is no backup of today"))

    def _take(self, suggested: Suggested) -> None:
        try:
            if self.workspace.take(suggested) is self.editor:
                self._suggestions_arrived()
        except (StoreError, InputError) as error:
            self.post_message(self.Failed(error, "There are no suggestions for a document"))

    def _tell_of_trouble(self, state: ServiceState) -> None:
        """Say once what went wrong with the pipeline; it goes on by itself where it can."""
        if state.detail and state.detail != self._trouble:
            self._message = state.detail
        self._trouble = state.detail

    def _suggestions_arrived(self) -> None:
        if off := len(self.editor.misaligned()):
            self._message = f"{off} spans are off the pipeline's tokens: ctrl+p, snap"
        self.refresh_all()

    # The view

    @on(DocumentView.Painted)
    def _on_painted(self, message: DocumentView.Painted) -> None:
        self.editor.board.mark_seen(message.start, message.end)
