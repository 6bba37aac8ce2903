"""Files from before they had tables: each was one JSON object, told by its keys. They are read as the tables of today."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from annotator.store.migrate.migrations import Tables
from annotator.store.uids import derived_uid

_VERSION = 1
"""The only version that either object had, and that of the tables which it is read as."""


def tables_of_object(content: Mapping[str, Any]) -> Tables | None:
    """The tables, without checksums, that an object stands for; None if it is none of those.

    ValueError for one whose parts are of other types than they were. What they hold is for the reader to validate.
    """
    convert = _CONVERSIONS.get(frozenset(content))
    if convert is None or _VERSION not in (content.get("version"), content.get("format")):
        return None
    try:
        return convert(content)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise ValueError("it is an older file, and not as that was written") from error


def _memory(content: Mapping[str, Any]) -> Tables:
    """`memory.json`: forms by their edits, those forgotten with lists of label, outcome, manner and times."""
    names = ("label", "outcome", "by", "times")
    if not isinstance(content["blocked"], list):
        raise TypeError("a list of forms")
    return {
        "memory": _header("memory.json"),
        "pinned": _records(
            "pinned",
            [{"surface": surface, "label": label} for surface, label in content["pinned"].items()],
        ),
        "blocked": _records("blocked", [{"surface": surface} for surface in content["blocked"]]),
        "forgotten": _records(
            "forgotten",
            [
                {
                    "surface": surface,
                    "counts": [dict(zip(names, count, strict=True)) for count in counts],
                }
                for surface, counts in content["forgotten"].items()
            ],
        ),
    }


def _adapting(content: Mapping[str, Any]) -> Tables:
    """`models/<annotator>/adapting.json`: whether it is on, and an attempt or null for what is in use and was last."""
    header = _header("adapting")
    header["1"]["is_on"] = content["is_on"]
    return {
        "adapting": header,
        **{
            name: {} if content[name] is None else {"1": {"uid": derived_uid(name), **content[name]}}
            for name in ("in_use", "last")
        },
    }


def _header(name: str) -> dict[str, dict[str, Any]]:
    return {"1": {"uid": derived_uid(name), "schema_version": _VERSION}}


def _records(table: str, records: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {
        str(number): {"uid": derived_uid(table, record["surface"]), **record}
        for number, record in enumerate(records, 1)
    }


_CONVERSIONS = {
    frozenset({"version", "pinned", "blocked", "forgotten"}): _memory,
    frozenset({"format", "is_on", "in_use", "last"}): _adapting,
}
