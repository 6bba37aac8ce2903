"""The rule for reading: every part of a record is taken, kept as metadata, or reported.

A reader wraps a record of its input in `Record` and takes from it the keys that it knows. What is left is given to
`unread`: it becomes metadata, unless it looks like annotations, which is an error that names the key. Where errors are
skipped, such a part is kept in the metadata under UNREAD_KEY and reported as lost.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeGuard

from annotator.formats.exchange import AnnotatedDocument, Complaints, Part, ReadOptions

UNREAD_KEY = "_unread"
"""The metadata key under which parts of a record stand that look like annotations and were not read."""

KEYS_OF_SPANS = "_span_keys"
"""The metadata key under which the keys of spans stand that mean nothing here, with the spans that they belong to."""

ROWS_KEY = "_rows"
"""The metadata key under which the metadata stand of further rows on one text, where they are not the first one's."""

_OWN_KEYS = frozenset({UNREAD_KEY, KEYS_OF_SPANS, ROWS_KEY})

_STARTS = re.compile(r"start|begin|from|first|left|offset|lo", re.IGNORECASE)
_ENDS = re.compile(r"end|stop|to|last|right|length|len|hi", re.IGNORECASE)
_LABELS = re.compile(r"label|tag|type|entity|class|categor|ner|concept|name", re.IGNORECASE)
_TAG = re.compile(r"[BIESLUM][-_].+|.+[-_][BIESLUM]|O")
_SPELLED_OUT = re.compile(r"""[\[(]\s*\d+\s*,\s*\d+\s*,\s*["']|["'](?:start|begin)\w*["']\s*:\s*"?\d""")
_NOT_IN_NAMES = re.compile(r"[^a-z]+")
_STEP = re.compile(r"\[(\d{1,9})\]|\.?([^.\[\]]+)")
_LAST_INDEX = re.compile(r"\[\d+\]$")
_DEPTH = 12


class Role(enum.Enum):
    """What a key of a span stands for: what programs call its first character or token, the one behind its last, and
    its label, the more telling names first; in small letters, and without what parts the words of a key.
    """

    START = (
        "start startoffset offsetstart startchar charstart startindex startidx startpos startposition startcharacter "
        "spanstart charstartindex charstartoffset begin beginoffset beginchar charbegin from"
    )
    END = (
        "end endoffset offsetend endchar charend endindex endidx endpos endposition endcharacter "
        "spanend charendindex charendoffset stop to"
    )
    TOKEN_START = "tokenstart starttoken tokenstartindex starttokenindex wordstart startword"  # noqa: S105 - a key of rows, no password
    TOKEN_END = "tokenend endtoken tokenendindex endtokenindex wordend endword"  # noqa: S105 - a key of rows, no password
    LABEL = (
        "label labels labelname entitygroup entitytype entitylabel entity tag tags nertag nertype ner category "
        "class classname displayname type"
    )


_RANKS = {role: {name: rank for rank, name in enumerate(role.value.split())} for role in Role}


def key_for(role: Role, item: Mapping[str, Any]) -> str | None:
    """The key of an object that stands for `role` and has a value, the most telling one; None if none does."""
    ranks = _RANKS[role]
    candidates = [
        (rank, key)
        for key, value in item.items()
        if value is not None and (rank := ranks.get(_NOT_IN_NAMES.sub("", key.lower()))) is not None
    ]
    return min(candidates)[1] if candidates else None


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


def unread(
    rest: Mapping[str, Any],
    complaints: Complaints,
    options: ReadOptions,
    *,
    within: str = "",
    has_span_keys: bool = True,
) -> dict[str, Any]:
    """What no reader took, as metadata. InputError that names the key of what looks like annotations.

    `within` is the key of the record under which `rest` stands, if it is not the record itself. `has_span_keys` says
    that the reader takes the spans under the keys that the options name.
    """
    kept: dict[str, Any] = {}
    suspect: dict[str, Any] = {}
    for key, value in rest.items():
        name = f"{within}.{key}" if within else key
        is_kept = key in options.kept_keys or name in options.kept_keys or key in _OWN_KEYS
        path = None if is_kept else annotations_in(value)
        if path is None:
            kept[key] = value
            continue
        spans_at = _LAST_INDEX.sub("", f"{name}{path}")
        is_readable = has_span_keys and _is_readable(value, path)
        way = f"read its spans with --span-key {spans_at}, or " if is_readable else ""
        complaints.add(
            f'"{key}" holds what looks like annotations{_at(key, path)} and is not read',
            loses=Part.SPAN,
            hint=f"{way}keep it as metadata with --keep-key {name}; "
            "--on-error skip keeps it apart and takes the rest, not as done",
        )
        suspect[key] = value
    if suspect:
        before = kept.get(UNREAD_KEY)
        kept[UNREAD_KEY] = {**(before if isinstance(before, Mapping) else {}), **suspect}
    return kept


def with_spans_lifted(row: Mapping[str, Any], span_keys: Iterable[str]) -> Mapping[str, Any]:
    """The row with what stands at each path of `span_keys`, such as "meta.entities" or "results[0].spans", under a key
    that is the path itself. What is not there is passed over.
    """
    for path in span_keys:
        if path in row or (steps := _steps(path)) is None:
            continue
        value, rest = _without_value(row, steps)
        if value is not None:
            row = {**rest, path: value}
    return row


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
    """What may be meant as an offset: also "4", as tables turned into JSON have it."""
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


def _steps(path: str) -> list[str | int] | None:
    """A path such as a.b[0].c as keys and indices; None if it is a plain key."""
    steps: list[str | int] = [
        int(match[1]) if match[1] is not None else match[2] for match in _STEP.finditer(path)
    ]
    return steps if len(steps) > 1 else None


def _without_value(value: Any, steps: Sequence[str | int]) -> tuple[Any, Any]:
    """What stands at the end of a path, and a copy of the value without it; None and the value if nothing does."""
    step, *others = steps
    match value, step:
        case Mapping(), str() if step in value:
            inner = value[step]
        case list(), int() if step < len(value):
            inner = value[step]
        case _:
            return None, value
    found, rest = _without_value(inner, others) if others else (inner, None)
    if found is None:
        return None, value
    if isinstance(value, list):
        return found, [*value[: int(step)], *([rest] if others else []), *value[int(step) + 1 :]]
    return found, {key: rest if key == step else item for key, item in value.items() if key != step or others}


def _is_readable(value: Any, path: str) -> bool:
    """True if what stands there can be read as spans: a text that spells them out cannot."""
    steps = _steps(f"key{_LAST_INDEX.sub('', path)}")
    return isinstance(_without_value({"key": value}, steps)[0] if steps else value, list | dict)


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
