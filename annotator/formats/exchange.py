"""What a reader yields, what a writer takes, and what both report."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass, field
from typing import Any

from annotator.errors import InputError
from annotator.formats.choices import OnError, OnMisaligned, Tags
from annotator.model.decisions import Status
from annotator.model.documents import SIZE_LIMIT, Document
from annotator.model.spans import Span, Suggestion
from annotator.model.tokens import Tokens

SOURCE_TOKENIZER = "source"
"""The tokenizer name of tokens that came with the document."""
PROBLEMS_KEPT = 1000
"""A report counts every problem and keeps this many."""

TokensOf = Callable[[Document], Tokens]
"""Gives a document's tokens; where a writer has none, it takes those that the document brought."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadOptions:
    """How to read.

    `encoding` is a codec's name; a byte order mark is dropped in any case. `labels`, where given, makes any
    other label a problem. `group`, `token_column` and `label_column` are for CoNLL: sentences to a document
    where the file marks none (0: the whole file is one), and which columns hold what, counted from 0, or from
    the end when negative. `every_set` also takes the sets of others that a
    record holds beside its own; without it a document comes once.
    """

    encoding: str = "utf-8"
    on_error: OnError = OnError.FAIL
    size_limit: int = SIZE_LIMIT
    labels: Container[str] | None = None
    group: int = 0
    token_column: int = 0
    label_column: int = -1
    every_set: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteOptions:
    """How to write.

    `nested` says whether spans may overlap, for formats that keep the two apart; None looks at the spans.
    `provenance` writes what is known of each span's origin, where the format has a place for it. `tags` is CoNLL's
    way of spelling entities.
    """

    on_misaligned: OnMisaligned = OnMisaligned.FAIL
    nested: bool | None = None
    provenance: bool = False
    tags: Tags = Tags.IOB2


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that could not be taken over as it is: in which document, at which place, and what.

    `document` is an id, empty where there is none; `place` is "file:line", or a document's title on the way out.
    """

    document: str
    place: str
    message: str

    def __str__(self) -> str:
        return f"{self.place}: {self.message}"


@dataclass(frozen=True, slots=True)
class AnnotatedDocument:
    """One annotator's work on one document, as a file holds it.

    `rejected` are spans that the annotator turned down: they are never written. `suggestions` are spans that
    nobody has decided on. `provenance` is empty, or tells of each span in `spans`, in their order, what is known
    of its origin (uid, who, when, source, score), as JSON values. `is_gold` marks what a review has settled;
    `annotator` is then who reviewed.
    """

    document: Document
    spans: tuple[Span, ...] = ()
    status: Status = Status.TODO
    rejected: tuple[Suggestion, ...] = ()
    suggestions: tuple[Suggestion, ...] = ()
    annotator: str | None = None
    provenance: tuple[Mapping[str, Any], ...] = ()
    problems: tuple[Problem, ...] = ()
    is_gold: bool = False


@dataclass(slots=True)
class Report:
    """Totals of one import or export, filled while it runs.

    `documents` and `spans` went through, `skipped` and `expanded` are spans that did not, or not as they were.
    `problems` holds the first PROBLEMS_KEPT of `problem_count`.
    """

    documents: int = 0
    spans: int = 0
    skipped: int = 0
    expanded: int = 0
    problem_count: int = 0
    problems: list[Problem] = field(default_factory=list)

    def add(self, problem: Problem) -> None:
        """Count a problem and, while there is room, keep it."""
        self.problem_count += 1
        if len(self.problems) < PROBLEMS_KEPT:
            self.problems.append(problem)

    def count(self, document: Document, *, spans: int) -> None:
        """Count a document that went through with so many spans."""
        self.documents += 1
        self.spans += spans

    def took(self, annotated: AnnotatedDocument) -> None:
        """Count a document that was read: decided spans, rejected ones and suggestions alike."""
        total = len(annotated.spans) + len(annotated.rejected) + len(annotated.suggestions)
        self.count(annotated.document, spans=total)
        for problem in annotated.problems:
            self.add(problem)


class Complaints:
    """The problems of one line or document, kept for the report unless they stop the reading."""

    __slots__ = ("on_error", "place", "problems")

    def __init__(self, place: str, on_error: OnError) -> None:
        self.place = place
        self.on_error = on_error
        self.problems: list[Problem] = []

    def add(self, message: str) -> None:
        """Keep what is broken; InputError where nothing broken is wanted."""
        if self.on_error == OnError.FAIL:
            raise broken(self.place, message)
        self.note(message)

    def note(self, message: str) -> None:
        """Keep what is sound but not taken over as it is."""
        self.problems.append(Problem("", self.place, message))

    def of(self, document: str) -> tuple[Problem, ...]:
        """The problems, each with the id of the document that they turned out to belong to."""
        return tuple(Problem(document, problem.place, problem.message) for problem in self.problems)


def broken(place: str, message: str) -> InputError:
    """The error of a line or span that cannot be read."""
    return InputError(
        f"{place}: {message}", hint="correct it, or leave out what is broken with --on-error skip"
    )
