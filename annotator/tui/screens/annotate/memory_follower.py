"""Suggestions on a long text follow memory bit by bit, so that keys come in between."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual.timer import Timer

from annotator.editing.change import Range
from annotator.editing.editor import Editor
from annotator.tui.screens.annotate.mention_preview import Later
from annotator.workspace import Workspace

_REST = 0.02
"""Seconds without a key until suggestions on a long text follow memory."""
_BETWEEN = 0.01
"""Seconds between its parts."""


class MemoryFollower:
    """Lets the suggestions of the document on screen follow memory, those on the screen first."""

    def __init__(
        self,
        workspace: Workspace,
        *,
        later: Later,
        first_visible: Callable[[], int],
        on_change: Callable[[Sequence[Range]], None],
    ) -> None:
        """`first_visible` gives the topmost offset on the screen; `on_change` is called with what looks different."""
        self._workspace = workspace
        self._later = later
        self._first_visible = first_visible
        self._on_change = on_change
        self._timer: Timer | None = None

    def follow_later(self, editor: Editor) -> None:
        """Begin once the keys have come to rest, if there is anything to do."""
        if self._timer is not None:
            self._timer.stop()
        if self._workspace.is_behind(editor):
            self._timer = self._later(_REST, lambda: self.follow(editor))

    def follow(self, editor: Editor) -> None:
        """Do one part now, and the next one soon."""
        ranges = self._workspace.catch_up(editor, self._first_visible())
        if self._workspace.is_behind(editor):
            self._timer = self._later(_BETWEEN, lambda: self.follow(editor))
        self._on_change(ranges)
