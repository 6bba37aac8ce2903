"""Writes the store of the newest version that the tests keep: `python tests/store/versions/write.py`, once a version.

Older ones are never written again: they are what programs of their time have written.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from annotator.model.annotations import AnnotationSet
from annotator.model.decisions import By, Decision, Verb
from annotator.model.documents import new_document
from annotator.model.labels import Label, LabelSet
from annotator.model.spans import Span, Suggestion
from annotator.model.tokens import Tokens, stand_in_tokens
from annotator.store.plans import Plan, Planned
from annotator.store.records import SCHEMA_VERSION
from annotator.store.repository import Store
from annotator.store.sets import SetSnapshot
from annotator.store.steps import Steps

WHEN = "2026-11-22T14:02:11Z"
TEXT = "Hugo Chávez spoke in Caracas. 😀"
LABELS = LabelSet(
    name="news",
    labels=(Label(name="PER", key="P"), Label(name="LOC", description="Places.")),
    map={"GPE": "LOC"},
)


def write(path: Path) -> Store:
    """A store with a set of every verb, a document with tokens and suggestions, gold, and a step."""
    store = Store.create(path, label_set=LABELS, model="en_core_web_sm")
    tokens = Tokens(stand_in_tokens(TEXT), tokenizer="source")
    suggestion = Suggestion(21, 28, "LOC", score=0.5, name="en_core_web_sm", source_label="GPE")
    store.add_document(
        new_document(TEXT, id="one", meta={"url": "x"}, tokens=tokens, sentences=(0,)),
        suggestions=[suggestion],
    )
    store.add_document(new_document("Zweiter Text.", id="Zwei/2"))
    anna = AnnotationSet("one", "anna")
    person, place = Span(0, 11, "PER"), Span(21, 28, "LOC")
    noted = Span(0, 11, "PER", "the president", True, "Q8440")
    for decision in (
        Decision(1, 1, Verb.ADD, "anna", WHEN, "a", None, person, uid="1"),
        Decision(2, 2, Verb.NOTE, "anna", WHEN, "a", person, noted, uid="2"),
        Decision(3, 3, Verb.ACCEPT, "anna", WHEN, "b", None, place, suggestion, By.BULK, "3"),
        Decision(4, 4, Verb.REJECT, "anna", WHEN, suggestion=Suggestion(0, 4, "LOC", "memory"), uid="4"),
        Decision(5, 5, Verb.FINISH, "anna", WHEN, by=By.DOCUMENT, uid="5"),
        Decision(6, 5, Verb.UNDO, "anna", WHEN, uid="6"),
        Decision(7, 5, Verb.REDO, "anna", WHEN, uid="7"),
    ):
        anna.apply(decision)
    anna.effort.seconds, anna.effort.keys = 12.5, 9
    store.save(SetSnapshot.of(anna))
    gold = AnnotationSet("one", "gold", [Decision(1, 1, Verb.ADD, "kim", WHEN, "g", None, person, uid="g1")])
    store.save(SetSnapshot.of(gold))
    relabel = Decision(
        0, 0, Verb.RELABEL, "kim", WHEN, "g", person, Span(0, 11, "LOC"), by=By.BULK, uid="relabelled"
    )
    Steps(store).make(Plan("feed", "rename", "kim", WHEN, (Planned("one", "gold", relabel),)))
    return store


if __name__ == "__main__":
    target = Path(__file__).parent / f"v{SCHEMA_VERSION}"
    if target.exists():
        sys.exit(f"{target} is there already, and stays as it was written")
    write(target).close()
    for folder in (".cache", ".tmp", "steps/pending"):
        shutil.rmtree(target / folder, ignore_errors=True)
