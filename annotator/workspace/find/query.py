"""What is sought in a store."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from annotator.errors import UsageError

Sort = Literal["order", "left", "right", "text"]
"""The order of hits: of the documents; by the words before them, the nearest first; by those behind; by their own text."""


@dataclass(frozen=True, kw_only=True)
class Query:
    """What to look for: places with a text, spans, or both.

    `words` stand one behind the other, whole, whatever their case and accents; a `*` at the end stands for the rest of a word.
    `pattern` is a regular expression. `label`, `source`, `is_doubtful` and `has_note` are about the span at a place;
    `is_unmarked` wants places that no span touches. UsageError for what cannot be sought.
    """

    words: str = ""
    pattern: str = ""
    label: str = ""
    source: str = ""
    is_unmarked: bool = False
    is_doubtful: bool = False
    has_note: bool = False
    sort: Sort = "order"

    def __post_init__(self) -> None:
        if self.words and self.pattern:
            raise UsageError("words and --regex cannot be combined", hint="write the words into the pattern")
        if not (self.has_text or self.is_about_spans):
            raise UsageError(
                "nothing is sought", hint="annotator find WORDS, or --label, --doubt, --note, --source"
            )
        if self.is_unmarked and not self.has_text:
            raise UsageError("--unmarked needs words or --regex", hint="annotator find WORDS --unmarked")
        if self.is_unmarked and self.is_about_spans:
            raise UsageError(
                "--unmarked wants places without a span, the other options one",
                hint="leave --unmarked or --label, --doubt, --note and --source out",
            )

    @property
    def title(self) -> str:
        """What is sought, in a few words."""
        return self.words or self.pattern or self.label or "spans"

    @property
    def has_text(self) -> bool:
        """True if places with a text are sought."""
        return bool(self.words or self.pattern)

    @property
    def is_about_spans(self) -> bool:
        """True if the span at a place matters."""
        return bool(self.label or self.source or self.is_doubtful or self.has_note)
