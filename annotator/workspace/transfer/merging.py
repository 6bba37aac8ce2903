"""A colleague's store merged into the one that is worked on."""

from __future__ import annotations

from pathlib import Path

from annotator.errors import InputError, StoreError
from annotator.store.archives import Limits
from annotator.store.merge.other_stores import other_store
from annotator.store.merge.report import MergeReport
from annotator.store.merge.stores import Progress, StoreMerge
from annotator.workspace.opening import open_store


def merge_store(
    path: Path,
    other: Path,
    *,
    adds_labels: bool = False,
    is_dry: bool = False,
    limits: Limits | None = None,
    progress: Progress | None = None,
) -> MergeReport:
    """Bring the documents and annotation sets of the store in `other` into the one in `path`; see `StoreMerge`.

    `other` is a folder or a ZIP archive, which unpacks to no more than `limits` allow, None for any size. Raises StoreError if there is no store to merge into or nothing can be
    saved there, InputError if `other` is no other store, VersionError if a newer program has written it.
    """
    store = open_store(path, create=False)
    if not is_dry and (reason := store.is_read_only) is not None:
        raise StoreError(f"nothing can be saved here: {reason}", hint="--store names another store")
    with other_store(other, limits=limits) as found:
        if Path(found.title).resolve() == store.path.resolve():
            raise InputError(f"{other} is this store itself", hint="give a colleague's copy")
        report = StoreMerge(store, found, adds_labels=adds_labels, is_dry=is_dry).run(progress=progress)
    store.close()
    return report
