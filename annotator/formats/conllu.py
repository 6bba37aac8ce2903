"""CoNLL-U, read for the entities that tools put into its column MISC, as `NER=B-PER` or `Entity=B-PER`.

The text is built from the words and `SpaceAfter=No`, sentences on a line each. A word of several, `3-4`, is one token
with the tag of its first part; empty nodes are passed over. `# newdoc id = …` begins a document. Entities that
MISC spells with brackets, as CorefUD does, are reported and left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from annotator.formats.checking import SpanChecks
from annotator.formats.cleaning import CleanedText
from annotator.formats.exchange import (
    SOURCE_TOKENIZER,
    AnnotatedDocument,
    Complaints,
    Problem,
    ReadOptions,
    Report,
)
from annotator.formats.iob import OUTSIDE, Scheme, entities, split_tag
from annotator.formats.sources import Source, lines, too_large
from annotator.model.decisions import Status
from annotator.model.documents import new_document
from annotator.model.spans import Span
from annotator.model.tokens import Tokens

_COLUMNS = 10
_FORM, _MISC = 1, 9
_KEYS = {"ner", "ne", "entity"}
_WORD = re.compile(r"(\d+)(?:-(\d+))?")
_EMPTY = re.compile(r"\d+\.\d+")
_DOCUMENT = re.compile(r"#\s*newdoc(?:\s+id\s*=\s*(\S.*?))?\s*")
_ROW = re.compile(rb"(?:\xef\xbb\xbf)?(?:#[^\n]*\n)*1(?:-\d+)?\t(?:[^\t\n]*\t){8}[^\t\n]*(?:\r?\n|$)")


def read(source: Source, options: ReadOptions, report: Report) -> Iterator[AnnotatedDocument]:
    """The documents of a file with their tokens and sentences; done if any word has a tag.

    InputError names the file and line of a broken row, or it is left out and reported, as the options say.
    """
    draft = _Draft(f"{source.name}:1")
    for number, line in lines(source, options.encoding, size_limit=options.size_limit):
        place = f"{source.name}:{number}"
        if begun := _DOCUMENT.fullmatch(line):
            if draft.rows:
                yield draft.finished(options)
            draft = _Draft(place, begun[1])
        elif not line.strip():
            draft.is_between = True
        elif not line.startswith("#"):
            draft.take(line, Complaints(place, options.on_error))
            if draft.size > options.size_limit:
                raise too_large(f"the document at {draft.place}", options.size_limit)
    if draft.rows:
        yield draft.finished(options)
    else:
        report.add(Problem("", draft.place, "a document without words, left out"))


def sniff(head: bytes) -> bool:
    """True if the first row, behind comments, is word 1 and has ten columns."""
    return _ROW.match(head) is not None


@dataclass(frozen=True, slots=True)
class _Row:
    """A token: its form, tag, whether a space follows, and whether it begins a sentence."""

    form: str
    tag: tuple[str, str]
    has_space: bool
    is_first: bool


@dataclass(slots=True)
class _Draft:
    """A document being read. Words up to number `within` are parts of the one before."""

    place: str
    id: str | None = None
    rows: list[_Row] = field(default_factory=list)
    size: int = 0
    within: int = 0
    is_between: bool = True
    is_tagged: bool = False
    bracketed: int = 0
    problems: list[Problem] = field(default_factory=list)

    def take(self, line: str, complaints: Complaints) -> None:
        """Read one more row."""
        columns = line.split("\t")
        if self.is_between:
            self.within = 0
        word = _WORD.fullmatch(columns[0])
        if len(columns) != _COLUMNS or (word is None and not _EMPTY.fullmatch(columns[0])):
            complaints.add(f"is no row of {_COLUMNS} columns that begins with a word's number")
        elif word is not None:
            self._word(word, columns[_FORM], columns[_MISC], complaints)
        self.problems += complaints.problems

    def _word(self, word: re.Match[str], form: str, misc: str, complaints: Complaints) -> None:
        values = dict(part.partition("=")[::2] for part in misc.split("|"))
        tag = self._tag(values, complaints)
        if int(word[1]) <= self.within:
            if tag[1] and self.rows[-1].tag == (OUTSIDE, ""):
                whole = self.rows[-1]
                self.rows[-1] = _Row(whole.form, tag, whole.has_space, whole.is_first)
            return
        self.within = int(word[2] or 0)
        if not form.strip():
            complaints.add("has no form")
            return
        self.rows.append(_Row(form, tag, values.get("SpaceAfter") != "No", self.is_between))
        self.size += len(form) + 1
        self.is_between = False

    def _tag(self, values: dict[str, str], complaints: Complaints) -> tuple[str, str]:
        for key, value in values.items():
            if key.casefold() in _KEYS and value:
                tag = split_tag(value)
                if tag is not None:
                    self.is_tagged = True
                    return tag
                if value.strip("()") != value:
                    self.bracketed += value.count("(")
                else:
                    complaints.add(f"{value!r} is not a tag such as O, B-PER or I-PER")
        return OUTSIDE, ""

    def finished(self, options: ReadOptions) -> AnnotatedDocument:
        """The document, its entities decoded sentence by sentence."""
        pieces: list[str] = []
        offsets: list[tuple[int, int]] = []
        starts: list[int] = []
        length = 0
        for index, row in enumerate(self.rows):
            if index:
                gap = "\n" if row.is_first else " " * self.rows[index - 1].has_space
                pieces.append(gap)
                length += len(gap)
            if row.is_first:
                starts.append(length)
            offsets.append((length, length + len(row.form)))
            pieces.append(row.form)
            length += len(row.form)
        complaints = Complaints(self.place, options.on_error)
        cleaned = CleanedText("".join(pieces))
        checks = SpanChecks(cleaned, complaints, options)
        spans = checks.once(self._spans(offsets, checks))
        if self.bracketed:
            complaints.note(f"entities that MISC spells with brackets, left out: {self.bracketed}")
        document = new_document(
            cleaned.text,
            id=self.id,
            tokens=Tokens(offsets, tokenizer=SOURCE_TOKENIZER),
            sentences=tuple(starts),
        )
        return AnnotatedDocument(
            document,
            spans=spans,
            status=Status.DONE if self.is_tagged else Status.TODO,
            problems=tuple(
                Problem(document.id, each.place, each.message)
                for each in (*self.problems, *complaints.problems)
            ),
        )

    def _spans(self, offsets: list[tuple[int, int]], checks: SpanChecks) -> Iterator[Span]:
        firsts = [index for index, row in enumerate(self.rows) if row.is_first]
        for first, end in zip(firsts, [*firsts[1:], len(self.rows)], strict=True):
            for each in entities([row.tag for row in self.rows[first:end]], Scheme()):
                start, last = offsets[first + each.first][0], offsets[first + each.end - 1][1]
                span = checks.span(start, last, each.label, name=f"the entity at {start}")
                if span is not None:
                    yield span
