"""Conflicts: where the annotators who finished a document do not all mark the same."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

from annotator.errors import InputError
from annotator.model.documents import Document
from annotator.model.spans import Span, overlaps

Key = tuple[int, int, str]
"""Start, end and label: what makes two annotators' spans the same."""

NONE = ""
"""The other label of a label pair where the other version has no span."""


class Kind(enum.StrEnum):
    """How two versions differ, and so how a conflict does in which all of them differ alike."""

    BOUNDARY = "boundary"
    """One span each, of the same label and with other offsets."""
    LABEL = "label"
    """One span each, at the same offsets and with another label."""
    ONE_SIDED = "one-sided"
    """One version has spans, the other none."""
    COMPLEX = "complex"
    """Anything else; also a conflict whose versions differ in several ways."""
    CHECK = "check"
    """All annotators agree; a person is to look at it nevertheless."""


@dataclass(frozen=True, slots=True)
class Version:
    """What some annotators have in the range of a conflict: spans in walking order, or none.

    `annotators` are sorted, and empty where only the gold set has it. `in_gold` tells that it stands there now; a
    version of annotators has no notes and doubts, and a `kb_id` only where all of them give the same.
    """

    spans: tuple[Span, ...]
    annotators: tuple[str, ...]
    in_gold: bool = False

    @property
    def votes(self) -> int:
        """How many annotators have it."""
        return len(self.annotators)

    @property
    def keys(self) -> frozenset[Key]:
        """Its spans as keys."""
        return frozenset(map(key_of, self.spans))


@dataclass(frozen=True, slots=True)
class Remark:
    """An annotator's span in a conflict that carries a note, a doubt or both."""

    annotator: str
    span: Span


@dataclass(frozen=True)
class Conflict:
    """A range `[start, end)` of the text and what the annotators have there, in order of votes, then of names.

    Each annotator stands in exactly one version. With one version only, all agree.
    """

    start: int
    end: int
    versions: tuple[Version, ...]
    remarks: tuple[Remark, ...] = ()

    @cached_property
    def keys(self) -> tuple[Key, ...]:
        """Every span of any version once, in walking order. No other conflict of the document has any of them."""
        return tuple(sorted({key for version in self.versions for key in version.keys}, key=_walking))

    @property
    def label(self) -> str:
        """The labels in it, such as "LOC/ORG"."""
        return "/".join(sorted({label for _, _, label in self.keys}))

    @cached_property
    def kinds(self) -> frozenset[Kind]:
        """How its versions differ, two by two."""
        pairs = combinations(self.versions, 2)
        return frozenset(_kind(a, b) for a, b in pairs) or frozenset({Kind.CHECK})

    @property
    def kind(self) -> Kind:
        """How all its versions differ; COMPLEX if not all differ alike."""
        return next(iter(self.kinds)) if len(self.kinds) == 1 else Kind.COMPLEX

    @cached_property
    def label_pairs(self) -> frozenset[tuple[str, str]]:
        """Labels that stand against each other, the lesser first; NONE where one version has no span there."""
        pairs = combinations(self.versions, 2)
        return frozenset(pair for a, b in pairs for pair in (*_label_pairs(a, b), *_label_pairs(b, a)))

    @property
    def votes(self) -> int:
        """How many annotators there are."""
        return sum(version.votes for version in self.versions)

    @property
    def majority(self) -> Version | None:
        """The version that more than half of the annotators have."""
        top = self.versions[0]
        return top if 2 * top.votes > self.votes else None


@dataclass(frozen=True, slots=True)
class Comparison:
    """All that the annotators of one document marked: each span stands in one of `unanimous` or of `conflicts`.

    Both are in walking order. An item of `unanimous` holds one span that all have. The ranges of `conflicts` are
    disjoint.
    """

    annotators: tuple[str, ...]
    unanimous: tuple[Conflict, ...]
    conflicts: tuple[Conflict, ...]

    @property
    def all(self) -> tuple[Conflict, ...]:
        """Both, in walking order."""
        return tuple(sorted((*self.unanimous, *self.conflicts), key=lambda agreed: _walking(agreed.keys[0])))


def compare(sets: Mapping[str, Iterable[Span]], *, nested: bool) -> Comparison:
    """Compare the spans of the annotators who finished a document; the order of names and spans does not matter.

    A span is unanimous if all have the same offsets and label; in a flat label set only if it overlaps no other
    span of anybody, since not both could stand. The rest falls into conflicts: the connected components of
    overlapping spans. One annotator alone is unanimous.
    """
    marked: dict[Key, dict[str, Span]] = {}
    for name in sorted(sets):
        for span in sorted(
            sets[name], key=lambda marked: (key_of(marked), marked.note, marked.doubt, marked.kb_id)
        ):
            marked.setdefault(key_of(span), {}).setdefault(name, span)
    names = tuple(sorted(sets))
    keys = sorted(marked, key=_walking)
    shared = {key for key in keys if len(marked[key]) == len(names)}
    unanimous = [[key] for key in keys if key in shared] if nested else []
    conflicts: list[list[Key]] = []
    for component in _components([key for key in keys if not (nested and key in shared)]):
        is_shared = len(component) == 1 and component[0] in shared
        (unanimous if is_shared else conflicts).append(component)
    return Comparison(
        names,
        tuple(_conflict(span_range, marked, names) for span_range in unanimous),
        tuple(_conflict(span_range, marked, names) for span_range in conflicts),
    )


def key_of(span: Span) -> Key:
    """What makes a span the same as another annotator's."""
    return (span.start, span.end, span.label)


def _walking(key: Key) -> tuple[int, int, str]:
    return (key[0], -key[1], key[2])


def _components(keys: Sequence[Key]) -> Iterator[list[Key]]:
    """The keys, given in walking order, in groups that overlap; touching is no overlap."""
    component: list[Key] = []
    reach = 0
    for key in keys:
        if component and key[0] >= reach:
            yield component
            component = []
        component.append(key)
        reach = max(reach, key[1])
    if component:
        yield component


def _conflict(
    keys: Sequence[Key], marked: Mapping[Key, Mapping[str, Span]], names: Sequence[str]
) -> Conflict:
    groups: dict[tuple[Key, ...], list[str]] = {}
    for name in names:
        groups.setdefault(tuple(key for key in keys if name in marked[key]), []).append(name)
    versions = [
        Version(tuple(_common(key, [marked[key][name] for name in group]) for key in own), tuple(group))
        for own, group in groups.items()
    ]
    remarks = [
        Remark(name, span)
        for key in keys
        for name, span in marked[key].items()
        if span.note or span.doubt
    ]  # fmt: skip
    return Conflict(
        min(start for start, _, _ in keys),
        max(end for _, end, _ in keys),
        tuple(sorted(versions, key=lambda version: (-version.votes, version.annotators))),
        tuple(remarks),
    )


def _common(key: Key, spans: Sequence[Span]) -> Span:
    kb_ids = {span.kb_id for span in spans}
    return Span(*key, kb_id=kb_ids.pop() if len(kb_ids) == 1 else "")


def _kind(a: Version, b: Version) -> Kind:
    if not a.spans or not b.spans:
        return Kind.ONE_SIDED
    if len(a.spans) > 1 or len(b.spans) > 1:
        return Kind.COMPLEX
    one, other = a.spans[0], b.spans[0]
    if one.label == other.label:
        return Kind.BOUNDARY
    return Kind.LABEL if (one.start, one.end) == (other.start, other.end) else Kind.COMPLEX


def _label_pairs(a: Version, b: Version) -> Iterator[tuple[str, str]]:
    """What stands in `b` against each span that only `a` has."""
    alone = a.keys - b.keys
    for span in a.spans:
        if key_of(span) not in alone:
            continue
        against = [other for other in b.spans if key_of(other) not in a.keys and overlaps(other, span)]
        if not against:
            yield (NONE, span.label)
        for other in against:
            yield (min(span.label, other.label), max(span.label, other.label))


def check_offsets(document: Document, sets: Mapping[str, Sequence[Span]]) -> None:
    """InputError if a set has a span that is not in the text, so that it was made on another one."""
    length = len(document.text)
    for name, spans in sets.items():
        for span in spans:
            if not 0 <= span.start < span.end <= length:
                raise InputError(
                    f"{name} marked [{span.start}, {span.end}) in document {document.id}, which has {length} characters",
                    hint="the set was made on another text: leave it out of the review",
                )
