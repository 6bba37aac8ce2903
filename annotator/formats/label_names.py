"""Labels where a format's columns end at white space: written with underscores, and found again by a label set."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable
from dataclasses import dataclass, field

from annotator.formats.exchange import Problem, Report
from annotator.model.documents import Document

_WHITE_SPACE = re.compile(r"\s+")


def escaped_label(label: str) -> str:
    """The label with an underscore for each run of white space."""
    return _WHITE_SPACE.sub("_", label)


@dataclass(slots=True)
class EscapedLabels:
    """The labels of one file as its columns can hold them. Two that are spelled alike there are never mixed up."""

    _labels: dict[str, str] = field(default_factory=dict)

    def spelling(self, label: str, document: Document, report: Report) -> str | None:
        """How a label is spelled, told once where that differs; None if another label is spelled so already."""
        spelled = escaped_label(label)
        is_new = spelled not in self._labels
        if self._labels.setdefault(spelled, label) != label:
            return None
        if is_new and spelled != label:
            message = f"the label {label!r} is written as {spelled}"
            report.add(Problem(document.id, document.title, message))
        return spelled


@dataclass(frozen=True, slots=True)
class KnownLabels(Container[str]):
    """The labels of a label set, each also as `escaped_label` spells it."""

    names: frozenset[str]
    by_spelling: dict[str, str]

    @classmethod
    def of(cls, names: Iterable[str]) -> KnownLabels:
        """The labels called so; a spelling that two of them share, or that is itself a label, stands for neither."""
        known = frozenset(names)
        spellings: dict[str, list[str]] = {}
        for name in known:
            spellings.setdefault(escaped_label(name), []).append(name)
        return cls(
            known,
            {
                spelling: labels[0]
                for spelling, labels in spellings.items()
                if len(labels) == 1 and spelling not in known
            },
        )

    def __contains__(self, label: object) -> bool:
        return label in self.names or label in self.by_spelling

    def name(self, label: str) -> str:
        """The label of the set that a file means by `label`; the same where it is one, or unknown."""
        return label if label in self.names else self.by_spelling.get(label, label)
