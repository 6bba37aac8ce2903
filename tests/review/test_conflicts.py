"""Which spans are in conflict, who has which version, and of what kind it is."""

from __future__ import annotations

import json
import os
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.model.spans import Span, overlaps
from annotator.review.conflicts import NONE, Conflict, Kind, compare, key_of

spans = st.lists(
    st.builds(
        lambda start, length, label, doubt: Span(start, start + length, label, doubt=doubt),
        st.integers(0, 20),
        st.integers(1, 6),
        st.sampled_from(["PER", "ORG"]),
        st.booleans(),
    ),
    max_size=6,
)
sets = st.dictionaries(st.sampled_from(["anna", "ben", "cem", "dora", "model"]), spans, max_size=5)


def conflict_of(*each: list[Span]) -> Conflict:
    """The only conflict between annotators a, b, c and so on."""
    (found,) = compare(dict(zip("abcdef", each, strict=False)), nested=True).conflicts
    return found


PER, ORG, LONG = Span(4, 8, "PER"), Span(4, 8, "ORG"), Span(2, 8, "PER")
FAR, INNER = Span(7, 12, "LOC"), Span(5, 6, "LOC")


@pytest.mark.parametrize(
    ("marked", "kind", "pairs"),
    [
        ([[PER], [ORG]], Kind.LABEL, {("ORG", "PER")}),
        ([[PER], [ORG], [Span(4, 8, "LOC")]], Kind.LABEL, {("ORG", "PER"), ("LOC", "PER"), ("LOC", "ORG")}),
        ([[PER], [LONG]], Kind.BOUNDARY, {("PER", "PER")}),
        ([[PER], [LONG], [Span(4, 9, "PER")]], Kind.BOUNDARY, {("PER", "PER")}),
        ([[PER], []], Kind.ONE_SIDED, {(NONE, "PER")}),
        ([[PER], [], [PER], []], Kind.ONE_SIDED, {(NONE, "PER")}),
        ([[PER, INNER], []], Kind.ONE_SIDED, {(NONE, "PER"), (NONE, "LOC")}),
        ([[LONG], [ORG]], Kind.COMPLEX, {("ORG", "PER")}),
        ([[PER], [LONG], []], Kind.COMPLEX, {("PER", "PER"), (NONE, "PER")}),
        ([[PER, FAR], [PER]], Kind.COMPLEX, {(NONE, "LOC")}),
        ([[Span(0, 9, "ORG")], [Span(0, 4, "ORG"), Span(5, 9, "LOC")]], Kind.COMPLEX, {("ORG", "ORG"), ("LOC", "ORG")}),
    ],
)  # fmt: skip
def test_kinds_and_label_pairs(marked: list[list[Span]], kind: Kind, pairs: set[tuple[str, str]]) -> None:
    found = conflict_of(*marked, *([[]] if marked == [[PER, FAR], [PER]] else []))
    assert found.kind is kind
    assert found.label_pairs >= pairs
    if len(marked) > 2 and kind is Kind.COMPLEX:
        assert found.kinds == {Kind.BOUNDARY, Kind.ONE_SIDED}


def test_versions_stand_by_votes_and_then_by_name() -> None:
    found = conflict_of([LONG], [PER], [ORG], [PER], [], [LONG])
    assert [(version.spans, version.annotators) for version in found.versions] == [
        ((LONG,), ("a", "f")),
        ((PER,), ("b", "d")),
        ((ORG,), ("c",)),
        ((), ("e",)),
    ]
    assert (found.start, found.end, found.votes, found.majority) == (2, 8, 6, None)


def test_more_than_half_are_a_majority() -> None:
    assert conflict_of([PER], [PER], [ORG]).majority == conflict_of([PER], [PER], []).versions[0]
    assert conflict_of([PER], [PER], [ORG], [LONG]).majority is None
    found = conflict_of([PER], [], []).majority
    assert found is not None
    assert found.spans == ()


def test_touching_is_no_overlap() -> None:
    found = compare({"a": [Span(0, 4, "PER")], "b": [Span(4, 8, "PER")]}, nested=False)
    assert [(each.start, each.end) for each in found.conflicts] == [(0, 4), (4, 8)]


def test_what_hangs_together_through_others_is_one_conflict() -> None:
    chain = [[Span(0, 4, "PER")], [Span(3, 8, "PER")], [Span(7, 12, "PER")]]
    assert (conflict_of(*chain).start, conflict_of(*chain).end) == (0, 12)


def test_a_shared_span_within_a_disputed_one_is_taken_out_first() -> None:
    outer, inner = Span(0, 20, "ORG"), Span(5, 9, "LOC")
    found = compare({"a": [outer, inner], "b": [inner]}, nested=True)
    assert [each.versions[0].spans for each in found.unanimous] == [(inner,)]
    assert [each.kind for each in found.conflicts] == [Kind.ONE_SIDED]


def test_shared_spans_that_cannot_both_stand_are_a_check() -> None:
    both = [Span(0, 8, "ORG"), Span(4, 9, "LOC")]
    found = compare({"a": both, "b": both}, nested=False)
    assert found.unanimous == ()
    assert [each.kind for each in found.conflicts] == [Kind.CHECK]
    assert len(compare({"a": both, "b": both}, nested=True).unanimous) == 2


def test_notes_doubts_and_links_of_the_annotators() -> None:
    noted, linked = Span(4, 8, "PER", note="which?"), Span(4, 8, "PER", kb_id="Q1")
    found = conflict_of([noted], [linked], [Span(2, 8, "PER", doubt=True)])
    assert [(each.annotator, each.span.note, each.span.doubt) for each in found.remarks] == [
        ("c", "", True),
        ("a", "which?", False),
    ]
    assert [version.spans[0].kb_id for version in found.versions] == ["", ""]
    assert conflict_of([linked], [linked], []).versions[0].spans == (linked,)


@pytest.mark.parametrize("count", [0, 1])
def test_one_annotator_or_none_has_no_conflict(count: int) -> None:
    found = compare({"a": [PER, FAR]} if count else {}, nested=False)
    assert found.annotators == ("a",)[:count]
    assert [each.kind for each in found.all] == [Kind.CHECK] * count
    assert [each.kind for each in compare({"a": [PER], "b": [PER]}, nested=False).unanimous] == [Kind.CHECK]


@given(marked=sets, nested=st.booleans(), data=st.data())
def test_the_order_of_annotators_and_spans_does_not_matter(
    marked: dict[str, list[Span]], nested: bool, data: st.DataObject
) -> None:
    mixed = {
        name: data.draw(st.permutations(marked[name])) for name in data.draw(st.permutations(sorted(marked)))
    }
    assert compare(mixed, nested=nested) == compare(marked, nested=nested)


@given(marked=sets, nested=st.booleans())
def test_every_span_is_in_exactly_one_unanimous_one_or_conflict(
    marked: dict[str, list[Span]], nested: bool
) -> None:
    found = compare(marked, nested=nested)
    places = Counter(key for each in found.all for key in each.keys)
    assert set(places) == {key_of(span) for own in marked.values() for span in own}
    assert set(places.values()) <= {1}
    for each in found.all:
        assert sorted(name for version in each.versions for name in version.annotators) == sorted(marked)
        for version in each.versions:
            for name in version.annotators:
                assert version.keys == {key_of(span) for span in marked[name]} & set(each.keys)
    hulls = [Span(each.start, each.end, "") for each in found.conflicts]
    assert not any(overlaps(one, other) for i, one in enumerate(hulls) for other in hulls[:i])
    for item in found.unanimous:
        assert all(item.keys[0] in {key_of(span) for span in own} for own in marked.values())


@pytest.mark.skipif("ANNOTATOR_EXTERNAL_DATA" not in os.environ, reason="ANNOTATOR_EXTERNAL_DATA is not set")
def test_a_six_way_conflict_in_hebrew() -> None:
    """Figures are computed here by sets alone, from the same file."""
    path = Path(os.environ["ANNOTATOR_EXTERNAL_DATA"]) / "nemo-pilot.jsonl"
    widest = 0
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        starts = [0]
        for token in row["tokens"]:
            starts.append(starts[-1] + len(token) + 1)
        marked = {
            name: [Span(starts[begin], starts[end] - 1, label) for begin, end, label, *_ in own]
            for name, own in row["annotators"].items()
        }
        found = compare(marked, nested=True)
        shared = set.intersection(*({key_of(span) for span in own} for own in marked.values()))
        assert {item.keys[0] for item in found.unanimous} == shared
        for each in found.conflicts:
            assert each.votes == len(marked) == 6
            widest = max(widest, len(each.versions))
    assert widest >= 5
