"""The program without a terminal, worked by keys alone, for measuring what they cost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from annotator.editing.editor import Editor
from annotator.formats.exchange import AnnotatedDocument
from annotator.model.labels import LabelSet
from annotator.settings import Settings
from annotator.store.repository import Store
from annotator.suggest.sources.pipeline import Pipeline
from annotator.suggest.sources.resolution import resolve
from annotator.tui.app import AnnotatorApp
from annotator.tui.screens.annotate.screen import AnnotateScreen
from annotator.workspace import Workspace
from annotator.workspace.pipeline_answers import PipelineAnswers
from tests.benchmarks.effort_planner import NAVIGATION, Key, Planner, View, is_done, todo_of
from tests.keys import key_event

ANNOTATOR = "careful"
SIZE = (120, 40)
_FINISHING = "finishing"
_ROUNDS = 4
"""So many rounds of the application without news mean that a key has been acted on, and its effect painted and noted."""


@dataclass
class Work:
    """What one document took: keys by case, and all of them in their order."""

    document_id: str
    entities: int
    keys: Counter[str] = field(default_factory=Counter)
    pressed: list[str] = field(default_factory=list)


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


class CarefulPerson:
    """Works through a store by key, reads all that comes on the screen, and knows the gold."""

    def __init__(self, path: Path, gold: Mapping[str, Sequence[Key]], *, learns: bool) -> None:
        settings = Settings(opening_guard_ms=0, backups=0, learning="own" if learns else "off")
        self._workspace = Workspace(Store.open(path), annotator=ANNOTATOR, settings=settings)
        self._gold = gold
        self._read_until = 0

    async def work(self) -> list[Work]:
        """Finish every document; what each took."""
        app = AnnotatorApp(self._workspace, first=self._workspace.first())
        works = []
        try:
            async with app.run_test(size=SIZE) as pilot:
                self._pilot = pilot
                await self._until_memory_is_there()
                while True:
                    works.append(await self._do(self._screen.editor))
                    if self._screen.editor.document.id == works[-1].document_id:
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
        screen = self._pilot.app.screen
        assert isinstance(screen, AnnotateScreen), screen
        return screen

    async def _do(self, editor: Editor) -> Work:
        gold = self._gold[editor.document.id]
        work = Work(editor.document.id, len(gold))
        planner = Planner(self._screen.keymap)
        limit = 100 + 8 * len(gold)
        self._read_until = 0
        while self._screen.editor is editor and not is_done(editor):
            visible = self._screen.view.visible_range()
            if visible[0] <= self._read_until:
                self._read_until = max(self._read_until, visible[1])
            plan = planner.plan(editor, gold, View(visible, self._read_until))
            if plan is not None:
                presses = plan.presses
            elif self._read_until < len(editor.document.text.rstrip()):
                presses = ((self._page(editor), NAVIGATION),)
            else:
                presses = (("space", NAVIGATION if editor.board.unseen() else _FINISHING),)
            for key, case in presses:
                work.keys[case] += 1
                work.pressed.append(key)
                await self._press(key)
            if len(work.pressed) > limit:
                raise RuntimeError(
                    f"no end in {editor.document.id}: {todo_of(editor, gold, self._read_until)}"
                )
        return work

    def _page(self, editor: Editor) -> str:
        """The key that shows the text that was not read yet, without leaving any out."""
        unseen = editor.board.unseen()
        if unseen and self._screen.view.move_rows(unseen[0].start, -1) <= self._read_until:
            return "space"
        return "pagedown"

    async def _press(self, key: str) -> None:
        self._pilot.app.post_message(key_event(key))
        quiet, seen = 0, self._seen()
        while quiet < _ROUNDS:
            await self._pilot.pause(0)
            before, seen = seen, self._seen()
            is_behind = self._workspace.is_behind(self._screen.editor)
            quiet = quiet + 1 if seen == before and not is_behind else 0

    def _seen(self) -> object:
        """What changes until all that a key leads to is painted, and the editor knows it."""
        editor = self._screen.editor
        return (
            editor.document.id,
            editor.annotation_set.effort.keys,
            self._screen.view.visible_range(),
            len(editor.board.unseen()),
        )
