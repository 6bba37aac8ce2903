"""What a review session shows of one document, and the moves from conflict to conflict."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from annotator.editing.editor import Editor
from annotator.editing.marks import Mark
from annotator.editing.recorder import Clock, Draft, utc_now
from annotator.errors import InputError
from annotator.model.annotations import AnnotationSet
from annotator.model.documents import Document
from annotator.model.labels import LabelSet
from annotator.model.spans import Span
from annotator.model.tokens import Tokens
from annotator.review.checks import spot_checked
from annotator.review.conflict_state import Counts, Ledger, Outcome
from annotator.review.conflicts import Conflict, Kind, Version, compare
from annotator.review.drafts import completed
from annotator.review.preselection import Majority, Preselection, Proposal
from annotator.review.pseudonyms import pseudonyms
from annotator.review.walk import ConflictWalk, Filter


@dataclass(frozen=True, slots=True)
class ConflictMark:
    """Where a conflict stands in the text, its number in the document from 1, and how it is settled, if it is."""

    start: int
    end: int
    number: int
    kind: Kind
    outcome: Outcome
    is_current: bool


class ReviewDesk:
    """One document under review: what its annotators marked, and the gold set that comes of it.

    `sets` holds the spans of each annotator who finished the document; a model may be one of them. `gold` is decided
    on through `editor`, by `reviewer`, whose name its decisions carry.

    `preselection` and `filter` may be set at any time. With `is_blind`, `name` tells pseudonyms instead of names.
    """

    def __init__(
        self,
        document: Document,
        label_set: LabelSet,
        gold: AnnotationSet,
        sets: Mapping[str, Iterable[Span]],
        *,
        reviewer: str,
        tokens: Tokens | None = None,
        preselection: Preselection | None = None,
        check_share: float = 0.0,
        seed: int = 0,
        names: Mapping[str, str] | None = None,
        clock: Clock = utc_now,
    ) -> None:
        marked = {name: tuple(spans) for name, spans in sets.items()}
        _check(document, marked)
        comparison = compare(marked, nested=label_set.nested)
        checked = spot_checked(comparison.unanimous, document_id=document.id, share=check_share, seed=seed)
        self.gold = gold
        self.ledger = Ledger(comparison, gold, nested=label_set.nested, checked=checked)
        self.editor = Editor(
            document, label_set, gold, tokens=tokens, annotator=reviewer, clock=clock, complete=self._complete
        )
        self.editor.suggest(self.ledger.offered.values())
        self.walk = ConflictWalk(self.ledger)
        self.preselection: Preselection = preselection or Majority()
        self.is_blind = False
        self._pseudonyms = names or pseudonyms(comparison.annotators, seed=seed)

    def _complete(self, drafts: Sequence[Draft]) -> Sequence[Draft]:
        return completed(self.ledger, drafts)

    # What there is

    @property
    def annotators(self) -> tuple[str, ...]:
        """Who finished the document, sorted."""
        return self.ledger.comparison.annotators

    @property
    def current(self) -> Conflict | None:
        """The conflict that verbs act on; None if the document has none."""
        return self.walk.current

    @property
    def filter(self) -> Filter:
        """Which conflicts the session stops at. Finishing counts all of them."""
        return self.walk.filter

    @filter.setter
    def filter(self, wanted: Filter) -> None:
        self.walk.filter = wanted

    @property
    def counts(self) -> Counts:
        """How many conflicts are open and settled, whatever the filter."""
        return self.walk.counts

    def name(self, annotator: str) -> str:
        """What an annotator is called on the screen."""
        return self._pseudonyms.get(annotator, annotator) if self.is_blind else annotator

    def versions(self, conflict: Conflict | None = None) -> tuple[Version, ...]:
        """The versions of a conflict, by default the current one, in the order of their digits."""
        conflict = conflict or self.current
        return self.ledger.versions(conflict) if conflict else ()

    def outcome(self, conflict: Conflict) -> Outcome:
        """How a conflict is settled, if it is."""
        return self.ledger.outcome(conflict)

    def proposal(self, conflict: Conflict | None = None) -> Proposal | None:
        """What is preselected in a conflict, by default the current one; None without a conflict."""
        conflict = conflict or self.current
        return self.preselection(conflict) if conflict else None

    def marks(self, start: int, end: int) -> list[ConflictMark]:
        """The conflicts between the offsets, whatever the filter, in walking order."""
        return [
            ConflictMark(
                each.start,
                each.end,
                self.walk.position(each),
                each.kind,
                self.outcome(each),
                each is self.current,
            )
            for each in self.walk.overlapping(start, end)
        ]

    # Moves

    def go_to(self, conflict: Conflict) -> None:
        """Make a conflict the current one; the editor's focus is on what an edit of it would begin with."""
        self.walk.current = conflict
        wanted = [span for version in self._preferred(conflict) for span in version.spans]
        open_ones = (self.ledger.offered[span.start, span.end, span.label] for span in wanted)
        walk = self.editor.walk
        if suggestion := next(filter(self.editor.board.is_open, open_ones), None):
            walk.to_suggestion(suggestion)
        elif spans := self.ledger.spans(conflict):
            walk.to_mark(Mark.of_span(spans[0]))
        else:
            walk.go(conflict.start)

    def _preferred(self, conflict: Conflict) -> list[Version]:
        proposed = self.preselection(conflict).version
        return sorted(conflict.versions, key=lambda version: version is not proposed)

    def go_to_cursor(self) -> bool:
        """Make the conflict at the editor's cursor current, if there is one; the cursor stays."""
        offset = self.editor.cursor.offset
        found = self.walk.overlapping(offset, offset + 1)
        if found and self.current not in found:
            self.walk.current = min(found, key=lambda each: each.end - each.start)
        return bool(found)

    def next_open(self, direction: int = 1, *, wraps: bool = False) -> bool:
        """Go to the next open conflict, or the one before; False, and nothing moves, if there is none.

        That is where the next document begins. With `wraps` the search goes on at the other end.
        """
        return self._go(next(self.walk.open_ahead(direction, wraps=wraps), None))

    def next_conflict(self, direction: int = 1) -> bool:
        """Go to the next conflict, open or settled, or the one before; False if there is none."""
        return self._go(next(self.walk.ahead(direction), None))

    def next_tie(self) -> bool:
        """Go to the next open conflict in which nothing is preselected, past the end from the top; False if none is."""
        ahead = self.walk.open_ahead(wraps=True)
        return self._go(next((each for each in ahead if self.preselection(each).version is None), None))

    def _go(self, conflict: Conflict | None) -> bool:
        if conflict is None:
            return False
        self.go_to(conflict)
        return True


def _check(document: Document, sets: Mapping[str, Sequence[Span]]) -> None:
    """InputError if a set has a span that is not in the text, so that it was made on another one."""
    length = len(document.text)
    for name, spans in sets.items():
        for span in spans:
            if not 0 <= span.start < span.end <= length:
                raise InputError(
                    f"{name} marked [{span.start}, {span.end}) in document {document.id}, which has {length} characters",
                    hint="the set was made on another text: leave it out of the review",
                )
