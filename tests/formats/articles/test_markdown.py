"""Markdown as text: what is taken away, what is left out, what stays."""

from __future__ import annotations

import pytest

from annotator.formats.articles.source_map import source_map
from annotator.formats.registry import reader_for
from annotator.formats.sources import file_source


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("# Ada *Byron* #\n\nShe met **Bo**.", "Ada Byron\n\nShe met Bo."),
        ("Title\n=====\ntext\n***\nmore", "Title\n\ntext\n\nmore"),
        ("a line\nthat goes on\n\nnext", "a line that goes on\n\nnext"),
        ("hard  \nend\\\nhere", "hard\nend\nhere"),
        ("- one\n- [x] two\n  1. three", "one\ntwo\nthree"),
        ("> quoted *so*\n> here", "quoted so here"),
        (
            "[San\nJosé](http://x) and [Porto][1] <http://y.example>\n\n[1]: http://z",
            "San José and Porto http://y.example",
        ),
        ("![a picture](x.png) words", "words"),
        (
            "`code *stays*` & 2 * 3 \\* 4 snake_case_name __bold__ _it_",
            "code *stays* & 2 * 3 * 4 snake_case_name bold it",
        ),
        ("```py\na  = 1\n# b\n```\nafter", "a  = 1\n# b\n\nafter"),
        ("| a | b |\n|---|---|\n| c d | *e* |", "a\tb\nc d\te"),
        ("---\ntitle: x\n---\nbody", "body"),
        ("a <b>bold</b> &amp; <!-- no --> c", "a bold & c"),
        ("~~old~~ ***both***", "old both"),
        ("1 < 2 and a > b", "1 < 2 and a > b"),
        ("crlf\r\nline\r\n\r\nnext\r\n", "crlf line\n\nnext"),
    ],
)
def test_words_stay_and_marks_go(written, read_all, content: str, text: str) -> None:
    (annotated,), _ = read_all(written("a.md", content))
    assert annotated.document.text == text


def test_what_is_left_out_is_told(written, read_all) -> None:
    _, report = read_all(written("a.md", "---\nx: 1\n---\n![p](x)\n\n[1]: y\n\n|a|b|\n|--|--|\n"))
    (problem,) = report.problems
    for what in (
        "pictures (1)",
        "addresses of links (1)",
        "tables, their cells parted by tabs (1)",
        "before the text (1)",
    ):
        assert what in problem.message


def test_each_word_leads_back_to_the_source(written, read_all) -> None:
    raw = "# Ada *Byr*on\r\n\r\nShe met [San\r\nJosé](x) \\*\n> and &amp; *Bo*\n"
    (annotated,), _ = read_all(written("a.md", raw))
    text = annotated.document.text
    found = source_map(annotated.document.meta, len(text))
    assert found is not None
    for words, pieces in (
        ("Byron", ["Byr", "on"]),
        ("San José", ["San\r\nJosé"]),
        ("*", ["\\*"]),
        ("&", ["&amp;"]),
        ("Bo", ["Bo"]),
    ):
        start = text.index(words)
        assert [raw[slice(*each)] for each in found.stretches(start, start + len(words))] == pieces


def test_it_is_found_by_its_name_alone(written) -> None:
    assert reader_for(file_source(written("a.md", "# Ada"))).name == "markdown"
    assert reader_for(file_source(written("a.txt", "# Ada"))).name == "text"


@pytest.mark.parametrize(
    "piece", ["*", "_a", "`", "[", "[a](", "<a ", "~~", "\\", "| ", "> ", "**a* ", "&a", "__a b", "<!--"]
)
def test_long_files_take_no_longer_than_they_are(written, read_all, piece: str) -> None:
    read_all(written("a.md", "x " + piece * 5_000))
