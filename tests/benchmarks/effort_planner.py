"""What a careful person presses next: the cheapest keys towards the gold, by what is on the screen.

The person has read what was on the screen and knows what is right there, and knows the program: what a key does to what
they see. They do not know what memory will make of a decision. Plans are tried on a copy of the editor, through the
same tables of actions that the screen's keys lead to.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from annotator.editing.editor import Editor
from annotator.editing.marks import Mark, State
from annotator.model.annotations import AnnotationSet
from annotator.model.decisions import Status
from annotator.model.spans import Span, Suggestion, overlaps
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
_MOVES = (
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
)


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
    """What a person sees: the offsets on screen, and how far the text was read."""

    visible: Range
    read_until: int


class Copy:
    """A copy of an editor to try keys on. What it learns or what a view would scroll is not part of it."""

    def __init__(self, editor: Editor, keymap: Keymap, visible: Range) -> None:
        annotations = editor.annotation_set
        self.editor = Editor(
            editor.document,
            editor.label_set,
            AnnotationSet(annotations.document_id, annotations.annotator, annotations.decisions),
            tokens=editor.tokens,
        )
        self.editor.names = editor.names
        self.editor.suggest(editor.board.suggestions)
        self._keymap = keymap
        self._visible = visible
        self._jump: Jump | None = None
        self.place = place_of(editor)

    @property
    def place(self) -> tuple[object, ...]:
        """Where the cursor is, to come back to."""
        return place_of(self.editor)

    @place.setter
    def place(self, place: tuple[object, ...]) -> None:
        cursor, walk = self.editor.cursor, self.editor.walk
        cursor.offset, cursor.selection, cursor.by_character, walk._chosen, walk._left = place  # type: ignore[assignment]
        walk._back_revision = -1

    def press(self, key: str) -> None:
        """Do what a key would do."""
        if self._jump is not None:
            self._press_in_jump(key)
        elif (label_key := self._keymap.label_key(key)) is not None:
            self.editor.label(self.editor.label_set.by_key[label_key])
        elif (name := self._keymap.action(key, key)) == "jump":
            self._jump = Jump(self.editor, *self._visible)
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
            self.editor.walk.go(tokens.starts[index])

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
                self.editor.walk.go(answer)


def place_of(editor: Editor) -> tuple[object, ...]:
    """Where an editor's cursor is, and what its walk remembers."""
    cursor, walk = editor.cursor, editor.walk
    return cursor.offset, cursor.selection, cursor.by_character, walk._chosen, walk._left


@dataclass
class Todo:
    """What is not yet as in the gold: wrong suggestions with the entities they touch, and entities nothing touches."""

    wrong: list[tuple[Suggestion, list[Key]]] = field(default_factory=list)
    missed: list[Key] = field(default_factory=list)
    unwanted: int = 0
    """Decisions that are not in the gold."""
    cost: int = 0
    """An estimate of the keys that it takes, without moving about."""

    def __bool__(self) -> bool:
        return bool(self.wrong or self.missed)


def todo_of(editor: Editor, gold: Iterable[Key], read_until: int) -> Todo:
    """What is to be done in the text that was read."""
    annotations, todo = editor.annotation_set, Todo()
    decided = {(each.start, each.end, each.label) for each in annotations.spans}
    right = set(gold)
    todo.unwanted = len(decided - right)
    todo.unwanted += sum(each.key in right and each.key not in decided for each in annotations.rejections)
    shown = [each for each in editor.board.open if each.end <= read_until]
    left = {key for key in right if key[1] <= read_until} - decided - {each.key for each in shown}
    costs: dict[Key, int] = {}
    for each in shown:
        if each.key in right:
            continue
        here = sorted(key for key in left if overlaps(each, Span(*key)))
        todo.wrong.append((each, here))
        todo.cost += not here
        # One of the entities that it touches can be made of it; the others are added, unless another one becomes them.
        made = {key: edge_distance(editor, each, key) + (each.label != key[2]) for key in here}
        free = min(set(here) - costs.keys(), key=lambda key: (made[key], key), default=None)
        if free is not None:
            costs[free] = min(made[free], 1 + _MISSED)
    touched = {key for _, here in todo.wrong for key in here}
    todo.missed = sorted(left - touched)
    added = len(touched - costs.keys()) + len(todo.missed)
    todo.cost += sum(costs.values()) + _MISSED * added + 4 * todo.unwanted
    return todo


def edge_distance(editor: Editor, place: Suggestion | Mark, key: Key) -> int:
    """How many tokens both edges are off together."""
    tokens = editor.tokens
    return sum(
        len(tokens.within(min(one, other), max(one, other)))
        for one, other in ((place.start, key[0]), (place.end, key[1]))
    )


class Planner:
    """Plans for one document at a time. `names` gives the key of an action as it is in the keymap."""

    def __init__(self, keymap: Keymap) -> None:
        self._keymap = keymap
        self._keys = {name: action.keys[0] for name, action in keymap.actions.items() if action.keys}

    def plan(self, editor: Editor, gold: Sequence[Key], view: View) -> Plan | None:
        """The keys towards the next thing mended, or several at once; None where nothing is wrong in what was read."""
        todo = todo_of(editor, gold, view.read_until)
        if not todo:
            return None
        ways = Ways(editor, self._keymap, view.visible, todo)
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
        first = min([each.start for each, _ in todo.wrong] + [key[0] for key in todo.missed])
        if first >= view.visible[1]:
            return self._keys["page_down"]
        return self._keys["page_up" if first < view.visible[0] else "next_undecided"]

    def _best(self, editor: Editor, todo: Todo, gold: Sequence[Key], view: View, ways: Ways) -> Ranked | None:
        """The cheapest of the candidates that do what they should, where the ways are known so far."""
        best: Ranked | None = None
        candidates = sorted(self._candidates(editor, todo, ways), key=lambda each: each[0])
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

    def _tried(self, editor: Editor, plan: Plan, gold: Sequence[Key], view: View) -> Todo:
        copy = Copy(editor, self._keymap, view.visible)
        for key, _ in plan.presses:
            copy.press(key)
        return todo_of(copy.editor, gold, view.read_until)

    # Candidates: each with an order, the estimated overhead first

    def _candidates(self, editor: Editor, todo: Todo, reached: Ways) -> Iterator[Ranked]:
        if editor.correction() is not None:
            case = "missed" if todo.missed else "label"
            yield (-9, 0, 1), Plan(((self._keys["correct_others"], case),))
        for number, (suggestion, here) in enumerate(todo.wrong):
            back = min(number, 1)  # a key at least, to come back to what is left out
            way = reached.suggestions.get(suggestion.key)
            if way is None:
                continue
            for gain, fix in self._fixes(editor, suggestion, here):
                order = (len(way) + len(fix) - gain + back, suggestion.start, len(fix))
                yield order, Plan((*way, *fix), back)
        for key in todo.missed:
            for way, fix in self._additions(editor, key, reached):
                plan = Plan((*((each, "missed") for each, _ in way), *fix))
                yield (len(plan) - _MISSED, key[0], len(plan)), plan

    def _fixes(
        self, editor: Editor, suggestion: Suggestion, here: Sequence[Key]
    ) -> Iterator[tuple[int, tuple[Press, ...]]]:
        """What mends a suggestion in focus, with the cost that it takes off what is to be done."""
        reject = self._keys["reject"]
        if not here:
            yield 1, ((reject, "spurious"),)
            return
        for key in here:
            label = () if suggestion.label == key[2] else ((self._label(editor, key[2]), "label"),)
            if (suggestion.start, suggestion.end) == key[:2]:
                yield 1, label
                continue
            edges = self._edges(editor, (suggestion.start, suggestion.end), key)
            cost = edge_distance(editor, suggestion, key) + len(label)
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
                moved = cursor.resized(*place, edge, "out" if grows else "in")
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
        copy = Copy(editor, self._keymap, reached.visible)
        for token in inside:
            start = editor.tokens.starts[token]
            way = reached.places.get(start)
            if way is None:
                continue
            copy.editor.cursor.go(start)
            copy.editor.walk.release()
            if copy.editor.focus is not None:
                continue
            if copy.editor.addition() == key[:2]:
                yield way, (label,)
                continue
            edges = self._edges(editor, editor.tokens[token], key)
            if edges and edges[0] in (
                self._keys["left_in"],
                self._keys["right_in"],
                self._keys["by_character"],
            ):
                continue
            # The first key selects the word, and with an outer edge grows it as well.
            edges = edges or [self._keys["right_in"]]
            yield way, (*((each, "missed") for each in edges), label)
            if (
                len(edges) > 2
                and token == inside[0]
                and (hint := reached.hints.get(editor.tokens.starts[inside[-1]]))
            ):
                stretch = (self._keys["jump"], *hint[:-1], hint[-1].upper())
                yield way, (*((each, "missed") for each in stretch), label)


class Ways:
    """The cheapest ways to suggestions as the focus, and to places in plain text, from where an editor stands."""

    def __init__(self, editor: Editor, keymap: Keymap, visible: Range, todo: Todo) -> None:
        self.visible = visible
        self.suggestions: dict[Key, tuple[Press, ...]] = {}
        self.places: dict[int, tuple[Press, ...]] = {}
        self._copy = Copy(editor, keymap, visible)
        self._keys = {name: keymap.actions[name].keys[0] for name in (*_MOVES, "left", "right", "jump")}
        self.hints = Jump(self._copy.editor, *visible).hints
        self._frontier: list[tuple[tuple[object, ...], tuple[Press, ...]]] = [(self._copy.place, ())]
        self._known: set[object] = set()
        wanted = [(each.start, each.end) for each, _ in todo.wrong] + [key[:2] for key in todo.missed]
        for place in wanted:
            for token in editor.tokens.within(*place):
                self._jump(editor.tokens.starts[token])

    def _jump(self, offset: int) -> None:
        if (hint := self.hints.get(offset)) is not None:
            self._copy.editor.walk.go(offset)
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
            for name in (*_MOVES, "left", "right"):
                copy.place = place
                copy.move(name)
                following.append((copy.place, (*way, (self._keys[name], NAVIGATION))))
        self._frontier = following

    def _note(self, way: tuple[Press, ...]) -> None:
        editor = self._copy.editor
        focus = editor.focus
        if focus is not None and focus.state is State.UNDECIDED and focus.suggestion is not None:
            known = self.suggestions.get(focus.suggestion.key)
            if known is None or len(way) < len(known):
                self.suggestions[focus.suggestion.key] = way
        elif focus is None and editor.cursor.selection is None:
            start = editor.cursor.word[0]
            if start not in self.places or len(way) < len(self.places[start]):
                self.places[start] = way


def is_done(editor: Editor) -> bool:
    """True once the document is finished."""
    return editor.status is Status.DONE
