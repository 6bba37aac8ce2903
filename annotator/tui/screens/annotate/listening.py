"""What the annotate screen does about what is no key: answers of the worker, saves, what was painted."""

from __future__ import annotations

from textual import on
from textual.timer import Timer

from annotator.editing.change import Change
from annotator.errors import InputError, StoreError
from annotator.tui.screens.annotate.base import AnnotateBase
from annotator.tui.widgets.document_view import DocumentView
from annotator.workspace import (
    Adapted,
    BackupFailed,
    Recollected,
    Saved,
    ServiceState,
    Suggested,
    SuggesterChanged,
)

_REST = 0.02
_BETWEEN = 0.01
"""Seconds until suggestions on a long text follow memory, and between its parts, so that keys come in between."""


class AnnotateListener(AnnotateBase):
    """The document on screen, kept up with what happens elsewhere."""

    _trouble = ""
    """What was said last to be wrong with the pipeline."""
    _catching_up: Timer | None = None

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
            case Recollected() as recollected:
                self._learn(recollected)
            case Adapted() as adapted:
                self._take_adapted(adapted)
            case BackupFailed(error):
                self.post_message(self.Failed(error, "There is no backup of today"))

    def _take(self, suggested: Suggested) -> None:
        try:
            if self.workspace.take(suggested) is self.editor:
                self._suggestions_arrived()
        except (StoreError, InputError) as error:
            self.post_message(self.Failed(error, "There are no suggestions for a document"))

    def _take_adapted(self, adapted: Adapted) -> None:
        """What is opened from now on has the copy's suggestions, if it was taken; say how it went."""
        from annotator.tui.screens.annotate.adapting_texts import outcome

        try:
            self.workspace.take_adapted(adapted)
        except StoreError as error:
            self.post_message(self.Failed(error, "The model as it came cannot be kept as your choice"))
        self.workspace.want_suggestions(self.editor.document.id)
        self.say(outcome(adapted.attempt, is_broken=adapted.is_broken))

    def _tell_of_trouble(self, state: ServiceState) -> None:
        """Say once what went wrong with the pipeline; it goes on by itself where it can."""
        if state.detail and state.detail != self._trouble:
            self._message = state.detail
        self._trouble = state.detail

    def _suggestions_arrived(self) -> None:
        if off := len(self.editor.misaligned()):
            self._message = f"{off} spans are off the pipeline's tokens: ctrl+p, snap"
        if self.workspace.is_behind(self.editor):
            self.look(follow=False)
            self._catch_up()
        else:
            self.refresh_all()

    # Memory

    def _learn(self, recollected: Recollected) -> None:
        if recollected.error is not None:
            self.post_message(self.Failed(recollected.error, "Memory is not as you edited it"))
        self.workspace.learn(recollected)
        self._catch_up()

    def open(self, document_id: str, *, message: str = "") -> bool:
        """Show a document, as `AnnotateBase` does; a long one follows memory when it is there."""
        is_open = super().open(document_id, message=message)
        if is_open:
            self._catch_up_later()
        return is_open

    def changed(self, change: Change) -> None:
        """Repaint what a change touched; what memory makes of it in a long text comes later."""
        super().changed(change)
        self._catch_up_later()

    def _catch_up_later(self) -> None:
        """Once the keys have come to rest."""
        if self._catching_up is not None:
            self._catching_up.stop()
        if self.workspace.is_behind(self.editor):
            self._catching_up = self.set_timer(_REST, self._catch_up)

    def _catch_up(self) -> None:
        """Let the suggestions on the screen follow memory, and soon those of a long text's other parts.

        The table and the bars are painted again once something on the screen, or the last part, has changed.
        """
        top, end = self.view.visible_range()
        ranges = self.workspace.catch_up(self.editor, top)
        self.redraw(ranges)
        is_behind = self.workspace.is_behind(self.editor)
        if is_behind:
            self._catching_up = self.set_timer(_BETWEEN, self._catch_up)
        else:
            self._find_mentions()
        if not is_behind or any(start < end and stop > top for start, stop in ranges):
            self.table.changed()
            self.look(follow=False)

    # The view

    @on(DocumentView.Painted)
    def _on_painted(self, message: DocumentView.Painted) -> None:
        self.editor.board.mark_seen(message.start, message.end)
