"""Edits: what people tell memory by hand, beside what it learns. They are kept; what is learnt can be rebuilt."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from annotator.model.memory_edits import BlockedForm, ForgottenForm, MemoryEdits, OutcomeCount, PinnedForm
from annotator.suggest.memory.facts import FormFact


@dataclass(frozen=True, slots=True)
class Edits:
    """Edits by hand, by surface form.

    A pinned form is always offered with its label. A blocked one is never offered, and dropped where another source
    proposes it. A forgotten one starts afresh: the counts that it had then no longer count.
    """

    pinned: Mapping[str, str] = field(default_factory=dict)
    blocked: frozenset[str] = frozenset()
    forgotten: Mapping[str, Mapping[FormFact, int]] = field(default_factory=dict)

    def pin(self, surface: str, label: str) -> Edits:
        """Always offer `surface` as `label`; a block on it ends."""
        return replace(self, pinned={**self.pinned, surface: label}, blocked=self.blocked - {surface})

    def block(self, surface: str) -> Edits:
        """Never offer `surface`; a pin on it ends."""
        return replace(self, pinned=_without(self.pinned, surface), blocked=self.blocked | {surface})

    def forget(self, surface: str, facts: Iterable[tuple[FormFact, int]]) -> Edits:
        """Let `facts`, all that is counted of `surface`, count no more; a pin or block on it ends too."""
        return Edits(
            pinned=_without(self.pinned, surface),
            blocked=self.blocked - {surface},
            forgotten={**self.forgotten, surface: dict(facts)},
        )

    def release(self, surface: str) -> Edits:
        """Take back whatever was edited about `surface`."""
        return Edits(
            _without(self.pinned, surface), self.blocked - {surface}, _without(self.forgotten, surface)
        )

    def on(self, surface: str) -> str:
        """Which edit there is on `surface`: "pinned", "blocked", "forgotten" or none."""
        if surface in self.pinned:
            return "pinned"
        if surface in self.blocked:
            return "blocked"
        return "forgotten" if surface in self.forgotten else ""

    def forgotten_times(self, fact: FormFact) -> int:
        """How many of the times that `fact` is counted do not count."""
        return self.forgotten.get(fact.surface, {}).get(fact, 0)

    @property
    def records(self) -> MemoryEdits:
        """The edits as a store keeps them."""
        return MemoryEdits(
            pinned=tuple(PinnedForm(*pin) for pin in sorted(self.pinned.items())),
            blocked=tuple(BlockedForm(surface) for surface in sorted(self.blocked)),
            forgotten=tuple(
                ForgottenForm(
                    surface,
                    tuple(
                        OutcomeCount(fact.label, fact.outcome, fact.by, times)
                        for fact, times in sorted(facts.items())
                    ),
                )
                for surface, facts in sorted(self.forgotten.items())
            ),
        )

    @classmethod
    def of(cls, records: MemoryEdits) -> Edits:
        """The edits that a store has kept."""
        return cls(
            pinned={pin.surface: pin.label for pin in records.pinned},
            blocked=frozenset(block.surface for block in records.blocked),
            forgotten={
                form.surface: {
                    FormFact(form.surface, count.label, count.outcome, count.by): count.times
                    for count in form.counts
                }
                for form in records.forgotten
            },
        )


def _without(items: Mapping[str, Any], key: str) -> dict[str, Any]:
    return {name: value for name, value in items.items() if name != key}
