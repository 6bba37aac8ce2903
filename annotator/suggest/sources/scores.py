"""Scores for entities of a greedy transition parser: the softmax over its own transition scores.

spaCy keeps no scores, and those of its beam are 0 or 1 for a model trained greedily (spaCy issues 881, 2601, 5917).
The methods used are spaCy's own, but not documented: other versions than those tested are not tried.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

_TESTED_BELOW = (3, 9)

Scores = dict[tuple[int, int, str], float]
"""By first token, token behind the last, and label."""


def has_scores(component: Any) -> bool:
    """True if `parse_with_scores` may be tried: a greedy entity recognizer of a spaCy that was tested."""
    from spacy.about import __version__
    from spacy.pipeline import EntityRecognizer

    version = tuple(int(part) for part in __version__.split(".")[:2])
    return (
        version < _TESTED_BELOW
        and isinstance(component, EntityRecognizer)
        and component.cfg.get("beam_width") == 1
    )


def parse_with_scores(component: Any, docs: Sequence[Any]) -> list[Scores]:
    """Set the entities of `docs` just as `component` would, and return their scores, one dict a doc.

    A score is the product of the probabilities of the transitions that made the entity, in [0, 1]. It puts right ones
    before wrong ones (AUC .79 on wikigold; the least, the mean or the first of them do the same) but is not the
    probability of being right. An entity that was there before has none.
    """
    entities = [{(ent.start, ent.end, ent.label_) for ent in doc.ents} for doc in docs]
    parsed = [doc for doc in docs if len(doc)]
    rows = iter(_parse(component, parsed) if parsed else [])
    moves = {component.moves.get_class_name(index): index for index in range(component.moves.n_moves)}
    return [
        {
            key: _score(doc_rows, moves, *key)
            for ent in doc.ents
            if (key := (ent.start, ent.end, ent.label_)) not in before
        }
        for doc, before in zip(docs, entities, strict=True)
        for doc_rows in ([next(rows)] if len(doc) else [[]])
    ]


def token_scores(component: Any, docs: Sequence[Any]) -> list[list[float]]:
    """Set the entities of `docs` just as `component` would; for each token of each doc how sure it was there.

    That is the probability of the transition taken at the token, in [0, 1], be it inside an entity or outside of all.
    """
    parsed = [doc for doc in docs if len(doc)]
    rows = iter(_parse(component, parsed) if parsed else [])
    moves = {component.moves.get_class_name(index): index for index in range(component.moves.n_moves)}
    found = []
    for doc in docs:
        taken = ["O"] * len(doc)
        for ent in doc.ents:
            actions = _actions(ent.start, ent.end)
            taken[ent.start : ent.end] = [f"{action}-{ent.label_}" for action in actions]
        values = next(rows) if len(doc) else []
        found.append([_probability(row, moves[name]) for row, name in zip(values, taken, strict=True)])
    return found


def _parse(component: Any, docs: Sequence[Any]) -> list[list[Any]]:
    """Run the parser to its end; the transition scores that it had at each token, for each doc."""
    component._ensure_labels_are_added(docs)
    states = component.moves.init_batch(docs)
    step = component.model.predict(docs)
    rows: list[list[Any]] = [[None] * len(doc) for doc in docs]
    live = [(state, rows[index]) for index, state in enumerate(states) if not state.is_final()]
    while live:
        scores = step.predict([state for state, _ in live])
        for (state, row), values in zip(live, scores, strict=True):
            row[state.B(0)] = values
        component.transition_states([state for state, _ in live], scores)
        live = [(state, row) for state, row in live if not state.is_final()]
    component.set_annotations(docs, states)
    return rows


def _score(rows: list[Any], moves: dict[str, int], start: int, end: int, label: str) -> float:
    score = 1.0
    for action, values in zip(_actions(start, end), rows[start:end], strict=True):
        score *= _probability(values, moves[f"{action}-{label}"])
    return score


def _actions(start: int, end: int) -> str:
    return "U" if end - start == 1 else "B" + "I" * (end - start - 2) + "L"


def _probability(values: Any, index: int) -> float:
    import numpy

    row = numpy.asarray(values, dtype="float64")
    weights = numpy.exp(row - row.max())
    return float(weights[index] / weights.sum())
