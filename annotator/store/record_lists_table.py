"""Every list of records that a store has, by the path of its file."""

from __future__ import annotations

from typing import Any

from annotator.store.dismissals import DISMISSED
from annotator.store.record_list import RecordList
from annotator.store.removals import REMOVED

RECORD_LISTS: dict[str, RecordList[Any]] = {each.path: each for each in (DISMISSED, REMOVED)}
