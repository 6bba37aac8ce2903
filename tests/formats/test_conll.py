"""CoNLL as people have it: columns, separators, documents, repetitions and mistakes."""

from __future__ import annotations

from pathlib import Path

import pytest

from annotator.errors import InputError, OutputError
from annotator.formats.exchange import AnnotatedDocument, WriteOptions
from annotator.formats.registry import write
from annotator.model.decisions import Status
from annotator.model.documents import new_document, text_hash
from annotator.model.spans import Span
from annotator.model.tokens import Tokens, stand_in_tokens


def _spelled(annotated: AnnotatedDocument) -> list[tuple[str, str]]:
    text = annotated.document.text
    return [(text[span.start : span.end], span.label) for span in annotated.spans]


def test_tokens_and_sentences_become_a_text_and_stay_with_it(written, read_all) -> None:
    content = "Ana B-PER\nvive O\n.\tO\n\nEn O\nSan B-LOC\nJosé I-LOC\n\n"
    (annotated,), report = read_all(written("a.conll", content))
    document = annotated.document
    assert document.text == "Ana vive .\nEn San José"
    assert document.id == text_hash(document.text)
    assert document.sentences == (0, 11)
    assert document.tokens == Tokens(
        [(0, 3), (4, 8), (9, 10), (11, 13), (14, 17), (18, 22)], tokenizer="source"
    )
    assert _spelled(annotated) == [("Ana", "PER"), ("San José", "LOC")]
    assert annotated.status is Status.DONE
    assert report.problem_count == 0


@pytest.mark.parametrize("separator", ["\n", "\t\n", "  \n", "\r\n", "\n\n\n", "\t \r\n"])
def test_separators_may_hold_blanks_and_tabs(written, read_all, separator: str) -> None:
    content = f"Ana\tB-PER\n{separator}Bo\tI-PER\n{separator}"
    (annotated,), _ = read_all(written("a.conll", content))
    assert annotated.document.text == "Ana\nBo"
    assert _spelled(annotated) == [("Ana", "PER"), ("Bo", "PER")]


def test_columns_are_told_by_tabs_else_by_spaces(written, read_all) -> None:
    content = "Ana NNP B-NP B-PER\nNew York\tNNP\t\tB-LOC\t\nx  _   O\n"
    (annotated,), _ = read_all(written("a.conll", content))
    assert _spelled(annotated) == [("Ana", "PER"), ("New York", "LOC")]
    (other,), _ = read_all(
        written("b.conll", "1 Ana B-PER _\n2 sings O _\n"), token_column=1, label_columns=(2,)
    )
    assert other.document.text == "Ana sings"
    assert _spelled(other) == [("Ana", "PER")]


def test_documents_begin_at_docstart(written, read_all) -> None:
    content = "-DOCSTART- -X- O O\n\nAna B-PER\n\nBo B-PER\n-DOCSTART-\t-X-\tO\n\nRome B-LOC\n"
    found, report = read_all(written("a.conll", content))
    assert [each.document.text for each in found] == ["Ana\nBo", "Rome"]
    assert report.problem_count == 0


@pytest.mark.parametrize(("group", "texts"), [(0, ["a\nb\nc"]), (1, ["a", "b", "c"]), (2, ["a\nb", "c"])])
def test_without_docstart_sentences_are_grouped(written, read_all, group: int, texts: list[str]) -> None:
    found, _ = read_all(written("a.conll", "a O\n\n\nb O\n\t\nc O\n"), group=group)
    assert [each.document.text for each in found] == texts


def test_marked_documents_are_not_grouped(written, read_all) -> None:
    found, _ = read_all(written("a.conll", "-DOCSTART- O\n\na O\n\nb O\n\n-DOCSTART- O\n\nc O\n"), group=1)
    assert [each.document.text for each in found] == ["a\nb", "c"]


def test_a_repeated_text_comes_once_and_is_reported(written, read_all) -> None:
    path = written("a.conll", "a B-X\n\na B-X\n\na O\n\nb O\n")
    found, report = read_all(path, group=1)
    assert [_spelled(each) for each in found] == [[("a", "X")], []]
    assert [str(problem) for problem in report.problems] == [
        f"{path}:3: has the text of {path}:1 and the same spans",
        f"{path}:5: has the text of {path}:1 but other spans, which are left out",
    ]


@pytest.mark.parametrize("content", ["", "\n\n", "-DOCSTART- O\n\n", "a O\n\n-DOCSTART- O\n"])
def test_documents_without_tokens_are_reported(written, read_all, content: str) -> None:
    _, report = read_all(written("a.conll", content))
    assert ["without tokens" in problem.message for problem in report.problems] == [True]


def test_mixed_schemes_are_read_and_reported(written, read_all) -> None:
    (annotated,), report = read_all(written("a.conll", "Ana B-PER\nsaw O\nRome I-LOC\n"))
    assert _spelled(annotated) == [("Ana", "PER"), ("Rome", "LOC")]
    assert "begin with B-: 1, with I-: 1" in report.problems[0].message


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("Rome", "'Rome' stands alone, without a tag"),
        ("Rome LOC", "'LOC' is not a tag such as O, B-PER or I-PER"),
        ("Rome -", "'-' is not a tag"),
        ("Rome B-", "'B-' is not a tag"),
        ("Rome B-CITY", "unknown label CITY"),
    ],
)
def test_a_line_without_a_tag_is_named_or_counts_as_outside(
    written, read_all, line: str, message: str
) -> None:
    path = written("a.conll", f"Ana B-PER\n\n{line}\nis O\n")
    with pytest.raises(InputError) as caught:
        read_all(path, labels={"PER"})
    assert f"a.conll:3: {message}" in caught.value.message
    (annotated,), report = read_all(path, labels={"PER"}, on_error="skip")
    assert annotated.document.text == "Ana\nRome is"
    assert _spelled(annotated) == [("Ana", "PER")]
    assert [problem.document for problem in report.problems] == [annotated.document.id]


def test_columns_that_are_not_there_are_told(written, read_all) -> None:
    path = written("a.conll", "1 Ana B-PER\nx\n")
    with pytest.raises(InputError, match=r"a\.conll:2: has too few columns: 1"):
        read_all(path, token_column=1)
    (annotated,), report = read_all(path, token_column=1, on_error="skip")
    assert annotated.document.text == "Ana"
    assert "has too few columns: 1" in report.problems[-1].message


def test_a_line_without_a_token_is_noted(written, read_all) -> None:
    (annotated,), report = read_all(written("a.conll", "Ana\tB-PER\n\u3000\tI-PER\nBo\tI-PER\n\tO\n"))
    assert annotated.document.text == "Ana Bo"
    assert [problem.message for problem in report.problems] == ["a line without a token, left out"] * 2


def test_a_document_beyond_the_limit_is_refused(written, read_all) -> None:
    path = written("a.conll", "Caracas O\n" * 200)
    with pytest.raises(InputError, match=r"a\.conll:1 holds more than 1,000 characters"):
        read_all(path, size_limit=1000)


def _document(text: str, *spans: Span, **parts: object) -> AnnotatedDocument:
    document = new_document(text, tokens=stand_in_tokens(text), **parts)
    return AnnotatedDocument(document, spans=spans, status=Status.DONE)


def test_iob2_is_written_in_two_columns_under_the_line_that_spacy_looks_for(tmp_path: Path) -> None:
    documents = [
        _document("Ana Bo sing.  Then they rest.", Span(4, 6, "PER"), Span(0, 3, "PER")),
        _document("In San José.", Span(3, 11, "LOC")),
    ]
    report = write(documents, tmp_path / "out.conll")
    assert (tmp_path / "out.conll").read_text() == (
        "-DOCSTART- -X- O O\n\nAna B-PER\nBo B-PER\nsing O\n. O\n\nThen O\nthey O\nrest O\n. O\n\n"
        "-DOCSTART- -X- O O\n\nIn O\nSan B-LOC\nJosé I-LOC\n. O\n\n"
    )
    assert (report.documents, report.spans, report.problem_count) == (2, 3, 0)


def test_a_sentence_never_ends_inside_a_span(tmp_path: Path, read_all) -> None:
    document = _document("Dr.\nWho sings", Span(0, 7, "PER"), sentences=(0, 4, 8))
    write([document], tmp_path / "out.conll")
    (back,), _ = read_all(tmp_path / "out.conll")
    assert _spelled(back) == [("Dr . Who", "PER")]
    assert back.document.sentences == (0, 9)


def test_spacy_reads_what_is_written(tmp_path: Path) -> None:
    from spacy.training.converters import conll_ner_to_docs

    documents = [
        _document("Ana sings. Bo rests.", Span(0, 3, "PER"), Span(11, 13, "PER")),
        _document("In San José.", Span(3, 11, "LOC")),
    ]
    write(documents, tmp_path / "out.conll")
    docs = list(conll_ner_to_docs((tmp_path / "out.conll").read_text(), n_sents=0, no_print=True))
    assert [[(str(ent), ent.label_) for ent in doc.ents] for doc in docs] == [
        [("Ana", "PER"), ("Bo", "PER")],
        [("San José", "LOC")],
    ]
    assert [[token.text for token in doc] for doc in docs][1] == ["In", "San", "José", "."]


def test_tokens_with_white_space_are_cut_and_reported(tmp_path: Path, read_all) -> None:
    text = "at 10\u00a0000 m"
    document = new_document(text, tokens=Tokens([(0, 2), (3, 9), (10, 11)], tokenizer="source"))
    report = write([AnnotatedDocument(document, (Span(3, 9, "NUM"),), Status.DONE)], tmp_path / "out.conll")
    (back,), _ = read_all(tmp_path / "out.conll")
    assert _spelled(back) == [("10 000", "NUM")]
    assert "and were cut there: 1" in report.problems[0].message


def test_overlaps_misaligned_spans_and_labels_that_no_tag_can_hold_are_listed_and_no_file_appears(
    tmp_path: Path,
) -> None:
    spans = (Span(0, 8, "A"), Span(4, 8, "B"), Span(9, 11, "C"), Span(9, 12, "O"))
    documents = [_document("San José now", *spans)]
    with pytest.raises(OutputError) as caught:
        write(documents, tmp_path / "out.conll")
    assert "3 spans cannot be written" in caught.value.message
    for part in ("B [4, 8) 'José' overlaps A [0, 8)", "C [9, 11) 'no' is off", "has the label O"):
        assert part in caught.value.message
    assert list(tmp_path.iterdir()) == []
    report = write(documents, tmp_path / "out.conll", options=WriteOptions(on_misaligned="skip"))
    assert (report.spans, report.skipped) == (1, 3)


def test_what_readers_would_misread_is_reported(tmp_path: Path) -> None:
    text = "a -DOCSTART- \0"
    document = new_document(text, tokens=Tokens([(0, 1), (2, 12), (13, 14)], tokenizer="source"))
    report = write([AnnotatedDocument(document, status=Status.DONE)], tmp_path / "out.conll")
    assert [problem.message.split(",")[0] for problem in report.problems] == [
        "holds the token -DOCSTART-",
        "holds a NUL character",
    ]


def test_a_document_without_tokens_is_reported_and_one_with_a_surrogate_refused(tmp_path: Path) -> None:
    report = write([_document(" \n")], tmp_path / "out.conll")
    assert "has no tokens" in report.problems[0].message
    assert (tmp_path / "out.conll").read_bytes() == b""
    with pytest.raises(OutputError, match="lone surrogate") as caught:
        write([_document("a \ud800 b")], tmp_path / "other.conll")
    assert "jsonl" in caught.value.hint
    assert not (tmp_path / "other.conll").exists()


def test_labels_with_blanks_are_written_with_underscores_and_told_once(tmp_path: Path, read_all) -> None:
    documents = [
        _document("Ana left", Span(0, 3, "Job Title")),
        _document("Bo left", Span(0, 2, "Job Title")),
    ]
    report = write(documents, tmp_path / "out.conll")
    assert [problem.message for problem in report.problems] == [
        "the label 'Job Title' is written as Job_Title"
    ]
    back, _ = read_all(tmp_path / "out.conll")
    assert [span.label for annotated in back for span in annotated.spans] == ["Job_Title", "Job_Title"]


def test_two_labels_are_never_written_alike(tmp_path: Path) -> None:
    documents = [_document("Ana left", Span(0, 3, "Job Title"), Span(4, 8, "Job_Title"))]
    with pytest.raises(OutputError, match="written as another one, Job_Title"):
        write(documents, tmp_path / "out.conll")


def test_a_document_without_tokens_is_lost_and_told(tmp_path: Path) -> None:
    documents = [
        _document("Ana left"),
        AnnotatedDocument(new_document(" ", tokens=Tokens([], tokenizer="source")), status=Status.DONE),
    ]
    report = write(documents, tmp_path / "out.conll")
    assert report.lost == {"document": 1}
