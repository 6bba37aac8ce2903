"""Taking back a step of the store: which one it is, and in how many documents; done when it is confirmed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from textual import work

from annotator.errors import AnnotatorError
from annotator.model.counting import counted
from annotator.store.plans import Plan
from annotator.tui.keys.action import Action
from annotator.tui.screens.dialogs.dialog import Dialog, TextDialog
from annotator.tui.screens.dialogs.entries import Line, wrapped
from annotator.tui.screens.dialogs.message import error_dialog
from annotator.tui.widgets.bar import Bar, Piece

_WIDEST = 76


@dataclass(frozen=True, slots=True)
class TakenBack:
    """A step as it is once it was taken back; None for `plan` if that is wanted on screen only."""

    plan: Plan | None


class UndoDialog(TextDialog[TakenBack]):
    """Asks whether `plan` shall be taken back, and has `undo` do it on a thread; dismissed with that, or None.

    `is_here` says that it can be taken back in the document on screen alone.
    """

    def __init__(self, plan: Plan, undo: Callable[[Plan], Plan], *, is_here: bool) -> None:
        actions = (_EVERYWHERE, *((_HERE,) if is_here else ()), _CLOSE)
        super().__init__("Take it back", actions, widest=_WIDEST)
        self._plan = plan
        self._undo = undo
        self._is_undoing = False

    def lines(self, width: int) -> list[Line]:
        """The step."""
        sets = counted(len(self._plan.sets) - len(self._plan.left_out), "document")
        when = self._plan.when[:16].replace("T", " ")
        return [
            *wrapped([(f"“{self._plan.title}”", "strong")], width),
            *wrapped([(f"by {self._plan.who}, {when} UTC, in {sets}", "plain")], width),
            *wrapped([("Documents decided on since stay as they are, and are named.", "muted")], width),
        ]

    def capture(self, key: str, character: str | None) -> bool:
        """While it is being taken back, keys do nothing."""
        return self._is_undoing

    def action_here(self) -> None:
        """Have it taken back on screen only."""
        self.dismiss(TakenBack(None))

    @work
    async def action_everywhere(self) -> None:
        """Take it back."""
        self._is_undoing = True
        self.query_one("#keys", Bar).put([Piece("taking back…", "muted")])
        try:
            self.dismiss(TakenBack(await asyncio.to_thread(self._undo, self._plan)))
        except AnnotatorError as error:
            self._is_undoing = False
            self.app.push_screen(error_dialog(error), lambda _: self.dismiss(None))


_EVERYWHERE = Action(
    "everywhere",
    ("enter", "u"),
    "take back everywhere",
    "Do it.",
    bar=1,
    handler=UndoDialog.action_everywhere,
)
_HERE = Action(
    "here",
    ("h",),
    "only here",
    "Take back what it did in this document.",
    bar=1,
    handler=UndoDialog.action_here,
)
_CLOSE = Action(
    "close", ("escape", "q"), "leave it", "Leave all as it is.", bar=1, handler=Dialog.action_close
)
