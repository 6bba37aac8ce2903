"""Corrections: a suggestion of another source as this project would have it, by what memory knows, with the reasons."""

from __future__ import annotations

from dataclasses import replace

from annotator.model.edges import at_edges
from annotator.model.lookup import Words, surface_of
from annotator.model.spans import Suggestion
from annotator.suggest.combination.proposals import Proposal
from annotator.suggest.memory.memory import Habit
from annotator.suggest.memory.opinions import Opinions
from annotator.suggest.memory.recall import form_reason

HABIT_FROM = 2
"""How often an edge must have been met at a label before it moves any: one correction may be about that name alone.

Where what comes out is a form that memory offers, one is enough.
"""


def corrected(suggestion: Suggestion, memory: Opinions, words: Words) -> Proposal | None:
    """`suggestion` with the edges and the label that memory would give it; None if memory refuses what comes out.

    A form that memory offers keeps its edges, whatever habit says, and gets the label that it is offered with. A
    model's suggestion of any other has its edges moved by the habits of its label, and then gets the label that
    the model's word for it clearly was here, if that is another. Patterns are somebody's own words: they keep their edges.
    """
    reasons: list[str] = []
    now = suggestion
    if suggestion.source in ("model", "learner") and memory.offer(_surface(words, now)) is None:
        now = _with_edges(suggestion, memory, words, reasons)
    surface = _surface(words, now)
    if (offer := memory.offer(surface)) is not None:
        if offer[0] != now.label:
            reasons.append(form_reason(memory, surface, offer[0]))
            now = replace(now, label=offer[0])
    elif suggestion.source == "model":
        called = suggestion.source_label or suggestion.label
        if (call := memory.call(called, now.label)) is not None:
            reasons.append(f"the model's {called} was {call.label} in {call.times} of {call.of}")
            now = replace(now, label=call.label)
    if memory.refuses(surface, now.label):
        return None
    proposed = suggestion if now.key != suggestion.key else None
    return Proposal(now, (now.source,), tuple(reasons), proposed)


def _with_edges(suggestion: Suggestion, memory: Opinions, words: Words, reasons: list[str]) -> Suggestion:
    """Each edge as the habit of the suggestion's label has it, where the result begins and ends with a token."""
    start, end = suggestion.start, suggestion.end
    for met in at_edges(words.text, start, end):
        habit = memory.habit(suggestion.label, met.edge)
        if habit is None or met.is_within == (habit.share >= 0.5):
            continue
        new_start = met.start if met.start != suggestion.start else start
        new_end = met.end if met.end != suggestion.end else end
        if new_start >= new_end or not words.is_aligned(new_start, new_end):
            continue
        is_settled = habit.within + habit.out >= HABIT_FROM
        if is_settled or memory.offer(surface_of(words.text, new_start, new_end)) is not None:
            start, end = new_start, new_end
            reasons.append(habit_reason(habit))
    return replace(suggestion, start=start, end=end) if reasons else suggestion


def habit_reason(habit: Habit) -> str:
    """A habit in words, such as "the article “the” is left out in 12 of 13 LOC"."""
    kind, word = habit.edge
    what = f"the {kind}" + (f" “{word}”" if word else "")
    total = habit.within + habit.out
    if habit.share >= 0.5:
        return f"{what} is taken in, in {habit.within} of {total} {habit.label}"
    return f"{what} is left out in {habit.out} of {total} {habit.label}"


def _surface(words: Words, suggestion: Suggestion) -> str:
    return surface_of(words.text, suggestion.start, suggestion.end)
