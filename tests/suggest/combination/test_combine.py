"""The rule that combines suggestions, as tables: without memory, and with it."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.model.annotations import AnnotationSet
from annotator.model.decisions import By, Decision, Verb
from annotator.model.edges import Edge, EdgeKind
from annotator.model.labels import Label, LabelSet
from annotator.model.lookup import Words
from annotator.model.memory_edits import Outcome
from annotator.model.resources import load_label_set
from annotator.model.spans import Span, Suggestion, overlaps, walking_order
from annotator.model.tokens import Tokens
from annotator.suggest.combination.combine import SOURCES, combined, proposals
from annotator.suggest.memory.edits import Edits
from annotator.suggest.memory.facts import CallFact, EdgeFact, Fact, FormFact, ShortFact, facts_of
from annotator.suggest.memory.memory import Memory

FLAT = LabelSet.from_names("flat", ["PER", "LOC", "ORG"])
NESTED = replace(FLAT, nested=True)


def model(start: int, end: int, label: str = "PER", score: float | None = None) -> Suggestion:
    return Suggestion(start, end, label, score=score, source_label=label)


def memory(start: int, end: int, label: str = "PER", score: float | None = 0.6) -> Suggestion:
    return Suggestion(start, end, label, source="memory", score=score)


def learner(start: int, end: int, label: str = "PER", score: float | None = 0.6) -> Suggestion:
    return Suggestion(start, end, label, source="learner", score=score)


def pinned(start: int, end: int, label: str = "PER") -> Suggestion:
    return memory(start, end, label, None)


def other(start: int, end: int, label: str = "PER", score: float | None = None) -> Suggestion:
    return Suggestion(start, end, label, source="imported", score=score)


def pattern(start: int, end: int, label: str = "PER") -> Suggestion:
    return Suggestion(start, end, label, source="pattern")


@pytest.mark.parametrize(
    ("why", "suggested", "flat", "nested"),
    [
        ("nothing is nothing", [], [], []),
        ("apart", [model(5, 9), model(0, 4)], [model(0, 4), model(5, 9)], [model(0, 4), model(5, 9)]),
        (
            "touching is apart",
            [model(4, 9), model(0, 4)],
            [model(0, 4), model(4, 9)],
            [model(0, 4), model(4, 9)],
        ),
        ("a label that is unknown goes", [model(0, 4, "DATE")], [], []),
        ("a dropped one covers nothing", [model(0, 9, "DATE"), model(0, 4)], [model(0, 4)], [model(0, 4)]),
        ("repeated", [model(0, 4, score=0.5)] * 2, [model(0, 4, score=0.5)], [model(0, 4, score=0.5)]),
        (
            "repeated with other scores: the highest",
            [model(0, 4), model(0, 4, score=0.2), model(0, 4, score=0.9)],
            [model(0, 4, score=0.9)],
            [model(0, 4, score=0.9)],
        ),
        (
            "repeated by another source: the more certain",
            [model(0, 4, score=1.0), memory(0, 4)],
            [model(0, 4, score=1.0)],
            [model(0, 4, score=1.0)],
        ),
        (
            "repeated by another source as certain: memory",
            [model(0, 4, score=0.6), memory(0, 4)],
            [memory(0, 4)],
            [memory(0, 4)],
        ),
        (
            "repeated by a pattern: the pattern",
            [model(0, 4, score=1.0), pattern(0, 4)],
            [pattern(0, 4)],
            [pattern(0, 4)],
        ),
        (
            "the longer of two from a source",
            [model(0, 4, score=1.0), model(0, 9, score=0.1)],
            [model(0, 9, score=0.1)],
            [model(0, 9, score=0.1), model(0, 4, score=1.0)],
        ),
        (
            "a pinned form before a pattern",
            [pattern(0, 9), pinned(5, 7)],
            [pinned(5, 7)],
            [pattern(0, 9), pinned(5, 7)],
        ),
        (
            "a pattern before memory",
            [memory(0, 9), pattern(5, 7)],
            [pattern(5, 7)],
            [memory(0, 9), pattern(5, 7)],
        ),
        (
            "a pattern before the model",
            [model(0, 9), pattern(5, 7)],
            [pattern(5, 7)],
            [model(0, 9), pattern(5, 7)],
        ),
        (
            "the longer of the model and memory",
            [model(0, 9, score=0.1), memory(5, 7)],
            [model(0, 9, score=0.1)],
            [model(0, 9, score=0.1), memory(5, 7)],
        ),
        (
            "the longer of memory and the model",
            [model(0, 4, score=1.0), memory(2, 9)],
            [memory(2, 9)],
            [model(0, 4, score=1.0), memory(2, 9)],
        ),
        (
            "the longest of the learner and memory",
            [learner(0, 9, score=0.2), memory(2, 6, score=0.9)],
            [learner(0, 9, score=0.2)],
            [learner(0, 9, score=0.2), memory(2, 6, score=0.9)],
        ),
        (
            "the learner before the model where both are as sure",
            [model(0, 4, score=0.6), learner(2, 6, score=0.6)],
            [learner(2, 6, score=0.6)],
            [model(0, 4, score=0.6), learner(2, 6, score=0.6)],
        ),
        (
            "a pattern before the learner",
            [pattern(0, 4), learner(2, 9, score=1.0)],
            [pattern(0, 4)],
            [pattern(0, 4), learner(2, 9, score=1.0)],
        ),
        (
            "the model before an unknown source",
            [other(0, 9, score=1.0), model(5, 7)],
            [model(5, 7)],
            [other(0, 9, score=1.0), model(5, 7)],
        ),
        (
            "the more certain of two as long",
            [model(0, 4, score=0.4), model(2, 6, score=0.8)],
            [model(2, 6, score=0.8)],
            [model(0, 4, score=0.4), model(2, 6, score=0.8)],
        ),
        (
            "any score before none",
            [model(0, 4), model(2, 6, score=0.1)],
            [model(2, 6, score=0.1)],
            [model(0, 4), model(2, 6, score=0.1)],
        ),
        ("the first of two alike", [model(2, 6), model(0, 4)], [model(0, 4)], [model(0, 4), model(2, 6)]),
        (
            "the label that is listed first",
            [model(0, 4, "ORG"), model(0, 4, "LOC")],
            [model(0, 4, "LOC")],
            [model(0, 4, "LOC"), model(0, 4, "ORG")],
        ),
        (
            "what lost covers nothing",
            [pattern(0, 4), model(2, 8), model(6, 9)],
            [pattern(0, 4), model(6, 9)],
            [pattern(0, 4), model(2, 8), model(6, 9)],
        ),
    ],
)
def test_the_rule(
    why: str, suggested: list[Suggestion], flat: list[Suggestion], nested: list[Suggestion]
) -> None:
    assert list(combined(suggested, FLAT)) == flat, why
    assert list(combined(suggested, NESTED)) == nested, why


def test_a_models_label_goes_through_the_map_and_keeps_its_name() -> None:
    labels = load_label_set("conll")
    found = combined([model(0, 4, "GPE", 0.5), model(5, 9, "DATE"), model(10, 12, "LAW")], labels)
    assert [(one.label, one.source_label) for one in found] == [("LOC", "GPE"), ("MISC", "LAW")]
    assert found[0].score == 0.5


def test_another_sources_label_is_the_projects_own_where_it_can_be() -> None:
    labels = LabelSet(
        name="swapped", labels=(Label(name="A"), Label(name="B")), map={"A": "B", "B": None, "C": "A"}
    )
    suggested = [
        model(0, 1, "A"),
        memory(2, 3, "A"),
        pattern(4, 5, "B"),
        pattern(6, 7, "C"),
        memory(8, 9, "D"),
    ]
    found = combined(suggested, labels)
    assert [(one.start, one.label) for one in found] == [(0, "B"), (2, "A"), (4, "B"), (6, "A")]


def test_labels_that_become_one_are_one_suggestion() -> None:
    found = combined([model(0, 4, "GPE", 0.4), model(0, 4, "LOC", 0.6)], load_label_set("conll"))
    assert [(one.label, one.source_label, one.score) for one in found] == [("LOC", "LOC", 0.6)]


SUGGESTIONS = st.lists(
    st.builds(
        lambda start, length, label, source, score: Suggestion(
            start, start + length, label, source=source, score=score, source_label=label
        ),
        st.integers(0, 20),
        st.integers(1, 8),
        st.sampled_from(["PER", "LOC", "ORG", "DATE"]),
        st.sampled_from([*SOURCES, "imported"]),
        st.none() | st.floats(0, 1),
    ),
    max_size=12,
)


@given(SUGGESTIONS, st.booleans(), st.randoms())
def test_what_is_combined(suggested: list[Suggestion], nested: bool, random: st.Random) -> None:
    labels = NESTED if nested else FLAT
    found = combined(suggested, labels)
    assert list(found) == sorted(found, key=walking_order)
    assert len({one.key for one in found}) == len(found)
    assert all(one.label in labels and one in suggested for one in found)
    assert nested or not any(overlaps(one, other) for one in found for other in found if one is not other)
    assert combined(found, labels) == found
    shuffled = random.sample(suggested, len(suggested))
    assert [one.key for one in combined(shuffled, labels)] == [one.key for one in found]
    for lost in suggested:
        if lost.label in labels and lost.key not in {one.key for one in found}:
            assert not nested
            assert any(overlaps(lost, one) for one in found)


def accepted(surface: str, label: str, times: int = 1, *, by: By = By.KEY) -> dict[Fact, int]:
    return {FormFact(surface, label, Outcome.ACCEPTED, by): times}


def rejected(surface: str, label: str, times: int = 1) -> dict[Fact, int]:
    return {FormFact(surface, label, Outcome.REJECTED, By.KEY): times}


def edge(label: str, word: str, *, within: int = 0, out: int = 0) -> dict[Fact, int]:
    article = Edge(EdgeKind.ARTICLE, word)
    return {EdgeFact(label, article, True): within, EdgeFact(label, article, False): out}


def called(name: str, label: str, times: int) -> dict[Fact, int]:
    return {CallFact(name, label): times}


SURNAMES: dict[Fact, int] = {ShortFact("PER", True): 9, ShortFact("ORG", False): 9}


def memory_of(*facts: dict[Fact, int], edits: Edits | None = None) -> Memory:
    known = Memory(edits=edits)
    for each in facts:
        known.learn(each)
    return known


def shown(
    text: str, known: Memory, *suggested: tuple[str, str], nested: bool = False
) -> list[tuple[str, str, str]]:
    """What is proposed on `text`, where the model suggests the first mention of each surface: text, label, sources."""
    found = [model(text.index(each), text.index(each) + len(each), label, 0.9) for each, label in suggested]
    labels = NESTED if nested else FLAT
    combined_ = proposals(found, labels, memory=known, words=Words(text))
    return [(text[one.start : one.end], one.label, "+".join(one.sources)) for one in combined_]


@pytest.mark.parametrize(
    ("why", "known", "text", "suggested", "expected"),
    [
        ("nothing known", [], "Acme grew", [("Acme", "ORG")], [("Acme", "ORG", "model")]),
        ("a form is offered", [accepted("Acme", "ORG")], "Acme, Acme", [], [("Acme", "ORG", "memory")] * 2),
        (
            "both say the same: one, with both sources",
            [accepted("Acme", "ORG")],
            "Acme grew",
            [("Acme", "ORG")],
            [("Acme", "ORG", "model+memory")],
        ),
        (
            "a form's label is memory's",
            [accepted("Acme", "ORG")],
            "Acme grew",
            [("Acme", "PER")],
            [("Acme", "ORG", "model+memory")],
        ),
        ("a rejected form is dropped", [rejected("Acme", "ORG")], "Acme grew", [("Acme", "ORG")], []),
        (
            "but not with another label",
            [rejected("Acme", "ORG")],
            "Acme grew",
            [("Acme", "PER")],
            [("Acme", "PER", "model")],
        ),
        (
            "nor where it was marked more often",
            [rejected("Acme", "ORG"), accepted("Acme", "ORG", 2)],
            "Acme grew",
            [("Acme", "ORG")],
            [("Acme", "ORG", "model+memory")],
        ),
        (
            "an article goes where it is left out",
            [edge("LOC", "the", out=2)],
            "in the Hague",
            [("the Hague", "LOC")],
            [("Hague", "LOC", "model")],
        ),
        (
            "and comes where it is taken in",
            [edge("LOC", "the", within=2)],
            "in the Hague",
            [("Hague", "LOC")],
            [("the Hague", "LOC", "model")],
        ),
        (
            "for that word only",
            [edge("LOC", "the", out=2)],
            "The Hague",
            [("The Hague", "LOC")],
            [("The Hague", "LOC", "model")],
        ),
        (
            "but a form that is known stays",
            [edge("LOC", "the", out=9), accepted("the Hague", "LOC")],
            "in the Hague",
            [("the Hague", "LOC")],
            [("the Hague", "LOC", "model+memory")],
        ),
        (
            "without its article it may be refused",
            [edge("LOC", "the", out=2), rejected("Hague", "LOC")],
            "in the Hague",
            [("the Hague", "LOC")],
            [],
        ),
        (
            "a model's word for a label that is another here",
            [called("PER", "ORG", 6), called("PER", "PER", 1)],
            "Acme grew",
            [("Acme", "PER")],
            [("Acme", "ORG", "model")],
        ),
        (
            "not by a narrow lead",
            [called("PER", "ORG", 6), called("PER", "PER", 2)],
            "Acme grew",
            [("Acme", "PER")],
            [("Acme", "PER", "model")],
        ),
        (
            "the longer name wins",
            [accepted("York", "LOC")],
            "New York Times",
            [("New York Times", "ORG")],
            [("New York Times", "ORG", "model")],
        ),
        (
            "a surname alone",
            [SURNAMES],
            "Ada Vale met Vale",
            [("Ada Vale", "PER")],
            [("Ada Vale", "PER", "model"), ("Vale", "PER", "memory")],
        ),
        (
            "a surname that the model labels otherwise",
            [SURNAMES, accepted("Vale", "LOC")],
            "Vale met Ada Vale",
            [("Ada Vale", "PER"), ("Vale", "ORG")],
            [("Vale", "PER", "model+memory"), ("Ada Vale", "PER", "model")],
        ),
        (
            "not where last words are something else alone",
            [SURNAMES],
            "Acme Corp, the Corp",
            [("Acme Corp", "ORG")],
            [("Acme Corp", "ORG", "model")],
        ),
        (
            "not where two names differ",
            [SURNAMES],
            "Ada Vale of Green Vale met Vale",
            [("Ada Vale", "PER"), ("Green Vale", "LOC")],
            [("Ada Vale", "PER", "model"), ("Green Vale", "LOC", "model")],
        ),
        (
            "not where it was rejected",
            [SURNAMES, rejected("Vale", "PER")],
            "Ada Vale met Vale",
            [("Ada Vale", "PER")],
            [("Ada Vale", "PER", "model")],
        ),
        ("a label that the set does not have", [accepted("Acme", "CITY")], "Acme grew", [], []),
    ],
)
def test_the_rule_with_memory(
    why: str,
    known: list[dict[Fact, int]],
    text: str,
    suggested: list[tuple[str, str]],
    expected: list[tuple[str, str, str]],
) -> None:
    assert shown(text, memory_of(*known), *suggested) == expected, why


def test_nested_names_are_all_proposed() -> None:
    known = memory_of(accepted("New York", "LOC"), accepted("York", "LOC"))
    assert shown("New York Times", known, ("New York Times", "ORG"), nested=True) == [
        ("New York Times", "ORG", "model"),
        ("New York", "LOC", "memory"),
        ("York", "LOC", "memory"),
    ]


def test_edits_by_hand_come_before_all() -> None:
    edits = Edits().pin("York", "PER").block("Acme")
    known = memory_of(accepted("Acme", "ORG", 9), edits=edits)
    assert shown("York Street, Acme", known, ("York Street", "LOC"), ("Acme", "ORG")) == [
        ("York", "PER", "memory")
    ]


def test_patterns_keep_their_edges_and_get_the_label_of_a_form() -> None:
    text = "in the Hague"
    known = memory_of(edge("LOC", "the", out=5), accepted("the Hague", "ORG"))
    found = proposals([pattern(3, 12, "LOC")], FLAT, memory=known, words=Words(text))
    assert [(one.start, one.end, one.label, one.sources) for one in found] == [
        (3, 12, "ORG", ("pattern", "memory"))
    ]


def test_edges_are_moved_to_tokens_only() -> None:
    text = "in the_Hague's"
    known = memory_of({EdgeFact("LOC", Edge(EdgeKind.POSSESSIVE), False): 5})
    whole = Words(text, Tokens([(0, 2), (3, 14)], tokenizer="coarse"))
    found = proposals([model(3, 14, "LOC")], FLAT, memory=known, words=whole)
    assert [(one.start, one.end) for one in found] == [(3, 14)]
    found = proposals([model(3, 14, "LOC")], FLAT, memory=known, words=Words(text))
    assert [(one.start, one.end) for one in found] == [(3, 12)]


def test_decided_names_lend_their_last_word() -> None:
    text = "Ada Vale met Vale"
    found = proposals([], FLAT, memory=memory_of(SURNAMES), words=Words(text), decided=[Span(0, 8, "PER")])
    assert [(one.start, one.end, one.label) for one in found] == [(13, 17, "PER")]


def test_every_proposal_has_its_reasons() -> None:
    text = "In the Hague, Acme met Ada Vale. Vale left for York."
    known = memory_of(
        *(
            edge("LOC", "the", out=12, within=1),
            accepted("Acme", "ORG", 7),
            rejected("Acme", "PER"),
            SURNAMES,
        ),
        edits=Edits().pin("York", "LOC"),
    )
    found = [
        Suggestion(3, 12, "GPE", score=0.9, name="en-1.0", source_label="GPE"),
        Suggestion(14, 18, "PER", score=0.9, name="en-1.0", source_label="PER"),
        Suggestion(23, 31, "PER", source="pattern", name="people"),
    ]
    labels = replace(FLAT, map={"GPE": "LOC"})
    told = {
        text[one.start : one.end]: one for one in proposals(found, labels, memory=known, words=Words(text))
    }
    assert {surface: one.reason for surface, one in told.items()} == {
        "Hague": "model en-1.0 says GPE; the article “the” is left out in 12 of 13 LOC",
        "Acme": "model en-1.0 says PER; accepted 7 of 8 times as ORG",
        "Ada Vale": "pattern people says PER",
        "Vale": "the end of a longer PER here; such words were PER too in 9 of 9",
        "York": "pinned as LOC",
    }
    assert told["Hague"].proposed == replace(found[0], label="LOC")
    assert told["Hague"].suggestion.score == 0.9
    assert told["Ada Vale"].proposed is None
    assert told["Vale"].suggestion.score == pytest.approx(10 / 11)
    assert told["York"].suggestion.score is None


TEXT = "The Ada Vale met Vale of the Acme Corp in Paris. Paris's Mr. Acme said “Ada” to the PARIS press."
PLACES = st.integers(0, len(TEXT) - 1).flatmap(
    lambda start: st.tuples(st.just(start), st.integers(start + 1, min(len(TEXT), start + 12)))
)
ON_TEXT = st.lists(
    st.builds(
        lambda place, label, source, score, name: Suggestion(*place, label, source, score, name, label),
        PLACES,
        st.sampled_from(["PER", "LOC", "GPE", "ORG"]),
        st.sampled_from(["model", "pattern", "imported"]),
        st.none() | st.sampled_from([0.3, 0.9]),
        st.sampled_from(["one", "other"]),
    ),
    max_size=10,
)
DECIDED = st.lists(st.tuples(PLACES, st.sampled_from(["PER", "LOC", "ORG"]), st.booleans()), max_size=10)


@given(ON_TEXT, DECIDED, st.booleans(), st.booleans(), st.randoms())
def test_what_is_combined_with_memory(
    suggested: list[Suggestion],
    decisions: list[tuple[tuple[int, int], str, bool]],
    done: bool,
    nested: bool,
    random: st.Random,
) -> None:
    """Within the text and on tokens, flat where it must be, never what was only rejected, whatever comes first."""
    labels = replace(FLAT, nested=nested, map={"GPE": "LOC"})
    words = Words(TEXT)
    aligned = [one for one in suggested if words.is_aligned(one.start, one.end)]
    annotations = AnnotationSet("one", "ada")
    for (start, end), label, is_accepted in decisions:
        seq = annotations.revision + 1
        if is_accepted:
            made = Decision(seq, seq, Verb.ADD, "ada", "", span=str(seq), after=Span(start, end, label))
        else:
            made = Decision(seq, seq, Verb.REJECT, "ada", "", suggestion=Suggestion(start, end, label))
        annotations.apply(made)
    if done:
        seq = annotations.revision + 1
        annotations.apply(Decision(seq, seq, Verb.FINISH, "ada", ""))
    known = Memory()
    known.learn({**facts_of(TEXT, annotations), **SURNAMES})

    found = proposals(aligned, labels, memory=known, words=words)
    assert found == proposals(random.sample(aligned, len(aligned)), labels, memory=known, words=words)
    assert list(found) == sorted(found, key=walking_order)
    assert nested or all(one.end <= later.start for one, later in pairwise(found))
    only_rejected = {
        (" ".join(TEXT[start:end].split()), label)
        for (start, end), label, is_accepted in decisions
        if not is_accepted
    } - {
        (" ".join(TEXT[start:end].split()), label)
        for (start, end), label, is_accepted in decisions
        if is_accepted
    }
    for one in found:
        assert words.is_aligned(one.start, one.end)
        assert one.reasons
        assert one.sources[0] == one.suggestion.source
        surface = " ".join(TEXT[one.start : one.end].split())
        assert (surface, one.label) not in only_rejected


def test_of_two_that_say_the_same_the_names_decide_whatever_comes_first() -> None:
    one, other_ = (Suggestion(0, 4, "LOC", score=0.5, name=name, source_label="LOC") for name in ("a", "b"))
    assert proposals([one, other_], FLAT) == proposals([other_, one], FLAT)
    assert proposals([other_, one], FLAT)[0].suggestion.name == "a"
