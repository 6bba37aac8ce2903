"""In a nested label set a key starts a span inside another one, or across its edge."""

from __future__ import annotations

from dataclasses import replace

import pytest

from annotator.model.labels import LabelSet

TEXT = "The Bank of England said so.\n"
LABELS = LabelSet.from_names("story", ["PER", "LOC", "ORG"])


def nested() -> LabelSet:
    return replace(LABELS, nested=True)


@pytest.mark.parametrize(
    ("keys", "made"),
    [
        (["2"], ("England", "LOC")),
        (["s", "1"], ("of England", "PER")),
        (["l", "1"], ("England said", "PER")),
    ],
)
async def test_the_word_in_a_span_is_selected_and_a_label_adds_a_span_there(desk_on, keys, made) -> None:
    async with desk_on(TEXT, [("Bank of England", "ORG", 0.9)], label_set=nested()) as at:
        await at.walk_to("Bank of England")
        await at.press("enter", "right", "right", "asterisk")
        assert "a label's key adds" in at.bar("status")
        await at.press(*keys)
        assert sorted(at.spans) == sorted([("Bank of England", "ORG"), made])


async def test_esc_goes_back_to_the_span(desk_on) -> None:
    async with desk_on(TEXT, [("Bank of England", "ORG", 0.9)], label_set=nested()) as at:
        await at.walk_to("Bank of England")
        await at.press("enter", "asterisk", "escape", "1")
        assert at.spans == [("Bank of England", "PER")]


async def test_in_a_flat_set_the_new_span_takes_the_place_of_the_other_and_says_so(desk_on) -> None:
    async with desk_on(TEXT, [("Bank of England", "ORG", 0.9)], label_set=LABELS) as at:
        await at.walk_to("Bank of England")
        await at.press("enter", "asterisk", "2")
        assert at.spans == [("Bank", "LOC")]
        assert "replaced ORG" in at.bar("status")
