"""Who is known in a store, and whom a name that nobody has is likely to mean."""

from __future__ import annotations

from collections.abc import Iterable

from annotator.errors import InputError
from annotator.store.assignments import Assignments
from annotator.store.layout import GOLD
from annotator.store.repository import Store


def known_annotators(store: Store) -> list[str]:
    """Who has annotation sets or an assignment, sorted."""
    return sorted({*store.annotators(), *Assignments(store).names()})


def check_known(store: Store, annotator: str) -> None:
    """Raise InputError unless `annotator` has a set or an assignment in the store."""
    annotators = known_annotators(store)
    if annotator in annotators:
        return
    names = (
        f"the annotators are {', '.join(annotators)}" if annotators else "nobody has annotated anything yet"
    )
    if annotator == GOLD:
        raise InputError(f"gold is what reviews produce, no annotator in {store.path}", hint=names)
    similar = similar_name(annotator, annotators)
    question = f"; did you mean {similar}?" if similar else ""
    raise InputError(f"nobody is called {annotator} in {store.path}{question}", hint=names)


def similar_name(name: str, annotators: Iterable[str]) -> str | None:
    """The one of `known` with the fewest edits from `name`; None if all are further than a slip of the fingers.

    That is an edit for every three letters, at least one, whatever the capitals.
    """
    farthest = max(1, len(name) // 3)
    distances = [(edit_distance(name.lower(), other.lower()), other) for other in annotators if other != name]
    nearest = min(distances, default=None)
    return nearest[1] if nearest is not None and nearest[0] <= farthest else None


def edit_distance(one: str, other: str) -> int:
    """How many letters have to be added, taken out, replaced, or swapped with the next one, to make `other` of `one`.

    The optimal string alignment distance: no letter is edited twice.
    """
    above: list[int] = []
    row = list(range(len(other) + 1))
    for index, letter in enumerate(one, 1):
        above, before, row = row, above, [index]
        for column, wanted in enumerate(other, 1):
            cost = min(above[column] + 1, row[-1] + 1, above[column - 1] + (letter != wanted))
            if index > 1 and column > 1 and letter == other[column - 2] and one[index - 2] == wanted:
                cost = min(cost, before[column - 2] + 1)
            row.append(cost)
    return row[-1]
