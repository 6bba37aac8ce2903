"""The annotator's own figures, from the palette."""

from __future__ import annotations

from annotator.tui.screens.dialogs.statistics import StatisticsDialog


async def test_what_was_just_decided_is_counted_and_esc_leads_back(desk) -> None:
    async with desk() as at:
        await at.walk_to("Hugo Chávez")
        await at.press("1")
        await at.walk_to("23")
        await at.press("x")
        at.screen.action_statistics()
        for _ in range(200):
            await at.pilot.pause(0.02)
            if isinstance(at.app.screen, StatisticsDialog):
                break
        dialog = at.app.screen
        assert isinstance(dialog, StatisticsDialog)
        said = ["".join(text for text, _ in line).split() for line in dialog.lines(90)]
        assert next(line for line in said if line[:1] == ["started"])[:2] == ["started", "1"]
        assert next(line for line in said if line[:1] == ["relabelled"])[:2] == ["relabelled", "1"]
        assert next(line for line in said if line[:1] == ["rejected"])[:2] == ["rejected", "1"]
        await at.press("escape")
        assert at.app.screen is at.screen


async def test_before_anything_is_decided_that_is_said(desk) -> None:
    async with desk() as at:
        at.screen.action_statistics()
        for _ in range(200):
            await at.pilot.pause(0.02)
            if "annotated nothing" in at.bar("status"):
                break
        assert "me has annotated nothing" in at.bar("status")


async def test_a_blind_document_says_so_and_proposes_nothing(desk) -> None:
    async with desk(blind_share=1.0) as at:
        assert "BLIND" in at.bar("header")
        assert at.focus is None
        assert len(at.editor.suggestion_state.suggestions) == 0
        assert "accepts" not in at.bar("header")


async def test_each_key_is_counted_once_and_kept_with_the_document(desk) -> None:
    async with desk() as at:
        for number, key in enumerate(("right", "down", "x", "1"), start=1):
            await at.press(key)
            assert at.set.effort.keys == number
