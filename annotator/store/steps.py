"""Steps over many documents: planned durably, then made set by set, and gone on with after a crash.

```
steps/pending/<uid>.json   a plan that is being made, or taken back
steps/<uid>.json           one that was made, with what was left out of it
```

Each set gets ordinary decisions, all with one step number of its own, so that it stays the fold of its decisions.
A set already holds the step if it has a decision with a uid of the plan: so making a plan twice makes it once. What
another program holds, or somebody has decided otherwise since the plan was made, is left out and named.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from tinydb import where

from annotator.errors import AnnotatorError, DiskError, FoldError, HeldError, InputError, StoreError
from annotator.model.annotations import AnnotationSet
from annotator.model.decisions import By, Decision, Verb, time_text
from annotator.model.labels import LabelSet
from annotator.model.records import StoreInfo
from annotator.model.steps import LeftOut
from annotator.store.batch import Batch
from annotator.store.files import Disk, Files
from annotator.store.layout import PENDING, STEPS
from annotator.store.locks import HeldBy, Hold, Locks
from annotator.store.plans import Plan, plan_data, plan_of, planned_uid
from annotator.store.sets import SetSnapshot
from annotator.store.storage import StoreFile
from annotator.store.uids import derived_uid

_LOCK = ".steps"
"""The name of the lock on all steps, which no annotator can have."""

_HELD = "held by another program"
_SINCE = "decided on since"


class SteppedStore(Protocol):
    """What steps need of a store, whose methods are those of `Store`: opening one goes on with its steps."""

    path: Path
    disk: Disk

    @property
    def info(self) -> StoreInfo: ...

    def change_info(self, *, label_set: LabelSet) -> None: ...

    def load_set(self, document_id: str, annotator: str, *, gold: bool) -> AnnotationSet: ...

    def hold(self, annotator: str) -> Hold | HeldBy: ...

    def batch(self) -> AbstractContextManager[Batch]: ...


class Steps:
    """The steps of one store."""

    def __init__(self, store: SteppedStore) -> None:
        self._store = store
        self._files = Files(store.path, disk=store.disk)

    def make(self, plan: Plan) -> Plan:
        """Make a step; what it gives says what was left out. Whatever happens once it has begun, it ends.

        HeldError, and nothing changed, if another program is making one.
        """
        with self._alone():
            ordered = replace(plan, order=time.time_ns() // 1000)
            self._write(f"{PENDING}/{plan.uid}.json", ordered)
            return self._go_on(ordered)

    def undo(self, plan: Plan, *, who: str) -> Plan:
        """Take a step back where nothing was decided since; the rest is left out and named.

        InputError if it was taken back already; HeldError as for `make`.
        """
        if plan.is_undo:
            raise InputError(
                f"“{plan.title}” was taken back already", hint="annotator labels shows what there is"
            )
        now = time_text(datetime.now(UTC))
        untouched = {(omitted.annotator, omitted.document) for omitted in plan.left_out}
        planned = tuple(
            decision for decision in plan.planned if (decision.annotator, decision.document) not in untouched
        )
        with self._alone():
            undoing = replace(plan, planned=planned, is_undo=True, who=who, when=now, left_out=())
            self._write(f"{PENDING}/{plan.uid}.json", undoing)
            return self._go_on(undoing)

    def last(self, *, changes_labels: bool | None = None) -> Plan | None:
        """The newest step that was made and not taken back.

        With `changes_labels` the newest that changes the label set, or with False the newest that does not.
        """
        wanted = where("is_undo").one_of([False]) & where("order").test(lambda order: isinstance(order, int))
        if changes_labels is not None:
            has_labels = where("labels_after").exists()
            wanted &= has_labels if changes_labels else ~has_labels
        orders: dict[str, int] = {}
        for name in self._names(STEPS):
            with suppress(AnnotatorError):
                file = StoreFile.at(self._files.root / STEPS / name, files=self._files)
                if file is not None and (header := file.table("step").get(wanted)) is not None:
                    orders[name] = header["order"]
        newest = sorted(orders, key=orders.__getitem__, reverse=True)
        return next(filter(None, (self._plan(STEPS, name) for name in newest)), None)

    def behind(self, annotation_set: AnnotationSet) -> Plan | None:
        """The step whose part on this set is what an undo would take back next; None if that is no such step's."""
        last = annotation_set.undo_step
        if not last or last[0].by is not By.BULK:
            return None
        key = (annotation_set.document_id, annotation_set.annotator)
        for name in self._files.names(self._files.root / STEPS):
            if last[0].uid == planned_uid(name.removesuffix(".json"), *key, 0):
                plan = self._plan(STEPS, name)
                return plan if plan is not None and not plan.is_undo else None
        return None

    def roll_forward(self) -> list[Plan]:
        """Go on with the steps that were broken off; none if another program is at it.

        DiskError if the disk does not take one of them: it stays broken off.
        """
        if not self._files.names(self._files.root / PENDING):
            return []
        try:
            with self._alone():
                return [self._go_on(plan) for plan in self._plans(PENDING)]
        except HeldError:
            return []

    def _go_on(self, plan: Plan) -> Plan:
        left_out: list[LeftOut] = []
        change = self._take_back if plan.is_undo else self._apply
        by_annotator: dict[str, dict[str, list[Decision]]] = {}
        for (annotator, document), decisions in plan.sets.items():
            by_annotator.setdefault(annotator, {})[document] = decisions
        for annotator, documents in by_annotator.items():
            hold = self._store.hold(annotator)
            if isinstance(hold, HeldBy):
                left_out += [LeftOut(document, annotator, f"{_HELD}: {hold}") for document in documents]
                continue
            with hold, self._store.batch() as batch:
                for document, decisions in documents.items():
                    reason = self._change_set(document, annotator, decisions, plan, change, batch.save)
                    if reason:
                        left_out.append(LeftOut(document, annotator, reason))
        self._change_labels(plan, leaves_some=bool(left_out))
        ended = plan.without(left_out)
        self._write(f"{STEPS}/{plan.uid}.json", ended)
        self._files.remove(self._files.root / PENDING / f"{plan.uid}.json")
        return ended

    def _change_set(
        self,
        document: str,
        annotator: str,
        decisions: list[Decision],
        plan: Plan,
        change: Callable[[AnnotationSet, list[Decision], Plan], bool],
        save: Callable[[SetSnapshot], None],
    ) -> str:
        """Make, or take back, what a plan has for one set; why it was left out, or nothing.

        DiskError if the disk does not take it now: nothing is left out for that, the step goes on later.
        """
        try:
            annotation_set = self._store.load_set(document, annotator, gold=True)
            if change(annotation_set, decisions, plan):
                save(SetSnapshot.of(annotation_set))
        except FoldError:
            return _SINCE
        except DiskError:
            raise
        except (InputError, StoreError) as error:
            return error.message
        return ""

    @staticmethod
    def _apply(annotation_set: AnnotationSet, decisions: list[Decision], plan: Plan) -> bool:
        """Fold the planned decisions in; False if they are there already. FoldError if they do not follow."""
        uids = {decision.uid for decision in decisions}
        if any(decision.uid in uids for decision in annotation_set.decisions):
            return False
        step = annotation_set.last_step + 1
        for decision in decisions:
            annotation_set.apply(replace(decision, seq=annotation_set.revision + 1, step=step))
        return True

    @staticmethod
    def _take_back(annotation_set: AnnotationSet, decisions: list[Decision], plan: Plan) -> bool:
        """Undo the step if it is the last one; FoldError if it is not."""
        uid = derived_uid(plan.uid, "undo", annotation_set.document_id, annotation_set.annotator)
        if any(decision.uid == uid for decision in annotation_set.decisions):
            return False
        last = annotation_set.undo_step or []
        if {decision.uid for decision in last} != {decision.uid for decision in decisions}:
            raise FoldError("something else was decided since")
        annotation_set.apply(
            Decision(
                annotation_set.revision + 1,
                last[0].step,
                Verb.UNDO,
                plan.who,
                plan.when,
                by=By.BULK,
                uid=uid,
            )
        )
        return True

    def _change_labels(self, plan: Plan, *, leaves_some: bool) -> None:
        """Give the store the label set of the plan, or back the one before it, unless somebody has given another.

        Where sets were left out, the labels that they may use stay.
        """
        before, after = plan.labels_before, plan.labels_after
        if before is None or after is None:
            return
        old, new = (after, before) if plan.is_undo else (before, after)
        here = self._store.info.label_set
        if here == old or (plan.is_undo and set(new.by_name) <= set(here.by_name)):
            self._store.change_info(label_set=joined(new, old) if leaves_some else new)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        hold = Locks(self._files).hold(_LOCK)
        if isinstance(hold, HeldBy):
            raise HeldError(f"another step is being made by {hold}", hint="try again when it has ended")
        with hold:
            yield

    def _plans(self, folder: str) -> Iterator[Plan]:
        """The plans in a folder; damaged ones are for `annotator check` to tell of."""
        yield from filter(None, (self._plan(folder, name) for name in self._names(folder)))

    def _names(self, folder: str) -> list[str]:
        return [name for name in self._files.names(self._files.root / folder) if name.endswith(".json")]

    def _plan(self, folder: str, name: str) -> Plan | None:
        path = self._files.root / folder / name
        try:
            return plan_of(self._files.read(path) or b"", origin=str(path))
        except AnnotatorError:
            return None

    def _write(self, path: str, plan: Plan) -> None:
        self._files.write(self._files.root / path, plan_data(plan))


def joined(labels: LabelSet, other: LabelSet) -> LabelSet:
    """`labels`, and behind them those of the other set that it lacks, without keys that are taken."""
    keys = {label.key for label in labels.labels if label.key}
    more = tuple(
        replace(label, key="") if label.key in keys else label
        for label in other.labels
        if label.name not in labels
    )
    return replace(labels, labels=(*labels.labels, *more))
