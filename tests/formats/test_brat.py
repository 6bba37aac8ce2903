"""brat standoff: its tutorial and dense abstracts, spans in fragments, and what hangs on spans."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from annotator.errors import InputError, OutputError
from annotator.formats.exchange import AnnotatedDocument, WriteOptions
from annotator.formats.registry import read, reader_for, write
from annotator.formats.sources import file_source
from annotator.model.decisions import Status
from annotator.model.documents import new_document
from annotator.model.spans import Span
from tests.formats.generated import annotated_documents, span_facts


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None)
@given(annotated_documents(aligned=False, statuses=(Status.DONE,)))
def test_text_spans_notes_and_ids_come_back(there_and_back, annotated: AnnotatedDocument) -> None:
    (back,), report = there_and_back([annotated], "brat", on_misaligned="skip")
    text = annotated.document.text
    held = [
        facts
        for facts in span_facts(annotated, kb_ids=True)
        if "\n" not in text[facts[0]] + text[facts[1] - 1]
    ]
    assert (back.document.text, back.document.id) == (text, annotated.document.id)
    assert set(span_facts(back)) == {(*facts[:3], "") for facts in held}
    assert set(span_facts(back, kb_ids=True)) <= set(held)
    assert {span.note for span in back.spans} <= {"", "sure? "}
    assert report.spans + report.skipped == len(annotated.spans)


def test_all_documents_of_the_folder_read_without_a_mismatch_and_come_back(
    external: Path, tmp_path: Path
) -> None:
    found = list(read([external / "brat"]))
    assert len(found) == 21
    spans = {each.document.id: each.spans for each in found}
    assert len(spans["genia-sample/PMID-10485906"]) == 58
    assert sum(map(len, spans.values())) == 363
    write(found, tmp_path / "out", format="brat")
    back = {each.document.id: each for each in read([tmp_path / "out"])}
    assert {key: each.spans for key, each in back.items()} == spans
    assert [back[each.document.id].document.meta.get("_brat") for each in found] == [
        each.document.meta.get("_brat") for each in found
    ]


def test_every_line_of_the_folder_is_written_again(external: Path, tmp_path: Path) -> None:
    write(read([external / "brat"]), tmp_path / "out", format="brat")
    for path in (external / "brat").rglob("*.ann"):
        name = path.relative_to(external / "brat").with_suffix(".ann").as_posix().replace("/", "%2F")
        before = path.read_text(encoding="utf-8").splitlines()
        after = (tmp_path / "out" / name).read_text(encoding="utf-8").splitlines()
        assert len(after) == len(before), name
        kept = [line for line in before if line[0] in "REAM*"]
        assert set(kept) <= set(after), name


ANN = (
    "T1\tPER 0 3\tAna\n#1\tAnnotatorNotes T1\twho?\nN1\tReference T1 Wikidata:Q1\tAna\nT2\tLOC 10 14\tRome\n"
)


def test_notes_and_links_belong_to_their_spans(written, read_all) -> None:
    written("a.txt", "Ana saw   Rome")
    (annotated,), report = read_all(written("a.ann", ANN))
    assert annotated.spans == (Span(0, 3, "PER", "who?", kb_id="Wikidata:Q1"), Span(10, 14, "LOC"))
    assert (annotated.document.id, annotated.status) == ("a", Status.DONE)
    assert report.problem_count == 0


def test_fragments_that_line_ends_part_are_one_span_and_others_are_reported(written, read_all) -> None:
    written("a.txt", "New\nYork and north or south Korea")
    content = "T1\tLOC 0 3;4 8\tNew York\nT2\tLOC 13 18;28 33\tnorth Korea\n"
    (annotated,), report = read_all(written("a.ann", content))
    assert span_facts(annotated) == [(0, 8, "LOC", ""), (13, 33, "LOC", "")]
    assert [str(each).rpartition("/")[2] for each in report.problems] == [
        "a.ann:2: T2: LOC in 2 fragments, taken as one span with what lies between them"
    ]


def test_what_are_no_spans_of_ours_is_kept_and_goes_where_its_spans_go(
    written, read_all, tmp_path: Path
) -> None:
    written("in/a.txt", "Ana saw Bo")
    written("in/a.ann", "T1\tPER 0 3\tAna\nT7\tPER 8 10\tBo\nR1\tKnows Arg1:T1 Arg2:T7\nA1\tAlive T7\n")
    (annotated,), report = read_all(tmp_path / "in")
    assert report.problems[0].message == "lines of kinds A, R that are kept as they are, not shown: 2"
    write([annotated], tmp_path / "out", format="brat")
    assert (tmp_path / "out" / "a.ann").read_text() == (tmp_path / "in" / "a.ann").read_text()
    fewer = AnnotatedDocument(annotated.document, (Span(0, 4, "PER"), Span(8, 10, "PER")), Status.DONE)
    second = write([fewer], tmp_path / "again", format="brat")
    assert (tmp_path / "again" / "a.ann").read_text().splitlines() == [
        "T2\tPER 0 4\tAna ",
        "T7\tPER 8 10\tBo",
        "A1\tAlive T7",
    ]
    assert second.problems[0].message == "lines about spans that are gone, not written: 1"


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("T1\tPER 0 3\tBob", "T1: 0 3 holds 'Ana', not 'Bob' as the file says"),
        ("T1\tPER 3 0\tAna", "T1: [3, 0) is empty or backwards"),
        ("T1\tPER 0 30\tAna", "T1: [0, 30) is outside the text"),
        ("T1\tLOC 0 3\tAna", "T1: unknown label LOC"),
        ("PER 0 3 Ana", "is no line of brat's"),
    ],
)
def test_a_broken_line_is_named_or_left_out(written, read_all, line: str, message: str) -> None:
    written("a.txt", "Ana saw Rome")
    path = written("a.ann", f"{line}\nT2\tPER 8 12\tRome\n")
    with pytest.raises(InputError) as caught:
        read_all(path, labels={"PER"})
    assert f"a.ann:1: {message}" in caught.value.message
    (annotated,), report = read_all(path, labels={"PER"}, on_error="skip")
    assert span_facts(annotated) == [(8, 12, "PER", "")]
    assert message in report.problems[0].message


def test_annotations_without_a_text_and_from_a_pipe_are_told(written, read_all) -> None:
    with pytest.raises(InputError, match=r"a\.txt does not exist"):
        read_all(written("a.ann", ANN))


def test_a_folder_with_annotations_is_brats_and_a_text_without_them_is_todo(
    written, read_all, tmp_path
) -> None:
    written("in/a.txt", "Ana saw   Rome")
    written("in/a.ann", ANN)
    written("in/b.txt", "Bo")
    found, _ = read_all(tmp_path / "in")
    assert [(each.document.id, each.status) for each in found] == [("a", Status.DONE), ("b", Status.TODO)]
    assert reader_for(file_source(written("c.data", ANN))).name == "brat"


def test_written_folders_name_their_labels_and_line_ends_make_fragments(tmp_path: Path) -> None:
    text = "New\n\nYork!"
    spans = (Span(0, 9, "LOC"), Span(0, 4, "X"), Span(5, 9, "my label"))
    annotated = AnnotatedDocument(new_document(text, id="a"), spans)
    with pytest.raises(OutputError, match="1 span cannot be written"):
        write([annotated], tmp_path / "out", format="brat")
    report = write([annotated], tmp_path / "out", format="brat", options=WriteOptions(on_misaligned="skip"))
    assert (report.spans, report.skipped) == (2, 1)
    assert (tmp_path / "out" / "a.ann").read_text() == "T1\tLOC 0 3;5 9\tNew York\nT2\tmy_label 5 9\tYork\n"
    assert (
        (tmp_path / "out" / "annotation.conf")
        .read_text()
        .startswith("[entities]\nLOC\nmy_label\n\n[relations]\n")
    )
    with pytest.raises(OutputError, match="a folder of two files a document"):
        write([annotated], "-", format="brat")


@pytest.mark.parametrize(
    ("text", "count", "told"),
    [
        ("Ada sat.\r\nShe left.\r\nUlm waits.", lambda text: text.replace("\r\n", "\n"), "CR LF as one"),
        (
            "Ada 😊 sat.\nShe left.\nUlm.",
            lambda text: "".join("x" * (1 + (c > "\uffff")) for c in text),
            "UTF-16",
        ),
        (
            "Ada é sat.\nShe left.\nUlm.",
            lambda text: "".join("x" * len(c.encode()) for c in text),
            "bytes of UTF-8",
        ),
        ("Ada sat.\nShe left.\nUlm.", lambda text: f"_{text}", "the byte order mark"),
        (
            "Oh Ada.\r\nShe.\r\nUlm.",
            lambda text: "_" + text.replace("\r\n", "\n"),
            "CR LF as one character, the byte",
        ),
    ],
)
def test_the_quoted_words_tell_what_the_offsets_count(written, read_all, text: str, count, told: str) -> None:
    lines = []
    for number, word in enumerate(("Ada", "She", "Ulm"), start=1):
        start = len(count(text[: text.index(word)]))
        start += count("a").startswith("_") and not count(text[: text.index(word)]).startswith("_")
        lines.append(f"T{number}\tX {start} {start + 3}\t{word}")
    written("a.txt", text)
    (annotated,), report = read_all(written("a.ann", "\n".join(lines)))
    clean = annotated.document.text
    assert [clean[span.start : span.end] for span in annotated.spans] == ["Ada", "She", "Ulm"]
    assert told in report.problems[0].message


def test_offsets_that_no_way_of_counting_explains_are_refused(written, read_all) -> None:
    written("a.txt", "Ada sat.\r\nShe left.")
    with pytest.raises(InputError, match=r"T1: 2 5 holds 'a s', not 'She' as the file says"):
        read_all(written("a.ann", "T1\tX 2 5\tShe\nT2\tX 0 3\tAda\n"))


def test_a_carriage_return_that_the_file_does_not_quote_is_no_difference(written, read_all) -> None:
    written("a.txt", "To: Ada\r\nFrom: Bo\r\n")
    (annotated,), report = read_all(written("a.ann", "T1\tHEAD 0 8;9 18\tTo: Ada From: Bo\n"))
    assert [(span.start, span.end) for span in annotated.spans] == [(0, 16)]
    assert report.problem_count == 0


def test_an_id_that_stands_twice_loses_no_span(written, read_all) -> None:
    written("a.txt", "Ada and Bo")
    path = written("a.ann", "T1\tPER 0 3\tAda\nT1\tPER 8 10\tBo\n#1\tAnnotatorNotes T1\tsure\n")
    (annotated,), report = read_all(path)
    assert [(span.start, span.note) for span in annotated.spans] == [(0, "sure"), (8, "")]
    assert "a.ann:2: T1 stands twice" in str(report.problems[0])
