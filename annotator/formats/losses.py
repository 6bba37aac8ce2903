"""What a format cannot hold of an annotator's work, computed from the fields of the models.

A format declares in `Format.holds` which fields it keeps. Everything else that a document has is a loss. The fields are
those that `dataclasses.fields` gives for the models in MODELS, so that a field that is added to a model is lost, and
told, in every format that has not declared it. A format that holds the metadata under some keys alone declares
"Document.meta.KEY" for these.
"""

from __future__ import annotations

import dataclasses
import enum
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from annotator.formats.exchange import AnnotatedDocument, Loss, Part, Problem, Report, WriteOptions
from annotator.model.decisions import Status
from annotator.model.documents import Document, title_of
from annotator.model.spans import Span, Suggestion

MODELS = (AnnotatedDocument, Document, Span, Suggestion)
"""The models whose fields a format may or may not hold."""


class Weight(enum.Enum):
    """What it means that a field is lost."""

    ESSENTIAL = "every format holds it, or refuses the document"
    CONTENT = "it is told, and the exit code is 1 unless an option allows the loss"
    DESCRIPTION = "it is told in the totals"
    RECORD = "it is counted for --json: how the work came about, or never exported by design"


@dataclass(frozen=True, slots=True)
class Field:
    """What a field is called in messages, in the plural, and what it means that it is lost."""

    name: str
    weight: Weight


META, TITLES, IDS = "Document.meta", "Document.title", "Document.id"
TOKENS, SENTENCES = "Document.tokens", "Document.sentences"
NOTES, DOUBTS, KB_IDS = "Span.note", "Span.doubt", "Span.kb_id"
STATUSES, ANNOTATORS = "AnnotatedDocument.status", "AnnotatedDocument.annotator"
SUGGESTIONS, PROVENANCE = "AnnotatedDocument.suggestions", "AnnotatedDocument.provenance"
GOLD = "AnnotatedDocument.is_gold"
OVERLAPS, SEVERAL = "overlaps", "several annotators"
"""Of the shape of the work, not a field: spans that overlap, sets of several annotators on one document."""

FIELDS: Mapping[str, Field] = {
    "AnnotatedDocument.document": Field("documents", Weight.ESSENTIAL),
    "AnnotatedDocument.spans": Field("spans", Weight.ESSENTIAL),
    STATUSES: Field("how far the work on it is", Weight.DESCRIPTION),
    "AnnotatedDocument.rejected": Field("rejected suggestions", Weight.RECORD),
    SUGGESTIONS: Field("undecided suggestions", Weight.RECORD),
    ANNOTATORS: Field("annotators' names", Weight.RECORD),
    PROVENANCE: Field("origins of spans", Weight.RECORD),
    "AnnotatedDocument.problems": Field("problems of reading", Weight.ESSENTIAL),
    GOLD: Field("marks of gold", Weight.RECORD),
    IDS: Field("ids", Weight.DESCRIPTION),
    "Document.text": Field("texts", Weight.ESSENTIAL),
    "Document.sha256": Field("hashes of texts", Weight.ESSENTIAL),
    TITLES: Field("titles", Weight.DESCRIPTION),
    META: Field("metadata", Weight.DESCRIPTION),
    TOKENS: Field("the source's tokens", Weight.RECORD),
    SENTENCES: Field("the source's sentences", Weight.RECORD),
    "Span.start": Field("starts", Weight.ESSENTIAL),
    "Span.end": Field("ends", Weight.ESSENTIAL),
    "Span.label": Field("labels", Weight.ESSENTIAL),
    NOTES: Field("notes", Weight.CONTENT),
    DOUBTS: Field("doubts", Weight.CONTENT),
    KB_IDS: Field("knowledge base ids", Weight.CONTENT),
    "Suggestion.start": Field("starts of suggestions", Weight.ESSENTIAL),
    "Suggestion.end": Field("ends of suggestions", Weight.ESSENTIAL),
    "Suggestion.label": Field("labels of suggestions", Weight.ESSENTIAL),
    "Suggestion.source": Field("kinds of source of suggestions", Weight.RECORD),
    "Suggestion.score": Field("scores", Weight.RECORD),
    "Suggestion.name": Field("names of sources", Weight.RECORD),
    "Suggestion.source_label": Field("source labels", Weight.RECORD),
}
"""Every field of every model. A test fails where a model has a field that stands not here."""

_OWN_META = frozenset({"source"})
"""Metadata that an import writes itself: the name of the file."""


def model_fields() -> Iterator[tuple[str, dataclasses.Field[Any]]]:
    """Every field of the models, by its path such as "Span.note"."""
    for model in MODELS:
        for field in dataclasses.fields(model):
            yield f"{model.__name__}.{field.name}", field


def held_names(holds: Iterable[str]) -> list[str]:
    """What `holds` is called, in the order of FIELDS, without what only records how the work came about."""
    holds = set(holds)
    told = (Weight.CONTENT, Weight.DESCRIPTION)
    names = [field.name for path, field in FIELDS.items() if path in holds and field.weight in told]
    return names + sorted(path for path in holds if path in (OVERLAPS, SEVERAL))


def lost_names(holds: Iterable[str]) -> list[str]:
    """What a format that holds `holds` loses, in the order of FIELDS, without what only records how the work came about."""
    held = set(held_names(holds))
    every = held_names((*FIELDS, OVERLAPS, SEVERAL))
    return [name for name in every if name not in held]


class LossCounter:
    """Counts what a format that holds `holds` does not write of the documents that go into it."""

    def __init__(self, holds: Container[str], report: Report, options: WriteOptions | None = None) -> None:
        self._report = report
        self._is_allowed = options is not None and options.allows_loss
        self._lost: dict[str, list[tuple[str, Callable[[Any], bool]]]] = {}
        for path, field in model_fields():
            if path in holds or _field(path).weight is Weight.ESSENTIAL:
                continue
            model = path.partition(".")[0]
            is_present = _has_other_meta(holds) if path == META else _presence(path, field)
            self._lost.setdefault(model, []).append((path, is_present))

    def counted(self, documents: Iterable[AnnotatedDocument]) -> Iterator[AnnotatedDocument]:
        """The documents, each counted once the writer asks for the next one."""
        for annotated in documents:
            yield annotated
            self.count(annotated)

    def count(self, annotated: AnnotatedDocument) -> None:
        """Add to the report what of this document is not written."""
        document = annotated.document
        groups: tuple[tuple[str, Sequence[Any]], ...] = (
            ("AnnotatedDocument", (annotated,)),
            ("Document", (document,)),
            ("Span", annotated.spans),
            ("Suggestion", annotated.suggestions),
        )
        content: list[str] = []
        for model, values in groups:
            for path, is_present in self._lost.get(model, ()):
                if total := sum(map(is_present, values)):
                    name, weight = _field(path).name, _field(path).weight
                    is_told = weight is Weight.DESCRIPTION
                    self._report.add_loss(Loss(path, name, total, document.title, is_told=is_told))
                    if weight is Weight.CONTENT:
                        content.append(f"{name}: {total}")
        if content:
            message = f"not written are {', '.join(content)}"
            self._report.add(Problem(document.id, document.title, message, Part.FIELD, self._is_allowed))


def _field(path: str) -> Field:
    """How a field is declared; one that nobody declared is content, under its own name."""
    return FIELDS.get(path) or Field(path.partition(".")[2], Weight.CONTENT)


def _presence(path: str, field: dataclasses.Field[Any]) -> Callable[[Any], bool]:
    """Tells whether a model's value has something in this field that its other fields do not give again."""
    if path in _PRESENT:
        return _PRESENT[path]
    name = field.name
    factory = field.default_factory
    default = field.default if factory is dataclasses.MISSING else factory()
    return lambda value: getattr(value, name) != default


def _has_other_meta(holds: Container[str]) -> Callable[[Document], bool]:
    """Tells whether a document has metadata that is neither our own nor of a key that the format holds."""
    return lambda document: any(
        key not in _OWN_META and f"{META}.{key}" not in holds for key in document.meta
    )


def _has_own_id(document: Document) -> bool:
    return document.id != document.sha256


def _has_own_title(document: Document) -> bool:
    return document.title != title_of(document.text)


_PRESENT: Mapping[str, Callable[[Any], bool]] = {
    IDS: _has_own_id,
    TITLES: _has_own_title,
    TOKENS: lambda document: document.tokens is not None,
    STATUSES: lambda annotated: annotated.status is not Status.DONE,
}
"""Fields whose default says nothing: what is there only where it differs from what the text gives."""
