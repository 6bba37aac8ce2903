"""How files spell the tags of tokens: B-PER, B_PER, PER-B, b-per, plain PER, B alone, (PER* and others.

A style turns the tag of a token into a prefix and a label as `iob` has them. Which style a column is in follows from
its values: `find_style` looks at all of them at once, since one value alone (person-actor) may be read in several.
"""

from __future__ import annotations

import enum
import re
from collections import Counter
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass

from annotator.formats.iob import OUTSIDE

UNNAMED_LABEL = "ENTITY"
"""The label of entities in files whose tags are B, I and O alone."""

_NOTHING = (OUTSIDE, "")
_PREFIXED = re.compile(r"(?P<prefix>[BIESLUM])-(?P<label>.+)")
_SUFFIXED = re.compile(r"(?P<label>.+)[-_](?P<prefix>[BIESLUM])")
_PATTERNS = (
    _PREFIXED,
    re.compile(r"(?P<prefix>[BIESLUM])[_:|/.](?P<label>.+)"),
    re.compile(r"(?P<prefix>[bieslum])[-_](?P<label>.+)"),
    _SUFFIXED,
)
_NO_LABEL = re.compile(r"(?P<prefix>[BIESLUMbieslum])")
_BRACKETS = re.compile(r"(?:\((?P<label>[^()*\s]+))?(?P<star>\*)?(?P<close>\))?")
_OUTSIDE_MARKS = ("O", "o", "_", "-", "*", "0", "")
"""How files mark a token outside of all entities, the usual one first. Only one of them is taken in a column."""
_CHUNKS = frozenset(
    "NP VP PP ADJP ADVP SBAR PRT CONJP INTJ LST UCP NC VC PC AC VGF VGNN VGNF VGINF JJP CCP RBP BLK NEGP FRAGP".split()
)
"""The labels of phrases in CoNLL-2000 and 2003, German CoNLL-2003, and the shallow parses of Indian languages."""
_ARGUMENT = re.compile(r"(?:[CR]-)?(?:V|ARG.+|A\d|AM-.+|AA)")
"""The labels of a verb's arguments in CoNLL-2005 and 2012."""
_PARSE_ROOTS = frozenset({"TOP", "S", "S1", "ROOT", "NP", "VP", "SBAR", "FRAG", "NOPARSE"})
_FEW = 3
_MOST_LABELS = 200
"""More different values than this are words, not labels."""


class Spelling(enum.Enum):
    """What a tag consists of."""

    PREFIX = "a prefix and a label, such as B-PER"
    BARE = "a label without B- or I-"
    UNLABELLED = "B, I and O without a label"
    BRACKETS = "brackets, such as (PER* and *)"


@dataclass(frozen=True, slots=True)
class TagStyle:
    """How one column spells its tags. `outside` is what stands at tokens outside of all entities."""

    spelling: Spelling
    outside: str = OUTSIDE
    pattern: re.Pattern[str] = _PREFIXED

    @property
    def is_usual(self) -> bool:
        """True of B-PER and the like."""
        return self.pattern is _PREFIXED

    def split(self, tag: str) -> tuple[str, str] | None:
        """A tag as prefix and label, ("O", "") outside; None if it is none in this style.

        A prefix before the mark of outside, as in I-O, is outside too. Bare labels count as I-, so that a run of one
        label is one entity. Brackets need what stood before them: see `TagReader`.
        """
        if tag == self.outside:
            return _NOTHING
        if self.spelling is Spelling.BARE:
            return ("I", tag) if tag.strip() else None
        match = self.pattern.fullmatch(tag)
        if match is None:
            return None
        prefix = match["prefix"].upper()
        if self.spelling is Spelling.UNLABELLED:
            return prefix, UNNAMED_LABEL
        is_outside = match["label"] == OUTSIDE or (match["label"] == "o" and match["prefix"].islower())
        return _NOTHING if is_outside else (prefix, match["label"])


USUAL = TagStyle(Spelling.PREFIX)


class TagReader:
    """Reads one column's tags in order, and counts what is worth telling about them."""

    def __init__(self, style: TagStyle) -> None:
        self.style = style
        self.prefixed_outside = 0
        self._open_label = ""

    def begin_sentence(self) -> None:
        """No entity goes on from one sentence to the next."""
        self._open_label = ""

    def read(self, tag: str) -> tuple[str, str] | None:
        """The next tag as prefix and label; None if it is no tag."""
        if self.style.spelling is Spelling.BRACKETS:
            return self._bracketed(tag)
        parts = self.style.split(tag)
        if parts == _NOTHING and tag != self.style.outside:
            self.prefixed_outside += 1
        return parts

    def _bracketed(self, tag: str) -> tuple[str, str] | None:
        if tag in ("-", "_"):
            tag = "*"
        match = _BRACKETS.fullmatch(tag)
        if not tag or match is None or (match["label"] and self._open_label):
            return None
        prefix, label = ("B", match["label"]) if match["label"] else ("I", self._open_label)
        if not label:
            return _NOTHING if not match["close"] else None
        self._open_label = "" if match["close"] else label
        return prefix, label


@dataclass(frozen=True, slots=True)
class TagColumn:
    """A column that holds tags, in which style, with how many tokens in entities, and under which labels."""

    style: TagStyle
    entity_tokens: int
    labels: frozenset[str]

    @property
    def holds_phrases(self) -> bool:
        """True if the labels are those of a shallow parse (NP, VP), which are no entities."""
        return bool(self.labels) and {label.partition("-")[0] for label in self.labels} <= _CHUNKS


def find_column(values: Iterable[str]) -> TagColumn | None:
    """What a column holds if its values are tags; None if they are none."""
    counts = Counter(values)
    return _tags_in(counts) or _brackets_in(counts)


def outside_mark(values: Container[str]) -> str:
    """What marks a token outside of all entities among these tags; O if nothing does."""
    return next((mark for mark in _OUTSIDE_MARKS if mark in values), OUTSIDE)


def _tags_in(counts: Mapping[str, int]) -> TagColumn | None:
    outside = outside_mark(counts)
    rest = {value: count for value, count in counts.items() if value != outside}
    if not rest:
        return TagColumn(USUAL, 0, frozenset()) if outside in ("O", "o") else None
    total = sum(rest.values())
    for pattern in _PATTERNS:
        style = TagStyle(Spelling.PREFIX, outside, pattern)
        fitting = sum(count for value, count in rest.items() if pattern.fullmatch(value))
        if fitting == total or (2 * fitting >= total and pattern is not _SUFFIXED):
            return _column(style, rest)
    if all(map(_NO_LABEL.fullmatch, rest)) and {value.upper() for value in rest} & {"B", "I", "S", "U"}:
        return _column(TagStyle(Spelling.UNLABELLED, outside, _NO_LABEL), rest)
    is_marked = outside in counts and (outside == OUTSIDE or counts[outside] >= max(rest.values()))
    if outside in ("O", "o") and is_marked and len(rest) <= _MOST_LABELS and not _are_letters(rest):
        return _column(TagStyle(Spelling.BARE, outside), rest)
    return None


def _are_letters(values: Iterable[str]) -> bool:
    """True of a tag set of parts of speech in which O is a pronoun, as that of ARK's tweets."""
    letters = list(values)
    return len(letters) > _FEW and all(len(value) == 1 for value in letters)


def _brackets_in(counts: Mapping[str, int]) -> TagColumn | None:
    matches = {value: _BRACKETS.fullmatch(value) for value in counts if value not in ("-", "_")}
    if not matches or any(
        match is None or not (match["star"] or match["close"]) for match in matches.values()
    ):
        return None
    labels = frozenset(match["label"] for match in matches.values() if match is not None and match["label"])
    if any(_ARGUMENT.fullmatch(label) or label in _PARSE_ROOTS or label.isdecimal() for label in labels):
        return None
    inside = sum(counts[value] for value in matches if value != "*")
    return TagColumn(TagStyle(Spelling.BRACKETS, "*"), inside, labels)


def _column(style: TagStyle, counts: Mapping[str, int]) -> TagColumn:
    parts = {value: style.split(value) for value in counts}
    entity_tokens = sum(counts[value] for value, split in parts.items() if split and split[1])
    labels = frozenset(split[1] for split in parts.values() if split and split[1])
    return TagColumn(style, entity_tokens, labels)
