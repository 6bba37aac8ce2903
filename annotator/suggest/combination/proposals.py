"""Proposals: suggestions as a rule has combined them, with who made them and why they look as they do."""

from __future__ import annotations

from dataclasses import dataclass

from annotator.model.spans import Suggestion

AT_ONCE = 20_000
"""A text of at most so many code points is proposed on as a whole, within some 20 ms; a longer one part by part."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A suggestion to show, the sources that agree on it (the strongest first), and the reasons in words.

    `proposed` is the suggestion as its source made it, where memory has given it other edges or another label.
    """

    suggestion: Suggestion
    sources: tuple[str, ...]
    reasons: tuple[str, ...] = ()
    proposed: Suggestion | None = None

    @property
    def start(self) -> int:
        return self.suggestion.start

    @property
    def end(self) -> int:
        return self.suggestion.end

    @property
    def label(self) -> str:
        return self.suggestion.label

    @property
    def reason(self) -> str:
        """All reasons on one line."""
        return "; ".join(self.reasons)
