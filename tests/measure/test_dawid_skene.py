"""Dawid and Skene's model: one step by hand, what must hold of any fit, a crowd with a known truth, and crowd-kit."""

from __future__ import annotations

import random
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings

from annotator.errors import InputError
from annotator.measure.bio import bio_of
from annotator.measure.corpus import Corpus, FinishedDocument
from annotator.measure.dawid_skene import DawidSkene, fit_dawid_skene
from tests.measure.made import document, documents, facts

Triples = list[tuple[int, int, str]]


def fit(*documents: FinishedDocument, **options: float) -> DawidSkene:
    return fit_dawid_skene(Corpus.of(documents), **options)  # type: ignore[arg-type]


def test_one_step_by_hand() -> None:
    """Four tokens, of which two have the label by the votes; one iteration without smoothing to speak of.

    Proportions of votes for B-X are 1, 2/3, 0, 0, so its prior is 5/12. `ana` said B-X of the first two: the true B-X
    weigh 5/3, all said B-X; the true O weigh 1/3 + 2, of which 1/3 said B-X, a rate of 1/7. `joe` said it of the first
    alone: rates 3/5 and 0. `eva` as `ana`.
    """
    x = (0, 1, "X")
    one = fit(
        document(
            {"ana": [x, (1, 2, "X")], "eva": [x, (1, 2, "X")], "joe": [x]},
            length=4,
            tokens=[(n, n + 1) for n in range(4)],
        ),
        iterations=1,
        smoothing=1e-12,
    )
    assert one.classes == ("O", "B-X", "I-X")
    posterior = one.posteriors["d"]
    marked = 5 / 12 * 1 * 1 * (2 / 5)
    unmarked = 7 / 12 * (1 / 7) ** 2 * 1
    assert posterior[1, 1] == pytest.approx(marked / (marked + unmarked))
    assert posterior[0].tolist() == pytest.approx([0, 1, 0], abs=1e-6)
    assert posterior[2].tolist() == pytest.approx([1, 0, 0], abs=1e-6)


def test_the_careful_outvote_the_careless() -> None:
    """Three guess; two always agree with one another, and are believed where they stand against three."""
    chance = random.Random(1)
    found = []
    for number in range(60):
        true = [(offset, offset + 1, "X") for offset in range(0, 14, 2) if chance.random() < 0.5]
        guesses = [
            [(offset, offset + 1, "X") for offset in range(14) if chance.random() < 0.4] for _ in range(3)
        ]
        names = ("careful1", "careful2", "guess1", "guess2", "guess3")
        found.append(document(dict(zip(names, [true, true, *guesses], strict=True)), id=f"{number:02}"))
    fitted = fit(*found)
    for each in found:
        assert facts(fitted.spans[each.id]) == facts(each.sets["careful1"])
    rates = {name: matrix[1, 1] for name, matrix in fitted.confusion.items()}
    assert min(rates["careful1"], rates["careful2"]) > 0.95
    assert max(rates["guess1"], rates["guess2"], rates["guess3"]) < 0.6


def crowd(
    *, documents: int = 40, workers: int = 7, each: int = 5
) -> tuple[list[FinishedDocument], list[Triples]]:
    """Documents of 60 tokens that five of seven workers of different skill marked, and the truth."""
    chance = random.Random(7)
    skill = [chance.uniform(0.6, 0.95) for _ in range(workers)]
    found, truth = [], []
    for number in range(documents):
        true = [(start, start + chance.randint(1, 3), chance.choice("XY")) for start in range(0, 60, 6)]
        sets = {}
        for worker in chance.sample(range(workers), each):
            own = []
            for start, end, label in true:
                if chance.random() < skill[worker]:
                    wrong = chance.random() > skill[worker]
                    own.append((start, end, chance.choice("XY") if wrong else label))
            sets[f"worker{worker}"] = own
        found.append(document(sets, id=f"{number:02}", length=60))
        truth.append(true)
    return found, truth


def test_it_finds_what_a_majority_misses() -> None:
    found, truth = crowd()
    fitted = fit(*found)
    assert fitted.is_converged
    own = {(each.id, *span) for each in found for span in facts(fitted.spans[each.id])}
    true = {(each.id, *span) for each, spans in zip(found, truth, strict=True) for span in spans}
    needed = 3
    majority = {
        (each.id, *span)
        for each, spans in zip(found, truth, strict=True)
        for span in spans
        if sum(span in facts(said) for said in each.sets.values()) >= needed
    }
    assert 2 * len(own & true) / (len(own) + len(true)) > 0.9
    assert len(own & true) > len(majority)


small = settings(max_examples=40, deadline=None)


@small
@given(found=documents(complete=True))
def test_what_holds_of_any_fit(found: list[FinishedDocument]) -> None:
    corpus = Corpus.of(found)
    fitted = fit_dawid_skene(corpus)
    assert fitted.prior.sum() == pytest.approx(1)
    for matrix in fitted.confusion.values():
        assert matrix.shape == (len(fitted.classes),) * 2
        assert matrix.sum(axis=1) == pytest.approx(1)
    for each in found:
        posterior = fitted.posteriors[each.id]
        assert posterior.shape == (len(list(each.tokens)), len(fitted.classes))
        assert posterior.sum(axis=1) == pytest.approx(1)
        spans = fitted.spans[each.id]
        assert all(0 < span.score <= 1 for span in spans)
        assert all(one.end <= other.start for one, other in pairwise(spans))
    rises = np.diff(fitted.objective)
    assert (rises >= -1e-9 * np.abs(fitted.objective[:-1])).all()


@small
@given(found=documents(complete=True))
def test_order_does_not_matter_and_it_repeats(found: list[FinishedDocument]) -> None:
    turned = [
        FinishedDocument(each.id, each.length, each.tokens, dict(reversed(each.sets.items())))
        for each in reversed(found)
    ]
    one, other = fit(*found), fit(*turned)
    assert one.objective == other.objective
    assert one.spans == other.spans


def test_all_agreeing_is_taken_as_it_is() -> None:
    span = (2, 5, "PER")
    fitted = fit(document({"a": [span], "b": [span], "c": [span]}), document({"a": [], "b": []}, id="e"))
    assert facts(fitted.spans["d"]) == [span]
    assert fitted.spans["e"] == ()
    assert fitted.spans["d"][0].score > 0.99


def test_nothing_marked_anywhere_has_no_spans() -> None:
    fitted = fit(document({"a": [], "b": [], "c": []}))
    assert fitted.spans == {"d": ()}
    assert fitted.classes == ("O",)


def test_the_gold_may_stand_aside() -> None:
    sets: dict[str, Triples] = {"a": [], "b": [], "c": [], "gold": [(0, 1, "X")]}
    assert fit_dawid_skene(Corpus.of([document(sets)]), without="gold").confusion.keys() == {"a", "b", "c"}


def test_two_annotators_are_too_few() -> None:
    with pytest.raises(InputError, match="at least 3") as refusal:
        fit(document({"a": [], "b": []}))
    assert "majority" in refusal.value.hint


@pytest.mark.filterwarnings("ignore")  # its way with pandas is going out of use
@pytest.mark.parametrize("iterations", [1, 2, 10])
def test_crowd_kit_finds_the_same_posteriors(iterations: int) -> None:
    """After equally many iterations; it stops early by itself, and has no smoothing."""
    aggregation = pytest.importorskip(
        "crowdkit.aggregation", reason="crowd-kit is not installed (extra oracles)"
    )
    pandas = pytest.importorskip("pandas", reason="crowd-kit is not installed (extra oracles)")
    found, _ = crowd()
    corpus = Corpus.of(found)
    said = np.stack([bio_of(corpus, spans) for spans in corpus.spans])
    finished = corpus.finished[:, corpus.token_document]
    rows = [
        (token, name, int(said[row, token]))
        for row, name in enumerate(corpus.annotators)
        for token in np.flatnonzero(finished[row]).tolist()
    ]
    model = aggregation.DawidSkene(n_iter=iterations, tol=-np.inf)
    model.fit(pandas.DataFrame(rows, columns=["task", "worker", "label"]))
    theirs = model.probas_.sort_index().sort_index(axis=1).to_numpy()
    fitted = fit(*found, smoothing=1e-12, iterations=iterations, tolerance=-1.0)
    ours = np.concatenate([fitted.posteriors[id] for id in corpus.ids])
    assert ours == pytest.approx(theirs, abs=1e-9)
