"""The review screen: what keys, clicks and the palette lead to."""

from __future__ import annotations

from annotator.editing.change import Change
from annotator.review.walk import Filter
from annotator.tui.keys.keymap import Keymap
from annotator.tui.screens.review import bars as review_phrases
from annotator.tui.screens.review.base import ReviewBase
from annotator.tui.screens.review.trail import Trail
from annotator.tui.screens.review.verbs import DECIDING, VERBS
from annotator.workspace.review.workspace import ReviewWorkspace

_COMMENT, _NOTE = "comment", "note"
_TAKE, _CONFLICT = "take:", "conflict:"


class ReviewScreen(ReviewBase):
    """Settle one conflict after the other, from document to document."""

    def __init__(self, workspace: ReviewWorkspace, keymap: Keymap, *, first: str) -> None:
        super().__init__(workspace, keymap, first=first)
        self._trail = Trail()
        self._awaits_label = False
        """True once the key was pressed behind which a label's key gives that label."""

    # Keys

    def capture(self, key: str, character: str | None) -> bool:
        """A label's key behind `pick_label` and modes come first; then digits take versions, capitals give labels."""
        if self._awaits_label:
            self._press_label(key, character)
        elif super().capture(key, character):
            pass
        elif (pressed := self.keymap.label_key(character)) is None:
            return False
        elif pressed.isdigit():
            self.take(int(pressed))
        else:
            self._label_by_key(pressed)
        return True

    def act(self, name: str) -> None:
        """Do the action called `name`: a verb, a move, or a method of this screen.

        "take:2" takes version 2, "conflict:3" goes to the third conflict: what a click on them does.
        """
        self._awaits_label = False
        if name in DECIDING and self.is_refused():
            return
        if name.startswith(_TAKE):
            self.take(int(name.removeprefix(_TAKE)))
        elif name.startswith(_CONFLICT):
            self._go_to(int(name.removeprefix(_CONFLICT)))
        elif name in VERBS:
            self.done(VERBS[name](self.session))
        else:
            super().act(name)

    def done(self, change: Change) -> None:
        """Show what a verb did, and note where."""
        if change:
            self._trail.add(self.editor.document.id)
        super().done(change)

    def take(self, number: int) -> None:
        """Take a version, as its digit would."""
        if not self.is_refused():
            self.done(self.session.take(number))

    def label(self, name: str) -> None:
        """Give a label, as its key would."""
        if not self.is_refused():
            self.done(self.session.label(name))

    def action_pick_label(self) -> None:
        """Wait for a label's key; the same key again, or Enter, asks for the label's name."""
        self._awaits_label = True
        self.say(f"label: its key, or {self.keymap.key('pick_label')} again to type its name")

    def _press_label(self, key: str, character: str | None) -> None:
        self._awaits_label = False
        pressed = self.keymap.label_key(character)
        if pressed is not None:
            self._label_by_key(pressed)
        elif key == "enter" or self.keymap.action(key, character) == "pick_label":
            super().action_pick_label()
        else:
            self.look()

    def _label_by_key(self, key: str) -> None:
        name = self.editor.label_set.by_key.get(key)
        if name is None:
            self.say(f"no label has the key {key}")
        else:
            self.label(name)

    def stretch_to(self, offset: int) -> Change:
        """Let the span in focus, the selection or the word at the cursor reach to the token at `offset`."""
        return self.session.stretch_to(offset)

    def action_take_majorities(self) -> None:
        self.done(self.session.take_majorities(self.view.visible_range()[1]))

    def action_same_text(self) -> None:
        self.done(self.session.settle_same_text(self._settlement))

    # From conflict to conflict

    def went(self) -> None:
        """The conflict at the cursor is the current one."""
        self.session.go_to_cursor()

    def _go_to(self, number: int) -> None:
        """Go to a conflict by its number in the document."""
        walk = self.session.walk
        found = next((each for each in walk.shown if walk.position(each) == number), None)
        if found is not None:
            self.session.go_to(found)
            self.look()

    def action_next_conflict(self) -> None:
        self._walk(1)

    def action_previous_conflict(self) -> None:
        self._walk(-1)

    def _walk(self, direction: int) -> None:
        """Go to the next open conflict, in the documents behind if there is none here, or to the one before."""
        session, here = self.session, self.editor.document.id
        if session.next_open(direction):
            self.look()
            return
        route = self.workspace.route
        other = route.following(here, is_open=True) if direction > 0 else route.preceding(here)
        if other is not None:
            if self.open(other):
                open_ones = self.session.walk.open
                self.session.go_to(open_ones[0 if direction > 0 else -1])
                self.look()
        elif session.next_open(direction, wraps=True):
            self._message = "from the top" if direction > 0 else "from the end"
            self.look()
        else:
            session.next_conflict(direction)
            self._message = "none is open" if session.filter == Filter() else "the filter shows no open one"
            self.look()

    def action_next_tie(self) -> None:
        """Go to the next conflict without a preselection, in the documents behind if there is none here."""
        here = self.editor.document.id
        found = None if self.session.next_tie() else self.workspace.route.next_tie(here)
        if found is not None and self.open(found):
            self.session.walk.current = None
            self.session.next_tie()
        elif found is None and not self._is_at_open_tie():
            self._message = "no tie is open"
        self.look()

    def _is_at_open_tie(self) -> bool:
        proposal = self.session.proposal()
        return (
            self.session.current in self.session.walk.open
            and proposal is not None
            and proposal.version is None
        )

    def action_filter(self) -> None:
        self.post_message(self.Wanted("filter"))

    def filter_by(self, chosen: Filter) -> None:
        """Stop only at the conflicts that a filter lets through, here and in all other documents."""
        self.workspace.route.filter = self.session.filter = chosen
        current = self.session.current
        if current is None or not chosen.fits(current) or current not in self.session.walk.open:
            self.session.next_open(wraps=True)
        self._message = (
            f"only {review_phrases.filter_name(chosen)}" if chosen != Filter() else "all conflicts"
        )
        self.look()

    def action_hide_names(self) -> None:
        """Show letters instead of names, or the names again."""
        hides = self.workspace.hides_names = not self.workspace.hides_names
        self.session.is_blind = hides
        self._message = "names are hidden" if hides else "names are shown"
        self.look()

    def action_who(self) -> None:
        if self.session.current is None:
            self.say("no conflict here")
        else:
            self.post_message(self.Wanted("who"))

    # Comments and notes

    def action_comment(self) -> None:
        """Ask for what the annotators shall be told; what they all were told here stands there to be changed."""
        current = self.session.current
        place = (current.start, current.end) if current is not None else None
        there = (
            each for each in self.session.gold.comments if (each.start, each.end) == place and not each.to
        )
        self.ask(_COMMENT, next((each.text for each in there), ""))
        self.prompt.say("for all · 2: … for those of version 2")

    def action_note(self) -> None:
        focus = self.editor.focus
        if focus is None:
            self.say("no span here")
        else:
            self.ask(_NOTE, focus.decided.span.note if focus.decided else "")

    def answered(self, purpose: str, text: str) -> None:
        """Keep a comment or a note."""
        if purpose == _NOTE:
            self.done(self.session.note(text))
        else:
            comment, to = review_phrases.addressed(self.session, text)
            self.done(self.session.comment(comment, to=to))

    def given_up(self, purpose: str, text: str) -> None:
        """What was typed is dropped."""

    # Undo, and from document to document

    def action_undo(self) -> None:
        """Take back the last step, in whichever document it was made."""
        self._travel(self._trail.last, "undo")

    def action_redo(self) -> None:
        self._travel(self._trail.last_undone, "redo")

    def _travel(self, document_id: str | None, verb: str) -> None:
        if document_id is not None and document_id != self.editor.document.id and not self.open(document_id):
            return
        change = self.session.undo() if verb == "undo" else self.session.redo()
        if change and verb == "undo":
            self._trail.undo()
        elif change:
            self._trail.redo()
        super().done(change)

    def action_finish(self) -> None:
        """Go to the first open conflict; where all are settled finish the document and open the next."""
        if self.is_guarded:
            return
        change = self.session.finish()
        self.done(change)
        if change:
            spans, undo = len(self.session.gold.spans), self.keymap.key("undo")
            self._open_next(f"finished {self.short_title()}: {spans} · {undo} reopens")
        elif not self.session.counts.open:
            self._open_next("")

    def _open_next(self, message: str) -> None:
        following = self.workspace.route.following(self.editor.document.id)
        if following is None:
            self.say(f"all done · {message}" if message else "all documents are done")
        elif not self.open(following, message=message):
            self.say(message)

    def action_previous_document(self) -> None:
        self._open_neighbour(-1, "this is the first document")

    def action_next_document(self) -> None:
        self._open_neighbour(1, "this is the last document")

    def _open_neighbour(self, step: int, at_end: str) -> None:
        neighbour = self.workspace.route.neighbour(self.editor.document.id, step)
        if neighbour is None:
            self.say(at_end)
        else:
            self.open(neighbour)
