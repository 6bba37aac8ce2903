"""Spans as JSON of many programs spells them, made into one form: an object with start, end and label."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from annotator.formats.reading import END_KEYS, LABEL_KEYS, START_KEYS, offset_in

_TOKEN_STARTS, _TOKEN_ENDS = ("token_start", "start_token"), ("token_end", "end_token")
_LENGTHS = ("length", "len")
_OFFSETS = ("start", "offset")

Complain = Callable[[str], None]


def plain_items(
    items: list[Any],
    complain: Complain,
    *,
    text: str,
    label_names: Mapping[str, str],
    name: str = "span",
    expected: str = "is not a start, an end and a label",
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each span of a list, with its name for messages, as an object with `start`, `end` and `label` among its keys.

    Token indices stay as `token_start` and `token_end`. Items that are none are complained about and left out. An item
    with several labels or several places gives a span for each. `label_names` names labels that are numbers,
    `expected` says in messages what an item is not.
    """
    for index, item in enumerate(items):
        called = f"{name} {index}"
        if isinstance(item, list | tuple):
            item = _from_row(item)
        if not isinstance(item, Mapping):
            complain(f"{called} {expected}")
            continue
        if isinstance(item.get("value"), Mapping) and not _has(item, START_KEYS):
            item = {**{key: value for key, value in item.items() if key != "value"}, **item["value"]}
        labels = _labels(item, called, complain, label_names)
        for place in _places(item, text):
            for label in labels:
                yield called, {**place, "label": label}


def _from_row(row: list[Any] | tuple[Any, ...]) -> dict[str, Any] | None:
    """A row of a start, an end and a label, or of a label and these, as an object; None if it is something else."""
    match row:
        case [start, end, str() | int() as label] if _are_offsets(start, end):
            return {"start": start, "end": end, "label": label}
        case [str() as label, start, end] if _are_offsets(start, end):
            return {"start": start, "end": end, "label": label}
        case [start, end, str() as label, str() as quoted] if _are_offsets(start, end):
            return {"start": start, "end": end, "label": label, "text": quoted}
        case [start, end, label, dict() as others] if _are_offsets(start, end):
            return {**others, "start": start, "end": end, "label": label}
    return None


def _are_offsets(start: object, end: object) -> bool:
    return offset_in(start) is not None and offset_in(end) is not None


def _has(item: Mapping[str, Any], keys: tuple[str, ...]) -> str | None:
    return next((key for key in keys if item.get(key) is not None), None)


def _labels(
    item: Mapping[str, Any], name: str, complain: Complain, label_names: Mapping[str, str]
) -> list[str]:
    """The labels of an item; a complaint and none where it has none, or a number that nobody named."""
    key = _has(item, LABEL_KEYS)
    value = item[key] if key is not None else None
    labels: list[str] = []
    for label in value if isinstance(value, list) else [value]:
        if isinstance(label, int | float) and not isinstance(label, bool):
            number = offset_in(label)
            if str(number) not in label_names:
                complain(
                    f"{name}: label {label} is not a string, and the file does not give its name; "
                    f"name it with --label-name {label}=NAME"
                )
                continue
            label = label_names[str(number)]
        if not isinstance(label, str) or not label.strip():
            complain(
                f"{name} has no label" if label in (None, "") else f"{name}: label {label!r} is not a string"
            )
            continue
        labels.append(label_names.get(label, label))
    if isinstance(value, list) and not value:
        complain(f"{name} has no label")
    return labels


def _places(item: Mapping[str, Any], text: str) -> Iterator[dict[str, Any]]:
    """The item once for each place that it names, the keys that name it as ours."""
    points = item.get("points")
    if isinstance(points, list) and not _has(item, START_KEYS):  # DataTurks: ends are inclusive
        rest = {key: value for key, value in item.items() if key not in ("points", *LABEL_KEYS)}
        for point in points:
            if isinstance(point, Mapping):
                yield {**rest, **point, **_inclusive(point, text)}
        if not points:
            yield rest
        return
    rest = {key: value for key, value in item.items() if key not in LABEL_KEYS}
    if (start := _has(item, START_KEYS)) and (end := _has(item, END_KEYS)):
        yield {**_without(rest, start, end), "start": item[start], "end": item[end]}
    elif (start := _has(item, _OFFSETS)) and (length := _has(item, _LENGTHS)):
        first, size = offset_in(item[start]), offset_in(item[length])
        end_of = None if first is None or size is None else first + size
        yield {**_without(rest, start, length), "start": item[start], "end": end_of}
    elif (start := _has(item, _TOKEN_STARTS)) and (end := _has(item, _TOKEN_ENDS)):
        yield {**_without(rest, start, end), "token_start": item[start], "token_end": item[end]}
    else:
        yield rest


def _inclusive(point: Mapping[str, Any], text: str) -> dict[str, Any]:
    """The offsets of a point whose end is its last character, unless its words say that it is the one behind."""
    start, end = offset_in(point.get("start")), offset_in(point.get("end"))
    if start is None or end is None:
        return {"start": point.get("start"), "end": point.get("end")}
    quoted = point.get("text")
    if isinstance(quoted, str) and text[start:end] == quoted != text[start : end + 1]:
        return {"start": start, "end": end}
    return {"start": start, "end": min(end + 1, len(text)) if start < len(text) else end + 1}


def _without(item: dict[str, Any], *keys: str) -> dict[str, Any]:
    return {key: value for key, value in item.items() if key not in keys}
