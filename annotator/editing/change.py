"""What a verb did."""

from __future__ import annotations

from typing import NamedTuple

from annotator.model.decisions import Decision

Range = tuple[int, int]


class Change(NamedTuple):
    """The decisions a verb made (none if it only moved or refused), and the text that looks different now.

    `message` is one line for the person: what was done if that is not plain to see, or why nothing was done.
    """

    decisions: tuple[Decision, ...] = ()
    ranges: tuple[Range, ...] = ()
    message: str = ""
    decided: tuple[Range, ...] = ()
    """The places that the decisions are about; they are among `ranges`."""

    def __bool__(self) -> bool:
        """True if anything was decided."""
        return bool(self.decisions)


def refused(message: str) -> Change:
    """Nothing was done, and why."""
    return Change(message=message)
