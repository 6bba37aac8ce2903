"""Paragraphs and sentences by rule."""

from __future__ import annotations

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.model.segments import Segments, paragraphs, sentences


def cut(text: str, segments: Segments) -> list[str]:
    """The segments as strings."""
    return [text[start:end] for start, end in zip(segments.starts, segments.ends, strict=True)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        (" \n \n", []),
        ("One.\n\n  Two here  \nThree", ["One.", "Two here", "Three"]),
        ("a\u2028b\x85c\rd", ["a", "b", "c", "d"]),
    ],
)
def test_paragraphs_are_lines_without_their_blanks(text: str, expected: list[str]) -> None:
    assert cut(text, paragraphs(text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("He came. She left!  Why? It rained", ["He came.", "She left!", "Why?", "It rained"]),
        ("“It is violence,” he wrote. “Ours is peace.” Nobody spoke.",
         ["“It is violence,” he wrote.", "“Ours is peace.”", "Nobody spoke."]),
        ("Sen. Marco Rubio and Dr. J. Smith met. They spoke.",
         ["Sen. Marco Rubio and Dr. J. Smith met.", "They spoke."]),
        ("It cost 3.5 million. 12 people came.", ["It cost 3.5 million.", "12 people came."]),
        ("in the U.S. Senate today. Yes.", ["in the U.S. Senate today.", "Yes."]),
        ("wait … and see. Then go", ["wait … and see.", "Then go"]),
        ("¿Quién vino? ¡Nadie!", ["¿Quién vino?", "¡Nadie!"]),
        ("他来了。她走了！真的？", ["他来了。", "她走了！", "真的？"]),
        ("یہ ایک ہے۔ دو", ["یہ ایک ہے۔", "دو"]),
        ("A headline\nThen a text. More", ["A headline", "Then a text.", "More"]),
    ],
)  # fmt: skip
def test_sentences(text: str, expected: list[str]) -> None:
    assert cut(text, sentences(text)) == expected


@given(st.text(st.sampled_from('aB .!?…\n"”。é1\u2028'), max_size=40))
def test_segments_are_sorted_disjoint_and_lose_no_character(text: str) -> None:
    for segments in (paragraphs(text), sentences(text)):
        edges = [edge for pair in zip(segments.starts, segments.ends, strict=True) for edge in pair]
        assert edges == sorted(edges)
        inside = {i for a, b in zip(segments.starts, segments.ends, strict=True) for i in range(a, b)}
        assert {i for i, char in enumerate(text) if not char.isspace()} <= inside
        assert all(not text[a].isspace() for a in segments.starts)


@given(st.sets(st.integers(0, 30), min_size=2, max_size=10), st.integers(0, 32))
def test_moving_between_segments_equals_its_definition(edges: set[int], offset: int) -> None:
    ordered = sorted(edges)
    ranges = list(zip(ordered[::2], ordered[1::2], strict=False))
    segments = Segments(ranges)
    starts = [start for start, _ in ranges]
    assert segments.next_start(offset) == min((s for s in starts if s > offset), default=None)
    assert segments.previous_start(offset) == max((s for s in starts if s < offset), default=None)
    assert segments.around(offset) == max((r for r in ranges if r[0] <= offset), default=None)


@pytest.mark.parametrize("unit", ["…", ".", '!"', "Dr. ", "? "])
def test_a_long_run_of_marks_takes_time_in_proportion(unit: str) -> None:
    def cost(count: int) -> float:
        text = "a" + unit * count + "b"
        best = float("inf")
        for _ in range(3):
            began = process_time()
            sentences(text)
            best = min(best, process_time() - began)
        return best

    assert cost(8000) < 40 * cost(1000)  # 8 in proportion, 64 by its square
