"""A review session: every verb that settles one document's conflicts, one at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from annotator.editing.change import Change, Range, refused
from annotator.editing.editor import Editor
from annotator.editing.marks import Mark
from annotator.editing.recorder import Clock, Draft, utc_now
from annotator.model.annotations import AnnotationSet
from annotator.model.counting import counted
from annotator.model.decisions import By, Comment, Decision, Status, Verb
from annotator.model.documents import Document
from annotator.model.labels import LabelSet
from annotator.model.spans import Span, overlaps
from annotator.model.tokens import Tokens
from annotator.review.checks import spot_checked
from annotator.review.conflict_navigation import ConflictNavigation, Filter
from annotator.review.conflict_state import ConflictState, Counts, Outcome
from annotator.review.conflicts import Conflict, Kind, Version, check_offsets, compare
from annotator.review.drafts import completed, reopening, taking
from annotator.review.preselection import Majority, Preselection, Proposal
from annotator.review.provenance import Source
from annotator.review.pseudonyms import pseudonyms
from annotator.review.settlement import Settlement

NO_ENTITY = Version((), ())
"""What "no entity" takes: nothing stands in the conflict's place."""


@dataclass(frozen=True, slots=True)
class ConflictMark:
    """Where a conflict stands in the text, its number in the document from 1, and how it is settled, if it is."""

    start: int
    end: int
    number: int
    kind: Kind
    outcome: Outcome
    is_current: bool


class ReviewSession:
    """One document under review: what its annotators marked, the gold set that comes of it, and the verbs of a review.

    Call `begin` first. Each verb acts on the current conflict and returns a `Change`. Settling a conflict by a version,
    "no entity" or a label moves on to the next open one; a resize, note, doubt or comment stays. Nothing is accepted
    silently: what no verb has settled keeps the document from being finished. The editor's own verbs go through `edit`.

    `preselection` and `filter` may be set at any time. With `is_blind`, `name` gives pseudonyms instead of names.
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
        """`sets` holds the spans of each annotator who finished the document; a model may be one of them.

        `gold` is decided on through `editor`, by `reviewer`, whose name its decisions carry.
        """
        marked = {name: tuple(spans) for name, spans in sets.items()}
        check_offsets(document, marked)
        comparison = compare(marked, nested=label_set.nested)
        checked = spot_checked(comparison.unanimous, document_id=document.id, share=check_share, seed=seed)
        self.gold = gold
        self.conflict_state = ConflictState(comparison, gold, nested=label_set.nested, checked=checked)
        self.editor = Editor(
            document, label_set, gold, tokens=tokens, annotator=reviewer, clock=clock, complete=self._complete
        )
        self.editor.suggest(self.conflict_state.offered.values())
        self.navigation = ConflictNavigation(self.conflict_state)
        self.preselection: Preselection = preselection or Majority()
        self.is_blind = False
        self._warned_at = -1
        """At which revision of gold an undo has paused."""
        self._shown_revision = gold.revision
        """The revision of gold that shows what all annotators share, before the reviewer's first decision."""
        self._pseudonyms = names or pseudonyms(comparison.annotators, document=document.id, seed=seed)

    def _complete(self, drafts: Sequence[Draft]) -> Sequence[Draft]:
        return completed(self.conflict_state, drafts)

    # What there is

    @property
    def annotators(self) -> tuple[str, ...]:
        """Who finished the document, sorted."""
        return self.conflict_state.comparison.annotators

    @property
    def current(self) -> Conflict | None:
        """The conflict that verbs act on; None if the document has none."""
        return self.navigation.current

    @property
    def filter(self) -> Filter:
        """Which conflicts the session stops at. Finishing counts all of them."""
        return self.navigation.filter

    @filter.setter
    def filter(self, wanted: Filter) -> None:
        self.navigation.filter = wanted

    @property
    def counts(self) -> Counts:
        """How many conflicts are open and settled, whatever the filter."""
        return self.navigation.counts

    def name(self, annotator: str) -> str:
        """What an annotator is called on the screen."""
        return self._pseudonyms.get(annotator, annotator) if self.is_blind else annotator

    def versions(self, conflict: Conflict | None = None) -> tuple[Version, ...]:
        """The versions of a conflict, by default the current one, in the order of their digits."""
        conflict = conflict or self.current
        return self.conflict_state.versions(conflict) if conflict else ()

    def outcome(self, conflict: Conflict) -> Outcome:
        """How a conflict is settled, if it is."""
        return self.conflict_state.outcome(conflict)

    def proposal(self, conflict: Conflict | None = None) -> Proposal | None:
        """What is preselected in a conflict, by default the current one; None without a conflict."""
        conflict = conflict or self.current
        return self.preselection(conflict) if conflict else None

    def marks(self, start: int, end: int) -> list[ConflictMark]:
        """The conflicts between the offsets, whatever the filter, in walking order."""
        return [
            ConflictMark(
                conflict.start,
                conflict.end,
                self.navigation.position(conflict),
                conflict.kind,
                self.outcome(conflict),
                conflict is self.current,
            )
            for conflict in self.navigation.overlapping(start, end)
        ]

    # Moves

    def go_to(self, conflict: Conflict) -> None:
        """Make a conflict the current one; the editor's focus is on what an edit of it would begin with."""
        self.navigation.current = conflict
        wanted = [span for version in self._preferred(conflict) for span in version.spans]
        open_ones = (self.conflict_state.offered[span.start, span.end, span.label] for span in wanted)
        navigation = self.editor.navigation
        if suggestion := next(filter(self.editor.suggestion_state.is_open, open_ones), None):
            navigation.to_suggestion(suggestion)
        elif spans := self.conflict_state.spans(conflict):
            navigation.to_mark(Mark.of_span(spans[0]))
        else:
            navigation.go(conflict.start)

    def _preferred(self, conflict: Conflict) -> list[Version]:
        proposed = self.preselection(conflict).version
        return sorted(conflict.versions, key=lambda version: version is not proposed)

    def go_to_cursor(self) -> bool:
        """Make the conflict at the editor's cursor current, if there is one; the cursor stays."""
        offset = self.editor.cursor.offset
        conflicts = self.navigation.overlapping(offset, offset + 1)
        if conflicts and self.current not in conflicts:
            self.navigation.current = min(conflicts, key=lambda conflict: conflict.end - conflict.start)
        return bool(conflicts)

    def next_open(self, direction: int = 1, *, wraps: bool = False) -> bool:
        """Go to the next open conflict, or the one before; False, and nothing moves, if there is none.

        That is where the next document begins. With `wraps` the search goes on at the other end.
        """
        return self._go(next(self.navigation.open_ahead(direction, wraps=wraps), None))

    def next_conflict(self, direction: int = 1) -> bool:
        """Go to the next conflict, open or settled, or the one before; False if there is none."""
        return self._go(next(self.navigation.ahead(direction), None))

    def next_tie(self) -> bool:
        """Go to the next open conflict in which nothing is preselected, past the end from the top; False if none is."""
        ahead = self.navigation.open_ahead(wraps=True)
        return self._go(
            next((conflict for conflict in ahead if self.preselection(conflict).version is None), None)
        )

    def _go(self, conflict: Conflict | None) -> bool:
        if conflict is None:
            return False
        self.go_to(conflict)
        return True

    # The beginning

    @property
    def is_decided_on(self) -> bool:
        """Whether the reviewer has decided anything since `begin`; until then there is nothing to save."""
        return self.gold.revision > self._shown_revision

    def begin(self) -> Change:
        """Take the spans that all annotators share, as one step, and go to the first open conflict.

        None is taken twice: what was taken back stays open. None is taken in a done document.
        """
        drafts = []
        if self.gold.status is not Status.DONE:
            for conflict in self.conflict_state.to_take():
                span = self.conflict_state.items[self.conflict_state.home[conflict.key]].versions[0].spans[0]
                drafts.append(Draft.take(Verb.ACCEPT, conflict, span))
        shared = (
            f"took {counted(len(drafts), 'span')} that all {len(self.annotators)} share" if drafts else ""
        )
        change = self._tell(self.editor.decide(drafts, by=By.AGREEMENT, message=shared))
        self._shown_revision = self.gold.revision
        first = next(iter(self.navigation.open or self.navigation.shown), None)
        if first is not None:
            self.go_to(first)
        return change

    # Settling the current conflict

    def take(self, number: int) -> Change:
        """Let version `number`, counted from 1 as `versions` has them, stand in the conflict's place."""
        versions = self.versions()
        if not 1 <= number <= len(versions):
            return refused(f"there is no version {number} here")
        return self._take(versions[number - 1], Source.VERSION)

    def take_preselection(self) -> Change:
        """Take the version that is preselected; where none is, the message says why."""
        proposal = self.proposal()
        if proposal is None:
            return refused("no conflict here")
        if proposal.version is None:
            return refused(f"{proposal.reason}: choose a version")
        return self._take(proposal.version, proposal.source)

    def no_entity(self) -> Change:
        """Let nothing stand in the conflict's place."""
        return self._take(NO_ENTITY, Source.VERSION)

    def _take(self, version: Version, source: Source) -> Change:
        conflict = self.current
        if conflict is None:
            return refused("no conflict here")
        drafts = taking(self.conflict_state, conflict, version, source)
        accepted = {draft.after for draft in drafts if draft.after is not None}
        left_out = (
            sum(span not in accepted for span in version.spans) if accepted and not version.in_gold else 0
        )
        message = (
            f"left out {counted(left_out, 'overlapping span')}: the label set is flat" if left_out else ""
        )
        return self._settle(conflict, drafts, action=f"take {sorted(version.keys)}", message=message)

    def _settle(
        self, conflict: Conflict, drafts: Sequence[Draft], *, action: str, message: str = ""
    ) -> Change:
        if not drafts:
            self.next_open(wraps=True)
            return refused("it stands so already")
        was_done = self.gold.status is Status.DONE
        change = self._tell(self.editor.decide(drafts, action=action, message=message))
        return change if was_done else self._move_on(change)

    def _move_on(self, change: Change) -> Change:
        """Go to the next open conflict if the current one is settled, from the top past the end."""
        current = self.current
        if current is not None and not self.conflict_state.is_settled(current):
            self.go_to(current)
        elif not self.next_open(wraps=True) and not change.message:
            left = self.counts.open
            hidden = f"all settled but {counted(left, 'conflict')} that the filter hides"
            return change._replace(message=hidden if left else "all conflicts are settled")
        return change

    def reopen(self) -> Change:
        """Open a settled conflict again: its gold spans go, its rejections too."""
        conflict = self.current
        if conflict is None or not self.conflict_state.is_settled(conflict):
            return refused("it is open" if conflict else "no conflict here")
        drafts = reopening(self.conflict_state, conflict)
        if not drafts:
            return refused("there is nothing here to reopen")
        was_done = self.gold.status is Status.DONE
        change = self._tell(self.editor.decide(drafts, action="reopen"))
        if not was_done:
            self.go_to(conflict)
        return change

    # Editing

    def edit(self, verb: Callable[[Editor], Change], *, moves_on: bool = False) -> Change:
        """Do a verb of the editor; what the result replaces is rejected in the same step.

        With `moves_on`, go to the next open conflict if that settled the current one.
        """
        current = self.current
        was_open = current is not None and not self.conflict_state.is_settled(current)
        change = self._tell(verb(self.editor))
        if change and moves_on and was_open and current is not None:
            if self.conflict_state.is_settled(current):
                return self._move_on(change)
            if self._is_about(change.decisions, current):
                self.go_to(current)
        return change

    def _is_about(self, decisions: Iterable[Decision], conflict: Conflict) -> bool:
        return any(
            decision.after is not None and overlaps(decision.after, conflict) for decision in decisions
        )

    def label(self, name: str) -> Change:
        """Give the span in focus this label, or add one on a selection or plain text; LabelSetError if unknown."""
        return self.edit(lambda editor: editor.label(name), moves_on=True)

    def resize(self, edge: str, direction: str) -> Change:
        """Move the "left" or "right" edge of the span in focus "out" or "in"; on plain text select."""
        return self.edit(lambda editor: editor.resize(edge, direction))

    def stretch_to(self, offset: int) -> Change:
        """Let the span in focus, the selection or the word at the cursor reach to the token at `offset`."""
        return self.edit(lambda editor: editor.stretch_to(offset))

    def doubt(self) -> Change:
        """Flag the span in focus as doubtful."""
        return self.edit(lambda editor: editor.doubt(takes=True))

    def note(self, text: str) -> Change:
        """Set the note of the span in focus, which is kept with the gold span."""
        return self.edit(lambda editor: editor.note(text, takes=True))

    def reject(self) -> Change:
        """No entity in the current conflict; with the cursor outside it, reject the gold span there."""
        current, offset = self.current, self.editor.cursor.offset
        if current is not None and current.start <= offset < current.end:
            return self.no_entity()
        return self.edit(Editor.reject)

    def comment(self, text: str, *, to: Iterable[str] = ()) -> Change:
        """Tell the annotators, or those in `to`, something about the selection, the current conflict or the focus.

        It replaces what the same people were told at the same place; an empty text takes that back.
        """
        interval = self._comment_place()
        if interval is None:
            return refused("nothing here to comment on")
        comment = Comment(*interval, text.strip(), tuple(sorted(set(to))))
        if unknown := [name for name in comment.to if name not in self.annotators]:
            return refused(f"{unknown[0]} did not annotate this document")
        earlier = next((other for other in self.gold.comments if other.key == comment.key), None)
        if earlier == comment or (earlier is None and not comment.text):
            return refused("the comment is there already" if earlier else "no comment given")
        return self._tell(self.editor.decide([Draft(Verb.COMMENT, comment=comment)]))

    def _comment_place(self) -> Range | None:
        offset, focus, current = self.editor.cursor.offset, self.editor.focus, self.current
        if self.editor.cursor.selection is not None:
            return self.editor.cursor.selection
        if current is not None and (focus is None or current.start <= offset < current.end):
            return current.start, current.end
        return (focus.start, focus.end) if focus else None

    # Settling many

    def take_majorities(self, until: int) -> Change:
        """Take what is preselected from the current conflict on, as one step, up to a tie or beyond offset `until`.

        It stops as well where a reviewer has decided before, and passes by spot checks, which are for a person to look at.
        """
        drafts: list[Draft] = []
        count = 0
        for conflict in self._from_here():
            if conflict.kind is Kind.CHECK:
                continue
            proposal = self.preselection(conflict)
            if conflict.end > until or proposal.version is None or self._was_decided(conflict):
                break
            drafts += taking(self.conflict_state, conflict, proposal.version, proposal.source)
            count += 1
        message = (
            f"took {counted(count, 'preselection')}" if drafts else "nothing to take before the next tie"
        )
        was_done = self.gold.status is Status.DONE
        change = self._tell(self.editor.decide(drafts, action="take majorities", by=By.BULK, message=message))
        return self._move_on(change) if change and not was_done else change

    def _from_here(self) -> list[Conflict]:
        current = self.current
        is_open = (
            current is not None and not self.conflict_state.is_settled(current) and self.filter.fits(current)
        )
        return [*([current] if current is not None and is_open else []), *self.navigation.open_ahead()]

    def _was_decided(self, conflict: Conflict) -> bool:
        return any(version.in_gold for version in self.versions(conflict))

    @property
    def settlement(self) -> Settlement | None:
        """How the last step settled a conflict; None if it was no key on one."""
        step = self.gold.undo_step
        if not step or step[-1].by is not By.KEY:
            return None
        conflict = self._conflict_of(step)
        if conflict is None or conflict.kind is Kind.CHECK or not self.conflict_state.is_settled(conflict):
            return None
        return Settlement.of(self.conflict_state, conflict, self.editor.document.text)

    def same_text(self, settlement: Settlement | None = None) -> tuple[tuple[Conflict, ...], list[Draft]]:
        """The open conflicts with the text and versions of a settlement, by default the last one's, and what settles them.

        The settlement may come from another document.
        """
        conflicts: list[Conflict] = []
        drafts: list[Draft] = []
        placed: list[Span] = []
        settlement = settlement or self.settlement
        if settlement is None:
            return (), []
        for conflict in self.navigation.all_open:
            more = settlement.drafts(self.conflict_state, conflict, self.editor.document.text)
            spans = [draft.after for draft in more if draft.after is not None]
            if more and not any(overlaps(span, other) for span in spans for other in placed):
                conflicts.append(conflict)
                drafts += more
                placed += spans
        return tuple(conflicts), drafts

    def settle_same_text(self, settlement: Settlement | None = None) -> Change:
        """Settle those conflicts alike, as one step."""
        conflicts, drafts = self.same_text(settlement)
        if not conflicts:
            return refused("no other conflict with this text and these versions")
        message = f"settled {counted(len(conflicts), 'conflict')} alike · u takes all back"
        was_done = self.gold.status is Status.DONE
        whole = completed(self.conflict_state, drafts)
        change = self._tell(self.editor.decide(whole, action="same text", by=By.BULK, message=message))
        return change if was_done else self._move_on(change)

    # The document

    def finish(self) -> Change:
        """Call the document done if every conflict is settled, else go to the first open one. Accepts nothing."""
        if self.gold.status is Status.DONE:
            return refused("the document is done")
        if left := self.counts.open:
            if not self.navigation.open:
                self.filter = Filter()
            self.go_to(self.navigation.open[0])
            return refused(f"{counted(left, 'conflict')} open")
        spans = counted(len(self.gold.spans), "gold span")
        return self._tell(
            self.editor.decide([Draft(Verb.FINISH)], by=By.DOCUMENT, message=f"finished: {spans}")
        )

    def reopen_document(self) -> Change:
        """Take up a done document again."""
        return self._tell(self.editor.reopen())

    def undo(self) -> Change:
        """Take back the last step and go to its conflict. Before the spans that all share it pauses once."""
        step = self.gold.undo_step
        if step and step[-1].by is By.AGREEMENT and self._warned_at != self.gold.revision:
            self._warned_at = self.gold.revision
            shared = counted(len(step), "span")
            return refused(f"the next undo opens the {shared} that all share: press again to go on")
        return self._travel(Editor.undo, step)

    def redo(self) -> Change:
        """Bring back the step undone last and go to its conflict."""
        return self._travel(Editor.redo, self.gold.redo_step)

    def _travel(self, verb: Callable[[Editor], Change], step: Sequence[Decision] | None) -> Change:
        change = self._tell(verb(self.editor))
        if change and step and (conflict := self._conflict_of(step)) is not None:
            self.go_to(conflict)
        return change

    def _conflict_of(self, step: Iterable[Decision]) -> Conflict | None:
        """The conflict that a step was about: that of the first span it took, rejected, or said something about."""
        for decision in step:
            key = decision.suggestion.key if decision.suggestion else None
            if key is not None and key in self.conflict_state.home:
                conflicts = [self.conflict_state.items[self.conflict_state.home[key]]]
            else:
                interval = decision.after or decision.before or decision.comment
                conflicts = self.navigation.overlapping(interval.start, interval.end) if interval else []
            if shown := [conflict for conflict in conflicts if self.conflict_state.is_shown(conflict)]:
                return shown[0]
        return None

    def _tell(self, change: Change) -> Change:
        """Let the navigation follow what a change touched."""
        self.navigation.update(change.ranges)
        return change
