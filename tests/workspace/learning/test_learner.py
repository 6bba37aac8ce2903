"""The learner beside the work: it learns what is finished, forgets what is reopened, and suggests on what is open."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from annotator.editing.editor import Editor
from annotator.model.documents import new_document
from annotator.model.spans import Suggestion
from annotator.settings import Settings
from annotator.store.repository import Store
from annotator.store.sets import SetSnapshot
from annotator.suggest.sources.resolution import resolve
from annotator.workspace import Event, Learned, Workspace
from annotator.workspace.learning.lessons import finished_lessons
from annotator.workspace.pipeline_answers import PipelineAnswers
from tests.suggest.learner.lessons import LABELS, source_text

DOCUMENTS = 9


class Project:
    """A workspace whose events are taken on the test's thread, as the screen does on its own."""

    def __init__(self, path: Path, **settings: object) -> None:
        self.workspace = Workspace(
            Store.open(path),
            annotator="me",
            settings=Settings(backups=0, **settings),  # type: ignore[arg-type]
            model="blank:en",
        )
        self._events: list[Event] = []
        self._changed = threading.Condition()
        self.workspace.listener = self._take_event
        self.workspace.start_suggesting()
        self.lessons = 0
        """How many documents had been learnt when the learner suggested last."""

    def _take_event(self, event: Event) -> None:
        with self._changed:
            self._events.append(event)
            self._changed.notify_all()

    def wait(self, is_there: Callable[[], bool]) -> None:
        """Take events until something is so."""
        while not is_there():
            with self._changed:
                assert self._changed.wait_for(lambda: self._events, timeout=60)
                event = self._events.pop(0)
            if isinstance(event, Learned):
                self.workspace.take_learned(event)
                self.lessons = event.suggested.lessons

    def open(self, number: int) -> Editor:
        editor = self.workspace.editor(f"d{number}")
        self.workspace.want_suggestions(f"d{number}")
        return editor

    def finish(self, number: int) -> Editor:
        """Make a document as its rule has it."""
        editor = self.open(number)
        for start, end, label in source_text(number).spans:
            editor.select(start, end)
            self.workspace.follow(editor, editor.label(label))
        editor.mark_seen(0, len(editor.document.text))
        self.workspace.follow(editor, editor.finish())
        self.workspace.save(editor)
        return editor


@pytest.fixture
def path(tmp_path: Path) -> Path:
    store = Store.create(tmp_path / "store", label_set=LABELS, model="blank:en")
    for number in range(DOCUMENTS):
        store.add_document(new_document(source_text(number).text, id=f"d{number}"))
    store.close()
    return store.path


@pytest.fixture
def opened(path: Path) -> Iterator[Callable[..., Project]]:
    projects: list[Project] = []

    def open_project(**settings: object) -> Project:
        projects.append(Project(path, **settings))
        return projects[-1]

    yield open_project
    for project in projects:
        project.workspace.close()


def of_learner(editor: Editor) -> set[tuple[int, int, str]]:
    return {each.key for each in editor.suggestion_state.suggestions if each.source == "learner"}


def test_what_was_finished_is_suggested_in_the_next_document_with_reasons(
    opened: Callable[..., Project],
) -> None:
    project = opened()
    for number in range(6):
        project.finish(number)
    editor = project.open(7)
    project.wait(lambda: bool(of_learner(editor)))
    assert of_learner(editor) == set(source_text(7).spans)
    suggestion = editor.suggestion_state.suggestions[0]
    proposal = project.workspace.proposal(editor, suggestion)
    assert proposal is not None
    assert len(proposal.reasons) > 1


def test_undoing_the_finish_lets_the_learner_forget(opened: Callable[..., Project]) -> None:
    project = opened()
    for number in range(4):
        project.finish(number)
    finished = project.finish(4)
    editor = project.open(7)
    project.wait(lambda: project.lessons == 5)
    project.workspace.follow(finished, finished.undo())
    project.workspace.follow(editor, editor.label("DRUG"))
    project.open(8)
    project.wait(lambda: project.lessons == 4)


def test_what_is_only_begun_is_not_learnt(opened: Callable[..., Project]) -> None:
    project = opened()
    editor = project.open(0)
    for start, end, label in source_text(0).spans:
        editor.select(start, end)
        project.workspace.follow(editor, editor.label(label))
    project.finish(1)
    project.open(2)
    project.wait(lambda: project.lessons > 0)
    assert project.lessons == 1


def test_a_store_that_is_opened_again_is_learnt_in_the_order_of_finishing(
    path: Path, opened: Callable[..., Project]
) -> None:
    project = opened()
    for number in (3, 0, 5, 1):
        project.finish(number)
    editor = project.open(7)
    project.wait(lambda: project.lessons == 4)
    before = list(editor.suggestion_state.suggestions)
    project.workspace.close()
    store = Store.open(path)
    lessons = finished_lessons(store, "me", PipelineAnswers(store, resolve("blank:en")), whose="own")
    assert [each.document_id for each in lessons] == ["d3", "d0", "d5", "d1"]
    store.close()
    again = opened()
    editor = again.open(7)
    again.wait(lambda: again.lessons == 4)
    again.wait(lambda: list(editor.suggestion_state.suggestions) == before)


def test_without_learning_there_is_no_learner(opened: Callable[..., Project]) -> None:
    project = opened(learning="off")
    project.finish(0)
    assert not project.workspace.is_learner_busy
    assert project.workspace._learning._learner is None


def test_a_decided_document_of_a_cache_that_is_gone_gives_what_its_decisions_say_of_the_model(
    path: Path,
) -> None:
    store = Store.open(path)
    start, end, label = source_text(0).spans[0]
    document = store.document("d0")
    editor = Editor(document, LABELS, store.load_set("d0", "me"))
    editor.suggest([Suggestion(start, end, label, score=0.7, name="p", source_label="CHEMICAL")])
    editor.accept()
    editor.mark_seen(0, len(document.text))
    editor.finish()
    store.save(SetSnapshot.of(editor.annotation_set))
    [lesson] = finished_lessons(store, "me", PipelineAnswers(store, resolve("blank:en")), whose="own")
    assert [each.source_label for each in lesson.suggestions] == ["CHEMICAL"]
    assert lesson.spans == ((start, end, label),)
    store.close()
