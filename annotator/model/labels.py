"""Label sets: what the labels of a project are called, which key gives them, and what a model calls them."""

from __future__ import annotations

import re
import string
from collections.abc import Iterable, Mapping
from dataclasses import field, fields, replace
from functools import cached_property
from typing import Annotated, Any

from pydantic import Field, StringConstraints, ValidationError
from pydantic.dataclasses import dataclass

from annotator.errors import LabelSetError
from annotator.model.validation import STRICT, Flag, adapter, problem_of, read_record

LABEL_KEYS = "1234567890" + string.ascii_uppercase
"""The keys that give a label, in the order in which they are dealt out; further labels are picked by typing."""

COLOURS = ("blue", "green", "orange", "teal", "pink", "violet", "yellow", "red")
"""Names of hues that the screen maps to colours that colour-blind people tell apart."""

_NAME = re.compile(
    "(?! )(?!.* \\Z)(?:[^\\s\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]| ){1,64}"
)


def is_label_name(name: str) -> bool:
    """True if a label can be called so: at most 64 code points, blanks within, no other white space.

    Control and bidirectional characters are refused too.
    """
    return _NAME.fullmatch(name) is not None


def check_label_name(name: str) -> str:
    """`name` if a label can be called so, else LabelSetError."""
    if not is_label_name(name):
        raise LabelSetError(
            f"{name!r} cannot be the name of a label",
            hint="it takes 1 to 64 characters, blanks only within, and no control characters",
        )
    return name


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Label:
    """One label of a label set."""

    name: Annotated[
        str,
        StringConstraints(min_length=1, max_length=64),
        Field(json_schema_extra={"pattern": r"^\S+( +\S+)*$"}),
    ]
    """What is stored and exported; as `is_label_name` has it."""
    key: str = ""
    """One of LABEL_KEYS, or empty: then the next free one is given, as long as there are any."""
    colour: str = ""
    """One of COLOURS, or empty: then one is given in turn."""
    description: str = ""
    """When to use the label, in a sentence."""
    examples: tuple[str, ...] = ()
    """Names that carry this label."""

    def __post_init__(self) -> None:
        """ValueError for a name that no label can have."""
        if not is_label_name(self.name):
            raise ValueError(
                f"{self.name!r} cannot be the name of a label: it holds white space other than blanks within, or control characters, or is too long"
            )


@dataclass(frozen=True, kw_only=True, config=STRICT)
class LabelSet:
    """The labels of a project. A flat one has no overlapping spans, a nested one may.

    `map` says which of these labels a model's label means; null drops it. A model's label that is not in `map`
    is kept where this set has the same name, and dropped otherwise.
    """

    name: Annotated[str, StringConstraints(min_length=1, max_length=64)]
    labels: Annotated[tuple[Label, ...], Field(min_length=1)]
    nested: Flag = False
    description: str = ""
    map: dict[str, str | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """ValueError for names, keys, colours or a map that do not go together."""
        names = [label.name for label in self.labels]
        if repeated := _repeated(names):
            raise ValueError(f"label {repeated} stands twice")
        keys = [label.key for label in self.labels if label.key]
        if wrong := [key for key in keys if len(key) != 1 or key not in LABEL_KEYS]:
            raise ValueError(f"key {wrong[0]!r} is not a digit or a capital letter")
        if repeated := _repeated(keys):
            raise ValueError(f"key {repeated} stands for two labels")
        if wrong := [label.colour for label in self.labels if label.colour and label.colour not in COLOURS]:
            raise ValueError(f"colour {wrong[0]!r} is not one of {', '.join(COLOURS)}")
        if unknown := sorted({name for name in self.map.values() if name is not None and name not in names}):
            raise ValueError(f"the map leads to {unknown[0]!r}, which is not a label of the set")

    @cached_property
    def by_name(self) -> dict[str, Label]:
        """The labels, each with a key (while they last) and a colour."""
        free = iter([key for key in LABEL_KEYS if key not in {label.key for label in self.labels}])
        return {
            label.name: replace(
                label,
                key=label.key or next(free, ""),
                colour=label.colour or COLOURS[index % len(COLOURS)],
            )
            for index, label in enumerate(self.labels)
        }

    @cached_property
    def by_key(self) -> dict[str, str]:
        """Label names by the key that gives them."""
        return {label.key: name for name, label in self.by_name.items() if label.key}

    def __contains__(self, name: object) -> bool:
        return name in self.by_name

    def mapped(self, model_label: str) -> str | None:
        """The label that a model's label means here; None if it means none."""
        if model_label in self.map:
            return self.map[model_label]
        return model_label if model_label in self else None

    def check(self, name: str) -> str:
        """`name` if it is a label of this set, else LabelSetError."""
        if name not in self:
            names = ", ".join(self.by_name)
            raise LabelSetError(
                f"the label set {self.name} has no label {name}", hint=f"its labels are {names}"
            )
        return name

    @classmethod
    def from_names(cls, name: str, labels: Iterable[str]) -> LabelSet:
        """A flat label set of these names in this order, without repetitions."""
        return cls(
            name=name, labels=tuple(Label(name=check_label_name(label)) for label in dict.fromkeys(labels))
        )

    @property
    def content(self) -> dict[str, Any]:
        """All of it as JSON values, without what is empty."""
        return {**_filled(self), "labels": [_filled(label) for label in self.labels]}

    @classmethod
    def from_content(cls, content: Mapping[str, Any]) -> LabelSet:
        """What `content` gave; ValueError if it is something else."""
        return read_record(cls, content)

    @classmethod
    def from_json(cls, text: str, *, origin: str) -> LabelSet:
        """Read a label set; `origin` names the file in the LabelSetError that a broken one raises."""
        try:
            return adapter(cls).validate_json(text)
        except ValidationError as error:
            raise LabelSetError(
                f"{origin} is not a label set: {problem_of(error, whole='the file')}",
                hint='it needs no more than {"name": "mine", "labels": [{"name": "PER"}]}',
            ) from error


def _filled(item: Label | LabelSet) -> dict[str, Any]:
    """The fields that hold anything; the default of every other one is to hold nothing."""
    values = ((field.name, getattr(item, field.name)) for field in fields(item))
    return {name: list(value) if isinstance(value, tuple) else value for name, value in values if value}


def _repeated(values: list[str]) -> str | None:
    return next((value for index, value in enumerate(values) if value in values[:index]), None)
