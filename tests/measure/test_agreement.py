"""The whole: real corpora against figures computed otherwise, properties of any corpus, and corpora with nothing in them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import combinations
from statistics import fmean
from typing import Any

import krippendorff
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nervaluate import Evaluator
from sklearn.metrics import cohen_kappa_score

from annotator.errors import InputError
from annotator.measure.agreement import Agreement, Progress, agreement, agreement_steps
from annotator.measure.corpus import FinishedDocument
from annotator.measure.matching import Counts
from annotator.model.spans import Span
from tests.measure.made import ANNOTATORS, LABELS, document, documents


def strict_f1(found: list[FinishedDocument], a: str, b: str) -> float:
    """Strict F1 by intersection of sets."""
    one, other = (
        {(each.id, span.start, span.end, span.label) for each in found for span in each.sets[name]}
        for name in (a, b)
    )
    return 2 * len(one & other) / (len(one) + len(other))


def labels_of_tokens(found: list[FinishedDocument], name: str) -> list[str]:
    """The label of each token, O where there is none; for flat layers."""
    return [
        next((span.label for span in each.sets[name] if span.start < end and start < span.end), "O")
        for each in found
        for start, end in each.tokens
    ]


@pytest.fixture(scope="module")
def trials(neurotrialner: list[FinishedDocument]) -> Agreement:
    return agreement(neurotrialner)


@pytest.fixture(scope="module")
def token_columns(neurotrialner: list[FinishedDocument]) -> dict[str, list[str]]:
    return {name: labels_of_tokens(neurotrialner, name) for name in "ABC"}


class TestNeuroTrialNER:
    """488 texts, three annotators."""

    def test_size(self, trials: Agreement) -> None:
        assert (trials.annotators, trials.documents, len(trials.pairs)) == (("A", "B", "C"), 488, 3)

    def test_strict_f1_by_intersection(
        self, trials: Agreement, neurotrialner: list[FinishedDocument]
    ) -> None:
        for pair in trials.pairs:
            assert pair.strict.f1 == pytest.approx(strict_f1(neurotrialner, pair.a, pair.b), abs=1e-12)

    def test_published_token_kappa(self, trials: Agreement) -> None:
        assert [round(pair.token_kappa or 0, 4) for pair in trials.pairs] == [0.7575, 0.7651, 0.7595]

    def test_token_kappa_by_scikit_learn(
        self, trials: Agreement, token_columns: dict[str, list[str]]
    ) -> None:
        for pair in trials.pairs:
            theirs = cohen_kappa_score(token_columns[pair.a], token_columns[pair.b])
            assert pair.token_kappa == pytest.approx(theirs, abs=1e-9)

    def test_alphas_by_krippendorff(self, trials: Agreement, token_columns: dict[str, list[str]]) -> None:
        columns = np.array(list(token_columns.values()))
        names = np.unique(columns)
        counts = np.stack([(columns == name).sum(axis=0) for name in names], axis=1)
        marked = counts[counts[:, names.tolist().index("O")] < len(columns)]
        for ours, units in ((trials.alpha_tokens, counts), (trials.alpha_tokens_marked, marked)):
            theirs = krippendorff.alpha(value_counts=units, level_of_measurement="nominal")
            assert ours == pytest.approx(theirs, abs=1e-9)

    def test_strict_f1_by_nervaluate(self, trials: Agreement, neurotrialner: list[FinishedDocument]) -> None:
        pair = trials.pairs[0]
        # Its offsets are inclusive.
        sides = [
            [
                [{"label": span.label, "start": span.start, "end": span.end - 1} for span in each.sets[name]]
                for each in neurotrialner
            ]
            for name in (pair.a, pair.b)
        ]
        theirs = Evaluator(*sides, tags=list(trials.corpus.labels), loader="dict").evaluate()["overall"][
            "strict"
        ]
        assert theirs.correct == pair.strict.true_positives
        assert pair.strict.f1 == pytest.approx(theirs.f1, abs=1e-9)

    def test_per_label(self, trials: Agreement, neurotrialner: list[FinishedDocument]) -> None:
        for figures in trials.per_label:
            only = [
                FinishedDocument(
                    each.id,
                    each.length,
                    each.tokens,
                    {
                        name: [span for span in spans if span.label == figures.label]
                        for name, spans in each.sets.items()
                    },
                )
                for each in neurotrialner
            ]
            spans = sum(len(list(spans)) for each in only for spans in each.sets.values())
            matched = sum(
                len(set(each.sets[a]) & set(each.sets[b])) for each in only for a, b in combinations("ABC", 2)
            )
            assert figures.support == spans
            assert figures.strict.f1 == pytest.approx(2 * matched / (2 * spans), abs=1e-12)
            alone = agreement(only)
            assert figures.alpha_unitizing == pytest.approx(alone.alpha_unitizing.corpus, abs=1e-9)

    def test_intervals_hold_the_figure(self, trials: Agreement) -> None:
        for pair in trials.pairs:
            assert pair.interval is not None
            low, high = pair.interval
            assert low < (pair.strict.f1 or 0) < high
            assert high - low < 0.1

    def test_an_annotator_as_gold(self, trials: Agreement, neurotrialner: list[FinishedDocument]) -> None:
        measured = agreement(neurotrialner, gold="C")
        assert measured.annotators == ("A", "B")
        assert measured.pairs == trials.pairs[:1]
        for one, pair in zip(measured.against_gold, trials.pairs[1:], strict=True):
            assert (one.annotator, one.strict.f1, one.lenient.f1) == (pair.a, pair.strict.f1, pair.lenient.f1)
            assert one.boundary.f1 == pair.boundary.f1


@pytest.mark.parametrize(
    ("group", "published", "mean"), [("group1", 0.8229, 0.822811), ("group2", 0.7398, 0.739347)]
)
def test_strict_f1_of_nemo(
    nemo: dict[str, list[FinishedDocument]], group: str, published: float, mean: float
) -> None:
    """What is published is over the spans of all pairs; the mean of the pairs is a little lower."""
    measured = agreement(nemo[group], gold="gold")
    assert (len(measured.annotators), len(measured.pairs), len(measured.against_gold)) == (6, 15, 6)
    assert measured.strict.f1 == pytest.approx(published, abs=0.00005)
    by_pair = [strict_f1(nemo[group], pair.a, pair.b) for pair in measured.pairs]
    assert [pair.strict.f1 for pair in measured.pairs] == pytest.approx(by_pair, abs=1e-12)
    assert fmean(by_pair) == pytest.approx(mean, abs=1e-6)


figures = settings(max_examples=60, deadline=None)


def rounded(value: Any) -> Any:
    """Figures as far as sums in another order can change them."""
    if isinstance(value, float):
        return round(value, 9)
    if isinstance(value, dict):
        return {key: rounded(item) for key, item in value.items()}
    return [rounded(item) for item in value] if isinstance(value, list) else value


@figures
@given(found=documents(), data=st.data())
def test_order_and_duplicates_change_nothing(found: list[FinishedDocument], data: st.DataObject) -> None:
    shuffled = [
        FinishedDocument(
            each.id,
            each.length,
            each.tokens,
            {
                name: data.draw(st.permutations([*each.sets[name]] * 2))
                for name in data.draw(st.permutations(sorted(each.sets)))
            },
        )
        for each in data.draw(st.permutations(found))
    ]
    assert rounded(agreement(shuffled).as_json()) == rounded(agreement(found).as_json())


@figures
@given(found=documents(), gold=st.sampled_from(ANNOTATORS))
def test_the_gold_has_no_part_in_the_figures_of_the_others(found: list[FinishedDocument], gold: str) -> None:
    without = [
        FinishedDocument(
            each.id,
            each.length,
            each.tokens,
            {name: spans for name, spans in each.sets.items() if name != gold},
        )
        for each in found
    ]
    measured, alone = agreement(found, gold=gold), agreement(without)
    assert measured.annotators == alone.annotators
    for name in ("documents", "strict", "lenient", "boundary", "alpha_tokens", "alpha_tokens_marked"):
        assert rounded(getattr(measured, name)) == rounded(getattr(alone, name))
    assert rounded(measured.alpha_unitizing.corpus) == rounded(alone.alpha_unitizing.corpus)
    support = {label.label: label.support for label in measured.per_label if label.support}
    assert support == {label.label: label.support for label in alone.per_label if label.support}


def renamed(found: list[FinishedDocument], annotators: dict[str, str], labels: dict[str, str]) -> Agreement:
    return agreement(
        FinishedDocument(
            each.id,
            each.length,
            each.tokens,
            {
                annotators[name]: [Span(span.start, span.end, labels[span.label]) for span in spans]
                for name, spans in each.sets.items()
            },
        )
        for each in found
    )


@figures
@given(found=documents(), data=st.data())
def test_other_names_for_labels_and_annotators_change_no_figure(
    found: list[FinishedDocument], data: st.DataObject
) -> None:
    measured = agreement(found)
    annotators = dict(zip(ANNOTATORS, data.draw(st.permutations(ANNOTATORS)), strict=True))
    labels = dict(zip(LABELS, data.draw(st.permutations(LABELS)), strict=True))
    again = renamed(found, annotators, labels)
    for name in ("documents", "alpha_tokens", "alpha_tokens_marked"):
        assert rounded(getattr(again, name)) == rounded(getattr(measured, name))
    assert rounded(again.alpha_unitizing.corpus) == rounded(measured.alpha_unitizing.corpus)
    pairs = {frozenset((pair.a, pair.b)): pair for pair in again.pairs}
    for pair in measured.pairs:
        other = pairs[frozenset((annotators[pair.a], annotators[pair.b]))]
        for name in ("strict", "lenient", "boundary"):
            assert getattr(other, name).f1 == getattr(pair, name).f1
        assert rounded(other.token_kappa) == rounded(pair.token_kappa)
        assert other.interval == pair.interval


@figures
@given(found=documents())
def test_each_pair_is_over_the_documents_that_both_finished(found: list[FinishedDocument]) -> None:
    for pair in agreement(found).pairs:
        both = [each for each in found if {pair.a, pair.b} <= each.sets.keys()]
        assert pair.documents == len(both)
        assert pair.strict.spans_a == sum(len(set(each.sets[pair.a])) for each in both)
        assert pair.strict.spans_b == sum(len(set(each.sets[pair.b])) for each in both)
        alone = agreement(
            FinishedDocument(
                each.id, each.length, each.tokens, {name: each.sets[name] for name in (pair.a, pair.b)}
            )
            for each in both
        )
        assert [rounded(each.token_kappa) for each in alone.pairs] == (
            [rounded(pair.token_kappa)] if both else []
        )


@figures
@given(found=documents(complete=True))
def test_full_agreement_is_one_or_undefined(found: list[FinishedDocument]) -> None:
    same = [
        FinishedDocument(each.id, each.length, each.tokens, dict.fromkeys("ab", each.sets["ana"]))
        for each in found
    ]
    measured = agreement(same)
    (pair,) = measured.pairs
    anything = any(each.sets["ana"] for each in found)
    for counts in (pair.strict, pair.lenient, pair.boundary):
        assert counts.f1 == (1.0 if anything else None)
    assert measured.alpha_unitizing.corpus in ((1.0,) if anything else (None,))
    for figure in (pair.token_kappa, measured.alpha_tokens, measured.alpha_tokens_marked):
        assert figure in (1.0, None)


def test_documents_that_nobody_marked_add_nothing_to_f1() -> None:
    some = document({"a": [(0, 2, "PER"), (4, 6, "PER")], "b": [(0, 2, "PER")]}, id="1")
    none = document({"a": [], "b": []}, id="2")
    (pair,) = agreement([some, none]).pairs
    (alone,) = agreement([some]).pairs
    assert pair.documents == 2
    assert pair.strict == alone.strict
    assert pair.strict.f1 == pytest.approx(2 / 3)


@pytest.mark.parametrize(
    ("found", "annotators", "pairs"),
    [
        pytest.param([], (), 0, id="no documents"),
        pytest.param([document({"a": [(0, 2, "PER")]})], ("a",), 0, id="one annotator"),
        pytest.param([document({"a": [], "b": []})], ("a", "b"), 1, id="nothing marked"),
        pytest.param([document({"a": [], "b": []}, length=0)], ("a", "b"), 1, id="an empty text"),
        pytest.param(
            [document({"a": [(0, 2, "PER")]}, id="1"), document({"b": [(0, 2, "PER")]}, id="2")],
            ("a", "b"),
            1,
            id="no document in common",
        ),
    ],
)
def test_where_nothing_can_be_compared_all_is_undefined(
    found: list[FinishedDocument], annotators: tuple[str, ...], pairs: int
) -> None:
    measured = agreement(found, gold="gold")
    assert (measured.annotators, len(measured.pairs)) == (annotators, pairs)
    plain = json.loads(json.dumps(measured.as_json(), allow_nan=False))
    assert plain["alpha_tokens"] is plain["alpha_tokens_marked"] is plain["alpha_unitizing"] is None
    for pair in plain["pairs"]:
        assert [pair[name] for name in ("strict_f1", "lenient_f1", "boundary_f1", "token_kappa")] == [
            None
        ] * 4
        assert pair["strict_f1_interval"] is None


def test_json_has_the_names_that_programs_read() -> None:
    measured = agreement([document({"a": [(0, 2, "PER")], "b": [], "gold": []})], gold="gold").as_json()
    assert measured.keys() >= {
        *("annotators", "documents", "pairs", "alpha_tokens", "alpha_tokens_marked", "alpha_unitizing"),
        *("per_label", "confusion", "against_gold"),
    }
    assert measured["pairs"][0].keys() >= {
        *(
            "a",
            "b",
            "documents",
            "spans_a",
            "spans_b",
            "strict_f1",
            "lenient_f1",
            "boundary_f1",
            "token_kappa",
        )
    }


def test_progress_is_told_and_may_be_the_end() -> None:
    asked: list[str] = []

    def read() -> Iterator[FinishedDocument]:
        for id in "12345":
            asked.append(id)
            yield document({"a": [(0, 2, "PER")], "b": [], "gold": []}, id=id)

    steps = agreement_steps(read(), gold="gold")
    assert next(steps) == Progress("documents read", 1, None)
    assert next(steps) == Progress("documents read", 2, None)
    steps.close()
    assert asked == ["1", "2"]

    told = list(agreement_steps(list(read()), gold="gold"))
    assert told[4] == Progress("documents read", 5, 5)
    comparisons = told[5:]
    assert [step.done for step in comparisons] == list(range(1, len(comparisons) + 1))
    assert {step.total for step in comparisons} == {len(comparisons)}


def test_bad_documents_are_refused() -> None:
    with pytest.raises(InputError, match="comes twice"):
        agreement([document({}), document({})])


def test_counts_over_all_pairs_are_the_sums_of_the_pairs() -> None:
    spans = [(0, 3, "PER"), (5, 9, "ORG")]
    found = agreement([document({"a": spans, "b": spans[:1], "c": []})])
    assert found.strict == Counts(1, 2 + 2 + 1, 1 + 0 + 0)
    assert found.lenient == found.boundary == found.strict
