"""The last correction in all documents, from the annotate screen: shown first, done in one step, and taken back."""

from __future__ import annotations

import asyncio

from textual.app import App

from annotator.editing.correction import correction_to_repeat
from annotator.model.counting import counted
from annotator.store.plans import Plan
from annotator.store.steps import Steps
from annotator.tui.openers.audit_questions import left_out_dialog
from annotator.tui.screens.annotate.screen import AnnotateScreen
from annotator.tui.screens.dialogs.mentions import Applied, MentionsDialog
from annotator.tui.screens.dialogs.undoing import TakenBack, UndoDialog
from annotator.workspace import Workspace
from annotator.workspace.contexts import Contexts
from annotator.workspace.steps.step_lookup import step_behind


class EverywhereOpener:
    """Steps over all of the annotator's documents, and the document on screen as they leave it."""

    def __init__(self, app: App[None], workspace: Workspace, annotate: AnnotateScreen) -> None:
        self._app = app
        self._workspace = workspace
        self._annotate = annotate

    def ask(self) -> None:
        """Show what the last correction would do to the same text in all documents, and do it if that is wanted."""
        annotate, workspace = self._annotate, self._workspace
        editor = annotate.editor
        correction = correction_to_repeat(editor.suggestion_state, editor.document.text)
        if correction is None:
            annotate.say("nothing to do everywhere: accept, label, resize or reject something first")
            return
        annotate.leave()
        bench = workspace.mention_service(correction)
        dialog = MentionsDialog(bench, workspace.label_set, flush=workspace.flush)
        self._app.push_screen(dialog, self._applied)

    def _applied(self, applied: Applied | None) -> None:
        if applied is None:
            return
        plan = applied.plan
        sets = counted(len(plan.sets) - len(plan.left_out), "document")
        skipped = f", {applied.skipped:,} skipped" if applied.skipped else ""
        undo = self._annotate.keymap.key("undo")
        self._show(plan, f"applied {applied.mentions:,} in {sets}{skipped} · {undo} undoes")
        self._annotate.step = plan

    # Taking back

    def ask_undo(self) -> None:
        """Take back the step that the annotate screen's undo has met, if that is wanted."""
        plan = self._annotate.step_behind()
        if plan is not None:
            self._ask_undo(plan)

    def ask_last_undo(self) -> None:
        """Take back the last step of the store, if there is one and that is wanted."""
        self._app.run_worker(self._ask_last_undo(), exclusive=True, group="undo")

    async def _ask_last_undo(self) -> None:
        plan = await asyncio.to_thread(Steps(self._workspace.store).last, changes_labels=False)
        if plan is None:
            self._annotate.say("there is no step over several documents to take back")
        else:
            self._ask_undo(plan)

    def _ask_undo(self, plan: Plan) -> None:
        self._annotate.leave()
        here = step_behind(self._workspace.store, self._annotate.editor.annotation_set)
        is_here = here is not None and here.uid == plan.uid
        self._app.push_screen(UndoDialog(plan, self._undo, is_here=is_here), self._undone)

    def _undo(self, plan: Plan) -> Plan:
        if (error := self._workspace.flush()) is not None:
            raise error
        return Steps(self._workspace.store).undo(plan, who=self._workspace.annotator)

    def _undone(self, taken: TakenBack | None) -> None:
        if taken is None:
            return
        self._annotate.step = None
        if taken.plan is None:
            self._annotate.undo_here()
        else:
            sets = counted(len(taken.plan.sets) - len(taken.plan.left_out), "document")
            self._show(taken.plan, f"taken back in {sets}")

    def _show(self, plan: Plan, message: str) -> None:
        """Read anew what a step has changed, say what it did, and name the documents that it left out."""
        workspace, annotate = self._workspace, self._annotate
        changed = {document for annotator, document in plan.sets if annotator == workspace.annotator}
        workspace.forget(changed)
        if annotate.editor.document.id in changed:
            annotate.navigation.open_anew(message)
        else:
            annotate.say(message)
        if plan.left_out:
            self._app.push_screen(left_out_dialog(plan, Contexts(workspace.store)))
