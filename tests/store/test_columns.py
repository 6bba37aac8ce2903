"""A table of columns is a dictionary that keeps an order, whether its columns have been looked into or not."""

from __future__ import annotations

from typing import NamedTuple

from hypothesis import given
from hypothesis import strategies as st

from annotator.store.column_table import Table


class Pair(NamedTuple):
    number: int
    key: str
    text: str | None


pairs = st.builds(
    Pair,
    st.integers(0, 9),
    st.sampled_from("abcdefg"),
    st.none() | st.text(st.characters(exclude_categories=("Cs",))),
)
steps = st.lists(
    st.tuples(st.just("put"), pairs)
    | st.tuples(st.just("put_sorted"), st.lists(pairs, max_size=4))
    | st.tuples(st.just("drop"), st.sets(st.sampled_from("abcdefg")))
    | st.tuples(st.just("reload"), st.none()),
    max_size=12,
)


def _table(columns: list[memoryview] | None = None) -> Table[Pair]:
    return Table(Pair, Pair._fields, key="key", columns=columns)


@given(steps)
def test_it_holds_what_a_dictionary_holds(steps):
    table, model = _table(), {}
    for step, what in steps:
        if step == "put":
            table.put(what)
            model[what.key] = what
        elif step == "put_sorted":
            table.put_sorted(what)
            model |= {pair.key: pair for pair in what}
            model = {pair.key: pair for pair in sorted(model.values(), key=repr_order)}
        elif step == "drop":
            table.drop(what)
            model = {key: pair for key, pair in model.items() if key not in what}
        else:
            table = _table([memoryview(column) for column in table.dump()])
        assert [table[index] for index in range(len(table))] == list(model.values())
        assert table.rows() == list(model.values())
        assert table.keys == list(model)
        assert list(table.column("text").items()) == [(key, pair.text) for key, pair in model.items()]
        assert {key: table.get(key) for key in "abcdefg"} == {key: model.get(key) for key in "abcdefg"}
        assert [key in table for key in "abcdefg"] == [key in model for key in "abcdefg"]
        if model:
            assert table[-1] == list(model.values())[-1]


def repr_order(pair: Pair):
    """The order of tuples whose first two fields are never both equal."""
    return pair.number, pair.key


@given(st.lists(pairs, unique_by=lambda pair: pair.key))
def test_columns_stand_on_one_line_each(rows):
    table = _table()
    for row in rows:
        table.put(row)
    columns = list(table.dump())
    assert len(columns) == 3
    assert not any(b"\n" in column for column in columns)
    again = _table([memoryview(column) for column in columns])
    assert list(again.dump()) == columns  # without having looked into them
    assert again.rows() == rows
