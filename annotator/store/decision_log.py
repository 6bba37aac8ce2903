"""Decisions looked up in the files of annotation sets, by queries: what is asked for is read as models, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tinydb import where
from tinydb.table import Document as Row

from annotator.model.decisions import Decision, Verb
from annotator.model.records import SCHEMA_VERSION
from annotator.store.files import Files
from annotator.store.layout import check_annotator, set_path
from annotator.store.records import (
    SET_TABLES,
    check_tables,
    decisions_of,
    is_newer,
    newer_error,
    only_record,
    status_of,
)
from annotator.store.sets import SetKey
from annotator.store.storage import StoreFile
from annotator.store.tables import damaged

if TYPE_CHECKING:
    from annotator.store.repository import Store

_TAKES_BACK = (Verb.UNDO, Verb.REDO)


class LoggedDecision(NamedTuple):
    """A decision, and of an undo or redo the decisions of the step that it took back or brought back."""

    decision: Decision
    step: tuple[Decision, ...] = ()


class DecisionLog:
    """The decisions in the files of one store."""

    def __init__(self, store: Store) -> None:
        self._files = Files(store.path, disk=store.disk)
        self._reads_newer = store.info.schema_version > SCHEMA_VERSION

    def newest(
        self, document_id: str, annotator: str, *, limit: int, since: str = ""
    ) -> list[LoggedDecision]:
        """The last decisions of a set, at most `limit`, of those from `since` on, UTC in ISO 8601; the newest last.

        None where there is no set. DamageError for a file that holds another set or records that are none, VersionError
        if a newer program has written it. Whether decisions follow from one another is not asked.
        """
        check_annotator(annotator, gold=True)
        path = self._files.root / set_path(document_id, annotator)
        file = StoreFile.at(path, files=self._files)
        if file is None:
            return []
        origin = str(path)
        tables = file.records()
        check_tables(tables, SET_TABLES, origin=origin)
        record = only_record(tables, "status", origin=origin)
        if (newer := is_newer(record, origin=origin)) and not self._reads_newer:
            raise newer_error(record["schema_version"], origin=origin)
        status = status_of(record, origin=origin)
        if (status.document, status.annotator) != SetKey(document_id, annotator):
            damaged(origin, f"it is the set of {status.annotator} on document {status.document}")
        table = file.table("decisions")
        rows = sorted(table.search(where("when").test(lambda when: _is_since(when, since))), key=_moment)[
            -limit:
        ]
        decisions = decisions_of(rows, origin=origin, is_lenient=newer)
        taken_back = [decision.step for decision in decisions if decision.verb in _TAKES_BACK]
        rows = table.search(where("step").one_of(taken_back) & ~where("verb").one_of([*_TAKES_BACK]))
        steps: dict[int, list[Decision]] = {}
        for decision in decisions_of(rows, origin=origin, is_lenient=newer):
            steps.setdefault(decision.step, []).append(decision)
        return [
            LoggedDecision(
                decision, tuple(steps.get(decision.step, ())) if decision.verb in _TAKES_BACK else ()
            )
            for decision in decisions
        ]


def _is_since(when: object, since: str) -> bool:
    """True from `since` on; also for what is no time, which reading the record then reports."""
    return not isinstance(when, str) or when >= since


def _moment(row: Row) -> tuple[str, int]:
    return str(row["when"]), row.doc_id
