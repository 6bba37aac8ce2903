"""A careful annotator for benchmarks: knows the gold, corrects what is wrong from left to right, then finishes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Sequence

from annotator.model.annotations import AnnotationSet
from annotator.model.decisions import By, Decision, Verb
from annotator.model.spans import Span, Suggestion, overlaps
from annotator.model.tokens import Tokens

MISSED = 3
"""Keys for an entity that is not suggested: two to get there, one for the label."""
_FAR = 3
"""An edge that is off by more tokens is not moved: the entity is added anew, in its place."""

Key = tuple[int, int, str]
Propose = Callable[[AnnotationSet], Sequence[Suggestion]]
Learn = Callable[[Sequence[Decision]], None]


class CarefulAnnotator:
    """Works on one document. `keys` counts key presses by case, by the costs that the design states.

    A right suggestion costs nothing, since finishing takes it; a wrong label or a spurious one costs one key, an edge one
    a token, a missed entity MISSED. Moving about costs nothing here: this is the least that the suggestions allow.
    """

    def __init__(self, document_id: str, tokens: Tokens, gold: Collection[Key]) -> None:
        self.set = AnnotationSet(document_id, "careful")
        self.keys: Counter[str] = Counter()
        self._tokens = tokens
        self._left = set(gold)

    def work(self, propose: Propose, learn: Learn) -> None:
        """Decide until all is as in the gold; `propose` is asked anew after each correction that `learn` was told of."""
        while (todo := self._first_wrong(propose(self.set))) is not None:
            self._correct(*todo)
            learn(self.set.decisions[-1:])
        before = self.set.revision
        step = self.set.last_step + 1
        for suggestion in self._open(propose(self.set)):
            self._take(Verb.ACCEPT, suggestion.key, suggestion, by=By.DOCUMENT, step=step)
        self._decide(Verb.FINISH, by=By.DOCUMENT, step=step)
        self.keys["finish"] += 1
        learn(self.set.decisions[before:])

    def _open(self, suggestions: Sequence[Suggestion]) -> list[Suggestion]:
        return [
            each
            for each in suggestions
            if not self.set.is_rejected(each)
            and next(self.set.spans.overlapping(each.start, each.end), None) is None
        ]

    def _first_wrong(self, suggestions: Sequence[Suggestion]) -> tuple[Suggestion | None, Key | None] | None:
        """The first suggestion that is wrong, or the first entity that is not suggested; None if all is right."""
        shown = self._open(suggestions)
        right = {each.key for each in shown} & self._left
        wrong = [each for each in shown if each.key not in right]
        touched = {key for key in self._left - right if any(overlaps(each, Span(*key)) for each in wrong)}
        events: list[tuple[int, Suggestion | None, Key | None]] = [(each.start, each, None) for each in wrong]
        events += [(key[0], None, key) for key in self._left - right - touched]
        first = min(events, key=lambda event: event[0], default=None)
        return None if first is None else first[1:]

    def _correct(self, suggestion: Suggestion | None, missed: Key | None) -> None:
        if suggestion is None:
            assert missed is not None  # one of the two is there
            self._add(missed)
            return
        meant = [key for key in self._left if overlaps(suggestion, Span(*key))]
        if not meant:
            self.keys["spurious"] += 1
            self._decide(Verb.REJECT, suggestion=suggestion)
            return
        key = min(meant, key=lambda each: (self._distance(suggestion, each), each))
        distance = self._distance(suggestion, key)
        if not distance:
            self.keys["label"] += 1
            self._take(Verb.RELABEL, key, suggestion)
        elif distance <= _FAR:
            self.keys["edge"] += distance + (suggestion.label != key[2])
            self._take(Verb.RESIZE, key, suggestion)
        else:
            self._add(key)

    def _distance(self, suggestion: Suggestion, key: Key) -> int:
        """How many tokens lie between the edges of both."""
        return sum(
            len(self._tokens.within(min(one, other), max(one, other)))
            for one, other in ((suggestion.start, key[0]), (suggestion.end, key[1]))
        )

    def _add(self, key: Key) -> None:
        self.keys["missed"] += MISSED
        self._take(Verb.ADD, key, None)

    def _take(
        self, verb: Verb, key: Key, suggestion: Suggestion | None, *, by: By = By.KEY, step: int = 0
    ) -> None:
        self._left.discard(key)
        uid = str(self.set.revision)
        self._decide(verb, span=uid, after=Span(*key), suggestion=suggestion, by=by, step=step)

    def _decide(
        self,
        verb: Verb,
        *,
        span: str | None = None,
        after: Span | None = None,
        suggestion: Suggestion | None = None,
        by: By = By.KEY,
        step: int = 0,
    ) -> None:
        seq = self.set.revision + 1
        step = step or self.set.last_step + 1
        made = Decision(seq, step, verb, self.set.annotator, "", span, None, after, suggestion, by)
        self.set.apply(made)
