"""Intervals: the sorted collection against a plain list."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.model.intervals import REACH, Intervals
from annotator.model.spans import Span, overlaps, walking_order

lengths = st.one_of(st.integers(1, 8), st.integers(REACH - 2, REACH + 40))
spans = st.builds(lambda start, length, label: Span(start, start + length, label), st.integers(0, 600), lengths,
                  st.sampled_from("AB"))  # fmt: skip


def order(span: Span) -> tuple[int, int, str]:
    """Walking order, and the label where two stand at the same place."""
    return (*walking_order(span), span.label)


@given(st.lists(spans, max_size=30), st.lists(spans, max_size=10), st.data())
def test_adding_and_removing_keep_walking_order(
    items: list[Span], more: list[Span], data: st.DataObject
) -> None:
    intervals = Intervals(items)
    naive = sorted(items, key=order)
    for item in more:
        intervals.add(item)
        naive.append(item)
        naive.sort(key=order)
    for item in data.draw(st.lists(st.sampled_from(naive), unique_by=id)) if naive else []:
        intervals.remove(item)
        naive.remove(item)
    assert list(intervals) == sorted(naive, key=order)
    assert len(intervals) == len(naive)


@given(st.lists(spans, max_size=30), st.integers(0, 900), st.integers(0, 400))
def test_overlapping_finds_what_shares_a_character(items: list[Span], start: int, length: int) -> None:
    place = Span(start, start + length, "")
    intervals = Intervals(items)
    found = list(intervals.overlapping(start, start + length))
    assert found == [item for item in intervals if length and overlaps(item, place)]


@given(st.lists(spans, max_size=30), spans)
def test_at_finds_the_first_at_just_this_place(items: list[Span], place: Span) -> None:
    intervals = Intervals([*items, place])
    first = next(item for item in intervals if (item.start, item.end) == (place.start, place.end))
    assert intervals.at(place.start, place.end) is first
    assert intervals.at(place.start, place.end + 1000) is None


@given(st.lists(spans, max_size=30), spans)
def test_rank_after_and_before_split_the_list_at_a_place(items: list[Span], place: Span) -> None:
    intervals, there = Intervals(items), walking_order(place)
    assert intervals.rank(place) == sum(walking_order(item) < there for item in items)
    assert list(intervals.after(place)) == [item for item in intervals if walking_order(item) > there]
    assert list(intervals.after(place, inclusive=True)) == [x for x in intervals if walking_order(x) >= there]
    assert list(intervals.before(place)) == [x for x in reversed(list(intervals)) if walking_order(x) < there]


def test_removing_what_is_not_there_is_an_error() -> None:
    intervals = Intervals([Span(0, 3, "A")])
    with pytest.raises(ValueError, match="not in"):
        intervals.remove(Span(0, 3, "B"))
    assert len(intervals) == 1


def test_a_long_item_is_found_after_others_were_removed() -> None:
    """A document-wide span and those within it are all found, whichever goes first."""
    wide, narrow = Span(0, 10 * REACH, "A"), Span(9 * REACH, 9 * REACH + 5, "B")
    intervals = Intervals([wide, narrow])
    assert list(intervals.overlapping(9 * REACH, 9 * REACH + 1)) == [wide, narrow]
    intervals.remove(wide)
    assert list(intervals.overlapping(9 * REACH, 9 * REACH + 1)) == [narrow]
