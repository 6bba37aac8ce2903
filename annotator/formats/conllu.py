"""CoNLL-U, read for the entities that tools put into its column MISC, as `NER=B-PER`, `name=B-PER` or `B-PER`.

The text is built from the words and `SpaceAfter=No`, sentences on a line each. A word of several, `3-4`, is one token
with the tag of its first part; empty nodes are passed over. `# newdoc id = …` begins a document. CoNLL-U
Plus names its columns in `# global.columns`, of which one may be NER. Entities that MISC spells with brackets, as CorefUD does, are reported and left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from annotator.formats.checking import SpanChecks
from annotator.formats.cleaning import CleanedText
from annotator.formats.exchange import (
    SOURCE_TOKENIZER,
    AnnotatedDocument,
    Complaints,
    Problem,
    ReadOptions,
    Report,
    broken,
)
from annotator.formats.iob import OUTSIDE, Scheme, entities, split_tag
from annotator.formats.sources import Source, lines, too_large
from annotator.formats.tag_styles import USUAL
from annotator.model.decisions import Status
from annotator.model.documents import new_document
from annotator.model.spans import Span
from annotator.model.tokens import Tokens

_COLUMNS = 10
_FORM, _LEMMA, _MISC = 1, 2, 9
_KEYS = {"ner", "ne", "entity"}
"""The keys of MISC whose value must be a tag; under others, and without a key, it is one if it looks like it."""
_LOOSE_KEYS = {"name", "tag", "label", "bio", "iob", "namedentity", "ent", "enttype", "entitytype", "nertag"}
_LABEL_ALONE = re.compile(r"[A-Z][A-Z_-]+")
_TAG_ELSEWHERE = re.compile(r"(?:[^\t|]*=)?[BIESLU]-[A-Z][A-Za-z_-]*")
_SURE_TAG = re.compile(r"[BIESLU]-[A-Z][A-Z_-]+")
_NER_NAMES = {"ner", "ne", "entity", "entities", "named_entity", "ner_tag", "bio", "iob"}
_GLOBAL = re.compile(r"#\s*global\.columns\s*=\s*(.*)")
_WORD = re.compile(r"(\d{1,9})(?:-(\d{1,9}))?")
_EMPTY = re.compile(r"\d+\.\d+")
_DOCUMENT = re.compile(r"#\s*newdoc(?:\s+id\s*=\s*(\S.*?))?\s*")
_ROW = re.compile(rb"(?:\xef\xbb\xbf)?(?:#[^\n]*\n)*1(?:-\d+)?\t(?:[^\t\n]*\t){8}[^\t\n]*(?:\r?\n|$)")


def read(source: Source, options: ReadOptions, report: Report) -> Iterator[AnnotatedDocument]:
    """The documents of a file with their tokens and sentences; done if any word has a tag.

    InputError names the file and line of a broken row, or it is left out and reported, as the options say.
    """
    columns = _Columns()
    draft = _Draft(f"{source.name}:1")
    for number, line in lines(source, options.encoding, size_limit=options.size_limit):
        line = line.lstrip("\ufeff")  # of each part where files were joined
        place = f"{source.name}:{number}"
        if names := _GLOBAL.fullmatch(line):
            columns = _named_columns(names[1].split(), place)
            draft.columns = columns
        elif begun := _DOCUMENT.fullmatch(line):
            if draft.rows:
                yield draft.finished(options)
            draft = _Draft(place, begun[1], columns)
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
class _Columns:
    """Where a row has its form, its MISC and a tag of its own, as CoNLL-U or a line of CoNLL-U Plus says."""

    count: int = _COLUMNS
    id: int = 0
    form: int = _FORM
    misc: int | None = _MISC
    tag: int | None = None


def _named_columns(names: list[str], place: str) -> _Columns:
    """The columns of CoNLL-U Plus; InputError if none of them is ID or FORM."""
    plain = [name.rpartition(":")[2].casefold().replace("-", "_") for name in names]
    if "form" not in plain or "id" not in plain:
        raise broken(place, f"names the columns {', '.join(names)}, of which ID or FORM is missing")
    tag = next((index for index, name in enumerate(plain) if name in _NER_NAMES), None)
    misc = plain.index("misc") if "misc" in plain else None
    return _Columns(len(names), plain.index("id"), plain.index("form"), misc, tag)


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
    columns: _Columns = field(default_factory=_Columns)
    rows: list[_Row] = field(default_factory=list)
    size: int = 0
    within: int = 0
    is_between: bool = True
    is_tagged: bool = False
    bracketed: int = 0
    tagged_elsewhere: int = 0
    problems: list[Problem] = field(default_factory=list)

    def take(self, line: str, complaints: Complaints) -> None:
        """Read one more row."""
        values = line.split("\t")
        columns = self.columns
        if self.is_between:
            self.within = 0
        number = values[columns.id] if columns.id < len(values) else ""
        word = _WORD.fullmatch(number)
        if len(values) != columns.count or (word is None and not _EMPTY.fullmatch(number)):
            complaints.add(f"is no row of {columns.count} columns that begins with a word's number")
        elif word is not None:
            misc = "_" if columns.misc is None else values[columns.misc]
            if columns.tag is not None and values[columns.tag] not in ("_", ""):
                misc = f"{misc}|NER={values[columns.tag]}"
            self._word(word, values[columns.form], misc, complaints)
            self.tagged_elsewhere += any(
                _TAG_ELSEWHERE.fullmatch(part)
                for index, value in enumerate(values)
                if "-" in value and index not in (columns.form, columns.misc, columns.tag, _LEMMA)
                for part in value.split("|")
            )
        self.problems += complaints.problems

    def _word(self, word: re.Match[str], form: str, misc: str, complaints: Complaints) -> None:
        values = dict(part.partition("=")[::2] for part in misc.split("|"))
        tag = self._tag(values, complaints)
        if self.within and int(word[1]) <= self.within:
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
            if not value and split_tag(key) is not None:
                self.is_tagged = True
                return self._entity(key)
            name = key.strip().casefold()
            tag = split_tag(value)
            if tag is not None and (
                name in _KEYS or name in _LOOSE_KEYS or _SURE_TAG.fullmatch(value) is not None
            ):
                self.is_tagged = True
                return self._entity(value)
            if name in _LOOSE_KEYS and _LABEL_ALONE.fullmatch(value) and value != OUTSIDE:
                complaints.add(f"{key}={value} in MISC may be an entity, but is not a tag such as B-{value}")
            if name in _KEYS and value and value != "_":
                if value.strip("()") != value:
                    self.bracketed += value.count("(")
                else:
                    complaints.add(f"{value!r} is not a tag such as O, B-PER or I-PER")
        return OUTSIDE, ""

    @staticmethod
    def _entity(tag: str) -> tuple[str, str]:
        """A tag as prefix and label; I-O and the like are outside."""
        return USUAL.split(tag) or (OUTSIDE, "")

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
        if self.tagged_elsewhere:
            complaints.lose(
                f"words with a tag such as B-PER in a column that is not read for entities: {self.tagged_elsewhere}"
            )
        if self.bracketed:
            complaints.lose(f"entities that MISC spells with brackets, left out: {self.bracketed}")
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
                replace(each, document=document.id) for each in (*self.problems, *complaints.problems)
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
