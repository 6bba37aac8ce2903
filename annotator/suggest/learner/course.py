"""A course: the lessons that a learner has had, in their order, and whether what it suggests has proved itself.

Forgetting a document gives the learner that the other lessons alone make: from the state before the lesson where that
was kept, as for the last ones, else from the first lesson on. Belongs to the learner's process.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace

from annotator.model.labels import LabelSet
from annotator.suggest.learner.choosing import keys_between
from annotator.suggest.learner.learner import LearnedSpan, Learner, spans_by_place
from annotator.suggest.learner.tags import TokenSpan
from annotator.suggest.learner.texts import WEIGHED, Lesson, Reading

MOST_TOKENS = 4_000
"""A longer text is read in parts of so many tokens, from sentence to sentence."""
MOST_PARTS = 5
"""Of a finished document so many parts are learnt."""
LEAST_LESSONS = 2
_KEPT_STATES = 2


@dataclass(frozen=True, slots=True)
class Trial:
    """The keys that suggestions would have cost on one document: the learner's, made before it learnt the document, and the others'."""

    learner: float
    others: float


class _State:
    """What a learner was after a number of lessons."""

    def __init__(self, learner: Learner, trials: tuple[Trial, ...], lessons: int) -> None:
        self.learner = learner
        self.trials = trials
        self.lessons = lessons


class Course:
    """The lessons of one label set."""

    def __init__(self, label_set: LabelSet, *, seed: int = 0) -> None:
        self._label_set = label_set
        self._seed = seed
        self._lessons: list[Lesson] = []
        self._states: deque[_State] = deque(maxlen=_KEPT_STATES)
        self._begin(_State(self._new_learner(), (), 0))

    @property
    def lessons(self) -> int:
        """How many documents it has learnt."""
        return len(self._lessons)

    @property
    def is_trusted(self) -> bool:
        """True if on the last finished documents its suggestions would have cost no more keys than the others'."""
        recent = self._trials[-WEIGHED:]
        learner, others = sum(race.learner for race in recent), sum(each.others for each in recent)
        return self.lessons >= LEAST_LESSONS and learner <= others

    def learn(self, lesson: Lesson, *, is_weighed: bool = True) -> None:
        """Learn a finished document, as the last one; an earlier lesson on it is forgotten.

        `is_weighed` first tries its suggestions on it, which many lessons at once only need for the last of them.
        """
        if any(earlier.reading.document_id == lesson.reading.document_id for earlier in self._lessons):
            self.forget(lesson.reading.document_id)
        self._states.append(_State(self._learner.copy(), self._trials, len(self._lessons)))
        self._take(lesson, is_weighed=is_weighed)

    def forget(self, document_id: str) -> None:
        """Be what the other lessons make."""
        number = next(
            (at for at, earlier in enumerate(self._lessons) if earlier.reading.document_id == document_id),
            None,
        )
        if number is None:
            return
        behind = self._lessons[number + 1 :]
        while self._states and self._states[-1].lessons > number:
            self._states.pop()
        state = self._states.pop() if self._states else _State(self._new_learner(), (), 0)
        again = [*self._lessons[state.lessons : number], *behind]
        self._lessons = self._lessons[: state.lessons]
        self._begin(state)
        for left, lesson in zip(range(len(again), 0, -1), again, strict=True):
            self._take(lesson, is_weighed=left <= WEIGHED)

    def propose(self, reading: Reading) -> list[LearnedSpan]:
        """The spans to suggest on a text."""
        return [
            replace(span, first=span.first + shift, last=span.last + shift)
            for shift, part in parts_of(Lesson(reading, ()))
            for span in self._learner.propose(part.reading)
        ]

    def _new_learner(self) -> Learner:
        labels = list(self._label_set.by_name)
        return Learner(labels, self._label_set.mapped, nested=self._label_set.nested, seed=self._seed)

    def _begin(self, state: _State) -> None:
        self._learner, self._trials = state.learner, state.trials

    def _take(self, lesson: Lesson, *, is_weighed: bool) -> None:
        parts = [part for _, part in parts_of(lesson)][:MOST_PARTS]
        if self._lessons and is_weighed:
            self._trials = (*self._trials[1 - WEIGHED :], self._trial(parts))
        for part in parts:
            self._learner.learn(part)
        self._lessons.append(lesson)

    def _trial(self, parts: list[Lesson]) -> Trial:
        learner = others = 0.0
        for part in parts:
            learner += keys_between(list(spans_by_place(self._learner.propose(part.reading))), part.spans)
            others += keys_between(self._guessed(part.reading), part.spans)
        return Trial(learner, others)

    def _guessed(self, reading: Reading) -> list[TokenSpan]:
        """What the other sources suggest, in the label set's terms."""
        meant = ((guess.first, guess.last, self._label_set.mapped(guess.label)) for guess in reading.guesses)
        return [(first, last, label) for first, last, label in meant if label is not None]


def parts_of(lesson: Lesson) -> Iterator[tuple[int, Lesson]]:
    """A lesson in parts of at most MOST_TOKENS tokens, each with the number of its first token.

    A span or guess that reaches over the end of a part belongs to none.
    """
    sentences = lesson.reading.sentences
    begin = 0
    while begin < len(sentences):
        end = begin + 1
        while end < len(sentences) and sentences[end][1] - sentences[begin][0] <= MOST_TOKENS:
            end += 1
        first, last = sentences[begin][0], sentences[end - 1][1]
        reading = Reading(
            document_id=lesson.reading.document_id,
            words=lesson.reading.words[first:last],
            sentences=tuple((start - first, stop - first) for start, stop in sentences[begin:end]),
            guesses=tuple(
                replace(guess, first=guess.first - first, last=guess.last - first)
                for guess in lesson.reading.guesses
                if first <= guess.first and guess.last <= last
            ),
        )
        spans = tuple(
            (start - first, stop - first, label)
            for start, stop, label in lesson.spans
            if first <= start and stop <= last
        )
        yield first, Lesson(reading, spans)
        begin = end
