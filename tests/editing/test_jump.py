"""Jump hints: one letter for names, and no hint begins another."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.editing.hint_letters import LETTERS
from annotator.editing.jump import assign_hints, matching


def sizes(most: int) -> st.SearchStrategy[tuple[int, int]]:
    return st.tuples(st.integers(0, most), st.integers(0, most))


@given(st.one_of(sizes(30), sizes(900)))
def test_every_place_gets_a_hint_that_begins_no_other(counts: tuple[int, int]) -> None:
    names, others = range(counts[0]), range(counts[0], sum(counts))
    hints = assign_hints(names, others)
    assert set(hints) == {*names, *others}
    assert len(set(hints.values())) == len(hints)
    prefixes = {hint[:length] for hint in hints.values() for length in range(1, len(hint))}
    assert not prefixes & set(hints.values())
    assert all(len(hint) <= (2 if sum(counts) <= 600 else 3) for hint in hints.values())


@given(sizes(60))
def test_names_get_single_letters_first_in_their_order(counts: tuple[int, int]) -> None:
    names = list(range(counts[0]))
    hints = assign_hints(names, range(counts[0], sum(counts)))
    lengths = [len(hints[name]) for name in names]
    assert lengths == sorted(lengths)
    assert all(len(hints[place]) > 1 for place in range(counts[0], sum(counts)))
    singles = lengths.count(1)
    if singles < min(
        counts[0], len(LETTERS)
    ):  # one more would leave too few letters to begin the others with
        assert (len(LETTERS) - singles - 1) * len(LETTERS) < sum(counts) - singles - 1


def test_a_screen_of_a_dozen_names_costs_one_letter_each() -> None:
    hints = assign_hints(range(12), range(12, 250))
    assert [hints[name] for name in range(12)] == list(LETTERS[:12])
    assert {len(hints[place]) for place in range(12, 250)} == {2}


@pytest.mark.parametrize(
    ("names", "others"), [([], []), ([5], []), ([5, 5], [5]), (range(26), []), (range(27), [])]
)
def test_few_or_repeated_places(names: list[int], others: list[int]) -> None:
    hints = assign_hints(names, others)
    assert set(hints) == {*names, *others}


def test_typing_a_hint_finds_its_place() -> None:
    hints = assign_hints([3, 9], [20, 30])
    for offset, hint in hints.items():
        assert matching(hints, hint) == matching(hints, hint.upper()) == (offset, False)
    assert matching(hints, hints[20][0]) == (None, True)
    assert matching(hints, "") == (None, True)
    assert matching(hints, "zz") == (None, False)
