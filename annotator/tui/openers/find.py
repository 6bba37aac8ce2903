"""The find screen over the annotate screen: opened, followed to its hits, and its steps brought back to what is open."""

from __future__ import annotations

import asyncio
from collections import Counter
from functools import partial

from textual.app import App

from annotator.model.counting import counted
from annotator.tui.keys.keymap import Keymap
from annotator.tui.openers.audit_questions import left_out_dialog, undo_dialog
from annotator.tui.openers.changed_documents import ChangedDocuments
from annotator.tui.screens.annotate.screen import AnnotateScreen
from annotator.tui.screens.dialogs import LabelPicker, error_dialog
from annotator.tui.screens.dialogs.entries import Entry
from annotator.tui.screens.dialogs.message import MessageDialog, choice
from annotator.tui.screens.find.screen import Dialogs, FindScreen
from annotator.tui.screens.find.state import FindState
from annotator.workspace import Workspace
from annotator.workspace.contexts import Contexts
from annotator.workspace.find.changes import Change
from annotator.workspace.find.search import Hit
from annotator.workspace.find.service import FindService

_REASONS = 5


class FindOpener:
    """Opens the find screen as often as it is asked for, each time as it was left."""

    def __init__(
        self, app: App[None], workspace: Workspace, annotate: AnnotateScreen, keymap: Keymap
    ) -> None:
        self._app = app
        self._workspace = workspace
        self._annotate = annotate
        self._keymap = keymap
        self._state = FindState()
        self._changed = ChangedDocuments(workspace, annotate)

    async def ask(self, words: str) -> None:
        """Have all saved, then show the screen, with a search for `words` if there are any."""
        workspace = self._workspace
        self._annotate.leave()
        error = await asyncio.to_thread(workspace.flush)
        if error is not None:
            self._app.push_screen(error_dialog(error, title="Not everything is saved"))
            return
        if words and words != self._state.typed:
            self._state = FindState(typed=words, sort=self._state.sort)
        contexts = Contexts(workspace.store)
        screen = FindScreen(
            FindService(workspace.store, workspace.annotator, model=workspace.settings.model),
            keymap=self._keymap,
            label_set=workspace.label_set,
            state=self._state,
            dialogs=Dialogs(
                label=lambda: LabelPicker(workspace.label_set, None),
                change=change_dialog,
                undo=undo_dialog,
                left_out=partial(left_out_dialog, contexts=contexts),
                error=error_dialog,
            ),
            on_step=self._changed.note,
        )
        self._app.push_screen(screen, self._go)

    def _go(self, hit: Hit | None) -> None:
        if hit is None:
            self._changed.go_back(None)
        else:
            self._changed.go_back(hit.document, hit.start)


def change_dialog(change: Change, label: str) -> MessageDialog:
    """What a change of hits would do in numbers, and what it leaves and why; gives "change" if it shall be made."""
    documents = len({document for _, document in change.plan.sets})
    what = f"get {label}" if label else "lose their span"
    said = f"{counted(change.changed, 'hit')} in {counted(documents, 'document')} will {what}, in one step."
    lines = [Entry("", ((said, "plain"),))]
    reasons = Counter(reason for _, reason in change.left)
    lines += [
        Entry("", ((f"{counted(count, 'hit')} left as they are: {reason}", "muted"),))
        for reason, count in reasons.most_common(_REASONS)
    ]
    choices = [choice("change", "enter", "do it", "Do it.")] if change.changed else []
    return MessageDialog("Change the hits", lines, choices=choices, stay="back")
