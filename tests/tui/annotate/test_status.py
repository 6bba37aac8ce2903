"""What the header and the status line say, state by state."""

from __future__ import annotations

import pytest

from annotator.errors import SaveError
from annotator.formats.exchange import AnnotatedDocument
from annotator.model.decisions import Status
from annotator.model.spans import Span
from annotator.store.repository import Store
from annotator.store.sets import SetSnapshot
from annotator.store.writer import SaveState
from annotator.suggest.worker.states import ServiceKind, ServiceState
from annotator.tui.screens.annotate.bars import Coming, coming_of
from annotator.tui.screens.document import bars as document_bars
from annotator.tui.widgets.bar import Piece, pieces_width
from annotator.workspace.saving import QueuePosition
from annotator.workspace.transfer.importing import imported_set


def said(pieces) -> str:
    return "".join(piece.text for piece in pieces)


async def test_a_suggestion_says_its_label_source_score_and_number(desk) -> None:
    async with desk() as at:
        await at.walk_to("Hugo Chávez")

        assert " ".join(at.bar("status").split()) == "Hugo Chávez LOC model .41 doubtful · 3 of 11"


async def test_plain_text_says_what_a_label_would_add(desk) -> None:
    async with desk() as at:
        await at.walk_to("23")
        await at.press("x", "b")

        assert at.bar("status").startswith("rejected CARDINAL · label adds “23 de Enero”")


async def test_a_decided_span_says_who_decided_and_how(desk) -> None:
    async with desk() as at:
        await at.walk_to("the State Department")
        await at.press("d")

        assert "resized by you " in at.bar("status")


async def test_imported_spans_are_said_to_be_so_also_when_the_import_is_taken_back(
    desk, store: Store
) -> None:
    spans = (Span(12, 19, "GPE"), Span(30, 37, "DATE"))
    item = AnnotatedDocument(store.document("first"), spans, status=Status.DONE)
    store.save(SetSnapshot.of(imported_set(item, "me")))
    async with desk() as at:
        await at.press("less_than_sign", "right", "right")
        assert at.bar("status").split("  ")[0] == "Caracas"
        assert " imported by you " in at.bar("status")
        assert "added" not in at.bar("status")

        await at.press("u")
        assert "press again to undo the import of 2" in at.bar("status")
        assert len(at.spans) == 2
        await at.press("u")
        assert "undo: import of 2" in at.bar("status")
        assert at.spans == []


async def test_the_header_names_document_place_order_annotator_and_labels(desk) -> None:
    async with desk() as at:
        title, _, rest = at.bar("header").partition("  ")
        assert title.startswith("Protests in Caracas")
        assert rest.startswith("document 1 of 3 · as imported · me · news")
        assert at.bar("header").endswith("0 of 11 decided · space accepts 11, 2 doubtful")


async def test_a_finished_document_is_told_in_the_next(desk) -> None:
    async with desk() as at:
        await at.press("space")

        assert "finished Protests in Caracas…: 11 · u reopens" in at.bar("status")


@pytest.mark.parametrize(("key", "told"), [("space", ": 11 · u reopens"), ("z", " · u undoes")])
async def test_what_takes_it_back_is_told_in_a_narrow_terminal_too(desk, key: str, told: str) -> None:
    async with desk(size=(80, 24)) as at:
        await at.press(key)
        assert f" Protests{told}" in at.row("status").replace("…", "")


async def test_the_end_of_the_queue_is_told(desk) -> None:
    async with desk() as at:
        for _ in range(3):
            await at.press("space")

        assert "all done" in at.bar("status")
        assert "✓ done" in at.bar("header")


@pytest.mark.parametrize(
    ("state", "revision", "text"),
    [
        (SaveState(), 0, ""),
        (SaveState(5, 5), 5, "saved"),
        (SaveState(5, 5), 6, "saved 5 of 6"),
        (SaveState(5, 3), 5, "saved 3 of 5"),
        (SaveState(5, 2, SaveError("disk full")), 5, " NOT SAVED: disk full, 3 kept, retrying "),
    ],
)
def test_saving_is_told_honestly(state: SaveState, revision: int, text: str) -> None:
    """Saved is only what was acknowledged, counted against what was decided."""
    assert said(document_bars.saving(state, revision)) == text


@pytest.mark.parametrize(
    ("kind", "given_up", "coming"),
    [
        (ServiceKind.STARTING, (), Coming.COMING),
        (ServiceKind.WORKING, (), Coming.COMING),
        (ServiceKind.NO_MODEL, (), Coming.NO_MODEL),
        (ServiceKind.FAILED, (), Coming.FAILED),
        (ServiceKind.READY, ("one",), Coming.GIVEN_UP),
    ],
)
def test_coming_none_and_no_model_are_told_apart(kind, given_up, coming) -> None:
    state = ServiceState(kind, "en", given_up=frozenset(given_up))

    assert coming_of(state, "one") is coming


@pytest.mark.parametrize("width", [40, 60, 80, 120])
def test_the_header_keeps_to_its_width(width: int) -> None:
    """The order gives way first, then the title, down to sixteen cells."""
    from annotator.model.decisions import Status

    pieces = document_bars.header(
        "A very long title of a very long document that nobody can read at once",
        QueuePosition(120, 10_000, "most uncertain first"),
        "annotator",
        "news",
        Status.STARTED,
        width=width,
    )

    assert pieces_width(pieces) <= max(width, 16 + len("  120 of 10000 · annotator · news"))


@pytest.mark.parametrize("rows", [1, 2])
def test_the_label_bar_keeps_to_its_rows(rows: int) -> None:
    from annotator.model.resources import load_label_set

    bars = document_bars.label_bar(load_label_set("news"), width=78, rows=rows, more="t more…")

    assert len(bars) == rows
    assert all(pieces_width(bar) <= 78 for bar in bars)
    assert said(bars[-1]).endswith("t more…")


@pytest.mark.parametrize(
    ("width", "hint"), [(120, "ORG→PERSON · m: 2 more"), (80, "m: 2 more")], ids=["wide", "narrow"]
)
async def test_the_hint_of_the_last_correction_gives_way_to_what_the_cursor_stands_on(
    desk, width: int, hint: str
) -> None:
    async with desk(size=(width, 24)) as at:
        await at.walk_to("Maduro")
        await at.press("1")
        before, _, _ = at.row("status").partition(hint)
        assert " of 11 " in before, at.row("status")
        assert at.row("status").count("ORG→PERSON") == hint.count("ORG→PERSON")


_MESSAGES = [
    ("x on plain text", ["escape", "f", "escape", "end", "x"], "nothing here to reject"),
    ("a run", ["a"], "accepted 2"),
    ("a label without a key", ["Z"], "no label has the key Z"),
    ("over a blank line", ["end", "l", "s", "s", "home"], ""),
    ("the first document", ["less_than_sign"], "this is the first document"),
    ("no step", ["r"], "nothing to redo"),
    ("an edge at the end", ["d", "d"], "cannot get smaller"),
]


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
@pytest.mark.parametrize(
    ("keys", "message"), [each[1:] for each in _MESSAGES], ids=[each[0] for each in _MESSAGES]
)
async def test_what_was_just_said_is_painted_as_a_whole(desk, size, keys: list[str], message: str) -> None:
    """As much of what the cursor stands on is beside it as there is room for, and none of it is cut."""
    async with desk(size=size) as at:
        await at.press(*keys)
        assert message in at.row("status")
        assert at.screen.pane.message in at.row("status")


@pytest.mark.parametrize("width", [118, 78, 58])
def test_a_message_has_the_room_and_whole_pieces_stand_beside_it(width: int) -> None:
    standing = [Piece("Hugo Chávez   "), Piece("  "), Piece("PERSON      "), Piece(" · "), Piece("model .41")]
    message = "suggestions still coming: the same key finishes"
    left, right = document_bars.with_message(standing, message, [Piece("saved")], width=width)
    assert message in said(right)
    assert pieces_width(left) + pieces_width(right) < width
    assert said(standing).startswith(said(left))
    assert (said(left) == "") is (width == 58)


async def test_a_long_selection_shows_its_beginning_and_its_end(desk_on) -> None:
    text = "The Venezuelan Observatory for Social Conflict and Human Rights of Caracas said so."
    async with desk_on(text, size=(80, 24)) as at:
        await at.drag("The", "Caracas")
        assert at.row("status").lstrip().startswith("The Venez")
        assert "…" in at.row("status")
        assert "Caracas" in at.row("status")


async def test_the_queue_and_the_suggestions_are_counted_in_words_that_differ(desk) -> None:
    for size in ((120, 40), (80, 24)):
        async with desk(size=size) as at:
            assert "doc" in at.row("header").split("1 of 3")[0]
