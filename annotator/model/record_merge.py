"""Records that are added and never taken out: a withdrawal is a mark on one, so two copies are united without a clash."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, ClassVar, Protocol, TypeVar


class Withdrawable(Protocol):
    """A frozen dataclass with a uid of its own; `when` and `withdrawn` are UTC in ISO 8601, or empty if it is not."""

    __dataclass_fields__: ClassVar[dict[str, Any]]

    @property
    def uid(self) -> str: ...

    @property
    def when(self) -> str: ...

    @property
    def withdrawn(self) -> str: ...


Kind = TypeVar("Kind", bound=Withdrawable)


def united_records(ours: Iterable[Kind], theirs: Iterable[Kind]) -> tuple[Kind, ...]:
    """The records of both by uid, in the order of time; the later withdrawal counts."""
    by_uid = {record.uid: record for record in theirs}
    for each in ours:
        same = by_uid.get(each.uid, each)
        by_uid[each.uid] = replace(each, withdrawn=max(each.withdrawn, same.withdrawn))
    return tuple(sorted(by_uid.values(), key=lambda record: (record.when, record.uid)))
