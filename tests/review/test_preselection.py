"""Which version is proposed, by votes and by weighted votes, and what names are shown when they are hidden."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from annotator.measure.bio import bio_classes
from annotator.measure.corpus import Corpus, FinishedDocument
from annotator.measure.dawid_skene import fit_dawid_skene
from annotator.model.spans import Span
from annotator.model.tokens import Tokens
from annotator.review.annotator_weights import version_posteriors
from annotator.review.conflicts import Conflict, compare
from annotator.review.preselection import Majority, Weighted
from annotator.review.provenance import Source
from annotator.review.pseudonyms import pseudonyms

A, B, C = Span(0, 4, "PER"), Span(0, 4, "ORG"), Span(0, 9, "PER")
TOKENS = Tokens([(0, 4), (5, 9), (10, 14)], tokenizer="test")


def conflict_of(*each: Span | None) -> Conflict:
    """One annotator's span each, or none."""
    sets = {f"annotator{number}": [span] if span else [] for number, span in enumerate(each)}
    (found,) = compare(sets, nested=False).all
    return found


@pytest.mark.parametrize(
    ("marked", "chosen", "reason"),
    [
        ([A, A, B], A, ""),
        ([A, A, B, C], A, ""),
        ([A, None, None], None, ""),
        ([A, A], A, ""),
        ([A], A, ""),
        ([A, B], None, "a tie of votes between 1 and 2"),
        ([A, A, B, B, C], None, "a tie of votes between 1 and 2"),
        ([A, A, None, None], None, "a tie of votes between 1 and 2"),
        ([A, A, B, C, None], None, "the most is 2 votes of 5"),
    ],
)
def test_majority(marked: list[Span | None], chosen: Span | None, reason: str) -> None:
    proposal = Majority()(conflict_of(*marked))
    assert proposal.reason == reason
    assert (proposal.version is None) is bool(reason)
    if proposal.version is not None:
        assert proposal.version.spans == ((chosen,) if chosen else ())
        assert proposal.confidence == proposal.version.votes / len(marked)
    assert proposal.source is Source.MAJORITY


def test_the_thresholds() -> None:
    conflict = conflict_of(A, A, A, B, C, None)
    assert Majority(min_votes=3, confidence=0.5)(conflict).version is conflict.versions[0]
    assert Majority(min_votes=4)(conflict).version is None
    assert Majority(confidence=0.51)(conflict).reason == "the most is 3 votes of 6"


def test_posteriors_choose_and_tie() -> None:
    conflict = conflict_of(A, A, B)
    proposal = Weighted(lambda _: [0.3, 0.7])(conflict)
    assert (proposal.version, proposal.confidence) == (conflict.versions[1], 0.7)
    assert Weighted(lambda _: [0.5, 0.5])(conflict).reason == "a tie of probability between 1 and 2"
    assert Weighted(lambda _: [0.4, 0.6], confidence=0.9)(conflict).reason == "the most probable has 0.60"
    assert Weighted(lambda _: None)(conflict).version is None
    with pytest.raises(ValueError, match="1 posteriors for 2 versions"):
        Weighted(lambda _: [1.0])(conflict)


def test_tokens_posteriors_are_multiplied_along_a_version() -> None:
    labels = ["ORG", "PER"]
    column = {name: number for number, name in enumerate(bio_classes(labels))}
    rows = [[0.0] * len(column) for _ in range(3)]
    rows[0][column["B-PER"]], rows[0][column["B-ORG"]], rows[0][column["O"]] = 0.5, 0.3, 0.2
    rows[1][column["I-PER"]], rows[1][column["O"]] = 0.8, 0.2
    weigh = version_posteriors(TOKENS, rows, labels)
    conflict = conflict_of(A, B, C, None)
    expected = {(A,): 0.5 * 0.2, (B,): 0.3 * 0.2, (C,): 0.5 * 0.8, (): 0.2 * 0.2}
    total = sum(expected.values())
    assert weigh(conflict) == pytest.approx([expected[each.spans] / total for each in conflict.versions])
    assert weigh(conflict_of(Span(0, 4, "LOC"), None)) is None
    assert weigh(conflict_of(Span(4, 5, "PER"), None)) is None


def test_two_reliable_annotators_outweigh_two_careless_ones() -> None:
    draw = random.Random(1)
    marked = [Span(0, 4, "PER")]
    truth = [[] if number % 2 else marked for number in range(80)]
    sets = [
        {"ada": own, "ben": own, "careless": draw.choice([[], marked]), "wild": draw.choice([[], marked])}
        for own in truth
    ]
    corpus = Corpus.of(
        FinishedDocument(str(number), 14, list(TOKENS), own) for number, own in enumerate(sets)
    )
    fitted = fit_dawid_skene(corpus)
    split = next(n for n, own in enumerate(sets) if not own["ada"] and own["careless"] and own["wild"])
    (conflict,) = compare(sets[split], nested=False).conflicts
    assert Majority()(conflict).version is None
    weigh = version_posteriors(TOKENS, fitted.posteriors[str(split)].tolist(), corpus.labels)
    proposal = Weighted(weigh)(conflict)
    assert proposal.version is not None
    assert proposal.version.annotators == ("ada", "ben")
    assert proposal.confidence > 0.9


def test_pseudonyms_are_stable_distinct_and_do_not_follow_the_alphabet() -> None:
    names = [f"person{number:02}" for number in range(30)]
    shown = pseudonyms(names, document="one")
    assert shown == pseudonyms(reversed(names), document="one")
    assert len(set(shown.values())) == 30
    assert {shown[name] for name in names} >= {"A", "Z", "AA", "AD"}
    assert sorted(names, key=lambda name: (len(shown[name]), shown[name])) != names
    assert shown != pseudonyms(names, document="one", seed=1)


def test_pseudonyms_are_shuffled_for_each_document() -> None:
    dealt = Counter(
        pseudonyms(["anna", "ben", "cleo"], document=f"doc-{number}")["anna"] for number in range(300)
    )
    assert dealt.keys() == {"A", "B", "C"}
    assert min(dealt.values()) > 70
