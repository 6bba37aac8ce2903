"""Annotators against the gold, and SemEval's figures."""

from __future__ import annotations

from dataclasses import astuple

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nervaluate import Evaluator

from annotator.measure.agreement import agreement
from annotator.measure.corpus import Corpus
from annotator.measure.gold import Errors
from annotator.measure.semeval import Judgement, SemEval, semeval
from tests.measure.made import LABELS, corpus, document, spans

Triples = list[tuple[int, int, str]]

GOLD = [(0, 2, "PER"), (3, 5, "PER"), (6, 9, "ORG"), (10, 12, "LOC")]
OWN = [(0, 2, "PER"), (3, 5, "ORG"), (6, 8, "ORG"), (13, 14, "LOC")]


def test_precision_recall_and_kinds_of_errors() -> None:
    (one,) = agreement([document({"ana": OWN, "gold": GOLD})], gold="gold").against_gold
    assert (one.strict.precision, one.strict.recall, one.strict.f1) == (1 / 4, 1 / 4, 1 / 4)
    assert (one.lenient.f1, one.boundary.f1) == (2 / 4, 2 / 4)
    assert one.errors == Errors(missed=1, spurious=1, label=1, boundary=1, both=0)
    assert one.confusion["PER", "ORG"] == one.confusion["LOC", None] == one.confusion[None, "LOC"] == 1


def test_rates_of_a_label() -> None:
    (one,) = agreement([document({"ana": OWN, "gold": GOLD})], gold="gold").against_gold
    person = one.by_label["PER"]
    assert (person.precision, person.recall, person.f1) == (1.0, 1 / 2, 2 / 3)
    plain = one.as_json()
    assert plain["per_label"][-1] == {
        "label": "PER",
        "precision": 1.0,
        "recall": 0.5,
        "f1": pytest.approx(2 / 3),
        "support": 2,
    }
    assert (plain["spans"], plain["spans_gold"], plain["errors"]["boundary"]) == (4, 4, 1)


def test_only_documents_that_gold_has_count() -> None:
    found = [document({"ana": OWN, "gold": GOLD}, id="1"), document({"ana": OWN}, id="2")]
    (one,) = agreement(found, gold="gold").against_gold
    assert (one.documents, one.strict.spans_b) == (1, 4)


def test_without_gold_nobody_is_measured_by_it() -> None:
    assert agreement([document({"ana": OWN})], gold="gold").against_gold == ()


def judged(gold: Triples, own: Triples) -> SemEval:
    return semeval(corpus({"gold": gold, "own": own}, length=60), "gold", "own")


def test_the_table_of_semeval() -> None:
    """Six rows: right, another label, missed, a longer span, spurious, a longer span of another label."""
    gold = [(0, 9, "DRUG"), (10, 21, "DRUG"), (22, 30, "BRAND"), (34, 42, "DRUG"), (53, 60, "GROUP")]
    own = [(0, 9, "DRUG"), (10, 21, "BRAND"), (31, 42, "DRUG"), (43, 47, "BRAND"), (48, 60, "DRUG")]
    found = judged(gold, own)
    assert found.strict == Judgement(correct=1, incorrect=3, partial=0, missed=1, spurious=1)
    assert found.exact == Judgement(correct=2, incorrect=2, partial=0, missed=1, spurious=1)
    assert found.partial == Judgement(correct=2, incorrect=0, partial=2, missed=1, spurious=1)
    assert found.type == Judgement(correct=2, incorrect=2, partial=0, missed=1, spurious=1)
    assert [each.f1 for each in (found.type, found.partial, found.exact, found.strict)] == [
        0.4,
        0.6,
        0.4,
        0.2,
    ]
    assert {
        (each.possible, each.actual) for each in (found.strict, found.exact, found.partial, found.type)
    } == {(5, 5)}


def test_what_is_partly_right_counts_by_half() -> None:
    """Two are right but for their edges, one is right, one is spurious; the gold has one more."""
    partial = Judgement(correct=1, incorrect=0, partial=2, missed=2, spurious=1)
    assert (partial.precision, partial.recall) == (2 / 4, 2 / 5)


def test_touching_spans_have_nothing_in_common() -> None:
    assert judged([(0, 2, "PER")], [(2, 4, "PER")]).partial.f1 == 0.0


def test_no_spans_are_undefined() -> None:
    nothing = judged([], []).strict
    assert (nothing.precision, nothing.recall, nothing.f1) == (None, None, None)


@st.composite
def one_to_one(draw: st.DrawFn) -> tuple[Triples, Triples]:
    """Spans in slots of their own, so that each side has at most one that overlaps one of the other's."""
    sides: tuple[Triples, Triples] = ([], [])
    for slot in range(4):
        for side in sides:
            if draw(st.booleans()):
                start = draw(st.integers(0, 4))
                side.append(
                    (
                        10 * slot + start,
                        10 * slot + draw(st.integers(start + 1, 9)),
                        draw(st.sampled_from(LABELS)),
                    )
                )
    return sides


@given(both=one_to_one())
def test_all_four_are_nervaluates(both: tuple[Triples, Triples]) -> None:
    gold, own = both
    if not gold and not own:
        return  # nervaluate cannot read it
    # Its offsets are inclusive.
    sides = [
        [[{"label": label, "start": start, "end": end - 1} for start, end, label in side]] for side in both
    ]
    theirs = Evaluator(*sides, tags=list(LABELS), loader="dict").evaluate()["overall"]
    ours = judged(gold, own)
    for figure, judgement in (
        ("strict", ours.strict),
        ("exact", ours.exact),
        ("partial", ours.partial),
        ("ent_type", ours.type),
    ):
        found = theirs[figure]
        assert astuple(judgement) == (
            found.correct,
            found.incorrect,
            found.partial,
            found.missed,
            found.spurious,
        )
        assert (judgement.f1 or 0.0) == pytest.approx(found.f1, abs=1e-9)


@given(gold=spans(), own=spans())
def test_every_span_is_judged_once(gold: Triples, own: Triples) -> None:
    for judgement in (judged(gold, own).strict, judged(gold, own).partial):
        assert judgement.possible == len(set(gold))
        assert judgement.actual == len(set(own))


def test_semeval_counts_documents_that_both_finished() -> None:
    found = Corpus.of(
        [
            document({"gold": GOLD, "own": GOLD}, id="1"),
            document({"gold": GOLD}, id="2"),
            document({}, id="3"),
        ]
    )
    assert semeval(found, "gold", "own").strict == Judgement(4, 0, 0, 0, 0)
