"""The rule for reading: every part of a record is taken, kept as metadata, or reported.

A reader wraps a record of its input in `Record` and takes from it the keys that it knows. What is left is given to
`unread`: it becomes metadata, unless it looks like annotations, which is an error that names the key. Where errors are
skipped, such a part is kept in the metadata under UNREAD_KEY and reported as lost.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping
from typing import Any, TypeGuard

from annotator.formats.exchange import AnnotatedDocument, Complaints, Part, ReadOptions

UNREAD_KEY = "_unread"
"""The metadata key under which parts of a record stand that look like annotations and were not read."""

START_KEYS = ("start", "start_offset", "begin", "start_char", "char_start", "startOffset", "from")
END_KEYS = ("end", "end_offset", "stop", "end_char", "char_end", "endOffset", "to")
LABEL_KEYS = (
    "label",
    "labels",
    "entity_group",
    "entity_type",
    "entity",
    "type",
    "tag",
    "tags",
    "category",
    "class",
    "class_name",
    "label_name",
    "ner",
)
"""What programs call the first character of a span, the one behind its last, and its label."""

_STARTS = re.compile(r"start|begin|from|first|left|offset|lo", re.IGNORECASE)
_ENDS = re.compile(r"end|stop|to|last|right|length|len|hi", re.IGNORECASE)
_LABELS = re.compile(r"label|tag|type|entity|class|categor|ner|concept|name", re.IGNORECASE)
_TAG = re.compile(r"[BIESLUM][-_].+|.+[-_][BIESLUM]|O")
_SPELLED_OUT = re.compile(r"""[\[(]\s*\d+\s*,\s*\d+\s*,\s*["']|["'](?:start|begin)\w*["']\s*:\s*"?\d""")
_DEPTH = 12


class Record:
    """An object of the input that remembers which of its keys a reader has taken."""

    __slots__ = ("_taken", "values")

    def __init__(self, values: Mapping[str, Any]) -> None:
        self.values = values
        self._taken: set[str] = set()

    def take(self, key: str) -> Any:
        """The value under `key`, which counts as read from now on; None if there is none."""
        self._taken.add(key)
        return self.values.get(key)

    def rest(self, *, but: Container[str] = ()) -> dict[str, Any]:
        """What nobody has taken."""
        return {key: value for key, value in self.values.items() if key not in self._taken and key not in but}


def unread(rest: Mapping[str, Any], complaints: Complaints, options: ReadOptions) -> dict[str, Any]:
    """What no reader took, as metadata. InputError that names the key of what looks like annotations."""
    kept: dict[str, Any] = {}
    suspect: dict[str, Any] = {}
    for key, value in rest.items():
        path = None if key in options.kept_keys or key == UNREAD_KEY else annotations_in(value)
        if path is None:
            kept[key] = value
            continue
        complaints.add(
            f'"{key}" holds what looks like annotations{_at(key, path)} and is not read',
            loses=Part.SPAN,
            hint=f"read its spans with --span-key {key}, or keep it as metadata with --keep-key {key}; "
            "--on-error skip keeps it apart and takes the rest, not as done",
        )
        suspect[key] = value
    if suspect:
        before = kept.get(UNREAD_KEY)
        kept[UNREAD_KEY] = {**(before if isinstance(before, Mapping) else {}), **suspect}
    return kept


def annotations_in(value: object, *, depth: int = 0) -> str | None:
    """Where in a JSON value something looks like spans or tags: a path such as "[0].result"; None if nowhere.

    That is two offsets or token indices beside a label, as an object or in a row; an object of pairs of offsets by
    label; a list of tags such as B-PER; or a text that spells one of these out.
    """
    if depth > _DEPTH:
        return None
    if isinstance(value, str):
        return "" if _SPELLED_OUT.search(value) else None
    if isinstance(value, Mapping):
        if is_labelled_object(value) or _is_pairs_by_label(value):
            return ""
        inner: Iterator[tuple[str, object]] = ((f".{key}", item) for key, item in value.items())
    elif isinstance(value, list | tuple):
        if is_labelled_row(value) or _is_tags(value):
            return ""
        inner = ((f"[{index}]", item) for index, item in enumerate(value))
    else:
        return None
    for step, item in inner:
        path = annotations_in(item, depth=depth + 1)
        if path is not None:
            return f"{step}{path}"
    return None


def offset_in(value: object) -> int | None:
    """An offset: a whole number, also as 4.0; None if it is none. JSON's true and false are none."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    return int(value) if isinstance(value, float) and value.is_integer() else None


def whole_number(value: object) -> int | None:
    """What may be meant as an offset: also "4", which is read by no format."""
    if (number := offset_in(value)) is not None:
        return number
    if isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) < 12:
        return int(value)
    return None


def is_labelled_row(value: object) -> TypeGuard[list[Any]]:
    """True of [0, 4, "PER"], ["PER", 0, 4], ["T1", "PER", [[0, 4]]] and the like."""
    if not isinstance(value, list | tuple) or not 3 <= len(value) <= 6:
        return False
    has_label = any(isinstance(item, str) and item and whole_number(item) is None for item in value)
    numbers = [number for item in value if (number := whole_number(item)) is not None]
    has_pairs = any(_is_pair(item) or _are_pairs(item) for item in value)
    return has_label and (has_pairs or (len(numbers) >= 2 and 0 <= numbers[0] <= numbers[1]))


def is_labelled_object(value: Mapping[str, Any]) -> bool:
    """True of an object with two offsets or token indices and a label, however they are called."""
    starts = _numbers(value, _STARTS)
    ends = [key for key in _numbers(value, _ENDS) if key not in starts] or (
        starts[1:] if len(starts) > 1 else []
    )
    has_offsets = (
        bool(starts and ends)
        or any(
            _are_pairs(item) or (isinstance(item, list) and item and all(_has_offsets(each) for each in item))
            for item in value.values()
        )
        or any(
            _is_pair(item) and re.search("span|offset|range|indic|position|loc", key, re.I)
            for key, item in value.items()
        )
    )
    return has_offsets and any(_LABELS.search(key) and _is_label(item) for key, item in value.items())


def was_read_in_part(annotated: AnnotatedDocument) -> bool:
    """True if spans of this document could not be read, so that it is not done, whatever its source says."""
    return any(problem.loses is Part.SPAN for problem in annotated.problems)


def _at(key: str, path: str) -> str:
    return f" (at {key}{path})" if path else ""


def _numbers(value: Mapping[str, Any], pattern: re.Pattern[str]) -> list[str]:
    return [key for key, item in value.items() if pattern.search(key) and whole_number(item) is not None]


def _has_offsets(value: object) -> bool:
    return isinstance(value, Mapping) and bool(_numbers(value, _STARTS)) and bool(_numbers(value, _ENDS))


def _is_label(value: object) -> bool:
    if isinstance(value, list):
        return all(isinstance(item, str) for item in value)
    return (isinstance(value, str) and whole_number(value) is None) or (
        isinstance(value, int) and not isinstance(value, bool)
    )


def _is_pair(value: object) -> bool:
    if not isinstance(value, list | tuple) or len(value) != 2:
        return False
    start, end = map(whole_number, value)
    return start is not None and end is not None and 0 <= start < end


def _are_pairs(value: object) -> bool:
    return isinstance(value, list | tuple) and bool(value) and all(map(_is_pair, value))


def _is_pairs_by_label(value: Mapping[str, Any]) -> bool:
    """True of {"PER": [[0, 4]], "LOC": []}."""
    return any(map(_are_pairs, value.values())) and all(
        _are_pairs(item) or item == [] for item in value.values()
    )


def _is_tags(value: list[Any] | tuple[Any, ...]) -> bool:
    """True of ["B-PER", "O"]."""
    return (
        all(isinstance(item, str) and _TAG.fullmatch(item) for item in value)
        and any(item != "O" for item in value)
        and any(item == "O" or item[1:2] == "-" for item in value)
    )
