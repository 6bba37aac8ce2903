"""Names that come with files: annotators' made into names that they can have here, labels into a label set."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import replace

from annotator.errors import InputError
from annotator.model.labels import Label, LabelSet, is_label_name
from annotator.store.layout import GOLD, check_annotator, check_spelling
from annotator.store.repository import Store

_OTHER = re.compile(r"[^A-Za-z0-9._-]+")
_LONGEST = 64
_DIGITS = 6


class LegalNames:
    """What the annotators of some files are called in a store that has those of `there`.

    A name that an annotator can have stays as it is. Another one loses its accents, and what cannot be in a name
    becomes a hyphen; where somebody else is called so by then, or nothing is left, digits of its sha256 follow.
    """

    def __init__(self, names: Iterable[str]) -> None:
        self.changed: dict[str, str] = {}
        self._there = list(names)
        self._known: dict[str, str] = {}

    def legal(self, name: str) -> str:
        """The name here of the annotator that a file calls `name`; InputError for gold, which nobody can be called."""
        if name.strip().lower() == GOLD:
            check_annotator(GOLD)
        if name not in self._known:
            annotator = self._made(name)
            self._known[name] = annotator
            if annotator != name:
                self.changed[name] = annotator
        return self._known[name]

    def _made(self, name: str) -> str:
        plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
        readable = _OTHER.sub("-", plain).strip(".-")[: _LONGEST - _DIGITS - 1].strip(".-")
        digits = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:_DIGITS]
        others = [*self._there, *self._known.values()]
        for candidate in (name, readable, f"{readable or 'annotator'}-{digits}"):
            if candidate not in self._known.values() and _is_legal(candidate, others):
                return candidate
        return f"annotator-{digits}"


def add_labels(store: Store, names: Sequence[str]) -> list[str]:
    """Let the label set of a store have these labels as well, behind its own; those that are new.

    InputError, and nothing changed, for what cannot be the name of a label.
    """
    label_set: LabelSet = store.info.label_set
    new = [name for name in names if name not in label_set]
    if wrong := [name for name in new if not is_label_name(name)]:
        raise InputError(f"{wrong[0]!r} cannot be the name of a label")
    if new:
        labels = (*label_set.labels, *(Label(name=name) for name in new))
        store.change_info(label_set=replace(label_set, labels=labels))
    return new


def _is_legal(name: str, others: Iterable[str]) -> bool:
    try:
        check_annotator(name)
        check_spelling(name, others)
    except InputError:
        return False
    return True
