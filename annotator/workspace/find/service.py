"""Search and change as often as a person wants, without a screen."""

from __future__ import annotations

from collections.abc import Iterable

from annotator.errors import InputError
from annotator.store.plans import Plan
from annotator.store.repository import Store
from annotator.store.steps import Steps
from annotator.workspace.find.changes import Change, plan_change
from annotator.workspace.find.query import Query
from annotator.workspace.find.search import FoundHits, Hit, Progress, Search
from annotator.workspace.pipeline_answers import cached_tokens


class FindService:
    """What `annotator` finds in a store, and does about it. All methods may be called from any thread, one at a time.

    `model` is the pipeline whose tokens spans keep to.
    """

    def __init__(self, store: Store, annotator: str, *, model: str | None) -> None:
        self.store = store
        self.annotator = annotator
        self._steps = Steps(store)
        self._tokens_of = cached_tokens(store, model or store.info.model)

    def find(self, query: Query, progress: Progress | None = None) -> FoundHits:
        """All hits. Raises as `Search.find`."""
        search = Search(self.store, self.annotator)
        try:
            search.update(progress=progress)
            return search.find(query)
        finally:
            search.close()

    def plan(self, hits: Iterable[Hit], label: str, *, sought: str) -> Change:
        """What giving these hits a label, or with REJECT none, would do; `sought` is for the step's title."""
        return plan_change(
            self.store,
            hits,
            label,
            annotator=self.annotator,
            title=f"find {sought}: {label or 'reject'}",
            tokens_of=self._tokens_of,
        )

    def make(self, change: Change) -> Plan:
        """Make a step; what it gives says what was left out. Raises as `Steps.make`."""
        return self._steps.make(change.plan)

    def last(self) -> Plan:
        """The last step that an undo would take back; InputError if there is none."""
        plan = self._steps.last(changes_labels=False)
        if plan is None:
            raise InputError("there is no step to take back", hint="annotator log shows what was decided")
        return plan

    def undo(self, plan: Plan) -> Plan:
        """Take a step back where nothing was decided since; the rest is left out and named."""
        return self._steps.undo(plan, who=self.annotator)
