"""The grammars of markup within texts: each takes the markup out of a text and says what it marked."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from annotator.formats.iob import Scheme, entities
from annotator.formats.tag_styles import find_column

Complain = Callable[[int, str], None]
"""Takes the offset in the text as it came, and what is wrong there."""


class Mark(NamedTuple):
    """A marked place of the plain text. `is_proposed` says that a program proposed it and nobody decided."""

    start: int
    end: int
    label: str
    kb_id: str = ""
    is_proposed: bool = False


@dataclass(slots=True)
class Plain:
    """A text without its markup, while it is built: pieces, their length, and the marks so far."""

    pieces: list[str] = field(default_factory=list)
    length: int = 0
    marks: list[Mark] = field(default_factory=list)

    def add(self, text: str) -> None:
        """Take over text that is no markup."""
        self.pieces.append(text)
        self.length += len(text)

    @property
    def text(self) -> str:
        """All of the text."""
        return "".join(self.pieces)


_TAG = re.compile(
    r"<(?P<close>/)?(?P<name>[A-Za-z][\w.:-]*)(?P<attributes>(?:\s+[\w.:-]+\s*=\s*(?:\"[^\"]*\"|'[^']*'))*)\s*(?P<alone>/)?>"
)
_ATTRIBUTE = re.compile(r"([\w.:-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_LABEL_ATTRIBUTES = ("type", "label", "category", "class", "ne", "entity")
_KB_ATTRIBUTES = ("ref", "key", "id", "kb_id", "wikidata")
_OPEN_BRACKET = re.compile(r"\[([A-Z][A-Z0-9_-]*) ")
_RASA = re.compile(r"\[(?P<text>[^\[\]\n]+)\](?:\((?P<label>[^()\n]+)\)|(?P<json>\{[^{}\n]*\}))")
_YEDDA = re.compile(
    r"\[(?P<sign>[@$])(?P<text>[^#\[\]]*(?:#(?![^#\[\]*]+\*\])[^#\[\]]*)*)#(?P<label>[^#\[\]*]+)\*\]"
)
_YEDDA_EDGE = re.compile(r"\[[@$]|#[^#\[\]*\s]+\*\]")
_SLASHED = re.compile(r"(?P<word>\S+)/(?P<tag>[^\s/]+)(?=\s|$)")
_WORD = re.compile(r"\S+")
_FEWEST_SLASHED = 0.5
"""The share of words with a slash and a tag from which on slashes are markup."""


def tags(text: str, complain: Complain) -> Plain:
    """`<PER>…</PER>`: the label is the attribute type, label or category, else the tag's name."""
    plain = Plain()
    open_tags: list[tuple[str, int, dict[str, str], int]] = []
    last = 0
    for match in _TAG.finditer(text):
        plain.add(html.unescape(text[last : match.start()]))
        last = match.end()
        name = match["name"]
        if match["alone"]:
            complain(match.start(), f"<{name}/> marks nothing")
        elif not match["close"]:
            open_tags.append((name, plain.length, _attributes(match["attributes"]), match.start()))
        elif not open_tags or open_tags[-1][0] != name:
            inner = f", where <{open_tags[-1][0]}> is open" if open_tags else ""
            complain(match.start(), f"</{name}> closes no <{name}>{inner}")
        else:
            _, start, attributes, _ = open_tags.pop()
            plain.marks.append(
                Mark(start, plain.length, _label(name, attributes), _first(attributes, _KB_ATTRIBUTES))
            )
    plain.add(html.unescape(text[last:]))
    for name, _, _, offset in open_tags:
        complain(offset, f"<{name}> is never closed")
    return plain


def brackets(text: str, complain: Complain) -> Plain:
    """`[PER Ada Byron]`: a label in capitals behind the bracket, one space, the words; other brackets are text."""
    plain = Plain()
    open_brackets: list[tuple[str | None, int, int]] = []
    at = 0
    while at < len(text):
        char = text[at]
        if char == "[":
            match = _OPEN_BRACKET.match(text, at)
            if match is not None:
                open_brackets.append((match[1], plain.length, at))
                at = match.end()
                continue
            open_brackets.append((None, plain.length, at))
        elif char == "]" and open_brackets:
            label, start, _ = open_brackets.pop()
            if label is not None:
                plain.marks.append(Mark(start, plain.length, label))
                at += 1
                continue
        following = min(
            (index for mark in "[]" if (index := text.find(mark, at + 1)) >= 0), default=len(text)
        )
        plain.add(text[at:following])
        at = following
    for label, _, offset in open_brackets:
        if label is not None:
            complain(offset, f"[{label} is never closed")
    return plain


def rasa(text: str, complain: Complain) -> Plain:
    """`[Ada](person)` and `[Ada]{"entity": "person"}`; what the latter says beyond the label is not kept."""
    plain = Plain()
    last = 0
    for match in _RASA.finditer(text):
        plain.add(text[last : match.start()])
        last = match.end()
        label = match["label"] if match["json"] is None else _entity_of(match["json"])
        start = plain.length
        plain.add(match["text"])
        if label is None or not label.partition(":")[0].strip():
            complain(match.start(), f"{match[0]!r} names no entity")
        else:
            plain.marks.append(Mark(start, plain.length, label.partition(":")[0].strip()))
    plain.add(text[last:])
    return plain


def yedda(text: str, complain: Complain) -> Plain:
    """`[@Ada#PER*]`, or with a dollar sign what the recommender proposed."""
    plain = Plain()
    last = 0

    def between(start: int, end: int) -> None:
        for edge in _YEDDA_EDGE.finditer(text, start, end):
            complain(edge.start(), f"{edge[0]!r} has no other half, as in [@Ada#PER*]")
        plain.add(text[start:end])

    for match in _YEDDA.finditer(text):
        between(last, match.start())
        last = match.end()
        start = plain.length
        plain.add(match["text"])
        plain.marks.append(Mark(start, plain.length, match["label"], is_proposed=match["sign"] == "$"))
    between(last, len(text))
    return plain


def slashes(text: str, complain: Complain) -> Plain:
    """`Ada/B-PER votes/O`: a tag behind the last slash of each word; entities end with their line."""
    plain = Plain()
    words = [(match, _SLASHED.fullmatch(match[0])) for match in _WORD.finditer(text)]
    column = find_column([parts["tag"] for _, parts in words if parts is not None])
    scheme = Scheme()
    line: list[tuple[str, str]] = []
    places: list[tuple[int, int]] = []

    def end_line() -> None:
        for entity in entities(line, scheme):
            plain.marks.append(Mark(places[entity.first][0], places[entity.end - 1][1], entity.label))
        line.clear()
        places.clear()

    last = 0
    for match, parts in words:
        gap = text[last : match.start()]
        if "\n" in gap:
            end_line()
        plain.add(gap)
        last = match.end()
        tag = column.style.split(parts["tag"]) if column is not None and parts is not None else None
        word = parts["word"] if parts is not None and tag is not None else match[0]
        if parts is not None and tag is None:
            complain(match.start(), f"{match[0]!r} does not end in a tag such as /O or /B-PER")
        places.append((plain.length, plain.length + len(word)))
        line.append(tag or ("O", ""))
        plain.add(word)
    end_line()
    plain.add(text[last:])
    return plain


GRAMMARS: dict[str, Callable[[str, Complain], Plain]] = {
    "YEDDA": yedda,
    "tags": tags,
    "Rasa": rasa,
    "brackets": brackets,
    "slashes": slashes,
}
"""By the names of their kinds, the more specific before the more general."""


def find_kind(text: str) -> str | None:
    """The kind of markup that a text has; None if it has none."""
    if _YEDDA.search(text):
        return "YEDDA"
    if any(match["close"] for match in _TAG.finditer(text)):
        return "tags"
    if _RASA.search(text):
        return "Rasa"
    if _OPEN_BRACKET.search(text):
        return "brackets"
    if _share_of_slashed(text) >= _FEWEST_SLASHED:
        return "slashes"
    return None


def is_surely_marked(text: str) -> bool:
    """True of a text that nobody would take for a plain one: YEDDA's marks, tags of entities, words with B- and I-."""
    if _YEDDA.search(text):
        return True
    closed = [match["name"] for match in _TAG.finditer(text) if match["close"]]
    if closed and all(name.isupper() for name in closed):
        return True
    tagged = [match["tag"] for match in _SLASHED.finditer(text)]
    return _share_of_slashed(text) > 0.9 and any(tag.startswith(("B-", "I-", "U-", "S-")) for tag in tagged)


def _share_of_slashed(text: str) -> float:
    words = _WORD.findall(text)
    return sum(_SLASHED.fullmatch(word) is not None for word in words) / len(words) if words else 0


def _attributes(spelled: str) -> dict[str, str]:
    return {
        match[1].casefold().rpartition(":")[2]: html.unescape(match[2] if match[2] is not None else match[3])
        for match in _ATTRIBUTE.finditer(spelled)
    }


def _label(name: str, attributes: dict[str, str]) -> str:
    return _first(attributes, _LABEL_ATTRIBUTES) or name


def _first(attributes: dict[str, str], names: tuple[str, ...]) -> str:
    return next((attributes[name] for name in names if attributes.get(name, "").strip()), "")


def _entity_of(spelled: str) -> str | None:
    try:
        value: Any = json.loads(spelled)
    except (ValueError, RecursionError):
        return None
    entity = value.get("entity") if isinstance(value, dict) else None
    return entity if isinstance(entity, str) else None


def lines_of(text: str) -> Iterator[int]:
    """Where each line of a text begins."""
    yield 0
    yield from (match.end() for match in re.finditer("\n", text))
