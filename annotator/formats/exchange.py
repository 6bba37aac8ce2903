"""What a reader yields, what a writer takes, and what both report."""

from __future__ import annotations

import enum
import re
from collections import Counter
from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from annotator.errors import InputError
from annotator.formats.choices import OnError, OnMisaligned, OnOverlap, Tags
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
    other label a problem. `group`, `token_column` and `label_columns` are for CoNLL: sentences to a document
    where the file marks none (0: the whole file is one), and which columns hold what: by name, counted from 0, or from
    the end when negative; where nothing is said they are found by looking. `every_set` also takes the sets of others
    that a record holds beside its own; without it a document comes once. `id_prefix` stands
    before every id. `text_key` names
    the text of JSON records, `span_keys` are further keys of these
    that hold spans, `kept_keys` those that hold none although they look like it, `label_names` what labels mean that
    a file gives by number. `text_column` and `id_column` are for tables of texts, by name or number as above; `text_of`
    gives the text of a document that is known already, for files that hold spans alone.
    """

    encoding: str = "utf-8"
    on_error: OnError = OnError.FAIL
    size_limit: int = SIZE_LIMIT
    labels: Container[str] | None = None
    group: int = 0
    token_column: int | str | None = None
    label_columns: tuple[int | str, ...] = ()
    every_set: bool = False
    id_prefix: str = ""
    text_key: str | None = None
    span_keys: tuple[str, ...] = ()
    kept_keys: tuple[str, ...] = ()
    label_names: Mapping[str, str] = field(default_factory=dict)
    text_column: int | str | None = None
    id_column: int | str | None = None
    text_of: Callable[[str], str | None] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteOptions:
    """How to write.

    `on_overlap` keeps the longest or the first of spans that overlap, whatever the format holds; otherwise the format says.
    `nested` says whether spans may overlap, for formats that keep the two apart; None looks at the spans.
    `provenance` writes what is known of each span's origin, where the format has a place for it. `tags` is CoNLL's
    way of spelling entities. `allows_loss` says that what the format cannot hold may be lost: it is told all the same,
    but is no failure.
    """

    on_misaligned: OnMisaligned = OnMisaligned.FAIL
    on_overlap: OnOverlap = OnOverlap.FAIL
    nested: bool | None = None
    provenance: bool = False
    tags: Tags = Tags.IOB2
    allows_loss: bool = False


class Part(enum.StrEnum):
    """What of the input is not taken over."""

    DOCUMENT = "document"
    ANSWER = "answer"
    SPAN = "span"
    FIELD = "field"


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that could not be taken over as it is: in which document, at which place, and what.

    `document` is an id, empty where there is none; `place` is "file:line", or a document's title on the way out.
    `loses` says what of the input is missing afterwards, None where all of it is there, if not as it was;
    `is_allowed` that an option asked for that.
    """

    document: str
    place: str
    message: str
    loses: Part | None = None
    is_allowed: bool = False

    def __str__(self) -> str:
        return f"{self.place}: {self.message}"


@dataclass(slots=True)
class ProblemGroup:
    """Problems of one file that differ in numbers and quotations alone: the first one, and how many there are."""

    first: Problem
    count: int = 1
    last_place: str = ""

    def __str__(self) -> str:
        if self.count == 1:
            return str(self.first)
        return f"{self.first} ({self.count - 1:,} more like this, the last at {self.last_place})"


@dataclass(frozen=True, slots=True)
class Loss:
    """A field of a model that a format does not hold: its path, what it is called, and in how many values.

    `is_told` says that a person is told of it in the totals.
    """

    path: str
    name: str
    count: int
    first_document: str
    is_told: bool = True


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
    `problems` holds the first PROBLEMS_KEPT of `problem_count`, `groups` all of them, those that are alike as one.
    `lost` counts what of the input is missing afterwards although no option allowed it. `losses` are the fields that
    the format written does not hold, by path.
    """

    documents: int = 0
    spans: int = 0
    skipped: int = 0
    expanded: int = 0
    problem_count: int = 0
    problems: list[Problem] = field(default_factory=list)
    groups: dict[str, ProblemGroup] = field(default_factory=dict)
    lost: Counter[Part] = field(default_factory=Counter)
    losses: dict[str, Loss] = field(default_factory=dict)

    def add(self, problem: Problem) -> None:
        """Count a problem and, while there is room, keep it."""
        self.problem_count += 1
        if len(self.problems) < PROBLEMS_KEPT:
            self.problems.append(problem)
        if problem.loses is not None and not problem.is_allowed:
            self.lost[problem.loses] += 1
        kind = _kind(problem)
        if (group := self.groups.get(kind)) is not None:
            group.count += 1
            group.last_place = problem.place
        elif len(self.groups) < PROBLEMS_KEPT:
            self.groups[kind] = ProblemGroup(problem, last_place=problem.place)

    def add_loss(self, loss: Loss) -> None:
        """Count what of a document the format written does not hold."""
        before = self.losses.get(loss.path)
        self.losses[loss.path] = loss if before is None else replace(before, count=before.count + loss.count)

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


def grouped(problems: Iterable[Problem]) -> list[ProblemGroup]:
    """The problems, those that are alike as one."""
    report = Report()
    for problem in problems:
        report.add(problem)
    return list(report.groups.values())


class Complaints:
    """The problems of one line or document, kept for the report unless they stop the reading."""

    __slots__ = ("on_error", "place", "problems")

    def __init__(self, place: str, on_error: OnError) -> None:
        self.place = place
        self.on_error = on_error
        self.problems: list[Problem] = []

    def add(self, message: str, *, loses: Part = Part.SPAN, hint: str = "") -> None:
        """Keep what is broken and so left out; InputError where nothing broken is wanted."""
        if self.on_error == OnError.FAIL:
            raise broken(self.place, message, hint=hint)
        self.problems.append(Problem("", self.place, message, loses, is_allowed=True))

    def lose(self, message: str, *, loses: Part = Part.SPAN) -> None:
        """Keep what is sound, but nothing here can hold: it is left out, told, and counts for the exit code."""
        self.problems.append(
            Problem("", self.place, message, loses, is_allowed=self.on_error == OnError.SKIP)
        )

    def note(self, message: str) -> None:
        """Keep what is taken over, if not as it is."""
        self.problems.append(Problem("", self.place, message))

    def of(self, document: str) -> tuple[Problem, ...]:
        """The problems, each with the id of the document that they turned out to belong to."""
        return tuple(replace(problem, document=document) for problem in self.problems)


def broken(place: str, message: str, *, hint: str = "") -> InputError:
    """The error of a line or span that cannot be read."""
    return InputError(
        f"{place}: {message}",
        hint=hint or "correct it, or leave out what is broken with --on-error skip",
    )


_PARTICULARS = re.compile(r"""\d+|'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|“[^”]*”""")
_PLACE_IN_FILE = re.compile(r":\d+$|: (?:task|record|row|sentence|document|line)\b.*$")


def _kind(problem: Problem) -> str:
    """What problems that are alike have in common: the file, where they have a place in one, and the message without
    its particulars.
    """
    file, is_in_file = _PLACE_IN_FILE.subn("", problem.place)
    if not is_in_file:
        file = ""
    return f"{file}\0{_PARTICULARS.sub('#', problem.message)}"
