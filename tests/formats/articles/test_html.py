"""HTML as text: layout, what is left out, and the way back to the source."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.errors import InputError
from annotator.formats.articles.html import _Page
from annotator.formats.articles.source_map import source_map
from annotator.formats.registry import reader_for
from annotator.formats.sources import Source, file_source
from annotator.model.decisions import Status

PAGE = """<!DOCTYPE html><html><head><title>Ada &amp;
 Bo</title><style>p {}</style></head><body>
<h1>Ada   <b>Byr</b>on</h1><p>She met&nbsp;Bo
 in <i>San</i> Jos&eacute;.<img src="x"></p>
<ul><li>one<li>two</ul><table><tr><td>a</td><td>b c</td></tr></table>
<script>var x = "<p>no</p>";</script><!-- no --><pre>
 x  y
z</pre>a<br>b</body></html>"""
TEXT = "Ada Byron\n\nShe met\u00a0Bo in San José.\n\none\ntwo\n\na\tb c\n\n x  y\nz\n\na\nb"


def test_a_page_is_its_text(written, read_all) -> None:
    (annotated,), report = read_all(written("a.html", PAGE))
    assert annotated.document.text == TEXT
    assert (annotated.document.title, annotated.status) == ("Ada & Bo", Status.TODO)
    (problem,) = report.problems
    for what in ("pictures (1)", "scripts (1)", "styles (1)", "tables, their cells parted by tabs (1)"):
        assert what in problem.message


def test_each_character_leads_back_to_the_source(written, read_all) -> None:
    (annotated,), _ = read_all(written("a.html", PAGE))
    found = source_map(annotated.document.meta, len(TEXT))
    assert found is not None

    def source_of(words: str) -> list[str]:
        start = TEXT.index(words)
        return [PAGE[first:last] for first, last in found.stretches(start, start + len(words))]

    assert source_of("Byron") == ["Byr", "on"]
    assert source_of("met\u00a0Bo") == ["met&nbsp;Bo"]
    assert source_of("Bo in") == ["Bo\n in"]
    assert source_of("José.") == ["Jos&eacute;."]
    assert source_of("y\nz") == ["y\nz"]


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("<p>a<p>b", "a\n\nb"),
        ("<div>a</div><div>b</div>", "a\nb"),
        ("a & b &lt; c &unknown; &#65;&#x42; &amp;", "a & b < c &unknown; AB &"),
        ("<p>a</p><script>never closed <p>b", "a"),
        ("<p>\r\n a\r\n b\r\n</p>", "a b"),
        ("<svg><text>x</text></svg>a", "a"),
        ("<p>a</p>   <p> </p><p>b</p>", "a\n\nb"),
        ("a<td>b</table></ul></p></b>c", "a\tb\n\nc"),
        ("<mark>a</mark>", "a"),
    ],
)
def test_pages_as_they_come(written, read_all, content: str, text: str) -> None:
    (annotated,), _ = read_all(written("a.html", content))
    assert (annotated.document.text, annotated.spans) == (text, ())


def test_marks_are_spans_and_pieces_of_one_number_are_one(written, read_all) -> None:
    page = (
        '<p><mark data-entity="PER" data-entity-number="1" data-kb-id="Q1" data-note="a &quot;b&quot;">Ada </mark>'
        '<b><mark data-entity="PER" data-entity-number="1" data-kb-id="Q1">Byron</mark></b> in '
        '<mark data-entity="LOC">San José</mark></p>'
    )
    (annotated,), _ = read_all(written("a.html", page))
    text = annotated.document.text
    assert [(text[each.start : each.end], each.label, each.kb_id) for each in annotated.spans] == [
        ("Ada Byron", "PER", "Q1"),
        ("San José", "LOC", ""),
    ]
    assert annotated.status is Status.DONE


def test_the_page_names_its_encoding(written, read_all) -> None:
    page = '<meta charset="iso-8859-1"><p>José</p>'.encode("latin-1")
    (annotated,), _ = read_all(written("a.html", page))
    assert annotated.document.text == "José"


def test_a_page_without_text_is_told(written, read_all) -> None:
    found, report = read_all(written("a.html", "<html><script>x</script></html>"))
    assert found == []
    assert "holds no text, and is left out" in [each.message for each in report.problems]


@pytest.mark.parametrize("name", ["a.htm", "a.html", "a"])
def test_it_is_told_from_a_text(written, name: str) -> None:
    assert reader_for(file_source(written(name, "<!DOCTYPE html><p>a"))).name == "html"


_MARKUP = st.lists(
    st.sampled_from(
        [
            "<p>",
            "</p>",
            "<b>",
            "<pre>",
            "</pre>",
            "&amp;",
            "&",
            "&#65;",
            "<",
            ">",
            "<td>",
            "<br>",
            "\r\n",
            "\n",
            " ",
            "a",
            "é",
            "<script>",
            "</script>",
            "<!--",
            "-->",
            '<mark data-entity="A">',
            "</mark>",
            "<![CDATA[",
            "<?",
        ]
    )
).map("".join)


@given(raw=_MARKUP)
def test_whatever_a_page_holds_its_runs_are_right(raw: str) -> None:
    page = _Page(raw, "a.html")
    page.feed(raw)
    page.close()
    text, meta = page.mapped.finished(Source("a.html"), raw, format="html", encoding="utf-8")
    found = source_map(meta, len(text))
    assert found is not None
    for index, char in enumerate(text):
        stretches = found.stretches(index, index + 1)
        if len(stretches) == 1 and stretches[0][1] - stretches[0][0] == 1 and not char.isspace():
            assert raw[slice(*stretches[0])] == char
    for start, end, label, *_ in page.marks():
        assert 0 <= start < end <= len(text)
        assert label == "A"


@pytest.mark.parametrize(
    "piece", ["<b>", "<p>", "&amp;", "<!--", "<mark data-entity='A'>", "</", "<a b='", "&"]
)
def test_long_pages_take_no_longer_than_they_are(written, read_all, piece: str) -> None:
    try:
        found, _ = read_all(written("a.html", "x" + piece * 20_000))
    except InputError as error:
        message = error.message
    else:
        message = found[0].document.text
    assert message.startswith("x") or "that never end" in message
