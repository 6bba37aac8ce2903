"""Reading CoNLL: the layout is found from the first rows, then the file is read row by row.

The text is the tokens joined by single spaces and the sentences by line feeds; where the file says that no space
follows a token (NoSpaceAfter in a column MISC), none does. A document is known by the id that the file gives it, else
by the hash of its text.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from annotator.errors import InputError
from annotator.formats.alignment import in_order
from annotator.formats.conll.columns import LabelColumn, Layout, Row, Sample, find_layout, header_names
from annotator.formats.conll.lines import (
    DOCUMENT,
    columns_of,
    document_beginning,
    is_document_ending,
    looks_like_comment,
    numbered_lines,
    sentence_id,
)
from annotator.formats.exchange import (
    SOURCE_TOKENIZER,
    AnnotatedDocument,
    Complaints,
    Part,
    Problem,
    ReadOptions,
    Report,
)
from annotator.formats.iob import OUTSIDE, Scheme, entities
from annotator.formats.sources import Source, too_large
from annotator.formats.tag_styles import Spelling, TagReader
from annotator.model.decisions import Status
from annotator.model.documents import new_document
from annotator.model.spans import Span
from annotator.model.tokens import Tokens

_SAMPLE_ROWS = 20_000
_LARGEST_SAMPLE = 400_000
_LONG = 100
"""Sentences in one document from which on a person is told how to split it."""
_NO_LINK = frozenset({"", "_", "-", "O", "NIL", "--NME--", "*null*"})
_SENTENCE_ENDS = frozenset({"EndOfSentence", "PySBDSegment"})
_HIDDEN_WORD = "[WORD]"

_Tag = tuple[str, str]
_NOTHING: _Tag = (OUTSIDE, "")


def read(source: Source, options: ReadOptions, report: Report) -> Iterator[AnnotatedDocument]:
    """The documents of a file, each done, with the tokens and sentences that the file gives them.

    A text that the file repeats is yielded once and reported. InputError if no column holds tags, or names the file
    and line of a token without one; it is left out as the options say, and the document is not done.
    """
    layout = find_layout(_sample(source, options), options, name=source.name)
    for note in layout.notes:
        report.add(Problem("", source.name, note))
    reader = RowReader(layout, source.name, options)
    yield from finished_drafts(reader.drafts(source), reader, report)


def finished_drafts(
    drafts: Iterable[Draft], reader: RowReader, report: Report
) -> Iterator[AnnotatedDocument]:
    """The documents that were read, without empty ones and repetitions, and what is to be said of the whole file."""
    ids: dict[str, tuple[str, int]] = {}
    for draft in drafts:
        if not draft.sentences:
            report.add(Problem("", draft.place, "a document without tokens, left out"))
            continue
        annotated = draft.finished(reader)
        key, content = annotated.document.id, hash((annotated.document.text, annotated.spans))
        if key in ids:
            place, other = ids[key]
            repeated = _repeated(draft, place, is_same=other == content)
            if repeated is None:
                draft.id = None
                annotated = draft.finished(reader)
                message = f"has the id {key} of {place}, but is another document; it is known by its text"
                repeated = Problem(annotated.document.id, draft.place, message)
                report.add(repeated)
                yield annotated
                continue
            report.add(repeated)
            continue
        ids[key] = (draft.place, content)
        yield annotated
    reader.report_to(report)


def _repeated(draft: Draft, place: str, *, is_same: bool) -> Problem | None:
    """What to say of a document that the file holds twice; None if it is another one under the same id."""
    if is_same:
        return Problem(draft.id or "", draft.place, f"has the text of {place} and the same spans")
    if draft.id is not None:
        return None
    message = f"has the text of {place} but other spans, which are left out"
    return Problem("", draft.place, message, loses=Part.SPAN)


def sniff(head: bytes) -> bool:
    """True if the first lines are tokens with tags such as B-PER, one of them not O, or begin with -DOCSTART-."""
    text = head.decode("utf-8", "ignore").removeprefix("\ufeff")
    if text.startswith(DOCUMENT):
        return True
    collector = _SampleCollector()
    for line in text.split("\n")[:-1] or [text]:
        collector.add(line.removesuffix("\r"))
    sample = collector.sample()
    if not sample.sentences:
        return False
    try:
        layout = find_layout(sample, ReadOptions(), name="")
    except InputError:
        return False
    (label,) = layout.labels
    if label.style.spelling not in (Spelling.PREFIX, Spelling.BRACKETS):
        return False
    reader = TagReader(label.style)
    tags: list[_Tag | None] = []
    for sentence in sample.sentences:
        reader.begin_sentence()
        rows = [row for line in sentence for row in layout.rows(line)]
        tags += [reader.read(layout.value(row, label.index) or "") for row in rows]
    return None not in tags and any(tag != _NOTHING for tag in tags)


class _SampleCollector:
    """Gathers the lines that are rows, sentence by sentence, and the names of the columns.

    Lines that look like comments are rows where a file has no others.
    """

    def __init__(self) -> None:
        self.row_count = 0
        self._sentences: list[list[str]] = [[]]
        self._comments: list[list[str]] = [[]]
        self._names: list[str] = []
        self._has_header = False

    def add(self, line: str) -> None:
        if not line.strip():
            for sentences in (self._sentences, self._comments):
                if sentences[-1]:
                    sentences.append([])
        elif document_beginning(line) is None and not is_document_ending(line):
            if not self.row_count and not self._names and (names := _names_in(line)):
                self._names, self._has_header = names, not looks_like_comment(line)
            elif looks_like_comment(line):
                self._comments[-1].append(line)
            else:
                self._sentences[-1].append(line)
                self.row_count += 1

    def sample(self) -> Sample:
        rows = self._sentences if self.row_count else self._comments
        return Sample([sentence for sentence in rows if sentence], self._names, self._has_header)


def _names_in(line: str) -> list[str] | None:
    """The names of the columns in a header, or in a comment such as "# global.columns = ID FORM NER"."""
    key, equals, names = line.partition("=")
    if equals and key.strip("# ").casefold() in ("global.columns", "columns"):
        return header_names(names.split())
    if line.startswith("# ") and "\t" not in line:
        return header_names(line[2:].split())
    for separator in (None, ",", ";", "|"):
        columns = columns_of(line, separator)
        if len(columns) > 1 and (found := header_names(columns)):
            return found
    return None


def _sample(source: Source, options: ReadOptions) -> Sample:
    """The first rows of a file; more of them where the first ones hold no entity that could tell the style."""
    limit = _SAMPLE_ROWS
    while True:
        collector = _SampleCollector()
        is_whole = True
        for _, line, _ in numbered_lines(source, options):
            collector.add(line)
            if collector.row_count >= limit:
                is_whole = False
                break
        sample = collector.sample()
        if is_whole or limit >= _LARGEST_SAMPLE or _has_marks(sample):
            return sample
        limit *= 20


def _has_marks(sample: Sample) -> bool:
    """True if not every row ends in O."""
    return any(not line.rstrip().endswith((" O", "\tO")) for lines in sample.sentences for line in lines)


@dataclass(frozen=True, slots=True)
class _Token:
    """A row that was read: its word, a tag for each column of labels, its link, and whether a space follows."""

    word: str
    tags: tuple[_Tag, ...]
    link: str = ""
    has_space: bool = True


@dataclass(slots=True)
class Draft:
    """A document being read: its sentences as tokens."""

    place: str
    id: str | None = None
    is_marked: bool = False
    sentences: list[list[_Token]] = field(default_factory=list)
    size: int = 0
    problems: list[Problem] = field(default_factory=list)
    is_between: bool = True

    def add(self, token: _Token) -> None:
        if self.is_between:
            self.sentences.append([])
            self.is_between = False
        self.sentences[-1].append(token)
        self.size += len(token.word) + 1

    def finished(self, reader: RowReader) -> AnnotatedDocument:
        """The document with the entities of its columns, those of each decoded sentence by sentence."""
        pieces: list[str] = []
        offsets: list[tuple[int, int]] = []
        starts: list[int] = []
        spans: dict[tuple[int, int, str], Span] = {}
        unread: Counter[int] = Counter()
        offset = 0
        for number, sentence in enumerate(self.sentences):
            if number:
                pieces.append("\n")
                offset += 1
            starts.append(offset)
            first = len(offsets)
            for index, token in enumerate(sentence):
                offsets.append((offset, offset + len(token.word)))
                gap = " " if token.has_space and index + 1 < len(sentence) else ""
                pieces += (token.word, gap)
                offset += len(token.word) + len(gap)
            for place, column in enumerate(reader.columns):
                found = entities([token.tags[place] for token in sentence], reader.scheme)
                if column in reader.layout.unread_labels:
                    unread[column.index] += len(found)
                    continue
                for entity in found:
                    start, end = offsets[first + entity.first][0], offsets[first + entity.end - 1][1]
                    span = Span(start, end, entity.label, kb_id=sentence[entity.first].link)
                    spans.setdefault((start, end, entity.label), span)
        document = new_document(
            "".join(pieces),
            id=self.id,
            tokens=Tokens(offsets, tokenizer=SOURCE_TOKENIZER),
            sentences=tuple(starts),
        )
        problems = [*self.problems]
        for index, count in unread.items():
            if count:
                message = (
                    f"entities in column {index + 1} that are left out: {count}; --label-column {index + 1}"
                    " takes these, and --label-column given for each column all of them"
                )
                problems.append(Problem("", self.place, message, loses=Part.SPAN))
        return AnnotatedDocument(
            document,
            spans=tuple(in_order(spans.values())),
            status=Status.DONE,
            problems=tuple(replace(problem, document=document.id) for problem in problems),
        )


class RowReader:
    """Reads rows by a layout, and counts what is worth telling of the whole file."""

    def __init__(self, layout: Layout, name: str, options: ReadOptions) -> None:
        self.layout = layout
        self.columns: tuple[LabelColumn, ...] = (*layout.labels, *layout.unread_labels)
        self.scheme = Scheme()
        self._name = name
        self._options = options
        self._readers = [TagReader(column.style) for column in self.columns]
        self._comments = 0
        self._first_comment = ""
        self._marks: list[int] = []
        self._sentence_value = ""
        self._sentence_id: str | None = None
        self._longest = 0
        self._awaits_header = layout.has_header

    def drafts(self, source: Source) -> Iterator[Draft]:
        """The documents of the file, empty ones too."""
        draft = Draft(f"{self._name}:1")
        for number, line, is_marked in numbered_lines(source, self._options):
            place = f"{self._name}:{number}"
            if is_marked:
                self._marks.append(number)
                draft.is_between = True
            if not line.strip():
                draft.is_between = True
                continue
            beginning = document_beginning(line)
            if beginning is not None:
                if draft.sentences or draft.is_marked:
                    yield draft
                draft = Draft(place, beginning.id, is_marked=True)
                continue
            if is_document_ending(line) or self._is_header(line):
                continue
            for row in self.layout.rows(line):
                if self._is_comment(line, row, draft):
                    self._take_comment(line)
                    break
                if self.begins_document(row, draft):
                    yield draft
                    draft = Draft(place)
                self.take(row, draft, Complaints(place, self._options.on_error))
            if self.layout.is_sentence_a_line:
                draft.is_between = True
        yield self.last(draft)

    def begins_document(self, row: Row, draft: Draft) -> bool:
        """True if a row begins a sentence, as a column may say, and the document before it has all that it is to have."""
        if self._begins_sentence(row):
            draft.is_between = True
        return draft.is_between and not draft.is_marked and self._is_full(draft)

    def take(self, row: Row, draft: Draft, complaints: Complaints) -> None:
        """Read one more row into the document. InputError if that gets too large."""
        if draft.is_between:
            self._begin_sentence(draft)
        self._add_token(row, draft, complaints)
        if draft.size > self._options.size_limit:
            raise too_large(f"the document at {draft.place}", self._options.size_limit)

    def last(self, draft: Draft) -> Draft:
        """The file's last document, of which is noted how long it is."""
        self._longest = 0 if draft.is_marked else len(draft.sentences)
        return draft

    def report_to(self, report: Report) -> None:
        """Tell what holds for the whole file."""
        for message in self._remarks():
            report.add(Problem("", self._name, message))

    def _remarks(self) -> Iterator[str]:
        if self.scheme.is_mixed:
            yield (
                f"entities that begin with B-: {self.scheme.plain_beginnings}, with I-:"
                f" {self.scheme.inner_beginnings}; both were taken"
            )
        if outside := sum(reader.prefixed_outside for reader in self._readers):
            yield f"tags such as I-O, which are taken as O: {outside}"
        if self._comments:
            yield f"lines that are comments, such as {self._first_comment!r}: {self._comments}"
        if self._marks:
            yield (
                "byte order marks within the file, dropped, as where files were joined: "
                f"{len(self._marks)}, the first in line {self._marks[0]}"
            )
        if self._longest >= _LONG and not self._options.group:
            yield (
                f"no line {DOCUMENT} begins a document, so {self._longest} sentences are one;"
                " --group 20 makes a document of every 20"
            )

    def _is_header(self, line: str) -> bool:
        if not self._awaits_header or looks_like_comment(line):
            return False
        self._awaits_header = False
        return True

    def _is_comment(self, line: str, row: Row, draft: Draft) -> bool:
        """True if a line that looks like a comment has no tag where rows have one."""
        if not looks_like_comment(line):
            return False
        label = self.layout.labels[0]
        value = self.layout.value(row, label.index)
        if value is None or not value:
            return True
        if self.layout.width is not None and len(row) > self.layout.width:
            return True
        if label.style.spelling is Spelling.BARE:
            return value != label.style.outside and len(row) != self.layout.width
        return TagReader(label.style).read(value) is None

    def _take_comment(self, line: str) -> None:
        self._comments += 1
        self._first_comment = self._first_comment or line
        self._sentence_id = sentence_id(line) or self._sentence_id

    def _begins_sentence(self, row: Row) -> bool:
        """True if a column of sentence numbers says that another one begins."""
        if self.layout.sentence is None:
            return False
        value = self.layout.value(row, self.layout.sentence)
        if not value or value == self._sentence_value:
            return False
        self._sentence_value = value
        return True

    def _is_full(self, draft: Draft) -> bool:
        return bool(self._options.group) and len(draft.sentences) == self._options.group

    def _begin_sentence(self, draft: Draft) -> None:
        for reader in self._readers:
            reader.begin_sentence()
        if self._options.group == 1 and not draft.is_marked and not draft.sentences:
            draft.id = self._sentence_id
        self._sentence_id = None

    def _add_token(self, row: Row, draft: Draft, complaints: Complaints) -> None:
        """Read one more row into the document."""
        word = self.layout.value(row, self.layout.token)
        if word is None:
            complaints.add(f"has too few columns: {len(row)}")
        elif not word.strip():
            complaints.note("a line without a token, left out")
        elif word == _HIDDEN_WORD:
            raise InputError(
                f"{complaints.place}: the words are hidden: {_HIDDEN_WORD} stands for each of them",
                hint="CoNLL-2012 comes without words; put them in with the script of its authors first",
            )
        else:
            tags = tuple(
                self._tag(row, column, reader, complaints)
                for column, reader in zip(self.columns, self._readers, strict=True)
            )
            flags = self._flags(row)
            draft.add(_Token(word, tags, self._link(row), has_space="NoSpaceAfter" not in flags))
            if not _SENTENCE_ENDS.isdisjoint(flags):
                draft.is_between = True
        draft.problems += complaints.problems

    def _tag(self, row: Row, column: LabelColumn, reader: TagReader, complaints: Complaints) -> _Tag:
        raw = self.layout.value(row, column.index)
        if raw is None and self.layout.may_lack_tag:
            raw = ""
        if raw is None:
            self._complain_of_width(row, complaints)
            return _NOTHING
        tag = reader.read(raw)
        if tag is None:
            complaints.add(f"{raw!r} is not a tag such as {_usual_tags(column)}")
            return _NOTHING
        if column.type_index is not None and tag != _NOTHING:
            tag = (tag[0], self.layout.value(row, column.type_index) or tag[1])
        is_taken = column not in self.layout.unread_labels
        if is_taken and tag[1] and self._options.labels is not None and tag[1] not in self._options.labels:
            complaints.add(f"unknown label {tag[1]}")
            return _NOTHING
        return tag

    def _complain_of_width(self, row: Row, complaints: Complaints) -> None:
        if len(row) == 1:
            complaints.add(f"{row[0]!r} stands alone, without a tag")
        else:
            complaints.add(f"has too few columns: {len(row)}")

    def _link(self, row: Row) -> str:
        if self.layout.link is None:
            return ""
        value = self.layout.value(row, self.layout.link)
        return "" if value is None or value in _NO_LINK else value

    def _flags(self, row: Row) -> list[str]:
        if self.layout.misc is None:
            return []
        return (self.layout.value(row, self.layout.misc) or "").split("|")


def _usual_tags(column: LabelColumn) -> str:
    if column.style.spelling is Spelling.BRACKETS:
        return "*, (PER* or *)"
    return "O, B-PER or I-PER"
