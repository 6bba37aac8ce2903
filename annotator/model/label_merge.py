"""Two label sets that come from one, made one again, as version control asks for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any, TypeVar

from annotator.errors import LabelSetError
from annotator.model.labels import Label, LabelSet

Value = TypeVar("Value")


class MergeClashError(Exception):
    """Both sides changed one value, in different ways; the message names the value."""


def merged_label_sets(base: LabelSet | None, ours: LabelSet, theirs: LabelSet) -> LabelSet:
    """The label set in which both sides' changes to `base` hold; without a base, all labels of both.

    What one side added is added, what one side took out or renamed stays so. A key that both gave out stays with ours.
    MergeClashError if both changed one thing in different ways, or one took out what the other changed.
    """
    before = {label.name: label for label in base.labels} if base is not None else {}
    mine = {label.name: label for label in ours.labels}
    other = {label.name: label for label in theirs.labels}
    labels: list[Label] = []
    for name in dict.fromkeys([*mine, *other]):
        label = _label(name, before.get(name), mine.get(name), other.get(name))
        if label is not None:
            labels.append(label)
    taken = {label.key for label in labels if label.name in mine and label.key}
    kept = [
        replace(label, key="") if label.name not in mine and label.key in taken else label for label in labels
    ]
    old = base or ours
    try:
        return LabelSet(
            name=merged_value("the name of the label set", old.name, ours.name, theirs.name),
            labels=tuple(kept),
            nested=merged_value("whether spans may overlap", old.nested, ours.nested, theirs.nested),
            description=merged_value(
                "the description of the label set", old.description, ours.description, theirs.description
            ),
            map=_mapping(base.map if base is not None else {}, ours.map, theirs.map),
        )
    except (ValueError, LabelSetError) as error:
        raise MergeClashError(f"the two label sets do not go together: {error}") from error


def merged_value(what: str, base: Value, ours: Value, theirs: Value) -> Value:
    """The value of the side that changed it; MergeClashError, naming it as `what`, if both did, differently."""
    if ours == theirs or theirs == base:
        return ours
    if ours == base:
        return theirs
    raise MergeClashError(f"both sides changed {what}: {ours!r} and {theirs!r}")


def _label(name: str, base: Label | None, ours: Label | None, theirs: Label | None) -> Label | None:
    """One label as both sides want it; None if it is to go."""
    if ours is None or theirs is None:
        only = ours or theirs
        if base is None or only is None:
            return only
        if only != base:
            raise MergeClashError(f"one side took the label {name} out or renamed it, the other changed it")
        return None
    old = base or Label(name=name)
    values: dict[str, Any] = {
        field.name: merged_value(
            f"the {field.name} of the label {name}",
            getattr(old, field.name),
            getattr(ours, field.name),
            getattr(theirs, field.name),
        )
        for field in fields(Label)
    }
    return Label(**values)


def _mapping(
    base: Mapping[str, str | None], ours: Mapping[str, str | None], theirs: Mapping[str, str | None]
) -> dict[str, str | None]:
    """The map from a model's labels, entry by entry; an entry that one side took out is gone."""
    merged: dict[str, str | None] = {}
    for name in dict.fromkeys([*ours, *theirs]):
        value = merged_value(
            f"what the label {name} of a model means",
            *(side.get(name, _ABSENT) for side in (base, ours, theirs)),
        )
        if value is not _ABSENT:
            merged[name] = value
    return merged


_ABSENT: Any = object()
