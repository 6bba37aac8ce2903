"""Another annotator's documents, to look at."""

from __future__ import annotations

from annotator.settings import Settings
from annotator.store.repository import Store
from annotator.workspace.workspace import Workspace


class ViewedWorkspace(Workspace):
    """The work of `annotator` as `seen_by` somebody else: nothing can be decided, and the annotator may go on meanwhile."""

    def __init__(self, store: Store, *, annotator: str, seen_by: str, settings: Settings) -> None:
        self.seen_by = seen_by
        super().__init__(store, annotator=annotator, settings=settings, sees_all=True)

    def _take_hold(self) -> None:
        return None

    def _obstacle(self) -> str:
        return f"the work of {self.annotator}, seen by {self.seen_by}"
