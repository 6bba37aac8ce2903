"""What a person presses next: the cheapest keys towards the gold that they use, by what was on the screen.

The person has read what was on the screen and knows what is right there, and knows the program: what a key does to what
they have read. They know neither what a key does elsewhere nor what memory will make of a decision. Plans are tried on a
copy of the editor, through the same tables of actions that the screen's keys lead to.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from annotator.editing.editor import Editor
from annotator.editing.marks import State
from annotator.model.annotations import AnnotationSet
from annotator.model.decisions import Status
from annotator.model.spans import Labelled, Span, overlaps
from annotator.suggest.combination.ranges import Ranges
from annotator.tui.keys.keymap import Keymap
from annotator.tui.screens.annotate.verbs import EditorVerb
from annotator.tui.screens.document.jumping import Jump
from annotator.tui.screens.document.moves import CursorMove

Key = tuple[int, int, str]
Range = tuple[int, int]
Press = tuple[str, str]
"""A key, and the case that it is counted under."""

NAVIGATION = "navigation"
_DEPTH = 3
"""More moves than these cost more than a jump."""
_MISSED = 3
_TRIED = 4
_MANY_MOVES = (
    "next_undecided",
    "previous_undecided",
    "next_doubtful",
    "next_name",
    "next_sentence",
    "previous_sentence",
    "next_paragraph",
    "previous_paragraph",
    "back",
    "next_here",
    "first",
    "last",
    "left",
    "right",
)


@dataclass(frozen=True)
class Habits:
    """Which keys a person uses beside labels, edges, rejections and jumps to a hint."""

    moves: tuple[str, ...]
    corrects_others: bool
    """They let the last correction be made on the other mentions."""
    stretches: bool
    """They type a hint as a capital, which stretches the span to that word."""
    uses_place_hints: bool = True
    """They press the capitals that stand before likely places."""


CAREFUL = Habits(_MANY_MOVES, corrects_others=True, stretches=True)
"""Somebody who knows every key."""
PLAIN = Habits(
    ("next_undecided", "previous_undecided"), corrects_others=False, stretches=False, uses_place_hints=False
)
"""Somebody who goes from suggestion to suggestion and jumps to what is missing."""


@dataclass(frozen=True)
class Plan:
    """Keys to press, each with its case, and how many more it will take to come back to what they leave out."""

    presses: tuple[Press, ...]
    back: int = 0

    def __len__(self) -> int:
        return len(self.presses)


Ranked = tuple[tuple[int, int, int], Plan]
"""A plan behind its order: the keys that it takes beyond what it gains, the place in the text, the keys that mend."""


@dataclass
class View:
    """What a person sees: the offsets on screen, and all that they have read."""

    visible: Range
    read: Ranges
    place_hints: Mapping[int, str] = field(default_factory=dict)

    def is_read(self, start: int, end: int) -> bool:
        """True if all of `[start, end)` was on the screen."""
        place = self.read.next(start)
        return place is not None and place[0] <= start and end <= place[1]


class Copy:
    """A copy of an editor to try keys on. What it learns or what a view would scroll is not part of it."""

    def __init__(self, editor: Editor, keymap: Keymap, view: View) -> None:
        annotations = editor.annotation_set
        self.editor = Editor(
            editor.document,
            editor.label_set,
            AnnotationSet(annotations.document_id, annotations.annotator, annotations.decisions),
            tokens=editor.tokens,
        )
        self.editor.names = editor.names
        self.editor.suggest(editor.suggestion_state.suggestions)
        self._keymap = keymap
        self._view = view
        self._jump: Jump | None = None
        self.place = place_of(editor)

    @property
    def place(self) -> tuple[object, ...]:
        """Where the cursor is, to come back to."""
        return place_of(self.editor)

    @place.setter
    def place(self, place: tuple[object, ...]) -> None:
        cursor, navigation = self.editor.cursor, self.editor.navigation
        cursor.offset, cursor.selection, cursor.by_character, navigation._chosen, navigation._left = place  # type: ignore[assignment]
        navigation._back_revision = -1

    def press(self, key: str) -> None:
        """Do what a key would do."""
        if self._jump is not None:
            self._press_in_jump(key)
        elif (label_key := self._keymap.label_key(key)) is not None:
            name = self.editor.label_set.by_key.get(label_key)
            if name is not None:
                self.editor.label(name)
            else:
                self.editor.navigation.go(_offset(self._view.place_hints, label_key))
        elif (name := self._keymap.action(key, key)) == "jump":
            self._jump = Jump(self.editor, *self._view.visible)
        elif name is not None:
            handler = self._keymap.actions[name].handler
            if isinstance(handler, EditorVerb):
                handler.verb(self.editor)
            else:
                self.move(name)

    def move(self, name: str) -> None:
        """Do a move by its action's name; left and right as in text that runs rightwards."""
        handler = self._keymap.actions[name].handler
        if isinstance(handler, CursorMove):
            handler.move(self.editor)
            return
        step = {"left": -1, "right": 1}[name]
        tokens = self.editor.tokens
        index = tokens.at(self.editor.cursor.offset) + step
        if 0 <= index < len(tokens):
            self.editor.navigation.go(tokens.starts[index])

    def _press_in_jump(self, key: str) -> None:
        assert self._jump is not None
        answer = self._jump.press(key, key)
        if answer is True:
            return
        jump, self._jump = self._jump, None
        if isinstance(answer, int):
            if jump.stretches:
                self.editor.stretch_to(answer)
            else:
                self.editor.navigation.go(answer)


def _offset(hints: Mapping[int, str], letter: str) -> int:
    return next(offset for offset, each in hints.items() if each == letter)


def place_of(editor: Editor) -> tuple[object, ...]:
    """Where an editor's cursor is, and what its walk remembers."""
    cursor, navigation = editor.cursor, editor.navigation
    return cursor.offset, cursor.selection, cursor.by_character, navigation._chosen, navigation._left


@dataclass
class Todo:
    """What was read and is not as in the gold: wrong marks with the entities they touch, and entities nothing touches."""

    wrong: list[tuple[Labelled, list[Key]]] = field(default_factory=list)
    """Open suggestions and decided spans."""
    missed: list[Key] = field(default_factory=list)
    unwanted: int = 0
    """Decisions that are not in the gold."""
    cost: int = 0
    """An estimate of the keys that it takes, without moving about."""

    def __bool__(self) -> bool:
        return bool(self.wrong or self.missed)

    @property
    def first(self) -> Key:
        """What stands first in the text of all that is not as in the gold."""
        return min([*map(key_of, (mark for mark, _ in self.wrong)), *self.missed])


def key_of(mark: Labelled) -> Key:
    """Offsets and label of a suggestion or a span."""
    return mark.start, mark.end, mark.label


def todo_of(editor: Editor, gold: Collection[Key], view: View, *, given_up: Collection[Key] = ()) -> Todo:
    """What is to be done in the text that was read, but for what was given up."""
    annotations, todo = editor.annotation_set, Todo()
    right = set(gold)
    decided = {key_of(each) for each in annotations.spans}
    unwanted = [
        each for each in annotations.spans if key_of(each) not in right and view.is_read(each.start, each.end)
    ]
    shown = [each for each in editor.suggestion_state.open if view.is_read(each.start, each.end)]
    todo.unwanted = len(unwanted) + sum(
        each.key in right and each.key not in decided and view.is_read(each.start, each.end)
        for each in annotations.rejections
    )
    left = {key for key in right if view.is_read(*key[:2])} - decided - {each.key for each in shown}
    left.difference_update(given_up)
    costs: dict[Key, int] = {}
    marks: list[Labelled] = [*shown, *unwanted]
    for mark in sorted(marks, key=key_of):
        if key_of(mark) in right or key_of(mark) in given_up:
            continue
        here = sorted(key for key in left if overlaps(mark, Span(*key)))
        todo.wrong.append((mark, here))
        todo.cost += not here
        # One of the entities that it touches can be made of it; the others are added, unless another one becomes them.
        made = {key: edge_distance(editor, mark, key) + (mark.label != key[2]) for key in here}
        free = min(set(here) - costs.keys(), key=lambda key: (made[key], key), default=None)
        if free is not None:
            costs[free] = min(made[free], 1 + _MISSED)
    touched = {key for _, here in todo.wrong for key in here}
    todo.missed = sorted(left - touched)
    added = len(touched - costs.keys()) + len(todo.missed)
    todo.cost += sum(costs.values()) + _MISSED * added
    return todo


def edge_distance(editor: Editor, place: Labelled, key: Key) -> int:
    """How many tokens both edges are off together."""
    tokens = editor.tokens
    return sum(
        len(tokens.within(min(one, other), max(one, other)))
        for one, other in ((place.start, key[0]), (place.end, key[1]))
    )


class Planner:
    """Plans for one document at a time, for a person with these habits."""

    def __init__(self, keymap: Keymap, habits: Habits = CAREFUL) -> None:
        self._keymap = keymap
        self._habits = habits
        self._keys = {name: action.keys[0] for name, action in keymap.actions.items() if action.keys}

    def plan(self, editor: Editor, gold: Collection[Key], view: View, todo: Todo) -> Plan:
        """The keys towards the next thing of `todo` mended, or several at once; else a key that leads towards it."""
        ways = Ways(editor, self._keymap, self._habits, view, todo)
        best: Ranked | None = None
        for depth in range(_DEPTH + 1):
            ways.deepen()
            best = self._best(editor, todo, gold, view, ways)
            if best is not None and best[0][0] <= depth:
                break  # whatever a longer way leads to costs more
        if best is not None:
            return best[1]
        return Plan(((self._towards(todo, view), NAVIGATION),))

    def _towards(self, todo: Todo, view: View) -> str:
        """The key that brings something wrong onto the screen, which has scrolled, or into the reach of few keys."""
        start = todo.first[0]
        if start >= view.visible[1]:
            return self._keys["page_down"]
        return self._keys["page_up" if start < view.visible[0] else "next_undecided"]

    def _best(
        self, editor: Editor, todo: Todo, gold: Collection[Key], view: View, ways: Ways
    ) -> Ranked | None:
        """The cheapest of the candidates that do what they should, where the ways are known so far."""
        best: Ranked | None = None
        candidates = sorted(self._candidates(editor, todo, ways), key=lambda candidate: candidate[0])
        for tried, (order, plan) in enumerate(candidates):
            if best is not None and (tried >= _TRIED or order[0] > best[0][0]):
                break
            after = self._tried(editor, plan, gold, view)
            if after.cost >= todo.cost or after.unwanted > todo.unwanted:
                continue
            rank = (len(plan) + after.cost - todo.cost + plan.back, *order[1:])
            if best is None or rank < best[0]:
                best = (rank, plan)
        return best

    def _tried(self, editor: Editor, plan: Plan, gold: Collection[Key], view: View) -> Todo:
        copy = Copy(editor, self._keymap, view)
        for key, _ in plan.presses:
            copy.press(key)
        return todo_of(copy.editor, gold, view)

    # Candidates: each with an order, the estimated overhead first

    def _candidates(self, editor: Editor, todo: Todo, reached: Ways) -> Iterator[Ranked]:
        if self._habits.corrects_others and editor.correction() is not None:
            case = "missed" if todo.missed else "label"
            yield (-9, 0, 1), Plan(((self._keys["correct_others"], case),))
        for number, (mark, here) in enumerate(todo.wrong):
            back = min(number, 1)  # a key at least, to come back to what is left out
            way = reached.marks.get(key_of(mark))
            if way is None:
                continue
            for gain, fix in self._fixes(editor, mark, here):
                order = (len(way) + len(fix) - gain + back, mark.start, len(fix))
                yield order, Plan((*way, *fix), back)
        for key in todo.missed:
            for way, fix in self._additions(editor, key, reached):
                plan = Plan((*((each, "missed") for each, _ in way), *fix))
                yield (len(plan) - _MISSED, key[0], len(plan)), plan

    def _fixes(
        self, editor: Editor, mark: Labelled, here: Sequence[Key]
    ) -> Iterator[tuple[int, tuple[Press, ...]]]:
        """What mends a mark in focus, with the cost that it takes off what is to be done."""
        reject = self._keys["reject"]
        if not here:
            yield 1, ((reject, "spurious"),)
            return
        for key in here:
            label = () if mark.label == key[2] else ((self._label(editor, key[2]), "label"),)
            if (mark.start, mark.end) == key[:2]:
                yield 1, label
                continue
            edges = self._edges(editor, (mark.start, mark.end), key)
            cost = edge_distance(editor, mark, key) + len(label)
            yield cost, (*((each, "boundary") for each in edges), *((each, "boundary") for each, _ in label))
        yield 1, ((reject, "boundary"),)

    def _label(self, editor: Editor, name: str) -> str:
        return editor.label_set.by_name[name].key

    def _edges(self, editor: Editor, place: Range, key: Key) -> list[str]:
        """The keys that move both edges, by token as far as that leads, and then by character."""
        cursor, keys = editor.cursor, list[str]()
        was, by_character = cursor.by_character, False
        for edge, index in (("right", 1), ("left", 0)):
            while place[index] != key[index]:
                grows = (key[index] > place[index]) is (edge == "right")
                cursor.by_character = by_character
                moved = editor.resized(*place, edge, "out" if grows else "in")
                cursor.by_character = was
                is_past = moved is not None and (moved[index] - key[index]) * (place[index] - key[index]) < 0
                if moved is None or is_past:
                    if by_character:
                        return keys
                    by_character = True
                    keys.append(self._keys["by_character"])
                    continue
                place = moved
                keys.append(self._keys[f"{edge}_{'out' if grows else 'in'}"])
        return keys

    def _additions(
        self, editor: Editor, key: Key, reached: Ways
    ) -> Iterator[tuple[Sequence[Press], tuple[Press, ...]]]:
        """Ways to an entity that nothing touches, with the keys that add it there."""
        label = (self._label(editor, key[2]), "missed")
        inside = editor.tokens.within(key[0], key[1])
        copy = Copy(editor, self._keymap, reached.view)
        for token in inside:
            start = editor.tokens.starts[token]
            way = reached.places.get(start)
            if way is None:
                continue
            copy.editor.cursor.go(start)
            copy.editor.navigation.release()
            if copy.editor.focus is not None:
                continue
            if copy.editor.addition() == key[:2]:
                yield way, (label,)
                continue
            edges = self._edges(editor, editor.tokens[token], key)
            if not edges or edges[0] not in (self._keys["left_out"], self._keys["right_out"]):
                # The first key selects the word; with an outer edge it grows it as well.
                edges = [self._keys["right_in"], *edges]
            yield way, (*((each, "missed") for each in edges), label)
            if (
                self._habits.stretches
                and len(edges) > 2
                and token == inside[0]
                and (hint := reached.hints.get(editor.tokens.starts[inside[-1]]))
            ):
                stretch = (self._keys["jump"], *hint[:-1], hint[-1].upper())
                yield way, (*((each, "missed") for each in stretch), label)


class Ways:
    """The cheapest ways to marks as the focus, and to places in plain text, from where an editor stands."""

    def __init__(self, editor: Editor, keymap: Keymap, habits: Habits, view: View, todo: Todo) -> None:
        self.view = view
        self.marks: dict[Key, tuple[Press, ...]] = {}
        self.places: dict[int, tuple[Press, ...]] = {}
        self._copy = Copy(editor, keymap, view)
        self._moves = habits.moves
        self._keys = {name: keymap.actions[name].keys[0] for name in (*habits.moves, "jump")}
        self.hints = Jump(self._copy.editor, *view.visible).hints
        self._place_hints = view.place_hints if habits.uses_place_hints else {}
        self._frontier: list[tuple[tuple[object, ...], tuple[Press, ...]]] = [(self._copy.place, ())]
        self._known: set[object] = set()
        wanted = [(mark.start, mark.end) for mark, _ in todo.wrong] + [key[:2] for key in todo.missed]
        for place in wanted:
            for token in editor.tokens.within(*place):
                self._jump(editor.tokens.starts[token])

    def _jump(self, offset: int) -> None:
        if (letter := self._place_hints.get(offset)) is not None:
            self._copy.editor.navigation.go(offset)
            self._note(((letter, NAVIGATION),))
        elif (hint := self.hints.get(offset)) is not None:
            self._copy.editor.navigation.go(offset)
            self._note(tuple((key, NAVIGATION) for key in (self._keys["jump"], *hint)))

    def deepen(self) -> None:
        """Look where one key more leads."""
        copy, following = self._copy, []
        for place, way in self._frontier:
            copy.place = place
            identity = (place[0], place[1], copy.editor.focus)
            if identity in self._known:
                continue
            self._known.add(identity)
            self._note(way)
            if len(way) == _DEPTH:
                continue
            for name in self._moves:
                copy.place = place
                copy.move(name)
                following.append((copy.place, (*way, (self._keys[name], NAVIGATION))))
        self._frontier = following

    def _note(self, way: tuple[Press, ...]) -> None:
        editor = self._copy.editor
        focus = editor.focus
        if focus is not None and focus.state is not State.REJECTED:
            known = self.marks.get(key_of(focus))
            if known is None or len(way) < len(known):
                self.marks[key_of(focus)] = way
        elif focus is None and editor.cursor.selection is None:
            start = editor.cursor.word[0]
            if start not in self.places or len(way) < len(self.places[start]):
                self.places[start] = way


def is_done(editor: Editor) -> bool:
    """True once the document is finished."""
    return editor.status is Status.DONE
