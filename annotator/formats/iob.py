"""Tags of tokens and the entities they spell, in IOB1, IOB2, BIOES and BILUO."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass

from annotator.formats.choices import Tags

OUTSIDE = "O"
_BEGINS = "BSU"
_ENDS = "ESLU"
_PREFIXES = "BIESLUM"
_SPELLED = {
    Tags.IOB1: ("I", "I", "I", "I"),
    Tags.IOB2: ("B", "I", "I", "B"),
    Tags.BIOES: ("B", "I", "E", "S"),
    Tags.BILUO: ("B", "I", "L", "U"),
}
"""The prefixes of an entity's first token, of those within, of its last, and of its only one."""


@dataclass(frozen=True, slots=True)
class Entity:
    """The tokens `[first, end)` of a sentence under one label."""

    first: int
    end: int
    label: str


@dataclass(slots=True)
class Scheme:
    """What the tags of a file have in common, gathered while it is read.

    In IOB1 a B- stands only where an entity follows another with the same label, in the other schemes at every
    beginning; a file that has both plain beginnings and entities that begin with I- is not consistent.
    """

    plain_beginnings: int = 0
    inner_beginnings: int = 0

    @property
    def is_mixed(self) -> bool:
        """True if entities begin in both ways."""
        return bool(self.plain_beginnings and self.inner_beginnings)


def split_tag(tag: str) -> tuple[str, str] | None:
    """A tag as prefix and label, ("O", "") outside; None if it is no tag. The label may hold hyphens."""
    if tag == OUTSIDE:
        return OUTSIDE, ""
    if len(tag) > 2 and tag[0] in _PREFIXES and tag[1] == "-":
        return tag[0], tag[2:]
    return None


def entities(tags: Sequence[tuple[str, str]], scheme: Scheme) -> list[Entity]:
    """The entities of one sentence.

    One decoder serves every scheme: B, S and U begin an entity, E, L, S and U end it, and an I, M, E or L with
    no entity of its label before it begins one, as in IOB1.
    """
    found: list[Entity] = []
    first, open_label = 0, ""
    last_label = ""
    for index, (prefix, label) in enumerate(tags):
        if open_label and (prefix == OUTSIDE or prefix in _BEGINS or label != open_label):
            found.append(Entity(first, index, open_label))
            open_label = ""
        if prefix != OUTSIDE and not open_label:
            first, open_label = index, label
            if prefix not in _BEGINS:
                scheme.inner_beginnings += prefix not in _ENDS
            elif label != last_label:
                scheme.plain_beginnings += 1
        if prefix in _ENDS and open_label:
            found.append(Entity(first, index + 1, open_label))
            open_label = ""
        last_label = label
    if open_label:
        found.append(Entity(first, len(tags), open_label))
    return found


def tags_of(
    found: Sequence[Entity], length: int, tags: Tags, *, beginnings: Container[int] = ()
) -> list[str]:
    """The tags of `length` tokens that spell `found`, which is in order; sentences begin at `beginnings`.

    IOB1 marks a beginning only where the same label stands before it in the sentence.
    """
    first, inside, last, only = _SPELLED[tags]
    spelled = [OUTSIDE] * length
    end, label = -1, ""
    for each in found:
        size = each.end - each.first
        prefixes = [first, *[inside] * (size - 2), last] if size > 1 else [only]
        if tags is Tags.IOB1 and each.first == end and each.label == label and end not in beginnings:
            prefixes[0] = "B"
        spelled[each.first : each.end] = [f"{prefix}-{each.label}" for prefix in prefixes]
        end, label = each.end, each.label
    return spelled
