"""Memory: what it learns from sets and from decisions, and that both are the same."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.editing.editor import Editor
from annotator.model.annotations import AnnotationSet
from annotator.model.decisions import By, Decision, Verb
from annotator.model.documents import new_document
from annotator.model.edges import Edge, EdgeKind
from annotator.model.labels import LabelSet
from annotator.model.spans import Span, Suggestion
from annotator.suggest.memory.edits import Edits
from annotator.suggest.memory.facts import facts_of
from annotator.suggest.memory.follower import Follower
from annotator.suggest.memory.memory import CALLS_AHEAD, Memory

WHEN = "2026-11-22T14:02:11Z"
LABELS = LabelSet.from_names("flat", ["PER", "LOC", "ORG"])


def decided(
    text: str,
    *spans: tuple[str, str],
    by: By = By.KEY,
    rejected: tuple[tuple[str, str], ...] = (),
    done: bool = False,
) -> tuple[str, AnnotationSet]:
    """A text and a set that marks the first mention of each surface with its label, and rejects others."""
    decisions = []
    for surface, label in spans:
        start = text.index(surface)
        span = Span(start, start + len(surface), label)
        decisions.append((Verb.ADD, f"{surface}-{label}", span, None))
    for surface, label in rejected:
        start = text.index(surface)
        decisions.append((Verb.REJECT, None, None, Suggestion(start, start + len(surface), label)))
    if done:
        decisions.append((Verb.FINISH, None, None, None))
    return text, AnnotationSet(
        "one",
        "ada",
        [
            Decision(seq, seq, verb, "ada", WHEN, span=uid, after=after, suggestion=suggestion, by=by)
            for seq, (verb, uid, after, suggestion) in enumerate(decisions, 1)
        ],
    )


def test_a_form_that_was_marked_is_offered_with_its_smoothed_acceptance() -> None:
    memory = Memory.from_sets([decided("Chicago lost.", ("Chicago", "LOC"))])
    assert memory.offer("Chicago") == ("LOC", pytest.approx(2 / 3))
    assert memory.offer("Boston") is None


@pytest.mark.parametrize(
    ("by", "score"), [(By.KEY, 5 / 6), (By.IMPORT, 5 / 6), (By.BULK, 3 / 4), (By.DOCUMENT, 3 / 4)]
)
def test_what_was_decided_in_passing_counts_half(by: By, score: float) -> None:
    memory = Memory.from_sets([decided("Chicago lost.", ("Chicago", "LOC"), by=by)] * 4)
    assert memory.offer("Chicago") == ("LOC", pytest.approx(score))


def test_the_label_with_the_greater_weight_is_offered() -> None:
    by_hand = decided("Chicago lost.", ("Chicago", "ORG"))
    in_passing = decided("Chicago is cold.", ("Chicago", "LOC"), by=By.DOCUMENT)
    assert Memory.from_sets([by_hand, in_passing]).offer("Chicago") == ("ORG", pytest.approx(2 / 3.5))
    assert Memory.from_sets([by_hand, *[in_passing] * 3]).offer("Chicago") == (
        "LOC",
        pytest.approx(2.5 / 4.5),
    )


def test_a_rejected_form_is_not_offered_until_it_is_marked_more_often() -> None:
    marked = decided("Spring came.", ("Spring", "ORG"))
    rejected = decided("Spring came.", rejected=(("Spring", "ORG"),))
    for sets, is_offered in (
        ([rejected], False),
        ([marked, rejected], False),
        ([marked, marked, rejected], True),
        ([marked, marked, rejected, rejected], False),
    ):
        memory = Memory.from_sets(sets)
        assert (memory.offer("Spring") is not None) is is_offered
        assert memory.refuses("Spring", "ORG") is not is_offered
        assert not memory.refuses("Spring", "PER")


def test_a_word_that_mostly_stands_unmarked_is_not_offered() -> None:
    text = "May came. May went. May came again. Teresa met May."
    memory = Memory.from_sets([decided(text, ("May", "PER"))])
    assert memory.offer("May") == ("PER", pytest.approx(2 / 3))
    memory = Memory.from_sets([decided(text, ("May", "PER"), done=True)])
    assert memory.offer("May") == ("PER", pytest.approx(2 / 6))
    memory = Memory.from_sets([decided(text, ("May", "PER"), done=True), decided("May May", done=True)])
    assert memory.offer("May") is None


@pytest.mark.parametrize("surface", ["apple", "the", "It", "on the", "1984"])
def test_what_looks_like_no_name_must_have_been_marked_by_key_three_times(surface: str) -> None:
    text = f"x {surface} x"
    by_key = decided(text, (surface, "ORG"))
    in_passing = decided(text, (surface, "ORG"), by=By.DOCUMENT)
    assert Memory.from_sets([by_key, by_key, *[in_passing] * 9]).offer(surface) is None
    assert Memory.from_sets([by_key] * 3).offer(surface) is not None


def test_names_in_small_letters_of_several_words_and_in_scripts_without_case_are_offered() -> None:
    for surface in ("breast cancer", "ירושלים", "東京"):
        assert Memory.from_sets([decided(f"x {surface} x", (surface, "LOC"))]).offer(surface) is not None


def test_a_doubtful_span_teaches_nothing() -> None:
    text, annotation_set = decided("Chicago lost.", ("Chicago", "LOC"))
    uid = annotation_set.spans[0].uid
    before = annotation_set.spans[0].span
    after = Span(before.start, before.end, before.label, doubt=True)
    annotation_set.apply(Decision(2, 2, Verb.DOUBT, "ada", WHEN, span=uid, before=before, after=after))
    assert Memory.from_sets([(text, annotation_set)]) == Memory()


def test_what_the_project_calls_a_label_of_the_model() -> None:
    text = "Acme grew."
    suggestion = Suggestion(0, 4, "LOC", source_label="GPE")
    corrected = AnnotationSet(
        "one",
        "ada",
        [Decision(1, 1, Verb.RELABEL, "ada", WHEN, "a", None, Span(0, 4, "ORG"), suggestion)],
    )
    memory = Memory.from_sets([(text, corrected)] * (CALLS_AHEAD - 1))
    assert memory.call("GPE", "LOC") is None
    memory.learn(facts_of(text, corrected))
    call = memory.call("GPE", "LOC")
    assert call is not None
    assert (call.label, call.times, call.of) == ("ORG", CALLS_AHEAD, CALLS_AHEAD)
    assert memory.call("GPE", "ORG") is None
    assert memory.call("PERSON", "PER") is None


def test_habits_at_edges_are_those_of_the_label_then_of_all() -> None:
    the = Edge(EdgeKind.ARTICLE, "the")
    memory = Memory.from_sets([decided("to the Hague", ("the Hague", "LOC"))] * 4)
    memory.learn(facts_of(*decided("to the Senate", ("Senate", "ORG"))))
    senate, hague = memory.habit("ORG", the), memory.habit("LOC", the)
    assert senate is not None
    assert hague is not None
    assert (senate.within, senate.out) == (0, 1)
    assert senate.share == pytest.approx((0 + 2 * 5 / 7) / 3)
    assert hague.share == pytest.approx((4 + 2 * 5 / 7) / 6)
    assert memory.habit("PER", the) is None
    assert memory.habit("LOC", Edge(EdgeKind.ARTICLE, "The")) is None


def test_last_words_alone_are_counted_in_finished_documents() -> None:
    text = "Georgy Zhukov spoke. Zhukov left. Then Zhukov"
    spans = (("Georgy Zhukov", "PER"),)
    assert Memory.from_sets([decided(text, *spans)]).short_form("PER") == (0, 0)
    assert Memory.from_sets([decided(text, *spans, done=True)]).short_form("PER") == (0, 2)


EDITED = decided("Spring came.", ("Spring", "ORG"))


def test_a_pinned_form_is_always_offered_and_has_no_score() -> None:
    memory = Memory.from_sets([EDITED, decided("Spring.", rejected=(("Spring", "ORG"),))])
    memory.edit(memory.edits.pin("Spring", "LOC").pin("nothing", "PER"))
    assert memory.offer("Spring") == ("LOC", None)
    assert memory.offer("nothing") == ("PER", None)
    assert not memory.refuses("Spring", "ORG")
    assert set(memory.forms()) == {"Spring", "nothing"}


def test_a_blocked_form_is_refused_under_every_label() -> None:
    memory = Memory.from_sets([EDITED] * 9, edits=Edits().block("Spring"))
    assert memory.offer("Spring") is None
    assert memory.refuses("Spring", "PER")
    memory.edit(memory.edits.release("Spring"))
    assert memory.offer("Spring") is not None
    assert not memory.refuses("Spring", "PER")


def test_a_forgotten_form_starts_afresh_also_when_memory_is_rebuilt() -> None:
    memory = Memory.from_sets([EDITED] * 2)
    edits = memory.forget("Spring")
    assert memory.offer("Spring") is None
    memory.learn(facts_of(*EDITED))
    assert memory.offer("Spring") == ("ORG", pytest.approx(2 / 3))
    assert Memory.from_sets([EDITED] * 3, edits=edits) == memory


TEXT = (
    "The Ada Lovelace met Lovelace of the Acme Corp in Paris. Paris's Mr. Acme said “Ada” to the PARIS press."
)

PLACES = st.integers(0, len(TEXT) - 1).flatmap(
    lambda start: st.tuples(st.just(start), st.integers(start + 1, min(len(TEXT), start + 20)))
)
SUGGESTIONS = st.lists(
    st.builds(
        lambda place, label, source, score: Suggestion(*place, label, source, score, "", f"X{label}"),
        PLACES,
        st.sampled_from(["PER", "LOC"]),
        st.sampled_from(["model", "memory"]),
        st.none() | st.sampled_from([0.5, 0.99]),
    ),
    max_size=8,
)
VERBS: list[Callable[[Editor], object]] = [
    Editor.accept,
    Editor.reject,
    Editor.doubt,
    Editor.finish,
    Editor.reopen,
    Editor.skip,
    Editor.undo,
    Editor.undo,
    Editor.redo,
    Editor.correct_others,
    lambda editor: editor.label("PER"),
    lambda editor: editor.label("ORG"),
    lambda editor: editor.resize("left", "in"),
    lambda editor: editor.resize("right", "out"),
    lambda editor: editor.accept_confident(len(TEXT)),
    lambda editor: editor.navigation.next_undecided(),
    lambda editor: editor.select(4, 16),
    lambda editor: editor.select(37, 46),
]
STEPS = st.lists(st.sampled_from(range(len(VERBS))), max_size=25)


def new_editor(suggestions: list[Suggestion]) -> Editor:
    document = new_document(TEXT, id="one")
    editor = Editor(document, LABELS, AnnotationSet("one", "ada"), clock=lambda: datetime.now(UTC))
    editor.suggest(suggestions)
    editor.navigation.next_undecided()
    return editor


@given(SUGGESTIONS, STEPS, st.sets(st.integers(0, 24)))
@settings(max_examples=150)
def test_following_decisions_is_reading_the_set(
    suggestions: list[Suggestion], steps: list[int], looks: set[int]
) -> None:
    """Whether it looks after each decision or after several, whatever was undone meanwhile."""
    editor = new_editor(suggestions)
    memory = Memory()
    follower = Follower(memory, TEXT, editor.annotation_set, is_learnt=False)
    seen = 0
    for number, step in enumerate([*steps, 0]):
        VERBS[step](editor)
        if number in looks or number == len(steps):
            before = memory.facts()
            changed = follower.follow(editor.annotation_set.decisions[seen:])
            seen = editor.revision
            assert memory == Memory.from_sets([(TEXT, editor.annotation_set)])
            assert changed or memory.facts() == before
    memory.unlearn(facts_of(TEXT, editor.annotation_set))
    assert memory == Memory()
    assert not list(memory.forms())


def test_a_follower_of_a_set_that_was_read_learns_only_what_is_new() -> None:
    editor = new_editor([])
    editor.select(4, 16)
    editor.label("PER")
    memory = Memory.from_sets([(TEXT, editor.annotation_set)])
    follower = Follower(memory, TEXT, editor.annotation_set, is_learnt=True)
    change = editor.undo()
    follower.follow(change.decisions)
    assert memory == Memory()


@given(st.lists(st.tuples(SUGGESTIONS, STEPS), max_size=4), st.randoms())
@settings(max_examples=40)
def test_the_order_of_documents_does_not_matter(
    work: list[tuple[list[Suggestion], list[int]]], random: st.Random
) -> None:
    sets = []
    for suggestions, steps in work:
        editor = new_editor(suggestions)
        for step in steps:
            VERBS[step](editor)
        sets.append((TEXT, editor.annotation_set))
    memory, other = Memory.from_sets(sets), Memory.from_sets(random.sample(sets, len(sets)))
    assert memory == other
    for surface in memory.forms():
        assert memory.offer(surface) == other.offer(surface)
    for _, annotation_set in sets:
        memory.unlearn(facts_of(TEXT, annotation_set))
    assert memory == Memory()
