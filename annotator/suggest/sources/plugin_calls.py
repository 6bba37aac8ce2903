"""Plug-ins as the worker calls them: loaded once, given the texts and labels, and checked in what they return.

The object that an entry point names is a function

    suggest(texts: list[str], labels: list[str]) -> one list for each text of (start, end, label, score or None)

or a class that is called without arguments and whose objects have such a method. Offsets are half-open, in code points;
a score lies in [0, 1].
"""

from __future__ import annotations

import math
import numbers
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from annotator.errors import ModelError
from annotator.model.counting import counted
from annotator.model.spans import Suggestion, walking_order
from annotator.suggest.sources.pipeline import sound
from annotator.suggest.sources.plugins import find, resolve_plugin
from annotator.suggest.worker.answers import SCORE_DIGITS, Answer, plugin_suggestion

_SHOWN = 60

Suggest = Callable[[list[str], list[str]], Any]


class Plugins:
    """Loaded plug-ins, whose suggestions are added to a pipeline's."""

    def __init__(self, names: Iterable[str], *, labels: Iterable[str], mapped: Iterable[str]) -> None:
        """ModelError if one is not there, cannot be imported, or is no plug-in."""
        self._labels = list(labels)
        self._problems = _Problems()
        allowed = frozenset({*self._labels, *mapped})
        self._plugins = [_Plugin(name, allowed, self._problems) for name in names]

    def added_to(self, answers: Sequence[Answer], texts: Sequence[str]) -> list[Answer]:
        """The answers to these texts with what the plug-ins propose.

        ModelError if one fails or returns what nobody can make sense of. A span that cannot be used is left out, which
        is a problem that is told once for each plug-in.
        """
        completed = list(answers)
        if not self._plugins:
            return completed
        sounds = list(map(sound, texts))
        for plugin in self._plugins:
            for index, suggestions in enumerate(plugin.suggestions(sounds, self._labels)):
                both = sorted([*completed[index].suggestions, *suggestions], key=walking_order)
                completed[index] = replace(completed[index], suggestions=tuple(both))
        return completed

    def new_problems(self) -> list[str]:
        """What was wrong since it was asked last."""
        return self._problems.take()


class _Problems:
    """Complaints, each kind of them once."""

    def __init__(self) -> None:
        self._kinds: set[tuple[str, ...]] = set()
        self._new: list[str] = []

    def add(self, *kind: str, message: str) -> None:
        if kind not in self._kinds:
            self._kinds.add(kind)
            self._new.append(message)

    def take(self) -> list[str]:
        new, self._new = self._new, []
        return new


class _Plugin:
    def __init__(self, name: str, allowed: frozenset[str], problems: _Problems) -> None:
        self._name = name
        self._version = resolve_plugin(name).version
        self._known = allowed
        self._problems = problems
        self._suggest = _load(name)

    def suggestions(self, texts: Sequence[str], labels: Sequence[str]) -> list[list[Suggestion]]:
        """What it proposes for each text."""
        try:
            answer = self._suggest(list(texts), list(labels))
            rows = [list(row) for row in answer]
        except Exception as error:  # somebody else's code, which may raise errors of its own making
            raise self._failure(f"fails: {_said(error)}") from error
        if len(rows) != len(texts):
            raise self._failure(f"returns {len(rows)} lists for {len(texts)} texts")
        return [list(self._usable(row, text)) for row, text in zip(rows, texts, strict=True)]

    def _usable(self, row: Iterable[Any], text: str) -> Iterator[Suggestion]:
        for item in row:
            start, end, label, score = self._parts(item)
            if not 0 <= start < end <= len(text):
                self._complain(
                    "offsets",
                    f"spans outside the text: [{start}, {end}) of {counted(len(text), 'character')}",
                )
                continue
            surface = text[start:end]
            start += len(surface) - len(surface.lstrip())
            end = start + len(surface.strip())
            if start == end:
                self._complain("offsets", f"spans of white space: [{item[0]}, {item[1]})")
                continue
            if label not in self._known:
                self._complain("label", f"a label that the label set neither has nor maps: {label}", label)
                continue
            yield plugin_suggestion(start, end, label, score=score, plugin=self._name, version=self._version)

    def _parts(self, item: Any) -> tuple[int, int, str, float | None]:
        """The four values of a span, numpy's numbers made plain; ModelError if they are something else."""
        try:
            start, end, label, score = item
        except (TypeError, ValueError):
            raise self._failure(f"returns {_short(item)}, not start, end, label and score") from None
        is_right = (
            isinstance(start, numbers.Integral)
            and isinstance(end, numbers.Integral)
            and isinstance(label, str)
            and (score is None or (isinstance(score, numbers.Real) and not math.isnan(score)))
        )
        if not is_right:
            raise self._failure(f"returns {_short(item)}, not start, end, label and score")
        rounded = None if score is None else round(min(max(float(score), 0.0), 1.0), SCORE_DIGITS)
        return int(start), int(end), label, rounded

    def _complain(self, kind: str, what: str, *detail: str) -> None:
        message = f"the plug-in {self._name} proposes {what}; such spans are left out"
        self._problems.add(self._name, kind, *detail, message=message)

    def _failure(self, what: str) -> ModelError:
        return ModelError(f"the plug-in {self._name} {what}", hint="--model names another source")


def _load(name: str) -> Suggest:
    try:
        plugin = find(name).load()
        if isinstance(plugin, type):
            plugin = plugin().suggest
    except ModelError:
        raise
    except Exception as error:  # as above: importing runs that code
        raise ModelError(f"the plug-in {name} does not load: {_said(error)}") from error
    if not callable(plugin):
        raise ModelError(
            f"the plug-in {name} is neither a function nor a class",
            hint="docs/plugins.md says what it must be",
        )
    suggest: Suggest = plugin
    return suggest


def _said(error: Exception) -> str:
    return f"{type(error).__name__}: {error}".partition("\n")[0]


def _short(value: object) -> str:
    written = repr(value)
    return written if len(written) <= _SHOWN else f"{written[: _SHOWN - 1]}…"
