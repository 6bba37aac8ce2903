"""An import that stores nothing: the first documents as they would be read, and what the import would report."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from annotator.formats.exchange import AnnotatedDocument, Report
from annotator.store.removals import Removals
from annotator.store.repository import Store
from annotator.store.sets import SetSnapshot
from annotator.workspace.transfer.importing import ImportReport, ImportRequest


def rehearse_import(
    path: Path,
    files: Sequence[Path | str],
    request: ImportRequest,
    *,
    reading: Report,
    on_document: Callable[[AnnotatedDocument], None],
    progress: Callable[[int], None] | None = None,
) -> ImportReport:
    """Do as the import into the store in `path` would, beside it; `on_document` is given each document that is read.

    The report and the errors are those of the import. What the store has of the same documents is copied beside, so that
    repetitions and clashes are found; all of that is removed in the end.
    """
    prepared = request.prepared(path, files, reading)
    with TemporaryDirectory(prefix="annotator-") as folder:
        beside = Store.create(Path(folder) / "store", label_set=prepared.label_set)
        if prepared.store is not None:
            removals = Removals(prepared.store).read()
            Removals(beside).change(lambda _: removals)
        try:
            items = _shown(prepared.items, prepared.store, beside, on_document)
            return request.bring_in(replace(prepared, items=items), beside, reading, progress=progress)
        finally:
            beside.close()
            if prepared.store is not None:
                prepared.store.close()


def _shown(
    items: Iterator[AnnotatedDocument],
    store: Store | None,
    beside: Store,
    on_document: Callable[[AnnotatedDocument], None],
) -> Iterator[AnnotatedDocument]:
    for item in items:
        if store is not None and store.has_document(item.document.id):
            _copy(item.document.id, store, beside)
        on_document(item)
        yield item


def _copy(document_id: str, store: Store, beside: Store) -> None:
    """Have a document and the sets on it in the other store as well."""
    if beside.has_document(document_id):
        return
    beside.add_document(store.document(document_id), suggestions=store.imported_suggestions(document_id))
    for name in store.sets_of(document_id, gold=True):
        beside.save(SetSnapshot.of(store.load_set(document_id, name, gold=True)))
