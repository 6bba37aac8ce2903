"""What became of everything in a colleague's store when it was merged."""

from __future__ import annotations

import enum
from collections import Counter
from dataclasses import dataclass, field


class Fate(enum.StrEnum):
    """What became of one annotation set."""

    NEW = "new"
    """There was none here."""
    CONTINUED = "continued"
    """Theirs began with all of ours and went on, so it took its place."""
    MERGED = "merged"
    """Both had gone on, and the two go together."""
    THERE = "there already"
    """All of theirs is in ours."""
    CLASHING = "clashing"
    """They do not go together: theirs stands beside ours as a second version."""
    REMOVED = "of removed documents"
    """Its document was removed here, and stays so."""
    LEFT_OUT = "left out"
    """It could not come in; the report says why."""


@dataclass(frozen=True, slots=True)
class NotTaken:
    """A file of the other store, by its path there, that could not come in, and why."""

    path: str
    reason: str

    def __str__(self) -> str:
        return f"{self.path}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Clash:
    """A set of which two versions stand side by side now. `version` is the file of theirs."""

    document: str
    annotator: str
    version: str


@dataclass(slots=True)
class MergeReport:
    """Totals of a merge. `unknown_labels` counts the spans under labels that this store does not have.

    `removed` are the documents that were removed here and stay so. `dismissals` counts the findings of an audit that they dismissed or took up again. `held` says of each annotator whose sets another program holds which one; `notes` tell what differs between
    the two stores without keeping anything out.
    """

    documents: int = 0
    known_documents: int = 0
    removed: list[str] = field(default_factory=list)
    annotators: dict[str, Counter[Fate]] = field(default_factory=dict)
    clashes: list[Clash] = field(default_factory=list)
    not_taken: list[NotTaken] = field(default_factory=list)
    unknown_labels: Counter[str] = field(default_factory=Counter)
    held: dict[str, str] = field(default_factory=dict)
    assignments: list[str] = field(default_factory=list)
    dismissals: int = 0
    notes: list[str] = field(default_factory=list)

    def count(self, annotator: str, fate: Fate) -> None:
        """Count one of an annotator's sets."""
        self.annotators.setdefault(annotator, Counter())[fate] += 1

    def leave_out(self, path: str, reason: str) -> None:
        """Note a file that could not come in."""
        self.not_taken.append(NotTaken(path, reason))
