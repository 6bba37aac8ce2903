"""What the models share: how strictly a field is read, and reading a record as a model.

Models are frozen pydantic dataclasses. JSON values become them by `read_record` and `read_records`, where a file is read;
types and constraints hold as well when the program makes one, so that nothing can be saved that could not be read again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, TypeVar, cast

from pydantic import ConfigDict, Field, StringConstraints, TypeAdapter, ValidationError

Model = TypeVar("Model")

STRICT = ConfigDict(extra="forbid", defer_build=True)
"""The configuration of every model: an unknown field is an error. What validates is built at the first use."""

Offset = Annotated[int, Field(strict=True)]
"""A place in a text, in code points. Whether it lies in the text is asked where the text is known: a reader reports a
span of somebody's file that does not."""
Count = Annotated[int, Field(strict=True, ge=0, lt=1 << 53)]
"""A number of things, or one that orders them; every JSON reader can hold it."""
Version = Annotated[int, Field(strict=True, ge=1, lt=1 << 31)]
"""The version of a file."""
Flag = Annotated[bool, Field(strict=True)]
Score = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
"""How sure a source is."""
Seconds = Annotated[float, Field(ge=0, allow_inf_nan=False)]
AnnotatorName = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z0-9_-]([A-Za-z0-9._-]{0,62}[A-Za-z0-9_-])?$")
]
"""An annotator: it names a folder, so it cannot lead anywhere else."""
Name = Annotated[str, StringConstraints(pattern=r"^[^\x00-\x1f\x7f-\x9f]+$")]
"""A name: not empty, and without control characters, which have no place in a file name or on a terminal."""


_ADAPTERS: dict[Any, TypeAdapter[Any]] = {}


def adapter(kind: type[Model]) -> TypeAdapter[Model]:
    """Pydantic's validator of a model, built once."""
    if (cached := _ADAPTERS.get(kind)) is None:
        cached = _ADAPTERS[kind] = TypeAdapter(kind)
    return cached


def read_record(kind: type[Model], record: Mapping[str, Any], *, is_lenient: bool = False) -> Model:
    """The model that JSON values are.

    Raises ValueError, which names the first field that is missing, unknown or of another kind. With `is_lenient`,
    unknown fields are passed over, as those of a newer version are.
    """
    try:
        return adapter(kind).validate_python(record, extra="ignore" if is_lenient else "forbid")
    except ValidationError as error:
        raise ValueError(problem_of(error)) from error


def read_records(
    kind: type[Model], records: Sequence[Mapping[str, Any]], *, is_lenient: bool = False
) -> list[Model]:
    """The models that many records are, validated at once.

    Raises ValueError as `read_record`; its message begins with the number of the record, counted from 1.
    """
    try:
        of_kind = cast("type[list[Model]]", list[kind])  # type: ignore[valid-type]  # known at run time only
        return adapter(of_kind).validate_python(records, extra="ignore" if is_lenient else "forbid")
    except ValidationError as error:
        index, *_ = error.errors(include_url=False, include_context=False, include_input=False)[0]["loc"]
        number = index + 1 if isinstance(index, int) else index
        raise ValueError(f"record {number}: {problem_of(error, skip=1)}") from error


def problem_of(error: ValidationError, *, skip: int = 0, whole: str = "") -> str:
    """The first problem of a validation in one line: the field and what is wrong with it.

    `skip` leaves out so many outer parts of the field's place; `whole` is the place of what belongs to no field.
    """
    first = error.errors(include_url=False, include_context=False)[0]
    location = ".".join(str(part) for part in first["loc"][skip:]) or whole
    match first["type"]:
        case "missing":
            said = "it is missing"
        case "unexpected_keyword_argument" | "extra_forbidden":
            said = "there is no such field"
        case "value_error":
            said = first["msg"].removeprefix("Value error, ")
        case "json_invalid":
            said = f"it is not JSON: {first['msg'].removeprefix('Invalid JSON: ')}"
        case _:
            said = f"{first['msg'].replace('Input should', 'it should', 1)}, not {_shown(first['input'])}"
    return f"{location}: {said}" if location else said


def _shown(value: object) -> str:
    text = ascii(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
