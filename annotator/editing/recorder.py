"""The recorder: turns drafts of decisions into one step of the annotation set, and takes steps back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from annotator.editing.change import Change, refused
from annotator.editing.suggestion_state import SuggestionState
from annotator.model.annotations import DecidedSpan
from annotator.model.decisions import By, Comment, Decision, Verb, local_time, new_uid, time_text
from annotator.model.spans import Span, Suggestion

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """The time, with its zone."""
    return datetime.now(UTC)


class Draft(NamedTuple):
    """A decision before it has a number: the verb, the span's uid and values, what was decided on or said."""

    verb: Verb
    span: str | None = None
    before: Span | None = None
    after: Span | None = None
    suggestion: Suggestion | None = None
    comment: Comment | None = None

    @classmethod
    def take(cls, verb: Verb, suggestion: Suggestion, after: Span) -> Draft:
        """A suggestion becomes a span."""
        return cls(verb, new_uid(), None, after, suggestion)

    @classmethod
    def change(cls, verb: Verb, decided: DecidedSpan, after: Span | None) -> Draft:
        """A span changes or goes; `suggestion` is where it came from."""
        return cls(verb, decided.uid, decided.span, after, decided.suggestion)


class Recorder:
    """Writes one annotator's decisions on one annotation set.

    Undo and redo append decisions that name the step. Before the work of an earlier day they pause once, and before each
    import.
    """

    def __init__(self, suggestion_state: SuggestionState, *, annotator: str, clock: Clock = utc_now) -> None:
        self._suggestion_state = suggestion_state
        self._annotator = annotator
        self._clock = clock
        self._began = clock()
        self._told_of = ""

    def record(self, drafts: Sequence[Draft], *, by: By = By.KEY, message: str = "") -> Change:
        """Apply `drafts` as one step."""
        self._told_of = ""
        if not drafts:
            return refused(message)
        return self._apply(drafts, self._suggestion_state.annotation_set.last_step + 1, by, message)

    def _apply(self, drafts: Sequence[Draft], step: int, by: By, message: str) -> Change:
        when = time_text(self._clock())
        decisions = tuple(self._decision(index, draft, step, by, when) for index, draft in enumerate(drafts))
        applied = self._suggestion_state.apply(decisions)
        return Change(decisions, applied.ranges, message, applied.decided)

    def _decision(self, index: int, draft: Draft, step: int, by: By, when: str) -> Decision:
        return Decision(
            seq=self._suggestion_state.annotation_set.revision + 1 + index,
            step=step,
            verb=draft.verb,
            who=self._annotator,
            when=when,
            span=draft.span,
            before=draft.before,
            after=draft.after,
            suggestion=draft.suggestion,
            by=by,
            uid=new_uid(),
            comment=draft.comment,
        )

    def undo(self) -> Change:
        """Take back the last step."""
        return self._travel(
            Verb.UNDO, self._suggestion_state.annotation_set.undo_step, "nothing to undo in this document"
        )

    def redo(self) -> Change:
        """Bring back the step undone last."""
        return self._travel(Verb.REDO, self._suggestion_state.annotation_set.redo_step, "nothing to redo")

    def _travel(self, verb: Verb, step: list[Decision] | None, nothing: str) -> Change:
        if not step:
            return refused(nothing)
        warned, self._told_of = self._told_of, self._grave(step[-1])
        if self._told_of not in ("", warned):
            what = f"the {describe(step)}" if self._told_of == By.IMPORT else f"work of {step[-1].when[:10]}"
            return refused(f"press again to {verb} {what}")
        return self._apply([Draft(verb)], step[0].step, By.KEY, f"{verb}: {describe(step)}")

    def _grave(self, decision: Decision) -> str:
        """What makes a person pause before a step with this decision goes or comes back; empty for nothing."""
        if decision.by is By.IMPORT:
            return By.IMPORT
        return "day" if local_time(decision.when).date() < self._began.astimezone().date() else ""


def describe(step: Sequence[Decision]) -> str:
    """A step in a few words, such as "relabel to PERSON" or "finish with 31 accepted"."""
    last = step[-1]
    if last.by is By.IMPORT:
        return f"import of {sum(decision.verb is Verb.ADD for decision in step)}"
    if last.verb is Verb.FINISH:
        return f"finish with {len(step) - 1} accepted" if len(step) > 1 else "finish"
    if len(step) > 1 and last.by is By.BULK:
        return f"{last.verb} of {len(step)}"
    if last.verb is Verb.RELABEL and last.after:
        return f"relabel to {last.after.label}"
    return str(last.verb)
