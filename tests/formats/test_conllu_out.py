"""CoNLL-U written: words, tags in MISC, where no space follows; other tools' readers agree."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from annotator.errors import UnwritableSpansError
from annotator.formats.exchange import AnnotatedDocument
from annotator.formats.registry import read, write
from annotator.model.decisions import Status
from annotator.model.documents import new_document
from annotator.model.spans import Span
from annotator.model.tokens import stand_in_tokens
from tests.formats.generated import annotated_documents, id_of

TEXT = "Ada's brother met Bo.\nThey left."
DOCUMENT = AnnotatedDocument(
    new_document(TEXT, id="d 1", tokens=stand_in_tokens(TEXT), sentences=(0, 22)),
    (Span(0, 3, "PER"), Span(18, 20, "PER")),
    Status.DONE,
)


def test_a_row_has_its_word_its_tag_and_whether_a_space_follows(tmp_path: Path) -> None:
    write([DOCUMENT], tmp_path / "a.conllu")
    lines = (tmp_path / "a.conllu").read_text(encoding="utf-8").split("\n")
    assert lines[:4] == [
        "# newdoc id = d 1",
        "# sent_id = d 1-1",
        "# text = Ada's brother met Bo.",
        "1\tAda\t_\t_\t_\t_\t_\t_\t_\tNER=B-PER|SpaceAfter=No",
    ]
    assert lines[10:14] == [
        "",
        "# sent_id = d 1-2",
        "# text = They left.",
        "1\tThey\t_\t_\t_\t_\t_\t_\t_\tNER=O",
    ]


def test_it_comes_back(there_and_back) -> None:
    back, report = there_and_back([DOCUMENT], "conllu", ".conllu")
    assert back == [DOCUMENT]
    assert back[0].document.tokens == DOCUMENT.document.tokens
    assert not report.lost


def test_the_reader_of_others_reads_it(tmp_path: Path) -> None:
    conllu = pytest.importorskip("conllu", reason="the extra oracles is not installed")
    write([DOCUMENT], tmp_path / "a.conllu")
    first, second = conllu.parse((tmp_path / "a.conllu").read_text(encoding="utf-8"))
    assert (first.metadata["newdoc id"], first.metadata["text"]) == ("d 1", "Ada's brother met Bo.")
    assert [word["form"] for word in second] == ["They", "left", "."]
    assert first[0]["misc"] == {"NER": "B-PER", "SpaceAfter": "No"}


@pytest.mark.parametrize("label", ["a|b", "O"])
def test_labels_that_misc_cannot_hold_are_refused(tmp_path: Path, label: str) -> None:
    document = AnnotatedDocument(DOCUMENT.document, (Span(0, 3, label),), Status.DONE)
    with pytest.raises(UnwritableSpansError):
        write([document], tmp_path / "a.conllu")


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    deadline=None,
    max_examples=60,
)
@given(st.lists(annotated_documents(flat=True, statuses=(Status.DONE,)), max_size=2, unique_by=id_of))
def test_words_and_spans_come_back(tmp_path: Path, documents: list[AnnotatedDocument]) -> None:
    held = [each for each in documents if each.document.text.split()]
    assume(not any("\ufeff" in each.document.text for each in held))
    write(documents, tmp_path / "a.conllu")
    back = list(read([tmp_path / "a.conllu"]))
    for before, after in zip(held, back, strict=True):
        assert _letters(after.document.text) == _letters(before.document.text)
        assert [span.label for span in after.spans] == [span.label for span in before.spans]
        for one, other in zip(before.spans, after.spans, strict=True):
            words = (before.document.text[one.start : one.end], after.document.text[other.start : other.end])
            assert _letters(words[0]) == _letters(words[1])


def _letters(text: str) -> str:
    return "".join(text.split())
