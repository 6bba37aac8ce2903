"""Whether an undo in one document is about a step over several."""

from __future__ import annotations

from typing import TYPE_CHECKING

from annotator.model.annotations import AnnotationSet
from annotator.model.decisions import By
from annotator.store.repository import Store

if TYPE_CHECKING:
    from annotator.store.plans import Plan


def step_behind(store: Store, annotation_set: AnnotationSet) -> Plan | None:
    """The step over several documents whose part in this set an undo would take back; None if it is this set's own.

    Steps that changed the label set are taken back where they were made, so that they are none here.
    """
    last = annotation_set.undo_step
    if not last or last[0].by is not By.BULK:
        return None
    from annotator.store.steps import Steps

    plan = Steps(store).behind(annotation_set)
    return plan if plan is not None and plan.labels_after is None and len(plan.sets) > 1 else None
