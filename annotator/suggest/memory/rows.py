"""Memory as rows for people: what was learnt of each form, and the habits, as a table or JSON can show them."""

from __future__ import annotations

from dataclasses import dataclass

from annotator.model.memory_edits import Outcome
from annotator.suggest.memory.corrections import habit_reason
from annotator.suggest.memory.memory import Memory
from annotator.suggest.memory.recall import form_reason


@dataclass(frozen=True, slots=True)
class FormRow:
    """A form, the label that it is offered with (None if it is not), and its counts under all labels.

    `corrected` counts other labels and other edges. `edit` is "pinned", "blocked", "forgotten" or empty.
    """

    surface: str
    label: str | None
    score: float | None
    labels: tuple[tuple[str, int], ...]
    accepted: int
    corrected: int
    rejected: int
    edit: str
    reason: str


@dataclass(frozen=True, slots=True)
class HabitRow:
    """A habit at spans of `label`, in words, and how many times it is founded on. `about` is "edge", "name" or "end".

    Edges in or out, what the model's labels are called here, and last words of longer names that stand alone.
    """

    label: str
    about: str
    reason: str
    times: int


def form_rows(memory: Memory) -> list[FormRow]:
    """Every form, the most often accepted first, then by name."""
    rows = [_form_row(memory, surface) for surface in {*memory.forms(), *memory.edits.blocked}]
    return sorted(rows, key=lambda row: (-row.accepted, row.surface))


def _form_row(memory: Memory, surface: str) -> FormRow:
    counts = memory.counts(surface)
    offer = memory.offer(surface)
    labels = counts.labels()
    relabelled, resized = counts.total(Outcome.RELABELLED), counts.total(Outcome.RESIZED)
    return FormRow(
        surface=surface,
        label=offer[0] if offer else None,
        score=offer[1] if offer else None,
        labels=tuple(sorted(labels.items(), key=lambda item: (-item[1], item[0]))),
        accepted=labels.total(),
        corrected=relabelled + resized,
        rejected=counts.total(Outcome.REJECTED),
        edit=memory.edits.on(surface),
        reason=form_reason(memory, surface, offer[0]) if offer else "not offered",
    )


def habit_rows(memory: Memory) -> list[HabitRow]:
    """Every habit, the best founded first, then by label and words."""
    rows = [
        HabitRow(habit.label, "edge", habit_reason(habit), habit.within + habit.out)
        for habit in memory.habits()
    ]
    for call in memory.calls():
        what = f"was {call.label}" if call.label else "was nothing"
        rows.append(
            HabitRow(
                call.label, "name", f"the model's {call.called} {what} in {call.times} of {call.of}", call.of
            )
        )
    for label, same, other in memory.short_forms():
        rows.append(
            HabitRow(
                label,
                "end",
                f"the last word of a longer one, alone, was {label} in {same} of {same + other}",
                same + other,
            )
        )
    return sorted(rows, key=lambda row: (-row.times, row.label, row.about, row.reason))
