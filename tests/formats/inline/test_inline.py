"""Markup within texts: each grammar, what it takes for markup, and markup that is not balanced."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.errors import InputError
from annotator.formats.choices import OnError
from annotator.formats.exchange import AnnotatedDocument
from annotator.formats.inline.grammars import GRAMMARS
from annotator.formats.registry import reader_for
from annotator.formats.sources import file_source
from annotator.model.decisions import Status

PLAIN = "Ada Byron met Bo in Porto."
FACTS = [("Ada Byron", "PER"), ("Porto", "LOC")]


def _facts(annotated: AnnotatedDocument) -> list[tuple[str, str]]:
    text = annotated.document.text
    return [(text[span.start : span.end], span.label) for span in annotated.spans]


@pytest.mark.parametrize(
    "content",
    [
        "<PER>Ada Byron</PER> met Bo in <LOC>Porto</LOC>.",
        '<ENAMEX TYPE="PER">Ada Byron</ENAMEX> met Bo in <ENAMEX TYPE="LOC">Porto</ENAMEX>.',
        "<b_enamex type='PER'>Ada Byron</b_enamex> met Bo in <x label = \"LOC\" >Porto</x >.",
        "[PER Ada Byron] met Bo in [LOC Porto].",
        "[Ada Byron](PER) met Bo in [Porto](LOC).",
        '[Ada Byron]{"entity": "PER", "role": "x"} met Bo in [Porto](LOC:Oporto).',
        "[@Ada Byron#PER*] met Bo in [@Porto#LOC*].",
    ],
)
def test_each_kind_of_markup_is_taken_out(written, read_all, content: str) -> None:
    (annotated,), _ = read_all(written("a.txt", content), format="inline")
    assert (annotated.document.text, _facts(annotated), annotated.status) == (PLAIN, FACTS, Status.DONE)


@pytest.mark.parametrize(
    "content",
    [
        "Ada/B-PER Byron/I-PER met/O Bo/O in/O Porto./B-LOC",
        "Ada/PER Byron/PER met/O Bo/O in/O Porto./LOC",
        "Ada/B_PER Byron/I_PER met/O Bo/O in/O Porto./B_LOC",
        "Ada/B-PER Byron/I-PER met Bo in Porto./B-LOC",
    ],
)
def test_words_with_tags_behind_slashes(written, read_all, content: str) -> None:
    (annotated,), _ = read_all(written("a.txt", content), format="inline")
    assert annotated.document.text == PLAIN
    assert _facts(annotated) == [("Ada Byron", "PER"), ("Porto.", "LOC")]


def test_entities_behind_slashes_end_with_their_line(written, read_all) -> None:
    (annotated,), _ = read_all(written("a.txt", "1/2/O Ada/I-PER\nBo/I-PER\n"), format="inline")
    assert (annotated.document.text, _facts(annotated)) == ("1/2 Ada\nBo\n", [("Ada", "PER"), ("Bo", "PER")])


def test_marks_nest(written, read_all) -> None:
    for content in ("<ORG>Bank of <LOC>Porto</LOC></ORG>", "[ORG Bank of [LOC Porto]]"):
        (annotated,), _ = read_all(written("a.txt", content), format="inline")
        assert _facts(annotated) == [("Bank of Porto", "ORG"), ("Porto", "LOC")]


def test_what_is_no_markup_stays(written, read_all) -> None:
    (annotated,), _ = read_all(
        written("a.txt", "1 < 2 & a &lt;b&gt; &#65; <PER>Ada &amp; Bo</PER> > 3"), format="inline"
    )
    assert annotated.document.text == "1 < 2 & a <b> A Ada & Bo > 3"
    (annotated,), _ = read_all(written("b.txt", "[1] [sic] [PER Ada [2]] ]"), format="inline")
    assert (annotated.document.text, _facts(annotated)) == ("[1] [sic] Ada [2] ]", [("Ada [2]", "PER")])


def test_an_id_stands_in_an_attribute(written, read_all) -> None:
    (annotated,), _ = read_all(written("a.txt", '<PER ref="Q1">Ada</PER>'), format="inline")
    assert [span.kb_id for span in annotated.spans] == ["Q1"]


def test_what_yeddas_recommender_proposed_is_a_suggestion(written, read_all) -> None:
    (annotated,), _ = read_all(written("a.txt.ann", "[@Ada#PER*] and [$Bo#PER*] #1"))
    assert annotated.document.text == "Ada and Bo #1"
    assert (_facts(annotated), annotated.status) == ([("Ada", "PER")], Status.STARTED)
    assert [(each.start, each.end, each.label) for each in annotated.suggestions] == [(8, 10, "PER")]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("x\n<PER>Ada\n</LOC> <LOC>b</LOC>", r"3: </LOC> closes no <LOC>, where <PER> is open"),
        ("x\n<PER>Ada <LOC>b</LOC>", "2: <PER> is never closed"),
        ("<LOC>b</LOC>\nAda</PER>", "2: </PER> closes no <PER>"),
        ("<LOC>b</LOC>\n<PER/>", "2: <PER/> marks nothing"),
        ("<A>x <B>y</A> z</B>", "1: </A> closes no <A>, where <B> is open"),
        ("[LOC b]\n[PER Ada", r"2: \[PER is never closed"),
        ("[@Ada#PER*]\nb [@Bo", r"2: '\[@' has no other half"),
        ("[@Ada#PER*]\nBo#PER*]", r"2: '#PER\*\]' has no other half"),
        ('[a](b)\n[Ada]{"x": 1}', "2: .* names no entity"),
        ("Ada/B-PER\nBo/O sings/ x/yy-z", "2: 'x/yy-z' does not end in a tag"),
    ],
)
def test_markup_that_is_not_balanced_is_told_with_its_line(
    written, read_all, content: str, message: str
) -> None:
    path = written("a.txt", content)
    with pytest.raises(InputError, match=rf"a\.txt:{message}"):
        read_all(path, format="inline")
    (annotated,), report = read_all(path, format="inline", on_error=OnError.SKIP)
    assert annotated.status is Status.STARTED
    assert not report.lost


def test_a_text_without_markup_is_refused(written, read_all) -> None:
    with pytest.raises(InputError, match="has no markup such as") as caught:
        read_all(written("a.txt", "Ada sings."), format="inline")
    assert "--format text" in caught.value.hint


@pytest.mark.parametrize(
    ("content", "format"),
    [
        ("<PER>Ada</PER> sings", "inline"),
        ('<ENAMEX TYPE="PERSON">Ada</ENAMEX>', "inline"),
        ("[@Ada#PER*]", "inline"),
        ("Ada/B-PER sings/O", "inline"),
        ("[1] see [text](page) and either/or", "text"),
        ("He said <b>no</b>, and/or so", "text"),
        ("Ada [NOTE this] sings", "text"),
    ],
)
def test_only_sure_markup_is_found_by_looking(written, content: str, format: str) -> None:
    assert reader_for(file_source(written("a.txt", content))).name == format


@pytest.mark.parametrize("kind", GRAMMARS)
@given(text=st.text(alphabet='<>/[]()@#$*{}"PER a\n:=-O', max_size=30))
def test_no_text_breaks_a_grammar(kind: str, text: str) -> None:
    plain = GRAMMARS[kind](text, lambda offset, message: None)
    for mark in plain.marks:
        assert 0 <= mark.start <= mark.end <= len(plain.text)
    assert plain.length == len(plain.text)


@pytest.mark.parametrize("piece", ["<A>", "[PER ", "[@", "[", "x/", "</A>", "[a](", '<A b="', "#P*]"])
@pytest.mark.parametrize("kind", GRAMMARS)
def test_long_texts_take_no_longer_than_they_are(kind: str, piece: str) -> None:
    GRAMMARS[kind](piece * 20_000, lambda offset, message: None)
