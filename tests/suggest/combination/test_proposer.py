"""A proposer that is told of every change proposes what the rule, asked about the whole text, would."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.editing.change import Change
from annotator.editing.editor import Editor
from annotator.model.annotations import AnnotationSet
from annotator.model.decisions import By, Decision, Verb
from annotator.model.documents import new_document
from annotator.model.edges import Edge, EdgeKind
from annotator.model.intervals import Intervals
from annotator.model.labels import LabelSet
from annotator.model.lookup import Words
from annotator.model.memory_edits import Outcome
from annotator.model.spans import Span, Suggestion
from annotator.model.tokens import Tokens
from annotator.suggest.combination import proposer as proposer_module
from annotator.suggest.combination.combine import proposals
from annotator.suggest.combination.proposer import Proposer
from annotator.suggest.memory.facts import CallFact, EdgeFact, Fact, FormFact, PlainFact, ShortFact
from annotator.suggest.memory.follower import Follower
from annotator.suggest.memory.memory import Memory
from annotator.suggest.sources.patterns import Patterns, StringPattern

FLAT = LabelSet.from_names("flat", ["PER", "LOC", "ORG"])
WORDS = (
    "Ana Lima|Lima|Ana|the|The|Rail Union|Union|the Rail|RAIL UNION|Dr. Ana|O'Neil|Neil|10km|Bank of the|Bank|“"
    "|”|'s|,|.|met|in|Lima Bank\nUnion"
).split("|")
TEXTS = st.lists(st.sampled_from(WORDS), min_size=15, max_size=80).map(" ".join)
FORMS = [*WORDS, "Lima Bank Union", "Rail Union met", "km", "Union '", "Bank of"]
LABELS = ["PER", "LOC", "ORG"]
EDGES = [
    Edge(EdgeKind.ARTICLE, "the"),
    Edge(EdgeKind.POSSESSIVE),
    Edge(EdgeKind.TITLE),
    Edge(EdgeKind.PUNCTUATION),
]


PATTERNS = Patterns(Path(), (StringPattern(1, "ORG", "Rail Union"), StringPattern(2, "PER", "Bank")), ())


def any_fact(chance: random.Random) -> Fact:
    label, form = chance.choice(LABELS), chance.choice(FORMS)
    match chance.randrange(8):
        case 0:
            return EdgeFact(label, chance.choice(EDGES), chance.random() < 0.5)
        case 1:
            return CallFact(label, chance.choice(LABELS))
        case 2:
            return ShortFact(label, chance.random() < 0.8)
        case 3:
            return PlainFact(form)
        case 4:
            return FormFact(form, label, chance.choice(list(Outcome)), chance.choice(list(By)))
    return FormFact(form, label, Outcome.ACCEPTED, By.KEY)


VERBS: list[Callable[[Editor], object]] = [
    Editor.accept,
    Editor.reject,
    Editor.doubt,
    Editor.finish,
    Editor.reopen,
    Editor.undo,
    Editor.undo,
    Editor.redo,
    Editor.correct_others,
    lambda editor: editor.label("PER"),
    lambda editor: editor.label("ORG"),
    lambda editor: editor.resize("left", "in"),
    lambda editor: editor.resize("right", "out"),
    lambda editor: editor.accept_confident(60),
    lambda editor: editor.navigation.next_undecided(),
    lambda editor: editor.navigation.go(len(editor.document.text) // 2),
    lambda editor: editor.navigation.go(0),
    lambda editor: editor.navigation.step_sentence(1),
    lambda editor: editor.label("PER"),
    lambda editor: editor.label("PER"),
]


class Bench:
    """A text with a memory of its own, what is proposed on it piece by piece, and what the rule says at once."""

    def __init__(self, text: str, *, nested: bool, chance: random.Random) -> None:
        self.text = text
        self.chance = chance
        self.label_set = replace(FLAT, nested=nested)
        self.editor = Editor(new_document(text, id="one"), self.label_set, AnnotationSet("one", "ada"))
        self.tokens = self._tokens() if chance.random() < 0.5 else self.editor.tokens
        self.sources = [self._source() for _ in range(chance.randrange(12))]
        self.has_patterns = chance.random() < 0.3
        self.memory = Memory()
        self.learnt: Counter[Fact] = Counter()
        self.follower = Follower(self.memory, text, self.editor.annotation_set, is_learnt=False)
        self.proposer = Proposer(
            Words.begun(text, self.tokens),
            self.sources,
            self.label_set,
            memory=self.memory,
            decided=self.editor.annotation_set.spans,
            standing=lambda: Intervals(self.shown),
            patterns=PATTERNS if self.has_patterns else None,
        )
        self.shown: list[Suggestion] = []

    def _tokens(self) -> Tokens:
        return Tokens(
            [(start, end) for start, end in self.editor.tokens if self.chance.random() < 0.9],
            tokenizer="coarse",
        )

    def _source(self) -> Suggestion:
        start = self.chance.randrange(len(self.text))
        end = min(len(self.text), start + self.chance.randrange(1, 16))
        if self.chance.random() < 0.8:
            start, end = self.editor.tokens.snapped(start, end) or (start, end)
        source = self.chance.choice(["model", "model", "pattern", "imported", "memory"])
        return Suggestion(
            start, end, self.chance.choice(["PER", "LOC", "OTHER"]), source, self.chance.random()
        )

    def follow(self, change: Change) -> None:
        facts = self.follower.follow(change.decisions)
        self.proposer.touch(change.decided)
        self.proposer.learnt(facts)
        if self.chance.random() < 0.5:
            place = self.chance.randrange(len(self.text))
            self.take(self.proposer.propose_within(place, place + 30))

    def count(self, fact: Fact) -> None:
        """Learn a fact from elsewhere, or unlearn it."""
        if self.learnt[fact] and self.chance.random() < 0.5:
            self.memory.unlearn({fact: self.learnt.pop(fact)})
        else:
            self.memory.learn({fact: 2})
            self.learnt[fact] += 2
        self.proposer.learnt([fact])

    def renew(self) -> None:
        """Get other suggestions and tokens, as from a pipeline, or another memory."""
        if self.chance.random() < 0.5:
            self.tokens = self._tokens()
            self.sources = [self._source() for _ in range(self.chance.randrange(12))]
            self.proposer.renew(self.sources, self.tokens)
        else:
            facts, self.memory = self.memory.facts(), Memory()
            self.memory.learn(facts)
            self.follower.move(self.memory)
            self.proposer.begin(self.memory)

    def take(self, proposed: list[tuple[tuple[int, int], list[Suggestion]]]) -> None:
        for (start, end), suggestions in proposed:
            gone = [each for each in self.shown if start <= each.start < end]
            assert all(each.end <= end for each in [*gone, *suggestions])
            assert all(each.start >= start for each in suggestions)
            self.shown = [*(each for each in self.shown if each not in gone), *suggestions]

    def catch_up(self) -> None:
        near = self.chance.randrange(len(self.text))
        for _ in range(1_000):
            if not self.proposer.is_behind:
                break
            self.take(self.proposer.propose(near))
        assert not self.proposer.is_behind

    def check(self) -> None:
        words = Words(self.text, self.tokens)
        whole = proposals(
            [*self.sources, *(PATTERNS.suggestions(words) if self.has_patterns else ())],
            self.label_set,
            memory=self.memory,
            words=words,
            decided=list(self.editor.annotation_set.spans),
        )
        assert sorted(self.shown, key=repr) == sorted((one.suggestion for one in whole), key=repr)
        assert [self.proposer.proposal(one.suggestion) for one in whole] == list(whole)
        self.editor.suggest(self.shown)


@pytest.fixture(autouse=True, scope="module")
def small_pieces() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for name, value in (("_CUT", 50), ("_PIECE", 40), ("_LEAST", 10), ("_ASKED", 2), ("_SCREEN", 60)):
            patch.setattr(proposer_module, name, value)
        yield


@settings(max_examples=150, deadline=None)
@given(
    TEXTS,
    st.booleans(),
    st.lists(
        st.sampled_from(["decide", "count", "decide", "count", "decide", "count", "look", "renew"]),
        min_size=15,
        max_size=60,
    ),
    st.integers(0, 1 << 32),
)
def test_piece_by_piece_it_comes_to_the_same(text: str, nested: bool, steps: list[str], seed: int) -> None:
    bench = Bench(text, nested=nested, chance=random.Random(seed))
    bench.catch_up()
    bench.check()
    bench.editor.navigation.to_first()
    for step in [*steps, "look"]:
        if step == "decide":
            outcome = bench.chance.choice(VERBS)(bench.editor)
            if isinstance(outcome, Change) and outcome:
                bench.follow(outcome)
        elif step == "count":
            bench.count(any_fact(bench.chance))
        elif step == "renew":
            bench.renew()
        else:
            bench.catch_up()
            bench.check()


def test_a_long_decided_name_hides_last_words_in_all_its_pieces_whichever_comes_first() -> None:
    """The piece in which the name begins may be the last one that is done."""
    text = "met " + "Lima " * 40 + "Union . Ana Lima"
    for near in range(0, len(text), 20):
        bench = Bench(text, nested=False, chance=random.Random(near))
        bench.tokens, bench.sources, bench.has_patterns = bench.editor.tokens, [], False
        facts = [ShortFact("PER", True), FormFact("Ana Lima", "PER", Outcome.ACCEPTED, By.KEY)]
        for fact in facts:
            bench.memory.learn({fact: 9})
        start, end = text.index("Lima"), text.index(" . ")
        decision = Decision(
            1, 1, Verb.ADD, "ada", "2026-11-22T14:02:11Z", "s", after=Span(start, end, "ORG"), uid="d"
        )
        bench.editor.annotation_set.apply(decision)
        bench.proposer = Proposer(
            Words(text, bench.tokens),
            [],
            bench.label_set,
            memory=bench.memory,
            decided=bench.editor.annotation_set.spans,
            standing=lambda: Intervals(),
        )
        while bench.proposer.is_behind:
            bench.take(bench.proposer.propose(near))
        assert [text[one.start : one.end] for one in bench.shown] == ["Ana Lima"], near
        bench.check()
