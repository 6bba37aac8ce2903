"""Many small rows, kept as columns that are read from their bytes when somebody wants them.

A hundred thousand rows as objects take seconds of a processor and much memory; as columns of JSON, of which opening a
store needs two or three, they take milliseconds.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, Generic, NamedTuple, TypeVar

Row = TypeVar("Row", bound=tuple[Any, ...])


class Codec(NamedTuple):
    """How a column's values become one JSON value, and back.

    `is_fixed` says that what was encoded stays right; a codec that leans on something that changes is asked anew.
    """

    encode: Callable[[list[Any]], Any] = list
    decode: Callable[[Any], list[Any]] = list
    is_fixed: bool = True


_PLAIN = Codec(encode=lambda values: values, decode=lambda values: values)


class _Column:
    """A list of values, or the bytes that it is to be read from, which are not kept beside it."""

    __slots__ = ("_codec", "_data", "_values")

    def __init__(
        self, codec: Codec, *, data: memoryview | None = None, values: list[Any] | None = None
    ) -> None:
        self._codec = codec
        self._data = data
        self._values = values

    @property
    def values(self) -> list[Any]:
        """The values; nobody changes them."""
        if self._values is None:
            assert self._data is not None  # one of the two is there
            self._values = self._codec.decode(json.loads(bytes(self._data)))
            self._data = None
        return self._values

    @property
    def data(self) -> bytes:
        """The bytes, without a line feed."""
        if self._data is None or not self._codec.is_fixed:
            return json.dumps(self._codec.encode(self.values)).encode()
        return bytes(self._data)


class Table(Generic[Row]):
    """Rows, in an order, of a NamedTuple `kind` with these `fields`, by their key, which is the field called `key`.

    Threads may share one.
    """

    def __init__(
        self,
        kind: Callable[..., Row],
        fields: Sequence[str],
        *,
        key: str,
        columns: Iterable[memoryview] | None = None,
        codecs: Mapping[str, Codec] | None = None,
    ) -> None:
        self._kind = kind
        self._fields = tuple(fields)
        self._codecs = [(codecs or {}).get(field, _PLAIN) for field in self._fields]
        self._key = self._fields.index(key)
        self._using = threading.RLock()
        self._changed: dict[str, Row] = {}
        self._known_added: list[str] | None = None
        self._columns: tuple[_Column, ...] = ()
        if columns is None:
            self._keep([])
        else:
            self._columns = tuple(
                _Column(codec, data=column) for codec, column in zip(self._codecs, columns, strict=True)
            )

    def key_values(self) -> Callable[[], list[str]]:
        """What gives the keys that stand in the columns now, also when the table has changed since."""
        column = self._columns[self._key]
        return lambda: column.values

    @cached_property
    def _places(self) -> dict[str, int]:
        """The place in the columns of each key that stands there."""
        keys = self._columns[self._key].values
        return dict(zip(keys, range(len(keys)), strict=True))

    @property
    def _added(self) -> list[str]:
        """The keys of `_changed` that do not stand in the columns, found out when somebody asks: few starts do."""
        if self._known_added is None:
            self._known_added = [key for key in self._changed if key not in self._places]
        return self._known_added

    def __len__(self) -> int:
        with self._using:
            return len(self._columns[self._key].values) + len(self._added)

    def __contains__(self, key: object) -> bool:
        with self._using:
            return key in self._places or key in self._changed

    def __getitem__(self, index: int) -> Row:
        with self._using:
            keys = self._columns[self._key].values
            index = index if index >= 0 else index + len(self)
            return self._row(keys[index] if index < len(keys) else self._added[index - len(keys)])

    @property
    def keys(self) -> list[str]:
        """All keys, in order."""
        with self._using:
            return [*self._columns[self._key].values, *self._added]

    def get(self, key: str) -> Row | None:
        """The row of a key, if there is one."""
        with self._using:
            return self._row(key) if key in self else None

    def column(self, field: str) -> dict[str, Any]:
        """The value of one field by key, in the order of the keys."""
        with self._using:
            number = self._fields.index(field)
            values = dict(zip(self._columns[self._key].values, self._columns[number].values, strict=True))
            values.update((key, row[number]) for key, row in self._changed.items())
            return values

    def rows(self) -> list[Row]:
        """All rows, in order."""
        return [self._kind(*row) for row in self.tuples()]

    def tuples(self) -> Iterator[tuple[Any, ...]]:
        """All rows, in order, as plain tuples, which cost a tenth."""
        with self._using:
            columns, keys = [column.values for column in self._columns], self._columns[self._key].values
            changed, added = self._changed.copy(), list(self._added)
        for key, row in zip(keys, zip(*columns, strict=True), strict=True):
            yield changed.get(key, row)
        for key in added:
            yield changed[key]

    def find(self, keys: Iterable[str], default: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
        """The rows of these keys, one after the other, as plain tuples; `default` for those that are not there."""
        with self._using:
            columns = [column.values for column in self._columns]
            places, changed = self._places, self._changed.copy()
        for key in keys:
            if (row := changed.get(key)) is not None:
                yield row
            elif (index := places.get(key)) is not None:
                yield tuple([column[index] for column in columns])
            else:
                yield default

    def put(self, row: Row) -> None:
        """Replace the row of this key, or add one at the end."""
        with self._using:
            key = row[self._key]
            if self._known_added is not None and key not in self:
                self._known_added.append(key)
            self._changed[key] = row

    def put_sorted(self, rows: Iterable[Row]) -> None:
        """Add rows, or replace those of their keys, and sort all of them."""
        with self._using:
            given: list[tuple[Any, ...]] = [*self.tuples(), *rows]
            rows_by_key = {row[self._key]: row for row in given}
            self._keep(sorted(rows_by_key.values()))

    def sort(self, rank: Callable[[str], int]) -> None:
        """Sort the rows by the place that each key is to have."""
        with self._using:
            self._keep(sorted(self.tuples(), key=lambda row: rank(row[self._key])))

    def drop(self, keys: set[str]) -> None:
        """Forget rows; those that are not there do not matter."""
        with self._using:
            if any(key in self for key in keys):
                self._keep([row for row in self.tuples() if row[self._key] not in keys])

    def dump(self) -> Iterator[bytes]:
        """The columns one by one, as bytes without line feeds."""
        with self._using:
            if self._changed:
                self._keep(list(self.tuples()))
            columns = self._columns
        for column in columns:
            yield column.data

    def _row(self, key: str) -> Row:
        if (row := self._changed.get(key)) is not None:
            return row
        index = self._places[key]
        return self._kind(*(column.values[index] for column in self._columns))

    def _keep(self, rows: Sequence[tuple[Any, ...]]) -> None:
        columns: Iterable[Sequence[Any]] = zip(*rows, strict=True) if rows else [()] * len(self._fields)
        self._columns = tuple(
            _Column(codec, values=list(values)) for codec, values in zip(self._codecs, columns, strict=True)
        )
        self._changed, self._known_added = {}, []
        self.__dict__.pop("_places", None)
