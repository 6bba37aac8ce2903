"""Memory and its edits as JSON, and memory as rows."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.model.decisions import By
from annotator.model.edges import Edge, EdgeKind
from annotator.model.memory_edits import Outcome
from annotator.suggest.memory.edits import Edits
from annotator.suggest.memory.facts import CallFact, EdgeFact, FormFact, PlainFact, ShortFact
from annotator.suggest.memory.memory import Memory
from annotator.suggest.memory.record import memory_from_record, memory_to_record
from annotator.suggest.memory.rows import form_rows, habit_rows

SURFACES = st.sampled_from(["Paris", "the Hague", "Žižek", "\udce9", "X"])
NAMES = st.sampled_from(["PER", "LOC", ""])
FACTS = st.dictionaries(
    st.one_of(
        st.builds(FormFact, SURFACES, NAMES, st.sampled_from(Outcome), st.sampled_from(By)),
        st.builds(EdgeFact, NAMES, st.builds(Edge, st.sampled_from(EdgeKind), NAMES), st.booleans()),
        st.builds(CallFact, NAMES, NAMES),
        st.builds(ShortFact, NAMES, st.booleans()),
        st.builds(PlainFact, SURFACES),
    ),
    st.integers(1, 9),
)


def memory_of(facts: dict[Any, int], edits: Edits | None = None) -> Memory:
    memory = Memory(edits=edits)
    memory.learn(facts)
    return memory


@given(FACTS)
def test_a_memory_comes_back_from_its_record(facts: dict[Any, int]) -> None:
    memory = memory_of(facts)
    assert memory_from_record(json.loads(json.dumps(memory_to_record(memory)))) == memory


@given(FACTS, st.lists(st.tuples(st.sampled_from(["pin", "block", "forget", "release"]), SURFACES)))
def test_edits_come_back_and_say_one_thing_of_a_form(
    facts: dict[Any, int], edited: list[tuple[str, str]]
) -> None:
    memory = memory_of(facts)
    for verb, surface in edited:
        if verb == "pin":
            memory.edit(memory.edits.pin(surface, "PER"))
        elif verb == "block":
            memory.edit(memory.edits.block(surface))
        elif verb == "forget":
            memory.forget(surface)
        else:
            memory.edit(memory.edits.release(surface))
        expected = {"pin": "pinned", "block": "blocked", "forget": "forgotten", "release": ""}[verb]
        assert memory.edits.on(surface) == expected
        if verb != "release":
            assert memory.offer(surface) == (("PER", None) if verb == "pin" else None)
    again = Edits.of(memory.edits.records)
    assert again == memory.edits
    assert memory_of(facts, again) == memory
    assert form_rows(memory_of(facts, again)) == form_rows(memory)


GOOD = memory_to_record(memory_of({FormFact("Paris", "LOC", Outcome.ACCEPTED, By.KEY): 2}))


@pytest.mark.parametrize(
    "changes",
    [
        {"format": 99},
        {"forms": {"Paris": ["LOC", "accepted", "key"]}},
        {"forms": {"Paris": ["LOC", "praised", "key", 1]}},
        {"forms": {"Paris": ["LOC", "accepted", "key", "1"]}},
        {"forms": {"Paris": ["LOC", "accepted", "key", -1]}},
        {"forms": []},
        {"edges": [["LOC", "nose", "", True, 1]]},
        {"plain": None},
    ],
)
def test_a_damaged_or_older_record_is_no_memory(changes: dict[str, Any]) -> None:
    assert memory_from_record(GOOD) is not None
    assert memory_from_record({**GOOD, **changes}) is None


def test_rows_say_what_is_offered_and_why() -> None:
    memory = memory_of(
        {
            FormFact("Acme", "ORG", Outcome.ACCEPTED, By.KEY): 7,
            FormFact("Acme", "PER", Outcome.RELABELLED, By.KEY): 1,
            FormFact("Acme", "ORG", Outcome.RESIZED, By.KEY): 1,
            FormFact("Spring", "ORG", Outcome.REJECTED, By.KEY): 2,
            EdgeFact("ORG", Edge(EdgeKind.ARTICLE, "the"), False): 12,
            EdgeFact("ORG", Edge(EdgeKind.ARTICLE, "the"), True): 1,
            CallFact("NORP", ""): 3,
            CallFact("NORP", "ORG"): 1,
            ShortFact("PER", True): 4,
        },
        Edits().block("Nothing"),
    )
    acme, nothing, spring = form_rows(memory)
    assert (acme.surface, acme.label, acme.labels, acme.accepted, acme.corrected, acme.rejected) == (
        *("Acme", "ORG", (("ORG", 7),)),
        *(7, 2, 0),
    )
    assert acme.reason == "accepted 7 of 8 times as ORG"
    assert (spring.label, spring.rejected, spring.reason) == (None, 2, "not offered")
    assert (nothing.label, nothing.edit) == (None, "blocked")
    assert [(row.about, row.reason) for row in habit_rows(memory)] == [
        ("edge", "the article “the” is left out in 12 of 13 ORG"),
        ("name", "the model's NORP was nothing in 3 of 4"),
        ("name", "the model's NORP was ORG in 1 of 4"),
        ("end", "the last word of a longer one, alone, was PER in 4 of 4"),
    ]
