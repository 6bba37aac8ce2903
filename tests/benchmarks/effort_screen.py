"""The program without a terminal, worked by keys alone, for measuring what they cost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from annotator.editing.editor import Editor
from annotator.formats.exchange import AnnotatedDocument
from annotator.model.labels import LabelSet
from annotator.model.spans import Level
from annotator.settings import Settings
from annotator.store.repository import Store
from annotator.suggest.combination.ranges import Ranges
from annotator.suggest.sources.pipeline import Pipeline
from annotator.suggest.sources.resolution import resolve
from annotator.tui.app import AnnotatorApp
from annotator.tui.screens.annotate.screen import AnnotateScreen
from annotator.workspace import Workspace
from annotator.workspace.pipeline_answers import PipelineAnswers
from tests.benchmarks.effort_planner import (
    CAREFUL,
    NAVIGATION,
    Habits,
    Key,
    Planner,
    View,
    is_done,
    todo_of,
)
from tests.keys import key_event

ANNOTATOR = "careful"
SIZE = (120, 40)
_FINISHING = "finishing"
_ROUNDS = 4
"""So many rounds of the application without news mean that a key has been acted on, and its effect painted and noted."""
_PATIENCE = 24
"""After so many keys that mend nothing a person gives up what they are at."""
_MOST_ROUNDS = 20_000
"""So many rounds with news in each mean that there will be no end to them."""


@dataclass
class Reading:
    """What a person reads of a document while they work: different suggestions, and screens that differ."""

    suggestions: set[Key] = field(default_factory=set)
    screens: set[tuple[int, int]] = field(default_factory=set)

    def look(self, editor: Editor, visible: tuple[int, int]) -> None:
        """Read what is on the screen."""
        self.screens.add(visible)
        self.suggestions.update(each.key for each in editor.suggestion_state.open.overlapping(*visible))


@dataclass
class Work:
    """What one document took: keys by case, all of them in their order, and what was read.

    `given_up` are the entities and marks that no key of this person's could make right; `is_finished` is False where not
    even the document could be finished. `levels` counts the suggestions that stood there at first by level and by whether
    they are right.
    """

    document_id: str
    entities: int
    words: int = 0
    keys: Counter[str] = field(default_factory=Counter)
    pressed: list[str] = field(default_factory=list)
    reading: Reading = field(default_factory=Reading)
    levels: Counter[tuple[Level, bool]] = field(default_factory=Counter)
    given_up: set[Key] = field(default_factory=set)
    is_finished: bool = True


def make_store(
    path: Path, annotated: Sequence[AnnotatedDocument], label_set: LabelSet, model: str | None
) -> None:
    """A store of the documents without annotations, with the pipeline's answers in its cache."""
    store = Store.create(path, label_set=label_set, model=model)
    resolved = resolve(model).for_labels(label_set)
    pipeline = Pipeline(resolved.source, name=resolved.name)
    with store.batch() as batch:
        for each in annotated:
            batch.add_document(each.document)
    for each in annotated:
        answer = pipeline.answers([(each.document.id, each.document.text)])[0]
        PipelineAnswers(store, resolved).keep(answer)
    store.close()


class Person:
    """Works through a store by key, reads all that comes on the screen, and knows the gold.

    Whatever the gold, the work ends: what the keys do not reach is given up, and noted.
    """

    def __init__(
        self, path: Path, gold: Mapping[str, Sequence[Key]], *, learns: bool, habits: Habits = CAREFUL
    ) -> None:
        settings = Settings(opening_guard_ms=0, backups=0, learning="own" if learns else "off")
        self._workspace = Workspace(Store.open(path), annotator=ANNOTATOR, settings=settings)
        self._gold = gold
        self._habits = habits

    async def work(self) -> list[Work]:
        """Finish every document; what each took."""
        app = AnnotatorApp(self._workspace, first=self._workspace.first())
        works: list[Work] = []
        try:
            async with app.run_test(size=SIZE) as pilot:
                self._pilot = pilot
                await self._until_memory_is_there()
                while not works or self._screen.editor.document.id != works[-1].document_id:
                    works.append(await _Sitting(self, self._screen.editor).finish())
                return works
        finally:
            self._workspace.close()

    async def _until_memory_is_there(self) -> None:
        learning = self._workspace._learning
        await self._pilot.pause()
        while learning.memory is not None and not learning._is_complete:
            await self._pilot.pause(0.01)

    @property
    def _screen(self) -> AnnotateScreen:
        return next(each for each in self._pilot.app.screen_stack if isinstance(each, AnnotateScreen))

    async def _press(self, key: str) -> None:
        self._pilot.app.post_message(key_event(key))
        await self._until_quiet()
        while self._pilot.app.screen is not self._screen:  # a dialog, which says what the key could not do
            self._pilot.app.post_message(key_event("escape"))
            await self._until_quiet()

    async def _until_quiet(self) -> None:
        quiet, seen = 0, self._seen()
        for _ in range(_MOST_ROUNDS):
            if quiet == _ROUNDS:
                return
            is_learning = self._workspace.is_learner_busy
            await self._pilot.pause(0.002 if is_learning else 0)
            before, seen = seen, self._seen()
            is_behind = self._workspace.is_behind(self._screen.editor) or is_learning
            quiet = quiet + 1 if seen == before and not is_behind else 0

        raise RuntimeError(f"the screen does not come to rest in {self._screen.editor.document.id}")

    def _seen(self) -> object:
        """What changes until all that a key leads to is painted, and the editor knows it."""
        editor = self._screen.editor
        return (
            editor.document.id,
            editor.annotation_set.effort.keys,
            self._screen.view.visible_range(),
            len(editor.suggestion_state.unseen()),
            len(self._pilot.app.screen_stack),
        )


class _Sitting:
    """A person's work on one document, from opening it to the next one."""

    def __init__(self, person: Person, editor: Editor) -> None:
        self._person = person
        self._editor = editor
        self._gold = set(person._gold[editor.document.id])
        self._planner = Planner(person._screen.keymap, person._habits)
        self._read = Ranges()
        self._most_keys = 200 + 8 * len(self._gold) + len(editor.document.text) // 100
        words = sum(any(map(str.isalnum, editor.text(*token))) for token in editor.tokens)
        self._work = Work(editor.document.id, len(self._gold), words=words)

    async def finish(self) -> Work:
        """Make the document as the gold has it, as far as keys do, and finish it."""
        editor, work = self._editor, self._work
        work.levels.update((each.level, each.key in self._gold) for each in editor.suggestion_state.open)
        least, idle = None, 0
        while self._person._screen.editor is editor and not is_done(editor):
            if len(work.pressed) > self._most_keys:
                work.is_finished = False
                await self._press("greater_than_sign", NAVIGATION)
                break
            todo = todo_of(editor, self._gold, self._view(), given_up=work.given_up)
            if not todo:
                least, idle = None, 0
                await self._read_on()
                continue
            idle = idle + 1 if least is not None and todo.cost >= least else 0
            least = todo.cost if least is None else min(least, todo.cost)
            if idle > _PATIENCE:
                work.given_up.add(todo.first)
                least, idle = None, 0
                continue
            for key, case in self._planner.plan(editor, self._gold, self._view(), todo).presses:
                await self._press(key, case)
        return work

    def _view(self) -> View:
        """What the person sees, having read it."""
        visible = self._person._screen.view.visible_range()
        behind = self._editor.document.text[visible[1] :]
        self._read.add(visible[0], visible[1] + len(behind) - len(behind.lstrip()))
        self._work.reading.look(self._editor, visible)
        return View(visible, self._read, self._person._screen.place_hints.letters)

    async def _press(self, key: str, case: str) -> None:
        """Press a key; the same again where it only brought the focus onto the screen, which is read then."""
        screen = self._person._screen
        for _ in range(2):
            was_off, revision = screen._is_focus_off_screen, self._editor.annotation_set.revision
            self._work.keys[case] += 1
            self._work.pressed.append(key)
            await self._person._press(key)
            if self._person._screen.editor is self._editor:
                self._view()
            is_shown_only = was_off and not screen._is_focus_off_screen and case != NAVIGATION
            if not is_shown_only or self._editor.annotation_set.revision != revision:
                return

    async def _read_on(self) -> None:
        """Show some text that was not read yet, or finish the document."""
        editor, length = self._editor, len(self._editor.document.text.rstrip())
        before = self._read.next(0)
        unread = before[1] if before is not None and before[0] == 0 else 0
        if unread >= length:
            has_more = editor.first_unseen() is not None or editor.suggestion_state.unseen()
            await self._press("space", NAVIGATION if has_more else _FINISHING)
        elif editor.first_unseen() is not None:
            await self._press("space", NAVIGATION)
        else:
            visible = self._person._screen.view.visible_range()
            await self._press("pageup" if unread < visible[0] else "pagedown", NAVIGATION)
