"""Plans: what a step over many documents decides, as a file that survives a crash."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from typing import Any

from annotator.model.decisions import Decision
from annotator.model.labels import LabelSet
from annotator.model.records import SCHEMA_VERSION
from annotator.model.steps import LeftOut, StepHeader
from annotator.model.validation import read_record, read_records
from annotator.store.records import (
    check_tables,
    decision_record,
    is_newer,
    newer_error,
    only_record,
)
from annotator.store.storage import StoreFile, numbered, read_tables
from annotator.store.tables import damaged
from annotator.store.uids import derived_uid, without_uid

PLAN_TABLES = ("step", "decisions", "left_out")


@dataclass(frozen=True, slots=True)
class Planned:
    """A decision on one annotation set. It gets its number and its step when it is made; its uid is its own."""

    document: str
    annotator: str
    decision: Decision


@dataclass(frozen=True, slots=True)
class Plan:
    """One step over many documents, by `who` at `when` (UTC in ISO 8601). `title` tells it in a few words.

    `labels_before` and `labels_after` are the store's label set, if the step changes it. `is_undo` means that the
    step was made and is to be, or has been, taken back. `order` grows from step to step.
    """

    uid: str
    title: str
    who: str
    when: str
    planned: tuple[Planned, ...]
    labels_before: LabelSet | None = None
    labels_after: LabelSet | None = None
    is_undo: bool = False
    left_out: tuple[LeftOut, ...] = ()
    order: int = 0

    def with_own_uids(self) -> Plan:
        """The plan with decisions whose uids follow from its own, so that a set's decisions tell which step made them."""
        counts: Counter[tuple[str, str]] = Counter()
        planned = []
        for decision in self.planned:
            uid = planned_uid(
                self.uid, decision.document, decision.annotator, counts[decision.document, decision.annotator]
            )
            counts[decision.document, decision.annotator] += 1
            planned.append(replace(decision, decision=replace(decision.decision, uid=uid)))
        return replace(self, planned=tuple(planned))

    @property
    def sets(self) -> dict[tuple[str, str], list[Decision]]:
        """The decisions by annotator and document, in a stable order."""
        by_set: dict[tuple[str, str], list[Decision]] = {}
        for planned in sorted(self.planned, key=lambda each: (each.annotator, each.document)):
            by_set.setdefault((planned.annotator, planned.document), []).append(planned.decision)
        return by_set

    def without(self, left_out: Iterable[LeftOut]) -> Plan:
        """The plan with what was left out of it."""
        return replace(self, left_out=tuple(left_out))


def planned_uid(plan: str, document: str, annotator: str, number: int) -> str:
    """The uid of the decision that the plan called `plan` makes as the `number`th on a set, counted from 0."""
    return derived_uid(plan, "do", document, annotator, str(number))


def plan_data(plan: Plan) -> bytes:
    """The content of a plan's file."""
    record = {
        "uid": plan.uid,
        "schema_version": SCHEMA_VERSION,
        "title": plan.title,
        "who": plan.who,
        "when": plan.when,
        "order": plan.order,
        "is_undo": plan.is_undo,
    }
    if plan.labels_before is not None and plan.labels_after is not None:
        record["labels_before"] = plan.labels_before.content
        record["labels_after"] = plan.labels_after.content
    left_out = (
        {"uid": derived_uid(plan.uid, str(number)), **asdict(set_left_out)}
        for number, set_left_out in enumerate(plan.left_out, 1)
    )
    return StoreFile.of(
        {
            "step": [(1, record)],
            "decisions": numbered(map(_planned_record, plan.planned)),
            "left_out": numbered(left_out),
        }
    ).content()


def plan_of(data: bytes, *, origin: str) -> Plan:
    """The plan that a file holds; DamageError if it holds none."""
    tables = read_tables(data, origin=origin)
    check_tables(tables, PLAN_TABLES, origin=origin)
    record = only_record(tables, "step", origin=origin)
    if is_newer(record, origin=origin):
        raise newer_error(record["schema_version"], origin=origin)
    try:
        header = read_record(StepHeader, record)
        planned = tuple(map(_planned, tables["decisions"]))
        left_out = tuple(read_records(LeftOut, list(map(without_uid, tables["left_out"]))))
    except (KeyError, ValueError) as error:
        damaged(origin, str(error))
    return Plan(
        header.uid,
        header.title,
        header.who,
        header.when,
        planned,
        header.labels_before,
        header.labels_after,
        header.is_undo,
        left_out,
        header.order,
    )


def _planned_record(planned: Planned) -> dict[str, Any]:
    record = decision_record(planned.decision, uid=planned.decision.uid)
    del record["seq"], record["step"]
    uid = record.pop("uid")
    return {"uid": uid, "document": planned.document, "annotator": planned.annotator, **record}


def _planned(record: dict[str, Any]) -> Planned:
    rest = {key: value for key, value in record.items() if key not in ("document", "annotator")}
    decision = read_record(Decision, {**rest, "seq": 0, "step": 0})
    return Planned(str(record["document"]), str(record["annotator"]), decision)
