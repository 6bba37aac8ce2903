"""The sets that annotators have finished, for whoever holds them against one another."""

from __future__ import annotations

from collections.abc import Sequence

from annotator.errors import InputError, StoreError
from annotator.model.decisions import Status
from annotator.model.documents import Document
from annotator.model.spans import Span
from annotator.store.layout import ANNOTATIONS, DOCUMENTS, GOLD, check_annotator
from annotator.store.repository import Store


def whose(store: Store, names: Sequence[str], *, on_gold: InputError) -> list[str]:
    """The annotators of these names, or all there are, sorted.

    InputError for somebody who has annotated nothing here; `on_gold` for gold, which is nobody's.
    """
    annotators = store.annotators()
    for name in names:
        if name == GOLD:
            raise on_gold
        if check_annotator(name) not in annotators:
            raise InputError(
                f"{name} has annotated nothing in {store.path}",
                hint=f"the annotators here are {', '.join(annotators)}"
                if annotators
                else "nobody has annotated here yet",
            )
    return sorted(set(names)) or annotators


def finished_by(store: Store, name: str) -> set[str]:
    """The documents that the catalogue knows an annotator to have finished."""
    statuses = store.catalogue.statuses(name)
    return {document_id for document_id, status in statuses.items() if status is Status.DONE}


def finished_spans(
    store: Store, document: Document, name: str, *, problems: list[str]
) -> tuple[Span, ...] | None:
    """What an annotator, or gold, has marked on a document.

    None if the set is not finished any more, or is left out: `problems` then tells why.
    """
    try:
        annotation_set = store.load_set(document.id, name, gold=True)
    except (StoreError, InputError) as error:
        leave_out(problems, error.message)
        return None
    if annotation_set.status is not Status.DONE:
        return None
    if any(span.end > len(document.text) for span in annotation_set.spans):
        leave_out(problems, f"{name}'s spans on {document.id} reach beyond its text")
        return None
    return tuple(span.span for span in annotation_set.spans)


def leave_out(problems: list[str], problem: str) -> None:
    """Tell why something is left out, once."""
    if problem not in problems:
        problems.append(problem)


def damaged_sets(store: Store, name: str) -> dict[str, str]:
    """Why sets of an annotator cannot be read, as far as the catalogue knows, by the name of the set's file."""
    return {
        path.rpartition("/")[2].removesuffix(".json"): message
        for path, message in store.catalogue.damaged.items()
        if path.startswith(f"{ANNOTATIONS}/{name}/")
    }


def damaged_files(store: Store, annotators: Sequence[str]) -> list[str]:
    """What the catalogue could not read of documents and of these annotators' sets."""
    folders = (f"{DOCUMENTS}/", *(f"{ANNOTATIONS}/{name}/" for name in annotators))
    return [message for path, message in store.catalogue.damaged.items() if path.startswith(folders)]
