"""Dismissing: findings of an audit that a person judged to be fine are not told again until something new joins them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from annotator.editing.recorder import Clock, utc_now
from annotator.measure.consistency import Finding
from annotator.measure.dismissals import dismissal, judgements
from annotator.model.decisions import time_text
from annotator.model.dismissals import FindingKey, withdrawing
from annotator.store.dismissals import Dismissals
from annotator.store.repository import Store
from annotator.workspace.audit.search import Audit


def dismiss(
    store: Store, audit: Audit, keys: Collection[FindingKey], *, who: str, clock: Clock = utc_now
) -> Audit:
    """Remember for good that `who` judged these findings to be fine; the audit as it is then.

    Durable when it returns. Raises as `Dismissals.change`.
    """
    new = tuple(
        dismissal(finding, who=who, when=time_text(clock()))
        for finding in audit.findings
        if finding.key in keys
    )
    Dismissals(store).change(lambda dismissals: (*dismissals, *new))
    return replace(
        audit,
        findings=[finding for finding in audit.findings if finding.key not in keys],
        dismissed=_sorted(
            [*audit.dismissed, *(finding for finding in audit.findings if finding.key in keys)]
        ),
        judgements=audit.judgements | judgements(new),
    )


def restore(store: Store, audit: Audit, keys: Collection[FindingKey], *, clock: Clock = utc_now) -> Audit:
    """Take back whatever was said of these findings, so that they are told again; the audit as it is then.

    Durable when it returns. Raises as `Dismissals.change`.
    """
    Dismissals(store).change(lambda dismissals: withdrawing(dismissals, keys, when=time_text(clock())))
    return replace(
        audit,
        findings=_sorted([*audit.findings, *(finding for finding in audit.dismissed if finding.key in keys)]),
        dismissed=[finding for finding in audit.dismissed if finding.key not in keys],
        judgements={key: judgement for key, judgement in audit.judgements.items() if key not in keys},
    )


def _sorted(findings: list[Finding]) -> list[Finding]:
    return sorted(findings, key=lambda finding: finding.rank)
