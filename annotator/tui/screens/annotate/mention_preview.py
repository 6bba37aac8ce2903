"""The other mentions that the last correction fits, boxed on the screen before a key applies it to them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from textual.timer import Timer

from annotator.editing.editor import Editor

if TYPE_CHECKING:
    from annotator.editing.correction import Correction
    from annotator.editing.recorder import Draft

_LONG_TEXT = 50_000
"""From so many characters on, looking for the mentions of a frequent name would delay the next key."""
_REST = 0.05
"""Seconds without a key until mentions are looked for in a long text."""

Later = Callable[[float, Callable[[], None]], Timer]
"""Calls a function after some seconds, unless the timer is stopped."""


class MentionPreview:
    """Looks for the mentions in the document on screen; in a long text only once the keys have come to rest."""

    def __init__(self, *, later: Later, on_change: Callable[[], None]) -> None:
        """`on_change` is called when they were found later than asked for."""
        self.correction: Correction | None = None
        """The last correction, if it fits other mentions."""
        self.drafts: Sequence[Draft] = ()
        """What it would do to them."""
        self._later = later
        self._on_change = on_change
        self._timer: Timer | None = None

    @property
    def boxes(self) -> tuple[tuple[int, int], ...]:
        """Where the mentions are."""
        spans = (draft.after or draft.suggestion for draft in self.drafts)
        return tuple((span.start, span.end) for span in spans if span is not None)

    def find(self, editor: Editor) -> None:
        """Find what the last correction fits now."""
        if self._timer is not None:
            self._timer.stop()
        if len(editor.document.text) <= _LONG_TEXT:
            self._find_now(editor)
        else:
            self.correction, self.drafts = None, ()
            self._timer = self._later(_REST, lambda: self._find_late(editor))

    def _find_now(self, editor: Editor) -> None:
        self.correction, self.drafts = editor.correction() or (None, ())

    def _find_late(self, editor: Editor) -> None:
        self._find_now(editor)
        self._on_change()
