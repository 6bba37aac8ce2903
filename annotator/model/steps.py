"""Steps over many documents: what stands in their files beside decisions."""

from __future__ import annotations

from pydantic.dataclasses import dataclass

from annotator.model.labels import LabelSet
from annotator.model.validation import STRICT, AnnotatorName, Count, Flag, Version


@dataclass(frozen=True, kw_only=True, config=STRICT)
class StepHeader:
    """The one record of the table `step` of a step over many documents; the label sets only where the step changes them."""

    uid: str
    schema_version: Version
    title: str
    who: str
    when: str
    order: Count
    is_undo: Flag
    labels_before: LabelSet | None = None
    labels_after: LabelSet | None = None


@dataclass(frozen=True, slots=True, config=STRICT)
class LeftOut:
    """A set that a step, or its undo, did not touch, and why."""

    document: str
    annotator: AnnotatorName
    reason: str
