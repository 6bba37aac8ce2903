"""The log: who decided what, when, and on which suggestion."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from annotator.model.decisions import Decision, Verb
from annotator.store.decision_log import DecisionLog
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
    log = DecisionLog(store)
    entries = [entry for name in names for entry in _entries(store, log, document_id, name, limit=limit)]
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
    log = DecisionLog(store)
    newest: list[LogEntry] = []
    for updated, document_id, name in sorted(sets, reverse=True):
        since = newest[0].decision.when if len(newest) == limit else ""
        if updated < since:
            break
        entries = _entries(store, log, document_id, name, limit=limit, since=since)
        newest = heapq.nlargest(limit, [*newest, *entries], key=_moment)[::-1]
    return newest


def _moment(entry: LogEntry) -> tuple[str, str, str, int]:
    return (entry.decision.when, entry.document, entry.annotator, entry.decision.seq)


def _entries(
    store: Store, log: DecisionLog, document_id: str, annotator: str, *, limit: int, since: str = ""
) -> Iterator[LogEntry]:
    document = store.document(document_id)
    for logged in log.newest(document_id, annotator, limit=limit, since=since):
        decision = logged.decision
        interval = decision.after or decision.before or decision.suggestion or decision.comment
        yield LogEntry(
            document_id,
            document.title,
            annotator,
            decision,
            document.text[interval.start : interval.end] if interval else "",
            _step_text(logged.step),
        )


def _step_text(step: Sequence[Decision]) -> str:
    """A step in a few words."""
    if not step:
        return "a step that is lost"
    verb = step[-1].verb
    if verb is Verb.FINISH and len(step) > 1:
        return f"finish, with {len(step) - 1} accepted"
    return str(verb) if len(step) == 1 else f"{verb} and {len(step) - 1} more"
