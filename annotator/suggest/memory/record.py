"""Memory as a plain record for a cache. What is in it can be rebuilt from the store; edits by hand are kept apart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from annotator.model.decisions import By
from annotator.model.edges import Edge, EdgeKind
from annotator.model.memory_edits import Outcome
from annotator.suggest.memory.edits import Edits
from annotator.suggest.memory.facts import CallFact, EdgeFact, Fact, FormFact, PlainFact, ShortFact
from annotator.suggest.memory.memory import Memory

RECORD_FORMAT = 1
"""The version of the record; a cache in any other is stale."""


def memory_to_record(memory: Memory) -> dict[str, Any]:
    """All that is counted, as JSON can hold it; a form's label, outcomes and times stand together under the form."""
    forms: dict[str, list[Any]] = {}
    edges, calls, shorts, plain = [], [], [], {}
    for fact, times in memory.facts().items():
        if isinstance(fact, FormFact):
            forms.setdefault(fact.surface, []).extend((fact.label, fact.outcome, fact.by, times))
        elif isinstance(fact, EdgeFact):
            edges.append([fact.label, *fact.edge, fact.is_within, times])
        elif isinstance(fact, CallFact):
            calls.append([*fact, times])
        elif isinstance(fact, ShortFact):
            shorts.append([*fact, times])
        else:
            plain[fact.word] = times
    return {
        "format": RECORD_FORMAT,
        "forms": forms,
        "edges": edges,
        "calls": calls,
        "shorts": shorts,
        "plain": plain,
    }


def memory_from_record(record: Mapping[str, Any], *, edits: Edits | None = None) -> Memory | None:
    """The memory that `memory_to_record` wrote; None if it is of another format or damaged."""
    try:
        if record["format"] != RECORD_FORMAT:
            return None
        facts = dict(_facts(record))
        if not all(type(times) is int and times > 0 for times in facts.values()):
            return None
    except (KeyError, TypeError, ValueError, AttributeError):
        return None
    memory = Memory(edits=edits)
    memory.learn(facts)
    return memory


def _facts(record: Mapping[str, Any]) -> Iterator[tuple[Fact, int]]:
    for surface, values in record["forms"].items():
        quads = iter(values)
        for label, outcome, by, times in zip(quads, quads, quads, quads, strict=True):
            yield FormFact(surface, str(label), Outcome(outcome), By(by)), times
    for label, kind, word, is_within, times in record["edges"]:
        yield EdgeFact(str(label), Edge(EdgeKind(kind), str(word)), bool(is_within)), times
    for called, label, times in record["calls"]:
        yield CallFact(str(called), str(label)), times
    for label, is_same, times in record["shorts"]:
        yield ShortFact(str(label), bool(is_same)), times
    for word, times in record["plain"].items():
        yield PlainFact(word), times
