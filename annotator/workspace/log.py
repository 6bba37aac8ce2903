"""The log: who decided what, when, and on which suggestion."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from annotator.model.annotations import AnnotationSet
from annotator.model.decisions import Decision, Verb
from annotator.store.repository import Store


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One decision with what it was about. `text` is what the span covers, or was a suggestion of.

    `undone` says, of an undo or redo, what it took back or brought back.
    """

    document: str
    title: str
    annotator: str
    decision: Decision
    text: str = ""
    undone: str = ""

    @property
    def what(self) -> str:
        """The verb and what it did, such as "relabel ORG → GPE" or "undo of accept"."""
        decision = self.decision
        before, after = decision.before, decision.after
        if decision.verb in (Verb.UNDO, Verb.REDO):
            return f"{decision.verb} of {self.undone}"
        if decision.comment:
            return f"{decision.verb} “{decision.comment.text}”"
        if before and after and before.label != after.label:
            return f"{decision.verb} {before.label} → {after.label}"
        if after and decision.suggestion and not before and after.label != decision.suggestion.label:
            return f"{decision.verb} {decision.suggestion.label} → {after.label}"
        if label := after or before or decision.suggestion:
            return f"{decision.verb} {label.label}"
        return str(decision.verb)

    @property
    def origin(self) -> str:
        """Which suggestion it was made on, such as "model en_core_web_sm 0.93"; empty where there was none."""
        suggestion = self.decision.suggestion
        if suggestion is None:
            return ""
        score = "" if suggestion.score is None else f"{suggestion.score:.2f}"
        return " ".join(filter(None, (suggestion.source, suggestion.name, score)))


def document_log(
    store: Store, document_id: str, *, annotator: str | None = None, limit: int
) -> list[LogEntry]:
    """The newest decisions on a document, at most `limit`, the newest last."""
    names = [annotator] if annotator is not None else store.sets_of(document_id, gold=True)
    entries = [entry for name in names for entry in _entries(store, document_id, name)]
    entries.sort(key=_moment)
    return entries[-limit:]


def store_log(store: Store, *, annotator: str | None = None, limit: int) -> list[LogEntry]:
    """The newest decisions of the whole store, at most `limit`, the newest last.

    Sets are read from the one changed last on, until none can hold a newer decision.
    """
    catalogue = store.catalogue
    names = [annotator] if annotator is not None else store.annotators(gold=True)
    sets = (
        (entry.updated, document_id, name)
        for name in names
        for document_id, entry in catalogue.sets(name).items()
        if document_id in catalogue
    )
    newest: list[LogEntry] = []
    for updated, document_id, name in sorted(sets, reverse=True):
        if len(newest) == limit and updated < newest[0].decision.when:
            break
        newest = heapq.nlargest(limit, [*newest, *_entries(store, document_id, name)], key=_moment)[::-1]
    return newest


def _moment(entry: LogEntry) -> tuple[str, str, str, int]:
    return (entry.decision.when, entry.document, entry.annotator, entry.decision.seq)


def _entries(store: Store, document_id: str, annotator: str) -> Iterator[LogEntry]:
    annotation_set = store.load_set(document_id, annotator, gold=True)
    document = store.document(document_id)
    steps = _steps(annotation_set)
    for decision in annotation_set.decisions:
        place = decision.after or decision.before or decision.suggestion or decision.comment
        yield LogEntry(
            document_id,
            document.title,
            annotator,
            decision,
            document.text[place.start : place.end] if place else "",
            _told(steps.get(decision.step, ())),
        )


def _steps(annotation_set: AnnotationSet) -> dict[int, list[Decision]]:
    steps: dict[int, list[Decision]] = {}
    for decision in annotation_set.decisions:
        if decision.verb not in (Verb.UNDO, Verb.REDO):
            steps.setdefault(decision.step, []).append(decision)
    return steps


def _told(step: Sequence[Decision]) -> str:
    """A step in a few words."""
    if not step:
        return "a step that is lost"
    verb = step[-1].verb
    if verb is Verb.FINISH and len(step) > 1:
        return f"finish, with {len(step) - 1} accepted"
    return str(verb) if len(step) == 1 else f"{verb} and {len(step) - 1} more"
