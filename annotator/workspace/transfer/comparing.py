"""Whether two files hold the same annotations, whatever their formats, and what differs.

Documents are the same if their texts are, white space apart: formats of tokens do not keep it. Spans are the same if they
have the same letters, label, note, doubt and link; suggestions are no annotations, and so not compared.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from pathlib import Path
from typing import Any

from annotator.formats.checking import letters
from annotator.formats.exchange import AnnotatedDocument, ReadOptions, Report
from annotator.formats.registry import read
from annotator.model.counting import counted
from annotator.model.decisions import Status
from annotator.model.documents import text_hash
from annotator.model.spans import Span

_SHOWN = 40


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that differs: in which document, and in words."""

    document: str
    title: str
    message: str

    def __str__(self) -> str:
        return f"{self.title} ({self.document}): {self.message}"


@dataclass(slots=True)
class Comparison:
    """What two files have in common and what not. `spaced` counts documents that differ in white space alone."""

    documents: int = 0
    spans: int = 0
    spaced: int = 0
    differences: list[Difference] = field(default_factory=list)

    @property
    def is_same(self) -> bool:
        """True if both hold the same annotations."""
        return not self.differences

    def as_json(self) -> dict[str, Any]:
        """The comparison for programs."""
        return {
            "is_same": self.is_same,
            "documents": self.documents,
            "spans": self.spans,
            "differ_in_white_space": self.spaced,
            "differences": [
                {"document": difference.document, "title": difference.title, "message": difference.message}
                for difference in self.differences
            ],
        }


@dataclass(frozen=True, slots=True)
class _Fact:
    """A span as it is compared: the letters before its edges, its words, and what it says."""

    start: int
    end: int
    label: str
    note: str
    doubt: bool
    kb_id: str

    @property
    def key(self) -> tuple[int, int, str]:
        return self.start, self.end, self.label


@dataclass(frozen=True, slots=True)
class _Set:
    """One set of one file; `words` are those of its spans, by place."""

    id: str
    title: str
    annotator: str | None
    sha256: str
    facts: tuple[_Fact, ...]
    words: dict[tuple[int, int], str]
    is_answered: bool

    @property
    def owner(self) -> str:
        return f"{self.annotator}'s set" if self.annotator else "a set without a name"


def compare(
    first: Sequence[Path | str],
    second: Sequence[Path | str],
    *,
    names: tuple[str, str],
    formats: tuple[str | None, str | None] = (None, None),
    options: ReadOptions,
    reports: tuple[Report, Report],
) -> Comparison:
    """Compare the annotations of two sides, called `names` in what differs. Raises as `registry.read`."""
    sides = []
    for files, format, report in zip((first, second), formats, reports, strict=True):
        by_text: dict[str, list[_Set]] = {}
        for annotated in read(files, format=format, options=options, report=report):
            key = text_hash(letters(annotated.document.text))
            by_text.setdefault(key, []).append(_set_of(annotated))
        sides.append(by_text)
    comparison = Comparison()
    for key in dict.fromkeys((*sides[0], *sides[1])):
        comparison.documents += 1
        pairs = _paired(sides[0].get(key, []), sides[1].get(key, []))
        comparison.spaced += any(one and other and one.sha256 != other.sha256 for one, other in pairs)
        for one, other in pairs:
            comparison.differences += _differences(one, other, names)
            comparison.spans += len(one.facts) if one is not None else 0
    return comparison


def _set_of(annotated: AnnotatedDocument) -> _Set:
    document = annotated.document
    before = list(accumulate((not char.isspace() for char in document.text), initial=0))
    facts = {_fact(span, before): span for span in annotated.spans}
    return _Set(
        document.id,
        document.title,
        annotated.annotator,
        document.sha256,
        tuple(facts),
        {(fact.start, fact.end): document.text[span.start : span.end] for fact, span in facts.items()},
        annotated.status is Status.DONE or bool(annotated.spans),
    )


def _fact(span: Span, before: Sequence[int]) -> _Fact:
    return _Fact(before[span.start], before[span.end], span.label, span.note, span.doubt, span.kb_id)


def _paired(first: list[_Set], second: list[_Set]) -> list[tuple[_Set | None, _Set | None]]:
    """The sets on one text of both sides, paired by annotator; where either has one only, whoever made it."""
    if len(first) <= 1 and len(second) <= 1:
        return [(first[0] if first else None, second[0] if second else None)]
    others = list(second)
    pairs: list[tuple[_Set | None, _Set | None]] = []
    for one in first:
        match = next((other for other in others if other.annotator == one.annotator), None)
        if match is not None:
            others.remove(match)
        pairs.append((one, match))
    return pairs + [(None, other) for other in others]


def _differences(one: _Set | None, other: _Set | None, names: tuple[str, str]) -> Iterator[Difference]:
    known = one or other
    assert known is not None
    for message in _messages(one, other, names):
        yield Difference(known.id, known.title, message)


def _messages(one: _Set | None, other: _Set | None, names: tuple[str, str]) -> Iterable[str]:
    if one is None or other is None:
        there, name = (one, names[0]) if one is not None else (other, names[1])
        assert there is not None
        yield f"{there.owner} with {counted(len(there.facts), 'span')} is in {name} only"
        return
    if one.is_answered != other.is_answered:
        done, open_ = names if one.is_answered else (names[1], names[0])
        yield f"is annotated in {done}, and not in {open_}"
    mine = {fact.key: fact for fact in one.facts}
    theirs = {fact.key: fact for fact in other.facts}
    words = {**one.words, **other.words}
    for key in sorted({*mine, *theirs}):
        if key not in theirs or key not in mine:
            name = names[0] if key in mine else names[1]
            yield f"{key[2]} {_quoted(words[key[:2]])} is in {name} only"
            continue
        for what in ("note", "doubt", "kb_id"):
            if (left := getattr(mine[key], what)) != (right := getattr(theirs[key], what)):
                called = "knowledge base id" if what == "kb_id" else what
                yield f"{key[2]} {_quoted(words[key[:2]])} has the {called} {left!r} in {names[0]}, {right!r} in {names[1]}"


def _quoted(words: str) -> str:
    return repr(words if len(words) <= _SHOWN else f"{words[: _SHOWN - 1]}…")
