"""What a decision costs in keys, and where the cursor is afterwards."""

from __future__ import annotations

import pytest
from textual import events

from annotator.model.decisions import By, Status
from tests.waiting import Clock


@pytest.mark.parametrize(
    ("text", "keys", "span", "focus_after"),
    [
        ("Caracas", ["enter"], ("Caracas", "GPE"), "Tuesday"),
        ("Hugo Chávez", ["1"], ("Hugo Chávez", "PERSON"), "23"),
        ("the State Department", ["d"], ("State Department", "ORG"), "State Department"),
        ("the State Department", ["k"], ("the State", "ORG"), "the State"),
        ("23", ["l", "l"], ("23 de Enero", "CARDINAL"), "23 de Enero"),
    ],
    ids=["right", "label", "left boundary", "right boundary", "boundary wrong by two"],
)
async def test_a_suggestion_costs_one_key_a_fault(desk, text, keys, span, focus_after) -> None:
    """A right one and a wrong label cost one key, a boundary one for each token; resizing stays."""
    async with desk() as at:
        await at.walk_to(text)
        await at.press(*keys)

        assert at.spans == [span]
        assert at.focus == focus_after


async def test_a_spurious_suggestion_costs_one_key(desk) -> None:
    """It is rejected, and the next one comes into focus."""
    async with desk() as at:
        await at.walk_to("23")
        await at.press("x")

        assert at.spans == []
        assert len(at.set.rejections) == 1
        assert at.focus == "Maduro"


async def test_a_missed_name_costs_a_jump_and_a_label(desk) -> None:
    """Rejected, "23" is plain text: its hint and a label add the name grown from it, and the focus returns."""
    async with desk() as at:
        await at.walk_to("23")
        await at.press("x")
        left = at.focus
        await at.press("f")
        hint = at.screen.pane.jump.hints[at.editor.document.text.index("23 de")]
        assert len(hint) <= 2
        await at.press(*hint, "7")

        assert at.spans == [("23 de Enero", "FAC")]
        assert at.focus == left


async def test_a_capital_before_a_place_leads_there_and_decides_nothing(desk) -> None:
    async with desk() as at:
        offset = at.editor.document.text.index("Twitter")
        await at.press(at.screen.place_hints.letters[offset])

        assert at.editor.cursor.offset == offset
        assert at.focus == "Twitter"
        assert at.set.revision == 0


async def test_a_missed_name_with_a_capital_before_it_costs_that_and_the_label(desk) -> None:
    async with desk() as at:
        await at.walk_to("23")
        await at.press("x")
        left = at.focus
        text = at.editor.document.text
        [letter] = [
            letter
            for place, letter in at.screen.place_hints.letters.items()
            if text[place:].startswith("Enero")
        ]
        await at.press(letter, "7")

        assert ("Enero", "FAC") in at.spans
        assert at.focus == left


async def test_one_key_hides_the_capitals_which_then_do_nothing(desk) -> None:
    async with desk() as at:
        before = dict(at.screen.place_hints.letters)
        cursor = at.editor.cursor.offset
        await at.press("minus")
        assert at.screen.view.overlay.place_hints == {}
        await at.press(next(iter(before.values())))
        assert at.editor.cursor.offset == cursor
        await at.press("minus")
        assert dict(at.screen.place_hints.letters) == before


async def test_a_long_document_gets_its_capitals_after_it_is_painted(desk, monkeypatch) -> None:
    monkeypatch.setattr("annotator.tui.screens.annotate.screen._LONG", 10)
    async with desk() as at:
        await at.press("right")
        assert at.screen.place_hints.letters
        at.screen.open("second")
        at.screen.open("first")
        assert not at.screen.place_hints.letters
        await at.press("right")
        assert at.screen.place_hints.letters


async def test_the_least_sure_suggestions_are_one_letter_away(desk) -> None:
    """As unmarked names are, and the surest are not where letters are scarce."""
    async with desk() as at:
        await at.press("f")
        hints = at.screen.pane.jump.hints
        open_ones = sorted(
            at.editor.suggestion_state.open, key=lambda each: 1.0 if each.score is None else each.score
        )
        lengths = [len(hints[each.start]) for each in open_ones if each.start in hints]

        assert lengths[0] == 1
        assert lengths == sorted(lengths)


async def test_a_capital_hint_stretches_the_focus(desk) -> None:
    """The suggestion on "23" reaches as far as the hinted word, and is decided by that."""
    async with desk() as at:
        await at.walk_to("23")
        await at.press("f")
        hint = at.screen.pane.jump.hints[at.editor.document.text.index("Enero")]
        await at.press(*hint.upper(), "7")

        assert at.spans == [("23 de Enero", "FAC")]


async def test_one_key_corrects_the_other_mentions_and_one_takes_it_back(desk) -> None:
    """Not the one inside "Nicolás Maduro"."""
    async with desk() as at:
        await at.walk_to("Maduro")
        await at.press("1")
        assert "ORG→PERSON · m: 2 more" in at.bar("status")
        await at.press("m")

        assert at.spans == [("Maduro", "PERSON")] * 3
        assert {each.decision.by for each in at.set.spans} == {By.KEY, By.BULK}

        await at.press("u")
        assert len(at.spans) == 1


async def test_accept_run_stops_at_the_doubtful_one(desk) -> None:
    """One key takes what is confident, and the focus is on what is not."""
    async with desk() as at:
        await at.walk_to("Caracas")
        await at.press("a")

        assert at.spans == [("Caracas", "GPE"), ("Tuesday", "DATE")]
        assert at.focus == "Hugo Chávez"


async def test_finishing_accepts_the_rest_and_opens_the_next(desk) -> None:
    """Its counts are announced beforehand, and its spans are told apart in the store."""
    async with desk() as at:
        await at.walk_to("Twitter")
        await at.press("x")
        assert "space accepts 10, 1 doubtful" in at.bar("header")
        await at.press("space")

        assert at.editor.document.id == "second"
        first = at.workspace.editor("first").annotation_set
        assert first.status is Status.DONE
        assert {each.decision.by for each in first.spans} == {By.DOCUMENT}
        assert len(first.spans) == 10


async def test_undo_right_after_finishing_returns_and_reopens(desk) -> None:
    """And a second undo goes on with the steps before it."""
    async with desk() as at:
        await at.walk_to("Caracas")
        await at.press("enter", "space", "u")

        assert at.editor.document.id == "first"
        assert at.set.status is Status.STARTED
        assert len(at.spans) == 1


async def test_undo_after_a_decision_in_the_next_document_stays_there(desk) -> None:
    """Only right after finishing does undo go back."""
    async with desk() as at:
        await at.press("space", "enter", "u", "u")

        assert at.editor.document.id == "second"


async def test_a_done_document_warns_first_and_then_reopens(desk) -> None:
    """The first editing key changes nothing, the same one again reopens and no more."""
    async with desk() as at:
        await at.press("space", "<", "tab", "x")
        assert at.editor.document.id == "first"
        assert at.set.status is Status.DONE
        assert "reopens" in at.bar("status")
        await at.press("x")

        assert at.set.status is Status.STARTED
        assert len(at.spans) == 11


async def test_the_guard_keeps_a_held_key_from_finishing(desk) -> None:
    """Finish and skip are dead after a document opens, for as long as the key repeats."""
    async with desk(opening_guard_ms=400) as at:
        clock = at.screen.navigation._clock = Clock()
        at.screen.navigation.opened()
        for _ in range(5):
            clock.now += 0.3
            await at.press("space", "z")

        assert at.editor.document.id == "first"
        assert at.set.revision == 0
        clock.now += 0.5
        await at.press("z")
        assert at.editor.document.id == "second"


async def test_skipping_accepts_nothing(desk) -> None:
    async with desk() as at:
        await at.press("z")

        assert at.editor.document.id == "second"
        first = at.workspace.editor("first").annotation_set
        assert first.status is Status.SKIPPED
        assert len(first.spans) == 0


@pytest.mark.parametrize("key", ["x", "y", "n", "m", "u", "r", "w"])
async def test_verbs_on_plain_text_decide_nothing(desk, key) -> None:
    async with desk() as at:
        await at.press("end", key, "escape")

        assert at.set.revision == 0


async def test_search_walks_hits_and_escape_returns(desk) -> None:
    """It ignores case and accents; Enter stays, Escape goes back to where it began."""
    async with desk() as at:
        before = at.editor.cursor.offset
        await at.press("/", *"nicolas")
        assert at.editor.text(*at.screen.pane.search.hits[0]) == "Nicolás"
        await at.press("escape")
        assert at.editor.cursor.offset == before

        await at.press("/", *"MADURO")
        await at.press("down", "enter")
        assert at.editor.cursor.offset == at.screen.pane.search.hits[1][0]
        assert at.set.revision == 0


async def test_a_note_is_kept_and_escape_keeps_the_draft(desk) -> None:
    async with desk() as at:
        await at.walk_to("Caracas")
        await at.press("n", *"why", "escape")
        assert at.set.revision == 0
        await at.press("n", *"?", "enter")

        assert not len(at.set.spans)
        assert at.editor.focus.remark.note == "why?"
        assert "undecided" in at.bar("status")
        await at.press("enter")
        assert [each.span.note for each in at.set.spans] == ["why?"]


async def test_the_label_picker_gives_what_was_typed(desk) -> None:
    async with desk() as at:
        await at.walk_to("Caracas")
        await at.press("t")
        await at.press(*"work", "enter")

        assert at.spans == [("Caracas", "WORK_OF_ART")]


async def test_the_table_leads_to_a_place_in_the_text(desk) -> None:
    async with desk() as at:
        await at.press("j", "end", "enter")

        assert at.screen.focused is at.screen.view
        assert at.editor.cursor.offset == at.editor.document.text.index("23 de")


async def test_a_paste_is_ignored(desk) -> None:
    async with desk() as at:
        at.app.post_message(events.Paste("1 x z space"))
        await at.press("right")

        assert at.set.revision == 0


async def test_other_keys_can_be_chosen_and_digits_typed_in_french(desk) -> None:
    """The settings give actions other keys, and read a French keyboard's top row as digits."""
    async with desk(keys={"reject": "q"}, keyboard="fr") as at:
        await at.walk_to("Caracas")
        await at.press("q", "x", "&")

        assert len(at.set.rejections) == 1
        assert at.spans == [("Tuesday", "PERSON")]


async def test_a_key_of_the_settings_wins_over_a_default_and_that_is_said_once(
    desk, tmp_path, monkeypatch
) -> None:
    """The same clash on several screens is one sentence, at the first start; the action that lost the key keeps its others."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    async with desk(keys={"note": "x"}) as at:
        (toast,) = at.app._notifications
        assert toast.message.splitlines()[0] == "Your settings give x to note; reject has del."
        assert toast.message.count("reject") == 1
        await at.walk_to("23")
        await at.press("delete")
        assert len(at.set.rejections) == 1
        await at.press("x")
        assert at.screen.pane.prompt.purpose == "note"
    async with desk(keys={"note": "x"}) as at:
        assert list(at.app._notifications) == []
    async with desk(keys={"note": "x", "doubt": "z"}) as at:
        (toast,) = at.app._notifications
        assert "give z to doubt" in toast.message


async def test_escape_leads_back_from_the_table_to_where_the_keyboard_was(desk) -> None:
    """Whatever was walked through there, the same mark is in focus again, and its keys act on it."""
    async with desk() as at:
        await at.walk_to("Hugo Chávez")
        await at.press("j", "end", "up", "right", "escape")
        assert at.screen.focused is at.screen.view
        assert at.focus == "Hugo Chávez"
        await at.press("1")
        assert at.spans == [("Hugo Chávez", "PERSON")]


async def test_enter_in_the_table_leads_to_the_mention_in_the_text(desk) -> None:
    async with desk() as at:
        await at.press("j", "end", "enter")
        assert at.screen.focused is at.screen.view
        assert at.focus != "Caracas"


@pytest.mark.parametrize("key", ["x", "1", "u", "slash", "space", "q", "m", "z"])
async def test_a_key_that_is_not_the_tables_does_nothing_there_and_the_way_out_is_said(
    desk, key: str
) -> None:
    async with desk() as at:
        document = at.editor.document.id
        await at.press("j", key)
        if key != "space":  # which walks through the mentions
            assert "esc leads back" in at.bar("status")
        assert at.set.revision == 0
        assert at.editor.document.id == document
        assert not at.screen.pane.prompt.display


async def test_the_footer_shows_the_keys_of_what_has_the_keyboard(desk) -> None:
    async with desk() as at:
        before = at.bar("footer")
        await at.press("j")
        assert "esc back to the text" in at.bar("footer")
        assert "accept" not in at.bar("footer")
        await at.press("question_mark")
        assert "next_mention" in "\n".join(
            "".join(segment.text for segment in strip) for strip in at.app.screen._compositor.render_strips()
        )
        await at.press("escape")
        await at.press("escape")
        assert at.bar("footer") == before


async def test_a_terminal_made_narrow_takes_the_keyboard_from_the_table(desk) -> None:
    async with desk() as at:
        await at.press("j")
        await at.pilot.resize_terminal(80, 24)
        await at.press("enter")
        assert at.spans == [("Caracas", "GPE")]


async def test_a_note_keeps_all_lines_of_what_is_pasted(desk) -> None:
    """They are drawn in the one row of the prompt, edited there again, and shown line by line."""
    async with desk() as at:
        await at.walk_to("Caracas")
        await at.press("n", "a", ":")
        at.app.post_message(events.Paste("one\r\ntwo\nthree\n"))
        await at.press(".", "enter")
        remark = at.editor.focus.remark
        assert remark.note == "a:one\ntwo\nthree."
        await at.press("n")
        await at.press("!", "enter")
        assert at.editor.focus.remark.note == "a:one\ntwo\nthree.!"
        assert "\n" not in at.bar("status")


async def test_a_search_for_pasted_lines_finds_them(desk) -> None:
    async with desk() as at:
        await at.press("slash")
        at.app.post_message(events.Paste("Tuesday.\n\nA statue"))
        await at.press("enter")
        assert at.editor.text(*at.editor.cursor.word) == "Tuesday"


async def test_undo_drops_a_selection_first(desk) -> None:
    async with desk() as at:
        await at.walk_to("Caracas")
        await at.press("enter", "escape", "home", "l")
        assert at.editor.cursor.selection is not None
        await at.press("u")
        assert at.editor.cursor.selection is None
        assert at.spans == [("Caracas", "GPE")]
        assert "selection dropped" in at.bar("status")
        await at.press("u")
        assert at.spans == []
