"""Memory outside the screen: read from a store, and told things by hand."""

from __future__ import annotations

from collections.abc import Iterable

from annotator.errors import InputError
from annotator.store.memory_file import MemoryFile
from annotator.store.repository import Store
from annotator.suggest.memory.edits import Edits
from annotator.suggest.memory.memory import Memory
from annotator.workspace.learning.memory_loader import MemoryLoader, annotators_of, read_edits


def remembered(store: Store, annotator: str, *, whose: str, edits: Edits | None = None) -> Memory:
    """What an annotator's memory is by now. DamageError if what people told it by hand cannot be read."""
    memory_loader = MemoryLoader(store, annotators_of(store, annotator, whose=whose), owner=annotator)
    memory = memory_loader.memory(read_edits(store) if edits is None else edits)
    assert memory is not None  # nobody closes it
    return memory


def edit_memory(
    store: Store,
    memory: Memory,
    *,
    pins: Iterable[tuple[str, str]] = (),
    blocks: Iterable[str] = (),
    forgets: Iterable[str] = (),
    releases: Iterable[str] = (),
) -> None:
    """Tell memory things about forms, and keep them in the store; durable when it returns.

    InputError for a form that memory does not know, where there is nothing to forget or to release; LabelSetError for
    a label that the store does not have.
    """
    file = MemoryFile(store)
    with file.change():
        edits = read_edits(store)
        for surface in releases:
            if not edits.on(surface):
                raise InputError(
                    f"nobody told memory anything about {surface!r}",
                    hint="annotator memory lists what it knows",
                )
            edits = edits.release(surface)
        memory.edit(edits)
        for surface in forgets:
            if memory.opinion(surface) is None:
                raise InputError(
                    f"memory knows nothing of {surface!r}", hint="annotator memory lists what it knows"
                )
            edits = memory.forget(surface)
        for surface in blocks:
            edits = edits.block(surface)
        for surface, label in pins:
            edits = edits.pin(surface, store.info.label_set.check(label))
        file.write(edits.records)
        memory.edit(edits)
