"""Search in all texts and in one annotator's spans: where the hits are, and what stands around them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import regex

from annotator.editing.search import FoldedText, folded, folds_evenly
from annotator.errors import InputError, StoreError, UsageError
from annotator.model.annotations import AnnotationSet, DecidedSpan
from annotator.store.repository import Store
from annotator.store.text_index import Folding, IndexedText, TextIndex
from annotator.workspace.find.query import Query
from annotator.workspace.finished_sets import damaged_sets

Progress = Callable[[int, int], None]

_PATTERN_SECONDS = 2.0
"""A pattern gets so long for one text: some take for ever."""
_NEIGHBOURHOOD = 60
"""So many characters on either side decide the order by neighbours."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A place `[start, end)` in a document, in code points, with the words around it.

    `span` is the annotator's span there, or one that it touches; None if there is none.
    """

    document: str
    start: int
    end: int
    before: str
    text: str
    behind: str
    span: DecidedSpan | None = None

    @property
    def is_exact(self) -> bool:
        """True if the span has just these edges."""
        return self.span is not None and (self.span.start, self.span.end) == (self.start, self.end)


@dataclass(slots=True)
class FoundHits:
    """What was found, and why documents or sets could not be read, by document."""

    hits: list[Hit] = field(default_factory=list)
    unreadable: dict[str, str] = field(default_factory=dict)

    @property
    def documents(self) -> int:
        """In how many documents there are hits."""
        return len({hit.document for hit in self.hits})


class Search:
    """Searches one store for one annotator's eyes; to be closed. `annotator` may be gold."""

    def __init__(self, store: Store, annotator: str) -> None:
        self.annotator = annotator
        self._store = store
        self._index = TextIndex(store, fold=_fold)
        self._with_spans = set(store.catalogue.sets(annotator))

    def close(self) -> None:
        """Close the index."""
        self._index.close()

    def update(self, *, progress: Progress | None = None) -> None:
        """Bring the index up to what is in the store."""
        self._index.update(progress=progress)

    def find(self, query: Query) -> FoundHits:
        """All hits, sorted as the query says. UsageError for a pattern that is none, or takes too long."""
        hits = FoundHits(unreadable=self._index.unreadable | damaged_sets(self._store, self.annotator))
        for indexed in self._candidates(query):
            try:
                hits.hits += self._hits(query, indexed)
            except (StoreError, InputError) as error:
                hits.unreadable[indexed.document] = error.message
        hits.hits.sort(key=_SORTS[query.sort])
        return hits

    def _candidates(self, query: Query) -> Iterator[IndexedText]:
        texts = self._index.containing(query.words) if query.words else self._index.all()
        if query.is_about_spans:
            return (indexed for indexed in texts if indexed.document in self._with_spans)
        return texts

    def _hits(self, query: Query, indexed: IndexedText) -> Iterator[Hit]:
        document_id, text = indexed.document, indexed.text
        annotation_set = (
            self._store.load_set(document_id, self.annotator, gold=True)
            if document_id in self._with_spans
            else AnnotationSet(document_id, self.annotator)
        )
        places = (
            _places(query, indexed)
            if query.has_text
            else ((span.start, span.end) for span in annotation_set.spans)
        )
        for start, end in places:
            span = _span_at(annotation_set, start, end)
            if _fits(query, span, start, end):
                yield Hit(
                    document_id,
                    start,
                    end,
                    text[max(0, start - _NEIGHBOURHOOD) : start],
                    text[start:end],
                    text[end : end + _NEIGHBOURHOOD],
                    span,
                )


def _fold(text: str) -> Folding:
    return Folding(folded(text), folds_evenly(text))


def _places(query: Query, indexed: IndexedText) -> Iterator[tuple[int, int]]:
    text = indexed.text
    if query.pattern:
        yield from _matches(query.pattern, text)
        return
    is_prefix = query.words.endswith("*")
    folding = indexed.folding
    searched = FoldedText.of_even(folding.text) if folding.is_aligned else FoldedText(text)
    for start, found_end in searched.find_all(query.words.removesuffix("*").strip()):
        end = found_end
        if is_prefix:
            while end < len(text) and text[end].isalnum():
                end += 1
        if not (_is_inside_word(text, start) or _is_inside_word(text, end)):
            yield start, end


def _is_inside_word(text: str, offset: int) -> bool:
    """True if a word of a script that puts spaces between words goes on across an offset."""
    around = text[max(0, offset - 1) : offset + 1]
    return 0 < offset < len(text) and around.isalnum() and not any(map(_is_unspaced, around))


def _is_unspaced(char: str) -> bool:
    return "\u0e00" <= char <= "\u0eff" or "\u3040" <= char <= "\u30ff" or "\u3400" <= char <= "\u9fff"


def _matches(pattern: str, text: str) -> Iterator[tuple[int, int]]:
    try:
        compiled = regex.compile(pattern)
    except regex.error as error:
        raise UsageError(
            f"{pattern} is no regular expression: {error}", hint="a \\ before a sign takes it as it is"
        ) from error
    try:
        for match in compiled.finditer(text, timeout=_PATTERN_SECONDS):
            if match.end() > match.start():
                yield match.span()
    except TimeoutError as error:
        raise UsageError(
            f"{pattern} takes more than {_PATTERN_SECONDS:g} s for one text",
            hint="repetitions within repetitions, as in (a+)+, take very long",
        ) from error


def _span_at(annotation_set: AnnotationSet, start: int, end: int) -> DecidedSpan | None:
    touching = [span for span in annotation_set.spans if span.start < end and start < span.end]
    exact = (span for span in touching if (span.start, span.end) == (start, end))
    return next(exact, touching[0] if touching else None)


def _fits(query: Query, decided: DecidedSpan | None, start: int, end: int) -> bool:
    if query.is_unmarked:
        return decided is None
    if decided is None:
        return not query.is_about_spans
    suggestion = decided.suggestion
    return (
        (not query.label or decided.label == query.label)
        and (not query.is_doubtful or decided.span.doubt)
        and (not query.has_note or bool(decided.span.note))
        and (not query.source or (suggestion is not None and suggestion.source == query.source))
    )


def _left(hit: Hit) -> tuple[object, ...]:
    return (folded(hit.before).split()[::-1], folded(hit.text))


def _right(hit: Hit) -> tuple[object, ...]:
    return (folded(hit.behind).split(), folded(hit.text))


def _text(hit: Hit) -> tuple[object, ...]:
    return (folded(hit.text), folded(hit.behind).split())


_SORTS: dict[str, Callable[[Hit], tuple[object, ...]]] = {
    "order": lambda hit: (),
    "left": _left,
    "right": _right,
    "text": _text,
}
