"""Edits: what people tell memory by hand, beside what it learns. They are kept; what is learnt can be rebuilt."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from annotator.errors import DamageError
from annotator.model.decisions import By
from annotator.suggest.memory.facts import FormFact, Outcome

_VERSION = 1


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
    def content(self) -> dict[str, Any]:
        """The edits as JSON values, sorted, so that a diff shows what was edited."""
        return {
            "version": _VERSION,
            "pinned": dict(sorted(self.pinned.items())),
            "blocked": sorted(self.blocked),
            "forgotten": {
                surface: sorted([fact.label, fact.outcome, fact.by, times] for fact, times in facts.items())
                for surface, facts in sorted(self.forgotten.items())
            },
        }

    @classmethod
    def from_content(cls, content: object, *, origin: str) -> Edits:
        """What `content` gave; DamageError, naming `origin`, if it is anything else."""
        try:
            return _edits(content)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise DamageError(
                f"{origin} does not hold edits of memory",
                hint="put the file aside: what was learnt is rebuilt without it, only pins, blocks and what was forgotten are lost",
            ) from error


def _edits(content: Any) -> Edits:
    pinned, blocked, forgotten = content["pinned"], content["blocked"], content["forgotten"]
    texts = [*pinned, *pinned.values(), *blocked]
    if content["version"] != _VERSION or not isinstance(blocked, list):
        raise ValueError("another version")
    if not all(isinstance(text, str) and text for text in texts):
        raise TypeError("a form is a text")
    return Edits(
        pinned=dict(pinned),
        blocked=frozenset(blocked),
        forgotten={
            surface: {
                FormFact(surface, str(label), Outcome(outcome), By(by)): int(times)
                for label, outcome, by, times in facts
            }
            for surface, facts in forgotten.items()
        },
    )


def _without(items: Mapping[str, Any], key: str) -> dict[str, Any]:
    return {name: value for name, value in items.items() if name != key}
