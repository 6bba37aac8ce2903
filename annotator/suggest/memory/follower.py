"""Following: an open annotation set, whose decisions memory learns as they are made and unlearns as they are undone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence

from annotator.model.annotations import AnnotationSet
from annotator.model.decisions import Decision, Status, Verb
from annotator.model.spans import Suggestion
from annotator.suggest.memory.facts import Fact, Facts, document_facts, rejection_facts, span_facts
from annotator.suggest.memory.memory import Memory

_Name = str | tuple[int, int, str] | None
"""What facts are kept by: a span's uid, a rejection's key, None for the document as a whole."""


class Follower:
    """Keeps a memory at what one set says now.

    Whatever was decided and undone meanwhile, the memory holds what it would hold if it had just read the set. A
    decision costs the spans that it names; finishing and reopening cost the text.
    """

    def __init__(self, memory: Memory, text: str, annotation_set: AnnotationSet, *, is_learnt: bool) -> None:
        """`is_learnt` says whether the memory has read the set as it is now; if not, that is done here."""
        self.memory = memory
        self._text = text
        self._set = annotation_set
        self._facts: dict[_Name, Facts] = {}
        self._status = annotation_set.status
        for decided in annotation_set.spans:
            self._facts[decided.uid] = Counter(span_facts(text, decided))
        for rejection in annotation_set.rejections:
            self._facts[rejection.key] = Counter(rejection_facts(text, rejection))
        self._facts[None] = Counter(document_facts(text, annotation_set))
        if not is_learnt:
            for facts in self._facts.values():
                memory.learn(facts)

    @property
    def facts(self) -> Facts:
        """What the set says now."""
        facts: Facts = Counter()
        for fact in self._facts.values():
            facts.update(fact)
        return facts

    def move(self, memory: Memory) -> None:
        """Keep another memory from now on, which has learnt the set as it is now."""
        self.memory = memory

    def forget(self) -> Collection[Fact]:
        """Take all that the set says out of the memory: it is to be read anew, or is not there any more. Returns it."""
        facts = self.facts
        self.memory.unlearn(facts)
        self._facts.clear()
        return facts

    def follow(self, decisions: Sequence[Decision]) -> Collection[Fact]:
        """Learn what `decisions`, the last that were applied to the set, have changed; returns the facts concerned."""
        changed: set[Fact] = set()
        for decision in self._meant(decisions):
            if decision.span:
                decided = self._set.get(decision.span)
                changed.update(
                    self._exchange(decision.span, span_facts(self._text, decided) if decided else ())
                )
            if decision.suggestion:
                rejection = self._rejection(decision.suggestion)
                facts = rejection_facts(self._text, rejection) if rejection else ()
                changed.update(self._exchange(decision.suggestion.key, facts))
        if self._status is not self._set.status or (decisions and self._status is Status.DONE):
            self._status = self._set.status
            changed.update(self._exchange(None, document_facts(self._text, self._set)))
        return changed

    def _meant(self, decisions: Sequence[Decision]) -> Iterable[Decision]:
        """The decisions that say what may have changed: for an undo or redo, those of its step."""
        verbs = [decision.verb for decision in decisions]
        if Verb.UNDO not in verbs and Verb.REDO not in verbs:
            return decisions
        if len(verbs) == 1:
            return (self._set.redo_step if verbs[0] is Verb.UNDO else self._set.undo_step) or ()
        steps = {decision.step for decision in decisions}
        return [decision for decision in self._set.decisions if decision.step in steps]

    def _rejection(self, suggestion: Suggestion) -> Suggestion | None:
        """The set's own copy of a rejection, which may have come from another source than `suggestion`."""
        rejections = self._set.rejections.overlapping(suggestion.start, suggestion.end)
        return next((rejection for rejection in rejections if rejection.key == suggestion.key), None)

    def _exchange(self, name: _Name, now: Iterable[Fact]) -> Collection[Fact]:
        before, after = self._facts.pop(name, Counter()), Counter(now)
        if after:
            self._facts[name] = after
        lost, won = before - after, after - before
        self.memory.unlearn(lost)
        self.memory.learn(won)
        return [*lost, *won]
