"""What several annotators finished, as columns: one row a distinct span, offsets counted through the whole corpus.

All figures are computed on these columns. Laid end to end, documents need no loop: two spans of different documents
never share a character, so one search through sorted offsets serves the whole corpus.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NoReturn

from annotator.errors import InputError
from annotator.measure.arrays import Bools, Ints
from annotator.model.spans import Labelled
from annotator.model.tokens import Tokens


@dataclass(frozen=True, slots=True)
class FinishedDocument:
    """One document and who finished it.

    `length` is the text's, in code points; `tokens` are half-open offsets in the text, sorted and disjoint. `sets`
    maps an annotator to the spans of that annotator's finished set: no spans at all are an answer, while an
    annotator who is not in it is missing data.
    """

    id: str
    length: int
    tokens: Iterable[tuple[int, int]]
    sets: Mapping[str, Iterable[Labelled]]


@dataclass(frozen=True, slots=True, eq=False)
class SpanRows:
    """Distinct spans of one annotator as columns, sorted by start, length and label.

    `start` and `end` count from the beginning of the corpus; `document` and `label` are positions in the corpus's
    ids and labels. `place` numbers distinct offsets, `key` distinct offsets and label, alike for all annotators.
    `item` is the position in the corpus's items of the annotator.
    """

    document: Ints
    start: Ints
    end: Ints
    label: Ints
    place: Ints
    key: Ints
    item: Ints

    def __len__(self) -> int:
        return len(self.key)

    def take(self, rows: Ints | Bools) -> SpanRows:
        """Some of the rows: a mask, or positions in rising order."""
        return SpanRows(
            self.document[rows],
            self.start[rows],
            self.end[rows],
            self.label[rows],
            self.place[rows],
            self.key[rows],
            self.item[rows],
        )


@dataclass(frozen=True, slots=True, eq=False)
class Corpus:
    """Documents sorted by id, annotators and labels by name, and the columns of their spans and tokens.

    `base` holds where each document begins, and last where the corpus ends; `finished` is a matrix of annotators
    by documents. `items` are the spans as they came in; of equal ones the first.
    """

    ids: tuple[str, ...]
    annotators: tuple[str, ...]
    labels: tuple[str, ...]
    base: Ints
    finished: Bools
    token_document: Ints
    token_start: Ints
    token_end: Ints
    spans: tuple[SpanRows, ...]
    items: tuple[tuple[Labelled, ...], ...]

    @staticmethod
    def of(documents: Iterable[FinishedDocument]) -> Corpus:
        """The corpus of these documents, in whatever order they come.

        InputError if an id comes twice, or if a span or token is empty or lies outside its text.
        """
        builder = CorpusBuilder()
        for document in documents:
            builder.add(document)
        return builder.build()

    def shared(self, *annotators: int) -> Bools:
        """Which documents all of these annotators finished."""
        shared: Bools = self.finished[annotators[0]]
        for annotator in annotators[1:]:
            shared = shared & self.finished[annotator]
        return shared

    def rows(self, annotator: int, documents: Bools) -> SpanRows:
        """An annotator's spans in some of the documents."""
        rows = self.spans[annotator]
        return rows if documents.all() else rows.take(documents[rows.document])

    def position(self, annotator: str) -> int:
        """The row of an annotator; InputError if nothing of that name came in."""
        try:
            return self.annotators.index(annotator)
        except ValueError:
            names = ", ".join(self.annotators) or "none"
            raise InputError(
                f"{annotator} has finished none of these documents", hint=f"these have: {names}"
            ) from None


class _Sets:
    """One annotator's sets, as they come in."""

    __slots__ = ("counts", "documents", "items")

    def __init__(self) -> None:
        self.documents: list[int] = []
        self.counts: list[int] = []
        self.items: list[Labelled] = []


class CorpusBuilder:
    """Collects documents one by one, so that who has many can show how far it is."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._lengths: list[int] = []
        self._tokens: list[tuple[Ints, Ints]] = []
        self._sets: dict[str, _Sets] = {}

    def add(self, document: FinishedDocument) -> None:
        """Take in one document; InputError if its id is there already or its tokens do not fit its text."""
        number = len(self._lengths)
        if self._numbers.setdefault(document.id, number) != number:
            raise InputError(
                f"document {document.id} comes twice",
                hint="give each document once, with the sets of all who finished it",
            )
        self._lengths.append(document.length)
        self._tokens.append(_token_columns(document))
        for annotator, spans in document.sets.items():
            sets = self._sets.setdefault(annotator, _Sets())
            before = len(sets.items)
            sets.items.extend(spans)
            sets.documents.append(number)
            sets.counts.append(len(sets.items) - before)

    def build(self) -> Corpus:
        """The corpus of what was added; InputError if a span is empty or lies outside its text."""
        import numpy as np

        ids = sorted(self._numbers)
        order = np.fromiter((self._numbers[id] for id in ids), np.int64, len(ids))
        rank = np.empty_like(order)
        rank[order] = np.arange(len(ids))
        lengths = np.array(self._lengths, dtype=np.int64)[order]
        base = np.concatenate([[0], np.cumsum(lengths)])

        annotators = sorted(self._sets)
        finished = np.zeros((len(annotators), len(ids)), dtype=np.bool_)
        names = [[item.label for item in self._sets[annotator].items] for annotator in annotators]
        labels = sorted(set().union(*names))
        code = {label: number for number, label in enumerate(labels)}
        columns = []
        for row, annotator in enumerate(annotators):
            sets = self._sets[annotator]
            finished[row, rank[sets.documents]] = True
            document = np.repeat(rank[sets.documents], sets.counts)
            count = len(sets.items)
            start = np.fromiter((item.start for item in sets.items), np.int64, count)
            end = np.fromiter((item.end for item in sets.items), np.int64, count)
            wrong = (start < 0) | (end <= start) | (end > lengths[document])
            if wrong.any():
                _refuse(annotator, sets.items[int(wrong.argmax())], ids[int(document[wrong.argmax()])])
            label = np.fromiter((code[name] for name in names[row]), np.int64, count)
            columns.append((document, start + base[document], end + base[document], label))

        token_document, token_start, token_end = self._token_rows(order, base)
        return Corpus(
            ids=tuple(ids),
            annotators=tuple(annotators),
            labels=tuple(labels),
            base=base,
            finished=finished,
            token_document=token_document,
            token_start=token_start,
            token_end=token_end,
            spans=_span_rows(columns, len(labels)),
            items=tuple(tuple(self._sets[annotator].items) for annotator in annotators),
        )

    def _token_rows(self, order: Ints, base: Ints) -> tuple[Ints, Ints, Ints]:
        """Document, start and end of all tokens, documents in their order in the corpus."""
        import numpy as np

        tokens = [self._tokens[number] for number in order.tolist()]
        counts = [len(starts) for starts, _ in tokens]
        document = np.repeat(np.arange(len(order)), counts)
        nothing = np.empty(0, dtype=np.int64)
        start = np.concatenate([nothing, *(starts for starts, _ in tokens)]) + base[document]
        end = np.concatenate([nothing, *(ends for _, ends in tokens)]) + base[document]
        return document, start, end


def _token_columns(document: FinishedDocument) -> tuple[Ints, Ints]:
    """Starts and ends of a document's tokens."""
    import numpy as np

    tokens = document.tokens
    if isinstance(tokens, Tokens):
        start = np.array(tokens.starts, dtype=np.int64)
        end = np.array(tokens.ends, dtype=np.int64)
    else:
        flat = array("q", (offset for token in tokens for offset in token))
        start, end = np.array(flat[::2], dtype=np.int64), np.array(flat[1::2], dtype=np.int64)
    bounds = np.concatenate([[0], end])
    if (start >= end).any() or (start < bounds[:-1]).any() or bounds[-1] > document.length:
        raise InputError(
            f"the tokens of document {document.id} do not fit its text",
            hint="tokens are sorted, not empty, do not overlap, and end where the text ends or before",
        )
    return start, end


def _span_rows(columns: list[tuple[Ints, Ints, Ints, Ints]], labels: int) -> tuple[SpanRows, ...]:
    """Number places and keys alike for all annotators; sort each one's rows and drop duplicates."""
    import numpy as np

    if not columns:
        return ()
    longest = max((int((end - start).max(initial=0)) for _, start, end, _ in columns), default=0)
    offsets = np.concatenate([start * (longest + 1) + (end - start) for _, start, end, _ in columns])
    places = np.unique(offsets, return_inverse=True)[1].astype(np.int64)
    found = []
    for (document, start, end, label), place in zip(
        columns, np.split(places, np.cumsum([len(start) for _, start, _, _ in columns])[:-1]), strict=True
    ):
        key, item = np.unique(place * labels + label, return_index=True)
        found.append(
            SpanRows(
                document[item], start[item], end[item], label[item], place[item], key, item.astype(np.int64)
            )
        )
    return tuple(found)


def _refuse(annotator: str, item: Labelled, document_id: str) -> NoReturn:
    raise InputError(
        f"{annotator}'s span [{item.start}, {item.end}) in document {document_id} is empty or lies outside the text",
        hint="is it of another version of the text?",
    )
