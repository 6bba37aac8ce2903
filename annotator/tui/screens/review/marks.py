"""What a review marks in the text: open and settled conflicts, and the gold spans."""

from __future__ import annotations

from collections.abc import Callable

from annotator.editing.marks import Mark, State
from annotator.review.conflict_state import Outcome
from annotator.review.conflicts import Conflict
from annotator.review.session import ReviewSession


class ConflictInText(Mark):
    """An open conflict, or one settled with "no entity", as a mark over its range."""

    __slots__ = ()

    @property
    def doubt(self) -> bool:
        """True while it is open: a question mark stands before it, whatever the versions say."""
        return self.state is State.UNDECIDED


def marks_of(session: ReviewSession) -> Callable[[int, int], list[Mark]]:
    """A function that gives the marks in a range: conflicts that are open or no entity, and gold spans.

    A gold span that only agreement has put there, and over which there is an open conflict now, is not drawn: the
    conflict says all.
    """

    def marks(start: int, end: int) -> list[Mark]:
        shown: list[Mark] = []
        disputed: set[str] = set()
        for conflict in session.navigation.overlapping(start, end):
            outcome = session.outcome(conflict)
            if outcome is Outcome.OPEN:
                shown.append(_in_text(conflict, State.UNDECIDED))
                disputed.update(each.uid for each in session.conflict_state.spans(conflict))
            elif outcome is Outcome.NO_ENTITY:
                shown.append(_in_text(conflict, State.REJECTED))
        for decided in session.gold.spans.overlapping(start, end):
            mark = Mark.of_span(decided)
            if not (mark.is_shared and decided.uid in disputed):
                shown.append(mark)
        return shown

    return marks


def _in_text(conflict: Conflict, state: State) -> Mark:
    return ConflictInText(conflict.start, conflict.end, conflict.label, state)
