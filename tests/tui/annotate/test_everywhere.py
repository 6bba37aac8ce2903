"""The last correction in all documents: seen first, done by one key more, and taken back by one undo."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from annotator.editing.editor import Editor
from annotator.errors import SaveError
from annotator.model.decisions import Status
from annotator.model.documents import new_document
from annotator.model.spans import Suggestion
from annotator.model.tokens import stand_in_tokens
from annotator.store.repository import Store
from annotator.store.sets import SetSnapshot
from annotator.store.steps import Steps
from annotator.suggest.sources.resolution import resolve
from annotator.suggest.worker.answers import Answer
from annotator.tui.screens.dialogs import MessageDialog
from annotator.tui.screens.dialogs.mentions import MentionsDialog
from annotator.tui.screens.dialogs.undoing import UndoDialog
from annotator.tui.widgets.bar import Bar
from annotator.tui.widgets.line_list import LineList
from annotator.workspace.pipeline_answers import PipelineAnswers
from tests.pictures import check_picture, picture

SNAPSHOTS = Path(__file__).parent / "snapshots"
TEXTS = {
    "fourth": "Maduro flew home.\n\nMaduro slept.",
    "done": "Maduro, and again Maduro.",
    "held": "Maduro Airport. The Maduro.",
}


@pytest.fixture
def many(store: Store) -> Store:
    """Three documents more: suggested on, finished with one mention missed, and decided otherwise."""
    pipeline = resolve()
    for name, text in TEXTS.items():
        document = new_document(text, id=name)
        store.add_document(document)
        tokens = stand_in_tokens(text)
        found = (Suggestion(0, 6, "ORG", score=0.9, source_label="ORG"),) if name == "fourth" else ()
        answer = Answer(name, document.sha256, tokens, found, pipeline.name)
        PipelineAnswers(store, pipeline).keep(answer)
    decide(store, "done", lambda editor: mark(editor, 0, 6, "PERSON"), Editor.finish)
    decide(
        store,
        "held",
        lambda editor: mark(editor, 0, 14, "FAC"),
        lambda editor: mark(editor, 20, 26, "ORG"),
    )
    return store


def mark(editor: Editor, start: int, end: int, label: str) -> None:
    editor.select(start, end)
    assert editor.label(label)


def decide(store: Store, name: str, *deeds: Callable[[Editor], object]) -> None:
    editor = Editor(store.document(name), store.info.label_set, store.load_set(name, "me"))
    for deed in deeds:
        deed(editor)
    store.save(SetSnapshot.of(editor.annotation_set))


def spans(store: Store, name: str) -> list[tuple[int, str]]:
    return [(each.start, each.label) for each in store.load_set(name, "me").spans]


async def until(at, condition: Callable[[], bool]) -> None:
    for _ in range(500):
        if condition():
            return
        await at.pilot.pause(0.01)
    raise AssertionError("it never came to be")


async def ask(at) -> MentionsDialog:
    """Relabel the first Maduro, ask for all of them, and wait until they are found."""
    await at.walk_to("Maduro")
    await at.press("1", "p")
    dialog = at.app.screen
    assert isinstance(dialog, MentionsDialog)
    await until(at, lambda: "will change" in said(at, "shown"))
    return dialog


def said(at, name: str) -> str:
    return at.app.screen.query_one(f"#{name}", Bar).shown


def rows(at) -> list[str]:
    shown = at.app.screen.query_one(LineList)
    return ["".join(segment.text for segment in shown.render_line(y)).rstrip() for y in range(shown.count)]


def numbers(at) -> list[str]:
    return str(at.app.screen.query_one("#numbers").render()).splitlines()


LOOKS = {
    "everywhere-dark": ((120, 40), {}, ""),
    "everywhere-light": ((120, 40), {"theme": "annotator-light"}, "f"),
    "everywhere-small": ((80, 24), {}, ""),
}


@pytest.mark.parametrize("name", LOOKS)
async def test_it_looks_as_it_did(desk, many: Store, name: str) -> None:
    """What changes, in colour; finished documents taken in."""
    size, settings, key = LOOKS[name]
    await check(desk, name, size, settings, key)


async def test_without_colour_it_looks_as_it_did(desk, many: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is left alone, under NO_COLOR."""
    monkeypatch.setenv("NO_COLOR", "1")
    await check(desk, "everywhere-no-color", (80, 24), {}, "tab", "tab")


async def check(desk, name: str, size: tuple[int, int], settings: dict[str, str], *keys: str) -> None:
    async with desk(size, **settings) as at:
        await ask(at)
        await at.press(*filter(None, keys))
        found = picture(at.app.screen)
    check_picture(SNAPSHOTS / f"{name}.txt", found)


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
async def test_what_would_change_is_counted_and_shown_first(desk, many: Store, size: tuple[int, int]) -> None:
    async with desk(size) as at:
        await ask(at)
        changing, finished, left, *wrapped = numbers(at)
        assert changing == "4 mentions in 2 documents will change · 2 so already"
        assert finished == "1 in finished documents stay as they are · f takes them in"
        assert sorted(" ".join([left, *wrapped]).removeprefix("3 left alone: ").split(", ")) == [
            "1 decided otherwise",
            "1 in another suggestion",
            "1 inside another span",
        ]
        assert said(at, "shown") == "will change 4  in finished documents 1  left alone 3"
        first, _, third, _ = rows(at)
        assert "[Maduro PERSON]" in first
        assert "relabel" in first
        assert "Protests in" in first
        assert "Maduro flew home." in third
        assert all(len(row) <= size[0] for row in rows(at))
        await at.press("escape")
        assert at.app.screen is at.screen
        assert spans(many, "fourth") == []
        assert at.set.revision == 1


async def test_one_key_more_does_it_and_one_undo_takes_it_back_everywhere(desk, many: Store) -> None:
    async with desk() as at:
        await ask(at)
        await at.press("enter")
        await until(at, lambda: at.app.screen is at.screen)
        assert at.bar("status").endswith("saved")
        assert "applied 4 in 2 documents, 3 skipped · u undoes" in at.bar("status")
        assert at.spans == [("Maduro", "PERSON")] * 3
        assert spans(many, "fourth") == [(0, "PERSON"), (19, "PERSON")]
        assert many.load_set("fourth", "me").status is Status.STARTED
        assert spans(many, "done") == [(0, "PERSON")]
        await at.press("u")
        assert isinstance(at.app.screen, UndoDialog)
        assert "in 2 documents" in str(at.app.screen.query_one("#text").render())
        await at.press("enter")
        await until(at, lambda: at.app.screen is at.screen)
        assert "taken back in 2 documents" in at.bar("status")
        assert at.spans == [("Maduro", "PERSON")]
        assert spans(many, "fourth") == []
        assert many.load_set("fourth", "me").status is Status.TODO
        await at.press("u")
        assert at.spans == []


async def test_finished_documents_are_taken_in_by_a_key(desk, many: Store) -> None:
    async with desk() as at:
        await ask(at)
        await at.press("f")
        assert numbers(at)[:2] == [
            "5 mentions in 3 documents will change · 2 so already",
            "1 in finished documents are taken in · f leaves them",
        ]
        assert any("add, finished" in row for row in rows(at))
        await at.press("enter")
        await until(at, lambda: at.app.screen is at.screen)
        assert spans(many, "done") == [(0, "PERSON"), (18, "PERSON")]
        assert many.load_set("done", "me").status is Status.DONE


async def test_what_is_left_alone_is_shown_with_why(desk, many: Store) -> None:
    async with desk() as at:
        await ask(at)
        await at.press("tab")
        assert len(rows(at)) == 1
        await at.press("tab")
        assert any("inside another span" in row and "Airport" in row for row in rows(at))
        await at.press("down", "up", "end", "home", "pagedown", "pageup", "tab")
        assert len(rows(at)) == 4


async def test_undo_names_and_skips_documents_decided_on_since(desk, many: Store) -> None:
    async with desk() as at:
        await ask(at)
        await at.press("enter")
        await until(at, lambda: at.app.screen is at.screen)
        at.screen.open("fourth")
        at.editor.navigation.go(19)
        at.screen.refresh_view()
        await at.press("x")
        at.screen.open("first")
        await at.press("u")
        assert isinstance(at.app.screen, UndoDialog)
        await at.press("u")
        await until(at, lambda: isinstance(at.app.screen, MessageDialog))
        text = str(at.app.screen.query_one("#text").render())
        assert "Maduro flew home." in text
        assert "decided on since" in text
        await at.press("escape")
        assert at.spans == [("Maduro", "PERSON")]
        assert spans(many, "fourth") == [(0, "PERSON")]


async def test_undo_may_be_for_the_document_on_screen_alone(desk, many: Store) -> None:
    async with desk() as at:
        await ask(at)
        await at.press("enter")
        await until(at, lambda: at.app.screen is at.screen)
        await at.press("u")
        await at.press("h")
        assert at.app.screen is at.screen
        assert at.spans == [("Maduro", "PERSON")]
        assert len(spans(many, "fourth")) == 2
        await at.press("u")
        assert at.spans == []


async def test_undo_means_the_step_also_after_a_restart(desk, many: Store) -> None:
    async with desk() as at:
        await ask(at)
        await at.press("enter")
        await until(at, lambda: at.app.screen is at.screen)
    async with desk() as at:
        assert at.editor.document.id == "first"
        await at.press("u")
        assert isinstance(at.app.screen, UndoDialog)
        await at.press("escape")
        assert len(at.spans) == 3


async def test_a_step_that_changed_only_other_documents_is_undone_directly_afterwards(
    desk, many: Store
) -> None:
    async with desk() as at:
        at.screen.open("fourth")
        await at.press("1", "m", "p")
        await until(at, lambda: "will change" in said(at, "shown"))
        await at.press("enter")
        await until(at, lambda: at.app.screen is at.screen)
        assert len(spans(many, "first")) == 3
        await at.press("u")
        await at.press("enter")
        await until(at, lambda: at.app.screen is at.screen)
        assert spans(many, "first") == []
        assert len(at.spans) == 2
        await at.press("tab")
        await at.press("u")
        assert len(at.spans) == 1


async def test_what_was_taken_back_is_brought_back_here_and_then_done_everywhere_again(
    desk, many: Store
) -> None:
    async with desk() as at:
        await ask(at)
        await at.press("enter")
        await until(at, lambda: at.app.screen is at.screen)
        await at.press("u")
        await at.press("enter")
        await until(at, lambda: at.app.screen is at.screen)
        await at.press("r")
        assert (len(at.spans), spans(many, "fourth")) == (3, [])
        await at.press("p")
        await until(at, lambda: "will change 2" in said(at, "shown"))
        await at.press("enter")
        await until(at, lambda: at.app.screen is at.screen)
        assert len(spans(many, "fourth")) == 2


async def test_the_last_step_is_taken_back_by_the_palette(desk, many: Store) -> None:
    async with desk() as at:
        at.screen.act("undo_everywhere")
        await until(at, lambda: "no step" in at.bar("status"))
        await ask(at)
        await at.press("enter")
        await until(at, lambda: at.app.screen is at.screen)
        at.screen.open("third")
        at.screen.act("undo_everywhere")
        await until(at, lambda: isinstance(at.app.screen, UndoDialog))
        await at.press("enter")
        await until(at, lambda: at.app.screen is at.screen)
        assert spans(many, "first") == [(many.document("first").text.index("Maduro"), "PERSON")]


async def test_a_rejection_is_taken_everywhere(desk, many: Store) -> None:
    async with desk() as at:
        await at.walk_to("Maduro")
        await at.press("x", "p")
        await until(at, lambda: "will change" in said(at, "shown"))
        assert any("Maduro flew home." in row and "reject" in row for row in rows(at))
        await at.press("enter")
        await until(at, lambda: at.app.screen is at.screen)
        assert [each.start for each in many.load_set("fourth", "me").rejections] == [0]


async def test_without_a_correction_it_says_so(desk, many: Store) -> None:
    async with desk() as at:
        await at.press("p")
        assert at.app.screen is at.screen
        assert "nothing to do everywhere" in at.bar("status")


async def test_where_nothing_would_change_enter_does_nothing(desk, store: Store) -> None:
    async with desk() as at:
        await at.walk_to("Caracas")
        await at.press("enter", "p")
        await until(at, lambda: "will change" in said(at, "shown"))
        assert numbers(at)[0] == "Nothing would change · 1 so already"
        await at.press("enter", "f")
        assert isinstance(at.app.screen, MentionsDialog)
        assert "apply" not in said(at, "keys")
        assert Steps(store).last() is None


async def test_while_it_looks_progress_is_told_and_escape_ends_it(
    desk, many: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting, going_on = threading.Event(), threading.Event()
    read = Store.document

    def slow(store: Store, document_id: str):
        if threading.current_thread() is not threading.main_thread() and document_id == "fourth":
            waiting.set()
            assert going_on.wait(30)
        return read(store, document_id)

    async with desk() as at:
        monkeypatch.setattr(Store, "document", slow)
        await at.walk_to("Maduro")
        await at.press("1", "p")
        await until(at, waiting.is_set)
        await until(at, lambda: "looking… " in said(at, "title"))
        await at.press("enter", "f", "tab", "down")
        assert isinstance(at.app.screen, MentionsDialog)
        await at.press("escape")
        assert at.app.screen is at.screen
        going_on.set()
        await at.press("x")
        assert len(at.set.rejections) == 1
        assert Steps(many).last() is None


async def test_what_cannot_be_saved_is_told_and_changes_nothing(
    desk, many: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk() as at:
        await ask(at)

        def full(steps: Steps, plan: object) -> None:
            raise SaveError("the disk is full", hint="make room")

        monkeypatch.setattr(Steps, "make", full)
        await at.press("enter")
        await until(at, lambda: isinstance(at.app.screen, MessageDialog))
        assert "The disk is full" in str(at.app.screen.query_one("#text").render())
        await at.press("escape")
        await until(at, lambda: at.app.screen is at.screen)
        assert at.spans == [("Maduro", "PERSON")]
        assert spans(many, "fourth") == []
