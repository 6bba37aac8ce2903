"""Annotation sets: one annotator's spans, rejections, status and comments on one document, folded from decisions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from annotator.errors import FoldError
from annotator.model.decisions import Comment, CommentKey, Decision, Status, Verb
from annotator.model.intervals import Intervals
from annotator.model.seen_text import SeenText
from annotator.model.spans import Span, Suggestion, walking_order

_STATUS_AFTER = {Verb.FINISH: Status.DONE, Verb.SKIP: Status.SKIPPED, Verb.REOPEN: Status.STARTED}


@dataclass(frozen=True, slots=True)
class DecidedSpan:
    """A span in a set: its uid, its value, the suggestion it came from, and the last decision on it."""

    uid: str
    span: Span
    suggestion: Suggestion | None
    decision: Decision = field(compare=False)

    @property
    def start(self) -> int:
        return self.span.start

    @property
    def end(self) -> int:
        return self.span.end

    @property
    def label(self) -> str:
        return self.span.label


@dataclass(slots=True)
class Effort:
    """What a set has cost so far: seconds at the keyboard (pauses left out) and keys pressed.

    `is_blind` is True where the suggestions were kept from view, so that blind work can be compared with assisted.
    `seen` are the parts of the text that have been on the screen.
    """

    seconds: float = 0.0
    keys: int = 0
    is_blind: bool = False
    seen: SeenText = ()


@dataclass(frozen=True, slots=True)
class _RemarkBefore:
    """What stood on the suggestion with this key before a decision put something else there."""

    key: tuple[int, int, str]
    remark: Span | None


@dataclass(frozen=True, slots=True)
class _Removal:
    """A span was taken out at this place."""

    place: tuple[int, int]


@dataclass(slots=True)
class _Step:
    """A step in force: its decisions, and what they replaced, so that an undo can put it back."""

    number: int
    decisions: list[Decision]
    replaced: list[
        tuple[str, DecidedSpan | None]
        | tuple[CommentKey, Comment | None]
        | _RemarkBefore
        | _Removal
        | tuple[tuple[int, int, str], Suggestion | None]
        | Status
    ]


class AnnotationSet:
    """One annotator's work on one document: always equal to the fold of its decisions.

    `spans`, `rejections`, `status`, `comments` and the remarks on suggestions are read by everyone and changed by
    `apply` alone. Undo is the identity on these; the history only grows.
    """

    def __init__(
        self,
        document_id: str,
        annotator: str,
        decisions: Iterable[Decision] = (),
        *,
        effort: Effort | None = None,
    ) -> None:
        self.document_id = document_id
        self.annotator = annotator
        self.decisions: list[Decision] = []
        self.spans: Intervals[DecidedSpan] = Intervals()
        self.rejections: Intervals[Suggestion] = Intervals()
        self.status = Status.TODO
        self.effort = effort or Effort()
        self.last_step = 0
        self._by_uid: dict[str, DecidedSpan] = {}
        self._by_key: dict[tuple[int, int, str], Suggestion] = {}
        self._comments: dict[CommentKey, Comment] = {}
        self._remarks: dict[tuple[int, int, str], Span] = {}
        self._taken: Counter[tuple[int, int, str]] = Counter()
        self._removals: Counter[tuple[int, int]] = Counter()
        self._applied: list[_Step] = []
        self._undone: list[_Step] = []
        for decision in decisions:
            self.apply(decision)

    @property
    def revision(self) -> int:
        """How many decisions there are; it only grows."""
        return len(self.decisions)

    @property
    def comments(self) -> tuple[Comment, ...]:
        """What a reviewer tells the annotators, in walking order."""
        return tuple(
            sorted(self._comments.values(), key=lambda comment: (*walking_order(comment), comment.to))
        )

    @property
    def undo_step(self) -> list[Decision] | None:
        """The decisions that the next undo takes back; None when there is nothing to undo."""
        return self._applied[-1].decisions if self._applied else None

    @property
    def redo_step(self) -> list[Decision] | None:
        """The decisions that the next redo brings back; None when there is nothing to redo."""
        return self._undone[-1].decisions if self._undone else None

    def get(self, uid: str) -> DecidedSpan | None:
        """The span called `uid`, if it is in the set."""
        return self._by_uid.get(uid)

    def is_rejected(self, suggestion: Suggestion) -> bool:
        """True if the same span with the same label was rejected here."""
        return suggestion.key in self._by_key

    def is_turned_down(self, start: int, end: int) -> bool:
        """True if a person has removed a span or rejected a suggestion at just this place, under any label."""
        if self._removals[start, end] > 0:
            return True
        return any(
            (rejection.start, rejection.end) == (start, end)
            for rejection in self.rejections.overlapping(start, end)
        )

    def is_taken(self, suggestion: Suggestion) -> bool:
        """True if a span of the set came from this suggestion, wherever the span stands now."""
        return self._taken[suggestion.key] > 0

    @property
    def remarks(self) -> tuple[Span, ...]:
        """The notes and doubt flags on suggestions, as spans with them, in walking order."""
        return tuple(
            sorted(self._remarks.values(), key=lambda remark: (*walking_order(remark), remark.label))
        )

    def remark(self, suggestion: Suggestion) -> Span | None:
        """The note and the doubt flag that a person has put on a suggestion, as a span with them; None for neither."""
        return self._remarks.get(suggestion.key)

    def apply(self, decision: Decision) -> None:
        """Fold one more decision in; FoldError, and nothing changed, if it does not follow from what is there."""
        if decision.seq != len(self.decisions) + 1:
            raise FoldError(f"decision {decision.seq} follows {len(self.decisions)}")
        if decision.verb is Verb.UNDO:
            self._undo(decision)
        elif decision.verb is Verb.REDO:
            self._redo(decision)
        else:
            self._do(decision)
        self.decisions.append(decision)

    def _do(self, decision: Decision) -> None:
        is_new = not self._applied or self._applied[-1].number != decision.step or bool(self._undone)
        if is_new and decision.step <= self.last_step:
            raise FoldError(f"decision {decision.seq} belongs to step {decision.step}, which is over")
        self._check(decision)
        if is_new:
            self._undone.clear()
            self._applied.append(_Step(decision.step, [], []))
            self.last_step = decision.step
        step = self._applied[-1]
        step.decisions.append(decision)
        self._change(decision, step)

    def _check(self, decision: Decision) -> None:
        standing = self._by_uid.get(decision.span) if decision.span else None
        if (standing.span if standing else None) != decision.before:
            raise FoldError(f"decision {decision.seq} does not start from the span as it is")
        if decision.is_remark:
            self._check_remark(decision)
        elif (decision.before or decision.after) and not decision.span:
            raise FoldError(f"decision {decision.seq} names no span")
        if decision.after and not 0 <= decision.after.start < decision.after.end:
            raise FoldError(f"decision {decision.seq} makes a span without characters")
        if (decision.verb is Verb.COMMENT) is not (decision.comment is not None):
            raise FoldError(f"decision {decision.seq} is no comment and has one, or the other way round")

    def _check_remark(self, decision: Decision) -> None:
        after, suggestion = decision.after, decision.suggestion
        if after is None or suggestion is None or (after.start, after.end, after.label) != suggestion.key:
            raise FoldError(f"decision {decision.seq} remarks on no suggestion")

    def _change(self, decision: Decision, step: _Step) -> None:
        if (status := _STATUS_AFTER.get(decision.verb)) is None and self.status in (
            Status.TODO,
            Status.SKIPPED,
        ):
            status = Status.STARTED
        if status is not None and status is not self.status:
            step.replaced.append(self.status)
            self.status = status
        if decision.span:
            standing = self._by_uid.get(decision.span)
            step.replaced.append((decision.span, standing))
            origin = (standing.suggestion if standing else None) or decision.suggestion
            self._put(
                decision.span,
                DecidedSpan(decision.span, decision.after, origin, decision) if decision.after else None,
            )
        if decision.verb is Verb.REMOVE and decision.before is not None:
            removal = _Removal((decision.before.start, decision.before.end))
            step.replaced.append(removal)
            self._removals[removal.place] += 1
        if decision.is_remark and decision.after is not None and decision.suggestion is not None:
            remarked = decision.suggestion.key
            step.replaced.append(_RemarkBefore(remarked, self._remarks.get(remarked)))
            self._put_remark(
                remarked, decision.after if decision.after.note or decision.after.doubt else None
            )
        elif decision.suggestion:
            key = decision.suggestion.key
            step.replaced.append((key, self._by_key.get(key)))
            self._put_rejection(key, decision.suggestion if decision.verb is Verb.REJECT else None)
        if decision.comment:
            place = decision.comment.key
            step.replaced.append((place, self._comments.get(place)))
            self._put_comment(place, decision.comment if decision.comment.text else None)

    def _put(self, uid: str, value: DecidedSpan | None) -> None:
        if (standing := self._by_uid.pop(uid, None)) is not None:
            self.spans.remove(standing)
            if standing.suggestion:
                self._taken[standing.suggestion.key] -= 1
        if value is not None:
            self._by_uid[uid] = value
            self.spans.add(value)
            if value.suggestion:
                self._taken[value.suggestion.key] += 1

    def _put_rejection(self, key: tuple[int, int, str], value: Suggestion | None) -> None:
        if (rejection := self._by_key.pop(key, None)) is not None:
            self.rejections.remove(rejection)
        if value is not None:
            self._by_key[key] = value
            self.rejections.add(value)

    def _put_comment(self, key: CommentKey, value: Comment | None) -> None:
        self._comments.pop(key, None)
        if value is not None:
            self._comments[key] = value

    def _put_remark(self, key: tuple[int, int, str], value: Span | None) -> None:
        self._remarks.pop(key, None)
        if value is not None:
            self._remarks[key] = value

    def _undo(self, decision: Decision) -> None:
        if not self._applied or self._applied[-1].number != decision.step:
            raise FoldError(f"decision {decision.seq} undoes step {decision.step}, which is not the last one")
        step = self._applied.pop()
        for replaced in reversed(step.replaced):
            if isinstance(replaced, Status):
                self.status = replaced
            elif isinstance(replaced, _RemarkBefore):
                self._put_remark(replaced.key, replaced.remark)
            elif isinstance(replaced, _Removal):
                self._removals[replaced.place] -= 1
            elif isinstance(replaced[0], str):
                self._put(replaced[0], replaced[1])
            elif isinstance(replaced[0], CommentKey):
                self._put_comment(replaced[0], replaced[1])
            else:
                self._put_rejection(replaced[0], replaced[1])
        self._undone.append(step)

    def _redo(self, decision: Decision) -> None:
        if not self._undone or self._undone[-1].number != decision.step:
            raise FoldError(
                f"decision {decision.seq} redoes step {decision.step}, which is not the last undone"
            )
        step = self._undone.pop()
        again = _Step(step.number, step.decisions, [])
        self._applied.append(again)
        for done in step.decisions:
            self._change(done, again)
