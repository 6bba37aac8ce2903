"""What the find screen shows, kept while it is closed: what was sought, how hits are arranged, and which are chosen."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field, replace

from annotator.workspace.find.query import Query, Sort
from annotator.workspace.find.search import FoundHits, Hit

_SORTS: tuple[Sort, ...] = ("order", "left", "right", "text")
_SORT_TEXTS = {
    "order": "by document",
    "left": "by the words before",
    "right": "by the words behind",
    "text": "by the text found",
}


class Shown(enum.Enum):
    """Which hits are shown."""

    ALL = "all hits"
    UNMARKED = "unmarked hits"
    MARKED = "hits with a span"


@dataclass(slots=True)
class FindState:
    """The state of the screen. `typed` is what was typed: words, or a pattern between slashes."""

    typed: str = ""
    sort: Sort = "order"
    shown: Shown = Shown.ALL
    found: FoundHits = field(default_factory=FoundHits)
    chosen: set[Hit] = field(default_factory=set)
    cursor: int = 0

    @property
    def query(self) -> Query | None:
        """What is sought; None while nothing is typed."""
        typed = self.typed.strip()
        if not typed:
            return None
        if len(typed) > 2 and typed.startswith("/") and typed.endswith("/"):
            return Query(pattern=typed[1:-1], sort=self.sort)
        return Query(words=typed, sort=self.sort)

    @property
    def hits(self) -> list[Hit]:
        """The hits that are shown, in order."""
        if self.shown is Shown.ALL:
            return self.found.hits
        return [hit for hit in self.found.hits if (hit.span is not None) is (self.shown is Shown.MARKED)]

    @property
    def meant(self) -> list[Hit]:
        """The hits that a change is about: those chosen or, without any, all that are shown."""
        shown = self.hits
        return [hit for hit in shown if hit in self.chosen] or shown

    @property
    def order_text(self) -> str:
        """How hits are sorted, in words."""
        return _SORT_TEXTS[self.sort]

    def sort_by_next(self) -> Query | None:
        """Sort by the next way there is; what is to be sought anew."""
        self.sort = _SORTS[(_SORTS.index(self.sort) + 1) % len(_SORTS)]
        query = self.query
        return None if query is None else replace(query, sort=self.sort)

    def show_next(self) -> None:
        """Show all, the unmarked, or the marked hits, in turn."""
        kinds = list(Shown)
        self.shown = kinds[(kinds.index(self.shown) + 1) % len(kinds)]
        self.cursor = 0

    def toggle(self, hit: Hit) -> None:
        """Choose a hit, or no longer."""
        self.chosen ^= {hit}
