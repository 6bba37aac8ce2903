"""A colleague's store merged into the one that is worked on."""

from __future__ import annotations

from pathlib import Path

from annotator.errors import InputError
from annotator.store.archives import Limits
from annotator.store.merge.other_stores import other_store
from annotator.store.merge.report import MergeReport
from annotator.store.merge.stores import Progress, StoreMerge
from annotator.store.repository import Store


def merge_store(
    store: Store,
    other: Path,
    *,
    adds_labels: bool = False,
    restores_removed: bool = False,
    is_dry: bool = False,
    limits: Limits | None = None,
    progress: Progress | None = None,
) -> MergeReport:
    """Bring the documents and annotation sets of the store in `other` into `store`, and close it; see `StoreMerge`.

    `other` is a folder or a ZIP archive, which unpacks to no more than `limits` allow, None for any size. Raises
    InputError if `other` is no other store, VersionError if a newer program has written it.
    """
    with other_store(other, limits=limits) as colleague:
        if Path(colleague.title).resolve() == store.path.resolve():
            raise InputError(f"{other} is this store itself", hint="give a colleague's copy")
        merge = StoreMerge(
            store, colleague, adds_labels=adds_labels, restores_removed=restores_removed, is_dry=is_dry
        )
        report = merge.run(progress=progress)
    store.close()
    return report
