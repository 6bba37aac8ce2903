"""Suggestions for a whole store: what is not cached yet is computed by several processes, and cached."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass

from annotator.errors import InputError, SaveError, StoreError
from annotator.store.layout import CACHE, DOCUMENTS
from annotator.store.repository import Store
from annotator.suggest.sources.resolution import ResolvedPipeline
from annotator.suggest.worker.pool import SuggestionPool
from annotator.workspace.pipeline_answers import PipelineAnswers

Progress = Callable[[int, int], None]
"""Called with how many of how many documents are dealt with, done or not."""


@dataclass(frozen=True, slots=True)
class Missing:
    """A document, or the file of one, that has no suggestions, and why."""

    name: str
    reason: str

    def __str__(self) -> str:
        return f"no suggestions for {self.name}: {self.reason}"


@dataclass(frozen=True, slots=True)
class SuggestReport:
    """What was done: how many documents there are, how many had suggestions before, how many have them now.

    `seconds` go from the first look at the store to the end; `problems` are what the workers complained of.
    """

    documents: int
    cached: int
    computed: int
    missing: tuple[Missing, ...]
    problems: tuple[str, ...]
    seconds: float

    @property
    def per_second(self) -> float:
        """Documents that were computed in a second; 0 if there were none."""
        return self.computed / self.seconds if self.seconds else 0.0


def suggest_all(
    store: Store,
    pipeline: ResolvedPipeline,
    *,
    processes: int,
    again: bool = False,
    progress: Progress | None = None,
    command: Sequence[str] | None = None,
) -> SuggestReport:
    """Compute and cache suggestions for every document that has none cached; `again` computes all of them anew.

    Each is kept as soon as it is there, so that after an interrupt the next call goes on where this one stopped. A
    document that cannot be read or done is in the report and does not stop the others. ModelError if the pipeline does
    not load or its workers keep dying, SaveError if the cache cannot be written. `command` starts other workers than
    the own ones.
    """
    started = time.monotonic()
    answers = PipelineAnswers(store, pipeline)
    ids = store.catalogue.ids
    wanted = [document_id for document_id in ids if again or not answers.is_current(document_id)]
    missing = [
        Missing(path, message)
        for path, message in store.catalogue.damaged.items()
        if path.startswith(f"{DOCUMENTS}/")
    ]
    due = dict.fromkeys(wanted)
    computed = 0
    if wanted:
        if progress is not None:
            progress(0, len(wanted))
        pool = SuggestionPool(pipeline, processes=processes, command=command)
        with closing(pool.replies(_texts(store, wanted, due, missing))) as replies:
            for reply in replies:
                if reply.record is None:
                    missing.append(Missing(reply.document_id, reply.reason))
                elif answers.keep_record(reply.document_id, reply.record):
                    computed += 1
                else:
                    raise _unwritable(store)
                due.pop(reply.document_id, None)
                if progress is not None:
                    progress(len(wanted) - len(due), len(wanted))
        missing += [Missing(document_id, "no answer came") for document_id in due]
    return SuggestReport(
        documents=len(ids),
        cached=len(ids) - len(wanted),
        computed=computed,
        missing=tuple(missing),
        problems=tuple(pool.problems) if wanted else (),
        seconds=time.monotonic() - started,
    )


def _texts(
    store: Store, wanted: Iterable[str], due: dict[str, None], missing: list[Missing]
) -> Iterator[tuple[str, str]]:
    """Ids and texts of documents, each read when it is needed; what cannot be read is told and no longer due."""
    for document_id in wanted:
        try:
            yield document_id, store.document(document_id).text
        except (StoreError, InputError) as error:
            missing.append(Missing(document_id, error.message))
            due.pop(document_id, None)


def _unwritable(store: Store) -> SaveError:
    return SaveError(
        f"suggestions cannot be kept in {store.path / CACHE}",
        hint="is there room on the disk, and may you write there? what was kept so far is not computed again",
    )
