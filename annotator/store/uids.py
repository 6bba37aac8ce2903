"""The uids of records: every record of a file has one, by which copies of a store are compared and merged."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any


def derived_uid(*parts: str) -> str:
    """A uid, 12 hex digits, for a record that is the same thing in every copy of the store."""
    joined = "\n".join(parts).encode("utf-8", "surrogatepass")
    return hashlib.sha256(joined).hexdigest()[:12]


def without_uid(record: Mapping[str, Any]) -> dict[str, Any]:
    """A record without the uid, for a model that has none."""
    return {key: value for key, value in record.items() if key != "uid"}
