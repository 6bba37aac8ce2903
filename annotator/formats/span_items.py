"""Spans as JSON of many programs spells them, made into one form: an object with start, end and label."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from annotator.formats.iob import split_tag
from annotator.formats.reading import Role, key_for, whole_number

_LENGTHS = ("length", "len")
_OFFSETS = ("start", "offset")
_PLACES = (
    "span",
    "offsets",
    "offset",
    "range",
    "loc",
    "location",
    "position",
    "indices",
    "interval",
    "value",
)
"""Keys under which an object has its place as an object, as a pair of offsets, or as a list of one pair."""

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
    for called, item in _joined_tags(list(_objects(items, complain, name=name, expected=expected)), text):
        labels = _labels(item, called, complain, label_names)
        for place in _places(item, called, complain, text):
            for label in labels:
                yield called, {**place, "label": label}


def listed_items(value: list[Any] | Mapping[str, Any]) -> list[Any]:
    """The spans of a list, or of an object that has them by label: pairs of offsets, or objects without a label."""
    if isinstance(value, list):
        return value
    items: list[Any] = []
    for label, places in value.items():
        for place in places if isinstance(places, list) else [places]:
            match place:
                case [_, _]:
                    items.append([*place, label])
                case dict() if key_for(Role.LABEL, place) is None and isinstance(places, list):
                    items.append({**place, "label": label})
                case _:
                    items.append(place)
    return items


def _objects(
    items: list[Any], complain: Complain, *, name: str, expected: str
) -> Iterator[tuple[str, dict[str, Any]]]:
    """The items as objects with their names, what gives their place in an object of its own brought up."""
    for index, item in enumerate(items):
        called = f"{name} {index}"
        if isinstance(item, list | tuple):
            item = _from_row(item)
        if not isinstance(item, Mapping):
            complain(f"{called} {expected}")
            continue
        inner = next((key for key in _PLACES if isinstance(item.get(key), Mapping)), None)
        if inner is not None and key_for(Role.START, item) is None:
            item = {**{key: value for key, value in item.items() if key != inner}, **item[inner]}
        yield called, dict(item)


def _joined_tags(items: list[tuple[str, dict[str, Any]]], text: str) -> list[tuple[str, dict[str, Any]]]:
    """The items, or where they are pieces with tags such as B-PER and I-PER, one item for each entity.

    That is what a token classifier gives whose pieces nobody has put together.
    """
    keys = [key_for(Role.LABEL, item) for _, item in items]
    tags = [
        tag if key is not None and isinstance(tag := item[key], str) else ""
        for key, (_, item) in zip(keys, items, strict=True)
    ]
    parts = [split_tag(tag) for tag in tags]
    is_tagged = all(part is not None for part in parts) and any(part and part[0] in "IEL" for part in parts)
    if not is_tagged and not (items and all(parts) and set(keys) == {"entity"}):
        return items
    joined: list[tuple[str, dict[str, Any]]] = []
    last_label = ""
    for (called, item), key, part in zip(items, keys, parts, strict=True):
        assert part is not None
        assert key is not None
        prefix, label = part
        start, end = (key_for(role, item) for role in (Role.START, Role.END))
        first = whole_number(item[start]) if start is not None else None
        before = joined[-1][1] if joined else {}
        goes_on = prefix in "IEL" and label == last_label and first is not None
        if goes_on and isinstance(before.get("end"), int) and not text[before["end"] : first].strip():
            before["end"] = whole_number(item[end]) if end is not None else None
            before.pop("text", None)
        elif label:
            place = {} if start is None or end is None else {"start": first, "end": whole_number(item[end])}
            joined.append((called, {**_without(item, start, end), **place, key: label}))
        last_label = label
    return joined


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
    return whole_number(start) is not None and whole_number(end) is not None


def _has(item: Mapping[str, Any], keys: tuple[str, ...]) -> str | None:
    return next((key for key in keys if item.get(key) is not None), None)


def _labels(
    item: Mapping[str, Any], name: str, complain: Complain, label_names: Mapping[str, str]
) -> list[str]:
    """The labels of an item; a complaint and none where it has none, or a number that nobody named."""
    key = key_for(Role.LABEL, item)
    value = item[key] if key is not None else None
    labels: list[str] = []
    for label in value if isinstance(value, list) else [value]:
        if isinstance(label, int | float) and not isinstance(label, bool):
            number = whole_number(label)
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


def _places(item: Mapping[str, Any], name: str, complain: Complain, text: str) -> Iterator[dict[str, Any]]:
    """The item once for each place that it names, the keys that name it as ours."""
    label = key_for(Role.LABEL, item)
    rest = _without(item, label)
    points = item.get("points")
    if isinstance(points, list) and key_for(Role.START, item) is None:  # DataTurks: ends are inclusive
        del rest["points"]
        for point in points:
            if isinstance(point, Mapping):
                yield {**rest, **point, **_inclusive(point, text)}
        if not points:
            yield rest
        return
    if (start := key_for(Role.START, item)) and (end := key_for(Role.END, item)):
        yield {**_without(rest, start, end), "start": _offset(item[start]), "end": _offset(item[end])}
    elif (start := _has(item, _OFFSETS)) and (length := _has(item, _LENGTHS)):
        first, size = whole_number(item[start]), whole_number(item[length])
        end_of = None if first is None or size is None else first + size
        yield {**_without(rest, start, length), "start": first, "end": end_of}
    elif (start := key_for(Role.TOKEN_START, item)) and (end := key_for(Role.TOKEN_END, item)):
        yield {
            **_without(rest, start, end),
            "token_start": _offset(item[start]),
            "token_end": _offset(item[end]),
        }
    elif (key := _has_list(item)) is not None:
        yield from _pairs(item[key], _without(rest, key), name, complain)
    else:
        yield rest


def _pairs(value: list[Any], rest: dict[str, Any], name: str, complain: Complain) -> Iterator[dict[str, Any]]:
    """The item at the place that a pair of offsets gives, or a list of one pair."""
    match value:
        case [[start, end]] | [start, end] if _are_offsets(start, end):
            text = rest.get("text")
            quoted = text[0] if isinstance(text, list) and len(text) == 1 else text
            yield {**rest, "start": _offset(start), "end": _offset(end), "text": quoted}
        case [[*_], [*_], *_]:
            complain(f"{name} is in {len(value)} fragments, and a span here has one place")
        case _:
            yield rest


def _has_list(item: Mapping[str, Any]) -> str | None:
    return next((key for key in _PLACES if isinstance(item.get(key), list)), None)


def _offset(value: object) -> object:
    """An offset as a number; what is none as it is, for the reader to complain about."""
    number = whole_number(value)
    return value if number is None else number


def _inclusive(point: Mapping[str, Any], text: str) -> dict[str, Any]:
    """The offsets of a point whose end is its last character, unless its words say that it is the one behind."""
    start, end = whole_number(point.get("start")), whole_number(point.get("end"))
    if start is None or end is None:
        return {"start": point.get("start"), "end": point.get("end")}
    quoted = point.get("text")
    if isinstance(quoted, str) and text[start:end] == quoted != text[start : end + 1]:
        return {"start": start, "end": end}
    return {"start": start, "end": min(end + 1, len(text)) if start < len(text) else end + 1}


def _without(item: Mapping[str, Any], *keys: str | None) -> dict[str, Any]:
    return {key: value for key, value in item.items() if key not in keys}
