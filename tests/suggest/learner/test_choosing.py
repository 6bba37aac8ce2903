"""Which spans are expected to cost the fewest keys."""

from __future__ import annotations

from annotator.suggest.learner.choosing import Choice, cheapest, keys_between

NAME, LONGER, OTHER = (0, 2, "A"), (0, 3, "A"), (5, 6, "B")


def choice(*spans: tuple[int, int, str]) -> Choice:
    return frozenset(spans)


def test_keys_are_those_of_the_design() -> None:
    assert keys_between([NAME], [NAME]) == 0
    assert keys_between([], [NAME]) == 3.4
    assert keys_between([NAME], []) == 2
    assert keys_between([NAME], [LONGER]) == 2
    assert keys_between([NAME], [(0, 2, "B")]) == 2
    assert keys_between([NAME, OTHER], [LONGER]) == 4


def test_a_span_is_shown_once_missing_it_would_cost_more_than_rejecting_it() -> None:
    def shown(times: int) -> Choice:
        return cheapest([choice(NAME)] * times + [choice()] * (100 - times), choice())

    assert shown(45) == choice(NAME)
    assert shown(30) == choice()
    assert shown(0) == choice()


def test_of_several_extents_the_one_is_shown_from_which_the_others_are_near() -> None:
    extents = [choice((0, 1, "A"))] * 3 + [choice((0, 2, "A"))] * 3 + [choice((0, 3, "A"))] * 3
    assert cheapest(extents, choice((0, 3, "A"))) == choice((0, 2, "A"))


def test_what_is_sure_is_shown_as_it_is() -> None:
    assert cheapest([choice(NAME, OTHER)] * 8, choice()) == choice(NAME, OTHER)
