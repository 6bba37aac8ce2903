"""Spans that tokens cannot hold are refused together, grown or left out, and never silently."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.errors import OutputError
from annotator.formats.alignment import Fitting, in_order, tokens_for
from annotator.formats.choices import OnMisaligned
from annotator.formats.exchange import AnnotatedDocument, Report
from annotator.model.documents import new_document
from annotator.model.spans import Span, Suggestion, overlaps
from annotator.model.tokens import Tokens, stand_in_tokens
from tests.formats.generated import texts, tokens_of

TEXT = "The Berlin-based U.S. envoy, María"
TOKENS = Tokens(
    [(0, 3), (4, 10), (10, 11), (11, 16), (17, 21), (22, 27), (27, 28), (29, 34)], tokenizer="source"
)
OFF = Span(4, 9, "LOC", note="a note", doubt=True, kb_id="Q64")
RIGHT = Span(17, 21, "LOC")


def _document(*spans: Span, text: str = TEXT) -> AnnotatedDocument:
    return AnnotatedDocument(new_document(text, id="d1", title="Envoy", tokens=TOKENS), spans=spans)


def test_misaligned_spans_are_refused_with_the_tokens_they_touch() -> None:
    report = Report()
    fitting = Fitting(OnMisaligned.FAIL, report)
    assert fitting.aligned(_document(OFF, RIGHT), TOKENS) == [RIGHT]
    with pytest.raises(OutputError) as caught:
        fitting.finish()
    assert caught.value.message == (
        "1 span cannot be written:\n  Envoy: LOC [4, 9) 'Berli' is off the tokens' edges; "
        "the tokens it touches are [4, 10) 'Berlin'"
    )
    assert "--on-misaligned expand" in caught.value.hint
    assert report.problems[0].document == "d1"


def test_a_span_is_grown_with_all_that_it_carries() -> None:
    report = Report()
    fitting = Fitting(OnMisaligned.EXPAND, report)
    grown = Span(4, 10, "LOC", note="a note", doubt=True, kb_id="Q64")
    assert fitting.aligned(_document(OFF, RIGHT), TOKENS) == [grown, RIGHT]
    fitting.finish()
    assert (report.expanded, report.skipped, report.problem_count) == (1, 0, 1)
    assert "to which it was grown" in report.problems[0].message


def test_a_span_is_left_out_and_reported() -> None:
    report = Report()
    fitting = Fitting(OnMisaligned.SKIP, report)
    assert fitting.aligned(_document(OFF, RIGHT), TOKENS) == [RIGHT]
    fitting.finish()
    assert (report.expanded, report.skipped, report.problem_count) == (0, 1, 1)


@pytest.mark.parametrize(
    ("span", "reason"),
    [
        (Span(5, 5, "LOC"), "or is empty"),
        (Span(9, 5, "LOC"), "or is empty"),
        (Span(29, 35, "PER"), "lies outside the text of 34 characters"),
        (Span(-2, 3, "PER"), "lies outside the text"),
        (Span(17, 21, ""), "has no label"),
    ],
)
@pytest.mark.parametrize("policy", [OnMisaligned.FAIL, OnMisaligned.EXPAND])
def test_what_no_growing_mends_is_refused_unless_it_may_be_left_out(
    span: Span, reason: str, policy: OnMisaligned
) -> None:
    fitting = Fitting(policy, Report())
    assert fitting.aligned(_document(span, RIGHT), TOKENS) == [RIGHT]
    with pytest.raises(OutputError, match=reason) as caught:
        fitting.finish()
    assert "jsonl holds every span" in caught.value.hint
    report = Report()
    fitting = Fitting(OnMisaligned.SKIP, report)
    assert fitting.aligned(_document(span, RIGHT), TOKENS) == [RIGHT]
    fitting.finish()
    assert report.skipped == 1


def test_a_span_between_the_tokens_touches_none() -> None:
    tokens = Tokens([(0, 3), (17, 21)], tokenizer="source")
    fitting = Fitting(OnMisaligned.EXPAND, Report())
    assert fitting.aligned(_document(Span(4, 10, "LOC")), tokens) == []
    with pytest.raises(OutputError, match="touches no token"):
        fitting.finish()


def test_two_spans_that_grow_into_one_are_written_once() -> None:
    report = Report()
    fitting = Fitting(OnMisaligned.EXPAND, report)
    assert fitting.aligned(_document(Span(4, 9, "LOC"), Span(4, 10, "LOC")), TOKENS) == [Span(4, 10, "LOC")]
    assert (report.expanded, report.skipped) == (1, 1)
    assert "written once" in report.problems[-1].message


def test_of_overlapping_spans_the_first_and_longer_stays() -> None:
    report = Report()
    fitting = Fitting(OnMisaligned.SKIP, report)
    outer, inner, after, touching = Span(4, 16, "A"), Span(4, 10, "B"), Span(11, 21, "C"), Span(22, 27, "D")
    assert fitting.flat(_document().document, [inner, after, outer, touching]) == [outer, touching]
    assert report.skipped == 2
    assert "overlaps A [4, 16) in a flat format" in report.problems[0].message


def test_a_long_list_is_cut_and_counted() -> None:
    fitting = Fitting(OnMisaligned.FAIL, Report())
    spans = [Span(4, 9, f"L{index:03}") for index in range(150)]
    assert fitting.aligned(_document(*spans), TOKENS) == []
    with pytest.raises(OutputError) as caught:
        fitting.finish()
    lines = caught.value.message.split("\n")
    assert lines[0] == "150 spans cannot be written:"
    assert lines[-1] == "  and 130 more"
    assert len(lines) == 22


def test_a_long_span_is_quoted_in_part() -> None:
    report = Report()
    document = _document(Span(0, 99, "X"), text="x" * 100)
    Fitting(OnMisaligned.SKIP, report).aligned(document, Tokens([(0, 100)], tokenizer="source"))
    assert f"'{'x' * 39}…'" in report.problems[0].message


def test_suggestions_are_not_written_and_said_so() -> None:
    report = Report()
    annotated = AnnotatedDocument(_document().document, suggestions=(Suggestion(4, 10, "LOC"),))
    assert Fitting(OnMisaligned.FAIL, report).aligned(annotated, TOKENS) == []
    assert "nobody has decided on are not written: 1" in report.problems[0].message


@given(st.data())
def test_every_span_ends_up_on_tokens_or_in_the_report(data: st.DataObject) -> None:
    text = data.draw(texts())
    tokens = data.draw(tokens_of(text))
    edge = st.integers(-1, len(text) + 1)
    spans = data.draw(
        st.lists(st.builds(Span, start=edge, end=edge, label=st.sampled_from("AB")), max_size=6, unique=True)
    )
    annotated = AnnotatedDocument(new_document(text), spans=tuple(spans))
    for policy in (OnMisaligned.EXPAND, OnMisaligned.SKIP):
        report = Report()
        fitting = Fitting(policy, report)
        fitted = fitting.aligned(annotated, tokens)
        assert all(tokens.is_aligned(span.start, span.end) for span in fitted)
        assert len(fitted) + report.skipped == len(spans)
        if policy is OnMisaligned.SKIP:
            assert set(fitted) <= set(spans)
        flat = fitting.flat(annotated.document, fitted)
        assert not any(overlaps(one, other) for one, other in pairwise(flat))
        assert len(flat) + report.skipped == len(spans)


def test_tokens_are_the_callers_then_the_documents_and_needed() -> None:
    others = Tokens([(0, 3)], tokenizer="other")
    assert tokens_for(_document(), lambda _: others, format="conll") is others
    assert tokens_for(_document(), None, format="conll") is TOKENS
    with pytest.raises(OutputError, match=r"conll is a format of tokens, and A b .* has none"):
        tokens_for(AnnotatedDocument(new_document("A b", id="x")), None, format="conll")


def test_the_order_is_by_start_then_longer_then_label() -> None:
    spans = [Span(3, 4, "A"), Span(0, 2, "B"), Span(0, 2, "A"), Span(0, 5, "Z")]
    assert in_order(spans) == [Span(0, 5, "Z"), Span(0, 2, "A"), Span(0, 2, "B"), Span(3, 4, "A")]


def test_expanding_leaves_out_white_space_alone_and_grows_the_others() -> None:
    text = "Ana  \t left "
    spans = (Span(0, 4, "PER"), Span(4, 7, "X"))
    annotated = AnnotatedDocument(new_document(text), spans)
    report = Report()
    fitting = Fitting(OnMisaligned.EXPAND, report)
    assert fitting.aligned(annotated, stand_in_tokens(text)) == [Span(0, 3, "PER")]
    fitting.finish()
    assert (report.expanded, report.skipped, report.lost) == (1, 1, {"span": 1})
    assert "holds white space only, and is left out" in report.problems[1].message
