"""What the annotate screen does about what is no key: answers of the worker, saves, the mouse."""

from __future__ import annotations

from textual import on

from annotator.errors import InputError, StoreError
from annotator.tui.screens.annotate.base import AnnotateBase
from annotator.tui.widgets.bar import Bar
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

    # The view and the mouse

    @on(DocumentView.Painted)
    def _on_painted(self, message: DocumentView.Painted) -> None:
        self.editor.board.mark_seen(message.start, message.end)

    @on(DocumentView.Pressed)
    def _on_pressed(self, message: DocumentView.Pressed) -> None:
        if message.extend:
            start, end = self.editor.cursor.word
            self.editor.select(min(start, message.offset), max(end, message.offset + 1))
        else:
            self.editor.walk.go(message.offset)
        self.set_focus(self.view)
        self.look()

    @on(DocumentView.Dragged)
    def _on_dragged(self, message: DocumentView.Dragged) -> None:
        self.editor.select(message.start, message.end)
        self.look(follow=False)

    @on(DocumentView.DoublePressed)
    def _on_double_pressed(self, message: DocumentView.DoublePressed) -> None:
        self.editor.walk.go(message.offset)
        if (place := self.editor.addition()) is not None:
            self.editor.select(*place)
        self.look()

    @on(Bar.Clicked)
    def _on_bar_clicked(self, message: Bar.Clicked) -> None:
        if message.action.startswith("label:"):
            self.label(message.action.removeprefix("label:"))
        else:
            self.act(message.action)
