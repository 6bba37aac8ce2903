"""Documents as columns: what is refused, and that nothing depends on the order in which they come."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.errors import InputError
from annotator.measure.corpus import Corpus, FinishedDocument
from annotator.model.spans import Span
from annotator.model.tokens import Tokens
from tests.measure.made import document, documents


def test_documents_annotators_and_labels_are_sorted() -> None:
    corpus = Corpus.of(
        [document({"eva": [(1, 2, "PER")]}, id="z"), document({"ana": [(0, 1, "LOC")], "eva": []}, id="b")]
    )
    assert corpus.ids == ("b", "z")
    assert corpus.annotators == ("ana", "eva")
    assert corpus.labels == ("LOC", "PER")
    assert corpus.finished.tolist() == [[True, False], [True, True]]
    assert corpus.shared(0, 1).tolist() == [True, False]


@given(found=documents(), data=st.data())
def test_the_order_of_documents_and_spans_does_not_matter(
    found: list[FinishedDocument], data: st.DataObject
) -> None:
    one = Corpus.of(found)
    shuffled = [
        FinishedDocument(
            each.id,
            each.length,
            each.tokens,
            {name: data.draw(st.permutations(list(spans))) for name, spans in reversed(each.sets.items())},
        )
        for each in data.draw(st.permutations(found))
    ]
    other = Corpus.of(shuffled)
    assert one.annotators == other.annotators
    for rows, again in zip(one.spans, other.spans, strict=True):
        for column in ("document", "start", "end", "label", "place", "key"):
            assert getattr(rows, column).tolist() == getattr(again, column).tolist()
    assert one.token_start.tolist() == other.token_start.tolist()


def test_tokens_may_be_the_models_or_plain_offsets() -> None:
    offsets = [(0, 3), (4, 6)]
    plain, own = (
        Corpus.of([FinishedDocument("d", 6, tokens, {})])
        for tokens in (offsets, Tokens(offsets, tokenizer="words"))
    )
    assert plain.token_start.tolist() == own.token_start.tolist() == [0, 4]
    assert plain.token_end.tolist() == own.token_end.tolist() == [3, 6]


def test_no_documents_are_a_corpus() -> None:
    corpus = Corpus.of([])
    assert (corpus.ids, corpus.annotators, corpus.labels, corpus.spans) == ((), (), (), ())


@pytest.mark.parametrize(
    ("found", "said"),
    [
        pytest.param([document({}), document({})], "document d comes twice", id="an id twice"),
        pytest.param(
            [document({"ana": [(3, 99, "PER")]})], r"ana's span \[3, 99\) in document d", id="beyond the text"
        ),
        pytest.param([document({"ana": [(3, 3, "PER")]})], r"ana's span \[3, 3\)", id="an empty span"),
        pytest.param([document({"ana": [(-1, 3, "PER")]})], r"ana's span \[-1, 3\)", id="before the text"),
        pytest.param(
            [document({}, tokens=[(0, 3), (2, 5)])], "tokens of document d", id="tokens that overlap"
        ),
        pytest.param([document({}, tokens=[(0, 0)])], "tokens of document d", id="an empty token"),
        pytest.param([document({}, tokens=[(0, 99)])], "tokens of document d", id="tokens beyond the text"),
    ],
)
def test_what_does_not_fit_is_refused(found: list[FinishedDocument], said: str) -> None:
    with pytest.raises(InputError, match=said) as refusal:
        Corpus.of(found)
    assert refusal.value.hint


def test_the_span_that_is_refused_is_told_with_its_document() -> None:
    found = [
        document({"ana": [(0, 2, "PER")]}, id="z"),
        document({"ana": [(0, 2, "PER"), (9, 99, "LOC")]}, id="a"),
    ]
    with pytest.raises(InputError, match=r"\[9, 99\) in document a"):
        Corpus.of(found)


def test_an_unknown_annotator_is_told_who_is_known() -> None:
    corpus = Corpus.of([FinishedDocument("d", 3, [(0, 3)], {"ana": [Span(0, 3, "PER")]})])
    with pytest.raises(InputError, match="joe") as refusal:
        corpus.position("joe")
    assert "ana" in refusal.value.hint
