"""What becomes of the labels and overlaps of imported spans: checked against the label set, or brought into it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace

from annotator.formats.choices import OnOverlap
from annotator.formats.exchange import AnnotatedDocument, Part, Problem
from annotator.formats.label_names import KnownLabels
from annotator.formats.overlaps import settled_overlaps
from annotator.model.decisions import Status
from annotator.model.labels import is_label_name
from annotator.model.spans import Span, Suggestion
from annotator.store.repository import Store
from annotator.workspace.transfer.imported_names import add_labels

AreOneLabel = Callable[[str, str], bool]
"""Decides whether a new label and one of the label set that differs in case or blanks alone are one; it may refuse."""

_BETWEEN_WORDS = re.compile(r"[\s_-]+")
_RULE = "a label takes 1 to 64 characters, blanks only within, and no control characters"


class IncomingLabels:
    """Fits the spans of imported documents into the label set of a store, which grows if `adds_labels`.

    A span whose label no label set can have is left out, told, and its document is not done. `skips_broken` says that
    this was asked for. `new` are the labels that have joined the set, `merged` what those are
    called here that are another spelling of one of the set.
    """

    def __init__(
        self,
        store: Store,
        *,
        adds_labels: bool,
        skips_broken: bool = False,
        are_one: AreOneLabel | None = None,
        on_overlap: OnOverlap = OnOverlap.FAIL,
        is_made: bool = False,
    ) -> None:
        """With `is_made` the label set is made of the files, and lets spans nest if theirs do, unless `on_overlap` keeps some."""
        self.new: list[str] = []
        self.merged: dict[str, str] = {}
        self.is_nested_now = False
        """True if spans that overlap have made a flat label set a nested one."""
        self._store = store
        self._adds_labels = adds_labels
        self._skips_broken = skips_broken
        self._are_one = are_one
        self._is_made = is_made and on_overlap is OnOverlap.FAIL
        self._on_overlap = OnOverlap.NESTED if self._is_made else on_overlap
        self._spellings: dict[str, str] = {}
        self._known = KnownLabels.of(store.info.label_set.by_name)

    def fitted(self, item: AnnotatedDocument) -> tuple[AnnotatedDocument, list[Problem]]:
        """The document as the store can have it, and what is told of that. InputError for what is refused."""
        item, problems = self._with_legal_labels(item)
        names = {label: self._name(label) for label in labels_of(item)}
        if any(name != label for label, name in names.items()):
            item = self._renamed(item, names)
        item, overlaps = settled_overlaps(
            item, self._on_overlap, is_flat=not self._store.info.label_set.nested
        )
        new = [label for label in labels_of(item) if label not in self._known.names]
        if self._adds_labels and new:
            self.new += add_labels(self._store, new)
            self._known = KnownLabels.of(self._store.info.label_set.by_name)
        if self._on_overlap is OnOverlap.NESTED and not self._store.info.label_set.nested and _overlap(item):
            self._store.change_info(label_set=replace(self._store.info.label_set, nested=True))
            self.is_nested_now = True
            message = "spans overlap here, so the label set lets spans nest from now on"
            overlaps = [] if self._is_made else [Problem(item.document.id, item.document.title, message)]
        return item, [*problems, *overlaps]

    def _with_legal_labels(self, item: AnnotatedDocument) -> tuple[AnnotatedDocument, list[Problem]]:
        wrong = {label for label in labels_of(item) if not is_label_name(label)}
        if not wrong:
            return item, []
        document = item.document
        marked: tuple[Span | Suggestion, ...] = (*item.spans, *item.rejected, *item.suggestions)
        problems = [
            Problem(
                document.id,
                document.title,
                f"{labelled.label!r} [{labelled.start}, {labelled.end}) cannot be the name of a label, and its span is left out: {_RULE}",
                Part.SPAN,
                is_allowed=self._skips_broken,
            )
            for labelled in marked
            if labelled.label in wrong
        ]
        origins = dict(zip(item.spans, item.provenance, strict=bool(item.provenance)))
        spans = tuple(span for span in item.spans if span.label not in wrong)
        return (
            replace(
                item,
                spans=spans,
                provenance=tuple(origins[span] for span in spans) if origins else (),
                rejected=_without(item.rejected, wrong),
                suggestions=_without(item.suggestions, wrong),
                status=Status.STARTED if item.status is Status.DONE else item.status,
            ),
            problems,
        )

    def _name(self, label: str) -> str:
        """What a label of a file is called in the label set."""
        if label in self._known.names:
            return label
        if label not in self._spellings:
            self._spellings[label] = self._spelling(label)
        return self._spellings[label]

    def _spelling(self, label: str) -> str:
        if (name := self._known.name(label)) != label:
            return name
        alike = next((name for name in self._known.names if _plain(name) == _plain(label)), None)
        if alike is not None and self._are_one is not None and self._are_one(label, alike):
            return alike
        return label

    def _renamed(self, item: AnnotatedDocument, names: dict[str, str]) -> AnnotatedDocument:
        self.merged |= {label: name for label, name in names.items() if label != name}
        spans: dict[Span, int] = {}
        for index, span in enumerate(item.spans):
            spans.setdefault(replace(span, label=names[span.label]), index)
        return replace(
            item,
            spans=tuple(spans),
            provenance=tuple(item.provenance[index] for index in spans.values()) if item.provenance else (),
            rejected=tuple(
                replace(suggestion, label=names[suggestion.label]) for suggestion in item.rejected
            ),
            suggestions=tuple(
                replace(suggestion, label=names[suggestion.label]) for suggestion in item.suggestions
            ),
        )


def labels_of(item: AnnotatedDocument) -> list[str]:
    """The labels of all spans of an item, rejected and suggested ones too, each once."""
    suggested = (suggestion.label for suggestion in (*item.rejected, *item.suggestions))
    return list(dict.fromkeys([*(span.label for span in item.spans), *suggested]))


def _without(suggestions: Iterable[Suggestion], labels: set[str]) -> tuple[Suggestion, ...]:
    return tuple(suggestion for suggestion in suggestions if suggestion.label not in labels)


def _overlap(item: AnnotatedDocument) -> bool:
    ends = 0
    for span in sorted(item.spans, key=lambda span: span.start):
        if span.start < ends:
            return True
        ends = span.end
    return False


def _plain(label: str) -> str:
    return _BETWEEN_WORDS.sub(" ", label).casefold()
