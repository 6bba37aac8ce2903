"""What steps of the store have changed beneath the annotate screen, and the way back to it."""

from __future__ import annotations

from annotator.store.plans import Plan
from annotator.tui.screens.annotate.screen import AnnotateScreen
from annotator.workspace import Workspace


class ChangedDocuments:
    """The annotator's documents that steps made on another screen have changed, until that screen is left."""

    def __init__(self, workspace: Workspace, annotate: AnnotateScreen) -> None:
        self._workspace = workspace
        self._annotate = annotate
        self._ids: set[str] = set()

    def note(self, plan: Plan) -> None:
        """Have the editors of a step's documents read anew: what they hold is not what is in the store."""
        ids = {document for annotator, document in plan.sets if annotator == self._workspace.annotator}
        self._workspace.forget(ids)
        self._ids |= ids

    def go_back(self, document_id: str | None, offset: int = 0) -> None:
        """Show the document on screen as the store has it now and, unless `document_id` is None, go to that place."""
        ids, self._ids = self._ids, set()
        if self._annotate.editor.document.id in ids:
            self._annotate.navigation.open_anew("")
        if document_id is not None:
            self._annotate.navigation.go_to(document_id, offset)
