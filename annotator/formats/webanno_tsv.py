"""WebAnno TSV 3, which INCEpTION reads and writes: one document a file, its sentences, tokens and layers.

Offsets count UTF-16 units. Every layer of spans gives spans, but those of tokens (lemma, part of speech and the
like): the label is the feature `value`, else the layer's first, else the layer's own name; a named entity's
`identifier` is its knowledge base id. Relations, chains and slots are reported and left out. Text between sentences is
not in the file: as INCEpTION does, one line feed stands for it, and spaces for what is missing beyond. Written is the
layer of named entities; a span may begin and end within a token.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from annotator.formats.checking import SpanChecks, tokens_in
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
from annotator.formats.naming import FileName, named_by
from annotator.formats.sources import Source, lines, too_large
from annotator.formats.utf16 import Utf16
from annotator.model.documents import new_document
from annotator.model.spans import Span

FORMAT_LINE = "#FORMAT=WebAnno TSV 3"
LAYER = "de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity"
"""The layer of named entities, which every project of INCEpTION has."""
KB_ID, LABEL = "identifier", "value"
ESCAPES = {char: f"\\{char}" for char in "\\[]|_;*"} | {"->": "\\->", "\t": "\\t", "\n": "\\n"}
"""How values are escaped."""
TEXT_ESCAPES = {chr(code): f"\\{chr(code)}" for code in range(32) if not 7 < code < 14} | {
    "\t": "\\t",
    "\n": "\\n",
    "\f": "\\f",
    "\r": "\\r",
    "\b": "\\b",
    "\\": "\\\\",
}
"""How texts and tokens are escaped."""

_OF_TOKENS = re.compile(
    r"\.(lexmorph|segmentation|syntax|transform|anomaly)\.type\.|\.type\.(Morpheme|Stem)$"
)
_PLAIN = {escape: char for char, escape in ESCAPES.items()}
_PLAIN_TEXT = {escape: char for char, escape in TEXT_ESCAPES.items()}
_VALUE_ESCAPE = re.compile(r"\\(?:->|[\\\[\]|_;*tn])")
_TEXT_ESCAPE = re.compile(r"\\[\x00-\x07\x0e-\x1ftnfrb\\]")
_STACKED = re.compile(r"(?:[^\\|]|\\.)+", re.DOTALL)
_NUMBERED = re.compile(r"((?:[^\\]|\\.)*?)\[(\d+)\]", re.DOTALL)
_PLACE = re.compile(r"(\d{1,12})-(\d{1,12})")
_UNIT = re.compile(r"\d+-\d+(\.\d+)?")


def read(source: Source, options: ReadOptions, report: Report) -> Iterator[AnnotatedDocument]:
    """The file's document, done, with its tokens and sentences.

    InputError names the file and line that are broken, or they are left out and reported, as the options say.
    """
    reading = _Reading(source, options)
    for number, line in lines(source, options.encoding, size_limit=options.size_limit):
        reading.take(number, line)
    if reading.size > options.size_limit:
        raise too_large(source.name, options.size_limit)
    yield reading.finished(named_by(source))


def sniff(head: bytes) -> bool:
    """True if the file begins with the line of this format."""
    return head.removeprefix(b"\xef\xbb\xbf").startswith(FORMAT_LINE.encode())


@dataclass(frozen=True, slots=True)
class _Layer:
    """A layer: its name, where its columns begin, what they hold, and as what it is left out, if it is."""

    name: str
    column: int
    features: tuple[str, ...]
    left_out: str = ""

    @property
    def short_name(self) -> str:
        """The name without its package."""
        return self.name.rpartition(".")[2]

    @property
    def label(self) -> int | None:
        """Which feature is the label; None if the layer has none."""
        plain = [index for index, name in enumerate(self.features) if name and "." not in name]
        plain = [index for index in plain if self.features[index] != KB_ID]
        values = [index for index in plain if self.features[index] == LABEL]
        return next(iter(values or plain), None)


@dataclass(slots=True)
class _Annotation:
    """A span as its rows tell it, in UTF-16 units."""

    place: str
    layer: _Layer
    start: int
    end: int
    label: str = ""
    kb_id: str = ""


@dataclass(slots=True)
class _Reading:
    """What has been read of one file so far. `pieces` are the text of the sentences and what lies between them."""

    source: Source
    options: ReadOptions
    layers: list[_Layer] = field(default_factory=list)
    columns: int = 3
    pieces: list[str] = field(default_factory=list)
    units: int = 0
    size: int = 0
    sentence: list[str] = field(default_factory=list)
    sentences: list[int] = field(default_factory=list)
    tokens: list[tuple[str, int, int, str]] = field(default_factory=list)
    annotations: list[_Annotation] = field(default_factory=list)
    numbered: dict[str, _Annotation] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)

    def take(self, number: int, line: str) -> None:
        """Read one more line."""
        place = f"{self.source.name}:{number}"
        if number == 1:
            if not line.startswith(FORMAT_LINE):
                raise broken(place, f"does not begin with {FORMAT_LINE}")
        elif line.startswith(("#T_SP=", "#T_RL=", "#T_CH=")) and not self.tokens:
            self._declare(line)
        elif line.startswith("#Text="):
            self.sentence.append(_unescaped_text(line.removeprefix("#Text=")))
        elif line and not line.startswith("#"):
            self._row(place, line)

    def finished(self, name: FileName) -> AnnotatedDocument:
        """The document. Offsets are turned into code points here, where the whole text is known."""
        raw = "".join(self.pieces)
        cleaned, units = CleanedText(raw), Utf16(raw)
        complaints = Complaints(self.source.name, self.options.on_error)
        offsets = []
        for place, start, end, form in self.tokens:
            first, last = units.point(start), units.point(end)
            if first is None or last is None or raw[first:last] != form:
                local = Complaints(place, self.options.on_error)
                local.add(f"the token {form!r} is not what the text holds at {start}-{end}")
                self.problems += local.problems
                continue
            offsets.append((first, last))
        starts = [
            cleaned.moved(point, point)[0]
            for unit in self.sentences
            if (point := units.point(unit)) is not None
        ]
        spans = self._spans(cleaned, units, complaints)
        for what, count in self.left_out.items():
            complaints.note(f"{what}, left out: {count}")
        document = new_document(
            cleaned.text,
            id=name.id,
            meta={"source": self.source.name},
            tokens=tokens_in(cleaned, offsets, SOURCE_TOKENIZER, complaints),
            sentences=tuple(dict.fromkeys(starts)) or None,
        )
        problems = (
            *(Problem(document.id, each.place, each.message) for each in self.problems),
            *complaints.of(document.id),
        )
        return name.work(document, spans, problems)

    def _spans(self, cleaned: CleanedText, units: Utf16, complaints: Complaints) -> tuple[Span, ...]:
        found: list[Span] = []
        for each in self.annotations:
            if each.start == each.end:
                self.left_out["spans without characters"] += 1
                continue
            local = Complaints(each.place, self.options.on_error)
            span = SpanChecks(cleaned, local, self.options).span(
                units.point(each.start),
                units.point(each.end),
                each.label or each.layer.short_name,
                name=each.layer.short_name,
                kb_id=each.kb_id,
            )
            self.problems += local.problems
            if span is not None:
                found.append(span)
        return SpanChecks(cleaned, complaints, self.options).once(found)

    def _declare(self, line: str) -> None:
        name, *features = line[6:].split("|")
        features = features or [""]
        column, self.columns = self.columns, self.columns + len(features)
        left_out = "chains" if line.startswith("#T_CH=") else "relations"
        if line.startswith("#T_SP="):
            left_out = "annotations" if _OF_TOKENS.search(name) else ""
        self.layers.append(_Layer(name, column, tuple(features), left_out))

    def _row(self, place: str, line: str) -> None:
        cells = line.split("\t")
        complaints = Complaints(place, self.options.on_error)
        numbers = _PLACE.fullmatch(cells[1]) if len(cells) >= self.columns else None
        unit = _UNIT.fullmatch(cells[0])
        if numbers is None or unit is None:
            complaints.add(
                f"is no row of {self.columns} columns that begins with a token's number and offsets"
            )
            self.problems += complaints.problems
            return
        start, end = int(numbers[1]), int(numbers[2])
        if unit[1] is None:
            form = _unescaped_text(cells[2])
            if self.sentence:
                self._begin(start, form)
            self.tokens.append((place, start, end, form))
        for layer in self.layers:
            self._annotate(place, layer, cells[layer.column : layer.column + len(layer.features)], start, end)

    def _begin(self, start: int, form: str) -> None:
        """Put a sentence in its place: after a line feed, and spaces where the file has nothing to say.

        It begins where its first token does; where that row is broken, the next one tells.
        """
        text = "\n".join(self.sentence)
        self.sentence.clear()
        before = Utf16(text).unit(max(0, text.find(form)))
        start -= before if start - before >= self.units else 0
        if self.pieces and start > self.units:
            self._append("\n")
        self._append(" " * (start - self.units))
        self.sentences.append(start)
        self._append(text)

    def _append(self, text: str) -> None:
        self.pieces.append(text)
        self.size += len(text)
        self.units += len(text) + sum(char > "\uffff" for char in text)

    def _annotate(self, place: str, layer: _Layer, cells: list[str], start: int, end: int) -> None:
        """Begin or lengthen the annotations of one layer that a row tells of."""
        rows = [_STACKED.findall(cell) if cell != "_" else [] for cell in cells]
        for index in range(max(map(len, rows))):
            values = [row[index] if index < len(row) else "*" for row in rows]
            number = None
            for at, value in enumerate(values):
                is_target = "." in layer.features[at] and not layer.features[at].startswith("ROLE_")
                if not is_target and (match := _NUMBERED.fullmatch(value)):
                    values[at], number = match[1], match[2]
            if number is not None and number in self.numbered:
                self.numbered[number].end = max(self.numbered[number].end, end)
                continue
            each = _Annotation(place, layer, start, end)
            if number is not None:
                self.numbered[number] = each
            if layer.left_out:
                self.left_out[f"{layer.left_out} of {layer.short_name}"] += 1
                continue
            self.annotations.append(each)
            for at, (feature, value) in enumerate(zip(layer.features, values, strict=True)):
                if value in ("*", "_"):
                    continue
                if at == layer.label:
                    each.label = _unescaped(value)
                elif feature == KB_ID:
                    each.kb_id = _unescaped(value)
                elif "." not in feature or feature.startswith("ROLE_"):
                    self.left_out[f"values of {layer.short_name}.{_feature_name(feature)}"] += 1


def _feature_name(feature: str) -> str:
    """A feature as people know it; slots are declared as ROLE_<type>:<feature>_<type of the link>."""
    return feature.partition(":")[2].partition("_")[0] if feature.startswith("ROLE_") else feature


def _unescaped(value: str) -> str:
    return _VALUE_ESCAPE.sub(lambda match: _PLAIN[match[0]], value)


def _unescaped_text(text: str) -> str:
    return _TEXT_ESCAPE.sub(lambda match: _PLAIN_TEXT[match[0]], text)
