"""The audit over the annotate screen: opened, followed to its places, and its steps brought back to what is open."""

from __future__ import annotations

import asyncio
from functools import partial

from textual.app import App

from annotator.errors import AnnotatorError
from annotator.measure.consistency import Place
from annotator.tui.keys.keymap import Keymap
from annotator.tui.openers.audit_questions import left_out_dialog, mend_dialog, undo_dialog
from annotator.tui.openers.changed_documents import ChangedDocuments
from annotator.tui.screens.annotate.screen import AnnotateScreen
from annotator.tui.screens.audit.choices import AuditState
from annotator.tui.screens.audit.lists import GoTo
from annotator.tui.screens.audit.look import LookScreen
from annotator.tui.screens.audit.screen import AuditScreen, Dialogs
from annotator.tui.screens.dialogs import LabelPicker, error_dialog
from annotator.workspace import Workspace
from annotator.workspace.audit.search import AuditOf, audited_annotator
from annotator.workspace.audit.service import AuditService
from annotator.workspace.contexts import Contexts


class AuditOpener:
    """Opens the audit screen as often as it is asked for, each time as it was left."""

    def __init__(
        self,
        app: App[None],
        workspace: Workspace,
        annotate: AnnotateScreen,
        keymap: Keymap,
        of: AuditOf,
    ) -> None:
        self._app = app
        self._workspace = workspace
        self._annotate = annotate
        self._keymap = keymap
        self._of = of
        self._state = AuditState()
        self._changed = ChangedDocuments(workspace, annotate)

    async def ask(self) -> None:
        """Have all saved, then show the audit; say so where there is nothing to audit."""
        workspace = self._workspace
        self._annotate.leave()
        error: AnnotatorError | None = await asyncio.to_thread(workspace.flush)
        if error is None:
            try:
                whose = audited_annotator(workspace.store, self._of.annotator, caller=workspace.annotator)
            except AnnotatorError as nothing:
                error = nothing
        if error is not None:
            self._app.push_screen(error_dialog(error, title="There is nothing to audit"))
        else:
            self._show(whose)

    def _show(self, whose: str) -> None:
        workspace = self._workspace
        bench = AuditService(
            workspace.store,
            whose,
            who=workspace.annotator,
            model=workspace.settings.model,
            takes_all=self._of.takes_all,
        )
        contexts = Contexts(workspace.store)
        screen = AuditScreen(
            bench,
            keymap=self._keymap,
            label_set=workspace.label_set,
            state=self._state,
            look=None if whose == workspace.annotator else self._look,
            dialogs=Dialogs(
                label=lambda: LabelPicker(workspace.label_set, None),
                mend=partial(mend_dialog, contexts=contexts),
                undo=undo_dialog,
                left_out=partial(left_out_dialog, contexts=contexts),
                error=error_dialog,
            ),
            on_step=self._changed.note,
        )
        self._app.push_screen(screen, self._go)

    def _go(self, target: GoTo | None) -> None:
        if target is None:
            self._changed.go_back(None)
        else:
            self._changed.go_back(target.document_id, target.offset)

    def _look(self, place: Place) -> None:
        workspace = self._workspace
        try:
            document = workspace.store.document(place.document)
            annotation_set = workspace.store.load_set(place.document, place.annotator, gold=True)
        except AnnotatorError as error:
            self._app.push_screen(error_dialog(error, title="This document cannot be opened"))
            return
        self._app.push_screen(
            LookScreen(
                document,
                annotation_set,
                workspace.label_set,
                place=(place.start, place.end),
                mode=workspace.settings.mode,
            )
        )
