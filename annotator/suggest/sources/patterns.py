"""Patterns: names that somebody wrote down, as Prodigy and spaCy's SpanRuler read them, a JSON object a line.

{"label": "ORG", "pattern": "Acme Corp", "id": "acme"} is matched here, without spaCy, just as it is written; one whose
pattern is a list of tokens, such as [{"LOWER": "acme"}, {"IS_DIGIT": true, "OP": "?"}], is matched by the worker.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from annotator.errors import InputError
from annotator.model.labels import LabelSet
from annotator.model.lookup import FormIndex, Mention, Words, folded_words, surface_of
from annotator.model.spans import Suggestion
from annotator.settings import read_file

SOURCE = "pattern"
"""What their suggestions say they are from; `name` is the pattern's id."""
_LONGEST_LINE = 100_000
_SHOWN_LABELS = 5


@dataclass(frozen=True, slots=True)
class StringPattern:
    """A name and its label. Any run of white space in it matches any other."""

    line: int
    label: str
    text: str
    id: str = ""


@dataclass(frozen=True, slots=True)
class TokenPattern:
    """A list of token descriptions, in the words of spaCy's Matcher, which alone can say whether they are right."""

    line: int
    label: str
    tokens: tuple[dict[str, Any], ...]
    id: str = ""


@dataclass(frozen=True, slots=True)
class PatternProblem:
    """A line that is no pattern, and why. The others are used."""

    line: int
    reason: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.reason}"


@dataclass(frozen=True)
class Patterns:
    """The patterns of a file in its order, and what is wrong with it."""

    path: Path
    strings: tuple[StringPattern, ...]
    rules: tuple[TokenPattern, ...]
    problems: tuple[PatternProblem, ...] = ()

    @property
    def digest(self) -> str:
        """Eight hex digits of the rules, on which a worker's answers depend; empty if there are none."""
        if not self.rules:
            return ""
        content = [[rule.label, rule.id, rule.tokens] for rule in self.rules]
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:8]

    def unknown_labels(self, label_set: LabelSet) -> PatternProblem | None:
        """A problem at the first line whose label the set neither has nor maps, so that nothing will be proposed."""
        patterns: list[StringPattern | TokenPattern] = [*self.strings, *self.rules]
        unknown = {
            each.label: each.line
            for each in sorted(patterns, key=lambda pattern: -pattern.line)
            if each.label not in label_set and label_set.mapped(each.label) is None
        }
        if not unknown:
            return None
        names = sorted(unknown)
        more = f" and {len(names) - _SHOWN_LABELS} more" if len(names) > _SHOWN_LABELS else ""
        what = "labels that are" if len(names) > 1 else "a label that is"
        reason = f"{what} not in the label set {label_set.name}: {', '.join(names[:_SHOWN_LABELS])}{more}"
        return PatternProblem(min(unknown.values()), reason)

    def suggestions(self, words: Words) -> list[Suggestion]:
        """Where the strings stand in a text, from token to token, overlaps and all: combining settles them."""

        def is_written_so(mention: Mention) -> bool:
            return mention.is_exact

        return [
            Suggestion(mention.start, mention.end, label, source=SOURCE, name=name, source_label=label)
            for mention in self._index.find(words, is_written_so, nested=True)
            for label, name in self._by_surface[mention.surface]
        ]

    @cached_property
    def _by_surface(self) -> dict[str, dict[tuple[str, str], None]]:
        surfaces: dict[str, dict[tuple[str, str], None]] = {}
        for string in self.strings:
            surface = surface_of(string.text, 0, len(string.text))
            surfaces.setdefault(surface, {})[string.label, string.id] = None
        return surfaces

    @cached_property
    def _index(self) -> FormIndex:
        index = FormIndex()
        for surface in self._by_surface:
            index.add(surface)
        return index


def read_patterns(path: Path) -> Patterns:
    """Read a file of patterns. A line that is none is a problem and left out; blank ones are passed over.

    InputError if the file cannot be read, or holds no pattern at all.
    """
    strings: list[StringPattern] = []
    rules: list[TokenPattern] = []
    problems: list[PatternProblem] = []
    for number, line in _lines(path):
        try:
            pattern = _pattern(number, line)
        except ValueError as error:
            problems.append(PatternProblem(number, str(error)))
            continue
        if isinstance(pattern, StringPattern):
            strings.append(pattern)
        else:
            rules.append(pattern)
    if not strings and not rules:
        detail = f", {problems[0]}" if problems else ""
        raise InputError(
            f"{path} holds no patterns{detail}",
            hint='write one JSON object a line, such as {"label": "ORG", "pattern": "Acme Corp"}',
        )
    return Patterns(path, tuple(strings), tuple(rules), tuple(problems))


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    try:
        content = read_file(path).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line_number = error.object.count(b"\n", 0, error.start) + 1
        raise InputError(f"{path} is not UTF-8 at line {line_number}", hint="save it as UTF-8") from error
    except OSError as error:
        raise InputError(
            f"{path} cannot be read: {error.strerror}", hint="check the spelling and the folder you are in"
        ) from error
    for number, line in enumerate(content.split("\n"), 1):
        if line.strip():
            yield number, line


def _pattern(number: int, line: str) -> StringPattern | TokenPattern:
    """One line; ValueError, with a reason for people, if it is no pattern."""
    if len(line) > _LONGEST_LINE:
        raise ValueError(f"more than {_LONGEST_LINE:,} characters")
    try:
        row = json.loads(line)
    except json.JSONDecodeError as error:
        raise ValueError(f"not JSON: {error.msg} at column {error.colno}") from error
    except RecursionError as error:
        raise ValueError("not JSON that can be read: too many brackets") from error
    if not isinstance(row, dict):
        raise ValueError("not a JSON object")
    label, pattern, name = row.get("label"), row.get("pattern"), row.get("id", "")
    if not isinstance(label, str) or not label or label.split() != [label]:
        raise ValueError("no label, or one with white space in it")
    if not isinstance(name, str | int):
        raise ValueError("the id is not a text")
    if isinstance(pattern, str):
        if not folded_words(pattern):
            raise ValueError("the pattern is empty")
        return StringPattern(number, label, pattern, str(name))
    if not isinstance(pattern, list) or not pattern or not all(isinstance(token, dict) for token in pattern):
        raise ValueError("no pattern: neither a text nor a list of tokens")
    return TokenPattern(number, label, tuple(pattern), str(name))
