"""Adapting: from time to time a copy of the model learns from what is finished, beside all other work.

It is off until somebody switches it on. The copy is trained in a process of its own, is taken only where it is no worse
on documents that no copy learns from (`annotator.suggest.adapting.selection` has the rule), and can be given up at any time.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from annotator.errors import ModelError, SaveError, StoreError
from annotator.model.adaptations import Adaptation
from annotator.model.decisions import Status, time_text
from annotator.store.repository import Store
from annotator.store.trust import allow_pipeline
from annotator.suggest.adapting.selection import MINIMUM_FINISHED, Lesson, obstacle
from annotator.suggest.sources.resolution import ResolvedPipeline
from annotator.workspace.adapting.models import AdaptedModels
from annotator.workspace.events import Adapted

if TYPE_CHECKING:
    from annotator.suggest.adapting.process import LessonProcess

EVERY = 10
"""After so many newly finished documents it begins again, where the settings give no number."""


class Adapting:
    """One annotator's adapting in one store.

    Methods belong to the interface's thread; `on_end` is called on another one. `is_busy` says that a copy learns.
    """

    def __init__(
        self,
        store: Store,
        annotator: str,
        base: ResolvedPipeline,
        *,
        every: int,
        whose: str,
        on_end: Callable[[Adapted], None],
        command: Sequence[str] | None = None,
    ) -> None:
        """`every` so many finished documents, 0 for off; `whose` documents: "own", or "all" as `Settings.learning` says.

        `command` starts another program than the own one.
        """
        self.base = base
        self._store = store
        self._annotator = annotator
        self._every = every
        self._whose = whose
        self._on_end = on_end
        self._command = command
        self._models = AdaptedModels(store, annotator)
        self._lock = threading.Lock()
        self._process: LessonProcess | None = None
        self._thread: threading.Thread | None = None
        self._is_stale = False
        self.state = self._models.read()

    @property
    def pipeline(self) -> ResolvedPipeline:
        """What shall suggest now: the copy in use, or the pipeline as it came."""
        return self._models.pipeline(self.state, self.base, self._store.info.label_set)

    @property
    def copy_in_use(self) -> Adaptation | None:
        """The attempt whose copy suggests; None if the pipeline suggests as it came."""
        return self.state.in_use if self.pipeline is not self.base else None

    @property
    def is_on(self) -> bool:
        """True if it begins by itself."""
        return self._every > 0 if self.state.is_on is None else self.state.is_on

    @property
    def every(self) -> int:
        """After how many newly finished documents it begins again."""
        return self._every or EVERY

    @property
    def is_busy(self) -> bool:
        """True while a copy learns."""
        return self._process is not None

    @property
    def last(self) -> Adaptation | None:
        """How the last attempt with this pipeline went; None if there was none."""
        last = self.state.last
        return last if last is not None and last.base == self.base.name else None

    def waits_for(self, finished: int) -> int:
        """How many more documents must be finished until it begins, if it is on; `finished` are."""
        done = self.last.finished if self.last is not None else 0
        return max(done + self.every, MINIMUM_FINISHED) - finished

    def consider(self, finished: int) -> None:
        """Begin if it is on and so many documents are finished that it is due."""
        if self.is_on and not self.is_busy and self.waits_for(finished) <= 0:
            self.begin()

    def begin(self) -> None:
        """Begin now, whether or not it is due or on; returns at once. Does nothing while it is busy."""
        if self.is_busy:
            return
        from annotator.suggest.adapting.process import LessonProcess

        process = self._process = LessonProcess(command=self._command)
        arguments = (process, self._thread)
        self._thread = threading.Thread(target=self._run, args=arguments, name="adapting", daemon=True)
        self._thread.start()

    def switch(self, *, on: bool) -> None:
        """Have it begin by itself in this store from now on, or not; ends what is under way when it is switched off.

        SaveError if that cannot be kept.
        """
        if not on:
            self._cancel()
        self._change(is_on=on)

    def roll_back(self) -> None:
        """Let the pipeline as it came suggest again, and switch adapting off; SaveError if that cannot be kept."""
        self._cancel()
        self._is_stale = True
        self._change(is_on=False, in_use=None)

    def close(self) -> None:
        """End at once what is under way, and leave nothing of it."""
        self._cancel()
        if self._thread is not None:
            self._thread.join()
        if self._is_stale:
            self._models.sweep(self.state)

    def _change(self, **changes: object) -> None:
        with self._lock:
            self.state = replace(self.state, **changes)  # type: ignore[arg-type]
            self._models.write(self.state)

    def _cancel(self) -> None:
        if (process := self._process) is not None:
            process.cancel()
            self._process = None

    # On its own thread

    def _run(self, process: LessonProcess, previous: threading.Thread | None) -> None:
        if previous is not None:
            previous.join()  # a cancelled one removes what it has made
        started, now = time.monotonic(), datetime.now(UTC)
        name = now.strftime("%Y%m%d-%H%M%S-%f")
        attempt = Adaptation(when=time_text(now), base=self.base.name)
        try:
            self._models.sweep(self.state)
            attempt = self._tried(process, attempt, name)
        except StoreError as error:
            attempt = replace(attempt, failed=error.message)
        attempt = replace(attempt, seconds=round(time.monotonic() - started, 1))
        with self._lock:
            if not process.is_cancelled:
                attempt = self._kept(attempt)
                self._process = None
        if not attempt.is_taken or process.is_cancelled:
            self._models.remove(name)
        if not process.is_cancelled:
            self._on_end(Adapted(attempt))

    def _tried(self, process: LessonProcess, attempt: Adaptation, name: str) -> Adaptation:
        """Gather what is finished, have a copy trained, and judge it."""
        from annotator.workspace.adapting.finished_documents import finished_documents, other_texts

        documents = finished_documents(
            self._store, self._annotator, whose=self._whose, is_stopped=lambda: process.is_cancelled
        )
        attempt = replace(attempt, finished=self._finished())
        if reason := obstacle(documents):
            return replace(attempt, failed=reason)
        lesson = Lesson(
            source=self.base.source,
            current=self.pipeline.source,
            label_set=self._store.info.label_set,
            finished=documents,
            others=other_texts(self._store, self._annotator, most=len(documents)),
        )
        try:
            report = process.run(lesson, folder=self._models.new_folder(name), name=name)
        except (ModelError, SaveError) as error:
            return replace(attempt, failed=error.message)
        scores = report.scores
        return replace(
            attempt,
            folder=name if scores.is_no_worse else "",
            learnt_from=report.learnt_from,
            rehearsed=report.rehearsed,
            held_out=report.held_out,
            base_f1=scores.base.f1,
            before_f1=scores.before.f1,
            after_f1=scores.after.f1,
            new_labels=report.new_labels,
            unteachable=report.unteachable,
            meanings={label: lesson.label_set.mapped(label) for label in report.labels},
        )

    def _finished(self) -> int:
        """How many documents the annotator has finished: what `consider` counts in."""
        statuses = self._store.catalogue.statuses(self._annotator)
        return sum(status is Status.DONE for status in statuses.values())

    def _kept(self, attempt: Adaptation) -> Adaptation:
        """Keep how it went, and what is in use from now on; a copy of which that cannot be said is not taken."""
        state = replace(self.state, last=attempt)
        if attempt.is_taken:
            state = replace(state, in_use=attempt)
            allow_pipeline(self._models.folder / attempt.folder)
            self._is_stale = True
        try:
            self._models.write(state)
        except SaveError as error:
            attempt = replace(attempt, folder="", failed=error.message)
            state = replace(self.state, last=attempt)
        self.state = state
        return attempt
