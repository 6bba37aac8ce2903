"""Documents made for tests of this room, and Hypothesis strategies for them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import pairwise

from hypothesis import strategies as st

from annotator.measure.corpus import Corpus, FinishedDocument
from annotator.model.spans import Labelled, Span

LABELS = ("LOC", "ORG", "PER")
ANNOTATORS = ("ana", "ben", "eva", "joe")
LENGTH = 14


def words(text: str) -> list[tuple[int, int]]:
    """The offsets of words between single blanks."""
    offsets, start = [], 0
    for word in text.split(" "):
        offsets.append((start, start + len(word)))
        start += len(word) + 1
    return offsets


def document(
    sets: Mapping[str, Iterable[tuple[int, int, str]]],
    *,
    id: str = "d",
    length: int = LENGTH,
    tokens: Iterable[tuple[int, int]] | None = None,
) -> FinishedDocument:
    """A document with a token a character unless others are given, and spans as start, end and label."""
    return FinishedDocument(
        id,
        length,
        tokens if tokens is not None else [(offset, offset + 1) for offset in range(length)],
        {annotator: [Span(*span) for span in spans] for annotator, spans in sets.items()},
    )


def corpus(sets: Mapping[str, Iterable[tuple[int, int, str]]], *, length: int = LENGTH) -> Corpus:
    """One document as a corpus."""
    return Corpus.of([document(sets, length=length)])


def facts(spans: Iterable[Labelled]) -> list[tuple[int, int, str]]:
    """Start, end and label of each span."""
    return [(span.start, span.end, span.label) for span in spans]


@st.composite
def spans(draw: st.DrawFn, *, flat: bool = False) -> list[tuple[int, int, str]]:
    """Spans of one annotator in a text of LENGTH: nested, crossing and double ones too unless `flat`."""
    if flat:
        cuts = sorted(draw(st.sets(st.integers(0, LENGTH), max_size=8)))
        places = list(pairwise(cuts))
        kept = [place for place in places if draw(st.booleans())]
        return [(start, end, draw(st.sampled_from(LABELS))) for start, end in kept]
    place = st.tuples(st.integers(0, LENGTH), st.integers(0, LENGTH)).filter(lambda pair: pair[0] != pair[1])
    drawn = draw(st.lists(st.tuples(place, st.sampled_from(LABELS)), max_size=6))
    return [(min(pair), max(pair), label) for pair, label in drawn]


@st.composite
def documents(draw: st.DrawFn, *, flat: bool = False, complete: bool = False) -> list[FinishedDocument]:
    """One to three documents that some of the annotators finished; all of them if `complete`."""
    found = []
    for number in range(draw(st.integers(1, 3))):
        names = ANNOTATORS if complete else sorted(draw(st.sets(st.sampled_from(ANNOTATORS))))
        cuts = sorted(draw(st.sets(st.integers(0, LENGTH), min_size=2)))
        found.append(
            document(
                {name: draw(spans(flat=flat)) for name in names},
                id=f"d{number}",
                tokens=list(pairwise(cuts)),
            )
        )
    return found
