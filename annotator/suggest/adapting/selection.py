"""Adapting: which finished documents a copy of the pipeline learns from, and whether the copy is taken; pure.

The rule: a document belongs for good to one of three parts, by a hash of its id. From the first the copy learns, by the
second it is decided when it has learnt enough, and the third is held out: no copy ever learns from it, and a copy is
taken only if what it suggests there is no worse than what is suggested now, nor than what the pipeline as it came
suggests. A copy always begins with the pipeline as it came, never with an earlier copy.
"""

from __future__ import annotations

import enum
import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from annotator.model.labels import LabelSet

MINIMUM_FINISHED = 10
"""Fewer finished documents are not learnt from: models that learnt from a handful got worse (metrics, part C)."""
MINIMUM_HELD_OUT = 2
"""Fewer held-out documents say nothing."""
MINIMUM_SPANS = 20
"""Nor do so few spans in them."""
_HELD_OUT_OF = 5
_DECIDING_OF = 5

Key = tuple[int, int, str]
"""Start, end and label of a span."""


class Part(enum.StrEnum):
    """What a finished document is for."""

    LEARNING = "learning"
    DECIDING = "deciding"
    """When to stop learning."""
    HELD_OUT = "held out"


@dataclass(frozen=True, slots=True)
class Finished:
    """A finished document: its text, and its spans in the project's labels."""

    document_id: str
    text: str
    spans: tuple[Key, ...]

    @property
    def part(self) -> Part:
        """The part that the document belongs to, for good."""
        return part_of(self.document_id)


def part_of(document_id: str) -> Part:
    """One in five documents is held out, and of the others one in five decides when learning ends."""
    digest = hashlib.sha256(document_id.encode("utf-8", "surrogatepass")).digest()
    held_out, deciding = (int.from_bytes(digest[start : start + 4]) for start in (0, 4))
    if held_out % _HELD_OUT_OF == 0:
        return Part.HELD_OUT
    return Part.DECIDING if deciding % _DECIDING_OF == 0 else Part.LEARNING


def obstacle(finished: Sequence[Finished]) -> str:
    """Why nothing is tried with these documents yet, in words for a person; empty if it can be."""
    if len(finished) < MINIMUM_FINISHED:
        return f"{len(finished)} of at least {MINIMUM_FINISHED} documents are finished"
    held_out = [document for document in finished if document.part is Part.HELD_OUT]
    if len(held_out) < MINIMUM_HELD_OUT:
        return f"of the finished documents {len(held_out)} of at least {MINIMUM_HELD_OUT} are held out"
    if (spans := sum(len(document.spans) for document in held_out)) < MINIMUM_SPANS:
        return f"the held-out documents have {spans} of at least {MINIMUM_SPANS} spans"
    if not any(document.spans for document in finished if document.part is Part.LEARNING):
        return "there are no spans to learn from"
    return ""


@dataclass(frozen=True, slots=True)
class Score:
    """How many suggestions are right, with both edges and the label, of how many, and of how many spans."""

    right: int = 0
    suggested: int = 0
    spans: int = 0

    def __add__(self, other: Score) -> Score:
        return Score(self.right + other.right, self.suggested + other.suggested, self.spans + other.spans)

    @property
    def f1(self) -> float | None:
        """Strict F1; None where there is neither a suggestion nor a span."""
        total = self.suggested + self.spans
        return 2 * self.right / total if total else None


def score(suggested: Iterable[Key], spans: Iterable[Key]) -> Score:
    """The score of one document."""
    proposed, true = set(suggested), set(spans)
    return Score(len(proposed & true), len(proposed), len(true))


@dataclass(frozen=True, slots=True)
class Scores:
    """Scores on the held-out documents: of the pipeline as it came, of what suggests now, and of the new copy."""

    base: Score
    before: Score
    after: Score

    @property
    def is_no_worse(self) -> bool:
        """True if the copy is to be taken: it is no worse than the other two."""
        after = self.after.f1
        return after is not None and all(after >= (score.f1 or 0.0) for score in (self.base, self.before))


@dataclass(frozen=True, slots=True)
class Lesson:
    """What there is to learn: finished documents, and texts of others on which the copy shall stay as it is.

    `source` is the pipeline as it came and `current` the one that suggests now, as spaCy loads them.
    """

    source: str
    current: str
    label_set: LabelSet
    finished: Sequence[Finished]
    others: Sequence[str]
    seed: int = 0

    def part(self, part: Part) -> list[Finished]:
        """The finished documents of one part."""
        return [document for document in self.finished if document.part is part]


class ModelLabels:
    """The project's labels in a model's words, so that the copy can be taught in its own words.

    A span keeps the model's label where the model itself has it on these characters and it means the span's label; else
    the most frequent of the model's labels with that meaning. A label that none of the model's means is taught as a new
    one under its own name, unless the label set says that this name means something else: then it cannot be taught.
    """

    def __init__(self, label_set: LabelSet, frequencies: Counter[str], labels: Iterable[str] = ()) -> None:
        """`frequencies` says how often the model gives its labels here, `known` are all that it has."""
        self._label_set = label_set
        self._usual: dict[str, str] = {}
        ranked = sorted({*frequencies, *labels}, key=lambda label: (-frequencies[label], label))
        for label in ranked:
            meaning = label_set.mapped(label)
            if meaning is not None:
                self._usual.setdefault(meaning, label)

    def teaches(self, label: str, model_labels: Iterable[str]) -> str | None:
        """What to call a span of the project's `label`, on which the model has `model_labels`; None if nothing will do."""
        for model_label in model_labels:
            if self._label_set.mapped(model_label) == label:
                return model_label
        if label in self._usual:
            return self._usual[label]
        return label if self._label_set.mapped(label) == label else None

    def is_new(self, label: str) -> bool:
        """True if no label of the model's means `label`, which can be taught."""
        return label not in self._usual and self._label_set.mapped(label) == label

    def is_dropped(self, model_label: str) -> bool:
        """True if the project has nothing that the model's label means."""
        return self._label_set.mapped(model_label) is None
