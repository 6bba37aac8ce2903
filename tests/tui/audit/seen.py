"""What tests of the audit screen open, wait for and look at."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable

from textual.pilot import Pilot

from annotator.model.annotations import AnnotationSet
from annotator.model.decisions import Decision, Verb, new_uid
from annotator.model.documents import new_document
from annotator.model.spans import Span
from annotator.store.repository import Store
from annotator.store.sets import SetSnapshot
from annotator.tui.app import AnnotatorApp
from annotator.tui.screens.audit.screen import AuditScreen
from annotator.tui.widgets.bar import Bar

Opener = Callable[..., AsyncIterator[tuple[AnnotatorApp, Pilot[None]]]]

WHEN = "2026-11-22T14:02:11Z"
TEXTS = {
    "d0": ("Rome fell.", [("Rome", "LOC")]),
    "d1": ("Rome rose.", [("Rome", "LOC")]),
    "d2": ("Rome won.", [("Rome", "ORG")]),
    "d3": ("In Rome again.", []),
    "d4": ("Oslo lost", [("Oslo", "ORG")]),
    "d5": ("Oslo won", [("Oslo", "LOC")]),
    "d6": ("in the Hague", [("the Hague", "LOC")]),
    "d7": ("at the Hague", [("the Hague", "LOC")]),
    "d8": ("of the Hague", [("Hague", "LOC")]),
}
ROME, MISSED, HAGUE, OSLO = "Rome labels", "Rome missed", "Hague edges", "Oslo labels"
"""The findings, whose order by gain is MISSED, HAGUE and ROME, OSLO."""


def fill(store: Store, annotator: str) -> None:
    for document_id, (text, spans) in TEXTS.items():
        store.add_document(new_document(text, id=document_id))
        annotation_set = AnnotationSet(document_id, annotator)
        for surface, label in spans:
            start = text.index(surface)
            span = Span(start, start + len(surface), label)
            annotation_set.apply(
                Decision(1, 1, Verb.ADD, annotator, WHEN, new_uid(), None, span, uid=new_uid())
            )
        seq = annotation_set.revision + 1
        annotation_set.apply(Decision(seq, seq, Verb.FINISH, annotator, WHEN, uid=new_uid()))
        store.save(SetSnapshot.of(annotation_set))


async def until(pilot: Pilot[None], condition: Callable[[], bool]) -> None:
    for _ in range(500):
        if condition():
            return
        await pilot.pause(0.01)
    raise AssertionError("it never came to be")


def screen(app: AnnotatorApp) -> AuditScreen:
    assert isinstance(app.screen, AuditScreen)
    return app.screen


def is_there(app: AnnotatorApp) -> bool:
    return isinstance(app.screen, AuditScreen) and app.screen.audit is not None


def spans(store: Store, document_id: str, annotator: str = "kim") -> list[tuple[int, int, str]]:
    found = store.load_set(document_id, annotator, gold=True).spans
    return [(each.start, each.end, each.label) for each in found]


def told(app: AnnotatorApp) -> list[tuple[str, str]]:
    return [(each.surface, each.kind.value) for each in screen(app).choices.findings]


def bar(app: AnnotatorApp, name: str) -> str:
    return app.screen.query_one(f"#{name}", Bar).shown
