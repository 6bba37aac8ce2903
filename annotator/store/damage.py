"""What can be wrong with the files of a store."""

from __future__ import annotations

import enum
from dataclasses import dataclass


class Damage(enum.StrEnum):
    """The kinds of damage, in the words that a person is told."""

    UNREADABLE = "unreadable"
    MARKERS = "conflict markers"
    UNMERGED = "not merged"
    BROKEN = "broken JSON"
    REPEATED_KEY = "repeated key"
    SHAPE = "wrong content"
    CHANGED = "changed outside"
    TEXT = "another text"
    HISTORY = "history"
    PLACE = "wrong place"
    REPEATED_ID = "repeated id"
    ORPHAN = "no document"
    LABEL = "unknown label"
    OFFSETS = "outside the text"
    LEFT_OVER = "left over"
    TWO_VERSIONS = "two versions"
    NEWER = "newer version"
    STRAY = "not of the store"
    UNFINISHED = "unfinished step"
    LINK = "link"


REMEDIES = {
    Damage.UNMERGED: "annotator check --repair, which takes theirs from git; then git add and git commit",
    Damage.TWO_VERSIONS: "annotator check --repair, which merges what goes together; else choose a version on the screen (ctrl+p)",
    Damage.UNREADABLE: "make it readable, then check again",
    Damage.CHANGED: "annotator check --accept FILE takes what was changed; --repair puts it aside",
    Damage.LINK: "remove it, or put what it leads to in its place; annotator trust --link allows some",
    Damage.NEWER: "install the newest annotator",
    Damage.UNFINISHED: "it goes on when the store is opened the next time",
    Damage.LABEL: "annotator labels merge LABEL INTO gives its spans another label; labels add LABEL or --repair adds it",
}
"""What a person does about a kind of damage, where that is something else than `--repair`."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One damage: the file, by its path in the store with slashes, the kind, and the reason in a sentence."""

    path: str
    damage: Damage
    reason: str

    def __str__(self) -> str:
        return f"{self.path}: {self.damage}: {self.reason}"

    @property
    def remedy(self) -> str:
        """What to do about it."""
        return REMEDIES.get(self.damage, "annotator check --repair")
