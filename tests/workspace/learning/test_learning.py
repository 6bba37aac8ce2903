"""What a workspace's memory holds and proposes, beside what the store says."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.editing.change import Change
from annotator.editing.editor import Editor
from annotator.errors import DamageError
from annotator.model.documents import new_document
from annotator.model.resources import load_label_set
from annotator.model.spans import Suggestion
from annotator.model.tokens import stand_in_tokens
from annotator.settings import Settings
from annotator.store.memory_file import MemoryFile
from annotator.store.repository import Store
from annotator.suggest.memory.edits import Edits
from annotator.suggest.memory.memory import Memory
from annotator.suggest.sources.patterns import Patterns, StringPattern
from annotator.suggest.sources.resolution import resolve
from annotator.suggest.worker.answers import Answer
from annotator.workspace import Event, MemoryLoaded, Workspace
from annotator.workspace.learning.learning import Learning
from annotator.workspace.pipeline_answers import PipelineAnswers

TEXTS = {
    "first": "Acme Corp met Ana Lima. Ana Lima thanked Acme Corp and the Rail Union.",
    "second": "Then the Rail Union and Acme Corp called Ana Lima again.",
    "third": "Nobody knew Acme Corp. Lima is far.",
}
FOUND = [("Acme Corp", "PERSON"), ("Ana Lima", "ORG"), ("the Rail Union", "ORG")]


def suggestions(text: str) -> list[Suggestion]:
    return [
        Suggestion(start, start + len(words), label, score=0.9, source_label=label)
        for words, label in FOUND
        for start in range(len(text))
        if text.startswith(words, start)
    ]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return make_store(tmp_path / "store")


def make_store(path: Path) -> Store:
    store = Store.create(path, label_set=load_label_set("news"))
    pipeline = resolve()
    for name, text in TEXTS.items():
        document = new_document(text, id=name)
        store.add_document(document)
        answer = Answer(name, document.sha256, stand_in_tokens(text), tuple(suggestions(text)), pipeline.name)
        PipelineAnswers(store, pipeline).keep(answer)
    return store


class Desk:
    """A workspace without a screen or a worker: what its memory thread tells waits for `learn`."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.learning: Learning = workspace._learning
        self._told = threading.Event()
        self._loaded: MemoryLoaded | None = None
        workspace.listener = self._hear

    def _hear(self, event: Event) -> None:
        if isinstance(event, MemoryLoaded):
            self._loaded = event
            self._told.set()

    def start(self) -> None:
        self.learning.start(self.workspace._on_memory_loaded)

    def learn(self) -> MemoryLoaded:
        assert self._told.wait(20)
        assert self._loaded is not None
        self.workspace.learn(self._loaded)
        return self._loaded

    def editor(self, name: str) -> Editor:
        return self.workspace.editor(name)

    def shown(self, name: str) -> list[tuple[str, str]]:
        editor = self.editor(name)
        return [(editor.text(each.start, each.end), each.label) for each in editor.suggestion_state.open]

    def do(self, name: str, verb: Callable[[Editor], Change]) -> None:
        self.workspace.follow(self.editor(name), verb(self.editor(name)))

    def decide(self, name: str, words: str, verb: Callable[[Editor], Change]) -> None:
        editor = self.editor(name)
        found = next(
            each for each in editor.suggestion_state.open if editor.text(each.start, each.end) == words
        )
        editor.navigation.to_suggestion(found)
        self.workspace.follow(editor, verb(editor))
        self.workspace.save(editor)


@contextmanager
def opened(store: Store, *, name: str = "me", **changed: object) -> Iterator[Desk]:
    workspace = Workspace(Store.open(store.path), annotator=name, settings=Settings(backups=0, **changed))  # type: ignore[arg-type]
    try:
        yield Desk(workspace)
        assert workspace.flush() is None
    finally:
        workspace.close()


def said(store: Store, *names: str) -> Memory:
    """What the saved sets say, read afresh."""
    return Memory.from_sets(
        (store.document(each).text, store.load_set(each, name, gold=True))
        for name in names
        for each in store.catalogue.ids
    )


def test_a_correction_is_proposed_at_once_and_in_the_next_documents(store: Store) -> None:
    with opened(store) as desk:
        desk.start()
        desk.learn()
        assert ("Ana Lima", "ORG") in desk.shown("first")
        desk.decide("first", "Ana Lima", lambda editor: editor.label("PERSON"))
        assert [words for words, label in desk.shown("first") if label == "PERSON"].count("Ana Lima") == 1
        assert ("Ana Lima", "PERSON") in desk.shown("second")
        desk.do("first", Editor.undo)
        assert ("Ana Lima", "ORG") in desk.shown("first")
        assert ("Ana Lima", "ORG") in desk.shown("second")


def test_what_is_rejected_is_not_offered_again_until_the_rejection_is_undone(store: Store) -> None:
    with opened(store) as desk:
        desk.start()
        desk.learn()
        desk.decide("first", "Acme Corp", Editor.reject)
        assert "Acme Corp" not in dict(desk.shown("first"))
        assert "Acme Corp" not in dict(desk.shown("third"))
        desk.do("first", Editor.undo)
        assert "Acme Corp" in dict(desk.shown("third"))


def test_what_was_read_does_not_change_behind_the_persons_back(store: Store) -> None:
    with opened(store) as desk:
        desk.start()
        desk.learn()
        editor = desk.editor("first")
        editor.suggestion_state.mark_seen(0, len(editor.document.text))
        second = [
            each for each in editor.suggestion_state.open if editor.text(each.start, each.end) == "Ana Lima"
        ][1]
        editor.navigation.to_suggestion(second)
        desk.workspace.follow(editor, editor.label("PERSON"))
        assert desk.shown("first")[:2] == [("Acme Corp", "PERSON"), ("Ana Lima", "ORG")]
        assert ("Ana Lima", "PERSON") in desk.shown("second")


def test_why_a_suggestion_looks_as_it_does_is_known(store: Store) -> None:
    with opened(store) as desk:
        desk.start()
        desk.learn()
        desk.decide("first", "the Rail Union", lambda editor: editor.resize("left", "in"))
        editor = desk.editor("second")
        found = next(
            each for each in editor.suggestion_state.open if editor.text(each.start, each.end) == "Rail Union"
        )
        proposal = desk.workspace.proposal(editor, found)
        assert proposal is not None
        assert "accepted 1 of 1 times as ORG" in proposal.reason


def test_without_learning_nothing_follows(store: Store) -> None:
    with opened(store, learning="off") as desk:
        desk.start()
        desk.decide("first", "Acme Corp", Editor.reject)
        assert dict(desk.shown("first"))["Acme Corp"] == "PERSON"
        assert desk.learning.memory is None


def test_patterns_propose_with_memory_and_without(store: Store) -> None:
    patterns = Patterns(Path("p"), (StringPattern(1, "GPE", "Lima"),), ())
    for whose in ("own", "off"):
        workspace = Workspace(
            Store.open(store.path),
            annotator="me",
            settings=Settings(backups=0, learning=whose),  # type: ignore[arg-type]
            patterns=patterns,
        )
        desk = Desk(workspace)
        desk.start()
        assert ("Lima", "GPE") in desk.shown("third")
        workspace.close()


def test_memory_survives_a_restart_with_its_cache_and_without(store: Store) -> None:
    with opened(store) as desk:
        desk.start()
        desk.learn()
        desk.decide("first", "Ana Lima", lambda editor: editor.label("PERSON"))
        desk.decide("first", "Acme Corp", Editor.reject)
    for is_cached in (True, False, True):
        with opened(store) as desk:
            desk.start()
            desk.learn()
            assert desk.learning._memory_loader is not None
            assert desk.learning._memory_loader.is_cached is is_cached
            assert desk.learning.memory == said(store, "me")
            assert dict(desk.shown("second"))["Ana Lima"] == "PERSON"
        if is_cached:
            changed = store.path / "annotations" / "me"
            for path in changed.rglob("*.json"):
                path.touch()


def test_an_outdated_cache_is_not_believed(store: Store) -> None:
    with opened(store) as desk:
        desk.start()
        desk.learn()
        desk.decide("first", "Ana Lima", lambda editor: editor.label("PERSON"))
    with opened(store, learning="off") as desk:
        desk.decide("second", "Acme Corp", Editor.reject)
    with opened(store) as desk:
        desk.start()
        desk.learn()
        assert desk.learning.memory == said(store, "me")
        assert "Acme Corp" not in dict(desk.shown("third"))


def test_only_own_decisions_teach_unless_all_shall(store: Store) -> None:
    with opened(store, name="you") as desk:
        desk.start()
        desk.decide("first", "Ana Lima", lambda editor: editor.label("PERSON"))
    for whose, label, names in (("own", "ORG", ["me"]), ("all", "PERSON", ["me", "you"])):
        with opened(store, learning=whose) as desk:
            desk.start()
            desk.learn()
            assert dict(desk.shown("second"))["Ana Lima"] == label
            assert desk.learning.memory == said(store, *names)


def test_what_people_told_memory_is_heeded(store: Store) -> None:
    MemoryFile(store).write(Edits().pin("Lima", "GPE").block("Acme Corp").records)
    with opened(store) as desk:
        desk.start()
        assert desk.learn().error is None
        assert desk.shown("third") == [("Lima", "GPE")]


def test_damaged_edits_are_told_and_the_rest_is_learnt(store: Store) -> None:
    (store.path / "memory.json").write_text('{"version": 1, "pinned": {"Lima": ', encoding="utf-8")
    with opened(store) as desk:
        desk.start()
        desk.decide("first", "Ana Lima", lambda editor: editor.label("PERSON"))
        error = desk.learn().error
        assert isinstance(error, DamageError)
        assert "memory.json" in error.message
        assert dict(desk.shown("second"))["Ana Lima"] == "PERSON"


def test_a_long_text_follows_part_by_part(tmp_path: Path) -> None:
    store = Store.create(tmp_path / "long", label_set=load_label_set("news"))
    text = "Acme Corp met Ana Lima. Nothing else was said there on that long day.\n" * 600
    pipeline = resolve()
    document = new_document(text, id="long")
    store.add_document(document)
    answer = Answer("long", document.sha256, stand_in_tokens(text), tuple(suggestions(text)), pipeline.name)
    PipelineAnswers(store, pipeline).keep(answer)
    with opened(store) as desk:
        editor = desk.editor("long")
        desk.start()
        desk.learn()
        while desk.workspace.is_behind(editor):
            desk.workspace.catch_up(editor, 0)
        assert len(editor.suggestion_state.open) == 1200
        editor.navigation.go(30_000)
        editor.navigation.next_undecided()
        place = editor.cursor.offset
        change = desk.workspace.follow(editor, editor.reject())
        ranges = [*change.ranges, *desk.workspace.catch_up(editor, place)]
        assert len(set(ranges)) > 5
        assert all(0 <= start - place < 3_000 for start, _ in ranges)
        assert 600 < len(editor.suggestion_state.open) < 1199
        while desk.workspace.is_behind(editor):
            desk.workspace.catch_up(editor, place)
        assert len(editor.suggestion_state.open) == 600


STEPS = st.lists(
    st.tuples(
        st.sampled_from(sorted(TEXTS)),
        st.sampled_from(
            ["accept", "label", "reject", "resize", "undo", "redo", "finish", "reopen", "learn", "skip"]
        ),
    ),
    max_size=14,
)


@settings(deadline=None, max_examples=40)
@given(before=STEPS, during=STEPS)
def test_memory_is_what_the_sets_say_whenever_they_were_read(
    before: list[tuple[str, str]], during: list[tuple[str, str]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    store = make_store(tmp_path_factory.mktemp("learning") / "store")
    for steps in (before, during):
        with opened(store) as desk:
            desk.start()
            is_learnt = False
            for name, verb in steps:
                if verb == "learn" and not is_learnt:
                    desk.learn()
                    is_learnt = True
                elif verb != "learn":
                    do(desk, name, verb)
                    desk.workspace.save(desk.editor(name))
            if not is_learnt:
                desk.learn()
            sets = [(text, desk.workspace._load_set(name)) for name, text in TEXTS.items()]
            for name in {name for name, _ in steps}:
                sets[list(TEXTS).index(name)] = (TEXTS[name], desk.editor(name).annotation_set)
            assert desk.learning.memory == Memory.from_sets(sets)


def do(desk: Desk, name: str, verb: str) -> None:
    if verb in ("accept", "label", "reject", "resize"):
        desk.editor(name).navigation.to_first()
    desk.do(name, _VERBS[verb])


_VERBS: dict[str, Callable[[Editor], Change]] = {
    "label": lambda editor: editor.label("GPE"),
    "resize": lambda editor: editor.resize("left", "in"),
    "accept": Editor.accept,
    "reject": Editor.reject,
    "undo": Editor.undo,
    "redo": Editor.redo,
    "finish": Editor.finish,
    "reopen": Editor.reopen,
    "skip": Editor.skip,
}
