"""The audit bench: one annotator's sets audited, mended and taken back as often as a person wants, without a screen."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from annotator.measure.consistency import Finding, Mend
from annotator.model.dismissals import FindingKey
from annotator.store.plans import Plan
from annotator.store.repository import Store
from annotator.store.steps import Steps
from annotator.workspace.audit.dismissals import dismiss, restore
from annotator.workspace.audit.harmonise import Mending, TokensOf, plan_mends
from annotator.workspace.audit.search import Audit, Progress, audit_store
from annotator.workspace.audit.texts import mend_title
from annotator.workspace.pipeline_answers import cached_tokens


class AuditService:
    """What can be done about the consistency of the sets of `annotator`, by `who`.

    With `takes_all` sets that are not finished count as well. `model` is the pipeline whose tokens spans keep to.
    All methods may be called from any thread, one at a time.
    """

    def __init__(
        self, store: Store, annotator: str, *, who: str, model: str | None, takes_all: bool = False
    ) -> None:
        self.store = store
        self.annotator = annotator
        self._who = who
        self._takes_all = takes_all
        self._steps = Steps(store)
        self._tokens_of: TokensOf = cached_tokens(store, model or store.info.model)

    def audit(self, on_progress: Progress | None = None) -> Audit:
        """What is not treated alike now."""
        return audit_store(self.store, self.annotator, takes_all=self._takes_all, on_progress=on_progress)

    def dismiss(self, audit: Audit, keys: Collection[FindingKey]) -> Audit:
        """Judge these findings to be fine, for good; the audit as it is then."""
        return dismiss(self.store, audit, keys, who=self._who)

    def restore(self, audit: Audit, keys: Collection[FindingKey]) -> Audit:
        """Take that back; the audit as it is then."""
        return restore(self.store, audit, keys)

    def plan(self, findings: Iterable[Finding], mends: Iterable[Mend]) -> Mending:
        """What making these mends, which are of `findings`, would do."""
        return plan_mends(
            self.store, mends, title=mend_title(list(findings)), who=self._who, tokens_of=self._tokens_of
        )

    def make(self, mending: Mending) -> Plan:
        """Make a step; what it gives says what was left out. Raises as `Steps.make`."""
        return self._steps.make(mending.plan)

    def last(self) -> Plan | None:
        """The last step that an undo would take back."""
        return self._steps.last(changes_labels=False)

    def undo(self, plan: Plan) -> Plan:
        """Take a step back where nothing was decided since; the rest is left out and named."""
        return self._steps.undo(plan, who=self._who)
