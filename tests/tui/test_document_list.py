"""The list of documents: what passes, in which order, and what each column says."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.cells.fitting import cell_width
from annotator.model.decisions import Status
from annotator.store.catalogue import CatalogueRow
from annotator.tui.screens.documents.columns import Columns, ago, bar, total
from annotator.tui.screens.documents.rows import DocumentList, Filter, ListState, Order

_NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)

_ROWS = st.lists(
    st.builds(
        CatalogueRow,
        words=st.integers(0, 9),
        id=st.uuids().map(str),
        title=st.text(max_size=30),
        status=st.sampled_from(Status),
        spans=st.integers(0, 9) | st.integers(0, 10**7),
        undecided=st.none() | st.integers(0, 9),
        doubts=st.integers(0, 2),
        notes=st.integers(0, 2),
        updated=st.sampled_from(["", "2026-11-22T11:00:00Z", "2025-01-01T00:00:00Z"]),
    ),
    unique_by=lambda row: row.id,
    max_size=30,
)
_STATES = st.builds(
    ListState,
    filter=st.sampled_from(Filter),
    order=st.sampled_from(Order),
    reverse=st.booleans(),
    search=st.text(max_size=2),
)


def _shown(documents: DocumentList) -> list[int]:
    return [documents.number(place) for place in range(len(documents))]


@given(_ROWS, _STATES)
def test_what_is_shown_passes_the_filter_and_nothing_that_passes_is_lost(
    rows: list[CatalogueRow], state: ListState
) -> None:
    state.search = ""
    shown = _shown(DocumentList(rows, state))
    passing = [number for number, row in enumerate(rows) if row.status in state.filter.statuses]
    assert sorted(shown) == passing


@given(_ROWS, _STATES)
def test_reversing_turns_the_list_round_and_a_search_only_thins_it(
    rows: list[CatalogueRow], state: ListState
) -> None:
    documents = DocumentList(rows, state)
    shown = _shown(documents)
    state.reverse = not state.reverse
    documents.arrange()
    assert _shown(documents) == shown[::-1]
    state.search, state.reverse = "", not state.reverse
    documents.arrange()
    wider = iter(_shown(documents))
    assert all(number in wider for number in shown)


@given(_ROWS, _STATES)
def test_a_document_is_found_where_it_is_shown(rows: list[CatalogueRow], state: ListState) -> None:
    documents = DocumentList(rows, state)
    for number, row in enumerate(rows):
        place = documents.place(row.id)
        assert (place is None) == (number not in _shown(documents))
        assert place is None or documents.row(place) == row
    assert documents.place(None) is None


_UNTOUCHED = CatalogueRow("u", "", 0, Status.TODO, 0, None, 0, 0, "")
_SAMPLE = [
    CatalogueRow("a", "Élan", 9, Status.DONE, 5, 0, 1, 0, "2026-01-01T00:00:00Z"),
    CatalogueRow("b", "zebra", 9, Status.TODO, 0, None, 0, 0, ""),
    CatalogueRow("c", "ELBE", 9, Status.STARTED, 2, 9, 0, 2, "2026-11-01T00:00:00Z"),
    CatalogueRow("d", "apple", 9, Status.SKIPPED, 5, 4, 0, 0, "2025-11-01T00:00:00Z"),
]


@pytest.mark.parametrize(
    ("order", "ids"),
    [
        (Order.QUEUE, "abcd"),
        (Order.TITLE, "dacb"),
        (Order.STATUS, "bcad"),
        (Order.SPANS, "adcb"),
        (Order.UNDECIDED, "cdab"),
        (Order.NOTES, "cabd"),
        (Order.CHANGED, "cadb"),
    ],
)
def test_orders(order: Order, ids: str) -> None:
    documents = DocumentList(_SAMPLE, ListState(order=order))
    assert "".join(documents.row(place).id for place in range(4)) == ids


@pytest.mark.parametrize(
    ("search", "ids"), [("el", "ac"), ("ÉL", "ac"), ("e", "abcd"), ("apples", ""), ("", "abcd")]
)
def test_searching_ignores_case_and_accents(search: str, ids: str) -> None:
    documents = DocumentList(_SAMPLE, ListState(search=search))
    assert "".join(documents.row(place).id for place in range(len(documents))) == ids


def test_the_total_is_unknown_until_suggestions_are_counted_or_the_document_is_done() -> None:
    assert total(_UNTOUCHED._replace(spans=2)) is None
    assert total(_UNTOUCHED._replace(spans=2, status=Status.DONE)) == 2
    assert total(_UNTOUCHED._replace(spans=2, undecided=3)) == 5


@pytest.mark.parametrize(
    ("before", "said"),
    [
        (timedelta(seconds=-30), "just now"),  # a clock that is ahead
        (timedelta(seconds=59), "just now"),
        (timedelta(minutes=59, seconds=59), "59 min ago"),
        (timedelta(hours=1), "1 h ago"),
        (timedelta(hours=23, minutes=59), "23 h ago"),
        (timedelta(days=12), "10 Nov"),
        (timedelta(days=400), "Oct 2025"),
    ],
)
def test_how_long_ago(before: timedelta, said: str) -> None:
    assert ago((_NOW - before).strftime("%Y-%m-%dT%H:%M:%SZ"), _NOW) == said
    assert len(said) <= 10


def test_never_is_a_dash() -> None:
    assert ago("", _NOW) == "–"


@given(st.integers(0, 100), st.integers(1, 100), st.integers(1, 40))
def test_a_bar_is_full_only_at_the_end_and_empty_only_at_the_beginning(
    part: int, more: int, cells: int
) -> None:
    whole = part + more
    (full, _), (empty, _) = bar(part, whole, cells)
    assert len(full) + len(empty) == cells
    assert (full == "") == (part == 0)
    assert cells == 1 or empty
    assert bar(whole, whole, cells)[0][0] == "━" * cells


@given(_ROWS.filter(bool), st.integers(40, 200), st.sampled_from(Order), st.text(max_size=2))
def test_every_row_and_the_headings_take_the_same_cells(
    rows: list[CatalogueRow], width: int, order: Order, search: str
) -> None:
    columns = Columns(width, rows=len(rows), order=order, now=_NOW)
    headings = sum(cell_width(text) for text, _ in columns.headings())
    assert headings == width
    for number, row in enumerate(rows, start=1):
        runs = columns.runs(number, row, is_current=number == 1, search=search)
        assert sum(cell_width(text) for text, _ in runs) == width


@pytest.mark.parametrize(
    ("width", "order", "headings"),
    [
        (160, Order.QUEUE, "# status title decided spans undecided doubts notes changed"),
        (117, Order.QUEUE, "# status title decided spans doubts notes changed"),
        (77, Order.QUEUE, "# status title decided doubts changed"),
        (77, Order.SPANS, "# status title decided spans doubts"),
        (40, Order.QUEUE, "# status title"),
    ],
)
def test_columns_give_way_but_for_the_one_that_is_sorted_by(width: int, order: Order, headings: str) -> None:
    columns = Columns(width, rows=100, order=order, now=_NOW)
    assert " ".join("".join(text for text, _ in columns.headings()).split()) == headings


def test_what_was_searched_stands_out_in_the_title() -> None:
    runs = Columns(60, rows=9, order=Order.QUEUE, now=_NOW).runs(
        1, _UNTOUCHED._replace(title="Les Élus élevés"), is_current=False, search="el"
    )
    assert [text for text, look in runs if look == "hit"] == ["Él", "él"]
