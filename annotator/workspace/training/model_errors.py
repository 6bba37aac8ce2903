"""What a trained pipeline did wrong, as a store to open on the screen: one suggestion an error."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from annotator.formats.exchange import AnnotatedDocument
from annotator.measure.alignment import Case, Kind
from annotator.model.decisions import Status
from annotator.model.spans import Span, Suggestion
from annotator.store.repository import Store
from annotator.store.sets import SetSnapshot
from annotator.workspace.transfer.importing import imported_set

_SHOWN = 40


def write_errors(
    store: Store, target: Path, cases: Iterable[Case], *, owner: str, language: str
) -> Path | None:
    """A new store in `target` of the documents with errors, those with most errors first; None if there are none.

    Spans that the pipeline found are decided, in the set of `owner`. Each error is a suggestion: the annotated span
    where there is one, with what the pipeline made of it as its name, else the pipeline's own. Accepting all gives
    the annotations and what is spurious; walking from one to the next visits the errors and nothing else.
    """
    by_document: dict[str, list[Case]] = {}
    for case in cases:
        by_document.setdefault(case.document, []).append(case)
    wrong = {id: sum(case.kind is not Kind.SAME for case in own) for id, own in by_document.items()}
    ordered = sorted((id for id, count in wrong.items() if count), key=lambda id: (-wrong[id], id))
    if not ordered:
        return None
    scratch = Store.create(target, label_set=store.info.label_set, model=f"blank:{language}")
    with scratch.batch() as batch:
        for id in ordered:
            document = store.document(id)
            right, errors = _parted(by_document[id], document.text)
            batch.add_document(document, suggestions=errors)
            if right:
                item = AnnotatedDocument(document, spans=right, status=Status.STARTED)
                batch.save(SetSnapshot.of(imported_set(item, owner)))
    return target


def _parted(cases: Iterable[Case], text: str) -> tuple[tuple[Span, ...], list[Suggestion]]:
    """The spans that both have, and a suggestion for each error."""
    right: list[Span] = []
    errors: list[Suggestion] = []
    for case in cases:
        ours, theirs = case.a, case.b
        if case.kind is Kind.SAME and ours is not None:
            right.append(Span(ours.start, ours.end, ours.label))
        elif ours is not None:
            words = _quoted(text, theirs.start, theirs.end) if theirs is not None else ""
            source, name = {
                Kind.LABEL: ("mislabelled", f"the model says {theirs.label if theirs else ''}"),
                Kind.BOUNDARY: ("other edges", f"the model marks {words}"),
                Kind.BOTH: ("mistaken", f"the model says {theirs.label if theirs else ''} for {words}"),
            }.get(case.kind, ("missed", "the model has nothing here"))
            errors.append(Suggestion(ours.start, ours.end, ours.label, source=source, name=name))
        elif theirs is not None:
            errors.append(
                Suggestion(
                    *(theirs.start, theirs.end, theirs.label),
                    source="spurious",
                    name="not in the annotations",
                )
            )
    return tuple(right), errors


def _quoted(text: str, start: int, end: int) -> str:
    words = text[start:end] if end - start <= _SHOWN else f"{text[start : start + _SHOWN - 1]}…"
    return f"“{words}”"
