"""Label Studio's JSON: several annotators, predictions, offsets in UTF-16, and what its own converter makes of ours."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotator.errors import InputError
from annotator.formats.exchange import AnnotatedDocument
from annotator.formats.registry import reader_for, write
from annotator.formats.sources import file_source
from annotator.model.decisions import Status
from annotator.model.documents import new_document
from annotator.model.spans import Span, Suggestion
from tests.formats.generated import annotated_documents, span_facts


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None)
@given(
    st.lists(
        annotated_documents(
            aligned=False, statuses=(Status.DONE, Status.SKIPPED, Status.TODO), suggestions=True
        ),
        max_size=3,
        unique_by=lambda each: each.document.id,
    )
)
def test_sets_and_suggestions_come_back(there_and_back, documents: list[AnnotatedDocument]) -> None:
    back, _ = there_and_back(documents, "label-studio")
    assert [(each.document.id, each.document.text, each.status) for each in back] == [
        (each.document.id, each.document.text, each.status) for each in documents
    ]
    assert [set(span_facts(each)) for each in back] == [set(span_facts(each)) for each in documents]
    assert [{span.note for span in each.spans} for each in back] == [
        {span.note for span in _first_of_each(each)} for each in documents
    ]
    for each, other in zip(back, documents, strict=True):
        assert _scores(each) == _scores(other)


def _first_of_each(annotated: AnnotatedDocument) -> list[Span]:
    found: dict[tuple[int, int, str], Span] = {}
    for span in sorted(annotated.spans, key=lambda each: (each.kb_id, each.note, each.doubt)):
        found.setdefault((span.start, span.end, span.label), span)
    return list(found.values())


def _scores(annotated: AnnotatedDocument) -> list[tuple[int, int, str, str]]:
    return sorted((each.start, each.end, each.label, str(each.score)) for each in annotated.suggestions)


def _region(start: int, end: int, text: str, *labels: str, **more: object) -> dict[str, object]:
    value = {"start": start, "end": end, "text": text, "labels": list(labels)}
    return {"from_name": "label", "to_name": "text", "type": "labels", "value": value, **more}


TASK = {
    "id": 5,
    "data": {"text": "😊 Ana saw\nBo", "source": "web"},
    "annotations": [
        {
            "completed_by": {"email": "ana.b@x.org"},
            "result": [_region(3, 6, "Ana", "PER"), {"type": "relation"}],
        },
        {"completed_by": 2, "result": [_region(7, 13, "saw\\nBo", "PER", "X", meta={"text": ["why?"]})]},
        {"completed_by": 3, "result": [], "was_cancelled": True},
    ],
    "predictions": [
        {"model_version": "m1", "score": 0.4, "result": [_region(11, 13, "Bo", "PER", score=0.9)]}
    ],
}


def test_each_annotation_is_a_set_and_predictions_are_suggestions(written, read_all) -> None:
    path = written("a.json", json.dumps([TASK]))
    assert reader_for(file_source(path)).name == "label-studio"
    found, report = read_all(path, every_set=True)
    assert [(each.annotator, each.status, span_facts(each)) for each in found] == [
        (None, Status.TODO, []),
        ("ana.b", Status.DONE, [(2, 5, "PER", "")]),
        ("user-2", Status.DONE, [(6, 12, "PER", ""), (6, 12, "X", "")]),
        ("user-3", Status.SKIPPED, []),
    ]
    assert found[0].suggestions == (Suggestion(10, 12, "PER", score=0.9, name="m1"),)
    assert found[2].spans[0].note == "why?"
    assert found[0].document.meta == {"source": "web", "_label_studio": [{"type": "relation"}]}
    assert [each.message for each in report.problems] == [
        "regions that are no spans of text, kept as metadata: 1"
    ]


def test_one_set_is_the_first_with_predictions_beside_it(written, read_all) -> None:
    (annotated,), report = read_all(written("a.json", json.dumps([TASK])))
    assert (annotated.annotator, span_facts(annotated)) == ("ana.b", [(2, 5, "PER", "")])
    assert [each.label for each in annotated.suggestions] == ["PER"]
    assert "sets of other annotators, left out: 2" in [each.message for each in report.problems]


def test_json_min_reads(written, read_all) -> None:
    row = {
        "id": 5,
        "text": "Ana",
        "annotator": 1,
        "annotation_id": 3,
        "ner": [{"start": 0, "end": 3, "text": "Ana", "labels": ["PER"]}],
    }
    (annotated,), _ = read_all(written("a.json", json.dumps([row])))
    assert (annotated.annotator, span_facts(annotated)) == ("user-1", [(0, 3, "PER", "")])


@pytest.mark.parametrize(
    ("region", "message"),
    [
        (_region(1, 6, "Ana", "PER"), "region 0: an offset is outside the text or within a character"),
        (_region(3, 60, "Ana", "PER"), "region 0: an offset is outside the text or within a character"),
        (_region(3, 6, "Bob", "PER"), "region 0: [2, 5) holds 'Ana', not 'Bob' as the file says"),
        (_region(3, 6, "Ana", "LOC"), "region 0: unknown label LOC"),
    ],
)
def test_a_broken_region_is_named_or_left_out(
    written, read_all, region: dict[str, object], message: str
) -> None:
    task = {"data": {"text": "😊 Ana"}, "annotations": [{"result": [region]}]}
    path = written("a.json", json.dumps([task]))
    with pytest.raises(InputError) as caught:
        read_all(path, labels={"PER"})
    assert f"a.json: task 1: {message}" in caught.value.message
    (annotated,), report = read_all(path, labels={"PER"}, on_error="skip")
    assert annotated.spans == ()
    assert report.problems[0].message == message


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "not JSON"),
        ('{"data": {}}', "not a list"),
        ('[\n{"data": \n', ":3: not JSON"),
        ('[{"data": {"a": "x", "b": "y"}}]', 'task 1: no "text"'),
    ],
)
def test_what_holds_no_tasks_is_told(written, read_all, content: str, message: str) -> None:
    with pytest.raises(InputError, match=r"a\.json") as caught:
        read_all(written("a.json", content), format="label-studio")
    assert message in caught.value.message


def test_sets_of_one_document_become_one_task(tmp_path: Path) -> None:
    document = new_document("😊 Ana", id="a", meta={"n": 1})
    sets = [
        AnnotatedDocument(document, (Span(2, 5, "PER", note="?"),), Status.DONE, annotator="ana"),
        AnnotatedDocument(document, (), Status.DONE, annotator="bo"),
    ]
    report = write(sets, tmp_path / "o.label-studio.json")
    (task,) = json.loads((tmp_path / "o.label-studio.json").read_text())
    assert task["data"] == {"text": "😊 Ana", "n": 1, "document_id": "a"}
    first, second = task["annotations"]
    assert first["result"][0]["value"] == {"start": 3, "end": 6, "text": "Ana", "labels": ["PER"]}
    assert first["result"][0]["meta"] == {"text": ["?"]}
    assert second["result"] == []
    assert (report.documents, report.spans) == (2, 1)


def _task(data: dict[str, str], *regions: dict[str, object], **annotation: object) -> str:
    return json.dumps([{"id": 1, "data": data, "annotations": [{"result": list(regions), **annotation}]}])


@pytest.mark.parametrize(
    ("text", "quoted"), [("Ana\nSilva", "Ana Silva"), ("Ana  Silva", "Ana Silva"), ("Ana\tSilva", "AnaSilva")]
)
def test_quotes_may_differ_in_white_space_alone(written, read_all, text: str, quoted: str) -> None:
    path = written("a.json", _task({"text": text}, _region(0, len(text), quoted, "PER")))
    ((annotated,), report) = read_all(path)
    assert span_facts(annotated) == [(0, len(text), "PER", "")]
    assert not report.problems
    with pytest.raises(InputError, match="as the file says"):
        read_all(written("b.json", _task({"text": text}, _region(0, len(text), "Eva Silva", "PER"))))


def test_the_text_is_the_field_that_holds_what_is_quoted(written, read_all) -> None:
    data = {"body": "Ana left Porto", "origin": "the web", "link": "https://a.example"}
    ((annotated,), _) = read_all(written("a.json", _task(data, _region(9, 14, "Porto", "LOC"))))
    assert (annotated.document.text, span_facts(annotated)) == (data["body"], [(9, 14, "LOC", "")])
    assert annotated.document.meta == {"origin": "the web", "link": "https://a.example"}


def test_where_no_quote_tells_the_text_an_option_names_it(written, read_all) -> None:
    path = written("a.json", _task({"body": "Ana left", "origin": "the web"}))
    with pytest.raises(InputError, match="several that may be it: body, origin") as caught:
        read_all(path)
    assert "--text-key body" in caught.value.hint
    ((annotated,), _) = read_all(path, text_key="origin")
    assert annotated.document.text == "the web"


def test_a_region_without_a_label_is_told_and_the_document_not_done(written, read_all) -> None:
    path = written("a.json", _task({"text": "Ana left"}, _region(0, 3, "Ana"), _region(4, 8, "left", "X")))
    ((annotated,), report) = read_all(path)
    assert (annotated.status, len(annotated.spans)) == ("started", 1)
    assert report.lost == {"span": 1}


def test_regions_of_html_are_told_and_the_document_not_done(written, read_all) -> None:
    value = {
        "start": "/p[1]/text()[1]",
        "end": "/p[1]/text()[1]",
        "startOffset": 0,
        "endOffset": 3,
        "text": "Ana",
    }
    region = {"type": "hypertextlabels", "value": {**value, "hypertextlabels": ["PER"]}}
    ((annotated,), report) = read_all(written("a.json", _task({"text": "<p>Ana left</p>"}, region)))
    assert (annotated.status, annotated.spans) == ("started", ())
    assert report.lost == {"span": 1}


def test_accounts_of_one_local_name_at_two_hosts_are_two_annotators(written, read_all) -> None:
    first, second = (
        json.loads(_task({"text": "Ana left"}, completed_by={"email": f"kim@{host}"}))[0]
        for host in ("a.example", "b.example")
    )
    path = written(
        "a.json", json.dumps([{**first, "annotations": first["annotations"] + second["annotations"]}])
    )
    found, _ = read_all(path, every_set=True)
    assert [each.annotator for each in found] == ["kim-a.example", "kim-b.example"]


def test_accounts_that_look_alike_in_a_name_are_told_apart(written, read_all) -> None:
    tasks = [
        json.loads(_task({"text": "Ana left"}, completed_by={"email": who}))[0] for who in ("a b@x", "a-b@x")
    ]
    path = written(
        "a.json",
        json.dumps([{**tasks[0], "annotations": [*tasks[0]["annotations"], *tasks[1]["annotations"]]}]),
    )
    found, _ = read_all(path, every_set=True)
    assert len({each.annotator for each in found}) == 2


@pytest.mark.parametrize(
    ("start", "end", "quoted", "place"),
    [(0, 3, "Ana", (0, 3)), (9, 14, "\U0001f600 Po", (9, 13)), (4, 8, "left", (4, 8))],
)
def test_regions_of_html_are_read_where_their_offsets_prove_right(
    written, read_all, start: int, end: int, quoted: str, place: tuple[int, int]
) -> None:
    html = (
        "<html><head><title>x</title></head><p>Ana <b>left</b> \U0001f600 Po</p><script>no()</script></html>"
    )
    value = {"start": "/p[1]", "end": "/p[1]", "startOffset": 7, "endOffset": 9, "text": quoted}
    region = {
        "type": "hypertextlabels",
        "value": {**value, "globalOffsets": {"start": start, "end": end}, "hypertextlabels": ["X"]},
    }
    ((annotated,), report) = read_all(written("a.json", _task({"page": html}, region)))
    assert annotated.document.text == "Ana left \U0001f600 Po"
    assert [(span.start, span.end) for span in annotated.spans] == [place]
    assert (annotated.document.meta["page"], annotated.status, report.problems) == (html, "done", [])


def test_regions_of_a_dialogue_count_from_their_paragraphs(written, read_all) -> None:
    dialogue = [{"author": "a", "text": "Hi Ana."}, {"author": "b", "text": "Bo here."}]
    regions = [
        {"type": "paragraphlabels", "value": {"start": start, "end": end, "startOffset": first, "endOffset": last,
         "text": text, "paragraphlabels": ["PER"]}}
        for start, end, first, last, text in (("0", "0", 3, 6, "Ana"), (1, 1, 0, 2, "Bo"), ("0", "1", 3, 2, "Ana.\\nBo"))
    ]  # fmt: skip
    ((annotated,), _) = read_all(written("a.json", _task({"dialogue": dialogue}, *regions)))
    assert annotated.document.text == "Hi Ana.\nBo here."
    assert {fact[:3] for fact in span_facts(annotated)} == {(3, 10, "PER"), (3, 6, "PER"), (8, 10, "PER")}
    wrong = {
        "start": "0",
        "end": "0",
        "startOffset": 0,
        "endOffset": 2,
        "text": "Bo",
        "paragraphlabels": ["PER"],
    }
    ((annotated,), report) = read_all(
        written(
            "b.json", _task({"dialogue": dialogue}, *regions, {"type": "paragraphlabels", "value": wrong})
        )
    )
    assert (len(annotated.spans), annotated.status, report.lost) == (3, "started", {"span": 1})


def test_answers_about_spans_are_kept_and_written_back_with_the_ids_that_they_name(
    written, read_all, tmp_path: Path
) -> None:
    place = {"start": 0, "end": 3, "text": "Ana"}
    others = [
        {
            "id": "r1",
            "from_name": "sure",
            "to_name": "text",
            "type": "choices",
            "value": {**place, "choices": ["yes"]},
        },
        {
            "id": "r1",
            "from_name": "why",
            "to_name": "text",
            "type": "textarea",
            "value": {**place, "text": ["a note"]},
        },
        {"type": "relation", "from_id": "r1", "to_id": "r2", "direction": "right"},
    ]
    path = written(
        "a.json",
        _task(
            {"text": "Ana left"},
            _region(0, 3, "Ana", "PER", id="r1"),
            _region(4, 8, "left", "X", id="r2"),
            *others,
        ),
    )
    (documents, report) = read_all(path)
    assert (documents[0].status, len(documents[0].spans), report.lost) == ("done", 2, {})
    relabelled = replace(documents[0], spans=(Span(0, 3, "ORG"), *documents[0].spans[1:]))
    write([relabelled], tmp_path / "out.json", format="label-studio")
    ((task,),) = (json.loads((tmp_path / "out.json").read_text()),)
    spans, kept = task["annotations"][0]["result"][:2], task["annotations"][0]["result"][2:]
    assert [region["id"] for region in spans] == ["r1", "r2"]
    assert kept == others
    assert "_label_studio" not in task["data"]


def test_drafts_that_hold_regions_are_told(written, read_all) -> None:
    (task,) = json.loads(_task({"text": "Ana left"}))
    path = written("a.json", json.dumps([{**task, "drafts": [{"result": [_region(0, 3, "Ana", "PER")]}]}]))
    with pytest.raises(InputError, match='"drafts" holds what looks like annotations') as caught:
        read_all(path)
    assert "--span-key" not in caught.value.hint
