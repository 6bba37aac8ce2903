"""Shapes: a record against the dataclass that it is read as.

What stands in a store was written by the program and fits its checksum. So this converts and explains little, where
pydantic, which checks what people write, takes longer to load than a store to open.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from functools import cache, partial
from types import UnionType
from typing import Any, NamedTuple, TypeVar, get_args, get_origin, get_type_hints

Made = TypeVar("Made")


class _Field(NamedTuple):
    """Types that a value may have as it is, and what makes the value out of one of another type."""

    plain: frozenset[type]
    makers: Mapping[type, Callable[[Any], Any]]


def made(kind: type[Made], record: Mapping[str, Any], *, is_lenient: bool = False) -> Made:
    """An instance of the dataclass `kind`, and of those and the enumerations within it, from JSON values.

    Raises ValueError, which names the first field that is missing, unknown or of another type. With `is_lenient`,
    unknown fields are passed over, as those of a newer version are.
    """
    known, required = _shape(kind, is_lenient)  # type: ignore[arg-type]  # mypy doubts that a class is hashable
    values = {}
    for name, value in record.items():
        field, given = known.get(name), type(value)
        if field is None and is_lenient:
            continue
        if field is None:
            raise ValueError(f"{name}: there is no such field")
        if given in field.plain:
            values[name] = value
        elif (make := field.makers.get(given)) is not None:
            try:
                values[name] = make(value)
            except ValueError as error:
                raise ValueError(f"{name}: {error}") from error
        else:
            raise ValueError(f"{name}: it must not be {value!r:.60}")
    if missing := required - values.keys():
        raise ValueError(f"{min(missing)}: it is missing")
    return kind(**values)


@cache
def _shape(kind: type, is_lenient: bool) -> tuple[Mapping[str, _Field], frozenset[str]]:
    """The fields of a dataclass, and the names of those without a default."""
    assert is_dataclass(kind)
    hints = get_type_hints(kind)
    required = {each.name for each in fields(kind) if each.default is each.default_factory is MISSING}
    return {each.name: _field(hints[each.name], is_lenient) for each in fields(kind)}, frozenset(required)


def _field(hint: Any, is_lenient: bool) -> _Field:
    if isinstance(hint, UnionType):
        either = [_field(each, is_lenient) for each in get_args(hint)]
        makers = {given: make for each in either for given, make in each.makers.items()}
        return _Field(frozenset().union(*(each.plain for each in either)), makers)
    if hint == list[int]:
        return _Field(frozenset(), {list: _numbers})
    if hint == tuple[str, ...]:
        return _Field(frozenset(), {list: _texts})
    if get_origin(hint) is tuple and isinstance(item := get_args(hint)[0], type) and is_dataclass(item):
        return _Field(frozenset(), {list: partial(_instances, item, is_lenient=is_lenient)})
    if isinstance(hint, type) and is_dataclass(hint):
        return _Field(frozenset(), {dict: partial(made, hint, is_lenient=is_lenient)})
    kind = get_origin(hint) or hint
    if issubclass(kind, enum.Enum):
        return _Field(frozenset(), {str: kind})
    return _Field(frozenset({float, int} if kind is float else {kind}), {})


def _instances(kind: type[Made], values: list[Any], *, is_lenient: bool) -> tuple[Made, ...]:
    if not _are_all(dict, values):
        raise ValueError("a record is something else")
    return tuple(made(kind, value, is_lenient=is_lenient) for value in values)


def _numbers(values: list[Any]) -> list[int]:
    if not _are_all(int, values):
        raise ValueError("a number is something else")
    return values


def _texts(values: list[Any]) -> tuple[str, ...]:
    if not _are_all(str, values):
        raise ValueError("a text is something else")
    return tuple(values)


def _are_all(kind: type, values: list[Any]) -> bool:
    return {kind}.issuperset(map(type, values))
